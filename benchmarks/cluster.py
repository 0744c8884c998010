"""The time to mark 600 notebooks alone, and by workers of a Dask scheduler on this machine.

``nox -s bench -- cluster`` runs this in an environment of its own. Scheduler and workers are
processes of their own, each worker with one thread; what they need is loaded before the time
begins, as it is in a term.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, NamedTuple

from benchmarks.record import publish, where
from benchmarks.submissions import of_code, of_part_one
from mlp_exercise.classroom.batches.batch import Cores, Marker, Result, mark_found
from mlp_exercise.classroom.batches.cluster import Cluster
from mlp_exercise.classroom.collecting.collect import Found, find
from mlp_exercise.submission.mark import EXERCISES, Settings

READ, EXECUTED, SECOND, THIRD = 440, 100, 50, 10
"""Notebooks with answers that are read, with one that is run, and with code: 600 in all."""

KILLED_AT = 300
"""So many notebooks are there when a worker is killed."""


class Workers(NamedTuple):
    """A scheduler and its workers."""

    address: str
    processes: Sequence[subprocess.Popen[bytes]]

    def kill_one(self) -> None:
        """End a worker at once, as a machine that goes down does."""
        self.processes[-1].send_signal(signal.SIGKILL)


@contextmanager
def started(number: int) -> Iterator[Workers]:
    """Start a scheduler and a number of workers on this machine.

    Parameters
    ----------
    number : int
        How many workers.

    Yields
    ------
    Workers
        Where they are.
    """
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary, "scheduler.json")
        module, host = "distributed.cli.dask_", "127.0.0.1"
        place = ("--host", host, "--port", "0", "--scheduler-file", str(file))
        running = [_start(module + "scheduler", *place)]
        try:
            while not (file.exists() and file.read_text().strip().endswith("}")):
                sleep(0.1)
            address = json.loads(file.read_text())["address"]
            one = (module + "worker", address, "--nthreads", "1", "--no-nanny")
            running += [_start(*one) for _ in range(number)]
            yield Workers(address, running)
        finally:
            for process in running:
                process.kill()
                process.wait()


def _start(module: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", module, *words, "--no-dashboard"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 - our own


def measure() -> list[dict[str, Any]]:
    """Mark the same notebooks in each way, and check that the table is the same.

    Returns
    -------
    list of dict
        A row for each way.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        of_part_one(folder / "a", READ, own=True)
        of_part_one(folder / "b", EXECUTED, computed=True)
        for exercise, number in zip(EXERCISES[1:], (SECOND, THIRD), strict=True):
            of_code(exercise.name, folder / exercise.name, number)
        items = [*find(str(folder))]
        # One notebook of each kind, as often as there are workers, loads what they need.
        first = [item for item in items if "/0000/" in item.file] * 2 * 4
        rows, alone = [], list[tuple[object, ...]]()

        def row(what: str, marker: Marker, workers: Workers | None = None) -> None:
            start = perf_counter()
            found = _marked(items, marker, workers)
            rows.append({"what": what, "seconds": perf_counter() - start})
            told = [(r.file, r.status, r.sheet) for r in found]
            alone.extend(() if alone else told)
            if told != alone or len(told) != len(items):
                raise AssertionError(f"not the same table: {what}")

        for jobs in (1, 2):
            settings = Settings(jobs=jobs)
            list(mark_found(first, Cores(settings)))
            row(f"alone, `--jobs {jobs}`", Cores(settings))
        for number, dying in ((1, False), (2, False), (2, True)):
            with started(number) as workers:
                list(mark_found(first, _cluster(workers, number)))
                what = f"{number} worker{'s' if number > 1 else ''}"
                what += f", one killed after {KILLED_AT} notebooks" if dying else ""
                row(what, _cluster(workers, number), workers if dying else None)
        return rows


def _marked(
    items: Sequence[Found], marker: Marker, workers: Workers | None
) -> list[Result]:
    found = []
    for result in mark_found(items, marker):
        found.append(result)
        if workers and len(found) == KILLED_AT:
            workers.kill_one()
    return found


def _cluster(workers: Workers, number: int) -> Cluster:
    """Connect as soon as all workers are there."""
    from distributed import Client

    with Client(workers.address, set_as_default=False) as client:
        client.wait_for_workers(number)
    return Cluster(workers.address, Settings(), lambda _: None, _refused)


def _refused(line: str) -> None:
    raise AssertionError(line)


def table(rows: list[dict[str, Any]], load: float) -> str:
    """Return the rows as Markdown, with a line that says where they come from.

    Parameters
    ----------
    rows : list of dict
        What was measured.
    load : float
        Of the machine, before.

    Returns
    -------
    str
        The table.
    """
    base = rows[0]["seconds"]
    lines = [
        "| 600 notebooks, marked by | seconds | times as fast as alone on one core |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {row['what']} | {row['seconds']:.1f} | {base / row['seconds']:.2f} |"
        for row in rows
    ]
    kinds = (
        f"{READ} with answers that are read, {EXECUTED} with one that is run, {SECOND} of the "
        f"second part and {THIRD} of the third. Each way ran once, with the same table; "
        f"scheduler, workers and the command share this machine, whose load was "
        f"{load:.1f} before."
    )
    return "\n".join([*lines, "", f"{kinds} {where('cluster')}", ""])


if __name__ == "__main__":
    before = os.getloadavg()[0]
    measured = measure()
    publish("cluster", measured, table(measured, before))
