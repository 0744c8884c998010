"""Words for the learner: what is the matter with an answer, never what it should be."""

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import NamedTuple

from mlp_exercise.check import BLANK, CORRECT
from mlp_exercise.part1.boxes import (
    LAST_DIGITS,
    Box,
    decimals_of,
    exactly,
    explains,
    flatten,
    half_unit,
    unexplained,
)
from mlp_exercise.part1.steps import ELEMENTS, Step
from mlp_exercise.values import PHRASES as NO_NUMBERS
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import Values, WorkedExample

TENTH = 0.05 + 5e-5  # so far rounding to one decimal moves a number at most
RECOGNISED = 0.01  # so near a known mistake, an answer is taken for it: two roundings

PHRASES = {
    "correct": CORRECT,
    "follow-through": (
        "Counts in full, because it follows from your earlier answers as you wrote them."
    ),
    "trivial": (
        "Follows from your earlier answers. One of them is zero or huge, which makes "
        "this step easy, so a person may want to look at it."
    ),
    "missing": BLANK,
    "partly missing": "A part of it is still missing.",
    "missing there": "Still missing: {places}.",
    "holds": "has {found}",
    "still holds": "still has {found}",
    "ragged": "has rows of different lengths",
    "shape": "has the shape {shape}",
    "transpose": "has the shape {shape}, with rows and columns exchanged",
    "twice as many": (
        "has the shape {shape}, perhaps because a decimal comma makes two numbers of one: "
        "write a point"
    ),
    "one number": "one number",
    "numbers": "numbers in the shape {shape}",
    "unexpected": "Your {step} {detail}. I expected {wanted}.",
    "no number": "I cannot read {found} as a number. Write one number in each place.",
    "one each": "Your {step} {detail}. Write one number in each place.",
    "zero": "Your {step} {detail}. Nothing can be divided by zero.",
    "not read": (
        "Your {step} {detail}. Write a number there, or a calculation with nothing but "
        "numbers."
    ),
    "in doubt": "Your {step} {detail}. Write it with one decimal point.",
    "numbers are right": "{words} The numbers themselves are right.",
    "blocked": "This can be checked once there are numbers in {steps}.",
    "and": "{one} and {other}",
    "one decimal": "Two decimals, please.",
    "or mistake": "Two decimals, please. If you have them: it looks as if you {name}.",
    "no step": (
        "These are the numbers from before the update: subtract the learning rate times "
        "the gradient."
    ),
    "truncated": "This looks cut off, not rounded: mind the third decimal.",
    "mistake": "It looks as if you {name}.",
    "close": "Very close. Look again at {places}: did you round something on the way?",
    "partly right": "Partly right. Look again at {places}.",
    "wrong": "This does not follow from the numbers before it. Work it out once more.",
}
"""Every sentence of Part 1, as templates; the worksheet of the site gets them as data."""

SLIPS = {
    "truncated": "cut decimals off",
    "one decimal": "gave one decimal",
    "no step": "left the parameters as they were",
    "close": "came very close, but not to two decimals",
    "invalid": "gave something else than numbers",
    "wrong shape": "gave another shape",
}
"""What else is known of wrong answers, beside the mistakes in `mlp_reference`."""

KINDS = {"several": "one each", "by zero": "zero", "doubtful": "in doubt"}
"""What is said of texts that were meant as numbers, by their kinds."""


class Said(NamedTuple):
    """What is said of an answer."""

    words: str
    places: Sequence[int] = ()  # to look at again
    slip: str = ""  # the likely mistake, if one is known


def say(key: str, **filled: object) -> str:
    """Return a phrase with its placeholders filled in."""
    return PHRASES[key].format(**filled)


def blocked(lacking: Sequence[str]) -> str:
    """Return what is said of an answer that needs others."""
    steps = reduce(lambda one, other: say("and", one=one, other=other), lacking)
    return say("blocked", steps=steps)


def unreadable(step: Step, found: str) -> str:
    """Return what is said of something that is no number, as `plain` calls it."""
    if _is_a("formula", found):
        return say("not read", step=step.name, detail=say("still holds", found=found))
    if _is_a("text", found):
        return say("no number", found=found)
    detail = say("holds", found=found)
    for kind, key in KINDS.items():
        if _is_a(kind, found):
            return say(key, step=step.name, detail=detail)
    return unexpected(step, detail)


def _is_a(kind: str, found: str) -> bool:
    return found.startswith(NO_NUMBERS[kind].partition("{")[0])


def unexpected(step: Step, detail: str) -> str:
    """Return what came and what was expected."""
    wanted = say("numbers", shape=step.shape) if step.shape else say("one number")
    return say("unexpected", step=step.name, detail=detail, wanted=wanted)


def wrong(
    step: Step,
    values: Sequence[float],
    boxes: Sequence[Box],
    example: WorkedExample,
    earlier: Values,
) -> Said:
    """Return the likely mistake, if any, and the places to look at again.

    The boxes hold what would have been right; the earlier answers are the learner's own.
    """
    off = min((unexplained(box, values) for box in boxes), key=len)
    if any(explains(box, values, truncated=True) for box in boxes):
        return Said(say("truncated"), off, SLIPS["truncated"])
    # A mistake may start from the learner's own answers, or from the right ones, in case
    # more digits were carried than written.
    made = [
        (mistake.name, flatten(mistake.made_in(example, start)))
        for mistake in PEN_AND_PAPER
        if mistake.answer == step.name
        for start in (earlier, {})
    ]
    if any(_one_decimal(box, values) for box in boxes):
        name = _likely_mistake(values, boxes, made)
        words = say("or mistake" if name else "one decimal", name=name)
        return Said(words, off, SLIPS["one decimal"])
    if _no_step(step, values, example):
        return Said(say("no step"), off, SLIPS["no step"])
    if name := _likely_mistake(values, boxes, made):
        return Said(say("mistake", name=name), off, name)
    places = ", ".join(ELEMENTS[step.name][place] for place in off)
    if min(max(_gaps(values, box)) for box in boxes) <= RECOGNISED:
        return Said(say("close", places=places), off, SLIPS["close"])
    key = "partly right" if len(off) < len(values) else "wrong"
    return Said(say(key, places=places), off)


def _one_decimal(box: Box, values: Sequence[float]) -> bool:
    """Return whether all numbers would be right, but for rounding to one decimal."""
    is_short = all(decimals_of(value) < 2 for value in values)
    return is_short and max(_gaps(values, box)) <= TENTH


def _no_step(step: Step, values: Sequence[float], example: WorkedExample) -> bool:
    """Return whether an update is the parameter as it was."""
    name, _, updated = step.name.partition("_")
    before = flatten(getattr(example, name)) if updated == "updated" else []
    return bool(before) and _is_exactly(before, values)


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


def _is_exactly(wanted: Sequence[float], values: Sequence[float]) -> bool:
    return max(_gaps(values, exactly(wanted))) <= LAST_DIGITS


def _gaps(values: Sequence[float], box: Box) -> list[float]:
    pairs = zip(values, box, strict=True)
    return [max(low - value, value - high, 0.0) for value, (low, high) in pairs]
