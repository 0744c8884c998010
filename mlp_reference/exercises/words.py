"""What the check cells of a notebook say, in every exercise."""

from collections.abc import Sequence

from mlp_reference.exercises.marks import StepMark


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
