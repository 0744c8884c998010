"""Toy data, real digits, and shuffled mini-batches of them."""

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
    _check_draws(samples, noise)
    return rng.uniform(-1, 1, (samples, 1)), noise * rng.standard_normal((samples, 1))


def _check_draws(samples: int, noise: float) -> None:
    if samples < 1:
        raise ValueError(f"samples is {samples}, expected at least 1")
    if not 0 <= noise < math.inf:
        raise ValueError(f"noise is {noise}, expected at least 0 and finite")


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


def three_arms(
    rng: np.random.Generator, samples: int, noise: float = 0.05
) -> tuple[Array, Array]:
    """Draw points of the plane in three classes, arms that turn by half around the origin.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws how far out on its arm each point lies, then the noise.
    samples : int
        N, at least 1; the classes take turns.
    noise : float, optional
        Standard deviation of the noise in each direction.

    Returns
    -------
    X : ndarray, shape (N, 2)
    t : ndarray of int64, shape (N,)
        Class numbers from 0 to 2.
    """
    _check_draws(samples, noise)
    t = np.arange(samples, dtype=np.int64) % 3
    radius = rng.uniform(0.1, 1, samples)
    angle = math.tau * t / 3 + math.pi * radius
    points = radius * np.array([np.cos(angle), np.sin(angle)])
    return points.T + noise * rng.standard_normal((samples, 2)), t


def digits() -> tuple[Array, Array]:
    """Return the 1,797 handwritten digits that come with scikit-learn, 8 × 8 pixels each.

    They keep scikit-learn's order, which is not a random one: the last digits are harder to
    read for a network that was trained on the others than digits drawn at random.

    Returns
    -------
    X : ndarray, shape (1797, 64)
        Pixels, row by row, from 0 for paper to 1 for ink.
    t : ndarray of int64, shape (1797,)
        Class numbers: the digits.
    """
    try:
        from sklearn.datasets import load_digits  # optional, and slow to import
    except ImportError as error:
        raise ImportError(
            "digits needs scikit-learn: pip install 'mlp_reference[data]'"
        ) from error
    X, t = load_digits(return_X_y=True)
    return X / 16, t.astype(np.int64)


def split(
    X: Array, T: Array, held_out: int, rng: np.random.Generator
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Divide data at random into a part to train on and a part that is held out.

    Parameters
    ----------
    X, T : ndarray
        Inputs and targets, or class numbers.
    held_out : int
        Samples of the second part, from 1 to N − 1.
    rng : numpy.random.Generator
        Draws which these are.

    Returns
    -------
    training, held_out : tuple of ndarray
        Each (X, T); no sample is in both.
    """
    check_dataset(X, T)
    if not 1 <= operator.index(held_out) < len(X):
        raise ValueError(f"held_out is {held_out}, expected 1 to {len(X) - 1}")
    order = rng.permutation(len(X))
    test, training = order[:held_out], order[held_out:]
    return (X[training], T[training]), (X[test], T[test])


def minibatches(
    X: Array, T: Array, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Return an iterator over the data in batches, in a fresh random order.

    Parameters
    ----------
    X, T : ndarray, shapes (N, D_in) and (N, D_out), or (N,) for class numbers
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
