"""The finder's own data: the graph with letters, where in it each slip happens, and its words."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from course.figures import both_forms
from course.interactive.worksheet import rule, sheet
from course.interactive.worksheet import words as words_of_sheet
from course.words import N_, _, translated
from mlp_exercise.part1.boxes import TOLERANCE
from mlp_exercise.part1.steps import STEPS
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from mlp_reference.network_graph import symbolic_graph
from mlp_reference.walkthrough import QUANTITIES, places, symbol
from mlp_reference.worked_example import EXERCISE

ALT = N_("Graph of the network with letters: a value and its gradient at every place.")

DEFAULT = "dL_dw1"
"""The answer that the page opens with: most learners get stuck there."""

W1 = [f"W1_{j}{k}" for j in (1, 2) for k in (1, 2, 3)]
W2, B1, TANH = ["W2_11", "W2_12"], ["b1_1", "b1_2"], ["z1", "z2"]


class Spot(NamedTuple):
    """Where in the graph something went wrong."""

    where: str  # in words
    arrows: Sequence[str] = ()
    places: Sequence[str] = ()


SPOTS: dict[str, Spot] = {
    "a": Spot(N_("on the edges from x to a"), W1),
    "z": Spot(N_("at tanh, on the way forward"), TANH),
    "y": Spot(N_("on the edges from z to y"), W2),
    "loss": Spot(N_("at the loss"), ["L"], ["L"]),
    "dL_dy": Spot(N_("at the first step back, from the loss to y"), ["L"]),
    "dL_dw2": Spot(N_("at the weights W₂"), [], W2),
    "dL_db2": Spot(N_("at the bias b₂"), [], ["b2_1"]),
    "dL_dz": Spot(N_("on the edges W₂, on the way back from y to z"), W2),
    "dL_da": Spot(N_("at tanh, on the way back"), TANH),
    "dL_dw1": Spot(N_("at the weights W₁"), [], W1),
    "dL_db1": Spot(N_("at tanh, on the way back to b₁"), TANH),
    "W2_updated": Spot(N_("in the update of W₂"), [], W2),
    "b2_updated": Spot(N_("in the update of b₂"), [], ["b2_1"]),
    "W1_updated": Spot(N_("in the update of W₁"), [], W1),
    "b1_updated": Spot(N_("in the update of b₁"), [], B1),
}
"""Where the slips happen, by the quantity whose formula is wrong."""

OTHER_SPOTS: dict[tuple[str, str], Spot] = {
    ("a", "left the biases out"): Spot(N_("at the biases b₁"), [], B1),
    ("y", "left the bias out"): Spot(N_("at the bias b₂"), [], ["b2_1"]),
    ("y", "put tanh on the output too"): Spot(N_("at the output y"), [], ["y"]),
    ("dL_dz", "left ∂L/∂y out"): Spot(
        N_("between y and z, on the way back"), [], ["y"]
    ),
    ("dL_dw1", "left x out"): Spot(N_("at the inputs x"), [], ["x1", "x2", "x3"]),
}
"""Slips that happen elsewhere."""

STARTS = {
    "L": "y",
    **{f"z{j}": f"a{j}" for j in (1, 2)},
    **{f"W2_1{j}": f"z{j}" for j in (1, 2)},
    **{f"W1_{j}{k}": f"x{k}" for j in (1, 2) for k in (1, 2, 3)},
}
"""The place that each arrow starts from."""

SHOWN = (
    ("dL_dy", "took t − y for y − t"),
    ("dL_dw1", "forgot W2"),
    ("dL_dw1", "took 1 − a² for 1 − z²"),
)
"""Slips to begin with, by answer and name."""

WORDS = {
    "own": "the exercise’s own numbers",
    "variant": "the numbers of variant {seed}",
    "start": "Type your {name}, as many digits as you have.",
    "incomplete": "Some boxes of {name} are empty still.",
    "unreadable": "I cannot read “{text}” as a number.",
    "slip": "It looks as if you {name}.",
    "shown": "This is what comes out if you {name}.",
    "unseen": "Right at two decimals. But your further digits are what comes out if you {name}.",
    "where": "That happened {where}. The rule there is {rule}.",
    "earlier": "It is in {name} already, an answer before this one: compare yours.",
    "same": "The same numbers come out if you {slips}.",
    "or": "{one}, or {other}",
    "within": "{name} ({answer})",
    "reach": "It changes {changed} of the {count} answers.",
    "reach_unseen": "It changes {changed} of the {count} answers, {unseen} of them by so little "
    "that two decimals do not show it.",
    "after": "The loss after the update would be {wrong}; without the slip it is {right}.",
    "right": "This is right. Nothing to find here.",
    "none": "None of the {count} slips that I know makes these numbers.",
    "try": "What to try: it is computed from {names}. Look for the slip there.",
    "and": "{one} and {other}",
    "try_some": "What to try: the others are right, and so is what all of them are computed from. "
    "Work the marked ones out anew.",
    "try_given": "What to try: work out one element at a time from the numbers that are given.",
    "off": "off by {most}",
    "off_unseen": "off by {most}, not seen",
    "before": "unchanged",
    "no_change": "–",
    "no_reach": "Here it will say how far a slip reaches.",
}
"""The texts of the finder. The program replaces names in braces."""

OF_SHEET = ("no_seed", "unreachable")
"""What it says in the words of the worksheet."""


def key_of(slip: Slip) -> str:
    """Return the name of a slip in the address of the page."""
    plain = unicodedata.normalize("NFKD", slip.name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join([slip.answer, *words])


def spot_of(slip: Slip) -> Spot:
    """Return where a slip happens."""
    return OTHER_SPOTS.get((slip.quantity, slip.name), SPOTS[slip.quantity])


def _spot(slip: Slip) -> dict[str, Any]:
    spot = spot_of(slip)
    return spot._replace(where=_(spot.where))._asdict()


class Listed(NamedTuple):
    """A slip in the table of all of them."""

    key: str
    answer: str
    name: str
    most: float  # by how much it changes the first answer that it affects
    seen: bool  # whether two decimals show it


def named(name: str) -> str:
    """Return the symbol of an answer, which an update does not change."""
    shown = symbol(name)
    if "_updated" not in name:
        return shown
    return _("{symbol} updated").format(symbol=shown)


def table() -> list[Listed]:
    """Return all slips with what each changes, with the exercise's own numbers."""
    right = work_out(EXERCISE)
    rows = []
    for slip in PEN_AND_PAPER:
        change = np.subtract(slip.made_in(EXERCISE), right[slip.answer])
        most = float(np.abs(change).max())
        row = Listed(key_of(slip), slip.answer, slip.name, most, most > TOLERANCE)
        rows.append(row)
    return rows


