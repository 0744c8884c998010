"""Whose work a notebook is: told by the folder it lies in, else by what its file is called.

Nothing is read, only names are looked at. Those that Moodle and Canvas make are known.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

_MOODLE = re.compile(r"([^_]+)_(\d+)_assignsubmission_")
"""A name, and a number that is another one in each assignment."""

_CANVAS = re.compile(r"([^\W_]+)(?:_late)?_(\d+)_\d{3,}_", re.IGNORECASE)
"""A name, the number of its learner, and that of the file."""

_COPY = re.compile(r"([\s_-]*\(\d+\)|[\s_-]+copy ?\d*)+$", re.IGNORECASE)
"""What browsers, Jupyter and file managers put behind a name that is there already."""

_NOBODY = re.compile(
    r"(ex|exercise|part|assignment|attempt|homework|hw|ps|sheet|task|v|version|week)"
    r"[\W_]*\d+([\W_]+\d+)*"
    r"|answers?|final|notebook|(re)?submissions?|(re)?submitted|solutions?|solved"
    r"|untitled\d*",
    re.IGNORECASE,
)
"""What folders and files are called that is nobody's name."""


class Learner(NamedTuple):
    """Whose work a notebook is."""

    name: str  # brings the notebooks of a learner together
    full: str = ""  # tells apart those who share the name; empty where nobody can
    place: str = ""  # the folder where it does, in one exercise; empty: everywhere
    platform: str = (
        ""  # whose names tell it, such as moodle; empty: those of folders or files
    )
    ids: Mapping[str, str] = MappingProxyType(
        {}
    )  # number, login, student, email if known


def learner_of(file: str, path: str, exercises: Sequence[str]) -> Learner:
    """Return whose work a notebook is.

    It is what Moodle calls a learner, wherever that stands. Else it is the first folder below
    the path that is not called after an exercise, or final, or the like. Without one, it is
    what the file's name says beside that of an exercise, and if that says no more, the folder
    that the file lies in.
    """
    # As they were typed they may say nothing: "." has no name.
    whole, top = (Path(os.path.abspath(name)) for name in (file, path))  # noqa: PTH100
    for part in (whole, *whole.parents):
        if known := _MOODLE.match(part.name):
            name, number = known.groups()
            full = _normal(f"{name}_{number}")
            place, ids = str(part.parent), {"number": number}
            return Learner(_normal(name), full, place, "moodle", ids)
    folders = whole.relative_to(top).parts[:-1] if top in whole.parents else ()
    if by_folder := next(_people(folders, exercises), None):
        return Learner(by_folder)
    if known := _CANVAS.match(whole.name):
        name, number = known.groups()
        ids = {"number": number}
        return Learner(f"{name}_{number}", platform="canvas", ids=ids)
    stem = whole.stem if whole.suffix.lower() == ".ipynb" else whole.name
    name = _beside_exercise(stem, exercises)
    home = next(_people(whole.parts[-2:0:-1], exercises), whole.parent.name)
    if not name:
        return Learner(home or str(whole))
    # Any name will do for a file, such as mine.ipynb: its folder keeps it apart.
    return Learner(name, "" if exercise_in(stem, exercises) else f"{home}/{name}")


def exercise_in(name: str, exercises: Sequence[str]) -> str | None:
    """Return the exercise that a file's name mentions."""
    return next((e for e in exercises if _mention(e).search(name)), None)


def _people(folders: Sequence[str], exercises: Sequence[str]) -> Iterator[str]:
    names = (_beside_exercise(folder, exercises) for folder in folders)
    return filter(None, names)


def _beside_exercise(name: str, exercises: Sequence[str]) -> str:
    """Return what a name says beside an exercise; empty if that is nobody's name."""
    mention = _mention(*exercises)
    if mention.search(name):
        parts = (part.strip(" ._-") for part in mention.split(_COPY.sub("", name)))
        name = "_".join(filter(None, parts))
    return "" if _NOBODY.fullmatch(name) else _normal(name)


@lru_cache
def _mention(*exercises: str) -> re.Pattern[str]:
    """Match the name of an exercise, or what it says behind its number, such as numpy_gradient."""
    whole = [r"[\s_-]*".join(map(re.escape, name.split("_"))) for name in exercises]
    short = [text.split(r"[\s_-]*", 2)[-1] for text in whole]
    texts = [*whole, *(rf"(?<![^\W_]){text}(?![^\W_])" for text in short)]
    return re.compile("|".join(texts), re.IGNORECASE)


def _normal(name: str) -> str:
    """Write letters with accents in one way: systems differ."""
    return unicodedata.normalize("NFC", name)
