"""What the worksheet knows: the boxes of its twelve answers, their workings, and its words."""

import re
from dataclasses import asdict
from typing import Any, NamedTuple

from mlp_exercise.part1.boxes import Shape
from mlp_exercise.part1.marking import POINTS
from mlp_exercise.part1.rules import as_data
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import LARGEST_SEED
from mlp_exercise.submission.answers import openings
from mlp_exercise.submission.part_one import PART_ONE
from mlp_reference.walkthrough import symbol, workings
from mlp_reference.worked_example import EXERCISE

DRAWN_BELOW = 1_000_000
"""Seeds that a reader is given stay short enough to tell somebody."""

WORDS = {
    "own": "The exercise’s own numbers",
    "variant": "Variant {seed}",
    "points": "{points} of {most} points",
    "correct": "Correct",
    "follow-through": "Follows through",
    "wrong": "Not yet right",
    "blocked": "Waiting",
    "incomplete": "A box is empty.",
    "invalid": "Flagged: invalid.",
    "trivial": (
        "Flagged: trivial. It is paid, but follows from a wrong answer that is all zero "
        "or huge, so a person may want to look at it."
    ),
    "working": "This is how the right values come about:",
    "no_seed": f"Write a whole number from 0 to {LARGEST_SEED}.",
    "cleared": "All boxes are empty now.",
    "undo": "Undo",
    "unreachable": "This part of the page cannot be loaded. Are you still connected?",
    "variant_not_saved": (
        "The notebook to download has the exercise’s own numbers: "
        "answers to variant {seed} do not belong into it."
    ),
    "saved": "Your notebook has been saved with these answers.",
    "too_large": "This file is too large for a notebook of this exercise.",
    "no_notebook": "This file is no notebook of this exercise.",
    "read": "Answers read: {count} of {most}.",
    "not_read": "Not read, for they are no plain numbers in the shape of these boxes: {names}.",
}
"""What the program says. Names in braces are filled in there."""


class Boxes(NamedTuple):
    """The boxes of one answer.

    Attributes
    ----------
    name : str
        The variable that a learner assigns.
    title : str
        What it is, in words.
    columns : int
        How many boxes stand side by side.
    bracketed : bool
        Whether they are a vector or a matrix, and no single number.
    elements : tuple of str
        The name of each box, row by row.
    """

    name: str
    title: str
    columns: int
    bracketed: bool
    elements: tuple[str, ...]


def sheet() -> tuple[Boxes, ...]:
    """List the boxes of all answers.

    Returns
    -------
    tuple of Boxes
        In the order in which the exercise asks for them; vectors stand upright.
    """
    return tuple(
        Boxes(
            step.name,
            step.title[0].upper() + step.title[1:],
            step.shape[1] if len(step.shape) == 2 else 1,
            bool(step.shape),
            tuple(_names(step.name, step.shape)),
        )
        for step in STEPS
    )


def _names(name: str, shape: Shape) -> list[str]:
    if not shape:
        return [name]
    size, *rest = shape
    return [
        inner
        for place in range(size)
        for inner in _names(f"{name}[{place}]", tuple(rest))
    ]


def ways() -> dict[str, list[str]]:
    """List what a reader must work out for each answer from the answers before it.

    Returns
    -------
    dict of str to list of str
        For each answer its elements, after those of quantities that nobody is asked for.
    """
    return {boxes.name: _way(boxes.elements) for boxes in sheet()}


def _way(elements: tuple[str, ...]) -> list[str]:
    lines = workings(EXERCISE)
    asked = {step.name for step in STEPS}
    named = [
        name for line in elements for name in re.findall(r"\{(.+?)\}", lines[line])
    ]
    between = [
        name
        for name in dict.fromkeys(named)
        if name in lines and name.partition("[")[0] not in asked
    ]
    before = _way(tuple(between)) if between else []
    return [*before, *elements]


def context() -> dict[str, Any]:
    """Gather what the template needs beside what it shares with the explorer.

    Returns
    -------
    dict
        For Jinja. ``data`` is what the program gets as JSON.
    """
    needed = {name for names in ways().values() for name in names}
    lines = {name: line for name, line in workings(EXERCISE).items() if name in needed}
    named = {name for line in lines.values() for name in re.findall(r"\{(.+?)\}", line)}
    data = {
        "example": asdict(EXERCISE),
        "workings": lines,
        "ways": ways(),
        "symbols": {name: symbol(name) for name in sorted(named | needed)},
        "sheet": WORDS,
        "drawn_below": DRAWN_BELOW,
        "notebook": f"../downloads/{PART_ONE.name}.ipynb",
        "exercise": PART_ONE.name,
        "openings": dict(openings(PART_ONE.name)),
    }
    return {
        "sheet": sheet(),
        "most_points": len(STEPS) * POINTS,
        "words": WORDS,
        "data": as_data() | data,
    }
