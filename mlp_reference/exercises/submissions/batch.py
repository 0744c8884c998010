"""Mark files and folders, one result after another; one bad file never stops the others."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from mlp_reference.exercises.submissions import processes
from mlp_reference.exercises.submissions.notebook_file import (
    LARGEST_FILE,
    Unreadable,
    read,
)
from mlp_reference.exercises.submissions.part_one import PART_ONE
from mlp_reference.exercises.submissions.part_three import PART_THREE
from mlp_reference.exercises.submissions.part_two import PART_TWO
from mlp_reference.exercises.submissions.recognise import exercise_of
from mlp_reference.exercises.submissions.records import Result, Settings

EXERCISES = (PART_ONE, PART_TWO, PART_THREE)
"""What can be marked."""

AHEAD = 50
"""So many notebooks for each core are begun while an earlier one keeps all waiting."""

DEEPEST = 50
"""Folders within folders that are searched."""

SKIPPED = frozenset({".ipynb_checkpoints", "__MACOSX"})
"""Folders with copies of notebooks, or with none."""


def mark_all(paths: Iterable[str], settings: Settings) -> Iterator[Result]:
    """Mark notebooks and folders of them.

    Parameters
    ----------
    paths : iterable of str
        Files, and folders that are searched for ``*.ipynb`` with all they hold.
    settings : Settings
        The instructor's choices.

    Yields
    ------
    Result
        One for each notebook, in order, and one for each path without any.
    """
    workers = os.cpu_count() or 1
    found = ((path, item) for path in paths for item in find(path))
    waiting: deque[Future[Result]] = deque()
    # Threads: each waits for a child process where a notebook needs one.
    pool = ThreadPoolExecutor(workers)
    try:
        for path, item in found:
            waiting.append(pool.submit(_mark_below, path, item, settings))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except (
        BaseException
    ):  # interrupted, or nobody wants the rest: then nobody waits for it
        with processes.none_wanted():
            pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def find(path: str) -> Iterator[str | Result]:
    """List the notebooks at a path.

    Parameters
    ----------
    path : str
        A file or a folder.

    Yields
    ------
    str or Result
        The notebooks of a folder in sorted order, a file as it is, and a result that says
        why where there is none.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - a path is handed on as it was typed
        yield path
        return
    problems: list[OSError] = []
    number = 0
    for folder, folders, files in os.walk(path, onerror=problems.append):
        folders[:] = sorted(set(folders) - SKIPPED)
        if len(Path(folder).parts) - len(Path(path).parts) >= DEEPEST:
            folders.clear()
            yield Result(folder, reason="folders too deep within folders came")
        for name in sorted(files):
            # macOS puts a file of its own, ._name, beside each in an archive.
            if name.lower().endswith(".ipynb") and not name.startswith("._"):
                number += 1
                file = Path(folder, name)
                # A link may lead to the work of somebody else.
                link = Result(str(file), reason="a link came, a notebook was expected")
                yield link if file.is_symlink() else str(file)
    for problem in problems:
        yield Result(
            str(problem.filename), reason=f"the folder cannot be read: {problem}"
        )
    if not number and not problems:
        yield Result(path, reason="a folder without notebooks (*.ipynb) came")


def mark_one(item: str | Result, settings: Settings) -> Result:
    """Mark a notebook, whatever is wrong with it.

    Parameters
    ----------
    item : str or Result
        A file; a result is handed back.
    settings : Settings
        The instructor's choices.

    Returns
    -------
    Result
        Its marks, or why there are none.
    """
    if isinstance(item, Result):
        return item
    try:
        submission = read(_content(Path(item)))
        exercise = exercise_of(submission, Path(item).name, EXERCISES)
        return Result(item, exercise.name, exercise.mark(submission, settings))
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
