"""Mark what was handed in on all cores, in order; one bad file never stops the others."""

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import PurePath
from typing import Literal, NamedTuple, Protocol

from mlp_exercise.classroom.batches.interruption import Interruption
from mlp_exercise.classroom.collecting.collect import Found, Handed, NoNotebook, find
from mlp_exercise.classroom.collecting.learners import Learner
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


Known = Callable[[Found], Result | None]
"""Returns what an earlier marking found out about a notebook, where that still holds."""


class Stopped(Exception):  # noqa: N818 - nobody's error: what was marked is kept
    """Nothing more can be marked; its message is the reason."""


class Marker(Protocol):
    """Where notebooks are marked: on this machine's cores, or on others."""

    known: Known

    @property
    def ahead(self) -> int:
        """Return how many notebooks may be begun while an earlier one keeps all waiting."""

    def begin(self, item: Found) -> Future[Result]:
        """Have a notebook marked as soon as there is room."""

    def wait(self, futures: Collection[Future[Result]]) -> None:
        """Wait until all of these are there."""

    def close(self) -> None:
        """Let go of what was needed, when all is done."""

    def stop(self) -> None:
        """End what is being marked."""


class Cores:
    """The cores of this machine, with a thread for each that may be used."""

    def __init__(self, settings: Settings, known: Known = lambda _: None) -> None:
        workers = settings.jobs or usable_cores()
        self.ahead = AHEAD * workers
        self._settings, self.known = settings, known
        # Threads: each waits for a child process where a notebook needs one.
        self._pool = ThreadPoolExecutor(workers)

    def begin(self, item: Found) -> Future[Result]:
        """Have a notebook marked as soon as there is room."""
        return self._pool.submit(self._mark, item)

    def wait(self, futures: Collection[Future[Result]]) -> None:
        """Wait until all of these are there."""
        wait(futures)

    def close(self) -> None:
        """Let go of what was needed."""
        self._pool.shutdown()

    def stop(self) -> None:
        """End what is being marked."""
        with none_wanted():
            self._pool.shutdown(cancel_futures=True)

    def _mark(self, item: Found) -> Result:
        return self.known(item) or mark_one(item, self._settings)


def mark_all(paths: Iterable[str], settings: Settings) -> Iterator[Result]:
    """Mark notebooks and folders of them."""
    return mark_found(find(*paths), Cores(settings))


def mark_found(
    found: Iterable[Found],
    marker: Marker,
    interruption: Interruption | None = None,
) -> Iterator[Result]:
    """Mark what was found, in order; after an interruption, yield what is known by then."""
    interruption = interruption or Interruption()
    rest = iter(found)
    waiting: deque[tuple[Found, Future[Result]]] = deque()
    try:
        while True:
            for item in rest:
                waiting.append((item, marker.begin(item)))
                if len(waiting) >= marker.ahead:
                    break
            if not waiting:
                break
            with interruption.heard():
                result = _first(waiting, marker)
            waiting.popleft()
            yield result
    except (KeyboardInterrupt, Stopped) as why:
        if isinstance(why, Stopped):
            interruption.reason = str(why)
        elif not interruption.reason:  # nobody notes it here
            marker.stop()
            raise
    except BaseException:  # nobody wants the rest
        marker.stop()
        raise
    else:
        marker.close()
        return
    done = {future for _, future in waiting if future.done()}
    marker.stop()
    for item, future in waiting:
        kept = future.result() if future in done else marker.known(item)
        if kept and not kept.alone:
            yield kept
    yield from filter(None, map(marker.known, rest))


def _first(waiting: Collection[tuple[Found, Future[Result]]], marker: Marker) -> Result:
    """Wait for the first result; what the clock has stopped is marked again, alone."""
    (item, future), *others = waiting
    marker.wait([future])
    result = future.result()
    if result.alone:
        marker.wait([future for _, future in others])
        again = marker.begin(item)
        marker.wait([again])
        return again.result()
    return result


def mark_one(item: Found, settings: Settings) -> Result:
    """Mark a notebook, whatever is wrong with it."""
    if not isinstance(item, Handed):
        return unread(item)
    content = content_of(item)
    if isinstance(content, Result):
        return content
    return of_item(mark_content(item.file, content, settings), item)


def unread(item: NoNotebook) -> Result:
    """Return the result of what is no notebook."""
    status: Status = "not marked" if item.here else "unreadable"
    result = Result(item.file, status, item.reason, path=item.path)
    return result._replace(learner=item.learner)


def content_of(item: Handed) -> bytes | Result:
    """Read what was handed in, or return the result of what cannot be read."""
    try:
        return item.content()
    except NotMarked as problem:
        is_theirs = isinstance(problem, Unreadable)
        status: Status = "unreadable" if is_theirs else "not marked"
        result = Result(item.file, status, str(problem))
    except Exception as error:  # the file system's, and an archive's
        result = Result(item.file, "not marked", unforeseen(error))
    return of_item(result, item)


def digest_of(content: bytes) -> str:
    """Return that by which a notebook is known again."""
    return hashlib.sha256(content).hexdigest()


def of_item(result: Result, item: Handed) -> Result:
    """Add what is known of a notebook from where it was found."""
    return result._replace(
        file=item.file,
        path=item.path,
        when=item.when,
        late=item.late,
        learner=item.learner,
        handed=item,
    )


def mark_content(file: str, content: bytes, settings: Settings) -> Result:
    """Mark the notebook that a file contains, whatever is wrong with it."""
    digest, name = digest_of(content), None
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
        return Result(file, "not marked", unforeseen(error), name, digest=digest)


def unforeseen(error: Exception) -> str:
    """Return the reason why a notebook is not marked that nobody foresaw."""
    return f"this should not have happened: {type(error).__name__}: {error}"
