"""What several tests of the package need."""

from typing import Any

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import Linear, MSELoss, Sequential
from mlp_reference.training import Loss


def gradient_of(
    network: Sequential, X: Array, T: Array, loss: Loss | None = None
) -> Array:
    """Return the gradient of the loss on a batch, as one vector."""
    loss = loss or MSELoss()
    loss(network(X), T)
    network.backward(loss.backward())
    return network.gradient.copy()


def batch_for(
    network: Sequential, rng: np.random.Generator, samples: int
) -> tuple[Array, Array]:
    first, last = network.layers[0], network.layers[-1]
    assert isinstance(first, Linear)
    assert isinstance(last, Linear)
    shapes = (samples, first.in_features), (samples, last.out_features)
    return rng.standard_normal(shapes[0]), rng.standard_normal(shapes[1])


def in_one_vector(*parts: Any) -> Array:
    return np.concatenate([np.ravel(part) for part in parts])
