"""What every part of the exercise has: steps, their marks, and the checks of a notebook."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from mlp_exercise.observations import Observations, Seen
from mlp_exercise.signs import read_copied_signs

Verdict: TypeAlias = Literal[
    "correct", "follow-through", "wrong", "missing", "blocked", "timed-out"
]

BLANK = "No answer yet."
"""Said of a step that was left as it was handed out."""

CORRECT = "Correct."
"""Said of a step that does what was asked for."""

Judgement: TypeAlias = tuple[Verdict, str]
"""A verdict and its words; what is wrong is raised instead."""

RIGHT: Judgement = ("correct", CORRECT)

NOT_TRIED = "It could not be tried out."
"""Said of a step whose trial came to no end and gave no reason."""


class Wrong(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """The first thing wrong with an answer; its message is what the learner reads."""

    def __init__(self, words: str, slip: str = "") -> None:
        super().__init__(words)
        self.slip = slip or words  # by what others share who made the same mistake


def require(is_so: bool, words: str) -> None:
    """Raise these words where something is not so."""
    if not is_so:
        raise Wrong(words)


@dataclass(frozen=True)
class StepMark:
    """The mark of one answer.

    Attributes
    ----------
    name : str
        The step.
    verdict : {"correct", "follow-through", "wrong", "missing", "blocked", "timed-out"}
        What the rule says; or that the answer came to no end within its time.
    points : float
        What it pays.
    max_points : float
        What it could have paid.
    flags : tuple of str
        What a person may want to look at: "invalid" (no numbers), "wrong shape",
        "trivial" (paid, but it follows from a wrong answer that is all zero or huge),
        "truncated" (paid, although its decimals are cut off), "time limit",
        "memory limit" and "report limit" (not paid, and something in the notebook has met
        that limit),
        "own forward pass" (paid, as the derivative of another function than was asked for),
        "no optimizer" (paid for the loss alone, as the model kept it from being made).
    feedback : str
        Words for the learner. They never give a value away.
    expected : Any
        The value that follows from the learner's own earlier answers, in nested lists.
    elements : tuple of str
        Where something is to be done, as far as that is known: "dL_dw2[0][1]".
    slip : str
        What is wrong, in words that the same mistake has in every notebook: its name, such
        as "forgot the factor 2", or the judgement. Empty where neither says what it is.
    """

    name: str
    verdict: Verdict
    points: float
    max_points: float
    flags: tuple[str, ...]
    feedback: str
    expected: Any = None
    elements: tuple[str, ...] = ()
    slip: str = ""


class Words(str):
    """Text that a notebook shows as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text itself."""
        return str(self)


class Checks:
    """Checks the answers of a notebook as they come: ``check("z", z)``.

    Each part of the exercise has its own `Checks`, which say what an answer is. From the
    moment they are made, the notebook reads a minus that was copied from a page.

    Parameters
    ----------
    names : sequence of str
        The steps, in order.
    look : callable
        Takes the name of a step and what the notebook hands over; returns the answer.
    mark : callable
        Takes all answers so far, by step; returns a mark for each step.
    """

    def __init__(
        self,
        names: Sequence[str],
        look: Callable[..., Any],
        mark: Callable[[dict[str, Any]], list[StepMark]],
    ) -> None:
        self._names, self._look, self._mark = list(names), look, mark
        self._takes = len(signature(look).parameters) - 1  # so many answers
        self._answers: dict[str, Any] = {}
        read_copied_signs()

    def __call__(self, name: str, *answer: object) -> Words:
        """Check one answer.

        Parameters
        ----------
        name : str
            The step.
        *answer : object
            The answer, where it is a value; code is found by its name.

        Returns
        -------
        Words
            The verdict, the points and, unless the step is correct, a word of advice.

        Raises
        ------
        ValueError
            If the exercise has no step of that name.
        TypeError
            If there is no name, or an answer where none is given, or none where one is.
        """
        place = self._place(name) if isinstance(name, str) else 0
        if not isinstance(name, str) or len(answer) != self._takes:
            step = self._names[place]
            raise TypeError(f'write check("{step}"{f", {step}" * self._takes})')
        self._answers[name] = self._look(name, *answer)
        mark = self.marks()[place]
        points = f"{mark.points:.1f} of {mark.max_points:.1f} points"
        line = f"{mark.name}: {mark.verdict}, {points}"
        return Words(line if mark.verdict == "correct" else f"{line}\n{mark.feedback}")

    def points(self, name: str) -> float:
        """Return the points of one step.

        Parameters
        ----------
        name : str
            The step.

        Returns
        -------
        float
            0 if it has not been checked.

        Raises
        ------
        ValueError
            If the exercise has no step of that name.
        """
        return self.marks()[self._place(name)].points

    def marks(self) -> list[StepMark]:
        """Return the mark of every step.

        Returns
        -------
        list of StepMark
            In order; what was not checked is missing.
        """
        return self._mark(self._answers)

    def report(self) -> Words:
        """Add up the points so far.

        Returns
        -------
        Words
            A line for each step, and the sum.
        """
        marks = self.marks()
        width = max(12, *(len(mark.name) for mark in marks))
        lines = [f"{m.name:{width}} {m.verdict:15} {m.points:.1f}" for m in marks]
        points, most = sum(m.points for m in marks), sum(m.max_points for m in marks)
        return Words("\n".join([*lines, f"{points:.1f} of {most:.1f} points"]))

    def _place(self, name: str) -> int:
        if name not in self._names:
            expected = ", ".join(self._names)
            raise ValueError(
                f"{name!r} is no step of this exercise, expected one of {expected}"
            )
        return self._names.index(name)


class Step(NamedTuple):
    """A step that is answered by code."""

    name: str  # of the step and its check
    points: float
    asks_for: str  # what the learner writes, such as ``Linear.forward``
    # What tries it out, and first what it cannot be judged without; if empty, the trial of its
    # own name. Each may be given up without the others, and steps may share one.
    trials: tuple[str, ...] = ()
    is_value: bool = False  # whether it depends on all that has run before
    flag: str = ""  # of the mark, where the step follows through

    @property
    def tried_by(self) -> tuple[str, ...]:
        """Return the names of its trials, at least one."""
        return self.trials or (self.name,)


def joined(
    steps: Iterable[Step], seen: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return what the trials of each step saw, by step; steps without any are missing."""
    made = {step.name: [n for n in step.tried_by if n in seen] for step in steps}
    return {
        step: {label: found for name in names for label, found in seen[name].items()}
        for step, names in made.items()
        if names
    }


