"""Whose work a notebook is: told by the folder it lies in, else by what its file is called.

Nothing is read, only names are looked at. Those that Moodle and Canvas make are known.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
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
    """Whose work a notebook is.

    Attributes
    ----------
    name : str
        What brings the notebooks of a learner together.
    full : str
        What tells apart those who share the name; empty where nobody can.
    place : str
        The folder where it does, among notebooks of one exercise; empty if it does everywhere.
    """

    name: str
    full: str = ""
    place: str = ""


def learner_of(file: str, path: str, exercises: Iterable[str]) -> Learner:
    """Tell whose work a notebook is.

    It is the first folder below the path that is not called after an exercise, or final, or
    the like. Without one, it is what the file's name says beside that of an exercise, and if
    that says no more, the folder that the file lies in. What Moodle calls a learner counts
    wherever it stands.
    """
    names = tuple(exercises)
    # As they were typed they may say nothing: "." has no name.
    whole, top = (Path(os.path.abspath(name)) for name in (file, path))  # noqa: PTH100
    folders = whole.relative_to(top).parts[:-1] if top in whole.parents else ()
    people = filter(None, (_beside_exercise(folder, names) for folder in folders))
    by_folder = next((Learner(name) for name in people), None)
    return _by_moodle(whole) or by_folder or _by_file(whole, names)


def exercise_in(name: str, exercises: Iterable[str]) -> str | None:
    """Find the exercise that a file's name tells."""
    return next((e for e in exercises if _mention((e,)).search(name)), None)


def _by_moodle(whole: Path) -> Learner | None:
    for part in (whole, *whole.parents):
        if known := _MOODLE.match(part.name):
            name, number = known.groups()
            return Learner(_normal(name), f"{_normal(name)}_{number}", str(part.parent))
    return None


def _by_file(whole: Path, exercises: tuple[str, ...]) -> Learner:
    if known := _CANVAS.match(whole.name):
        return Learner("_".join(known.groups()))
    stem = whole.stem if whole.suffix.lower() == ".ipynb" else whole.name
    name = _beside_exercise(stem, exercises)
    above = (_beside_exercise(part, exercises) for part in reversed(whole.parts[1:-1]))
    home = next(filter(None, above), whole.parent.name)
    if not name:
        return Learner(home or str(whole))
    if exercise_in(stem, exercises):
        return Learner(name)
    # Any name will do for a file, such as mine.ipynb: its folder keeps it apart.
    return Learner(name, f"{home}/{name}")


def _beside_exercise(name: str, exercises: tuple[str, ...]) -> str:
    """Give what a name says beside an exercise; empty if that is nobody's name."""
    mention = _mention(exercises)
    if mention.search(name):
        parts = (part.strip(" ._-") for part in mention.split(_COPY.sub("", name)))
        name = "_".join(filter(None, parts))
    return "" if _NOBODY.fullmatch(name) else _normal(name)


@lru_cache
def _mention(exercises: tuple[str, ...]) -> re.Pattern[str]:
    """Match the name of an exercise, or what it says behind its number, such as numpy_gradient."""
    short = (re.sub(r"^ex\d+_\d+_", "", name) for name in exercises)
    texts = [
        *map(_words, exercises),
        *(rf"(?<![^\W_]){_words(s)}(?![^\W_])" for s in short),
    ]
    return re.compile("|".join(texts), re.IGNORECASE)


def _words(name: str) -> str:
    return r"[\s_-]*".join(map(re.escape, name.split("_")))


def _normal(name: str) -> str:
    """Write letters with accents in one way: systems differ."""
    return unicodedata.normalize("NFC", name)
