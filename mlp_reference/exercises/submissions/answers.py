"""Find a submission's answers: off the page where they are literal, else by execution.

Which value counts: the one right after the step's own answer cell, and if that is missing,
the last one anywhere in the notebook. A value with a ``None`` in it is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

from mlp_reference.exercises.submissions import guarded
from mlp_reference.exercises.submissions.literals import Summary, summarise
from mlp_reference.exercises.submissions.magics import LARGEST_CELL, to_python
from mlp_reference.exercises.submissions.notebook_file import Submission
from mlp_reference.exercises.submissions.troubles import left_out
from mlp_reference.exercises.values import Plain

NO_PYTHON = "Its cell is not valid Python, so it never runs."
"""Added to the feedback of an answer that stands in such a cell."""

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
        The names for which it was run.
    """

    values: Mapping[str, Plain]
    notes: Mapping[str, str]
    own: Mapping[str, Sequence[int]] = {}
    history: guarded.History = guarded.History()
    unclear: tuple[str, ...] = ()


class _Unclear(Enum):
    """Stands where only execution tells the value."""

    VALUE = "unclear"


Changes = Mapping[int, Mapping[str, Plain]]
_State: TypeAlias = "Plain | _Unclear"


def find(
    submission: Submission, names: Sequence[str], *, execute: bool, timeout: float
) -> Answers:
    """Find the answers.

    Parameters
    ----------
    submission : Submission
        A notebook.
    names : sequence of str
        The variables that are asked for.
    execute : bool
        Whether to run the notebook, in a child process, if some answer needs it.
    timeout : float
        How long a cell may take, in seconds.

    Returns
    -------
    Answers
        Literal answers keep their literal values whatever other cells do.
    """
    asked = frozenset(names)
    summaries = [summarise(cell.source, asked) for cell in submission.cells]
    own: dict[str, list[int]] = {name: [] for name in names}
    for number, cell in enumerate(submission.cells):
        if cell.grade_id in own:
            own[cell.grade_id].append(number)
    found = {name: _choose(name, own[name], summaries, None) for name in names}
    unclear = [name for name, value in found.items() if isinstance(value, _Unclear)]
    note = ""
    history = guarded.History()
    if unclear and execute:
        sources = [runnable(cell.source) for cell in submission.cells]
        history = guarded.run(sources, names, guarded.Limits(seconds=timeout))
        for name in unclear:
            found[name] = _choose(name, own[name], summaries, history.changes)
        note = " ".join(left_out(*pair) for pair in history.left_out.items())
    elif unclear:
        note = NOT_EXECUTED
    values = {n: v for n, v in found.items() if not isinstance(v, _Unclear)}
    missing = [name for name in names if is_missing(values.get(name))]
    notes = {name: note for name in unclear if note and name in missing}
    for name in missing:
        cells = [submission.cells[number].source for number in own[name]]
        if any(to_python(cell) is None for cell in cells):
            notes[name] = NO_PYTHON
    return Answers(values, notes, own, history, tuple(unclear))


def is_missing(value: Plain) -> bool:
    """Say whether an answer was left blank, even in part.

    Parameters
    ----------
    value : Plain
        What was assigned.

    Returns
    -------
    bool
        Whether it is None, or holds a None.
    """
    if isinstance(value, list):
        return any(map(is_missing, value))
    return value is None


def _choose(
    name: str, own: list[int], summaries: list[Summary], changes: Changes | None
) -> _State:
    """Say which value of a name counts; without `changes`, as far as the page tells."""
    states = list(_states(name, summaries, changes))
    for state in [*(states[number] for number in reversed(own)), *reversed(states)]:
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
    """Give the Python of a cell.

    Parameters
    ----------
    source : str
        The cell's text.

    Returns
    -------
    str or None
        None for a cell that makes no sense.
    """
    if len(source) > LARGEST_CELL:
        return source
    python = to_python(source)
    return None if python is None else python.source
