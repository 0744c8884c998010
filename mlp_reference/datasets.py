"""Toy regression data, and shuffled mini-batches of it."""

import math
import operator
from collections.abc import Iterator

import numpy as np

from mlp_reference.arrays import Array, check_dataset


def sine(
    rng: np.random.Generator, samples: int, noise: float = 0.1
) -> tuple[Array, Array]:
    """Draw t = sin(πx) + noise, x uniform on (−1, 1).

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the inputs, then the noise.
    samples : int
        N, at least 1.
    noise : float, optional
        Standard deviation σ of the noise; no model has a smaller expected error than σ².

    Returns
    -------
    X, T : ndarray, shape (N, 1)
        Inputs and targets.
    """
    X, disturbance = _inputs_and_noise(rng, samples, noise)
    return X, np.sin(np.pi * X) + disturbance


def two_waves(
    rng: np.random.Generator, samples: int, noise: float = 0.1
) -> tuple[Array, Array]:
    """Draw t = sin(3x) + 0.3 cos(9x) + noise, a curve that is harder to fit.

    Parameters
    ----------
    rng, samples, noise
        As for `sine`.

    Returns
    -------
    X, T : ndarray, shape (N, 1)
    """
    X, disturbance = _inputs_and_noise(rng, samples, noise)
    return X, np.sin(3 * X) + 0.3 * np.cos(9 * X) + disturbance


def _inputs_and_noise(
    rng: np.random.Generator, samples: int, noise: float
) -> tuple[Array, Array]:
    if samples < 1:
        raise ValueError(f"samples is {samples}, expected at least 1")
    if not 0 <= noise < math.inf:
        raise ValueError(f"noise is {noise}, expected at least 0 and finite")
    return rng.uniform(-1, 1, (samples, 1)), noise * rng.standard_normal((samples, 1))


def eight_points() -> tuple[Array, Array]:
    """Return eight points near a straight line, the same ones each time.

    The valley of lesson 0 is the loss of y = wx + b on them. They were drawn once around
    t = 0.8 x − 0.3, with noise of standard deviation 0.1, rounded and sorted by x.

    Returns
    -------
    X, T : ndarray, shape (8, 1)
        Inputs and targets.
    """
    x = [0.23, 0.27, 0.69, 1.29, 1.35, 1.51, 1.66, 1.84]
    t = [-0.11, -0.14, 0.12, 0.61, 0.71, 0.84, 0.8, 1.15]
    return np.array(x)[:, np.newaxis], np.array(t)[:, np.newaxis]


def minibatches(
    X: Array, T: Array, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Return an iterator over the data in batches, in a fresh random order.

    Parameters
    ----------
    X, T : ndarray, shapes (N, D_in) and (N, D_out)
    batch_size : int
        From 1 to N. The last batch is shorter where N is not a multiple of it.
    rng : numpy.random.Generator
        Draws the order.

    Returns
    -------
    iterator of (ndarray, ndarray)
        The next rows of the shuffled inputs and targets.
    """
    check_dataset(X, T)
    if not 1 <= operator.index(batch_size) <= len(X):
        raise ValueError(
            f"batch_size is {batch_size}, expected 1 to {len(X)}, the number of samples"
        )
    return _slices(X, T, batch_size, rng)


def _slices(
    X: Array, T: Array, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    order = rng.permutation(len(X))
    X, T = X[order], T[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], T[start : start + batch_size]
