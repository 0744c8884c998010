"""Fresh numbers for practice and for graded work, drawn from a seed.

A draw is accepted only if every known mistake leaves a mark that two decimals show, also
when the answers before it were rounded. The exercise's own numbers would not be accepted.
"""

import random
from collections.abc import Iterator
from functools import lru_cache

from mlp_exercise.part1.boxes import Box, Interval, flatten
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.tolerance import TOLERANCE
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, Values, WorkedExample

SEPARATION = 0.02
"""How far each mistake must move its own answer: four times what rounding can."""

HALF = 0.005
"""How far rounding to two decimals moves a value at most."""

LARGEST_SEED = 2**53 - 1
"""Every seed is a whole number that JavaScript can hold, too."""


@lru_cache(maxsize=4096, typed=True)  # 1.0 and True are no seeds, although equal to 1
def variant(seed: int) -> WorkedExample:
    """Draw the network of a variant.

    Parameters
    ----------
    seed : int
        From 0 to `LARGEST_SEED`; the same seed gives the same numbers on every machine.

    Returns
    -------
    WorkedExample
        Numbers with one decimal, none of them zero, and the exercise's learning rate.

    Raises
    ------
    ValueError
        If the seed is out of range.
    TypeError
        If it is no whole number.
    """
    if type(seed) is not int:
        raise TypeError(f"the seed is {seed!r}, expected a whole number")
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(
            f"the seed is {seed}, expected a whole number from 0 to {LARGEST_SEED}"
        )
    # Python promises that these draws stay the same in every version; NumPy does not.
    rng = random.Random(seed)  # noqa: S311 - practice numbers, no secret
    while True:
        example = _draw(rng)
        if _is_accepted(example):
            return example


def smallest_mark(example: WorkedExample) -> float:
    """Measure the mark of the known mistake that is hardest to see.

    Parameters
    ----------
    example : WorkedExample
        The network.

    Returns
    -------
    float
        The least, over all mistakes, of the largest change in the answer it shows in.
    """
    return min(off for _, _, off in _wrong_answers(example, work_out(example)))


def _wrong_answers(
    example: WorkedExample, right: Values
) -> Iterator[tuple[str, tuple[float, ...], float]]:
    """Make each known mistake: the answer it shows in, that answer, and how far it is off."""
    for mistake in PEN_AND_PAPER:
        wrong = flatten(mistake.made_among(example, right))
        pairs = zip(wrong, flatten(right[mistake.answer]), strict=True)
        yield mistake.answer, wrong, max(abs(p - q) for p, q in pairs)


def _is_accepted(example: WorkedExample) -> bool:
    right = work_out(example)
    mistakes = []
    for answer, wrong, off in _wrong_answers(example, right):
        if off <= SEPARATION:
            return False
        mistakes.append((answer, wrong))
    led = _boxes_of_rounded(example, right)
    return all(_stands_out(wrong, box) for name, wrong in mistakes for box in led[name])


def _boxes_of_rounded(example: WorkedExample, right: Values) -> dict[str, list[Box]]:
    """Find all that may follow from right answers that have been rounded to two decimals."""
    rounded = {
        step.name: tuple(
            Interval(v - HALF, v + HALF) for v in flatten(right[step.name])
        )
        for step in STEPS
    }
    return {
        step.name: [
            box
            for route in step.routes
            if (box := route.leads_to(example, rounded)) is not None
        ]
        for step in STEPS
    }


def _stands_out(wrong: tuple[float, ...], box: Box) -> bool:
    """Say whether some element stays out of a box even after it has been rounded."""
    reach = TOLERANCE + HALF
    return any(
        not interval.low - reach <= value <= interval.high + reach
        for interval, value in zip(box, wrong, strict=True)
    )


def _draw(rng: random.Random) -> WorkedExample:
    def number(tenths: int) -> float:
        """Draw from ±0.1 to ±tenths/10, without zero."""
        size = 1 + int(rng.random() * tenths)
        return (size if rng.random() < 0.5 else -size) / 10

    return WorkedExample(
        W1=[[number(10) for _ in range(3)] for _ in range(2)],
        b1=[number(10) for _ in range(2)],
        W2=[[number(10) for _ in range(2)]],
        b2=[number(10)],
        x=[number(20) for _ in range(3)],
        t=[number(10)],
        learning_rate=EXERCISE.learning_rate,
    )
