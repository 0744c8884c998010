"""What was handed in: the notebooks in files and folders, and what may be meant to be one."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.files import FEEDBACK_NOTE
from mlp_exercise.submission.notebook import LARGEST_FILE, Unreadable

DEEPEST = 50
"""Folders within folders that are searched."""

SKIPPED = frozenset({".ipynb_checkpoints", "__MACOSX", "__pycache__"})
"""Folders with copies of notebooks, or with none."""

HANDED_IN = re.compile(
    r"\.ipynb\b|\.(py|txt|json|html?|pdf|docx?|odt|rtf"
    r"|zip|7z|rar|tar|tgz|gz|bz2|xz)$",
    re.IGNORECASE,
)
"""Names of files that are no notebooks, and yet may be what somebody has handed in."""


class Handed(NamedTuple):
    """A file that was handed in as a notebook."""

    file: str  # as it is shown: a path, through an archive too
    path: str  # what was named to find it: the file itself, or a folder or archive above it
    content: Callable[[], bytes]  # reads it; raises `Unreadable`
    when: datetime | None = None  # it was handed in, as far as that is known
    late: bool = False  # as its platform says


class NoNotebook(NamedTuple):
    """A file or folder that may have been meant to hold one."""

    file: str
    path: str
    reason: str


Found = Handed | NoNotebook
"""What is found at a path."""


def find(path: str) -> Iterator[Found]:
    """List the notebooks at a path, and what may have been meant to be one."""
    if not os.path.isdir(path):  # noqa: PTH112 - a path is handed on as it was typed
        yield handed(path, path)
        return
    problems: list[OSError] = []
    found: list[tuple[Path, list[str]]] = []
    for place, folders, files in os.walk(path, onerror=problems.append):
        folder = Path(place)
        if FEEDBACK_NOTE in files and place != path:  # what was given back before
            folders.clear()
            continue
        folders[:] = sorted(set(folders) - SKIPPED)
        if len(folder.parts) - len(Path(path).parts) >= DEEPEST:
            folders.clear()
            yield NoNotebook(place, path, "folders too deep within folders came")
        links = [name for name in folders if (folder / name).is_symlink()]
        names = sorted(name for name in (*files, *links) if not name.startswith("."))
        found.append((folder, names))
    with_notebooks = {
        folder
        for folder, names in found
        if any(_is_notebook(folder / name) for name in names)
    }
    above = {parent for folder in with_notebooks for parent in folder.parents}
    with_folders = {folder.parent for folder, _ in found}
    for folder, names in found:
        # Where no notebook lies below or beside, any file may be what was meant to be one.
        alone = not {folder, *folder.parents} & with_notebooks and folder not in above
        for name in names:
            file = folder / name
            if _is_notebook(file):
                yield handed(str(file), path)
            elif file.is_symlink() or alone or HANDED_IN.search(name):
                yield NoNotebook(str(file), path, _no_notebook(file))
        if alone and not names and folder not in with_folders:
            reason = "a folder without notebooks (*.ipynb) came"
            yield NoNotebook(str(folder), path, reason)
    for problem in problems:
        reason = f"the folder cannot be read: {problem}"
        yield NoNotebook(str(problem.filename), path, reason)


def handed(file: str, path: str) -> Handed:
    """Return a file as it was handed in; nothing is read yet."""
    try:
        when = datetime.fromtimestamp(Path(file).stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        when = None
    return Handed(file, path, partial(_content, Path(file)), when)


def _is_notebook(file: Path) -> bool:
    return file.name.lower().endswith(".ipynb") and not file.is_symlink()


def _no_notebook(file: Path) -> str:
    """Say what a file in a folder is, as far as that is told without opening it."""
    if file.is_symlink():  # it may lead to the work of somebody else
        return "a link came, a notebook was expected"
    ending = re.search(r"(\.ipynb|\.tar)?\.\w+$", file.name.lower())
    what = f"a {ending[0]} file" if ending else "a file without an ending"
    return f"{what} came, a notebook (*.ipynb) was expected"


def _content(file: Path) -> bytes:
    """Read a file; one without end is not read at all, a long one no further than needed."""
    try:
        if not file.exists():
            raise Unreadable("no such file or folder")
        if not file.is_file():
            raise Unreadable(
                "neither a file nor a folder came, a notebook was expected"
            )
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"the file cannot be read: {error}") from error
