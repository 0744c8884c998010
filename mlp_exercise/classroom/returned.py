"""Where feedback goes: the folders and names by which each platform takes it back.

- Moodle takes a file in the folder that it made for a learner, or with that folder's name
  before its own.
- Canvas shows what comes back under the name of the file that was handed in, so that only the
  notebook itself can go back, under the name that it was downloaded with.
- ILIAS takes files in a folder for each learner, below one called ``multi_feedback``.
- nbgrader has a page for each notebook, in a tree of its own.
- Elsewhere each learner has a folder.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Literal, NamedTuple

from mlp_exercise.classroom.batch import Result
from mlp_exercise.classroom.standing import Standing, grouped
from mlp_exercise.handout.class_list import folder_of

PAGE = "feedback.html"
"""The page about what was handed in."""

_MOODLE = re.compile(
    r"(?P<who>[^_/]+_\d+)_assign(?:submission|feedback)_(?P<plugin>[a-z]+)(?P<rest>_.*)?",
    re.DOTALL,
)
"""A learner, with a number; what follows is the learner's own file in a flat folder."""

_CANVAS = re.compile(
    r"(?:(?!LATE_|anon_)(?P<name>.+?)_)?(?:LATE_)?(?P<id>\d+|anon_[0-9A-Za-z]+)_\d{3,}_.+",
    re.DOTALL,
)
"""A learner, the learner's number, the number of the file, and its name."""

_ILIAS = re.compile(r"[A-Z][^\d_/]*(?:_[^\d_/]+)*?_[A-Z][^\d_/]*_[^_/]+_\d{2,}")
"""Last name, first name, login, and the number of a learner."""

_NBGRADER = ("submitted", "autograded")
"""What nbgrader calls folders with a folder for each learner, and in it one for each task."""

_LONGEST = 120  # letters of a folder's name that a platform has made
_MOST_BYTES = 200  # of a name that is kept: systems hold 255

Platform = Literal["Moodle", "Canvas", "ILIAS", "nbgrader", ""]


class Delivery(NamedTuple):
    """What one learner handed in at one place, and where the feedback on it goes."""

    standing: Standing  # of the learner
    results: tuple[Result, ...]
    platform: Platform
    page: PurePath  # the page's file, below the folder for all
    notebooks: PurePath  # the folder of annotated notebooks
    before: str = ""  # what stands before the name of each of them

    def notebook(self, result: Result) -> PurePath:
        """Return the file for an annotated notebook; the learner's own name only on Canvas."""
        name = PurePath(result.file).name
        if self.platform != "Canvas":
            name = f"{self.before}{result.exercise}_feedback.ipynb"
        return self.notebooks / name


class _Place(NamedTuple):
    """Where something was handed in."""

    platform: Platform
    assignment: str = ""  # the folder or archive of everybody's
    who: str = ""  # the learner there, or the notebook where each has a page
    folder: str = ""  # as it was downloaded
    is_flat: bool = False


def deliveries(classroom: Iterable[Standing]) -> Iterator[Delivery]:
    """Yield what goes back, learner by learner; no two share a file."""
    names = _Names()
    for one in classroom:
        for place, results in grouped(one.results, _place).items():
            yield _delivery(one, place, tuple(results), names)


def _place(result: Result) -> _Place:
    """Return where a file was handed in, by the names on its path."""
    *folders, name = Path(os.path.abspath(result.file)).parts  # noqa: PTH100 - through archives
    for depth, part in reversed(list(enumerate((*folders, name)))):
        known = _MOODLE.fullmatch(part)
        if not known:
            continue
        is_flat = part == name and (known["rest"] or "_") != "_"
        where = str(Path(*folders[:depth]))
        return _Place("Moodle", where, known["who"], is_flat=is_flat)
    for depth, part in enumerate(folders):
        if part in _NBGRADER and len(folders) > depth + 2:
            tree = str(Path(*folders[: depth + 1]))
            return _Place("nbgrader", tree, "/".join([*folders[depth + 1 :], name]))
    for depth, part in reversed(list(enumerate(folders))):
        if _ILIAS.fullmatch(part):
            return _Place("ILIAS", str(Path(*folders[:depth])), part)
    if known := _CANVAS.fullmatch(name):
        return _Place("Canvas", str(Path(*folders)), known["id"])
    return _Place("")


