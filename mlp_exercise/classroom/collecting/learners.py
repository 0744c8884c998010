"""Whose work a notebook is: told by the folder it lies in, else by what its file is called.

Nothing is read, only names are looked at; `platforms` knows those that platforms make.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from mlp_exercise.classroom.collecting.archives import is_archive
from mlp_exercise.classroom.collecting.platforms import Named, named

ENDINGS = "py|txt|json|html?|pdf|docx?|odt|rtf|zip|7z|rar|tar|tgz|gz|bz2|xz"
"""Of files that are no notebooks, and yet may be what somebody has handed in."""

_ENDING = re.compile(rf"(\.(ipynb|{ENDINGS}))+$", re.IGNORECASE)

_COPY = re.compile(r"([\s_-]*\(\d+\)|[\s_-]+copy ?\d*)+$", re.IGNORECASE)
"""What browsers, Jupyter and file managers put behind a name that is there already."""

_NOBODY = re.compile(
    r"(ex|exercise|part|assignment|attempt|homework|hw|lab|ps|sheet|task|v|version|week)"
    r"[\W_]*\d+([\W_]+\d+)*"
    r"|abgaben|answers?|downloads?|final|notebook|(re)?submissions?|(re)?submitted"
    r"|solutions?|solved|untitled\d*"
    r"|.*-\d{8}T\d{6}Z-(\d+-)?\d{3}",  # an archive that Google Drive has made
    re.IGNORECASE,
)
"""What folders and files are called that is nobody's name."""


LASTING = ("student", "email", "login")
"""Ids that a learner has in each assignment; numbers may be others."""


IsPlatforms = Callable[[Named, Sequence[tuple[str, ...]]], bool]
"""Says whether a name is a platform's, below folders and archives that may be somebody's."""


class Learner(NamedTuple):
    """Whose work a notebook is."""

    name: str  # brings the notebooks of a learner together
    full: str = ""  # tells apart those who share the name; empty where nobody can
    place: str = ""  # the folder where it does, in one exercise; empty: everywhere
    platform: str = ""  # whose names tell it, such as moodle; empty: nobody's
    ids: Mapping[str, str] = {}  # number, login, student, email if known


def learner_of(file: str, path: str, exercises: Sequence[str]) -> Learner:
    """Return whose work a notebook is, as far as its own path tells.

    It is what a platform calls a learner, wherever that stands. Else it is the first folder
    below the path that is not called after an exercise, or final, or the like. Without one, it
    is what the file's name says beside that of an exercise, and if that says no more, the folder
    that the file lies in.
    """
    # As they were typed they may say nothing: "." has no name.
    whole, top = (Path(os.path.abspath(name)) for name in (file, path))  # noqa: PTH100
    if top in whole.parents:
        below = whole.relative_to(top).parts
    else:
        path, below = file, ()
    if name := name_below(path, below, exercises):
        return learner_named(name)
    return unnamed_learner(path, below, exercises)


def unnamed_learner(
    path: str, below: Sequence[str], exercises: Sequence[str]
) -> Learner:
    """Return whose work a notebook below a path is that no platform has named."""
    if by_folder := next(_people(below[:-1], exercises), None):
        return Learner(by_folder)
    whole = Path(os.path.abspath(path)).joinpath(*below)  # noqa: PTH100 - see above
    stem = stem_of(whole.name)
    own = beside_exercise(stem, exercises)
    home = next(_people(whole.parts[-2:0:-1], exercises), whole.parent.name)
    if not own:
        return Learner(home or str(whole))
    # Any name will do for a file, such as mine.ipynb: its folder keeps it apart.
    return Learner(own, "" if exercise_in(stem, exercises) else f"{home}/{own}")


