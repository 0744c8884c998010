"""Put stand-ins in the place of a learner's classes.

Each becomes a kind of the learner's own class: what else that has, such as a base class or
``__call__``, is still there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mlp_exercise.part2.batches import Layer, Network
from mlp_exercise.part2.stand_ins import (
    STAND_INS,
    Linear,
    MSELoss,
    Sequential,
    Tanh,
)


def linear(namespace: dict[str, Any], parameters: Layer) -> Any:
    """Make a linear layer of what stands for it now.

    Parameters
    ----------
    namespace : dict
        The notebook's global variables, or `plain`.
    parameters : Layer
        Copied into it.

    Returns
    -------
    Linear
        The layer.
    """
    outputs, inputs = parameters.weight.shape
    layer = namespace["Linear"](inputs, outputs, np.random.default_rng(0))
    layer.weight, layer.bias = parameters.weight.copy(), parameters.bias.copy()
    return layer


def layers(namespace: dict[str, Any], network: Network) -> list[Any]:
    """Make the layers of a network of what stands for them now.

    Parameters
    ----------
    namespace : dict
        The notebook's global variables, or `plain`.
    network : tuple of Layer or None
        Their parameters; None stands for an activation.

    Returns
    -------
    list of Linear or Tanh
        One for each.
    """
    return [
        namespace["Tanh"]() if layer is None else linear(namespace, layer)
        for layer in network
    ]


TITLES = {1: ("linear",), 2: ("first", "last"), 3: ("first", "middle", "last")}
"""What the linear layers of a network are called, by their number."""


def titled(network: Iterable[Any]) -> dict[str, Any]:
    """Name the linear layers of a network.

    Parameters
    ----------
    network : iterable
        All its layers, or their parameters.

    Returns
    -------
    dict of str to Linear or Layer
        By names such as ``"first layer"``.
    """
    parts = [part for part in network if isinstance(part, Layer | Linear)]
    names = TITLES[len(parts)]
    return {f"{n} layer": part for n, part in zip(names, parts, strict=True)}


def plain() -> dict[str, Any]:
    """Give the stand-ins alone.

    Returns
    -------
    dict
        By the names that a notebook gives them.
    """
    return {stand_in.__name__: stand_in for stand_in in STAND_INS}


@contextmanager
def below(name: str, namespace: dict[str, Any]) -> Iterator[None]:
    """Put stand-ins where a notebook's code looks for its own classes, for a while.

    Parameters
    ----------
    name : str
        What is tried out; it is itself left as it is, and all that builds on it.
    namespace : dict
        The notebook's global variables.

    Yields
    ------
    None
        While they are there.
    """
    names = list(plain())
    number = names.index(name) if name in names else len(names)
    own = {below: namespace[below] for below in names[:number] if below in namespace}
    for stand_in in STAND_INS[:number]:
        title = stand_in.__name__
        namespace[title] = of_kind(stand_in, own.get(title))
    try:
        yield
    finally:
        for title in names[:number]:
            namespace.pop(title, None)
        namespace.update(own)


def of_kind(stand_in: type[Any], own: object) -> type[Any]:
    """Make a stand-in that is also a kind of a learner's class, if that can be.

    Parameters
    ----------
    stand_in : type
        What it does.
    own : object
        What the learner has in its place.

    Returns
    -------
    type
        The stand-in alone where the two do not go together.
    """
    if not isinstance(own, type) or own is stand_in:
        return stand_in
    try:
        both = type(stand_in.__name__, (stand_in, own), {})
        _use(both)
    except Exception:  # whatever the learner's class does to it
        return stand_in
    return both


def _use(kind: type[Any]) -> None:
    """See whether everything works that a stand-in is needed for."""
    x = np.ones((2, 3))
    if issubclass(kind, Linear):
        layer = kind(3, 4, np.random.default_rng(0))
        layer.weight, layer.bias = np.ones((4, 3)), np.ones(4)
        layer.backward(layer.forward(x))
        layer.weight_gradient, layer.bias_gradient = layer.weight, layer.bias
    elif issubclass(kind, Tanh):
        activation = kind()
        activation.backward(activation.forward(x))
    elif issubclass(kind, MSELoss):
        loss = kind()
        loss.forward(x, x)
        loss.backward()
    elif issubclass(kind, Sequential):
        network = kind(Tanh(), Tanh())
        network.backward(network.forward(x))
        len(network.layers)
    else:
        kind(Sequential(Tanh()), 0.1).step()
