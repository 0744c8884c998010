"""A class list: every learner gets a seed that stays, and a folder that every system can hold."""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple

INDEX = "variants.csv"
"""File beside the learners' folders that tells who has which seed."""

SEEDS = 10**9
"""Seeds of a class have up to nine digits: few enough to type, enough for a large class."""

_LONGEST = 40
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = {"CON", "PRN", "AUX", "NUL"} | {
    f"{p}{i}" for p in ("COM", "LPT") for i in range(10)
}


class ClassListError(ValueError):
    """A class list that cannot be used; the message says why."""


class Learner(NamedTuple):
    """What one learner gets.

    Attributes
    ----------
    name : str
        As the list has it.
    seed : int
        The seed of the learner's variant.
    folder : str
        Name of the learner's folder.
    """

    name: str
    seed: int
    folder: str


def read_names(content: bytes) -> list[str]:
    """Read the names in a CSV file.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without a mark at its beginning; commas or semicolons between columns.
        One column, or a first line in which one column is called name.

    Returns
    -------
    list of str
        In the order of the list.

    Raises
    ------
    ClassListError
        If it is no such list, or holds no name.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ClassListError(
            f"the class list is no UTF-8 text (byte {error.start}); save it as CSV, UTF-8"
        ) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise ClassListError(
            f"the class list is broken in line {reader.line_num}: {error}"
        ) from error
    names = _names(rows)
    if not names:
        raise ClassListError("the class list holds no name")
    return names


def assign(names: Iterable[str], salt: str = "", seeds: int = SEEDS) -> list[Learner]:
    """Give every learner a seed and a folder.

    A seed follows from name and salt, so that it stays when others join or leave.

    Parameters
    ----------
    names : iterable of str
        The learners.
    salt : str, optional
        Another salt gives everybody other numbers, next year for instance.
    seeds : int, optional
        How many seeds there are.

    Returns
    -------
    list of Learner
        In the order given, no two with the same seed or folder.

    Raises
    ------
    ClassListError
        If two names are the same, or differ in capitals only.
    """
    names = list(names)
    _refuse_twins(names)
    if len(names) > seeds:
        raise ClassListError(f"{len(names)} names are too many for {seeds} seeds")
    taken: dict[int, str] = {}
    for name in sorted(names):  # so that the list's order does not matter
        candidates = (_digest(f"{salt}\0{name}\0{i}") % seeds for i in count())
        taken[next(seed for seed in candidates if seed not in taken)] = name
    of = {name: seed for seed, name in taken.items()}
    return [Learner(name, of[name], folder_of(name)) for name in names]


def folder_of(name: str) -> str:
    """Make a folder's name of a learner's name.

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    str
        The name itself where Linux, macOS and Windows can hold it; otherwise what is left
        of it, and six digits that keep it apart from others.
    """
    safe = _FORBIDDEN.sub("_", name)
    safe = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in safe)
    safe = re.sub(r"^\.+", "_", safe)[:_LONGEST].rstrip(". ")
    if safe.partition(".")[0].upper() in _RESERVED or safe.lower() == INDEX:
        safe = f"_{safe}"
    return safe if safe == name else f"{safe}-{_digest(name) % 16**6:06x}"


def index_of(learners: Sequence[Learner], file_name: str) -> str:
    """Write who has which seed.

    Parameters
    ----------
    learners : sequence of Learner
        What `assign` returned.
    file_name : str
        What each learner's notebook is called.

    Returns
    -------
    str
        CSV with the columns name, seed and file.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "seed", "file"))
    for name, seed, folder in learners:
        writer.writerow((name, seed, f"{folder}/{file_name}"))
    return text.getvalue()


def _names(rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    if not rows:
        return []
    header = [cell.strip().lower() for cell in rows[0][1]]
    if "name" in header:
        rows, column = rows[1:], header.index("name")
    elif len(header) == 1:
        column = 0
    else:
        raise ClassListError(
            f"the class list has {len(header)} columns, and none is called name; "
            "one column needs no title, and a name that holds a comma needs quotes"
        )
    names = []
    for line, row in rows:
        if len(row) != len(header):
            raise ClassListError(
                f"line {line} of the class list has {len(row)} columns, "
                f"expected {len(header)}; a name that holds a comma needs quotes"
            )
        name = " ".join(unicodedata.normalize("NFC", row[column]).split())
        if not name:
            raise ClassListError(f"line {line} of the class list has no name")
        names.append(name)
    return names


def _refuse_twins(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        key = folder_of(name).casefold()  # some systems take ann and Ann for the same
        if key in seen:
            raise ClassListError(
                f"{seen[key]!r} and {name!r} are the same name; tell them apart, "
                "with a number for instance"
            )
        seen[key] = name


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
