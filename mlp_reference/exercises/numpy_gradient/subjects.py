"""The pieces that have a forward and a backward pass: how each is made, called and looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.exercises.numpy_gradient import stand_ins, substitution
from mlp_reference.exercises.numpy_gradient.batches import Batch, Layer

Namespace = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """A piece of code that is tried out; it is called `it` below.

    Attributes
    ----------
    make : callable
        Makes the learner's object, with the parameters of a batch.
    forward : callable
        Runs its forward pass on a batch.
    remember : callable
        Leaves in it what a right forward pass leaves, as the notebook asks.
    backward : callable
        Runs its backward pass.
    gradients : callable
        Tells the gradients of parameters that the backward pass leaves in it.
    variables : callable
        Tells the arrays of a batch that the output depends on; that of the input comes first.
    upstream : callable
        Tells the gradient with which the backward pass begins.
    parameters : callable
        Tells the parameters in it, which neither pass may change.
    """

    make: Callable[[Namespace, Batch], Any]
    forward: Callable[[Any, Batch], Any]
    remember: Callable[[Any, Batch], Any]
    backward: Callable[[Any, Batch], Any]
    gradients: Callable[[Any], Mapping[str, Any]]
    variables: Callable[[Batch], Mapping[str, Array]]
    upstream: Callable[[Batch], Array]
    parameters: Callable[[Any], list[Any]]


def construct(namespace: Namespace, name: str, *arguments: object) -> Any:
    """Make an object of a learner's class.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.
    name : str
        Of the class.
    *arguments : object
        What its constructor gets.

    Returns
    -------
    object
        The object.

    Raises
    ------
    NotImplementedError
        If there is no such class.
    """
    if name not in namespace:
        raise NotImplementedError(f"{name} is not defined")
    return namespace[name](*arguments)


def call(it: object, method: str, *arguments: object) -> Any:
    """Call a method of a learner's object.

    Parameters
    ----------
    it : object
        The object.
    method : str
        Name of the method.
    *arguments : object
        What the method gets.

    Returns
    -------
    object
        What it returns.

    Raises
    ------
    NotImplementedError
        If it has no such method.
    """
    if not hasattr(it, method):
        raise NotImplementedError(f"{type(it).__name__} has no {method}")
    return getattr(it, method)(*arguments)


def _linear(namespace: Namespace, batch: Batch) -> Any:
    outputs, inputs = batch.linear.weight.shape
    it = construct(namespace, "Linear", inputs, outputs, np.random.default_rng(0))
    for name in ("weight", "bias"):
        values, own = getattr(batch.linear, name), getattr(it, name, None)
        if isinstance(own, np.ndarray) and own.shape == values.shape:
            own[...] = values  # whoever holds the same array sees them, too
        else:
            setattr(it, name, values.copy())
    return it


def _network(namespace: Namespace, batch: Batch) -> Any:
    first, last = (substitution.linear(namespace, layer) for layer in batch.network)
    layers = (first, namespace["Tanh"](), last)
    return construct(namespace, "Sequential", *layers), layers


def _named(layer: Any, before: str = "") -> dict[str, Any]:
    names = ("weight_gradient", "bias_gradient")
    return {before + name: getattr(layer, name, None) for name in names}


def _arrays(layer: Layer, before: str = "") -> dict[str, Array]:
    return {
        f"{before}weight_gradient": layer.weight,
        f"{before}bias_gradient": layer.bias,
    }


SUBJECTS: Mapping[str, Subject] = {
    "linear": Subject(
        make=_linear,
        forward=lambda it, batch: call(it, "forward", batch.x),
        remember=lambda it, batch: setattr(it, "x", batch.x),
        backward=lambda it, batch: call(it, "backward", batch.G),
        gradients=_named,
        variables=lambda batch: {"input": batch.x, **_arrays(batch.linear)},
        upstream=lambda batch: batch.G,
        parameters=lambda it: [it.weight, it.bias],
    ),
    "tanh": Subject(
        make=lambda namespace, batch: construct(namespace, "Tanh"),
        forward=lambda it, batch: call(it, "forward", batch.y),
        remember=lambda it, batch: setattr(it, "z", np.tanh(batch.y)),
        backward=lambda it, batch: call(it, "backward", batch.G),
        gradients=lambda it: {},
        variables=lambda batch: {"input": batch.y},
        upstream=lambda batch: batch.G,
        parameters=lambda it: [],
    ),
    "mse": Subject(
        make=lambda namespace, batch: construct(namespace, "MSELoss"),
        forward=lambda it, batch: call(it, "forward", batch.y, batch.t),
        remember=lambda it, batch: setattr(it, "error", batch.y - batch.t),
        backward=lambda it, batch: call(it, "backward"),
        gradients=lambda it: {},
        variables=lambda batch: {"input": batch.y},
        upstream=lambda batch: np.ones(()),
        parameters=lambda it: [],
    ),
    "network": Subject(
        make=_network,
        forward=lambda it, batch: call(it[0], "forward", batch.x),
        remember=lambda it, batch: stand_ins.Sequential(*it[1]).forward(batch.x),
        backward=lambda it, batch: call(it[0], "backward", batch.G),
        gradients=lambda it: {
            **_named(it[1][0], "first layer's "),
            **_named(it[1][2], "last layer's "),
        },
        variables=lambda batch: {
            "input": batch.x,
            **_arrays(batch.network[0], "first layer's "),
            **_arrays(batch.network[1], "last layer's "),
        },
        upstream=lambda batch: batch.G,
        parameters=lambda it: [
            a for k in (0, 2) for a in (it[1][k].weight, it[1][k].bias)
        ],
    ),
}
"""By the first word in the names of their steps."""
