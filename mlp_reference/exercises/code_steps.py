"""Steps whose answers are code, and the checks of a notebook that asks for such answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from mlp_reference.exercises.marks import StepMark
from mlp_reference.exercises.signs import read_copied_signs
from mlp_reference.exercises.words import Words, all_steps, one_step

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
    """

    name: str
    points: float
    asks_for: str


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
        One for each step.
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
        self.names = [step.name for step in steps]
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
        place = self._place(name)
        self.observed[name] = self.trials[name](self.namespace)
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
        if name not in self.names:
            raise ValueError(
                f"{name!r} is no step of this exercise, expected one of {', '.join(self.names)}"
            )
        return self.names.index(name)
