"""The judgement of the two passes of a piece, as `pieces` has tried them out.

A backward pass is right if its gradients are those of the formulas, whatever the forward pass
before it did. It follows through if they are the derivative of the learner's own forward pass,
though that is another function than was asked for.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from mlp_exercise.check import RIGHT, Judgement, require
from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part2.batches import BATCHES, BESIDE, FIRST, THIRD
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
from mlp_exercise.part2.pieces import PIECES, UNTOUCHED, direction, trials_of
from mlp_exercise.part2.substitution import STAND_INS, layers_of
from mlp_reference.arrays import Array

NUMERICAL = 1e-6
"""The largest relative error against central differences."""

FOLLOWS = "Follows from your own forward pass."
"""Said of a backward pass that is the derivative of a forward pass that is wrong."""

ALONE = "After your own forward pass it cannot be tried out: that comes to no end."
"""Said of a backward pass that is wrong after a right forward pass, if there is no other."""


@lru_cache(maxsize=1)
def _slips() -> Slips:
    """Return what comes of typical slips on `FIRST`; one sample would not tell them apart."""
    x, y, t, G, (W, b), network = BATCHES[FIRST]
    a, z, error = x @ W.T + b, np.tanh(y), y - t
    (N, D_out), loss = y.shape, np.mean(error**2)
    linear = layers_of(STAND_INS, tuple(layer for layer in network if layer))
    flat = STAND_INS["Sequential"](*linear)
    mean = "took the mean over the batch, which the loss has done already"
    return {
        "linear_forward/output": {
            "left out the bias": a - b,
            "subtracted the bias": a - 2 * b,
            "put an activation after it, which is a layer of its own": np.tanh(a),
            "put ReLU after it, which is a layer of its own": np.maximum(a, 0),
        },
        "linear_backward/weight_gradient": {
            mean: G.T @ x / N,
            "took the last sample alone": np.outer(G[-1], x[-1]),
            "took the first sample alone": np.outer(G[0], x[0]),
            "turned the sign": -G.T @ x,
        },
        "linear_backward/bias_gradient": {
            mean: G.mean(axis=0),
            "took the last sample alone: sum over the batch": G[-1],
            "took the first sample alone: sum over the batch": G[0],
            "turned the sign": -G.sum(axis=0),
        },
        "tanh_forward/output": {
            "took the sigmoid for tanh": 1 / (1 + np.exp(-y)),
            "took ReLU for tanh": np.maximum(y, 0),
            "took the tangent for tanh": np.tan(y),
            "left the input as it is": y,
        },
        "tanh_backward/input": {
            "left out what comes from above: multiply by G": 1 - z**2,
            "left out the slope of tanh": G,
            "took 1 − z for the slope": G * (1 - z),
            "squared the input in place of the output": G * (1 - y**2),
            "took the slope of tanh at z, in place of a": G * (1 - np.tanh(z) ** 2),
            "took the slope of the sigmoid": G * z * (1 - z),
            "turned the sign": -G * (1 - z**2),
        },
        "mse_forward/output": {
            "took the sum, not the mean": loss * error.size,
            "divided by N alone: the mean is over all elements": loss * D_out,
            "took half of it": loss / 2,
            "took the square root": np.sqrt(loss),
            "forgot to square": np.mean(error),
            "took absolute values, not squares": np.mean(abs(error)),
        },
        "mse_backward/input": {
            "left out the factor 2": error / error.size,
            "turned the sign": -2 * error / error.size,
            "left out the division by N and D_out": 2 * error,
            "divided by N alone, not by N and D_out": 2 * error / N,
            "took the mean twice": 2 * error / error.size / N,
            "divided by N and D_out twice": 2 * error / error.size**2,
        },
        "network_forward/output": {"left out the activation": flat.forward(x)},
        "network_backward/input": {
            "left out the activation": flat.backward(G),
            "handed back what came in": G,
        },
    }


def _slips_of(step: str) -> Slips:
    return {
        f"{FIRST}/{label.partition('/')[2]}": arrays
        for label, arrays in _slips().items()
        if label.startswith(f"{step}/")
    }


@lru_cache(maxsize=16)
def _right(step: str) -> Arrays:
    """Return what a right pass gives."""
    piece, _, which = step.rpartition("_")
    return expected(trials_of(piece)[step], "remembered" if which == "backward" else "")


@lru_cache(maxsize=4)
def _slopes(step: str) -> Arrays:
    """Return the slopes of a right forward pass, of what its derivative is taken by."""
    return {
        label: _along(gradient)
        for label, gradient in _right(step).items()
        if not label.startswith((THIRD, BESIDE)) and not label.endswith(UNTOUCHED)
    }


def _along(gradient: Array) -> Array:
    return np.asarray(np.vdot(gradient, direction(gradient.shape)))


def judge_forward(step: str, seen: Observations) -> Judgement:
    """Judge a forward pass, and what it leaves for the backward pass."""
    if wrong := faults(seen, _right(step)):
        raise described(wrong, _slips_of(step))
    piece, series = step.removesuffix("_forward"), by_series(seen)
    if {"own", "remembered"} <= series.keys():  # else the backward pass came to no end
        right = _right(f"{piece}_backward")
        own, remembered = (faults(series[how], right) for how in ("own", "remembered"))
        leaves_it = remembered or all(fault.is_change for fault in own)
        where = PIECES[piece].leaves
        words = f"What it returns is right, but not what it leaves in {where}."
        require(bool(leaves_it), words)
    return RIGHT


def judge_backward(step: str, seen: Observations) -> Judgement:
    """Judge a backward pass, which may merely follow from the forward pass before it."""
    right, series = _right(step), by_series(seen)
    wrong: dict[str, list[Fault]] = {
        how: faults(series[how], right)
        for how in ("own", "remembered")
        if how in series
    }
    is_spoilt = any(fault.is_change for fault in wrong.get("own", []))
    if not is_spoilt and not all(wrong.values()):
        return RIGHT
    derivative = _derivative(step, series)
    is_right_before = bool(derivative) and not faults(
        derivative, _slopes(step), NUMERICAL
    )
    if derivative and wrong.get("own") and not is_spoilt and not is_right_before:
        own = {
            label: Seen(found.kind, found.detail, _along(found.array))
            for label, found in series["own"].items()
            if label in derivative and found.array.shape == right[label].shape
        }
        theirs = {label: found.array for label, found in derivative.items()}
        if not faults(Observations(own), theirs, NUMERICAL):
            return "follow-through", FOLLOWS

    # The series that runs says most; after a right forward pass, that is the learner's own.
    def rank(how: str) -> tuple[bool, int, bool]:
        raises = any(fault.seen.kind == "error" for fault in wrong[how])
        return raises, len(wrong[how]), (how == "own") != is_right_before

    found = [wrong[how] for how in sorted(wrong, key=rank) if wrong[how]]
    slips = _slips_of(step)
    telling = next((faults for faults in found if named(faults, slips)), found[0])
    raise described(telling, slips, "" if "own" in wrong else f" {ALONE}")


def _derivative(step: str, series: Mapping[str, Observations]) -> Observations:
    """Return the derivative of the learner's own forward pass; nothing if any is missing or 0."""
    seen = series.get("derivative", Observations())
    found = Observations((label, seen[label]) for label in _slopes(step))
    arrays = [one.array for one in found.values()]
    is_usable = all(array.any() and np.isfinite(array).all() for array in arrays)
    return found if is_usable else Observations()
