"""Learners who round in different ways, with and without a mistake, to test the rule on."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import SHAPES
from mlp_reference.manual import FORMULAS
from mlp_reference.mistakes import Slip
from mlp_reference.worked_example import WorkedExample

FULL = 17
"""So many decimals are all that a float has."""


class Style(NamedTuple):
    """An honest way to round.

    Attributes
    ----------
    name : str
        What such a learner does.
    decimals : tuple of int
        How many decimals an answer may be written with; one is drawn for each answer.
    carries : float
        How often the value worked out is carried to a later step, and not the written one.
    keeps : int
        How many decimals the value worked out is kept with.
    """

    name: str
    decimals: tuple[int, ...]
    carries: float
    keeps: int = FULL


STYLES = (
    Style("full precision", (FULL,), 1.0),
    Style("two decimals written, full precision carried", (2,), 1.0),
    Style("two decimals written and carried", (2,), 0.0),
    Style("mixed", (2, 2, 3, 4, FULL), 0.5),
    Style("two decimals written, three carried", (2,), 1.0, keeps=3),
)
"""The styles of the simulation. In each, quantities not asked for are carried in full."""


class Outcome(NamedTuple):
    """What one sheet of a learner came to.

    Attributes
    ----------
    style : str
        How it was rounded.
    mistake : Slip or None
        What went wrong on it, if anything.
    detected : bool
        Whether the answer with the mistake was marked wrong.
    lost : int
        How many *other* answers got no points.
    """

    style: str
    mistake: Slip | None
    detected: bool
    lost: int


def fill_in(
    example: WorkedExample,
    style: Style,
    rng: np.random.Generator,
    mistake: Slip | None = None,
) -> dict[str, Any]:
    """Work the exercise as a learner of some style would, with at most one mistake.

    Parameters
    ----------
    example : WorkedExample
        The network.
    style : Style
        How this learner rounds.
    rng : numpy.random.Generator
        Decides what the style leaves open.
    mistake : Slip, optional
        The slip that this learner makes; everything after it follows from it.

    Returns
    -------
    dict
        The twelve answers as written.
    """
    carried: dict[str, Any] = {}
    written: dict[str, Any] = {}
    for name, right in FORMULAS.items():
        slipped = mistake is not None and mistake.quantity == name
        formula = mistake.formula if mistake is not None and slipped else right
        used = {
            earlier: value
            if rng.random() < style.carries
            else written.get(earlier, value)
            for earlier, value in carried.items()
        }
        value = formula(example, used)
        carried[name] = value
        if name in SHAPES:
            carried[name] = _round(value, style.keeps)
            written[name] = _round(value, int(rng.choice(style.decimals)))
    return written


def simulate(
    examples: Iterable[WorkedExample],
    mistakes: Callable[[int], Slip | None],
    rng: np.random.Generator,
    styles: tuple[Style, ...] = STYLES,
) -> list[Outcome]:
    """Let a learner of every style work every network, and mark what they wrote.

    Parameters
    ----------
    examples : iterable of WorkedExample
        The networks.
    mistakes : callable
        Gives the mistake on the n-th sheet, or None.
    rng : numpy.random.Generator
        Decides what the styles leave open.
    styles : tuple of Style, optional
        The styles to try.

    Returns
    -------
    list of Outcome
        One for each sheet.
    """
    outcomes: list[Outcome] = []
    for example in examples:
        for style in styles:
            mistake = mistakes(len(outcomes))
            answers = fill_in(example, style, rng, mistake)
            outcomes.append(_outcome(example, style, mistake, answers))
    return outcomes


def _outcome(
    example: WorkedExample,
    style: Style,
    mistake: Slip | None,
    answers: Mapping[str, Any],
) -> Outcome:
    verdicts = {m.name: m.verdict for m in mark(answers, example)}
    slip = mistake.answer if mistake else None
    lost = [
        name
        for name, verdict in verdicts.items()
        if name != slip and verdict not in ("correct", "follow-through")
    ]
    detected = slip is not None and verdicts[slip] == "wrong"
    return Outcome(style.name, mistake, detected, len(lost))


def _round(value: Any, decimals: int) -> Any:
    if isinstance(value, list):
        return [_round(item, decimals) for item in value]
    return value if decimals >= FULL else round(value, decimals)