def graph() -> Markup:
    """Return the network with letters for the page, wide and upright."""
    wide, upright = (symbolic_graph(upright=form) for form in (False, True))
    return both_forms(wide, upright, _(ALT), "finder")


def context() -> dict[str, Any]:
    """Return what the finder's template needs."""
    words = translated(WORDS)
    words |= {name: words_of_sheet()[name] for name in OF_SHEET}
    known = rule()
    known["mistakes"] = [
        each | {"key": key_of(slip)} | _spot(slip)
        for each, slip in zip(known["mistakes"], PEN_AND_PAPER, strict=True)
    ]
    data = known | {
        "example": asdict(EXERCISE),
        "rules": {quantity.name: quantity.rule for quantity in QUANTITIES},
        "places": {
            name: {"value": place.value, "gradient": place.gradient}
            for name, place in places(EXERCISE).items()
        },
        "starts": STARTS,
        "finder": words,
    }
    listed = table()
    return {
        "sheet": sheet(),
        "default": DEFAULT,
        "symbol": lambda name: Markup(symbol(name)),  # noqa: S704 - our own HTML
        "named": lambda name: Markup(named(name)),  # noqa: S704 - our own HTML
        "listed": listed,
        "titles": {step.name: step.title for step in STEPS},
        "shown": [row for row in listed if (row.answer, row.name) in SHOWN],
        "graph": graph(),
        "words": words,
        "data": data,
    }
