"""What lies in a folder or an archive, file by file, and in archives within; nothing is marked."""

import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.collecting import archives, directory
from mlp_exercise.classroom.collecting.archives import Address, is_archive, refusal
from mlp_exercise.classroom.collecting.directory import LINK, NEITHER, Packed
from mlp_exercise.classroom.files import FEEDBACK_HEAD, FEEDBACK_NOTE
from mlp_exercise.submission.notebook import LARGEST_FILE, NotMarked, Unreadable

Parts = tuple[str, ...]
"""The folders from a path down to a file, and its name; an archive is a folder here."""

DEEPEST = 50
"""Folders within folders that are searched."""

NESTED = 3
"""Archives within archives that are searched: of a term, of an assignment, of a learner."""

MOST_NOTEBOOKS = 100
"""Notebooks in an archive that a learner has packed, those in the fewest folders first."""

MOST_PACKED = directory.MOST_ENTRIES
"""Files and folders that are looked at in what a learner has packed, with all archives within."""

SKIPPED = frozenset({".ipynb_checkpoints", "__MACOSX", "__pycache__", ".git"})
"""Folders with copies of notebooks, or with none."""

_FEEDBACK = re.compile(
    rb'"mlp_reference"\s*:\s*{\s*"feedback"|<main data-page="feedback">'
)
"""Stands in each notebook and page that was given back."""


class Entry(NamedTuple):
    """A file below a path."""

    parts: Parts
    content: Callable[[], bytes]  # raises `NotMarked`
    address: Address  # of what is in it, if it is an archive
    when: datetime | None = None  # it was last written
    wrong: str = ""  # why it is not read
    here: bool = False  # it may be read elsewhere
    own_packing: bool = False  # a learner has packed it


class Problem(NamedTuple):
    """What cannot be listed, and why."""

    file: str
    reason: str
    here: bool = False  # it may be listed elsewhere


class Listing(NamedTuple):
    """What lies below a path."""

    entries: list[Entry]
    folders: set[Parts]  # without those that are skipped
    problems: list[Problem]


def is_notebook(name: str) -> bool:
    """Return whether a file is called as a notebook is."""
    return name.lower().endswith(".ipynb")


def list_below(path: str, packed_by_learner: Callable[[Parts], bool]) -> Listing | None:
    """List what lies below a path; None if that is neither a folder nor an archive."""
    if os.path.isdir(path):  # noqa: PTH112 - a path is handed on as it was typed
        listing, depth = _folder(Path(path)), 0
    elif is_archive(path) and os.path.isfile(path):  # noqa: PTH113 - it may be no name at all
        listing, depth = _archive((path, ()), path), 1
    else:
        return None

    looked_at = 0  # in what one learner has packed

    def through(entry: Entry, depth: int) -> Iterator[Entry]:
        """Yield a file, or what is in it if it is an archive with notebooks."""
        nonlocal looked_at
        if not is_archive(entry.parts[-1]) or entry.wrong:
            yield entry
            return
        if not entry.own_packing:
            looked_at = 0
        elif looked_at > MOST_PACKED:
            why = f"more than {MOST_PACKED} files came, packed together"
            yield entry._replace(wrong=why)
            return
        inner = _inside(path, entry, depth)
        looked_at += len(inner.entries) + len(inner.folders) + len(inner.problems)
        own = packed_by_learner(entry.parts)
        found = [
            below
            for each in inner.entries
            if not own or each.parts[-1].lower().endswith((".ipynb", ".zip"))
            for below in through(each._replace(own_packing=own), depth + 1)
        ]
        if any(is_notebook(each.parts[-1]) for each in found):
            listing.problems.extend(inner.problems)
            if own and len(found) > MOST_NOTEBOOKS:
                why = f"{len(found)} notebooks came in one archive, {MOST_NOTEBOOKS} are read"
                shown = str(Path(path, *entry.parts))
                listing.problems.append(Problem(shown, why))
                found.sort(key=lambda each: (len(each.parts), each.parts))
            listing.folders.update(() if own else inner.folders)
            yield from found[: MOST_NOTEBOOKS if own else None]
        else:
            wrong, here = _without_notebooks(inner, found)
            yield entry._replace(wrong=wrong, here=here)

    entries = [found for entry in listing.entries for found in through(entry, depth)]
    entries.sort(key=lambda entry: (entry.parts[:-1], entry.parts))
    return listing._replace(entries=entries)


