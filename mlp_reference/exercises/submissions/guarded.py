"""Run a notebook's cells in a guarded child process, and believe nothing that it says.

The child has an interpreter, an empty folder and an environment of its own. A cell that takes
too long, ends the process or fills its memory is left out, and the notebook begins again
without it: so it keeps the answers of its other cells.
"""

import queue
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

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
        Address space in bytes; PyTorch needs more.
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
    """

    changes: Mapping[int, Mapping[str, Plain]]
    left_out: tuple[str, ...]


class _Attempt(NamedTuple):
    changes: Changes
    guilty: int | None = None
    problem: str = ""


def run(sources: Sequence[str | None], names: Sequence[str], limits: Limits) -> History:
    """Run a notebook's cells in order, in one namespace.

    Parameters
    ----------
    sources : sequence of str or None
        The cells in plain Python; None for a cell that never runs.
    names : sequence of str
        The variables to report.
    limits : Limits
        What it may use.

    Returns
    -------
    History
        Of the attempt that got furthest.
    """
    deadline = monotonic() + ALL_CELLS * limits.seconds
    best: Changes = {}
    problems: dict[int | None, str] = {}
    for _ in range(1 + len(sources)):
        cells = [
            (number, source)
            for number, source in enumerate(sources)
            if source is not None and number not in problems
        ]
        attempt = _attempt(cells, names, limits, deadline)
        best = max(best, attempt.changes, key=len)
        if attempt.problem:
            problems[attempt.guilty] = attempt.problem
        if attempt.guilty is None or monotonic() >= deadline:
            break
    return History(best, tuple(problems.values()))


def _attempt(
    cells: list[tuple[int, str]], names: Sequence[str], limits: Limits, deadline: float
) -> _Attempt:
    """Run the cells to the end, or until one of them goes too far."""
    changes: Changes = {}
    current = None
    job = {
        "cells": cells,
        "names": list(names),
        "memory": limits.memory,
        "seconds": min(int(START + ALL_CELLS * limits.seconds) + 1, 10**6),
    }
    until = monotonic() + START
    with processes.child(job) as lines:
        while len(changes) < len(cells):
            try:
                line = lines.get(timeout=max(0.0, until - monotonic()))
            except queue.Empty:
                problem = f"it took longer than {limits.seconds:g} s"
                break
            if line is None:
                problem = "it ended the process or used up its memory"
                break
            report = understand(line, names)
            if report is None:
                continue
            if report.changes is None:
                current = report.cell
            elif report.cell == current:
                changes[current] = report.changes
            until = min(monotonic() + limits.seconds, deadline)
        else:
            return _Attempt(changes)
    if current is None:
        return _Attempt(changes, None, "The process that runs cells did not start.")
    if monotonic() >= deadline:
        problem = f"all together took longer than {ALL_CELLS * limits.seconds:g} s"
    return _Attempt(
        changes, current, f"Code cell {current + 1} was left out: {problem}."
    )
