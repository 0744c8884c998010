"""The pieces that have a forward and a backward pass: how each is made, called and looked at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from mlp_exercise.part2 import stand_ins, substitution
from mlp_exercise.part2.batches import (
    Batch,
    Layer,
    batches,
    layouts,
)
from mlp_exercise.part2.substitution import titled
from mlp_reference.arrays import Array

Namespace = dict[str, Any]
Place: TypeAlias = tuple[Any, str]


@dataclass(frozen=True)
class Subject:
    """A piece of code that is tried out; it is called `it` below.

    Attributes
    ----------
    batches : callable
        Draws what it is tried out on.
    make : callable
        Makes the learner's object, with the parameters of a batch.
    forward : callable
        Runs its forward pass on a batch.
    remember : callable
        Leaves in it what a right forward pass leaves, as the notebook asks. Returns what of
        that the forward pass would have handed out.
    backward : callable
        Runs its backward pass.
    gradients : callable
        Tells where the backward pass leaves the gradients of parameters: an object and the
        name of an attribute.
    variables : callable
        Tells the arrays of a batch that the output depends on; that of the input comes first.
    upstream : callable
        Tells the gradient with which the backward pass begins.
    parameters : callable
        Tells where the parameters stand, which neither pass may change.
    """

    batches: Callable[[], dict[str, Batch]]
    make: Callable[[Namespace, Batch], Any]
    forward: Callable[[Any, Batch], Any]
    remember: Callable[[Any, Batch], Any]
    backward: Callable[[Any, Batch], Any]
    gradients: Callable[[Any], Mapping[str, Place]]
    variables: Callable[[Batch], Mapping[str, Array]]
    upstream: Callable[[Batch], Array]
    parameters: Callable[[Any], list[Place]]


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


def _network(namespace: Namespace, batch: Batch) -> tuple[Any, list[Any]]:
    layers = substitution.layers(namespace, batch.network)
    return construct(namespace, "Sequential", *layers), layers


def _remember_tanh(it: Any, batch: Batch) -> Array:
    it.z = np.tanh(batch.y)
    return it.z  # type: ignore[no-any-return]  # two lines above


def _gradients(layer: Any, before: str = "") -> dict[str, Place]:
    names = ("weight_gradient", "bias_gradient")
    return {before + name: (layer, name) for name in names}


def _parameters(layer: Any) -> list[Place]:
    return [(layer, "weight"), (layer, "bias")]


def _arrays(layer: Layer, before: str = "") -> dict[str, Array]:
    return {
        f"{before}weight_gradient": layer.weight,
        f"{before}bias_gradient": layer.bias,
    }


def _of_each(
    quantities: Callable[[Any, str], dict[str, Any]], network: Iterable[Any]
) -> dict[str, Any]:
    """Put together what there is of each linear layer."""
    linear = titled(network).items()
    parts = [quantities(layer, f"{title}'s ") for title, layer in linear]
    return {label: value for part in parts for label, value in part.items()}


SUBJECTS: Mapping[str, Subject] = {
    "linear": Subject(
        batches=batches,
        make=_linear,
        forward=lambda it, batch: call(it, "forward", batch.x),
        remember=lambda it, batch: setattr(it, "x", batch.x),
        backward=lambda it, batch: call(it, "backward", batch.G),
        gradients=_gradients,
        variables=lambda batch: {"input": batch.x, **_arrays(batch.linear)},
        upstream=lambda batch: batch.G,
        parameters=_parameters,
    ),
    "tanh": Subject(
        batches=batches,
        make=lambda namespace, batch: construct(namespace, "Tanh"),
        forward=lambda it, batch: call(it, "forward", batch.y),
        remember=_remember_tanh,
        backward=lambda it, batch: call(it, "backward", batch.G),
        gradients=lambda it: {},
        variables=lambda batch: {"input": batch.y},
        upstream=lambda batch: batch.G,
        parameters=lambda it: [],
    ),
    "mse": Subject(
        batches=batches,
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
        batches=lambda: batches() | layouts(),
        make=_network,
        forward=lambda it, batch: call(it[0], "forward", batch.x),
        remember=lambda it, batch: stand_ins.Sequential(*it[1]).forward(batch.x),
        backward=lambda it, batch: call(it[0], "backward", batch.G),
        gradients=lambda it: _of_each(_gradients, it[1]),
        variables=lambda batch: {
            "input": batch.x,
            **_of_each(_arrays, batch.network),
        },
        upstream=lambda batch: batch.G,
        parameters=lambda it: [
            place for layer in titled(it[1]).values() for place in _parameters(layer)
        ],
    ),
}
"""By the first word in the names of their steps."""
