"""What went wrong while a notebook ran, and what that means for its marks.

An answer that is missing because its cell raised an error, or met a limit, is told so. What
this machine lacks is never charged to a learner: then the notebook is not marked at all.
"""

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.machinery import PathFinder

from mlp_exercise.check import StepMark
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.submission.process import module_path
from mlp_exercise.submission.run import History, Lacking, Problem

MOST_NAMED = 3
"""So many cells that raised an error are named."""

NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)")
"""How Python says that a library is not there."""

NO_SPACE = "[Errno 28]"
"""How Python says that a disk is full."""


def left_out(number: int, problem: Problem) -> str:
    """Say that a cell could not be run to its end."""
    return f"Code cell {number + 1} was left out: {problem.words}."


def raised(number: int, error: str) -> str:
    """Say that a cell raised an error."""
    return f"Code cell {number + 1} raised {error}."


def explained(
    marks: Iterable[StepMark],
    own: Mapping[str, Sequence[int]],
    history: History,
    values: Collection[str],
) -> Iterator[StepMark]:
    """Say of answers that are missing which of their own cells came to no end."""
    late = {n: p for n, p in history.left_out.items() if p.kind == "time limit"}
    met = {p.kind for p in history.left_out.values() if p.kind != "ended"}
    for mark in marks:
        if mark.points:
            yield mark
            continue
        cells = own.get(mark.name, ())
        words = next(filter(None, (_trouble(n, history) for n in cells)), "")
        before = [n for n in late if cells and n <= max(cells)]
        depends = ("missing", "wrong") if mark.name in values else ("missing",)
        if before and mark.verdict in depends:
            words = words or left_out(before[0], late[before[0]])
            mark = replace(mark, verdict="timed-out", feedback=words, slip="")
        elif mark.verdict == "missing" and words:
            mark = replace(mark, feedback=words)
        yield replace(mark, flags=tuple(dict.fromkeys((*mark.flags, *sorted(met)))))


def _trouble(number: int, history: History) -> str:
    if number in history.left_out:
        return left_out(number, history.left_out[number])
    return raised(number, history.raised[number]) if number in history.raised else ""


def remarks(
    history: History, *, lost: bool, passed_over: Collection[int] = ()
) -> list[str]:
    """Tell what a person should know of the notebook as a whole."""
    told = [left_out(n, problem) for n, problem in sorted(history.left_out.items())]
    told += [
        f"The trial of {name} was given up: {p.words}."
        for name, p in history.failed.items()
    ]
    if lost:
        errors = [n for n in sorted(history.raised) if n not in passed_over]
        told += [raised(n, history.raised[n]) for n in errors[:MOST_NAMED]]
        if more := len(errors) - min(len(errors), MOST_NAMED):
            told.append(
                f"{more} more {'cell' if more == 1 else 'cells'} raised errors."
            )
    return told


def met_a_limit(history: History) -> bool:
    """Say whether a limit was met."""
    problems = (*history.left_out.values(), *history.failed.values())
    return any(problem.kind != "ended" for problem in problems)


def refuse_what_is_lacking_here(
    raised: Mapping[int, str], details: Iterable[str] = ()
) -> None:
    """Mark nothing where points are lost for want of something that this machine lacks."""
    where = ((f"code cell {n + 1}", error) for n, error in sorted(raised.items()))
    for what, error in (*where, *(("it", detail) for detail in details)):
        found = NO_MODULE.search(error)
        if found and not _is_installed(found[1]):
            raise Lacking(found[1], what)
        if NO_SPACE in error:
            raise NotMarked(f"{what} has no space here for what it writes: {error}")


def _is_installed(module: str) -> bool:
    # Of our own packages, only another version of the course has what is not there.
    if module in (*sys.builtin_module_names, "mlp_exercise", "mlp_reference"):
        return True
    found = PathFinder.find_spec(module, module_path())
    return found is not None and found.origin is not None  # else a mere folder
