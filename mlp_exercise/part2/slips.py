"""Typical slips in code, by what they make of a batch: so that a wrong piece can be named."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.part2 import stand_ins, substitution
from mlp_exercise.part2.batches import Batch
from mlp_reference.arrays import Array


class Slip(NamedTuple):
    """A slip.

    Attributes
    ----------
    name : str
        Completes the sentence "It looks as if you …".
    formula : callable
        What comes of it on a batch: an array, or one number.
    """

    name: str
    formula: Callable[[Batch], Any]


def _linear(batch: Batch) -> Array:
    product: Array = batch.x @ batch.linear.weight.T
    return product


def _error(batch: Batch) -> Array:
    return batch.y - batch.t


def _without_activation(batch: Batch) -> stand_ins.Sequential:
    linear = tuple(layer for layer in batch.network if layer is not None)
    layers = substitution.layers(substitution.plain(), linear)
    return stand_ins.Sequential(*layers)


def _straight_back(batch: Batch) -> Array:
    network = _without_activation(batch)
    network.forward(batch.x)
    return network.backward(batch.G)


SLIPS: Mapping[str, tuple[Slip, ...]] = {
    "linear_forward/output": (
        Slip("left out the bias", _linear),
        Slip("subtracted the bias", lambda b: _linear(b) - b.linear.bias),
        Slip(
            "put an activation after it, which is a layer of its own",
            lambda b: np.tanh(_linear(b) + b.linear.bias),
        ),
        Slip(
            "put ReLU after it, which is a layer of its own",
            lambda b: np.maximum(_linear(b) + b.linear.bias, 0),
        ),
    ),
    "linear_backward/weight_gradient": (
        Slip(
            "took the mean over the batch, which the loss has done already",
            lambda b: b.G.T @ b.x / len(b.x),
        ),
        Slip("took the last sample alone", lambda b: np.outer(b.G[-1], b.x[-1])),
        Slip("took the first sample alone", lambda b: np.outer(b.G[0], b.x[0])),
        Slip("turned the sign", lambda b: -b.G.T @ b.x),
    ),
    "linear_backward/bias_gradient": (
        Slip(
            "took the mean over the batch, which the loss has done already",
            lambda b: b.G.mean(axis=0),
        ),
        Slip("took the last sample alone: sum over the batch", lambda b: b.G[-1]),
        Slip("took the first sample alone: sum over the batch", lambda b: b.G[0]),
        Slip("turned the sign", lambda b: -b.G.sum(axis=0)),
    ),
    "tanh_forward/output": (
        Slip("took the sigmoid for tanh", lambda b: 1 / (1 + np.exp(-b.y))),
        Slip("took ReLU for tanh", lambda b: np.maximum(b.y, 0)),
        Slip("took the tangent for tanh", lambda b: np.tan(b.y)),
        Slip("left the input as it is", lambda b: b.y),
    ),
    "tanh_backward/input": (
        Slip(
            "left out what comes from above: multiply by G",
            lambda b: 1 - np.tanh(b.y) ** 2,
        ),
        Slip("left out the slope of tanh", lambda b: b.G),
        Slip("took 1 − z for the slope", lambda b: b.G * (1 - np.tanh(b.y))),
        Slip("squared the input in place of the output", lambda b: b.G * (1 - b.y**2)),
        Slip(
            "took the slope of tanh at z, in place of a",
            lambda b: b.G * (1 - np.tanh(np.tanh(b.y)) ** 2),
        ),
        Slip(
            "took the slope of the sigmoid",
            lambda b: b.G * np.tanh(b.y) * (1 - np.tanh(b.y)),
        ),
        Slip("turned the sign", lambda b: -b.G * (1 - np.tanh(b.y) ** 2)),
    ),
    "mse_forward/output": (
        Slip("took the sum, not the mean", lambda b: np.sum(_error(b) ** 2)),
        Slip(
            "divided by N alone: the mean is over all elements",
            lambda b: np.sum(_error(b) ** 2) / len(b.y),
        ),
        Slip("took half of it", lambda b: np.mean(_error(b) ** 2) / 2),
        Slip("took the square root", lambda b: np.sqrt(np.mean(_error(b) ** 2))),
        Slip("forgot to square", lambda b: np.mean(_error(b))),
        Slip("took absolute values, not squares", lambda b: np.mean(abs(_error(b)))),
    ),
    "mse_backward/input": (
        Slip("left out the factor 2", lambda b: _error(b) / b.y.size),
        Slip("turned the sign", lambda b: -2 * _error(b) / b.y.size),
        Slip("left out the division by N and D_out", lambda b: 2 * _error(b)),
        Slip(
            "divided by N alone, not by N and D_out", lambda b: 2 * _error(b) / len(b.y)
        ),
        Slip("took the mean twice", lambda b: 2 * _error(b) / b.y.size / len(b.y)),
        Slip("divided by N and D_out twice", lambda b: 2 * _error(b) / b.y.size**2),
    ),
    "network_forward/output": (
        Slip("left out the activation", lambda b: _without_activation(b).forward(b.x)),
    ),
    "network_backward/input": (
        Slip("left out the activation", _straight_back),
        Slip("handed back what came in", lambda b: b.G),
    ),
}
"""By step and quantity.

:meta hide-value:
"""

SGD_SLIPS: Mapping[str, Callable[[Array, Array, float], Array]] = {
    "changed nothing: bind no new name, change the layer's own array": (
        lambda parameter, gradient, lr: parameter
    ),
    "went uphill": lambda parameter, gradient, lr: parameter + lr * gradient,
    "left out the learning rate": lambda parameter, gradient, lr: parameter - gradient,
    "put the gradient in place of the parameter": (
        lambda parameter, gradient, lr: -lr * gradient
    ),
}
"""What becomes of a parameter in a step that is wrong, by what the learner did.

:meta hide-value:
"""
