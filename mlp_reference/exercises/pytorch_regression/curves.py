"""Curves that a model draws, and whether one of them is bent."""

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.exercises.observations import Observations
from mlp_reference.exercises.pytorch_regression import material
from mlp_reference.exercises.pytorch_regression.findings import numbers


def problem_of_curve(seen: Observations) -> str:
    """Say why a model cannot follow a curve, if it cannot.

    Parameters
    ----------
    seen : Observations
        What the trial of the model has seen: curves of the model as it is, of new ones, and
        with parameters that are drawn at large.

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
    new = [curve for label, curve in curves.items() if label.startswith("new ")]
    if new and all(np.ptp(curve) <= 1e-6 * np.abs(curve).max() for curve in new):
        return (
            "It puts out the same number for every input. Are weights set to zero, "
            "or is there a softmax over a single output?"
        )
    if curves and all(is_straight(X, curve) for curve in curves.values()):
        return (
            "It is a straight line, whatever its parameters are: "
            "is there a nonlinearity between the layers?"
        )
    return ""


def is_straight(X: Array, Y: Array, tolerance: float = 1e-4) -> bool:
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
