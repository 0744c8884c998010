"""Learners who round in different ways, with and without a mistake, to test the rule on."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import SHAPES
from mlp_reference.manual import FORMULAS
from mlp_reference.mistakes import Slip
from mlp_reference.worked_example import WorkedExample

FULL = 400
"""More decimals than any float has: rounding to them changes nothing."""


class Style(NamedTuple):
    """An honest way to round."""

    name: str
    decimals: tuple[int, ...]  # that are written; one is drawn for each answer
    carries: float  # how often the value worked out is carried, and not the written one
    keeps: int = FULL  # the decimals that the value worked out is kept with


STYLES = (
    Style("full precision", (FULL,), 1.0),
    Style("two decimals written, full precision carried", (2,), 1.0),
    Style("two decimals written and carried", (2,), 0.0),
    Style("mixed", (2, 2, 3, 4, FULL), 0.5),
    Style("two decimals written, three carried", (2,), 1.0, keeps=3),
)
"""The styles of the simulation. In each, quantities not asked for are carried in full."""


class Outcome(NamedTuple):
    """What one sheet of a learner came to."""

    style: str
    mistake: Slip | None
    detected: bool  # whether the answer with the mistake was marked wrong
    lost: int  # how many other answers got no points


def rounded(value: Any, decimals: int = 2) -> Any:
    """Return a number, or nested lists of them, with so many decimals."""
    if isinstance(value, list):
        return [rounded(item, decimals) for item in value]
    return round(value, decimals)


def fill_in(
    example: WorkedExample,
    style: Style,
    rng: np.random.Generator,
    mistake: Slip | None = None,
) -> dict[str, Any]:
    """Return the answers of a learner who makes at most one mistake and goes on from it."""
    carried: dict[str, Any] = {}
    written: dict[str, Any] = {}
    slipped = {mistake.quantity: mistake.formula} if mistake else {}
    for name, formula in {**FORMULAS, **slipped}.items():
        used = {
            earlier: value
            if rng.random() < style.carries
            else written.get(earlier, value)
            for earlier, value in carried.items()
        }
        carried[name] = formula(example, used)
        if name in SHAPES:
            written[name] = rounded(carried[name], int(rng.choice(style.decimals)))
            carried[name] = rounded(carried[name], style.keeps)
    return written


def simulate(
    examples: Iterable[WorkedExample],
    mistakes: Callable[[int], Slip | None],
    rng: np.random.Generator,
) -> list[Outcome]:
    """Mark every network worked in every style, the n-th sheet with the n-th mistake."""
    outcomes: list[Outcome] = []
    for example in examples:
        for style in STYLES:
            mistake = mistakes(len(outcomes))
            marks = mark(fill_in(example, style, rng, mistake), example)
            slip = mistake.answer if mistake else None
            detected = any(m.name == slip and m.verdict == "wrong" for m in marks)
            lost = sum(m.name != slip and not m.points for m in marks)
            outcomes.append(Outcome(style.name, mistake, detected, lost))
    return outcomes
