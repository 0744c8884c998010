"""Words for the learner: what is the matter with an answer, never what it should be."""

import re
from collections.abc import Sequence

from mlp_reference.chain import Values
from mlp_reference.exercises.pen_and_paper.answer import Answer
from mlp_reference.exercises.pen_and_paper.boxes import Box, flatten
from mlp_reference.exercises.pen_and_paper.steps import Step
from mlp_reference.exercises.pen_and_paper.tolerance import explains, unexplained
from mlp_reference.mistakes.pen_and_paper import PEN_AND_PAPER
from mlp_reference.worked_example import WorkedExample

CORRECT = "Correct."
"""What is said of an answer that equals the original value."""

FOLLOWS = "Follows from your earlier answers."
"""What is said of an answer that follows through."""

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
        return answer.detail or "No answer yet."
    words = f"{step.name} {answer.detail}; expected {_wanted(step)}."
    comma = re.search(r"the text '-?\d*,\d+'", answer.detail)
    return f"{words} Write a decimal point, and no quotes." if comma else words


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
    return f"Cannot be checked without {' and '.join(lacking)}."


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
    words = f"{step.name} {answer.detail}; expected {_wanted(step)}."
    if answer.values and any(explains(box, answer.values) for box in boxes):
        words += " The numbers themselves are right."
    return words


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
        return "This looks truncated, not rounded: mind the third decimal."
    slip = likely_mistake(step, values, boxes, example, earlier)
    if slip:
        return f"It looks as if you {slip}."
    off = min((unexplained(box, values) for box in boxes), key=len)
    places = ", ".join(_place(step, place) for place in off)
    if min(_gap(values, box) for box in boxes) <= RECOGNISED:
        return f"Close; look again at {places}. Did you round something on the way?"
    if len(off) < len(values):
        return f"Partly right; look again at {places}."
    return "Not what comes of the numbers before it."


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
        (_distance(values, flatten(mistake.made_in(example, start))), mistake.name)
        for mistake in PEN_AND_PAPER
        if mistake.answer == step.name
        for start in (earlier, {})
    ]
    distance, name = min(found)
    truth = min(_gap(values, box) for box in boxes)
    # Close to the truth, too, it takes more to tell a mistake from rounding on the way.
    near = truth / 2 if truth <= RECOGNISED else truth
    return name if distance <= RECOGNISED and distance < near else ""


def _distance(values: Sequence[float], others: Sequence[float]) -> float:
    return max(abs(v - other) for v, other in zip(values, others, strict=True))


def _gap(values: Sequence[float], box: Box) -> float:
    return max(
        max(interval.low - value, value - interval.high, 0.0)
        for value, interval in zip(values, box, strict=True)
    )


def _wanted(step: Step) -> str:
    return f"numbers in the shape {step.shape}" if step.shape else "one number"


def _place(step: Step, place: int) -> str:
    if len(step.shape) == 2:
        return f"{step.name}[{place // step.shape[1]}][{place % step.shape[1]}]"
    return f"{step.name}[{place}]"
