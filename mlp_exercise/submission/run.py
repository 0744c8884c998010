"""Run a notebook's cells, then try out what they define, and believe nothing that comes back.

Both are done in a process of their own, see `process`. A cell that computes too long, ends the
process or fills its memory is left out, and the notebook begins again without it: so the
answers of its other cells count. The same holds for trials.

Time is processor time, so that marks do not depend on how busy the machine is. The clock stands
far behind it; what it stops says nothing about the notebook.
"""

import json
import math
import os
import queue
import re
import signal
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from mlp_exercise.submission import process
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.submission.process import none_wanted as none_wanted
from mlp_exercise.values import DEPTH, PHRASES, SIZE, Plain, plain

ALL_CELLS = 6
"""How often all cells together, restarts included, may compute as long as one of them."""

PATIENCE = 12
"""How often a cell may take by the clock what it may compute."""

LOADED = (
    *("numpy.random", "importlib.metadata", "email.parser", "mlp_exercise.part1"),
)
LOADED_IF_MENTIONED = {
    "torch": ("torch",),
    "matplotlib|plotting": (
        "matplotlib.backends.backend_agg",
        "mlp_reference.plotting",
    ),
}
"""What notebooks find loaded; some of it costs too much to load it for all."""

OUT_OF_TIME = {
    -getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)
}
OUT_OF_MEMORY = -getattr(signal, "SIGKILL", 9)  # nearly always the reason of a system

LONGEST_TEXT, LONGEST_ERROR = 100, 200
"""In characters, of what the process says."""


class Lacking(NotMarked):
    """A library that a notebook needs is not installed here."""

    def __init__(self, module: str, what: str = "it") -> None:
        name = "PyTorch" if module == "torch" else module
        slip = "" if what == "it" else ", if that is no slip,"
        super().__init__(
            f"{what} needs {name}, which is not installed where it is marked: "
            f"install it there{slip} and mark again"
        )


class StoppedByClock(NotMarked):
    """The clock or the system ended the process: alone, the notebook may get through."""


class Limits(NamedTuple):
    """What a notebook may use."""

    seconds: float = 10.0  # of processor time, for a cell or a trial
    memory: int = 2 * 2**30  # address space in bytes, on top of the libraries


class Problem(NamedTuple):
    """Why a cell or a trial came to no end."""

    kind: Literal["time limit", "memory limit", "ended"]
    words: str  # the same, to follow "it" or its name and a colon


class Trials(NamedTuple):
    """What is tried out after the cells."""

    module: str = ""  # a package that has TRIALS by name, and LIBRARIES that they need
    names: tuple[str, ...] = ()
    needs: Mapping[
        str, tuple[str, ...]
    ] = {}  # by name: those without which it is not made

    def left(self, without: Collection[str]) -> tuple[str, ...]:
        """Return the trials that are still to be made."""
        lost = set(without)
        return tuple(n for n in self.names if not {n, *self.needs.get(n, ())} & lost)


NO_TRIALS = Trials()  # answers that are numbers have none


class History(NamedTuple):
    """What came of a run: cells by their number, trials by their name."""

    changes: Mapping[
        int, Mapping[str, Plain]
    ] = {}  # names a cell changed, values after it
    left_out: Mapping[int, Problem] = {}
    raised: Mapping[int, str] = {}
    observed: Mapping[str, Mapping[str, object]] = {}  # for `observations.unpack`
    failed: Mapping[str, Problem] = {}


@dataclass
class _Attempt:
    """What came of one process; cells and then trials report in order, each for itself."""

    cells: Sequence[int]
    trials: Sequence[int] = ()
    changes: dict[int, dict[str, Plain]] = field(default_factory=dict)
    raised: dict[int, str] = field(default_factory=dict)
    observed: dict[int, dict[str, object]] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def done(self) -> int:
        return len(self.changes) + len(self.observed)

    @property
    def running(self) -> int | None:
        """Return the cell or trial whose report is to come; None after the last."""
        return next(iter((*self.cells, *self.trials)[self.done :]), None)

    def note(self, line: bytes, names: Collection[str]) -> None:
        """Note what is said of the cell or trial that runs; a notebook may have said it."""
        number = self.running
        try:
            match json.loads(line):
                case {"cell": int(said)} if number is None or said != number:
                    pass
                case {"cell": int(at), "full": True}:
                    self.problem = Problem("memory limit", "it used up its memory")
                case {"cell": int(at), "observed": dict(seen)} if at in self.trials:
                    self.observed[at] = seen
                case {
                    "cell": int(at),
                    "changes": dict(new),
                    "error": str(error),
                } if at in self.cells:
                    self.changes[at] = {n: _checked(new[n]) for n in names if n in new}
                    if error:
                        self.raised[at] = error[:LONGEST_ERROR]
        except (ValueError, RecursionError):
            pass


