"""Mark what was handed in on all cores, in order; one bad file never stops the others."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import PurePath
from typing import Literal, NamedTuple

from mlp_exercise.classroom.collect import Found, Handed, find
from mlp_exercise.classroom.learners import Learner
from mlp_exercise.submission.mark import Settings, Sheet, exercise_of, mark
from mlp_exercise.submission.notebook import NotMarked, Unreadable, read
from mlp_exercise.submission.run import StoppedByClock, none_wanted, usable_cores

AHEAD = 50
"""Notebooks for each worker that are begun while an earlier one keeps all waiting."""

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
    when: datetime | None = None  # it was handed in, as far as that is known
    late: bool = False  # as its platform says
    digest: str = ""  # of its content, by which a notebook is known again
    handed: Handed | None = None  # from which it can be read again
    learner: Learner | None = None  # whose it is; None: as its name says

    @property
    def needs_a_look(self) -> bool:
        """Whether its points may not be the last word."""
        return self.status != "marked" or self.sheet.limited


def mark_all(paths: Iterable[str], settings: Settings) -> Iterator[Result]:
    """Mark notebooks and folders of them."""
    workers = settings.jobs or usable_cores()
    waiting: deque[Future[Result]] = deque()

    def first() -> Result:
        """Wait for the first result; what the clock has stopped is marked again, alone."""
        result = waiting.popleft().result()
        if result.alone and result.handed:
            wait(waiting)
            return mark_one(result.handed, settings)
        return result

    # Threads: each waits for a child process where a notebook needs one.
    pool = ThreadPoolExecutor(workers)
    try:
        for path in paths:
            for item in find(path):
                waiting.append(pool.submit(mark_one, item, settings))
                if len(waiting) >= AHEAD * workers:
                    yield first()
        while waiting:
            yield first()
    except BaseException:  # interrupted, or nobody wants the rest, nor waits for it
        with none_wanted():
            pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def mark_one(item: Found, settings: Settings) -> Result:
    """Mark a notebook, whatever is wrong with it."""
    if not isinstance(item, Handed):
        unread = Result(item.file, reason=item.reason, path=item.path)
        return unread._replace(learner=item.learner)
    try:
        content = item.content()
    except Unreadable as problem:
        result = Result(item.file, "unreadable", str(problem))
    else:
        result = mark_content(item.file, content, settings)
    return result._replace(path=item.path, when=item.when, late=item.late, handed=item)


def mark_content(file: str, content: bytes, settings: Settings) -> Result:
    """Mark the notebook that a file contains, whatever is wrong with it."""
    digest, name = hashlib.sha256(content).hexdigest(), None
    try:
        submission = read(content)
        exercise = exercise_of(submission, PurePath(file).name)
        name = exercise.name
        sheet = mark(submission, exercise, settings)
        return Result(file, "marked", None, name, sheet, digest=digest)
    except Unreadable as problem:
        return Result(file, "unreadable", str(problem), digest=digest)
    except NotMarked as problem:
        again = isinstance(problem, StoppedByClock)
        return Result(
            file, "not marked", str(problem), name, alone=again, digest=digest
        )
    except Exception as error:  # whatever it is, the other notebooks are to be marked
        what = f"this should not have happened: {type(error).__name__}: {error}"
        return Result(file, "not marked", what, name, digest=digest)
