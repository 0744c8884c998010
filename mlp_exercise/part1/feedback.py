"""Words for the learner: what is the matter with an answer, never what it should be."""

import math
import re
from collections.abc import Sequence

from mlp_exercise.part1.answer import Answer, half_unit
from mlp_exercise.part1.boxes import Box, flatten
from mlp_exercise.part1.phrases import say
from mlp_exercise.part1.steps import Step
from mlp_exercise.part1.tolerance import (
    LAST_DIGITS,
    explains,
    unexplained,
)
from mlp_exercise.signs import MINUS
from mlp_exercise.values import PHRASES as TEXTS
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import Values, WorkedExample

DECIMAL_COMMA = TEXTS["text"].format(text=rf"'\s*[-+{MINUS}]?\s*\d*[,，]\d+\s*'")
"""How `values.plain` speaks of a number that was written with a comma, as a pattern."""

RECOGNISED = 0.01
"""So close to the mark of a known mistake, an answer is taken for it; two roundings apart."""


def unusable(step: Step, answer: Answer) -> str:
    """Say why an answer holds no numbers to mark.

    Parameters
    ----------
    step : Step
        The step.
    answer : Answer
        The answer, missing or invalid.

    Returns
    -------
    str
        A sentence or two.
    """
    if answer.problem == "missing":
        return answer.detail or say("missing")
    words = _unexpected(step, answer)
    comma = re.search(DECIMAL_COMMA, answer.detail)
    return say("decimal comma", words=words) if comma else words


def blocked(lacking: Sequence[str]) -> str:
    """Say which earlier answers a step waits for.

    Parameters
    ----------
    lacking : sequence of str
        The answers of its first route that are missing or of no use.

    Returns
    -------
    str
        A sentence.
    """
    return say("blocked", steps=say("and").join(lacking))


def wrong_shape(step: Step, answer: Answer, boxes: Sequence[Box]) -> str:
    """Say what shape came, and whether the numbers would have done.

    Parameters
    ----------
    step : Step
        The step.
    answer : Answer
        The answer, with its numbers put into the right shape.
    boxes : sequence of Box
        What would have been right.

    Returns
    -------
    str
        A sentence or two.
    """
    words = _unexpected(step, answer)
    right = answer.values and any(explains(box, answer.values) for box in boxes)
    return say("numbers are right", words=words) if right else words


def wrong(
    step: Step,
    values: Sequence[float],
    boxes: Sequence[Box],
    example: WorkedExample,
    earlier: Values,
) -> str:
    """Name the likely mistake, or else the elements to look at again.

    Parameters
    ----------
    step : Step
        The step.
    values : sequence of float
        The answer, row by row.
    boxes : sequence of Box
        What would have been right: the original value, and where each route leads.
    example : WorkedExample
        The network.
    earlier : mapping of str to Value
        The learner's earlier answers.

    Returns
    -------
    str
        A sentence or two.
    """
    if any(explains(box, values, truncated=True) for box in boxes):
        return say("truncated")
    slip = likely_mistake(step, values, boxes, example, earlier)
    if slip:
        return say("mistake", name=slip)
    off = min((unexplained(box, values) for box in boxes), key=len)
    places = ", ".join(_place(step, place) for place in off)
    if min(max(_gaps(values, box)) for box in boxes) <= RECOGNISED:
        return say("close", places=places)
    if len(off) < len(values):
        return say("partly right", places=places)
    return say("wrong")


def likely_mistake(
    step: Step,
    values: Sequence[float],
    boxes: Sequence[Box],
    example: WorkedExample,
    earlier: Values,
) -> str:
    """Find the known mistake that an answer matches better than it matches the truth.

    Parameters
    ----------
    step : Step
        The step.
    values : sequence of float
        The answer, row by row.
    boxes : sequence of Box
        What would have been right.
    example : WorkedExample
        The network.
    earlier : mapping of str to Value
        The learner's earlier answers. A mistake is looked for on the way from these, and
        on the way from the right ones, in case more digits were carried than written.

    Returns
    -------
    str
        Its name, or nothing.
    """
    found = [
        (_misses(values, flatten(mistake.made_in(example, start))), mistake.name)
        for mistake in PEN_AND_PAPER
        if mistake.answer == step.name
        for start in (earlier, {})
    ]
    misses, name = min(found, key=lambda each: (max(each[0]), each[1]))
    # An answer that is the mistake's own, rounded as it was written, need only be nearer to
    # it than to the truth. Else rounding on the way may have done the same, and it takes more.
    pairs = zip(misses, values, strict=True)
    is_rounded = all(miss <= half_unit(value) + LAST_DIGITS for miss, value in pairs)
    distance = math.hypot(*misses) * (1 if is_rounded else 2)
    truth = min(math.hypot(*_gaps(values, box)) for box in boxes)
    return name if max(misses) <= RECOGNISED and distance < truth else ""


def _misses(values: Sequence[float], others: Sequence[float]) -> list[float]:
    return [abs(v - other) for v, other in zip(values, others, strict=True)]


def _gaps(values: Sequence[float], box: Box) -> list[float]:
    return [
        max(interval.low - value, value - interval.high, 0.0)
        for value, interval in zip(values, box, strict=True)
    ]


def _unexpected(step: Step, answer: Answer) -> str:
    wanted = say("numbers", shape=step.shape) if step.shape else say("one number")
    return say("unexpected", step=step.name, detail=answer.detail, wanted=wanted)


def _place(step: Step, place: int) -> str:
    if len(step.shape) == 2:
        return f"{step.name}[{place // step.shape[1]}][{place % step.shape[1]}]"
    return f"{step.name}[{place}]"
