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
from collections.abc import Iterable, Mapping, Sequence
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

LOADED = ("numpy.random", "importlib.metadata", "email.parser", "mlp_exercise.part1")
LOADED_IF_MENTIONED = {
    r"\btorch\b": ("torch",),
    r"\b(matplotlib|plotting)\b": (
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

    kind: Literal["time limit", "memory limit", "report limit", "ended"]
    words: str  # the same, to follow "it" or its name and a colon


class Trials(NamedTuple):
    """What is tried out after the cells."""

    module: str = ""  # a package that has TRIALS by name, and LIBRARIES that they need
    names: tuple[str, ...] = ()
    needs: Mapping[str, Sequence[str]] = {}  # those without which one is not made

    def left(self, without: Iterable[int | str]) -> list[str]:
        """Return the trials that are still to be made."""
        lost = set(without)
        return [n for n in self.names if not {n, *self.needs.get(n, ())} & lost]


NO_TRIALS = Trials()  # answers that are numbers have none


class History(NamedTuple):
    """What came of a run: cells by their number, trials by their name."""

    changes: Mapping[int, Mapping[str, Plain]] = {}  # by a cell, values after it
    left_out: Mapping[int, Problem] = {}
    raised: Mapping[int, str] = {}
    observed: Mapping[str, Mapping[str, object]] = {}  # for `observations.unpack`
    failed: Mapping[str, Problem] = {}


@dataclass
class _Attempt:
    """What came of one process; tasks, cells and then trials, report in order."""

    tasks: Sequence[int | str]
    names: Sequence[str] = ()  # whose values cells report
    patience: float = 0.0  # in seconds by the clock, for each
    reports: dict[int | str, dict[str, Any]] = field(default_factory=dict)
    raised: dict[int, str] = field(default_factory=dict)
    problem: Problem | None = None
    start: tuple[float, str] | None = None  # seconds of loading, the module it lacks

    @property
    def running(self) -> int | str | None:
        """Return the task whose report is to come; None after the last."""
        return next(iter(self.tasks[len(self.reports) :]), None)

    @property
    def is_over(self) -> bool:
        return self.running is None or self.problem is not None

    def listen(self, lines: process.Lines) -> float:
        """Note what is said; return how long the process may take to end by itself."""
        match json.loads(lines.get(timeout=process.START) or b"null"):
            case {"seconds": float(seconds), "lacks": str(lacks)}:
                self.start = seconds, lacks
        while self.start and not self.is_over:
            if (line := lines.get(timeout=self.patience)) is None:
                break
            if not line:
                most = f"{process.MOST_BYTES // 2**20} MiB"
                words = f"it reported more than the {most} that are read"
                self.problem = Problem("report limit", words)
            self.note(line)
        return 0 if self.is_over else process.LAST_BREATH

    def note(self, line: bytes) -> None:
        """Note what is said of the task that runs; a notebook may have said it."""
        task = self.running
        try:
            match json.loads(line):
                case {"task": said} if task is None or said != task:
                    pass
                case {"task": _, "full": True}:
                    self.problem = Problem("memory limit", "it used up its memory")
                case {"task": str(trial), "observed": dict(seen)}:
                    self.reports[trial] = seen
                case {"task": int(cell), "changes": dict(new), "error": str(error)}:
                    changed = [name for name in self.names if name in new]
                    self.reports[cell] = {n: _checked(new[n]) for n in changed}
                    if error:
                        self.raised[cell] = error[:LONGEST_ERROR]
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
    left = ALL_CELLS * limits.seconds
    best = _Attempt(())
    problems: dict[int | str, Problem] = {}
    for _ in range(1 + len(cells) + len(trials.names)):
        tasks: list[tuple[int | str, str]] = [c for c in cells if c[0] not in problems]
        tasks += [(name, "") for name in trials.left(problems)]
        last_resort = min(process.START + PATIENCE * left, 10**6)
        bounds = (limits.memory, limits.seconds, left, last_resort)
        job = {"tasks": tasks, "names": list(names), "module": trials.module}
        attempt, used = _attempt(job | {"limits": bounds}, limits)
        left -= used
        best = max(best, attempt, key=lambda attempt: len(attempt.reports))
        if attempt.running is None or attempt.problem is None:
            break
        if attempt.problem.kind == "time limit" and left < 0.1:
            together = f"all together took longer than {_seconds(limits, ALL_CELLS)}"
            attempt.problem = Problem("time limit", together)
        problems[attempt.running] = attempt.problem
        if left < 0.1:
            break
    return History(
        {n: changes for n, changes in best.reports.items() if isinstance(n, int)},
        {n: problem for n, problem in problems.items() if isinstance(n, int)},
        best.raised,
        {name: seen for name, seen in best.reports.items() if isinstance(name, str)},
        {name: problem for name, problem in problems.items() if isinstance(name, str)},
    )


def _attempt(
    job: dict[str, Any], limits: Limits, *, again: bool = True
) -> tuple[_Attempt, float]:
    """Run tasks to the end, or until one goes too far; return also its seconds."""
    patience = PATIENCE * limits.seconds
    attempt = _Attempt([task for task, _ in job["tasks"]], job["names"], patience)
    text = "\n".join(source for _, source in job["tasks"])
    libraries = [*LOADED]
    for mention, modules in LOADED_IF_MENTIONED.items():
        libraries += modules if re.search(mention, text) else ()
    try:
        status, used = process.run(job, libraries, attempt.listen)
    except queue.Empty:
        where = "the process that runs cells"
        if attempt.start is not None:
            where = "the trial of an answer"
            if isinstance(attempt.running, int):
                where = f"code cell {attempt.running + 1}"
        raise StoppedByClock(
            f"{where} was not done after {patience:g} s by the clock: "
            "it waits for something, or this machine is very busy"
        ) from None
    except process.Gone as gone:
        if again and not process.unwanted.is_set():
            return _attempt(job, limits, again=False)
        raise NotMarked(f"the process that runs cells ended here: {gone}") from gone
    except OSError as error:
        raise NotMarked(f"no process can be started for it here: {error}") from error
    if attempt.start is None:
        words = f"did not start here (it ended with status {status})"
        raise NotMarked(f"the process that runs cells {words}")
    loading, lacks = attempt.start
    if lacks:
        raise Lacking(lacks)
    if not attempt.is_over:
        attempt.problem = _problem(status, limits)
    return attempt, max(0.0, used - loading)


def _problem(status: int | None, limits: Limits) -> Problem:
    """Return what a task has done to its process; the status is None if we had to end it."""
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
