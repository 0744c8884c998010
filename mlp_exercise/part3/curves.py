"""Curves that a model draws: whether one of them is bent, and how far they reach."""

import numpy as np

from mlp_exercise.observations import Observations
from mlp_exercise.part3 import material
from mlp_exercise.part3.findings import number, numbers
from mlp_reference.arrays import Array

TOLERANCE = 1e-4
"""Relative to the largest value: what single precision leaves open."""

GROWTH = 1.2
"""What is not bounded grows by more when the parameters are a hundred times as large."""


def problem_of_curve(seen: Observations) -> str:
    """Say why a model cannot follow every curve, if it cannot.

    Parameters
    ----------
    seen : Observations
        What the trial of the model has seen: curves of the model as it is, of new ones, of
        one that was trained a little, and with parameters that are drawn at large; and how
        far its outputs go.

    Returns
    -------
    str
        A sentence or two; empty if nothing is wrong.
    """
    X = material.grid()
    curves = {
        label: curve
        for label in seen
        if (curve := numbers(seen, label, X.shape)) is not None
        and np.isfinite(curve).all()
    }
    trainable = [c for label, c in curves.items() if not label.startswith("drawn ")]
    if trainable and all(map(_is_flat, trainable)):
        return (
            "It puts out the same number for every input. Are weights set to zero, "
            "or is there a softmax over a single output?"
        )
    if curves and all(is_straight(X, curve) for curve in curves.values()):
        return (
            "It is a straight line, whatever its parameters are: "
            "is there a nonlinearity between the layers?"
        )
    return _problem_of_reach(seen)


def _problem_of_reach(seen: Observations) -> str:
    """Say which outputs never come, if what comes last is no layer."""
    reach = numbers(seen, "reach", (2, 2))
    if reach is None or np.isnan(reach).any() or number(seen, "ends in a layer") == 1:
        return ""
    near, far = np.maximum(reach * [-1, 1], 0)
    stuck = far < GROWTH * near + 1
    hint = (
        "whatever its parameters are: is there an activation after the output layer? "
        "There is to be nothing: targets may be negative, and larger than one."
    )
    if stuck.all():
        ends = (reach[:, 0].min(), reach[:, 1].max())
        low, high = (f"{round(end, 2) + 0:g}" for end in ends)
        return f"Its outputs never leave the range from {low} to {high}, {hint}"
    if stuck.any():
        return f"Its outputs can grow to one side only, {hint}"
    return ""


def _is_flat(curve: Array) -> bool:
    return bool(np.ptp(curve) <= TOLERANCE * np.abs(curve).max())


def is_straight(X: Array, Y: Array, tolerance: float = TOLERANCE) -> bool:
    """Say whether a curve is a straight line, as far as single precision tells.

    Parameters
    ----------
    X, Y : ndarray, shape (N, 1)
        Points of the curve.
    tolerance : float, optional
        How far off the best line a point may be, relative to the largest value.

    Returns
    -------
    bool
        False also for a curve with values that are not finite.
    """
    if not np.isfinite(Y).all():
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        A = np.hstack([X, np.ones_like(X)])
        off = Y - A @ np.linalg.lstsq(A, Y, rcond=None)[0]
        return bool(np.abs(off).max() <= tolerance * np.abs(Y).max())
