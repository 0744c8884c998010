"""A CSV file as it stands, byte for byte: some cells can be written, nothing else changes.

Python's reader of CSV does not tell where a cell stood, so that a file that it writes again
has other quotes and line ends. This one finds the same cells, and keeps their places.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.handout.class_list import delimiter_of

LARGEST = 64 * 2**20
"""Bytes of a file that is read; a course of 10,000 has a few millions."""

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

_DECLARED = re.compile(r"sep=([,;\t])(?:\r\n?|\n)", re.IGNORECASE)
"""A first line that is for Excel, and no row."""


class SheetError(ValueError):
    """What came cannot be filled, and nothing of it was written."""


class CsvFile(NamedTuple):
    """A file of rows, and what is needed to write it as it was."""

    rows: list[list[str]]  # a line without anything is a row without cells
    starts: list[int]  # where each row begins
    text: str
    delimiter: str
    encoding: str
    bom: bytes = b""


def content_of(file: Path) -> bytes:
    """Read a file, no further than needed."""
    if file.exists() and not file.is_file():
        raise SheetError("no file came, expected a sheet (CSV)")
    with file.open("rb") as stream:
        return stream.read(LARGEST + 1)


def read(content: bytes) -> CsvFile:
    """Read a file; raise `SheetError` where its cells cannot be told for certain."""
    if len(content) > LARGEST:
        raise SheetError(f"it is larger than {LARGEST:,} bytes")
    if content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        raise SheetError("an Excel workbook came; save it as CSV")
    bom = next((bom for bom in _BOMS if content.startswith(bom)), b"")
    text, encoding = _decoded(content[len(bom) :], _BOMS.get(bom))
    declared = _DECLARED.match(text)
    start = declared.end() if declared else 0
    delimiter = declared[1] if declared else delimiter_of(text)
    return CsvFile(*parsed(text, delimiter, start), text, delimiter, encoding, bom)


def written(sheet: CsvFile, values: Mapping[tuple[int, int], str]) -> bytes:
    """Return the file with other text in some cells, which are named by row and column."""
    parts: list[str] = []
    done = 0
    for (row, column), value in sorted(values.items()):
        start, end = _span(sheet, row, column)
        quoted = sheet.text[start : start + 1] == '"' or sheet.delimiter in value
        parts += sheet.text[done:start], f'"{value}"' if quoted else value
        done = end
    return sheet.bom + "".join([*parts, sheet.text[done:]]).encode(sheet.encoding)


def parsed(
    text: str, delimiter: str, start: int = 0
) -> tuple[list[list[str]], list[int]]:
    """Return the rows that Python's strict reader finds, and where each begins."""
    rows: list[list[str]] = []
    starts: list[int] = []
    line, cell = _LINE.match, _cell(delimiter).match
    at, size = start, len(text)
    while at < size:
        starts.append(at)
        whole = line(text, at)
        if whole and '"' not in whole[1]:
            rows.append(whole[1].split(delimiter) if whole[1] else [])
            at = whole.end()
            continue
        row: list[str] = []
        end = delimiter
        while end == delimiter:
            found = cell(text, at)
            if not found:
                number = len(re.findall(r"\r\n?|\n", text[:at])) + 1
                raise SheetError(f"a quote in line {number} is broken")
            inside, plain, end = found.groups()
            row.append(inside.replace('""', '"') if plain is None else plain)
            at = found.end()
        rows.append(row)
    return rows, starts


def _span(sheet: CsvFile, row: int, column: int) -> tuple[int, int]:
    """Return where a cell begins and ends, with its quotes."""
    at, cell = sheet.starts[row], _cell(sheet.delimiter).match
    for _ in range(column):
        at = found.end() if (found := cell(sheet.text, at)) else at
    found = cell(sheet.text, at)
    return at, found.start(3) if found else at


_LINE = re.compile(r"([^\r\n]*+)(?:\r\n?|\n|\Z)")
"""A line, and what ends it."""


@lru_cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """Match a cell and what ends it; a quote opens a cell or is text within one."""
    quoted, plain = r'"((?:[^"]++|"")*+)"', rf'((?!")[^{delimiter}\r\n]*+)'
    return re.compile(rf"(?:{quoted}|{plain})({delimiter}|\r\n?|\n|\Z)")


def _decoded(content: bytes, encoding: str | None) -> tuple[str, str]:
    """Decode a file, so that encoding it gives the same bytes."""
    if encoding is None and b"\0" in content[:4]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    # In the last of them, every byte is some letter.
    candidates = [encoding] if encoding else ["utf-8", "cp1252", "latin-1"]
    for candidate in candidates:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, candidate
    raise SheetError("its bytes are no text; save it as CSV, UTF-8")


def number(text: str) -> float | None:
    """Return the number that a cell holds, with a point or a comma; None for anything else."""
    text = text.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Return whether cells write numbers with a comma rather than with a point."""
    marks = Counter(
        text[-3:].strip("0123456789")
        for text in map(str.strip, texts)
        if _DECIMAL.fullmatch(text)
    )
    return marks[","] > marks["."]


_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")

_DECIMAL = re.compile(r"[0-9]{1,3}[.,][0-9]{1,2}")
"""A number of points; three digits behind a comma may be thousands."""