def trying(
    namespace: dict[str, Any],
    steps: Sequence[Step],
    trials: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]],
) -> Callable[[str], Mapping[str, Any]]:
    """Return what `Checks` look with where answers are code: it makes the trials of a step."""
    by_name = {step.name: step for step in steps}

    def look(name: str) -> Mapping[str, Any]:
        step = by_name[name]
        seen = {trial: trials[trial](namespace) for trial in step.tried_by}
        return joined([step], seen)[name]

    return look


def grade(
    step: Step,
    seen: Mapping[str, Seen] | None,
    judge: Callable[[Observations], Judgement],
) -> StepMark:
    """Return the mark of a step by what its trials saw, or by why there was nothing to try."""
    verdict: Verdict
    slip = ""
    try:
        if seen is None or ("" in seen and seen[""].kind == "missing"):
            verdict, words = "missing", BLANK
        elif "" in seen:
            raise Wrong(f"It could not be tried out: {seen[''].detail}.")
        else:
            require(bool(seen), NOT_TRIED)
            with np.errstate(over="ignore", invalid="ignore"):  # what has diverged
                verdict, words = judge(Observations(seen))
    except Wrong as wrong:
        verdict, words, slip = "wrong", str(wrong), wrong.slip
    points = step.points if verdict in ("correct", "follow-through") else 0.0
    flags = (step.flag,) if step.flag and verdict == "follow-through" else ()
    return StepMark(step.name, verdict, points, step.points, flags, words, slip=slip)
