"""The data of Part 3, and what its trials use; trials and marking draw the same numbers."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.datasets import sine
from mlp_reference.numpy_mlp import MLP

THRESHOLD = 0.03
"""The validation error has to lie below: three times the variance of the noise."""

SLACK = 1.1
"""Training on another computer, or on another number of threads, ends a little elsewhere."""

FRESH_THRESHOLD = 1.5 * THRESHOLD
"""So far the error may go up on data that nobody has seen."""

SEED, SAMPLES, FRESH_SAMPLES = 3, 200, 500
"""Of the data; the notebook says the first two as well."""

EPOCHS, LEARNING_RATE, BATCH_SIZE, LOOP_SAMPLES = 3, 0.1, 3, 7
"""With these, a learner's loop is tried out. The last batch of an epoch is shorter."""

WIDTHS = (1, 4, 1)
"""Of the network that it trains."""


class Data(NamedTuple):
    """Inputs and targets.

    Attributes
    ----------
    X, T : ndarray of float32, shape (N, 1)
        One sample a row.
    """

    X: Array
    T: Array


@lru_cache(maxsize=1)
def given() -> tuple[Data, Data]:
    """Draw what the notebook gives.

    Returns
    -------
    training, validation : Data
        200 samples each.
    """
    rng = np.random.default_rng(SEED)
    return _drawn(rng, SAMPLES), _drawn(rng, SAMPLES)


@lru_cache(maxsize=1)
def fresh() -> Data:
    """Draw data that no notebook has.

    Returns
    -------
    Data
        Of the same kind.
    """
    return _drawn(np.random.default_rng(SEED + 1), FRESH_SAMPLES)


def grid() -> Array:
    """Cover the inputs evenly.

    Returns
    -------
    ndarray of float32, shape (101, 1)
        From −1 to 1.
    """
    return np.linspace(-1, 1, 101, dtype=np.float32)[:, np.newaxis]


def guess() -> tuple[Array, Array]:
    """Draw predictions and targets on which losses differ from each other.

    Returns
    -------
    y, t : ndarray of float32, shape (6, 1)
        Some errors are below 1, others above.
    """
    rng = np.random.default_rng(SEED)
    y, t = rng.standard_normal((2, 6, 1)).astype(np.float32)
    return y, t + np.float32(0.5)


def few() -> Array:
    """Give a batch of inputs.

    Returns
    -------
    ndarray of float32, shape (5, 1)
        All different.
    """
    return np.array([[-0.9], [-0.4], [0.1], [0.35], [0.8]], dtype=np.float32)


def loop_data() -> Data:
    """Draw the data on which a learner's loop is tried out.

    Returns
    -------
    Data
        So small that gradients are, too: a loop that clips large ones does no harm.
    """
    rng = np.random.default_rng(SEED)
    X = rng.uniform(-1, 1, (LOOP_SAMPLES, 1)).astype(np.float32)
    return Data(X, np.float32(0.5) * X**2 - np.float32(0.2))


def loop_network() -> MLP:
    """Make the network that a learner's loop trains.

    Returns
    -------
    MLP
        Always with the same parameters, of float32.
    """
    return MLP(WIDTHS, np.random.default_rng(SEED), dtype=np.float32)


def _drawn(rng: np.random.Generator, samples: int) -> Data:
    X, T = sine(rng, samples)
    return Data(X.astype(np.float32), T.astype(np.float32))
