"""What came of a trial beside what should have come, and words for the difference."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from mlp_exercise.check import Wrong
from mlp_exercise.observations import Observations, Seen, Trial
from mlp_exercise.part2.batches import BESIDE, FIRST, LAYOUTS, SAMPLES, SECOND, THIRD
from mlp_exercise.part2.pieces import UNTOUCHED
from mlp_exercise.part2.substitution import STAND_INS
from mlp_reference.arrays import Array

Arrays: TypeAlias = Mapping[str, Array]
Slips: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By label: what typical slips give, by words that complete "It looks as if you …"."""

EXACT = 1e-9
"""The largest relative error against a formula, in norm."""

MOVES = ("first step", "second step")

PLACES = {
    **{layout: (f"With {layout}", ".") for layout in LAYOUTS},
    "one sample": ("For one sample", "."),
    FIRST: (f"For a batch of {SAMPLES[FIRST]}", "; it is right for one sample."),
    SECOND: (
        f"Called again, with a batch of {SAMPLES[SECOND]}",
        ", though right at first. Does something of the first call stay?",
    ),
    THIRD: (
        f"Called once more, with another batch of {SAMPLES[THIRD]}",
        ", though right before. Does something of an earlier call stay?",
    ),
    BESIDE: (
        f"For a batch of {SAMPLES[FIRST]}, and with another object beside this one",
        ". Is something kept in the class, not in the object?",
    ),
    MOVES[0]: ("In the first step", "."),
    MOVES[1]: (
        "In the second step",
        ", though right in the first. Does something of it stay?",
    ),
}
"""How a sentence about one call begins, and how it ends where only the numbers are wrong."""

CHANGED = (
    "it changes the arrays that it is given. Make new ones.",
    "it changes what an earlier call has returned. Make new arrays.",
    "it moves the weights: only `step` may move the weights.",
)
"""What is said where one of the counts in `UNTOUCHED` is not zero."""

RETURNED = ("output", "input", "call")
"""Quantities that a function returns; others it leaves in an object."""


class Fault(NamedTuple):
    """What is not as it should be."""

    label: str
    seen: Seen
    expected: Array

    @property
    def is_change(self) -> bool:
        """Return whether something was changed that must stay as it is."""
        return self.label.endswith(UNTOUCHED)


def expected(trial: Trial, series: str = "") -> Arrays:
    """Return the numbers that a trial gives on this course's own code, or one series of them."""
    seen = trial(dict(STAND_INS))
    seen = by_series(seen)[series] if series else seen
    return {label: s.array for label, s in seen.items() if s.kind == "numbers"}


def by_series(seen: Mapping[str, Seen]) -> dict[str, Observations]:
    """Return observations by the first word of their labels, and by the rest."""
    found: dict[str, Observations] = {}
    for label, one in seen.items():
        series, _, rest = label.partition("/")
        found.setdefault(series, Observations())[rest] = one
    return found


def faults(seen: Observations, right: Arrays, tolerance: float = EXACT) -> list[Fault]:
    """Return all that is not as it should be, in the order in which it was tried out."""
    return [
        Fault(label, seen[label], array)
        for label, array in right.items()
        if not seen[label].is_close(array, tolerance) or seen[label].detail != "float64"
    ]


def described(wrong: Sequence[Fault], slips: Slips, more: str = "") -> Wrong:
    """Return what is wrong: a slip, or the first fault unless an array was changed."""
    changes = (fault for fault in wrong if fault.is_change)
    slip = named(wrong, slips)
    words = f"It looks as if you {slip}." if slip else ""
    words = words or _described(next(changes, wrong[0]))
    return Wrong(words + more, slip)


def named(wrong: Sequence[Fault], slips: Slips) -> str:
    """Return the slip that explains what is wrong; nothing if none does."""
    for fault in wrong:
        for words, array in slips.get(fault.label, {}).items():
            if fault.seen.is_close(array, EXACT):
                return words
    return ""


def raised(place: str, error: Seen) -> str:
    """Return what is said of a call that raised."""
    return _with_hint(place, f"it raised {error.detail}.")


def _with_hint(place: str, words: str) -> str:
    words = f"{PLACES[place][0]}, {words}"
    if place in LAYOUTS:
        words += " With Linear, Tanh, Linear it is right: let it work with any layers."
    return words


def _described(fault: Fault) -> str:
    place, _, quantity = fault.label.rpartition("/")
    if fault.is_change:
        changed = zip(fault.seen.array.ravel(), CHANGED, strict=False)
        words = next((words for count, words in changed if count), CHANGED[0])
        return f"{PLACES[place][0]}, {words}"
    return _with_hint(place, _came(fault.seen, fault.expected, place, quantity))


def _came(seen: Seen, right: Array, place: str, quantity: str) -> str:
    is_returned = quantity in RETURNED
    what = "what it returns" if is_returned else quantity
    shaped = f"an array of shape {right.shape}" if right.ndim else "one number"
    match seen.kind:
        case "error":
            return f"it raised {seen.detail}."
        case "missing":
            return "it has no answer yet."
        case "nothing":
            came = "it returned None" if is_returned else f"{what} is not there"
            return f"{came}; expected {shaped}."
        case "other":
            return f"{what} is a {seen.detail}; expected {shaped}."
    if seen.array.shape != right.shape:
        hint = " It is transposed." if seen.array.shape == right.shape[::-1] else ""
        if seen.array.ndim > right.ndim == 1:
            hint = " Sum over the batch, and keep no axis of it."
        return f"{what} has the shape {seen.array.shape}; expected {right.shape}.{hint}"
    if seen.detail != "float64":
        return f"{what} is {seen.detail}; expected float64."
    if not np.isfinite(seen.array).all():
        return f"{what} holds NaN or infinity."
    if not seen.array.any():
        return f"{what} is zero throughout. Does the pass get that far?"
    return f"{what} is wrong{PLACES[place][1]}"
