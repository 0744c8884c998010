"""What was handed in: the notebooks in files, folders and archives, and what may be one."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.collecting import metadata
from mlp_exercise.classroom.collecting.beside import Beside, whole_of
from mlp_exercise.classroom.collecting.directory import LINK
from mlp_exercise.classroom.collecting.learners import (
    ENDINGS,
    Learner,
    learner_named,
    packed_by_learner,
)
from mlp_exercise.classroom.collecting.listing import (
    Entry,
    Listing,
    Parts,
    content,
    is_feedback,
    is_notebook,
    list_below,
    modified,
)
from mlp_exercise.classroom.collecting.platforms import Named
from mlp_exercise.classroom.files import FEEDBACK_NOTE
from mlp_exercise.submission.mark import EXERCISES

HANDED_IN = re.compile(rf"\.ipynb\b|\.({ENDINGS})$", re.IGNORECASE)
"""Names of files that are no notebooks, and yet may be what somebody has handed in."""

_EXERCISES = tuple(exercise.name for exercise in EXERCISES)


class Handed(NamedTuple):
    """A file that was handed in as a notebook."""

    file: str  # as it is shown: a path, through an archive too
    path: str  # what was named to find it: the file itself, or a folder or archive above it
    content: Callable[[], bytes]  # reads it; raises `NotMarked`
    when: datetime | None = None  # it was handed in, as far as that is known
    late: bool = False  # as its platform says
    learner: Learner | None = None  # whose it is; None: as its name says


class NoNotebook(NamedTuple):
    """A file or folder that may have been meant to hold one."""

    file: str
    path: str
    reason: str
    learner: Learner | None = None  # as above
    here: bool = False  # it may be read elsewhere


Found = Handed | NoNotebook
"""What is found at a path."""


def find(*paths: str) -> Iterator[Found]:
    """List the notebooks at paths, each once, and what may have been meant to be one."""
    named = (
        p for p in paths if not p.endswith(FEEDBACK_NOTE) or not is_feedback(Path(p))
    )
    listings = {path: list_below(path, _packed(path)) for path in named}
    beside = _beside(listings)
    seen: set[Parts] = set()
    for path, listing in listings.items():
        found = [*_found(path, listing, beside)]
        yield from (item for item in found if whole_of(item.file) not in seen)
        seen.update(whole_of(item.file) for item in found)


def handed(file: str) -> Handed:
    """Return a file as it was handed in; nothing is read yet."""
    return _alone(file, Beside(len(whole_of(file)), {}, _EXERCISES))


def _beside(listings: Mapping[str, Listing | None]) -> Beside:
    """Return what was found at all paths, as far as names tell."""
    found_in: dict[Parts, list[Parts]] = defaultdict(list)
    for path, listing in listings.items():
        *above, name = whole = whole_of(path)
        below = [*_everything(listing)] if listing else [()]
        found_in[(*above,)] += [(name, *parts) for parts in below]
        if listing:
            found_in[whole] += below
    whole_paths = [whole_of(path) for path in listings]
    shared = takewhile(
        lambda level: len({*level}) == 1, zip(*whole_paths, strict=False)
    )
    top = max(1, len([*shared]))
    return Beside(top, found_in, _EXERCISES)


def _found(path: str, listing: Listing | None, beside: Beside) -> Iterator[Found]:
    """Yield what is found at one path."""
    if not listing:
        yield _alone(path, beside)
        return
    for file, reason, here in listing.problems:
        yield NoNotebook(file, path, reason, here=here)
    yield from _Class(path, listing, beside).found()


def _alone(file: str, beside: Beside) -> Handed:
    """Return a file that was named itself."""
    entry = Entry((), partial(content, Path(file)), (file, ()), modified(file))
    name = beside.name_of(whole_of(file))
    learner = learner_named(name) if name else beside.unnamed(file, ())
    return _handed(file, file, entry, name, learner)


def _packed(path: str) -> Callable[[Parts], bool]:
    return lambda parts: packed_by_learner(path, parts, _EXERCISES)


def _everything(listing: Listing) -> Iterator[Parts]:
    yield from (entry.parts for entry in listing.entries)
    yield from ((*folder, "") for folder in listing.folders)


def _handed(
    file: str, path: str, entry: Entry, name: Named | None, learner: Learner
) -> Handed:
    when = name.when if name else None
    # A platform's own folders and archives say when they were made, not what is in them.
    if not name or name.platform == "nbgrader" or entry.own_packing:
        when = when or entry.when
    return Handed(file, path, entry.content, when, bool(name and name.late), learner)


class _Class:
    """What lies below a path, and whose it is."""

    def __init__(self, path: str, listing: Listing, beside: Beside) -> None:
        self._path, self._listing, self._beside = path, listing, beside
        self._whole = whole = whole_of(path)
        self._above = len(whole)
        self._names = {
            entry.parts: name
            for entry in listing.entries
            if (name := beside.name_of((*whole, *entry.parts)))
        }
        self._refused = {
            parts[self._above :]: platform
            for parts, platform in beside.refused.items()
            if parts[: self._above] == whole
        }
        self._names.update(_without_made_up(self._names))
        places = {name.place[self._above :] for name in self._names.values()}
        told = dict(metadata.told(listing.entries, places))
        for parts, name in self._names.items():
            key = metadata.key_of(name, parts, len(name.place) - self._above)
            if (name.platform, key) in told:
                self._names[parts] = told[name.platform, key].of(name)

    def found(self) -> Iterator[Found]:
        """Yield notebooks, and other files and folders where nobody has any."""
        own_files = set(self._platforms_own())
        entries = [e for e in self._listing.entries if e.parts not in own_files]
        notebooks = {self._home(e.parts) for e in entries if _is_notebook(e)}
        above = {home[:n] for home in notebooks for n in range(len(home))}

        def alone(home: Parts) -> bool:
            """Return whether no notebook lies below or beside: any file may be meant as one."""
            beside = any(home[:n] in notebooks for n in range(len(home) + 1))
            return not beside and home not in above

        occupied = {entry.parts[:-1] for entry in entries}
        occupied |= {folder[:-1] for folder in self._listing.folders if folder}
        empty = {f for f in self._listing.folders - occupied if alone(f)}
        items: list[tuple[Parts, Entry | None]] = [(e.parts, e) for e in entries]
        items += [((*folder, ""), None) for folder in empty]
        for folder, platform in self._refused.items():
            reason = (
                f"names of {platform} came in what lies beside the work of learners"
            )
            reason += ": if it holds a class, mark it by itself"
            yield self._no_notebook((*folder, ""), reason)
        for parts, entry in sorted(items, key=lambda item: (item[0][:-1], item[0])):
            if entry is None:
                reason = "a folder without notebooks (*.ipynb) came"
                yield self._no_notebook(parts, reason)
            elif _is_notebook(entry):
                shown, learner = self._shown(parts), self._learner(parts)
                name = self._names.get(parts)
                yield _handed(shown, self._path, entry, name, learner)
            elif (
                entry.wrong == LINK
                or is_notebook(parts[-1])
                or HANDED_IN.search(parts[-1])
                or alone(self._home(parts))
            ):
                reason = entry.wrong or _what(parts[-1])
                yield self._no_notebook(parts, reason, here=entry.here)

    def _no_notebook(
        self, parts: Parts, reason: str, *, here: bool = False
    ) -> NoNotebook:
        shown, learner = self._shown(parts), self._learner(parts)
        return NoNotebook(shown, self._path, reason, learner, here)

    def _shown(self, parts: Parts) -> str:
        return str(Path(self._path, *parts))

    def _learner(self, parts: Parts) -> Learner:
        name = self._names.get(parts) or self._beside.name_of((*self._whole, *parts))
        if name:
            return learner_named(name)
        return self._beside.unnamed(self._path, parts)

    def _home(self, parts: Parts) -> Parts:
        """Return where a learner's files lie: in a flat list, each has a place of its own."""
        name = self._names.get(parts)
        if not name or not name.flat:
            return parts[:-1]
        learner = learner_named(name)
        return (*parts[:-1], learner.full or learner.name)

    def _platforms_own(self) -> Iterator[Parts]:
        """Yield the files that a platform has put beside what was handed in."""
        names = [entry.parts for entry in self._listing.entries]
        attempts = {
            (*parts[:-1], found[1])
            for parts in names
            if (found := metadata.ATTEMPT.match(parts[-1])) and found[2] == "_"
        }
        places = {
            name.place[self._above :]
            for name in self._names.values()
            if name.platform == "brightspace"
        }
        for parts in names:
            known = metadata.ATTEMPT.match(parts[-1])
            if (
                parts[-1] in (metadata.GRADESCOPE, metadata.NBGRADER)
                or (parts[-1] == "index.html" and parts[:-1] in places)
                or (known and known[2] != "_" and (*parts[:-1], known[1]) in attempts)
            ):
                yield parts


def _without_made_up(names: Mapping[Parts, Named]) -> Iterator[tuple[Parts, Named]]:
    """Yield names again without a matriculation, where most learners of a place have none.

    A site puts it before each name; a learner may put any number into their own.
    """
    people: dict[Parts, set[tuple[str, str, bool]]] = defaultdict(set)
    for name in names.values():
        who = name.name, name.ids.get("number", ""), "student" in name.ids
        people[name.place].add(who)
    for parts, name in names.items():
        several = people[name.place]
        if len(several) > 1 and 2 * sum(has for *_, has in several) <= len(several):
            ids = {key: text for key, text in name.ids.items() if key != "student"}
            yield parts, name._replace(ids=ids)


def _is_notebook(entry: Entry) -> bool:
    return is_notebook(entry.parts[-1]) and not entry.wrong


def _what(name: str) -> str:
    """Say what a file is, as far as that is told without opening it."""
    ending = re.search(r"(\.ipynb|\.tar)?\.\w+$", name.lower())
    what = f"a {ending[0]} file" if ending else "a file without an ending"
    return f"{what} came, a notebook (*.ipynb) was expected"
