"""The array type that the NumPy modules share, and the checks that data must pass."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# An array of float32 or float64; of complex128 during the complex-step check.
Array = NDArray[Any]


def check_dataset(X: Array, T: Array, kind: str = "") -> None:
    """Refuse data that a network cannot learn from; `kind`, such as "validation", names it."""
    numbered = are_class_numbers(T)
    name_of_X, name_of_T = (f"{kind} {letter}".strip() for letter in "XT")
    for name, array in [(name_of_X, X), (name_of_T, T)][: 1 if numbered else 2]:
        dtype = getattr(array, "dtype", type(array).__name__)
        if dtype not in (np.float32, np.float64):
            raise TypeError(
                f"{name} is {dtype}, expected an array of float32 or float64"
            )
        if array.ndim != 2:
            raise ValueError(
                f"{name} has shape {array.shape}, expected two axes (samples, features)"
            )
        if array.size == 0:
            raise ValueError(
                f"{name} has shape {array.shape}, expected at least one sample and feature"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinity, expected finite numbers")
    if not numbered and X.dtype != T.dtype:
        raise TypeError(
            f"{name_of_X} is {X.dtype} and {name_of_T} is {T.dtype}, expected the same type"
        )
    if len(X) != len(T):
        raise ValueError(
            f"{name_of_X} has {len(X)} rows and {name_of_T} has {len(T)}, "
            "expected one target a sample"
        )


def check_batch(x: Array, features: int, dtype: np.dtype[Any]) -> None:
    """Refuse a batch without the columns and the type that a layer expects."""
    if not isinstance(x, np.ndarray):
        raise TypeError(f"the batch is a {type(x).__name__}, expected an array")
    if x.dtype != dtype:
        raise TypeError(
            f"the batch is {x.dtype}, expected {dtype}, the type of the parameters"
        )
    if x.ndim != 2 or x.shape[1] != features or not x.size:
        raise ValueError(
            f"the batch has shape {x.shape}, expected (N, {features}) with N ≥ 1"
        )


def are_class_numbers(T: Array) -> bool:
    """Say whether targets are class numbers, whole numbers of shape (N,), and not values."""
    return isinstance(T, np.ndarray) and T.dtype.kind in "iu" and T.ndim == 1


def check_classes(y: Array, t: Array) -> None:
    """Refuse logits and targets unless they are floats (N, C) and class numbers (N,)."""
    for name, array in (("y", y), ("t", t)):
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{name} is a {type(array).__name__}, expected an array")
    if y.ndim != 2 or not y.size:
        raise ValueError(
            f"y has shape {y.shape}, expected (N, C): a row of C logits a sample, N ≥ 1"
        )
    if y.dtype not in (np.float32, np.float64):
        raise TypeError(f"y is {y.dtype}, expected float32 or float64")
    if t.shape != y.shape[:1]:
        one_hot = " To get them from one-hot rows: t.argmax(axis=1)."
        raise ValueError(
            f"t has shape {t.shape}, expected ({len(y)},): one class number a sample."
            + one_hot * (t.shape == y.shape)
        )
    if t.dtype.kind not in "iu":
        raise TypeError(
            f"t is {t.dtype}, expected class numbers, which are integers: t.astype(int)"
        )
    outside = np.flatnonzero((t < 0) | (t >= y.shape[1]))
    if outside.size:
        n = outside[0]
        raise ValueError(
            f"t[{n}] is {t[n]}, expected a class number from 0 to {y.shape[1] - 1}"
        )
