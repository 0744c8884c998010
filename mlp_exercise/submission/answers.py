"""Find a submission's answers: off the page where they are literal, else by execution.

Which value counts: the one right after the step's own answer cell, and if that is missing,
the last one anywhere in the notebook. A value with a ``None`` in it is missing.
An answer's own cell is known by nbgrader's name, by Jupyter's, by the comment it opens with,
or by the check below it.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from mlp_exercise.handout import source
from mlp_exercise.handout.cells import ANSWER
from mlp_exercise.submission import run as runs
from mlp_exercise.submission.broken import (
    Broken,
    broken_cells,
    refuse_newer,
)
from mlp_exercise.submission.literals import Summary, summarise
from mlp_exercise.submission.magics import LARGEST_CELL, to_python
from mlp_exercise.submission.notebook_file import Submission
from mlp_exercise.submission.troubles import left_out
from mlp_exercise.values import Plain

CHECK = re.compile(r"""\bcheck\(\s*['"](\w+)['"]""")
"""What a check cell calls: ``check("z", z)``."""

NOT_EXECUTED = "Its cell would have to be executed, and that was not wanted."
"""Added to the feedback of an answer that was not read for that reason."""


class Answers(NamedTuple):
    """The answers of a submission.

    Attributes
    ----------
    values : mapping of str to Plain
        Those that were found, by name.
    notes : mapping of str to str
        Why others may not have been.
    own : mapping of str to sequence of int
        By name: the cells that are to answer it.
    history : History
        What came of running the notebook, as far as that was needed.
    unclear : tuple of str
        The names for which it was run, or would have to be.
    broken : tuple of Broken
        The cells that are no Python here, if an answer is missing.
    """

    values: Mapping[str, Plain]
    notes: Mapping[str, str]
    own: Mapping[str, Sequence[int]] = {}
    history: runs.History = runs.History()
    unclear: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()


class _Unclear(Enum):
    """Stands where only execution tells the value."""

    VALUE = "unclear"


Changes = Mapping[int, Mapping[str, Plain]]
_State: TypeAlias = "Plain | _Unclear"


def find(
    submission: Submission,
    names: Sequence[str],
    *,
    execute: bool,
    timeout: float,
    openings: Mapping[str, str] | None = None,
) -> Answers:
    """Find the answers."""
    asked = frozenset(names)
    summaries = [summarise(cell.source, asked) for cell in submission.cells]
    own = own_cells(submission, names, openings or {})
    found = {name: _choose(name, own[name], summaries, None) for name in names}
    unclear = [
        name
        for name, value in found.items()
        if isinstance(value, _Unclear)
        or (value is None and _is_worked_on(submission, own[name]))
    ]
    note = ""
    history = runs.History()
    if unclear and execute:
        sources = [runnable(cell.source) for cell in submission.cells]
        history = runs.run(sources, names, runs.Limits(seconds=timeout))
        for name in unclear:
            found[name] = _choose(name, own[name], summaries, history.changes)
        note = " ".join(left_out(*pair) for pair in history.left_out.items())
    elif unclear:
        note = NOT_EXECUTED
    values = {n: v for n, v in found.items() if not isinstance(v, _Unclear)}
    missing = [name for name in names if is_missing(values.get(name))]
    notes = {name: note for name in unclear if note and name in missing}
    broken = broken_cells(submission) if missing else []
    for name in missing:
        answering = [cell for cell in broken if _answers(cell, name, own[name])]
        refuse_newer(broken if execute and name in unclear else answering)
        if answering:
            notes[name] = str(answering[-1])
    return Answers(values, notes, own, history, tuple(unclear), tuple(broken))


def _is_worked_on(submission: Submission, numbers: Sequence[int]) -> bool:
    """Tell whether a cell that gives no answer holds more than it was handed out with."""
    cells = [submission.cells[number].source for number in numbers]
    trees = [to_python(cell) for cell in cells if not CHECK.search(cell)]
    return any(not _is_blank(s) for python in trees if python for s in python.tree.body)


def _is_blank(statement: ast.stmt) -> bool:
    """Tell whether a statement only gives literals, or says that there is no answer yet."""
    match statement:
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case ast.Assign(value=value) | ast.Expr(value=value):
            literal = (
                ast.Constant,
                ast.List,
                ast.Tuple,
                ast.UnaryOp,
                ast.unaryop,
                ast.Load,
            )
            return all(isinstance(node, literal) for node in ast.walk(value))
    return isinstance(statement, ast.Pass)


@lru_cache(maxsize=8)
def openings(exercise: str) -> Mapping[str, str]:
    """List the lines that answer cells open with as they are handed out."""
    cells = [cell for cell in source.load(exercise).cells if ANSWER in cell.tags]
    return {cell.grade_id: cell.text.strip().partition("\n")[0] for cell in cells}


def own_cells(
    submission: Submission, names: Sequence[str], openings: Mapping[str, str]
) -> dict[str, list[int]]:
    """Find the cells after which an answer counts."""
    opened = {line.strip(): name for name, line in openings.items()}
    ways: list[dict[str, list[int]]] = [{name: [] for name in names} for _ in range(4)]
    for number, cell in reversed(list(enumerate(submission.cells))):
        text = cell.source
        lines = text.splitlines() if "#" in text else ()
        told = (
            (cell.grade_id or "",),
            (cell.id or "",),
            [opened.get(line.strip(), "") for line in lines],
            CHECK.findall(text) if "check" in text else (),
        )
        for way, found in zip(ways, told, strict=True):
            for name in found:
                if name in way:
                    way[name].append(number)
    return {name: [n for way in ways for n in way[name]] for name in names}


def is_missing(value: Plain) -> bool:
    """Say whether an answer was left blank, even in part."""
    if isinstance(value, list):
        return any(map(is_missing, value))
    return value is None


def _answers(cell: Broken, name: str, own: Sequence[int]) -> bool:
    """Say whether a broken cell is an answer's own, or looks as if it assigned the answer."""
    assigns = re.search(rf"^\s*{name}\b[^=\n]*=", cell.flaw.text, re.MULTILINE)
    return cell.number - 1 in own or bool(assigns)


def _choose(
    name: str, own: Sequence[int], summaries: list[Summary], changes: Changes | None
) -> _State:
    """Say which value of a name counts; without `changes`, as far as the page tells."""
    states = list(_states(name, summaries, changes))
    for state in [*(states[number] for number in own), *reversed(states)]:
        if isinstance(state, _Unclear) or not is_missing(state):
            return state
    return None


def _states(
    name: str, summaries: list[Summary], changes: Changes | None
) -> Iterator[_State]:
    """Follow the value of a name from cell to cell."""
    state: _State = None
    for number, summary in enumerate(summaries):
        if name in summary.values:
            state = summary.values[name]
        elif changes is None:
            if name in summary.unclear:
                state = _Unclear.VALUE
        elif name in changes.get(number, ()):
            state = changes[number][name]
        yield state


def runnable(source: str) -> str | None:
    """Give the Python of a cell."""
    if len(source) > LARGEST_CELL:
        return source
    python = to_python(source)
    return None if python is None else python.source
