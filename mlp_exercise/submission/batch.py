"""Mark files and folders, one result after another; one bad file never stops the others."""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from mlp_exercise.submission.notebook_file import (
    LARGEST_FILE,
    NotMarked,
    Unreadable,
    read,
)
from mlp_exercise.submission.part_one import PART_ONE
from mlp_exercise.submission.part_three import PART_THREE
from mlp_exercise.submission.part_two import PART_TWO
from mlp_exercise.submission.recognise import exercise_of
from mlp_exercise.submission.records import Result, Settings
from mlp_exercise.submission.run import StoppedByClock, none_wanted, usable_cores

EXERCISES = (PART_ONE, PART_TWO, PART_THREE)
"""What can be marked."""

AHEAD = 50
"""So many notebooks for each worker are begun while an earlier one keeps all waiting."""

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


def mark_all(paths: Iterable[str], settings: Settings) -> Iterator[Result]:
    """Mark notebooks and folders of them."""
    workers = settings.jobs or usable_cores()
    found = ((path, item) for path in paths for item in find(path))
    waiting: deque[Future[Result]] = deque()
    # Threads: each waits for a child process where a notebook needs one.
    pool = ThreadPoolExecutor(workers)
    try:
        for path, item in found:
            waiting.append(pool.submit(_mark_below, path, item, settings))
            if len(waiting) >= AHEAD * workers:
                yield _next(waiting, settings)
        while waiting:
            yield _next(waiting, settings)
    except (
        BaseException
    ):  # interrupted, or nobody wants the rest: then nobody waits for it
        with none_wanted():
            pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _next(waiting: deque[Future[Result]], settings: Settings) -> Result:
    """Take the first result; what the clock has stopped is marked once more, alone."""
    result = waiting.popleft().result()
    if not result.alone:
        return result
    wait(waiting)
    return _mark_below(result.path, result.file, settings)


def find(path: str) -> Iterator[str | Result]:
    """List the notebooks at a path."""
    if not os.path.isdir(path):  # noqa: PTH112 - a path is handed on as it was typed
        yield path
        return
    problems: list[OSError] = []
    found = []
    for place, folders, files in os.walk(path, onerror=problems.append):
        folder = Path(place)
        folders[:] = sorted(set(folders) - SKIPPED)
        if len(folder.parts) - len(Path(path).parts) >= DEEPEST:
            folders.clear()
            yield Result(place, reason="folders too deep within folders came")
        links = [name for name in folders if (folder / name).is_symlink()]
        visible = [name for name in (*files, *links) if not name.startswith(".")]
        found.append((folder, sorted(visible)))
    with_notebooks = {
        folder for folder, names in found if any(map(_is_notebook, names))
    }
    above = {parent for folder in with_notebooks for parent in folder.parents}
    with_folders = {parent for folder, _ in found for parent in folder.parents}
    for folder, names in found:
        # Where no notebook lies below or beside, any file may be what was meant to be one.
        alone = not {folder, *folder.parents} & with_notebooks and folder not in above
        for name in names:
            file = folder / name
            if _is_notebook(name) and not file.is_symlink():
                yield str(file)
            elif file.is_symlink() or alone or HANDED_IN.search(name):
                yield Result(str(file), reason=_no_notebook(file))
        if alone and not names and folder not in with_folders:
            yield Result(
                str(folder), reason="a folder without notebooks (*.ipynb) came"
            )
    for problem in problems:
        yield Result(
            str(problem.filename), reason=f"the folder cannot be read: {problem}"
        )


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def _no_notebook(file: Path) -> str:
    """Say what a file in a folder is, as far as that is told without opening it."""
    if file.is_symlink():  # it may lead to the work of somebody else
        return "a link came, a notebook was expected"
    ending = re.search(r"(\.ipynb|\.tar)?\.\w+$", file.name.lower())
    kind = f"a {ending[0]} file" if ending else "a file without an ending"
    return f"{kind} came, a notebook (*.ipynb) was expected"


def mark_one(item: str | Result, settings: Settings) -> Result:
    """Mark a notebook, whatever is wrong with it."""
    if isinstance(item, Result):
        return item
    name = None
    try:
        submission = read(_content(Path(item)))
        exercise = exercise_of(submission, Path(item).name, EXERCISES)
        name = exercise.name
        return Result(item, name, exercise.mark(submission, settings))
    except NotMarked as problem:
        again = isinstance(problem, StoppedByClock)
        return Result(item, name, reason=problem.reason, lacking=True, alone=again)
    except Unreadable as problem:
        return Result(item, reason=problem.reason)
    except Exception as error:  # whatever it is, the other notebooks are to be marked
        name = type(error).__name__
        return Result(item, reason=f"this should not have happened: {name}: {error}")


def _mark_below(path: str, item: str | Result, settings: Settings) -> Result:
    return replace(mark_one(item, settings), path=path)


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
