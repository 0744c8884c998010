"""A class list: every learner gets a seed that stays, and a folder that every system can hold."""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import count

INDEX = "variants.csv"
"""File beside the learners' folders that says who has which seed."""

HEAD = "name,seed,file\n"
"""Its first line."""

SEEDS = 10**9
"""Seeds of a class have up to nine digits: few enough to type, enough for a large class."""

DELIMITERS = (",", ";", "\t")
"""What parts the cells of a CSV file."""

_LONGEST = 40  # letters of a folder's name
_SEED = re.compile(r"[0-9]{1,30}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|(COM|LPT)[0-9])(\..*)?|variants\.csv", re.I)


def read_names(content: bytes) -> list[str]:
    """Return the names of a CSV file: those of its only column, or of the one called name."""
    return [name for name, _ in read_class(content)]


def read_class(content: bytes) -> list[tuple[str, int | None]]:
    """Return names, and seeds where a column has them, as in the index of what was handed out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"the class list is no UTF-8 text (byte {error.start}); save it as CSV, UTF-8"
        ) from error
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter_of(text), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise ValueError(
            f"the class list is broken in line {reader.line_num}: {error}"
        ) from error
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else [""]
    if "name" in header:
        rows = rows[1:]
    elif len(header) > 1:
        raise ValueError(
            f"the class list has {len(header)} columns, and none is called name; "
            "one column needs no title, and a name that holds a comma needs quotes"
        )
    if not rows:
        raise ValueError("the class list holds no name")
    column = header.index("name") if "name" in header else 0
    seeds = header.index("seed") if "seed" in header else None
    found: list[tuple[str, int | None]] = []
    for line, row in rows:
        if len(row) != len(header):
            raise ValueError(
                f"line {line} of the class list has {len(row)} columns, "
                f"expected {len(header)}; a name that holds a comma needs quotes"
            )
        name = " ".join(unicodedata.normalize("NFC", row[column]).split())
        if not name:
            raise ValueError(f"line {line} of the class list has no name")
        seed = "" if seeds is None else row[seeds].strip()
        found.append((name, int(seed) if _SEED.fullmatch(seed) else None))
    return found


def delimiter_of(text: str) -> str:
    """Return what parts the cells of the first line that is not empty."""
    lines = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", text[: 2**16]))
    return max(DELIMITERS, key=next(filter(str.strip, lines), "").count)


def assign(names: Sequence[str], salt: str = "", seeds: int = SEEDS) -> dict[str, int]:
    """Return the seed of every learner, in the order given, no two the same.

    A seed follows from name and salt, so that it stays when others join or leave.
    """
    seen: dict[str, str] = {}
    for name in names:
        key = folder_of(name).casefold()  # some systems cannot tell ann from Ann
        if key in seen:
            raise ValueError(
                f"{seen[key]!r} and {name!r} are the same name; tell them apart, "
                "with a number for instance"
            )
        seen[key] = name
    if len(names) > seeds:
        raise ValueError(f"{len(names)} names are too many for {seeds} seeds")
    taken: dict[int, str] = {}
    for name in sorted(names):  # so that the list's order does not matter
        candidates = (_digest(f"{salt}\0{name}\0{i}") % seeds for i in count())
        taken[next(seed for seed in candidates if seed not in taken)] = name
    seed_of = {name: seed for seed, name in taken.items()}
    return {name: seed_of[name] for name in names}


def folder_of(name: str, longest: int = _LONGEST) -> str:
    """Return the name itself where Linux, macOS and Windows can hold it.

    Otherwise return what is left of it, and six digits that keep it apart from others.
    """
    safe = _FORBIDDEN.sub("_", name)
    safe = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in safe)
    safe = re.sub(r"^\.+", "_", safe)[:longest].rstrip(". ")
    safe = f"_{safe}" if _RESERVED.fullmatch(safe) else safe
    return safe if safe == name else f"{safe}-{_digest(name) % 16**6:06x}"


def index_of(seeds: Mapping[str, int], file_name: str) -> str:
    """Return the CSV that says who has which seed, and where their notebook is."""
    text = io.StringIO()
    rows = ((name, s, f"{folder_of(name)}/{file_name}") for name, s in seeds.items())
    csv.writer(text, lineterminator="\n").writerows(rows)
    return HEAD + text.getvalue()


def _digest(text: str) -> int:
    return int.from_bytes(
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big"
    )
