"""Notebooks marked by the workers of a Dask scheduler, with the same results as on one machine.

The scheduler holds no more notebooks than its workers have room for; the others wait here. A
worker that is lost loses nothing: Dask has its notebooks marked elsewhere. A notebook that its
workers do not survive is tried once more, while nothing else is, and then given up.
"""

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from itertools import count
from typing import Any, NamedTuple

from mlp_exercise.classroom.batches import identity
from mlp_exercise.classroom.batches.batch import (
    AHEAD,
    Known,
    Result,
    Stopped,
    content_of,
    of_item,
    unforeseen,
    unread,
)
from mlp_exercise.classroom.batches.worker import about, mark_there
from mlp_exercise.classroom.collecting.collect import Found, Handed
from mlp_exercise.submission.mark import Settings

CONNECT = 10.0
"""Seconds to reach the scheduler."""

LOOK = 1.0
"""Seconds from one look at the workers to the next."""

PATIENCE = 60.0
"""Seconds without any worker until nothing more is expected."""

FETCH = 600.0
"""Seconds for which what came of a notebook is asked for, while it may be marked once more."""

AT_ONCE = 2
"""Notebooks for each core of the workers that are on their way, so that none has to wait."""

LETHAL = "every worker that was to mark it came to an end"
"""Why a notebook that its workers do not survive is not marked."""


