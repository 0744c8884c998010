"""The engine of lesson 4 with one thing wrong, made on purpose.

Each function goes back through a record that the engine has made, and returns gradients by
tensor. Compare it with the loop of `mlp_reference.autograd.Tensor.backward`.
"""

from collections.abc import Sequence

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.autograd import Tensor, topological_order, unbroadcast

Gradients = dict[Tensor, Array]


def without_order(loss: Tensor) -> Gradients:
    """Go back from a node whenever a gradient arrives, with all that has arrived so far.

    Parameters
    ----------
    loss : Tensor
        A single number.

    Returns
    -------
    dict of Tensor to ndarray
        Wrong where a node with inputs is used more than once: its first gradient goes on again
        with the second. The number of calls can double with each such node.
    """
    arrived: Gradients = {}
    arriving = [(loss, np.ones(loss.value.shape))]
    while arriving:
        node, G = arriving.pop()
        arrived[node] = arrived.get(node, 0) + G
        gradients = node.back(arrived[node])
        for x, gradient in zip(node.inputs, gradients, strict=True):
            arriving.append((x, unbroadcast(gradient, x.value.shape)))
    return arrived


def overwriting(loss: Tensor) -> Gradients:
    """Go back with ``=`` in place of ``+=``: what has arrived before is lost.

    Parameters
    ----------
    loss : Tensor
        A single number.

    Returns
    -------
    dict of Tensor to ndarray
        Wrong where a tensor is used more than once: only the last path counts.
    """
    arrived = {loss: np.ones(loss.value.shape)}
    for node in topological_order(loss):
        gradients = node.back(arrived[node])
        for x, gradient in zip(node.inputs, gradients, strict=True):
            arrived[x] = unbroadcast(gradient, x.value.shape)
    return arrived


def without_folding(loss: Tensor) -> Gradients:
    """Go back without summing over what was broadcast.

    Parameters
    ----------
    loss : Tensor
        A single number.

    Returns
    -------
    dict of Tensor to ndarray
        In the wrong shape where a tensor was broadcast: a bias gets one gradient per sample.
    """
    arrived: Gradients = {loss: np.ones(loss.value.shape)}
    for node in topological_order(loss):
        gradients = node.back(arrived[node])
        for x, gradient in zip(node.inputs, gradients, strict=True):
            arrived[x] = arrived.get(x, 0) + gradient
    return arrived


def descend_on_one_record(
    loss: Tensor, parameters: Sequence[Tensor], lr: float, steps: int
) -> None:
    """Take steps of gradient descent that all go back through the same, stale record.

    Parameters
    ----------
    loss : Tensor
        The end of the record. Its value stays what it was.
    parameters : sequence of Tensor
        They get new values, of which the record knows nothing.
    lr : float
        Learning rate.
    steps : int
    """
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.value = parameter.value - lr * parameter.grad