def learner_named(name: Named) -> Learner:
    """Return a learner as a platform names one."""
    number = name.ids.get("number", "")
    lasting = [name.ids[key] for key in LASTING if key in name.ids]
    shown = name.name.replace("_", " ") if name.platform == "ilias" else name.name
    full = place = ""
    if name.platform == "canvas":  # squeezed names are soon the same
        shown = "_".join(filter(None, [shown, number]))
    elif shown and lasting:
        full = f"{shown}_{lasting[0]}"
    elif shown and number and number not in shown:
        full, place = f"{shown}_{number}", str(Path(*name.place))
    shown = shown or next(iter(name.ids.values()))
    return Learner(_normal(shown), _normal(full), place, name.platform, name.ids)


def name_below(
    path: str, below: Sequence[str], exercises: Sequence[str]
) -> Named | None:
    """Return the name that a platform has given to what lies below a path, by that alone."""
    top = Path(os.path.abspath(path)).parts  # noqa: PTH100 - "." has no name
    return name_in((*top, *below), len(top), exercises)


def name_in(
    parts: Sequence[str],
    top: int,
    exercises: Sequence[str],
    is_platforms: IsPlatforms = lambda _name, _people: True,
) -> Named | None:
    """Return the name that a platform has given to a file; so many parts were named to find it.

    The outermost one counts: what is in it has names that the learner chose. Names that others
    use too count where no folder above is somebody's. Where somebody's folder or archive is
    above, what lies beside says whether it is a class's after all.
    """
    people: list[int] = []  # how many parts lead to what may be somebody's
    somebodys = False
    # The path itself says as much as what lies below it.
    for start in range(top - 1, len(parts)) if len(parts) > top else ():
        name = first_real(named(parts, start, certain=somebodys), exercises)
        if name:
            if is_platforms(name, [tuple(parts[:n]) for n in people]):
                return name
            if people:
                return None
        if top <= start < len(parts) - 1 and person(parts[start], exercises):
            if somebodys and is_archive(parts[start]):  # and so is what has been packed
                break
            somebodys |= not is_archive(parts[start])
            people.append(start + 1)
    if somebodys:
        return None
    for certain in (True, False):
        for start in range(top - 1, 0, -1):
            names = named(parts, start, certain=certain)
            if name := first_real((n for n in names if n.sure), exercises):
                return name
    return None


def first_real(names: Iterable[Named], exercises: Sequence[str]) -> Named | None:
    """Return the first that is not called after an exercise, or final, or the like."""
    real = (n for n in names if not n.name or beside_exercise(n.name, exercises))
    return next(real, None)


def packed_by_learner(
    path: str, below: Sequence[str], exercises: Sequence[str]
) -> bool:
    """Return whether an archive is what a learner handed in, not what a platform packed."""
    if name_below(path, below, exercises):
        return True
    return next(_people(below[:-1], exercises), None) is not None


def exercise_in(name: str, exercises: Sequence[str]) -> str | None:
    """Return the exercise that a file's name mentions."""
    return next((e for e in exercises if _mention(e).search(name)), None)


def order_of(file: str) -> list[list[tuple[int, str]]]:
    """Return a key by which copies of a file follow it, and the tenth the ninth."""
    parts = PurePath(file).parts
    pieces = [re.findall(r"([0-9]+)|([^0-9]+)", stem_of(part)) for part in parts]
    return [[(int(number or 0), text) for number, text in each] for each in pieces]


def person(name: str, exercises: Sequence[str]) -> str:
    """Return whose a folder or an archive may be; empty if it is called as nobody is."""
    return beside_exercise(stem_of(name) if is_archive(name) else name, exercises)


def stem_of(file: str) -> str:
    """Return a file's name without its endings."""
    return _ENDING.sub("", file)


def beside_exercise(name: str, exercises: Sequence[str]) -> str:
    """Return what a name says beside an exercise; empty if that is nobody's name."""
    mention = _mention(*exercises)
    if mention.search(name):
        parts = (part.strip(" ._-") for part in mention.split(_COPY.sub("", name)))
        name = "_".join(filter(None, parts))
    return "" if _NOBODY.fullmatch(name) else _normal(name)


def _people(folders: Sequence[str], exercises: Sequence[str]) -> Iterator[str]:
    return filter(None, (person(folder, exercises) for folder in folders))


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
