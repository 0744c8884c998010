"""Run a notebook's cells in a guarded child process, and believe nothing that it says.

After the cells, *trials* call what they have defined; see `mlp_exercise.observations`.
The child has an interpreter, an empty folder and an environment of its own. A cell that computes
too long, ends the process or fills its memory is left out, and the notebook begins again
without it: so it keeps the answers of its other cells. The same holds for trials.

Time is processor time, so that marks do not depend on how busy the machine is. The clock stands
far behind it; what it stops says nothing about the notebook.
"""

import queue
import signal
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlp_exercise.submission import processes
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.submission.protocol import Report, started, understand
from mlp_exercise.submission.runs import (
    NO_TRIALS,
    History,
    Lacking,
    Limits,
    Problem,
    StoppedByClock,
    Trials,
)
from mlp_exercise.values import Plain

ALL_CELLS = 6
"""All cells together, restarts included, may compute so many times as long as one."""

PATIENCE = 12
"""A cell may take so many times as long by the clock as it may compute."""

START = 600.0
"""Seconds by the clock that the interpreter and its libraries may take before the first cell."""

OUT_OF_TIME = frozenset(
    -getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)
)
"""How a process ends that has computed too long."""

OUT_OF_MEMORY = -getattr(signal, "SIGKILL", 9)
"""How a process ends that the system has ended, nearly always because memory ran out."""

Changes = dict[int, dict[str, Plain]]


@dataclass
class _Attempt:
    """What came of one process; `guilty` is the cell or trial that ended it."""

    changes: Changes = field(default_factory=dict)
    raised: dict[int, str] = field(default_factory=dict)
    observed: dict[int, dict[str, object]] = field(default_factory=dict)
    guilty: int | None = None
    problem: Problem | None = None

    @property
    def done(self) -> int:
        return len(self.changes) + len(self.observed)

    def note(self, report: Report) -> None:
        """Take what is said of the cell or trial that runs."""
        if report.begins:
            self.guilty = report.cell
        elif report.cell != self.guilty:
            return
        elif report.full:
            self.problem = Problem("memory limit", "it used up its memory")
        elif report.changes is not None:
            self.changes[report.cell] = report.changes
            if report.error:
                self.raised[report.cell] = report.error
        elif report.observed is not None:
            self.observed[report.cell] = report.observed


def run(
    sources: Sequence[str | None],
    names: Sequence[str],
    limits: Limits,
    trials: Trials = NO_TRIALS,
) -> History:
    """Run a notebook's cells in order, in one namespace, and then the trials."""
    left = ALL_CELLS * limits.seconds
    best = _Attempt()
    problems: dict[int, Problem] = {}
    for _ in range(1 + len(sources) + len(trials.names)):
        job = _job(sources, names, limits, trials, problems.keys())
        attempt, used = _attempt(job | {"together": left}, names, limits)
        left -= used
        best = max(best, attempt, key=lambda attempt: attempt.done)
        if attempt.guilty is None or attempt.problem is None:
            break
        if attempt.problem.kind == "time limit" and left < 0.1:
            together = f"all together took longer than {_seconds(limits, ALL_CELLS)}"
            attempt.problem = Problem("time limit", together)
        problems[attempt.guilty] = attempt.problem
        if left < 0.1:
            break
    return _history(best, problems, len(sources), trials)


def _job(
    sources: Sequence[str | None],
    names: Sequence[str],
    limits: Limits,
    trials: Trials,
    without: Collection[int],
) -> dict[str, Any]:
    """Tell the child what to do; trials are numbered after the cells."""
    cells = [(n, s) for n, s in enumerate(sources) if s is not None]
    tried = {name: n for n, name in enumerate(trials.names, len(sources))}
    left = trials.left([name for name, n in tried.items() if n in without])
    return {
        "cells": [cell for cell in cells if cell[0] not in without],
        "names": list(names),
        "module": trials.module,
        "trials": [(tried[name], name) for name in left],
        "first_trial": len(sources),
        "memory": limits.memory,
        "seconds": limits.seconds,
        "patience": min(START + PATIENCE * ALL_CELLS * limits.seconds, 10**6),
    }


def _history(
    best: _Attempt, problems: Mapping[int, Problem], cells: int, trials: Trials
) -> History:
    named = dict(enumerate(trials.names, cells))
    return History(
        best.changes,
        {n: problem for n, problem in problems.items() if n < cells},
        best.raised,
        {named[n]: seen for n, seen in best.observed.items() if n in named},
        {named[n]: problem for n, problem in problems.items() if n in named},
    )


def _attempt(
    job: dict[str, Any], names: Sequence[str], limits: Limits
) -> tuple[_Attempt, float]:
    """Run cells and trials to the end, or until one of them goes too far.

    Returns also how long they have computed.
    """
    attempt = _Attempt()
    numbers = [number for number, _ in (*job["cells"], *job["trials"])]
    patience = PATIENCE * limits.seconds
    start, by_itself = None, False
    try:
        with processes.child(job) as child:
            try:
                line = child.lines.get(timeout=START)
                start = started(line or b"")
                while line and start and attempt.done < len(numbers):
                    line = child.lines.get(timeout=patience)
                    report = understand(line, names) if line else None
                    if report and report.cell in numbers:
                        attempt.note(report)
                by_itself = not line and child.ends()
            except queue.Empty:
                raise _stopped(
                    attempt, limits, job["first_trial"], started=start is not None
                ) from None
    except OSError as error:
        raise NotMarked(f"no process can be started for it here: {error}") from error
    if start is None:
        raise NotMarked(
            "the process that runs cells did not start here "
            f"(it ended with status {child.status})"
        )
    if start.lacks:
        raise Lacking(start.lacks)
    if attempt.done == len(numbers):
        attempt.guilty = None
    elif attempt.problem is None:
        attempt.problem = _problem(child.status if by_itself else None, limits)
    return attempt, max(0.0, child.seconds - start.seconds)


def _problem(status: int | None, limits: Limits) -> Problem:
    """Tell from the end of a process what a cell has done to it; None if we had to end it."""
    if status in OUT_OF_TIME:
        words = f"it took longer than {_seconds(limits)}"
        return Problem("time limit", words)
    if status == OUT_OF_MEMORY and not processes.unwanted.is_set():
        raise StoppedByClock(
            "the system ended the process that ran it, which it does when memory runs out"
        )
    return Problem("ended", "it ended the process")


def _stopped(
    attempt: _Attempt, limits: Limits, cells: int, *, started: bool
) -> StoppedByClock:
    if not started:
        return StoppedByClock(
            f"the process that runs cells did not start within {START:g} s"
        )
    guilty = attempt.guilty
    where = "it" if guilty is None else f"code cell {guilty + 1}"
    if guilty is not None and guilty >= cells:
        where = "the trial of an answer"
    return StoppedByClock(
        f"{where} was not done after {PATIENCE * limits.seconds:g} s by the clock: "
        "it waits for something, or this machine is very busy"
    )


def _seconds(limits: Limits, times: float = 1) -> str:
    return f"{times * limits.seconds:g} s of processor time"