class NoCluster(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """There are no workers that could mark; its message says why."""


class _Task(NamedTuple):
    """A notebook that is to be marked."""

    item: Handed
    result: Future[Result]
    again: bool = False  # once more, while nothing else is: its workers were lost


class _Sent(NamedTuple):
    """A notebook that is on its way, as the scheduler knows it."""

    task: _Task
    future: Any  # of Dask's own kind
    workers: frozenset[str]  # those that may mark it


class Cluster:
    """The workers of a Dask scheduler that mark as this machine does."""

    def __init__(
        self, address: str, settings: Settings, known: Known, say: Callable[[str], None]
    ) -> None:
        self._address, self._settings, self.known = address, settings, known
        self._say = say
        self._client = _connected(address)
        self._queue: deque[_Task] = deque()  # not yet sent
        self._suspects: deque[_Task] = deque()  # to be tried while nothing else is
        self._sent: dict[int, _Sent] = {}
        self._ended = queue.SimpleQueue[int]()  # numbers of those sent
        self._met: dict[str, bool] = {}  # by a worker's name: whether it marks as we do
        self._workers: dict[str, int] = {}  # threads of those that do, by address
        self._late: dict[int, float] = {}  # until when what came of those is waited for
        self._numbers, self._next_look = count(), 0.0
        self._without_since: float | None = None
        try:
            while not self._workers:
                self._look()
                if self._met and not self._workers:
                    words = "No worker of {} marks as this machine does"
                    raise NoCluster(words.format(address))
                with suppress(queue.Empty):
                    self._ended.get(timeout=0 if self._workers else LOOK)
        except Stopped as why:
            self.stop()
            raise NoCluster(str(why)) from why
        except BaseException:
            self.stop()
            raise

    @property
    def ahead(self) -> int:
        """Return how many notebooks may be begun while an earlier one keeps all waiting."""
        return AHEAD * self._cores

    @property
    def _cores(self) -> int:
        cores = max(1, sum(self._workers.values()))
        return min(cores, self._settings.jobs or cores)

    def begin(self, item: Found) -> Future[Result]:
        """Have a notebook marked as soon as there is room."""
        result: Future[Result] = Future()
        if isinstance(item, Handed):
            self._queue.append(_Task(item, result))
        else:
            result.set_result(unread(item))
        return result

    def wait(self, futures: Collection[Future[Result]]) -> None:
        """Wait until all of these are there."""
        while not all(future.done() for future in futures):
            self._look()
            self._send()
            with suppress(queue.Empty):
                self._receive(self._ended.get(timeout=LOOK))

    def close(self) -> None:
        """Let go of what was needed."""
        self._client.close(timeout=CONNECT)

    def stop(self) -> None:
        """End what is being marked; on workers, it ends within its own limits."""
        with suppress(Exception):
            self.close()

    def _look(self) -> None:
        """Look now and then who is there; ask new workers who they are."""
        if time.monotonic() < self._next_look:
            return
        workers = self._all_workers()
        new = {w["id"]: a for a, w in workers.items() if w["id"] not in self._met}
        if new:
            told: Mapping[str, Any] = {}
            with suppress(Exception):  # whoever is there is asked again
                told = self._client.run(
                    about, workers=[*new.values()], on_error="return"
                )
            for name, address in new.items():
                if not isinstance(told.get(address, OSError()), OSError):  # it is there
                    self._met[name] = self._marks_as_we_do(address, told[address])
        good = {a: w["nthreads"] for a, w in workers.items() if self._met.get(w["id"])}
        self._workers, now = good, time.monotonic()
        self._next_look = now + LOOK
        if not good:
            self._without_since = self._without_since or now
            if now - self._without_since > PATIENCE:
                raise Stopped(self._lost())
            return
        self._without_since = None
        for number, sent in [*self._sent.items()]:
            if sent.workers.isdisjoint(good):  # the scheduler would wait for ever
                del self._sent[number]
                self._queue.appendleft(sent.task)
                sent.future.cancel()

    def _all_workers(self) -> Mapping[str, Any]:
        gone = Stopped(f"The scheduler at {self._address} is gone")
        if self._client.status != "running":
            raise gone
        try:
            found: dict[str, Any] = self._client.scheduler_info()["workers"]
        except (OSError, ValueError, CancelledError) as error:
            raise gone from error
        return found

    def _marks_as_we_do(self, address: str, told: object) -> bool:
        if not isinstance(told, dict):
            self._say(
                f"The worker {address} is not used: it has no such package ({told})"
            )
            return False
        if others := [*identity.differences(told["marker"], identity.marker())]:
            what = ", ".join(others)
            self._say(f"The worker {address} is not used: {what} (there → here)")
            return False
        if told["left"] and self._settings.execute:
            self._say(f"{address}: {told['left']}")
        return True

    def _send(self) -> None:
        """Have as many notebooks on their way as the workers have room for."""
        if self._suspects or any(sent.task.again for sent in self._sent.values()):
            if self._suspects and not self._sent:
                self._send_one(self._suspects.popleft())
            return
        while self._queue and len(self._sent) < AT_ONCE * self._cores and self._workers:
            self._send_one(self._queue.popleft())

    def _send_one(self, task: _Task) -> None:
        item, number = task.item, next(self._numbers)
        content = self.known(item) or content_of(item)
        if isinstance(content, Result):
            task.result.set_result(content)
            return
        workers = [*self._workers]
        future = self._client.submit(
            mark_there, item.file, content, self._settings, workers=workers, pure=False
        )
        self._sent[number] = _Sent(task, future, frozenset(workers))
        self._expect(number, future)

    def _expect(self, number: int, future: Any) -> None:
        """Have it noted when a notebook is done, at once if it is."""
        future.add_done_callback(lambda _: self._ended.put(number))

    def _receive(self, number: int) -> None:
        """Take what came of a notebook."""
        from distributed import KilledWorker

        if not (sent := self._sent.get(number)):  # it was sent once more
            return
        task = sent.task
        try:
            result = sent.future.result(timeout=LOOK)
        except OSError as error:  # its worker was lost, so it is marked once more
            self._all_workers()  # raises if it was for want of a scheduler
            until = self._late.setdefault(number, time.monotonic() + FETCH)
            if time.monotonic() < until:
                self._expect(number, sent.future)
                return
            result = Result(task.item.file, "not marked", unforeseen(error))
        except KilledWorker:
            del self._sent[number]
            if task.again:
                self._found(task, Result(task.item.file, "not marked", LETHAL))
            else:
                self._suspects.append(task._replace(again=True))
            return
        except CancelledError:
            self._all_workers()  # as above
            del self._sent[number]
            self._queue.appendleft(task)
            return
        except Exception as error:  # whatever it is, the others are to be marked
            self._all_workers()  # as above
            result = Result(task.item.file, "not marked", unforeseen(error))
        del self._sent[number]
        self._found(task, result)

    def _found(self, task: _Task, result: Result) -> None:
        task.result.set_result(of_item(result, task.item))

    def _lost(self) -> str:
        """Say that no worker is left, and what the last of them were marking."""
        files = [sent.task.item.file for sent in self._sent.values()]
        what = f"; the last were to mark {', '.join(files[:3])}" if files else ""
        return f"No worker has been there at {self._address} for {PATIENCE:g} s{what}"


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise NoCluster(
            f'--cluster needs more: pip install "mlp_reference[cluster]" ({error})'
        ) from error
    for name in ("distributed", "distributed.client", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told here
    try:
        return Client(address, timeout=CONNECT, set_as_default=False)
    except Exception as error:  # as many kinds as there are ways of not being there
        raise NoCluster(
            f"No Dask scheduler answers at {address}, expected one such as "
            f"tcp://192.0.2.7:8786: {error}"
        ) from error
