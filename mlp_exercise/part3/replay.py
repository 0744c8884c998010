"""Do with NumPy what a learner's loop should have done with PyTorch, on the same batches."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mlp_exercise.part3 import material
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import MSELoss
from mlp_reference.optimizers import SGD
from mlp_reference.training import evaluate


class Replay(NamedTuple):
    """What comes of a right loop.

    Attributes
    ----------
    parameters : ndarray, shape (P,)
        At the end.
    losses : ndarray, shape (epochs, batches)
        Of each batch, before the step that it caused.
    after : ndarray, shape (epochs,)
        Of all data, at the end of each epoch.
    """

    parameters: Array
    losses: Array
    after: Array


def replay(epochs: Sequence[Sequence[Array]]) -> Replay:
    """Train the network of the trial.

    Parameters
    ----------
    epochs : sequence of sequence of ndarray, shape (N, 2)
        The batches of each epoch, inputs and targets side by side; as many in each.

    Returns
    -------
    Replay
        What comes of it.
    """
    network = material.loop_network().astype(np.float64)
    optimizer, mse = SGD(network, lr=material.LEARNING_RATE), MSELoss()
    losses: list[list[float]] = []
    after: list[float] = []
    for batches in epochs:
        losses.append([])
        for batch in batches:
            losses[-1].append(mse(network(batch[:, :1]), batch[:, 1:]))
            network.backward(mse.backward())
            optimizer.step()
        everything = np.concatenate(batches)
        after.append(evaluate(network, everything[:, :1], everything[:, 1:]))
    return Replay(network.parameters, np.array(losses), np.array(after))
