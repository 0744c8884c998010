"""Exercises whose answers are code: run the notebook in a child process, then the trials."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from importlib import import_module

from mlp_reference.exercises.code_steps import CodeStep
from mlp_reference.exercises.handouts import source
from mlp_reference.exercises.handouts.cells import CHECK, SHOW
from mlp_reference.exercises.marks import StepMark
from mlp_reference.exercises.submissions import guarded
from mlp_reference.exercises.submissions.answers import (
    NO_PYTHON,
    NOT_EXECUTED,
    runnable,
)
from mlp_reference.exercises.submissions.notebook_file import Submission
from mlp_reference.exercises.submissions.records import Exercise, Settings, Sheet


def code_exercise(
    name: str,
    room: str,
    steps: Sequence[CodeStep],
    defines: Sequence[str],
    *,
    memory: int = 2 * 2**30,
) -> Exercise:
    """Describe an exercise whose answers are code.

    Parameters
    ----------
    name : str
        Its notebook's name without the ending.
    room : str
        The package that has its ``trials`` and its ``marking``; they are imported when needed.
    steps : sequence of CodeStep
        Its steps; each has a trial of the same name.
    defines : sequence of str
        The names that a learner defines.
    memory : int, optional
        Address space of the child in bytes.

    Returns
    -------
    Exercise
        As a batch takes it.
    """
    names = tuple(step.name for step in steps)
    points = sum(step.points for step in steps)
    mark = partial(
        mark_submission, name, guarded.Trials(f"{room}.trials", names), room, memory
    )
    return Exercise(name, names, points, tuple(defines), mark)


def mark_submission(
    name: str,
    trials: guarded.Trials,
    room: str,
    memory: int,
    submission: Submission,
    settings: Settings,
) -> Sheet:
    """Mark a notebook.

    Parameters
    ----------
    name : str
        Name of the exercise.
    trials : Trials
        What to try out.
    room : str
        The package of the exercise.
    memory : int
        Address space of the child in bytes.
    submission : Submission
        The notebook.
    settings : Settings
        The instructor's choices.

    Returns
    -------
    Sheet
        A mark for each step.
    """
    # NumPy, and what marks with it, is loaded only where code was handed in.
    from mlp_reference.exercises.observations import unpack

    mark = import_module(f"{room}.marking").mark
    if not settings.execute:
        return Sheet(None, tuple(mark({})), dict.fromkeys(trials.names, NOT_EXECUTED))
    shown = _only_shown(name)
    cells = [runnable(cell.source) for cell in submission.cells]
    sources = [
        None if cell.source.strip() in shown else python
        for cell, python in zip(submission.cells, cells, strict=True)
    ]
    limits = guarded.Limits(settings.timeout, memory)
    history = guarded.run(sources, (), limits, trials)
    observed = {
        step: {label: unpack(seen) for label, seen in seens.items()}
        for step, seens in history.observed.items()
    }
    observed |= {step: {} for step in history.failed}  # tried, so nothing is missing
    marks = [_given_up(m, history.failed.get(m.name, "")) for m in mark(observed)]
    broken = [n for n, python in enumerate(cells, 1) if python is None]
    notes = [
        *history.left_out,
        *(f"Code cell {n}: {NO_PYTHON[0].lower()}{NO_PYTHON[1:]}" for n in broken),
    ]
    missing = [m.name for m in marks if m.verdict == "missing"]
    return Sheet(None, tuple(marks), dict.fromkeys(missing, " ".join(notes)))


def _given_up(mark: StepMark, why: str) -> StepMark:
    return replace(mark, verdict="wrong", feedback=why) if why else mark


@lru_cache(maxsize=8)
def _only_shown(name: str) -> frozenset[str]:
    """Find the cells that define nothing: left as they were handed out, they need not run."""
    cells = source.load(name).cells
    return frozenset(c.text.strip() for c in cells if {CHECK, SHOW} & set(c.tags))
