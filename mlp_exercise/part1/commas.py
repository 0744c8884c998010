"""Decimal commas in the code of an answer, where the shape leaves no doubt about them.

To Python, ``z = [0,29, 0,41]`` is a list of four whole numbers, and ``0,05`` is no Python. Once
the code has run, the zero of ``0,05`` and the sign of ``−0,29`` are lost, so commas are read in
the code itself: where a row has too many elements, and with decimal commas just as many as are
asked for. `python.js` reads them in the same way.
"""

import re
from collections.abc import Iterator

from mlp_exercise.part1.boxes import Shape
from mlp_exercise.part1.steps import SHAPES
from mlp_exercise.signs import read_cells_with, with_ascii_signs
from mlp_exercise.typed import number_of

COMMA_READ = (
    "In Python, a decimal comma makes two numbers of one: I have read it as a point."
)
"""Said of an answer whose commas have been read."""

written_with_commas: set[str] = set()
"""The answers of this notebook that stand there with decimal commas just now."""

_SUSPECT = re.compile(r"(?<![.0-9])[0-9]+\s*,\s*[0-9]+(?![.0-9])")
_WIDE_SUSPECT = re.compile(r"[0-9０-９]\s*[,，]\s*[0-9０-９]")
_ASSIGNED = re.compile(rf"^(?P<name>{'|'.join(SHAPES)})[ \t]*=(?!=)", re.MULTILINE)
_MARK = re.compile(r"\#[^\n]*|[][()\n;]")
_NUMBERS = re.compile(r"(?:[-+*/()\[\], \t\n0-9.eE]|None)*")
_ROW = re.compile(r"(\[)([^\[\]]*)(\])")
_ALL = re.compile(r"^(\s*)(.*)()$", re.DOTALL)
_BRACKETED = re.compile(r"^(\s*\()(.*)(\)\s*)$", re.DOTALL)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]),(?=[0-9])")
_WHOLE, _FRACTION = re.compile(r"[-+]?[ \t]*[0-9]+"), re.compile(r"[0-9]+")


def with_points(source: str) -> tuple[str, frozenset[str]]:
    """Return code with points in place of decimal commas, and the answers that had some."""
    suspect = _SUSPECT if source.isascii() else _WIDE_SUSPECT
    if not suspect.search(source):
        return source, frozenset()
    code = source if source.isascii() else with_ascii_signs(source)
    parts, end, names = [], 0, set()
    while assigned := _ASSIGNED.search(code, end):
        value = _statement(code, assigned.end())
        mended = _mended(value, SHAPES[assigned["name"]])
        parts += [code[end : assigned.end()], mended]
        end = assigned.end() + len(value)
        if mended != value:
            names.add(assigned["name"])
    return ("".join([*parts, code[end:]]) if names else source), frozenset(names)


def _statement(code: str, start: int) -> str:
    """Return the rest of a statement: up to the end of the line where no bracket is open."""
    depth = 0
    for mark in _MARK.finditer(code, start):
        if mark[0] in ("[", "("):
            depth += 1
        elif mark[0] in ("]", ")"):
            depth -= 1
        elif depth <= 0:
            return code[start : mark.start()]
    return code[start:]


def _mended(value: str, shape: Shape) -> str:
    plain = re.sub(r"\#[^\n]*", "", value)
    if not _NUMBERS.fullmatch(plain):
        return value
    width = shape[-1] if shape else 1
    rows = _ROW if "[" in plain else _ALL if plain != _row(plain, width) else _BRACKETED
    mended = rows.sub(lambda row: f"{row[1]}{_row(row[2], width)}{row[3]}", plain)
    return value if mended == plain else mended


def _row(text: str, width: int) -> str:
    """Return a row with points, if that makes it as wide as is asked for in one way only."""
    pieces = _pieces(text)
    if len(pieces) == width:
        return text
    # Where no blank stands beside a comma but others have one, these are what separates.
    tight = _pieces(_BETWEEN_DIGITS.sub(".", text))
    ways = list(_ways(pieces, width))
    if len(tight) == width and all(number_of(piece) is not None for piece in tight):
        ways = [tight]
    end = "," * text.rstrip().endswith(",")  # it makes a tuple of one
    return ", ".join(ways[0]) + end if len(ways) == 1 else text


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip() for piece in text.split(",")]
    return pieces[:-1] if not pieces[-1] else pieces


def _ways(pieces: list[str], width: int) -> Iterator[list[str]]:
    """Yield every way to make so many numbers of some pieces, two of which may be one number."""
    if not pieces and not width:
        yield []
    if not width or len(pieces) > 2 * width:
        return
    if pieces and number_of(pieces[0]) is not None:
        yield from ([pieces[0], *rest] for rest in _ways(pieces[1:], width - 1))
    if (
        len(pieces) > 1
        and _WHOLE.fullmatch(pieces[0])
        and _FRACTION.fullmatch(pieces[1])
    ):
        number = f"{pieces[0]}.{pieces[1]}"
        yield from ([number, *rest] for rest in _ways(pieces[2:], width - 1))


def read_decimal_commas() -> None:
    """Have IPython, if it runs this, read decimal commas in the cells of answers."""
    read_cells_with(_transform)


def _transform(lines: list[str]) -> list[str]:
    mended, names = with_points("".join(lines))
    assigned = {found["name"] for found in _ASSIGNED.finditer(mended)}
    written_with_commas.difference_update(assigned - names)
    written_with_commas.update(names)
    return mended.splitlines(keepends=True) if names else lines
