"""The layers of this course behind the interface that the exercise asks for.

They take the place of a learner's where something that builds on them is tried out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mlp_reference import numpy_mlp
from mlp_reference.arrays import Array
from mlp_reference.exercises.numpy_gradient.batches import Layer


def check_gradient(G: object, shape: tuple[int, ...]) -> None:
    """Refuse what is no gradient of a layer's output.

    Parameters
    ----------
    G : object
        What `backward` was called with.
    shape : tuple of int
        The shape of the last output.

    Raises
    ------
    ValueError
        If G is no array of that shape.
    """
    found = getattr(G, "shape", type(G).__name__)
    if found != shape:
        raise ValueError(
            f"backward got {found}, expected an array of shape {shape}, as its output has"
        )


class Linear(numpy_mlp.Linear):
    """A linear layer whose backward pass is one method."""

    def backward(self, G: Array) -> Array:
        """Set the gradients of the parameters and compute that of the input."""
        check_gradient(G, (len(self.x), self.out_features))
        self.backward_parameters(G)
        return self.backward_input(G)


class Tanh(numpy_mlp.Tanh):
    """The activation."""

    def backward(self, G: Array) -> Array:
        """Compute the gradient of the input."""
        check_gradient(G, self.z.shape)
        return self.backward_input(G)


class MSELoss(numpy_mlp.MSELoss):
    """The loss; it has the interface already."""


class Sequential:
    """Layers in a row.

    Parameters
    ----------
    *layers : Linear or Tanh
        In the order of the forward pass.
    """

    def __init__(self, *layers: Any) -> None:
        self.layers = layers

    def __call__(self, x: Array) -> Array:
        """Compute the output: `network(x)` is `network.forward(x)`."""
        return self.forward(x)

    def forward(self, x: Array) -> Array:
        """Compute the output, layer by layer."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, G: Array) -> Array:
        """Go back through the layers and compute the gradient of the input."""
        for layer in reversed(self.layers):
            G = layer.backward(G)
        return G


class SGD:
    """Gradient descent on the linear layers of a network.

    Parameters
    ----------
    network : Sequential
        Its parameters are updated in place.
    lr : float
        The learning rate η.
    """

    def __init__(self, network: Sequential, lr: float) -> None:
        self.network, self.lr = network, lr

    def step(self) -> None:
        """Move the parameters once."""
        for layer in self.network.layers:
            if isinstance(layer, Linear):
                layer.weight -= self.lr * layer.weight_gradient
                layer.bias -= self.lr * layer.bias_gradient


STAND_INS: tuple[type[Any], ...] = (Linear, Tanh, MSELoss, Sequential, SGD)
"""In the order in which they build on each other."""


def linear(parameters: Layer) -> Linear:
    """Make a linear layer.

    Parameters
    ----------
    parameters : Layer
        Copied into it.

    Returns
    -------
    Linear
        The layer.
    """
    outputs, inputs = parameters.weight.shape
    layer = Linear(inputs, outputs, np.random.default_rng(0))
    layer.weight[:], layer.bias[:] = parameters
    return layer


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
    names = [stand_in.__name__ for stand_in in STAND_INS]
    number = names.index(name) if name in names else len(names)
    replaced = dict(zip(names[:number], STAND_INS[:number], strict=True))
    own = {name: namespace[name] for name in replaced if name in namespace}
    namespace.update(replaced)
    try:
        yield
    finally:
        for name in replaced:
            namespace.pop(name, None)
        namespace.update(own)
