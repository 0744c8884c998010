"""What the check cells of the notebook call: the same verdicts as marking gives."""

from mlp_exercise.check import StepMark, Words, all_steps, one_step
from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant as draw
from mlp_exercise.signs import read_copied_signs
from mlp_exercise.values import Plain, plain
from mlp_reference.worked_example import EXERCISE


class Checks:
    """Checks answers as they come: ``check = Checks()``, then ``check("z", z)``.

    Each answer is judged by the answers checked before it, as in marking. From then on the
    notebook reads a minus that was copied from a page, as marking does.

    Parameters
    ----------
    variant : int, optional
        Seed of the numbers in this notebook; without it, the exercise's own.

    Raises
    ------
    ValueError, TypeError
        If the seed is none.
    """

    def __init__(self, variant: int | None = None) -> None:
        self.example = EXERCISE if variant is None else draw(variant)
        self.answers: dict[str, Plain] = {}
        read_copied_signs()

    def __call__(self, name: str, value: object) -> Words:
        """Check one answer.

        Parameters
        ----------
        name : str
            The step, such as ``"z"``.
        value : object
            What you assigned to the variable of that name.

        Returns
        -------
        Words
            The verdict, the points and a word of advice.

        Raises
        ------
        ValueError
            If the exercise has no step of that name.
        """
        place = _place(name)
        self.answers[name] = plain(value)
        return one_step(self.marks()[place])

    def points(self, name: str) -> float:
        """Give the points of one answer.

        Parameters
        ----------
        name : str
            The step, such as ``"z"``.

        Returns
        -------
        float
            0 if it has not been checked.

        Raises
        ------
        ValueError
            If the exercise has no step of that name.
        """
        return self.marks()[_place(name)].points

    def marks(self) -> list[StepMark]:
        """Mark all answers checked so far.

        Returns
        -------
        list of StepMark
            One for each of the twelve steps.
        """
        return mark(self.answers, self.example)

    def report(self) -> Words:
        """Add up the points so far.

        Returns
        -------
        Words
            A line for each step, and the sum.
        """
        return all_steps(self.marks())


def _place(name: str) -> int:
    names = [step.name for step in STEPS]
    if name not in names:
        raise ValueError(
            f"{name!r} is no answer of this exercise, expected one of {', '.join(names)}"
        )
    return names.index(name)
