"""The array type that the NumPy modules share, and the checks that data must pass."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# An array of float32 or float64; of complex128 during the complex-step check.
Array = NDArray[Any]


def check_dataset(X: Array, T: Array, kind: str = "") -> None:
    """Refuse data that a network cannot learn from; `kind`, such as "validation", names it."""
    for name, array in ((f"{kind} X".strip(), X), (f"{kind} T".strip(), T)):
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
    if X.dtype != T.dtype:
        raise TypeError(f"X is {X.dtype} and T is {T.dtype}, expected the same type")
    if len(X) != len(T):
        raise ValueError(
            f"X has {len(X)} rows and T has {len(T)}, expected one target a sample"
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
