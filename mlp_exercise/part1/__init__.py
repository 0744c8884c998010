"""Part 1: twelve answers worked out by hand, marked so that no mistake is punished twice."""

from mlp_exercise import check
from mlp_exercise.part1 import commas
from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant as draw
from mlp_exercise.values import plain
from mlp_reference.worked_example import EXERCISE


class Checks(check.Checks):
    """Checks the answers of Part 1: ``check = Checks()``, then ``check("z", z)``.

    Each answer is judged by the answers checked before it, as in marking.

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
        example = EXERCISE if variant is None else draw(variant)
        super().__init__(
            names=[step.name for step in STEPS],
            look=lambda _name, answer: plain(answer),
            mark=lambda answers: mark(answers, example),
        )
        commas.read_decimal_commas()

    def __call__(self, name: str, *answer: object) -> check.Words:
        """Check one answer, and say so if decimal commas have been read in it."""
        words = super().__call__(name, *answer)
        is_mended = name in commas.written_with_commas
        return check.Words(f"{words}\n{commas.COMMA_READ}") if is_mended else words
