"""Run a notebook's cells in a guarded child process, and believe nothing that it says.

After the cells, *trials* call what they have defined; see `mlp_reference.exercises.observations`.
The child has an interpreter, an empty folder and an environment of its own. A cell that takes
too long, ends the process or fills its memory is left out, and the notebook begins again
without it: so it keeps the answers of its other cells. The same holds for trials.
"""

import queue
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple

from mlp_reference.exercises.submissions import processes
from mlp_reference.exercises.submissions.protocol import understand
from mlp_reference.exercises.values import Plain

ALL_CELLS = 6
"""All cells together, restarts included, may take so many times as long as one."""

START = 60.0
"""Seconds that the interpreter and its libraries may take before the first cell."""

Changes = dict[int, dict[str, Plain]]


@dataclass(frozen=True)
class Limits:
    """What a notebook may use.

    Attributes
    ----------
    seconds : float
        For a cell.
    memory : int
        Address space in bytes, on top of what the libraries of its trials take.
    """

    seconds: float = 10.0
    memory: int = 2 * 2**30


class History(NamedTuple):
    """What came of a run.

    Attributes
    ----------
    changes : mapping
        By the number of each cell that ran: the names it changed, and their values after it.
    left_out : tuple of str
        A sentence for every cell that could not be run.
    observed : mapping of str to mapping
        What each trial saw, for `observations.unpack` to read.
    failed : mapping of str to str
        A sentence for every trial that came to no end.
    """

    changes: Mapping[int, Mapping[str, Plain]]
    left_out: tuple[str, ...]
    observed: Mapping[str, Mapping[str, object]] = {}
    failed: Mapping[str, str] = {}


@dataclass(frozen=True)
class Trials:
    """What is tried out after the cells.

    Attributes
    ----------
    module : str
        Where they are: a module with a mapping ``TRIALS`` of trials by name.
    names : tuple of str
        Which of them.
    needs : mapping of str to tuple of str
        By name: the trials without which one is not made.
    """

    module: str = ""
    names: tuple[str, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def left(self, without: Collection[str]) -> tuple[str, ...]:
        """List the trials that are still to be made.

        Parameters
        ----------
        without : collection of str
            Those that were given up.

        Returns
        -------
        tuple of str
            In order.
        """
        lost = set(without)
        needs = {name: {name, *self.needs.get(name, ())} for name in self.names}
        return tuple(name for name in self.names if not needs[name] & lost)


NO_TRIALS = Trials()
"""For exercises whose answers are numbers."""


class _Attempt(NamedTuple):
    changes: Changes
    observed: dict[int, dict[str, object]]
    guilty: int | None = None
    problem: str = ""

    @property
    def done(self) -> int:
        return len(self.changes) + len(self.observed)


def run(
    sources: Sequence[str | None],
    names: Sequence[str],
    limits: Limits,
    trials: Trials = NO_TRIALS,
) -> History:
    """Run a notebook's cells in order, in one namespace, and then the trials.

    Parameters
    ----------
    sources : sequence of str or None
        The cells in plain Python; None for a cell that never runs.
    names : sequence of str
        The variables to report.
    limits : Limits
        What it may use.
    trials : Trials, optional
        What to try out afterwards; each may take as long as a cell.

    Returns
    -------
    History
        Of the attempt that got furthest.
    """
    deadline = monotonic() + ALL_CELLS * limits.seconds
    best = _Attempt({}, {})
    problems: dict[int | None, str] = {}
    for _ in range(1 + len(sources) + len(trials.names)):
        job = _job(sources, names, limits, trials, problems.keys())
        attempt = _attempt(job, names, limits, deadline)
        best = max(best, attempt, key=lambda attempt: attempt.done)
        if attempt.problem:
            problems[attempt.guilty] = attempt.problem
        if attempt.guilty is None or monotonic() >= deadline:
            break
    return _history(best, problems, len(sources), trials)


def _job(
    sources: Sequence[str | None],
    names: Sequence[str],
    limits: Limits,
    trials: Trials,
    without: Collection[int | None],
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
        "memory": limits.memory,
        "seconds": min(int(START + ALL_CELLS * limits.seconds) + 1, 10**6),
    }


def _history(
    best: _Attempt, problems: Mapping[int | None, str], cells: int, trials: Trials
) -> History:
    left_out = [
        problem
        if number is None
        else f"Code cell {number + 1} was left out: {problem}."
        for number, problem in problems.items()
        if number is None or number < cells
    ]
    named = dict(enumerate(trials.names, cells))
    observed = {named[n]: seen for n, seen in best.observed.items() if n in named}
    failed = {
        named[n]: f"The trial was given up: {problem}."
        for n, problem in problems.items()
        if n in named
    }
    return History(best.changes, tuple(left_out), observed, failed)


def _attempt(
    job: dict[str, Any], names: Sequence[str], limits: Limits, deadline: float
) -> _Attempt:
    """Run cells and trials to the end, or until one of them goes too far."""
    changes: Changes = {}
    observed: dict[int, dict[str, object]] = {}
    current = None
    known = {number for number, _ in (*job["cells"], *job["trials"])}
    until = monotonic() + START
    with processes.child(job) as lines:
        while len(changes) + len(observed) < len(job["cells"]) + len(job["trials"]):
            try:
                line = lines.get(timeout=max(0.0, until - monotonic()))
            except queue.Empty:
                problem = f"it took longer than {limits.seconds:g} s"
                break
            if line is None:
                problem = "it ended the process or used up its memory"
                break
            report = understand(line, names)
            if report is None or report.cell not in known:
                continue
            if report.begins:
                current = report.cell
            elif report.cell == current and report.changes is not None:
                changes[current] = report.changes
            elif report.cell == current and report.observed is not None:
                observed[current] = report.observed
            until = min(monotonic() + limits.seconds, deadline)
        else:
            return _Attempt(changes, observed)
    if current is None:
        problem = "The process that runs cells did not start."
    elif monotonic() >= deadline:
        problem = f"all together took longer than {ALL_CELLS * limits.seconds:g} s"
    return _Attempt(changes, observed, current, problem)
