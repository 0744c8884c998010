"""The worksheet's own data: the boxes of its twelve answers, help with them, and its words."""

import re
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from course.words import translated
from mlp_exercise.part1.marking import POINTS
from mlp_exercise.part1.rules import as_data
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import LARGEST_SEED
from mlp_exercise.submission.mark import PART_ONE
from mlp_exercise.submission.read import openings
from mlp_reference.walkthrough import QUANTITIES, elements, places, symbol, workings
from mlp_reference.worked_example import EXERCISE

PARTS = ("worksheet", "strip", "boxes", "landing")
"""The parts of the worksheet, by the names of their templates."""

DRAWN_BELOW = 1_000_000
"""Drawn seeds are smaller than this, so that they are short enough to pass on."""

UPDATED = ("W1", "b1", "W2", "b2")
"""The parameters, in the order in which the landing lists them."""

WORDS = {
    "own": "The exercise’s own numbers",
    "own_here": "the exercise’s own",
    "variant": "Variant {seed}",
    "variant_here": "those of variant {seed}",
    "points": "{points} of {most} points",
    "mark": "{step}: {said}",
    "empty": "no answer yet",
    "correct": "Correct",
    "follow-through": "Follows through",
    "wrong": "Not yet right",
    "blocked": "Waiting",
    "rungs": [
        "Show the rule",
        "Put the numbers in",
        "Show the result",
        "Hide the help",
    ],
    "yours": "This goes on from your own {names}.",
    "filled": "Filled in: {places}.",
    "no_seed": "Write a whole number, such as 7, with at most {digits} digits.",
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
    "play": "Take the step",
    "again": "Take it again",
    "old": "old weights",
    "new": "new weights",
    "along": "{percent} % of the step: the loss is {loss}",
    "rose": "The loss rose from {before} to {after}.",
    "fell": "The loss fell from {before} to {after}.",
    "stayed": "The loss stays at {after}.",
    "so_why": "Your arithmetic is perfect. So why?",
    "so_far": "Your arithmetic is perfect, and here the step helped.",
    "elsewhere": "With the exercise’s own numbers, it goes from {before} to {after}.",
}
"""The texts of the worksheet. The program replaces names in braces."""


def words() -> dict[str, Any]:
    """Return these texts in the language of the site, with what the program does not know."""
    made = translated(WORDS)
    digits = str(len(str(LARGEST_SEED)) - 1)
    return made | {"no_seed": made["no_seed"].replace("{digits}", digits)}


class Boxes(NamedTuple):
    """The boxes of one answer."""

    name: str
    title: str
    rule: str
    columns: int  # the number of boxes side by side
    bracketed: bool  # whether it is a vector or a matrix, not a single number
    elements: tuple[str, ...]  # row by row


def sheet() -> tuple[Boxes, ...]:
    """Return the boxes of all answers, in order."""
    rules = {quantity.name: quantity.rule for quantity in QUANTITIES}
    return tuple(
        Boxes(
            step.name,
            step.title[0].upper() + step.title[1:],
            rules[step.name],
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


def shown() -> dict[str, list[str]]:
    """Return where the graph shows an element of an answer: its place, and as what."""
    asked_for = {name for boxes in sheet() for name in boxes.elements}
    found = {}
    for place, each in places(EXERCISE).items():
        for name, what in ((each.value, "value"), (each.gradient, "gradient")):
            if name in asked_for:
                found[name] = [place, what]
    return found


def context(part: str = "worksheet") -> dict[str, Any]:
    """Return what the template of a part needs besides the data of all parts."""
    common = {
        "sheet": sheet(),
        "most_points": len(STEPS) * POINTS,
        "words": words(),
        "updated": {name: elements(name, getattr(EXERCISE, name)) for name in UPDATED},
    }
    return common | {"data": _data()} if part == "worksheet" else common


def rule() -> dict[str, Any]:
    """Return the rule of the marking, with what it says in the language of the site."""
    known = as_data()
    return known | {"words": translated(known["words"])}


def _data() -> dict[str, Any]:
    needed = {name for names in ways().values() for name in names}
    lines = {name: line for name, line in workings(EXERCISE).items() if name in needed}
    named = {name for line in lines.values() for name in _used(line)}
    return rule() | {
        "example": asdict(EXERCISE),
        "rules": {boxes.name: boxes.rule for boxes in sheet()},
        "workings": lines,
        "ways": ways(),
        "symbols": {name: symbol(name) for name in sorted(named | needed)},
        "shown": shown(),
        "sheet": words(),
        "drawn_below": DRAWN_BELOW,
        "notebook": f"../downloads/{PART_ONE.name}.ipynb",
        "exercise": PART_ONE.name,
        "openings": dict(openings(PART_ONE.name)),
    }
