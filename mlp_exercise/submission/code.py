"""Exercises whose answers are code: run the notebook in a child process, then the trials."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from importlib import import_module

from mlp_exercise.check import Step, StepMark, Verdict, joined
from mlp_exercise.handout import source
from mlp_exercise.handout.cells import CHECK, SHOW
from mlp_exercise.submission import run as runs
from mlp_exercise.submission import troubles
from mlp_exercise.submission.answers import runnable
from mlp_exercise.submission.broken import broken_cells, refuse_newer
from mlp_exercise.submission.literals import summarise
from mlp_exercise.submission.notebook_file import NotMarked, Submission
from mlp_exercise.submission.records import Exercise, Settings, Sheet

IMPORT = re.compile(r"^\s*(?:import|from)\s", re.MULTILINE)
"""A cell with such a line may be needed by others."""


@dataclass(frozen=True)
class CodePart:
    """What there is to know of an exercise whose answers are code.

    Attributes
    ----------
    name : str
        Its notebook's name without the ending.
    room : str
        The package that has its ``trials`` and its ``marking``; they are imported when needed.
    steps : sequence of Step
        Its steps, which name their trials.
    defines : tuple of str
        The names that a learner defines.
    needs : mapping of str to tuple of str
        By trial: those without which it is not made.
    memory : int
        What a notebook may use of it, in bytes, on top of its libraries.
    """

    name: str
    room: str
    steps: Sequence[Step]
    defines: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memory: int = 2 * 2**30

    @property
    def names(self) -> tuple[str, ...]:
        """List the names of the steps."""
        return tuple(step.name for step in self.steps)

    @property
    def trials(self) -> tuple[str, ...]:
        """List the names of the trials."""
        return tuple(dict.fromkeys(n for step in self.steps for n in step.tried_by))


def code_exercise(part: CodePart) -> Exercise:
    """Make an exercise as a batch takes it."""
    points = sum(step.points for step in part.steps)
    mark = partial(mark_submission, part)
    return Exercise(part.name, part.names, points, part.defines, mark)


def mark_submission(
    part: CodePart, submission: Submission, settings: Settings
) -> Sheet:
    """Mark a notebook."""
    if not settings.execute:
        raise NotMarked("its answers are code, and nothing was to be executed")
    # NumPy, and what marks with it, is loaded only where code was handed in.
    from mlp_exercise.observations import Seen, unpack

    mark = import_module(part.room).mark
    cells = [runnable(cell.source) for cell in submission.cells]
    history = _run(part, submission, cells, settings)
    seen = {
        trial: {label: unpack(seen) for label, seen in seens.items()}
        for trial, seens in history.observed.items()
    }
    failed = _failed(part.steps, history.failed)
    # What was given up is not missing: there was something to try.
    observed: dict[str, dict[str, Seen]] = {name: {} for name in failed}
    observed |= joined(part.steps, seen)
    own = {step.name: _answering(step, submission) for step in part.steps}
    tried = [_given_up(m, failed.get(m.name)) for m in mark(observed)]
    values = [step.name for step in part.steps if step.is_value]
    marks = tuple(troubles.explained(tried, own, history, values))
    unpaid = [m.name for m in marks if not m.points]
    broken = broken_cells(submission) if unpaid else []
    refuse_newer(broken)
    details = (
        seen.detail for name in unpaid for seen in observed.get(name, {}).values()
    )
    if unpaid:
        troubles.refuse_what_is_lacking_here(history.raised, details)
    notes = [
        *(troubles.left_out(n, problem) for n, problem in history.left_out.items()),
        *map(str, broken),
    ]
    return Sheet(
        None,
        marks,
        {m.name: _besides(m, notes) for m in marks if not m.points},
        (*troubles.remarks(history, lost=bool(unpaid)), *map(str, broken)),
        troubles.met_a_limit(history),
    )


def _failed(
    steps: Iterable[Step], problems: Mapping[str, runs.Problem]
) -> dict[str, runs.Problem]:
    """Say why steps cannot be judged: the first trial of each came to no end."""
    first = {step.name: step.tried_by[0] for step in steps}
    return {name: problems[trial] for name, trial in first.items() if trial in problems}


def _given_up(mark: StepMark, why: runs.Problem | None) -> StepMark:
    if why is None or mark.points:
        return mark
    verdict: Verdict = "timed-out" if why.kind == "time limit" else "wrong"
    flags = () if why.kind == "ended" else (why.kind,)
    words = f"The trial was given up: {why.words}."
    return replace(mark, verdict=verdict, flags=flags, feedback=words)


def _besides(mark: StepMark, notes: Sequence[str]) -> str:
    """Join what the feedback does not say already."""
    return " ".join(note for note in notes if note not in mark.feedback)


def _answering(step: Step, submission: Submission) -> list[int]:
    """List the cells that define what a step asks for."""
    asked = frozenset(w.partition(".")[0] for w in step.asks_for.split(" and "))
    return [
        number
        for number, cell in enumerate(submission.cells)
        if summarise(cell.source, asked).assigned
    ]


def _run(
    part: CodePart,
    submission: Submission,
    cells: Sequence[str | None],
    settings: Settings,
) -> runs.History:
    """Run the cells and the trials; once more without experiments if they took all the time."""
    trials = runs.Trials(part.room, part.trials, part.needs)
    limits = runs.Limits(settings.timeout, part.memory)
    shown = handed_out(part.name, frozenset({CHECK, SHOW}))
    texts = [cell.source.strip() for cell in submission.cells]
    sources = [
        None if text in shown else cell for text, cell in zip(texts, cells, strict=True)
    ]
    history = runs.run(sources, (), limits, trials)
    if history.observed or history.failed:
        return history
    needed = [
        cell if text in handed_out(part.name) or _defines(part, text) else None
        for text, cell in zip(texts, sources, strict=True)
    ]
    again = runs.run(needed, (), limits, trials)
    return again._replace(left_out=dict(history.left_out) | dict(again.left_out))


def _defines(part: CodePart, text: str) -> bool:
    names = frozenset(part.defines)
    return bool(summarise(text, names).assigned) or bool(IMPORT.search(text))


@lru_cache(maxsize=8)
def handed_out(name: str, tags: frozenset[str] = frozenset()) -> frozenset[str]:
    """List the code cells as they were handed out: all of them, or those of some kind.

    What checks or shows defines nothing, so if it is as it was handed out, it need not run.
    """
    cells = [cell for cell in source.load(name).cells if cell.is_code]
    return frozenset(
        cell.text.strip() for cell in cells if not tags or tags & set(cell.tags)
    )
