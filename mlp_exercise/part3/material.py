"""The data of Part 3, and what all its judgements use; trials and marking have the same numbers."""

from typing import NamedTuple

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.datasets import sine

THRESHOLD = 0.03
"""The validation error has to lie below: three times the variance of the noise."""

TOLERANCE = 1e-4
"""What single precision leaves open, relative to what is compared."""

SEED = 3


class Data(NamedTuple):
    """Inputs and targets, one sample a row, in single precision."""

    X: Array
    T: Array


def _drawn(rng: np.random.Generator, samples: int) -> Data:
    return Data(*(array.astype(np.float32) for array in sine(rng, samples)))


_RNG = np.random.default_rng(SEED)
TRAINING, VALIDATION = _drawn(_RNG, 200), _drawn(_RNG, 200)
FRESH = _drawn(np.random.default_rng(SEED + 1), 500)
"""Data that no notebook has."""

FEW = np.array([[-0.9], [-0.4], [0.1], [0.35], [0.8]], np.float32)
"""A batch of inputs."""

PAIRS = "the mean over all pairs of predictions and targets: mind their shapes"


def slips(Y: Array, T: Array) -> dict[str, float]:
    """Return what may be computed in place of a mean squared error, by what is said of it."""
    E, pairs = Y - T, Y - T.T  # as PyTorch stretches (N,) and (N, 1) to (N, N)
    return {
        "the mean of the absolute errors, not of the squares": abs(E).mean(),
        "the sum of the squares, not their mean": (E**2).sum(),
        "half of the mean squared error": (E**2).mean() / 2,
        "the root of the mean squared error": np.sqrt((E**2).mean()),
        PAIRS: (pairs**2).mean(),
    }
