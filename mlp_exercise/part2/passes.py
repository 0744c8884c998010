"""The judgement of the two passes of a piece, as `pieces` has tried them out.

A backward pass is right if its gradients are those of the formulas, whatever the forward pass
before it did. It follows through if they are the derivative of the learner's own forward pass,
though that is another function than was asked for.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from mlp_exercise.check import Wrong
from mlp_exercise.observations import Observations, Seen, Trial
from mlp_exercise.part2.batches import BATCHES, BESIDE, FIRST, THIRD, Batch
from mlp_exercise.part2.comparison import (
    Arrays,
    Fault,
    Slips,
    by_series,
    described,
    expected,
    faults,
    named,
)
from mlp_exercise.part2.pieces import (
    UNTOUCHED,
    PIECES,
    direction,
    try_backward,
    try_derivative,
    try_forward,
)
from mlp_exercise.part2.substitution import STAND_INS, layers_of
from mlp_reference.arrays import Array

NUMERICAL = 1e-6
"""The largest relative error against central differences."""

LEAVES = {
    "linear": "self.x",
    "tanh": "self.z",
    "mse": "self.error",
    "network": "its layers",
}
"""Where a forward pass keeps what the backward pass needs."""

FOLLOWS = "Follows from your own forward pass."
"""Said of a backward pass that is the derivative of a forward pass that is wrong."""

ALONE = "After your own forward pass it cannot be tried out: that comes to no end."
"""Said of a backward pass that is wrong after a right forward pass, if there is no other."""

Formula = Callable[[Batch, Array], Any]


def _without_activation(batch: Batch) -> Any:
    linear = tuple(layer for layer in batch.network if layer)
    return STAND_INS["Sequential"](*layers_of(STAND_INS, linear))


def _straight_back(batch: Batch) -> Array:
    network = _without_activation(batch)
    network.forward(batch.x)
    return network.backward(batch.G)


_MEAN = "took the mean over the batch, which the loss has done already"
_SIGN = "turned the sign"

SLIPS: Mapping[str, Mapping[str, Formula]] = {
    "linear/output": {
        "left out the bias": lambda b, right: right - b.linear.bias,
        "subtracted the bias": lambda b, right: right - 2 * b.linear.bias,
        "put an activation after it, which is a layer of its own": lambda b, right: np.tanh(right),
        "put ReLU after it, which is a layer of its own": lambda b, right: np.maximum(right, 0),
    },
    "linear/weight_gradient": {
        _MEAN: lambda b, right: right / len(b.x),
        "took the last sample alone": lambda b, right: np.outer(b.G[-1], b.x[-1]),
        "took the first sample alone": lambda b, right: np.outer(b.G[0], b.x[0]),
        _SIGN: lambda b, right: -right,
    },
    "linear/bias_gradient": {
        _MEAN: lambda b, right: right / len(b.x),
        "took the last sample alone: sum over the batch": lambda b, right: b.G[-1],
        "took the first sample alone: sum over the batch": lambda b, right: b.G[0],
        _SIGN: lambda b, right: -right,
    },
    "tanh/output": {
        "took the sigmoid for tanh": lambda b, right: 1 / (1 + np.exp(-b.y)),
        "took ReLU for tanh": lambda b, right: np.maximum(b.y, 0),
        "took the tangent for tanh": lambda b, right: np.tan(b.y),
        "left the input as it is": lambda b, right: b.y,
    },
    "tanh/input": {
        "left out what comes from above: multiply by G": lambda b, right: 1 - np.tanh(b.y) ** 2,
        "left out the slope of tanh": lambda b, right: b.G,
        "took 1 − z for the slope": lambda b, right: b.G * (1 - np.tanh(b.y)),
        "squared the input in place of the output": lambda b, right: b.G * (1 - b.y**2),
        "took the slope of tanh at z, in place of a": (
            lambda b, right: b.G * (1 - np.tanh(np.tanh(b.y)) ** 2)
        ),
        "took the slope of the sigmoid": lambda b, right: b.G * np.tanh(b.y) * (1 - np.tanh(b.y)),
        _SIGN: lambda b, right: -right,
    },
    "mse/output": {
        "took the sum, not the mean": lambda b, right: right * b.y.size,
        "divided by N alone: the mean is over all elements": (
            lambda b, right: right * b.y.shape[1]
        ),
        "took half of it": lambda b, right: right / 2,
        "took the square root": lambda b, right: np.sqrt(right),
        "forgot to square": lambda b, right: np.mean(b.y - b.t),
        "took absolute values, not squares": lambda b, right: np.mean(abs(b.y - b.t)),
    },
    "mse/input": {
        "left out the factor 2": lambda b, right: right / 2,
        _SIGN: lambda b, right: -right,
        "left out the division by N and D_out": lambda b, right: right * b.y.size,
        "divided by N alone, not by N and D_out": lambda b, right: right * b.y.shape[1],
        "took the mean twice": lambda b, right: right / len(b.y),
        "divided by N and D_out twice": lambda b, right: right / b.y.size,
    },
    "network/output": {
        "left out the activation": lambda b, right: _without_activation(b).forward(b.x),
    },
    "network/input": {
        "left out the activation": lambda b, right: _straight_back(b),
        "handed back what came in": lambda b, right: b.G,
    },
}  # fmt: skip
"""By piece and quantity: what comes of typical slips on a batch where another result is right."""


def trials_of(piece: str) -> dict[str, Trial]:
    """Return the trials of a piece, in an order in which one comes before those that need it."""
    kind = PIECES[piece]
    return {
        f"{piece}_forward": partial(try_forward, kind),
        f"{piece}_backward": partial(try_backward, kind, "remembered"),
        f"{piece}_both": partial(try_backward, kind, "own"),
        f"{piece}_derivative": partial(try_derivative, kind),
    }


@lru_cache(maxsize=16)
def _right(piece: str, which: str) -> tuple[Arrays, Slips]:
    """Return what a right pass gives, and what typical slips give."""
    trial = trials_of(piece)[f"{piece}_{which}"]
    right = expected(trial, "remembered" if which == "backward" else "")
    slips = {
        f"{FIRST}/{quantity}": {
            words: np.asarray(formula(BATCHES[FIRST], right[f"{FIRST}/{quantity}"]))
            for words, formula in SLIPS.get(f"{piece}/{quantity}", {}).items()
        }
        for quantity in (
            label.partition("/")[2] for label in right if label.startswith(f"{FIRST}/")
        )
    }
    return right, slips


def judge_forward(piece: str, seen: Observations) -> None:
    """Raise what is wrong with a forward pass, or with what it keeps."""
    right, slips = _right(piece, "forward")
    if wrong := faults(seen, right):
        raise Wrong(described(wrong, slips))
    right, _ = _right(piece, "backward")
    found = by_series(seen)
    if (
        "own" not in found
        or "remembered" not in found
        or faults(found["remembered"], right)
    ):
        return  # the backward pass is wrong as well, or came to no end
    if not all(fault.is_change for fault in faults(found["own"], right)):
        raise Wrong(
            f"What it returns is right, but not what it leaves in {LEAVES[piece]}."
        )


def _is_differentiated(label: str) -> bool:
    return not label.startswith((THIRD, BESIDE)) and not label.endswith(UNTOUCHED)


def _along(gradient: Array) -> Array:
    """Return a gradient's component along the direction in which arrays are nudged."""
    return np.asarray(np.vdot(gradient, direction(gradient.shape)))