def run(
    sources: Sequence[str | None],
    names: Sequence[str],
    limits: Limits,
    trials: Trials = NO_TRIALS,
) -> History:
    """Run a notebook's cells in order, in one namespace, and then the trials."""
    cells = [(n, source) for n, source in enumerate(sources) if source is not None]
    named = dict(enumerate(trials.names, len(sources)))  # numbered after the cells
    left = ALL_CELLS * limits.seconds
    best = _Attempt(())
    problems: dict[int, Problem] = {}
    for _ in range(1 + len(cells) + len(named)):
        still = trials.left([named[n] for n in problems if n in named])
        job = {
            "cells": [cell for cell in cells if cell[0] not in problems],
            "names": list(names),
            "module": trials.module,
            "trials": [pair for pair in named.items() if pair[1] in still],
            "memory": limits.memory,
            "seconds": limits.seconds,
            "together": left,
            "patience": min(process.START + PATIENCE * left, 10**6),
        }
        attempt, used = _attempt(job, limits)
        left -= used
        best = max(best, attempt, key=lambda attempt: attempt.done)
        if attempt.running is None or attempt.problem is None:
            break
        if attempt.problem.kind == "time limit" and left < 0.1:
            together = f"all together took longer than {_seconds(limits, ALL_CELLS)}"
            attempt.problem = Problem("time limit", together)
        problems[attempt.running] = attempt.problem
        if left < 0.1:
            break
    return History(
        best.changes,
        {n: problem for n, problem in problems.items() if n not in named},
        best.raised,
        {named[n]: seen for n, seen in best.observed.items()},
        {named[n]: problem for n, problem in problems.items() if n in named},
    )


def _attempt(
    job: dict[str, Any], limits: Limits, *, again: bool = True
) -> tuple[_Attempt, float]:
    """Run cells and trials to the end, or until one goes too far; return also its seconds."""
    cells, trials = (
        [number for number, _ in job[kind]] for kind in ("cells", "trials")
    )
    attempt = _Attempt(cells, trials)
    text = "\n".join(source for _, source in job["cells"])
    libraries = [*LOADED]
    for name, modules in LOADED_IF_MENTIONED.items():
        libraries += modules if re.search(rf"\b({name})\b", text) else ()
    start = None
    try:
        with process.child(job, libraries) as child:
            start = _start(child.lines.get(timeout=process.START))
            while start and attempt.running is not None and not attempt.problem:
                line = child.lines.get(timeout=PATIENCE * limits.seconds)
                if line is None:
                    break
                attempt.note(line, job["names"])
            over = attempt.running is None or attempt.problem
            status = child.end(0 if over else process.LAST_BREATH)
    except queue.Empty:
        where = "the process that runs cells"
        if start is not None:
            number = attempt.running or 0
            is_cell = number in cells
            where = f"code cell {number + 1}" if is_cell else "the trial of an answer"
        raise StoppedByClock(
            f"{where} was not done after {PATIENCE * limits.seconds:g} s by the clock: "
            "it waits for something, or this machine is very busy"
        ) from None
    except process.Gone as gone:
        if again and not process.unwanted.is_set():
            return _attempt(job, limits, again=False)
        raise NotMarked(f"the process that runs cells ended here: {gone}") from gone
    except OSError as error:
        raise NotMarked(f"no process can be started for it here: {error}") from error
    if start is None:
        words = f"did not start here (it ended with status {status})"
        raise NotMarked(f"the process that runs cells {words}")
    if start[1]:
        raise Lacking(start[1])
    if not over:
        attempt.problem = _problem(status, limits)
    return attempt, max(0.0, child.seconds - start[0])


def _start(line: bytes | None) -> tuple[float, str] | None:
    """Read what came before any cell ran: seconds of loading, and the module that is lacking."""
    match json.loads(line or b"null"):
        case {"seconds": float(seconds), "lacks": str(lacks)}:
            return seconds, lacks
    return None


def _problem(status: int | None, limits: Limits) -> Problem:
    """Return what a cell has done to its process; the status is None if we had to end it."""
    if status in OUT_OF_TIME:
        return Problem("time limit", f"it took longer than {_seconds(limits)}")
    if status == OUT_OF_MEMORY and not process.unwanted.is_set():
        raise StoppedByClock(
            "the system ended the process that ran it, which it does when memory runs out"
        )
    return Problem("ended", "it ended the process")


def _seconds(limits: Limits, times: float = 1) -> str:
    return f"{times * limits.seconds:g} s of processor time"


def _checked(value: object, depth: int = DEPTH) -> Plain:
    """Let through what `values.plain` may have sent, and nothing else."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if not isinstance(value, list):
        return plain(value)
    if not depth or _size(value) > SIZE:
        return PHRASES["too many" if depth else "too deep"]
    return [_checked(item, depth - 1) for item in value]


def _size(value: object) -> int:
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


GROUPS = Path("/sys/fs/cgroup")  # where Linux has the quotas of containers


def usable_cores(groups: Path = GROUPS) -> int:
    """Count the cores that this process may use; a host may have more."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:  # macOS, Windows
        cores = os.cpu_count() or 1
    try:
        own = Path("/proc/self/cgroup").read_text("ascii").rpartition("::/")[2].strip()
    except (OSError, ValueError):
        own = ""
    above = (groups / own, *(groups / own).parents)
    quotas = [_quota(f / "cpu.max") for f in above if f.is_relative_to(groups)]
    first = groups / "cpu"  # version 1 has a file for each number
    quotas.append(_quota(first / "cpu.cfs_quota_us", first / "cpu.cfs_period_us"))
    return max(1, math.ceil(min(cores, *quotas)))


def _quota(*files: Path) -> float:
    """Read a quota in cores, such as ``150000 100000``; ``max`` or −1 says that there is none."""
    try:
        quota, period = " ".join(f.read_text("ascii") for f in files).split()
        cores = float(quota) / float(period)
    except (OSError, ValueError, ZeroDivisionError):
        return math.inf
    return cores if cores > 0 else math.inf
