"""Mark files and folders, one result after another; one bad file never stops the others."""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from mlp_reference.exercises.submissions import processes
from mlp_reference.exercises.submissions.cores import usable_cores
from mlp_reference.exercises.submissions.guarded import StoppedByClock
from mlp_reference.exercises.submissions.notebook_file import (
    LARGEST_FILE,
    NotMarked,
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
        with processes.none_wanted():
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
    """List the notebooks at a path.

    Parameters
    ----------
    path : str
        A file or a folder.

    Yields
    ------
    str or Result
        The notebooks of a folder in sorted order, a file as it is, and a result that says
        why where there is none. What else may have been handed in has a result, too.
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
        notebooks = {name for name in files if _is_notebook(name)}
        number += len(notebooks)
        # Where no notebook lies, any file may be what was meant to be one.
        alone = not notebooks and not folders and Path(folder) != Path(path)
        for name in sorted(files):
            file = Path(folder, name)
            if name in notebooks and not file.is_symlink():
                yield str(file)
            elif name in notebooks or _may_be_handed_in(name, alone=alone):
                yield Result(str(file), reason=_no_notebook(file))
    for problem in problems:
        yield Result(
            str(problem.filename), reason=f"the folder cannot be read: {problem}"
        )
    if not number and not problems:
        yield Result(path, reason="a folder without notebooks (*.ipynb) came")


def _is_notebook(name: str) -> bool:
    # macOS puts a file of its own, ._name, beside each in an archive.
    return name.lower().endswith(".ipynb") and not name.startswith("._")


def _may_be_handed_in(name: str, *, alone: bool) -> bool:
    return not name.startswith(".") and (alone or bool(HANDED_IN.search(name)))


def _no_notebook(file: Path) -> str:
    """Say what a file in a folder is, as far as that is told without opening it."""
    if file.is_symlink():  # it may lead to the work of somebody else
        return "a link came, a notebook was expected"
    kind = "".join(file.suffixes[-2:]).lower() if file.suffix else "without an ending"
    return f"a file {kind} came, a notebook (*.ipynb) was expected"


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