def modified(file: str) -> datetime | None:
    """Return when a file was last written."""
    try:
        return datetime.fromtimestamp(Path(file).stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def content(file: Path) -> bytes:
    """Read a file; one without end is not read at all, a long one no further than needed."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise Unreadable(NEITHER)
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unreadable("no such file or folder") from error
    except (OSError, ValueError) as error:
        raise refusal("the file", error) from error


def _folder(top: Path) -> Listing:
    listing = Listing([], set(), [])
    problems: list[OSError] = []
    noted = {top} if any(map(_has_note, top.absolute().parents)) else set[Path]()
    for place, folders, names in os.walk(top, onerror=problems.append):
        folder, files = Path(place), names
        parts = folder.relative_to(top).parts
        folders[:] = sorted(set(folders) - SKIPPED)
        if FEEDBACK_NOTE in names and _has_note(folder):
            noted.add(folder)
        if folder in noted:
            noted.update(folder / name for name in folders)
            files = [name for name in names if not is_feedback(folder / name)]
        if files or folder not in noted:  # else all was given back
            listing.folders.add(parts)
        if len(parts) >= DEEPEST:
            folders.clear()
            why = "folders too deep within folders came"
            listing.problems.append(Problem(place, why))
        links = [name for name in folders if _is_link(folder / name)]
        for name in (*files, *links):
            if not name.startswith("."):
                file = folder / name
                wrong = LINK if _is_link(file) else ""
                when = None if wrong else modified(str(file))
                entry = partial(content, file), (str(file), ()), when, wrong
                listing.entries.append(Entry((*parts, name), *entry))
    for problem in problems:
        why_not = refusal("the folder", problem)
        listing.problems.append(_problem(str(problem.filename), why_not))
    return listing


def _has_note(folder: Path) -> bool:
    """Say whether feedback was written into a folder; whatever else is called so says nothing."""
    return _content(folder / FEEDBACK_NOTE).startswith(FEEDBACK_HEAD.encode())


def is_feedback(file: Path) -> bool:
    """Say whether a file was given back, not handed in, where feedback was written."""
    if file.name == FEEDBACK_NOTE:
        return _has_note(file.parent)
    if file.name.endswith("feedback.html"):
        return True
    is_either = file.name.lower().endswith((".ipynb", ".html"))
    return is_either and _FEEDBACK.search(_content(file)) is not None


def _content(file: Path) -> bytes:
    try:
        return b"" if _is_link(file) else content(file)
    except NotMarked:
        return b""


def _is_link(file: Path) -> bool:
    """Say whether a file is a link, as far as that may be known here."""
    return os.path.islink(file)  # noqa: PTH114 - a path's own method raises


def _problem(shown: str, why: NotMarked) -> Problem:
    return Problem(shown, str(why), here=not isinstance(why, Unreadable))


def _archive(address: Address, shown: str, above: Parts = ()) -> Listing:
    """List what is in an archive; one that cannot be read is a problem."""
    try:
        found = archives.listed(address)
    except NotMarked as problem:
        return Listing([], set(), [_problem(shown, problem)])
    listing = Listing([], {above}, [])
    file, places = address
    for packed in found:
        parts = _parts(packed)
        if not parts:
            why = packed.wrong or "a name came that is none"
            listing.problems.append(Problem(shown, why))
        kept = tuple(takewhile(lambda part: part not in SKIPPED, parts))
        folders = kept if packed.folder or kept != parts else parts[:-1]
        listing.folders.update((*above, *folders[:n]) for n in range(len(folders) + 1))
        hidden = packed.name.rpartition("/")[2].startswith(".")
        if packed.folder or hidden or kept != parts or not parts:
            continue
        deep = "folders too deep within folders came"
        listing.entries.append(
            Entry(
                (*above, *parts),
                partial(archives.content, address, packed.place),
                (file, (*places, packed.place)),
                packed.when,
                packed.wrong or (deep if len(parts) > DEEPEST else ""),
            )
        )
    return listing


def _inside(path: str, entry: Entry, depth: int) -> Listing:
    """List what is in an archive below a path."""
    shown = str(Path(path, *entry.parts))
    if depth >= NESTED:
        why = "archives too deep within archives came"
        return Listing([], set(), [Problem(shown, why)])
    return _archive(entry.address, shown, entry.parts)


def _parts(packed: Packed) -> Parts:
    """Return the folders and the name in an archive; a name that is none stays in one piece."""
    name = packed.name
    if packed.wrong and (len(name) > directory.LONGEST_NAME or ".." in name):
        name = name if len(name) < 200 else f"{name[:80]}…{name[-20:]}"
        return (name.replace("/", "\\"),)
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _without_notebooks(inner: Listing, found: list[Entry]) -> tuple[str, bool]:
    """Say what an archive holds that has no notebooks, or why none is found in it, only here."""
    problems = [(each.reason, each.here) for each in inner.problems]
    problems += [
        (f"in it, {each.parts[-1]}: {each.wrong}", each.here)
        for each in found
        if each.wrong
    ]
    if problems:
        reason, here = max(problems, key=lambda problem: problem[1])
        return f"a .zip file came: {reason}", here
    names = [entry.parts[-1] for entry in inner.entries]
    what = ", ".join(names[:3]) or "nothing"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"a .zip file without notebooks came; in it: {what}{more}", False
