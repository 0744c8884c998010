"""Words for the learner: what is the matter with an answer, never what it should be."""

import math
from collections.abc import Iterable, Sequence

from mlp_exercise.check import BLANK, CORRECT
from mlp_exercise.part1.boxes import (
    LAST_DIGITS,
    Box,
    exactly,
    explains,
    flatten,
    half_unit,
    unexplained,
)
from mlp_exercise.part1.steps import Step
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import Values, WorkedExample

RECOGNISED = 0.01  # so near a known mistake, an answer is taken for it: two roundings

PHRASES = {
    "correct": CORRECT,
    "follow-through": "Follows from your earlier answers.",
    "missing": BLANK,
    "partly missing": "A None is left in it.",
    "holds": "holds {found}",
    "ragged": "has rows of different lengths",
    "shape": "has the shape {shape}",
    "transpose": "has the shape {shape}, the transpose",
    "twice as many": (
        "has the shape {shape}; a decimal comma makes two numbers of one, write a point"
    ),
    "one number": "one number",
    "numbers": "numbers in the shape {shape}",
    "unexpected": "{step} {detail}; expected {wanted}.",
    "decimal comma": "{words} Write a decimal point, and no quotes.",
    "numbers are right": "{words} The numbers themselves are right.",
    "blocked": "Cannot be checked without {steps}.",
    "and": " and ",
    "truncated": "This looks truncated, not rounded: mind the third decimal.",
    "mistake": "It looks as if you {name}.",
    "close": "Close; look again at {places}. Did you round something on the way?",
    "partly right": "Partly right; look again at {places}.",
    "wrong": "Not what comes of the numbers before it.",
}
"""Every sentence of Part 1, as templates; the worksheet of the site gets them as data."""


def say(key: str, **filled: object) -> str:
    """Return a phrase with its placeholders filled in."""
    return PHRASES[key].format(**filled)


def wrong(
    step: Step,
    values: Sequence[float],
    boxes: Sequence[Box],
    example: WorkedExample,
    earlier: Values,
) -> str:
    """Return the name of the likely mistake, or else the elements to look at again.

    The boxes hold what would have been right; the earlier answers are the learner's own.
    """
    if any(explains(box, values, truncated=True) for box in boxes):
        return say("truncated")
    # A mistake may start from the learner's own answers, or from the right ones, in case
    # more digits were carried than written.
    made = [
        (mistake.name, flatten(mistake.made_in(example, start)))
        for mistake in PEN_AND_PAPER
        if mistake.answer == step.name
        for start in (earlier, {})
    ]
    if name := _likely_mistake(values, boxes, made):
        return say("mistake", name=name)
    off = min((unexplained(box, values) for box in boxes), key=len)
    places = ", ".join(_element(step, place) for place in off)
    if min(max(_gaps(values, box)) for box in boxes) <= RECOGNISED:
        return say("close", places=places)
    return say("partly right" if len(off) < len(values) else "wrong", places=places)


def _likely_mistake(
    values: Sequence[float],
    boxes: Sequence[Box],
    made: Iterable[tuple[str, Sequence[float]]],
) -> str:
    """Return the mistake that an answer matches better than it matches what is right."""
    found = [(_gaps(values, exactly(wrong)), name) for name, wrong in made]
    misses, name = min(found, key=lambda each: (max(each[0]), each[1]))
    # An answer that is the mistake's own, rounded as it was written, need only be nearer to
    # it than to the truth. Else rounding on the way may have done the same, and it takes more.
    pairs = zip(misses, values, strict=True)
    is_rounded = all(miss <= half_unit(value) + LAST_DIGITS for miss, value in pairs)
    distance = math.hypot(*misses) * (1 if is_rounded else 2)
    truth = min(math.hypot(*_gaps(values, box)) for box in boxes)
    return name if max(misses) <= RECOGNISED and distance < truth else ""


def _gaps(values: Sequence[float], box: Box) -> list[float]:
    pairs = zip(values, box, strict=True)
    return [max(low - value, value - high, 0.0) for value, (low, high) in pairs]


def _element(step: Step, place: int) -> str:
    if len(step.shape) == 2:
        return "{}[{}][{}]".format(step.name, *divmod(place, step.shape[1]))
    return f"{step.name}[{place}]"
