"""Words for what is wrong with a piece of code, as far as a comparison of numbers can tell."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from mlp_exercise.observations import Seen
from mlp_exercise.part2.batches import (
    BESIDE,
    FIRST,
    LAYOUTS,
    SAMPLES,
    SECOND,
    THIRD,
)
from mlp_exercise.part2.passes import UNTOUCHED, untouchable
from mlp_reference.arrays import Array

EXACT, NUMERICAL = 1e-9, 1e-6
"""Largest relative errors in norm: against a formula, and against central differences."""

PLACES = {
    **{layout: f"With {layout}" for layout in LAYOUTS},
    "one sample": "For one sample",
    FIRST: f"For a batch of {SAMPLES[FIRST]}",
    SECOND: f"Called again, with a batch of {SAMPLES[SECOND]}",
    THIRD: f"Called once more, with another batch of {SAMPLES[THIRD]}",
    BESIDE: f"For a batch of {SAMPLES[FIRST]}, and with another object beside this one",
    "first step": "In the first step",
    "second step": "In the second step",
}
"""How a sentence begins that is about one call."""

RETURNED = ("output", "input", "call")
"""Quantities that a function returns; others it leaves in an object."""

CHANGED = {
    "came in": "it changes the arrays that it is given. Make new ones.",
    "handed out": "it changes what an earlier call has returned. Make new arrays.",
    "parameters": "it moves the weights: only `step` may move the weights.",
}
"""By the names of `UNTOUCHED`: what is said where it has changed."""

ALL_LAYERS = "With Linear, Tanh, Linear it is right: let it work with any layers."
"""Said where a mistake shows in other networks alone."""


class Fault(NamedTuple):
    """The first thing that is not as it should be.

    Attributes
    ----------
    label : str
        Which it is, such as ``"a batch/output"``.
    seen : Seen
        What came.
    expected : ndarray
        What should have come.
    """

    label: str
    seen: Seen
    expected: Array


def close(seen: Seen, expected: Array, tolerance: float = EXACT) -> bool:
    """Compare what came with what should have come, in norm.

    Parameters
    ----------
    seen : Seen
        What came.
    expected : ndarray
        What should have come.
    tolerance : float, optional
        Relative to the norm of what is expected.

    Returns
    -------
    bool
        Whether these are numbers of the same shape and nearly the same size.
    """
    if seen.kind != "numbers" or seen.array.shape != expected.shape:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.linalg.norm(seen.array - expected)
        return bool(difference <= tolerance * np.linalg.norm(expected))


def faults(
    seen: Mapping[str, Seen], expected: Mapping[str, Array], tolerance: float = EXACT
) -> list[Fault]:
    """List what is not as it should be.

    Parameters
    ----------
    seen : mapping of str to Seen
        What came, by label.
    expected : mapping of str to ndarray
        What should have come.
    tolerance : float, optional
        See `close`.

    Returns
    -------
    list of Fault
        In the order in which it was tried out.
    """
    nothing = Seen("nothing")
    return [
        Fault(label, found, array)
        for label, array in expected.items()
        if not close(found := seen.get(label, nothing), array, tolerance)
        or found.detail != "float64"
    ]


def describe(wrong: Iterable[Fault], slips: Mapping[str, Mapping[str, Array]]) -> str:
    """Say what is wrong.

    Parameters
    ----------
    wrong : iterable of Fault
        All that is, at least one; the first tells most, unless an array was changed.
    slips : mapping of str to mapping of str to ndarray
        By label: what typical slips would have given, by their names.

    Returns
    -------
    str
        A sentence or two.
    """
    wrong = list(wrong)
    if slip := named(wrong, slips):
        return slip
    changed = (fault for fault in wrong if untouchable(fault.label))
    return _first(next(changed, wrong[0]))


def named(wrong: Iterable[Fault], slips: Mapping[str, Mapping[str, Array]]) -> str:
    """Say which slip explains what is wrong.

    Parameters
    ----------
    wrong : iterable of Fault
        All that is.
    slips : mapping of str to mapping of str to ndarray
        By label: what typical slips would have given, by their names.

    Returns
    -------
    str
        A sentence; empty if no slip does.
    """
    for fault in wrong:
        for name, array in slips.get(fault.label, {}).items():
            if close(fault.seen, array):
                return f"It looks as if you {name}."
    return ""


def unchanged(wrong: Iterable[Fault], before: Mapping[str, Array]) -> str:
    """Say which parameters a step has left out, if that is all that is wrong.

    Parameters
    ----------
    wrong : iterable of Fault
        All that is.
    before : mapping of str to ndarray
        By label: what the parameters were before the first step.

    Returns
    -------
    str
        A sentence, or nothing.
    """
    left = [fault for fault in wrong if fault.label in before]
    some = len(left) < len(before)
    if left and some and all(close(f.seen, before[f.label]) for f in left):
        names = " and the ".join(f.label.partition("/")[2] for f in left)
        return f"It leaves the {names} as before."
    return ""


def raised(place: str, error: Seen) -> str:
    """Say what a call has raised.

    Parameters
    ----------
    place : str
        A key of `PLACES`.
    error : Seen
        What it raised.

    Returns
    -------
    str
        A sentence or two.
    """
    words = f"{PLACES[place]}, it raised {error.detail}."
    return f"{words} {ALL_LAYERS}" if place in LAYOUTS else words


def _first(fault: Fault) -> str:
    place, _, quantity = fault.label.rpartition("/")
    if quantity in UNTOUCHED:
        return f"{PLACES[place]}, {CHANGED[quantity]}"
    words = _came(fault, PLACES[place], quantity)
    return f"{words} {ALL_LAYERS}" if place in LAYOUTS else words


def _came(fault: Fault, where: str, quantity: str) -> str:
    """Say what came in the place of what was expected."""
    place, seen = fault.label.rpartition("/")[0], fault.seen
    what = "what it returns" if quantity in RETURNED else quantity
    match seen.kind:
        case "error":
            return f"{where}, it raised {seen.detail}."
        case "missing":
            return f"{where}, it has no answer yet."
        case "nothing":
            came = (
                "it returned None" if quantity in RETURNED else f"{what} is not there"
            )
            return f"{where}, {came}; expected {_shaped(fault.expected)}."
        case "other":
            return f"{where}, {what} is a {seen.detail}; expected {_shaped(fault.expected)}."
    if seen.array.shape != fault.expected.shape:
        hint = ""
        if seen.array.ndim > fault.expected.ndim == 1:
            hint = " Sum over the batch, and keep no axis of it."
        elif seen.array.shape == fault.expected.shape[::-1]:
            hint = " It is transposed."
        came = f"has the shape {seen.array.shape}"
        return f"{where}, {what} {came}; expected {fault.expected.shape}.{hint}"
    if seen.detail != "float64":
        return f"{where}, {what} is {seen.detail}; expected float64."
    if not np.isfinite(seen.array).all():
        return f"{where}, {what} holds NaN or infinity."
    if not seen.array.any():
        return f"{where}, {what} is zero throughout. Does the pass get that far?"
    hint = {
        FIRST: "; it is right for one sample.",
        SECOND: ", though right at first. Does something of the first call stay?",
        THIRD: ", though right before. Does something of an earlier call stay?",
        BESIDE: ". Is something kept in the class, not in the object?",
        "second step": ", though right in the first. Does something of it stay?",
    }.get(place, ".")
    return f"{where}, {what} is wrong{hint}"


def _shaped(expected: Array) -> str:
    if expected.ndim == 0:
        return "one number"
    return f"an array of shape {expected.shape}"
