"""What every exercise has: steps and their marks, and the checks that a notebook calls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from mlp_exercise.signs import read_copied_signs

Verdict = Literal[
    "correct", "follow-through", "wrong", "missing", "blocked", "timed-out"
]


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
        "truncated" (paid, although its decimals are cut off), "time limit" and
        "memory limit" (not paid, and something in the notebook has met that limit),
        "own forward pass" (paid, as the derivative of another function than was asked for),
        "no optimizer" (paid for the loss alone, as the model kept it from being made).
    feedback : str
        Words for the learner. They never give a value away.
    expected : Any
        The value that follows from the learner's own earlier answers, in nested lists.
    """

    name: str
    verdict: Verdict
    points: float
    max_points: float
    flags: tuple[str, ...]
    feedback: str
    expected: Any


class Words(str):
    """Text that a notebook shows as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Give the text itself."""
        return str(self)


def one_step(mark: StepMark) -> Words:
    """Say what a check finds.

    Parameters
    ----------
    mark : StepMark
        The mark of the step.

    Returns
    -------
    Words
        The verdict, the points and, unless the step is correct, a word of advice.
    """
    points = f"{mark.points:.1f} of {mark.max_points:.1f} points"
    line = f"{mark.name}: {mark.verdict}, {points}"
    return Words(line if mark.verdict == "correct" else f"{line}\n{mark.feedback}")


def all_steps(marks: Sequence[StepMark]) -> Words:
    """Add up the points.

    Parameters
    ----------
    marks : sequence of StepMark
        Those of all steps of the exercise.

    Returns
    -------
    Words
        A line for each step, and the sum.
    """
    width = max(12, *(len(mark.name) for mark in marks))
    lines = [f"{m.name:{width}} {m.verdict:15} {m.points:.1f}" for m in marks]
    points, most = sum(m.points for m in marks), sum(m.max_points for m in marks)
    return Words("\n".join([*lines, f"{points:.1f} of {most:.1f} points"]))


BLANK = "No answer yet."
"""Said of a step that was left as it was handed out."""

NOT_TRIED = "It could not be tried out."
"""Said of a step whose trial came to no end and gave no reason."""


class CodeStep(NamedTuple):
    """A step that is answered by code.

    Attributes
    ----------
    name : str
        Of the step, its trial and its check.
    points : float
        What it is worth.
    asks_for : str
        What the learner writes, such as ``Linear.forward``.
    trials : tuple of str
        What tries it out, by name, and first what it cannot be judged without; if empty,
        the trial of its own name. Each may be given up without the others, and steps may
        share one.
    is_value : bool
        Whether the answer is a value, and so depends on all that has run before.
    """

    name: str
    points: float
    asks_for: str
    trials: tuple[str, ...] = ()
    is_value: bool = False

    @property
    def tried_by(self) -> tuple[str, ...]:
        """List the names of its trials.

        Returns
        -------
        tuple of str
            At least one.
        """
        return self.trials or (self.name,)


def joined(
    steps: Iterable[CodeStep], seen: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Put together what the trials of each step have seen.

    Parameters
    ----------
    steps : iterable of CodeStep
        The steps.
    seen : mapping of str to mapping
        By trial; those that were not made, or came to no end, are missing.

    Returns
    -------
    dict of str to dict
        By step; those without any trial are missing.
    """
    made = {step.name: [n for n in step.tried_by if n in seen] for step in steps}
    return {
        step: {label: found for name in names for label, found in seen[name].items()}
        for step, names in made.items()
        if names
    }


TrialTable: TypeAlias = Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]]
Mark: TypeAlias = Callable[[Mapping[str, Mapping[str, Any]]], list[StepMark]]


class CodeChecks:
    """Tries out a notebook's code as it comes: ``check("linear_forward")``.

    Parameters
    ----------
    namespace : dict
        Where the code is defined: ``globals()``.
    steps : sequence of CodeStep
        The steps of the exercise.
    trials : mapping of str to callable
        By name: all that try out a step.
    mark : callable
        From what the trials saw, by step, to one mark for each step.
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        steps: Sequence[CodeStep],
        trials: TrialTable,
        mark: Mark,
    ) -> None:
        self.namespace = namespace
        self.steps = {step.name: step for step in steps}
        self.trials, self.mark = trials, mark
        self.observed: dict[str, Mapping[str, Any]] = {}
        read_copied_signs()

    def __call__(self, name: str) -> Words:
        """Check one step.

        Parameters
        ----------
        name : str
            The step, such as ``"linear_forward"``.

        Returns
        -------
        Words
            The verdict, the points and a word of advice.

        Raises
        ------
        ValueError
            If the exercise has no step of that name.
        """
        place, step = self._place(name), self.steps[name]
        seen = {trial: self.trials[trial](self.namespace) for trial in step.tried_by}
        self.observed |= joined([step], seen)
        return one_step(self.marks()[place])

    def points(self, name: str) -> float:
        """Give the points of one step.

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
        """Mark all steps checked so far.

        Returns
        -------
        list of StepMark
            One for each step; those not checked are missing.
        """
        return self.mark(self.observed)

    def report(self) -> Words:
        """Add up the points so far.

        Returns
        -------
        Words
            A line for each step, and the sum.
        """
        return all_steps(self.marks())

    def _place(self, name: str) -> int:
        names = list(self.steps)
        if name not in names:
            raise ValueError(
                f"{name!r} is no step of this exercise, expected one of {', '.join(names)}"
            )
        return names.index(name)
