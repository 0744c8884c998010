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
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Literal, NamedTuple

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.collecting.learners import learner_named, name_below
from mlp_exercise.classroom.files import FEEDBACK_NOTE
from mlp_exercise.classroom.standing import (
    EXERCISE_NAMES,
    Standing,
    exercise_of,
    grouped,
    whose,
)
from mlp_exercise.handout.class_list import folder_of

PAGE = "feedback.html"
"""The page about what was handed in."""

_MOODLE = re.compile(
    r"(?P<who>.+?)_assignsubmission_(?P<plugin>[a-z]+)(?P<rest>_.*)?", re.DOTALL
)
"""A learner, and a kind of work; what follows is the learner's own file in a flat folder."""

_CANVAS = re.compile(r".*?_\d+_\d{3,}_(?P<rest>.+)", re.DOTALL)
"""What Canvas puts before the name of the learner's own file."""

_LONGEST = 180  # letters of a folder's name that a platform has made
_MOST_BYTES = 240  # of a name that is kept: systems hold 255
_MOST_BEFORE = 185  # of a name to which the longest ending is added

Platform = Literal["Moodle", "Canvas", "ILIAS", "nbgrader", ""]

PLATFORMS: Mapping[str, Platform] = {
    "moodle": "Moodle",
    "canvas": "Canvas",
    "ilias": "ILIAS",
    "nbgrader": "nbgrader",
}
"""Those that take feedback back in a tree of their own."""


class Delivery(NamedTuple):
    """What one learner handed in at one place, and where the feedback on it goes."""

    standing: Standing  # of the learner
    results: tuple[Result, ...]
    platform: Platform
    page: PurePath  # the page's file, below the folder for all
    notebooks: PurePath  # the folder of annotated notebooks
    before: str = ""  # what stands before the name of each of them
    lacks: tuple[
        str, ...
    ] = ()  # exercises that others have handed in there, this learner nowhere

    def own_name(self, result: Result) -> str:
        """Return what a file was called when the learner handed it in."""
        name = PurePath(result.file).name
        known = {"Moodle": _MOODLE, "Canvas": _CANVAS}.get(self.platform)
        found = known.fullmatch(name) if known else None
        return (found["rest"] or "").lstrip("_") or name if found else name

    def notebook(self, result: Result) -> PurePath:
        """Return the file for an annotated notebook; the learner's own name only on Canvas."""
        name = _kept(PurePath(result.file).name)
        if self.platform != "Canvas":
            name = f"{self.before}{result.exercise}_feedback.ipynb"
        return self.notebooks / name


class _Place(NamedTuple):
    """Where something was handed in."""

    platform: Platform
    assignment: str = ""  # the folder or archive of everybody's
    who: str = ""  # the learner there, or the notebook where each has a page
    is_flat: bool = False

    @property
    def task(self) -> "_Place":
        """Return what is the same for everybody; on nbgrader, each notebook has its own page."""
        who = self.who if self.platform == "nbgrader" else ""
        return _Place(self.platform, self.assignment, who)


def deliveries(classroom: Iterable[Standing]) -> Iterator[Delivery]:
    """Yield what goes back, learner by learner; no two share a file."""
    names, everyone = _Names(), list(classroom)
    whole = [
        (one, place, tuple(results))
        for one in everyone
        for place, results in grouped(one.results, _place).items()
    ]
    asked: dict[_Place, set[str | None]] = {}
    for _, place, results in whole:
        asked.setdefault(place.task, set()).update(map(exercise_of, results))
    for one, place, results in whole:
        missed = asked[place.task] - {exercise_of(result) for result in one.results}
        lacks = tuple(name for name in EXERCISE_NAMES if name in missed)
        yield _delivery(one, place, results, names)._replace(lacks=lacks)