def follows(piece: str, seen: Observations) -> bool:
    """Return whether a backward pass only follows; raise what is wrong with it."""
    right, slips = _right(piece, "backward")
    found = by_series(seen)
    wrong = {
        how: faults(found[how], right) for how in ("own", "remembered") if how in found
    }
    own = wrong.get("own", [])
    is_spoiled = any(fault.is_change for fault in own)
    if not is_spoiled and not all(wrong.values()):
        return False
    slopes = {l: _along(array) for l, array in right.items() if _is_differentiated(l)}
    derivative = found.get("derivative", {})
    is_usable = (
        all(
            np.isfinite(derivative[label].array).all() and derivative[label].array.any()
            for label in slopes
        )
        if derivative.keys() >= slopes.keys()
        else False
    )
    is_right_before = is_usable and not faults(derivative, slopes, NUMERICAL)
    if own and is_usable and not is_right_before and not is_spoiled:
        own_slopes = {
            label: Seen(s.kind, s.detail, _along(s.array))
            for label, s in found["own"].items()
            if label in slopes and s.array.shape == right[label].shape
        }
        theirs = {label: derivative[label].array for label in slopes}
        if not faults(own_slopes, theirs, NUMERICAL):
            return True

    # Of the series, the one that runs says most; after a right forward pass, the learner's own.
    def rank(how: str) -> tuple[bool, int, bool]:
        raises = any(fault.seen.kind == "error" for fault in wrong[how])
        return raises, len(wrong[how]), (how == "own") != is_right_before

    series = [wrong[how] for how in sorted(wrong, key=rank) if wrong[how]]
    slip = next(filter(None, (named(faults, slips) for faults in series)), "")
    words = slip or described(series[0], {})
    raise Wrong(words if "own" in wrong else f"{words} {ALONE}")
