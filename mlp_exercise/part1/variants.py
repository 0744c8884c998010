"""Fresh numbers for practice and for graded work, drawn from a seed.

A draw is accepted only if every known mistake leaves a mark that two decimals show, also
when the answers before it were rounded. The exercise's own numbers would not be accepted.
"""

import random
from collections.abc import Iterator
from functools import lru_cache

from mlp_exercise.part1.boxes import TOLERANCE, Interval, flatten, unexplained
from mlp_exercise.part1.steps import SHAPES, STEPS
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, Values, WorkedExample

SEPARATION = 0.02  # so far each mistake must move its own answer
HALF = 0.005  # so far rounding to two decimals moves it at most
LARGEST_SEED = 2**53 - 1  # JavaScript has no larger whole numbers


@lru_cache(maxsize=4096, typed=True)  # 1.0 and True are no seeds, although equal to 1
def variant(seed: int) -> WorkedExample:
    """Return the network of a seed from 0 to `LARGEST_SEED`, the same on every machine.

    Its numbers have one decimal and are not zero; the learning rate is the exercise's.
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


def _draw(rng: random.Random) -> WorkedExample:
    def numbers(count: int, tenths: int = 10) -> list[float]:
        """Draw from ±0.1 to ±tenths/10, without zero."""
        sizes = (1 + int(rng.random() * tenths) for _ in range(count))
        return [(size if rng.random() < 0.5 else -size) / 10 for size in sizes]

    return WorkedExample(
        W1=[numbers(3), numbers(3)],
        b1=numbers(2),
        W2=[numbers(2)],
        b2=numbers(1),
        x=numbers(3, tenths=20),
        t=numbers(1),
        learning_rate=EXERCISE.learning_rate,
    )


def smallest_mark(example: WorkedExample) -> float:
    """Return how far the mistake that is hardest to see moves its answer."""
    return min(off for *_, off in _wrong_answers(example, work_out(example)))


def _wrong_answers(
    example: WorkedExample, right: Values
) -> Iterator[tuple[str, list[float], float]]:
    """Make each known mistake: the answer it shows in, that answer, and how far it is off."""
    for mistake in PEN_AND_PAPER:
        wrong = flatten(mistake.made_among(example, right))
        pairs = zip(wrong, flatten(right[mistake.answer]), strict=True)
        yield mistake.answer, wrong, max(abs(p - q) for p, q in pairs)


def _is_accepted(example: WorkedExample) -> bool:
    """Return whether each mistake stays out of reach of the truth, and of all that rounds to it."""
    right = work_out(example)
    mistakes = []
    for answer, wrong, off in _wrong_answers(example, right):
        if off <= SEPARATION:
            return False
        mistakes.append((answer, wrong))
    rounded = {
        name: tuple(Interval(v - HALF, v + HALF) for v in flatten(right[name]))
        for name in SHAPES
    }
    images = {
        step.name: [route.image(example, rounded) for route in step.routes]
        for step in STEPS
    }
    return all(
        unexplained(box, wrong, tolerance=TOLERANCE + HALF)  # it may be rounded, too
        for answer, wrong in mistakes
        for box in images[answer]
        if box
    )