def _place(result: Result) -> _Place:
    """Return where a file was handed in, by the names on its path."""
    path = result.path or result.file
    whole, top = (Path(os.path.abspath(p)) for p in (result.file, path))  # noqa: PTH100 - an archive is a folder here
    below = whole.relative_to(top).parts if top in whole.parents else ()
    name = name_below(path, below, EXERCISE_NAMES)
    if name and learner_named(name) != whose(result):  # a learner made it up
        name = None
    platform = PLATFORMS.get(name.platform) if name else None
    if not name or not platform or (platform == "Canvas" and not name.flat):
        return _Place("")
    own, *inside = whole.parts[len(name.place) :]
    where = str(Path(*name.place))
    if platform == "Canvas":
        return _Place(platform, where, name.ids["number"])
    if platform == "nbgrader":
        return _Place(platform, where, "/".join([own, *inside]))
    known = _MOODLE.fullmatch(own)
    who = known["who"] if known else own
    return _Place(platform, where, who, name.flat and not _is_folder(known))


def _delivery(
    one: Standing, place: _Place, results: tuple[Result, ...], names: "_Names"
) -> Delivery:
    about = (one, results, place.platform)
    top = PurePath()
    if place.platform == "":
        folder = names.of(top, one.name, folder_of(one.name))
        return Delivery(*about, folder / PAGE, folder)
    if place.platform == "nbgrader":
        *inside, file = place.who.split("/")
        folder = PurePath("feedback", *map(_kept, inside))
        page = names.of(folder, place, f"{_begun(PurePath(file).stem)}.html")
        return Delivery(*about, page, folder, f"{page.stem}_")
    task = Path(place.assignment).name.removesuffix(".zip") or "assignment"
    if place.platform == "Canvas":
        folder = names.of(top, place.assignment, _begun(task))
        pages = names.of(top, ("pages", place.assignment), f"{_begun(task)}-pages")
        own = names.of(pages, (place.who, one.name), folder_of(one.name))
        return Delivery(*about, own / PAGE, folder)
    if place.platform == "ILIAS":
        wanted = task.replace(" ", "_")
        if not wanted.startswith("multi_feedback"):
            wanted = f"multi_feedback_{wanted}"
        folder = names.of(top, place.assignment, _begun(wanted))
        own = names.of(folder, (place.who, one.name), _begun(place.who))
        return Delivery(*about, own / PAGE, own)
    folder = names.of(top, place.assignment, _begun(task))
    if place.is_flat:
        before = f"{_begun(place.who)}_assignsubmission_file_"
        page = names.of(folder, (before, one.name), f"{before}{PAGE}")
        return Delivery(*about, page, folder, before)
    downloaded = _moodle_folder(results, place.who)
    own = names.of(folder, (downloaded, one.name), _kept(downloaded))
    return Delivery(*about, own / PAGE, own)


def _moodle_folder(results: Iterable[Result], who: str) -> str:
    """Return the folder of a learner's files as it was downloaded."""
    parts = (part for result in results for part in PurePath(result.file).parts)
    known = [k for part in parts if (k := _MOODLE.fullmatch(part)) and k["who"] == who]
    files = [k[0] for k in known if k["plugin"] == "file" and _is_folder(k)]
    return files[0] if files else f"{who}_assignsubmission_file"


def _is_folder(name: re.Match[str] | None) -> bool:
    """Say whether no file's name follows; before Moodle 4.1, folders ended in an underscore."""
    return name is not None and name["rest"] in (None, "_")


def _kept(name: str, most: int = _MOST_BYTES) -> str:
    """Return a name as it was, where every system can hold it."""
    safe = folder_of(name, _LONGEST)
    return safe if len(safe.encode()) <= most else folder_of(name)


def _begun(name: str) -> str:
    """Return a name as it was, where there is room for what follows it."""
    return _kept(name, _MOST_BEFORE)


class _Names:
    """Files and folders that are spoken for."""

    def __init__(self) -> None:
        self._given: dict[tuple[PurePath, object], PurePath] = {}
        self._taken = {_same(PurePath(FEEDBACK_NOTE))}

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
