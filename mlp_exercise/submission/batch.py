"""Mark files and folders on all cores, in order; one bad file never stops the others."""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Literal, NamedTuple

from mlp_exercise.submission.mark import Settings, Sheet, exercise_of, mark
from mlp_exercise.submission.notebook import LARGEST_FILE, NotMarked, Unreadable, read
from mlp_exercise.submission.run import StoppedByClock, none_wanted, usable_cores

AHEAD = 50
"""Notebooks for each worker that are begun while an earlier one keeps all waiting."""

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

Status = Literal["marked", "not marked", "unreadable"]


class Result(NamedTuple):
    """What a batch says of one file."""

    file: str
    status: Status = "unreadable"
    reason: str | None = None  # why it is not marked
    exercise: str | None = None
    sheet: Sheet = Sheet()
    path: str = ""  # what was named to find it: the file itself, or a folder above it
    alone: bool = False  # to be marked once more, while nothing else is

    @property
    def needs_a_look(self) -> bool:
        """Whether its points may not be the last word."""
        return self.status != "marked" or self.sheet.limited


def mark_all(paths: Iterable[str], settings: Settings) -> Iterator[Result]:
    """Mark notebooks and folders of them."""
    workers = settings.jobs or usable_cores()
    waiting: deque[Future[Result]] = deque()

    def marked(path: str, item: str | Result) -> Result:
        result = mark_one(item, settings) if isinstance(item, str) else item
        return result._replace(path=path)

    def first() -> Result:
        """Wait for the first result; what the clock has stopped is marked again, alone."""
        result = waiting.popleft().result()
        if result.alone:
            wait(waiting)
            return marked(result.path, result.file)
        return result

    # Threads: each waits for a child process where a notebook needs one.
    pool = ThreadPoolExecutor(workers)
    try:
        for path in paths:
            for item in find(path):
                waiting.append(pool.submit(marked, path, item))
                if len(waiting) >= AHEAD * workers:
                    yield first()
        while waiting:
            yield first()
    except BaseException:  # interrupted, or nobody wants the rest, nor waits for it
        with none_wanted():
            pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def mark_one(file: str, settings: Settings) -> Result:
    """Mark a notebook, whatever is wrong with it."""
    name = None
    try:
        submission = read(_content(Path(file)))
        exercise = exercise_of(submission, Path(file).name)
        name = exercise.name
        return Result(file, "marked", None, name, mark(submission, exercise, settings))
    except Unreadable as problem:
        return Result(file, "unreadable", str(problem))
    except NotMarked as problem:
        again = isinstance(problem, StoppedByClock)
        return Result(file, "not marked", str(problem), name, alone=again)
    except Exception as error:  # whatever it is, the other notebooks are to be marked
        what = f"this should not have happened: {type(error).__name__}: {error}"
        return Result(file, "not marked", what, name)


def find(path: str) -> Iterator[str | Result]:
    """List the notebooks at a path, and what may have been meant to be one."""
    if not os.path.isdir(path):  # noqa: PTH112 - a path is handed on as it was typed
        yield path
        return
    problems: list[OSError] = []
    found: list[tuple[Path, list[str]]] = []
    for place, folders, files in os.walk(path, onerror=problems.append):
        folder = Path(place)
        folders[:] = sorted(set(folders) - SKIPPED)
        if len(folder.parts) - len(Path(path).parts) >= DEEPEST:
            folders.clear()
            yield Result(place, reason="folders too deep within folders came")
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
                yield str(file)
            elif file.is_symlink() or alone or HANDED_IN.search(name):
                yield Result(str(file), reason=_no_notebook(file))
        if alone and not names and folder not in with_folders:
            reason = "a folder without notebooks (*.ipynb) came"
            yield Result(str(folder), reason=reason)
    for problem in problems:
        reason = f"the folder cannot be read: {problem}"
        yield Result(str(problem.filename), reason=reason)


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