def _delivery(
    one: Standing, place: _Place, results: tuple[Result, ...], names: "_Names"
) -> Delivery:
    about = (one, results, place.platform)
    top = PurePath()
    if place.platform == "":
        folder = names.of(top, one.name, folder_of(one.name))
        return Delivery(*about, folder / PAGE, folder)
    if place.platform == "nbgrader":
        *inside, file = (_kept(part) for part in place.who.split("/"))
        folder = PurePath("feedback", *inside)
        page = names.of(folder, place, f"{PurePath(file).stem}.html")
        return Delivery(*about, page, folder)
    task = Path(place.assignment).name.removesuffix(".zip") or "assignment"
    if place.platform == "Canvas":
        folder = names.of(top, place.assignment, _kept(task))
        pages = names.of(top, ("pages", place.assignment), f"{_kept(task)}-pages")
        own = names.of(pages, (place.who, one.name), folder_of(one.name))
        return Delivery(*about, own / PAGE, folder)
    if place.platform == "ILIAS":
        wanted = task.replace(" ", "_")
        wanted = (
            wanted
            if wanted.startswith("multi_feedback")
            else f"multi_feedback_{wanted}"
        )
        folder = names.of(top, place.assignment, _kept(wanted))
        own = names.of(folder, (place.who, one.name), _kept(place.who))
        return Delivery(*about, own / PAGE, own)
    folder = names.of(top, place.assignment, _kept(task))
    if place.is_flat:
        before = f"{_kept(place.who)}_assignsubmission_file_"
        page = names.of(folder, (before, one.name), f"{before}{PAGE}")
        return Delivery(*about, page, folder, before)
    downloaded = _moodle_folder(results, place.who)
    own = names.of(folder, (downloaded, one.name), _kept(downloaded))
    return Delivery(*about, own / PAGE, own)


def _moodle_folder(results: Iterable[Result], who: str) -> str:
    """Return the folder of a learner's files as it was downloaded."""
    parts = (part for result in results for part in PurePath(result.file).parts)
    known = [k for part in parts if (k := _MOODLE.fullmatch(part)) and k["who"] == who]
    files = [k[0] for k in known if k["plugin"] == "file" and (k["rest"] or "_") == "_"]
    return files[0] if files else f"{who}_assignsubmission_file"


def _kept(name: str) -> str:
    """Return a name as it was, where every system can hold it."""
    safe = folder_of(name, _LONGEST)
    return safe if len(safe.encode()) <= _MOST_BYTES else folder_of(name)


class _Names:
    """Files and folders that are spoken for."""

    def __init__(self) -> None:
        self._given: dict[tuple[PurePath, object], PurePath] = {}
        self._taken: set[tuple[str, ...]] = set()

    def of(self, folder: PurePath, key: object, wanted: str) -> PurePath:
        """Return a path that is the key's alone, where upper and lower case are the same too."""
        if (folder, key) not in self._given:
            stem, dot, ending = wanted.partition(".html")
            number, name = 1, wanted
            while _same(folder / name) in self._taken:
                number += 1
                name = f"{stem}-{number}{dot}{ending}"
            self._taken.add(_same(folder / name))
            self._given[folder, key] = folder / name
        return self._given[folder, key]


def _same(path: PurePath) -> tuple[str, ...]:
    """Return what two paths have in common that some systems cannot tell apart."""
    return tuple(unicodedata.normalize("NFC", p.casefold()) for p in path.parts)
