"""The worksheet's own data: the boxes of its twelve answers, their workings, and its words."""

import re
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.part1.marking import POINTS
from mlp_exercise.part1.rules import as_data
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import LARGEST_SEED
from mlp_exercise.submission.mark import PART_ONE
from mlp_exercise.submission.read import openings
from mlp_reference.walkthrough import elements, symbol, workings
from mlp_reference.worked_example import EXERCISE

DRAWN_BELOW = 1_000_000
"""Drawn seeds are smaller than this, so that they are short enough to pass on."""

WORDS = {
    "own": "The exercise’s own numbers",
    "variant": "Variant {seed}",
    "points": "{points} of {most} points",
    "correct": "Correct",
    "follow-through": "Follows through",
    "wrong": "Not yet right",
    "blocked": "Waiting",
    "working": "This is how the right values are computed:",
    "no_seed": f"Write a whole number from 0 to {LARGEST_SEED}.",
    "cleared": "All boxes are empty now.",
    "undo": "Undo",
    "unreachable": "This part of the page cannot be loaded. Are you still connected?",
    "variant_not_saved": (
        "The notebook to download has the exercise’s own numbers: "
        "answers to variant {seed} do not belong in it."
    ),
    "saved": "Your notebook has been saved with these answers.",
    "too_large": "This file is too large for a notebook of this exercise.",
    "no_notebook": "This file is not a notebook of this exercise.",
    "read": "Answers read: {count} of {most}.",
    "not_read": "Not read, because they are not numbers in the shape of these boxes: {names}.",
}
"""The texts of the worksheet. The program replaces names in braces."""


class Boxes(NamedTuple):
    """The boxes of one answer."""

    name: str
    title: str
    columns: int  # the number of boxes side by side
    bracketed: bool  # whether it is a vector or a matrix, not a single number
    elements: tuple[str, ...]  # row by row


def sheet() -> tuple[Boxes, ...]:
    """Return the boxes of all answers, in order."""
    return tuple(
        Boxes(
            step.name,
            step.title[0].upper() + step.title[1:],
            step.shape[1] if len(step.shape) == 2 else 1,
            bool(step.shape),
            tuple(elements(step.name, np.zeros(step.shape).tolist())),
        )
        for step in STEPS
    )


def ways() -> dict[str, list[str]]:
    """Return the elements that a reader computes for each answer, from earlier answers."""
    return {boxes.name: _way(boxes.elements) for boxes in sheet()}


def _way(asked_for: tuple[str, ...]) -> list[str]:
    lines = workings(EXERCISE)
    steps = {step.name for step in STEPS}
    used = dict.fromkeys(
        name for element in asked_for for name in _used(lines[element])
    )
    between = [n for n in used if n in lines and n.partition("[")[0] not in steps]
    before = _way(tuple(between)) if between else []
    return [*before, *asked_for]


def _used(line: str) -> list[str]:
    """Return the names of the elements in a working."""
    return re.findall(r"\{(.+?)\}", line)


def context() -> dict[str, Any]:
    """Return what the worksheet's template needs besides the data of all parts."""
    needed = {name for names in ways().values() for name in names}
    lines = {name: line for name, line in workings(EXERCISE).items() if name in needed}
    named = {name for line in lines.values() for name in _used(line)}
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
