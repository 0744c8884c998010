"""Errors of a model's predictions: the one that is asked for, and others taken for it."""

from collections.abc import Mapping

import numpy as np

from mlp_exercise.observations import Observations
from mlp_exercise.part3 import material
from mlp_exercise.part3.findings import number, seen_as
from mlp_reference.arrays import Array

ROUNDED = 1e-4
"""So far off, a number has been rounded; to three decimals, it may be further."""


def predictions(seen: Observations, label: str, T: Array) -> Array | None:
    """Look up one prediction for each target, whatever shape they came in.

    Parameters
    ----------
    seen : Observations
        What a trial has seen.
    label : str
        Of the predictions.
    T : ndarray, shape (N, 1)
        The targets.

    Returns
    -------
    ndarray, shape (N, 1), or None
        None if there are not as many.
    """
    found = seen_as(seen, label)
    fits = found.kind == "numbers" and found.array.size == T.size
    return found.array.reshape(T.shape) if fits else None


def error(seen: Observations, label: str, T: Array) -> float:
    """Compute the mean squared error.

    Parameters
    ----------
    seen : Observations
        What a trial has seen.
    label : str
        Of the predictions.
    T : ndarray, shape (N, 1)
        The targets.

    Returns
    -------
    float
        NaN if there are no predictions.
    """
    Y = predictions(seen, label, T)
    with np.errstate(over="ignore", invalid="ignore"):
        return float("nan") if Y is None else float(np.mean((Y - T) ** 2))


def is_below(seen: Observations, how: str) -> bool:
    """Say whether a model is good enough.

    Parameters
    ----------
    seen : Observations
        What the trial has seen.
    how : str
        Which model: the beginning of its labels.

    Returns
    -------
    bool
        Whether its error is below the threshold, and not much larger on fresh data.
    """
    validation, fresh = material.given()[1], material.fresh()
    on_validation = error(seen, f"{how}validation", validation.T)
    on_fresh = error(seen, f"{how}fresh", fresh.T)
    return (
        on_validation < material.SLACK * material.THRESHOLD
        and on_fresh < material.FRESH_THRESHOLD
    )


def of_all_pairs(seen: Observations) -> float:
    """Compute what comes of shapes (N,) and (N, 1), which PyTorch stretches to (N, N).

    Parameters
    ----------
    seen : Observations
        What the trial of the validation error has seen.

    Returns
    -------
    float
        The mean of the squared differences of all pairs of predictions and targets.
    """
    T = material.given()[1].T
    Y = predictions(seen, "validation", T)
    with np.errstate(over="ignore", invalid="ignore"):
        return float("nan") if Y is None else float(np.mean((Y - T.T) ** 2))


def mistaken(seen: Observations) -> Mapping[str, float]:
    """Compute other numbers than the one that is asked for.

    Parameters
    ----------
    seen : Observations
        What the trial of the validation error has seen.

    Returns
    -------
    dict of str to float
        By what they are, to complete the sentence "It is …".
    """
    training, validation = material.given()
    right = error(seen, "validation", validation.T)
    Y = predictions(seen, "validation", validation.T)
    off = np.full(1, np.nan) if Y is None else np.abs(Y - validation.T)
    return {
        "the error on the training data": error(seen, "training", training.T),
        "the last loss of the training": number(seen, "last loss"),
        "the root of the mean squared error": right**0.5,
        "the sum of the squared errors, not their mean": right * validation.T.size,
        "half of the mean squared error": right / 2,
        "the mean of the absolute errors": float(off.mean()),
        "the mean over all pairs of predictions and targets: mind their shapes": (
            of_all_pairs(seen)
        ),
        "measured in training mode: call model.eval() before": error(
            seen, "validation, in training mode", validation.T
        ),
    }


def agree(given: float, expected: float) -> bool:
    """Say whether a number is another, rounded perhaps.

    Parameters
    ----------
    given, expected : float
        Two numbers that are not finite agree.

    Returns
    -------
    bool
        Whether they are close.
    """
    if not np.isfinite(given) or not np.isfinite(expected):
        return not np.isfinite(given) and not np.isfinite(expected)
    off = abs(given - expected)
    three_decimals = abs(given - round(given, 3)) < 1e-8
    return off <= ROUNDED + 1e-3 * abs(expected) or (three_decimals and off < 0.00051)
