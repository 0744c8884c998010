"""What marking finds, and careful ways to read what trials have seen: it may be anything."""

from typing import NamedTuple

import numpy as np

from mlp_exercise.check import BLANK, Verdict
from mlp_exercise.observations import MISSING, Observations, Seen
from mlp_reference.arrays import Array

CORRECT = "Correct."
"""Said of what does what was asked for."""

Shape = tuple[int, ...]


class Finding(NamedTuple):
    """What is found of a step.

    Attributes
    ----------
    verdict : {"correct", "follow-through", "wrong", "missing", "blocked"}
        What the rule says.
    words : str
        What the learner is told.
    flags : tuple of str
        What a person may want to look at: "no optimizer" (paid, although there is none).
    """

    verdict: Verdict
    words: str
    flags: tuple[str, ...] = ()


def judged(problem: str) -> Finding:
    """Find a step right or wrong.

    Parameters
    ----------
    problem : str
        What is wrong with it, in words; nothing if it is right.

    Returns
    -------
    Finding
        Correct or wrong.
    """
    return Finding("wrong", problem) if problem else Finding("correct", CORRECT)


def whole(found: Seen) -> Finding:
    """Judge what could not be tried out at all.

    Parameters
    ----------
    found : Seen
        What a trial says of the whole.

    Returns
    -------
    Finding
        Missing or wrong.
    """
    if found.kind == "missing":
        return Finding("missing", BLANK)
    return judged(f"It could not be tried out: {found.detail}.")


def seen_as(seen: Observations, label: str) -> Seen:
    """Look something up.

    Parameters
    ----------
    seen : Observations
        What a trial has seen.
    label : str
        What is looked for.

    Returns
    -------
    Seen
        `MISSING` if it is not there.
    """
    return seen.get(label, MISSING)


def numbers(seen: Observations, label: str, shape: Shape) -> Array | None:
    """Look up numbers of a certain shape.

    Parameters
    ----------
    seen : Observations
        What a trial has seen.
    label : str
        What is looked for.
    shape : tuple of int
        Of what is looked for; −1 stands for any length.

    Returns
    -------
    ndarray or None
        None if there are no such numbers.
    """
    found = seen_as(seen, label)
    if found.kind != "numbers" or found.array.ndim != len(shape):
        return None
    fits = all(w in (-1, n) for n, w in zip(found.array.shape, shape, strict=True))
    return found.array if fits else None


def number(seen: Observations, label: str) -> float:
    """Look up one number.

    Parameters
    ----------
    seen : Observations
        What a trial has seen.
    label : str
        What is looked for.

    Returns
    -------
    float
        NaN if it is not there.
    """
    found = seen_as(seen, label)
    one = found.kind == "numbers" and found.array.size == 1
    return float(found.array.item()) if one else float("nan")


def close(a: Array, b: Array, tolerance: float = 1e-4) -> bool:
    """Compare numbers of single precision in norm.

    Parameters
    ----------
    a, b : ndarray
        Of the same shape. NaN equals NaN.
    tolerance : float, optional
        Relative to the norm of b.

    Returns
    -------
    bool
        Whether they are nearly the same.
    """
    if np.array_equal(a, b, equal_nan=True):
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.linalg.norm(a - b) <= tolerance * np.linalg.norm(b))
