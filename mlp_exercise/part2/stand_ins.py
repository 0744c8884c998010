"""Right pieces of a network, behind the interface that the exercise asks for and no more.

They take the place of a learner's where something that builds on them is tried out; see
`substitution`.
"""

from typing import Any

import numpy as np

from mlp_reference.arrays import Array


class Linear:
    """Affine map A = Z_prev Wᵀ + 1 bᵀ.

    Parameters
    ----------
    in_features, out_features : int
        Columns of the input and of the output.
    rng : numpy.random.Generator
        Draws nothing here.
    """

    def __init__(
        self, in_features: int, out_features: int, rng: np.random.Generator
    ) -> None:
        del rng
        self.weight = np.zeros((out_features, in_features))
        self.bias = np.zeros(out_features)
        self.weight_gradient = np.zeros((out_features, in_features))
        self.bias_gradient = np.zeros(out_features)

    def forward(self, x: Array) -> Array:
        """Compute the output and keep the input."""
        check_shape("forward", x, (len(x), self.weight.shape[1]))
        self.x = x
        output: Array = x @ self.weight.T + self.bias
        return output

    def backward(self, G: Array) -> Array:
        """Set the gradients of the parameters and compute that of the input."""
        check_shape("backward", G, (len(self.x), len(self.bias)))
        self.weight_gradient = G.T @ self.x
        self.bias_gradient = G.sum(axis=0)
        gradient: Array = G @ self.weight
        return gradient


class Tanh:
    """Activation Z = tanh(A)."""

    def forward(self, x: Array) -> Array:
        """Compute the output and keep it."""
        self.z: Array = np.tanh(x)
        return self.z

    def backward(self, G: Array) -> Array:
        """Compute the gradient of the input."""
        check_shape("backward", G, self.z.shape)
        gradient: Array = G * (1 - self.z * self.z)
        return gradient


class MSELoss:
    """Mean squared error."""

    def forward(self, y: Array, t: Array) -> float:
        """Compute the loss and keep the difference."""
        check_shape("loss.forward", t, np.shape(y))
        self.error = y - t
        return float(np.mean(self.error**2))

    def backward(self) -> Array:
        """Compute the gradient of the prediction."""
        return 2 * self.error / self.error.size


class Sequential:
    """Layers in a row.

    Parameters
    ----------
    *layers : Linear or Tanh
        In the order of the forward pass.
    """

    def __init__(self, *layers: Any) -> None:
        self.layers = layers

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


def check_shape(method: str, array: object, shape: tuple[int, ...]) -> None:
    """Refuse an array that does not fit.

    Parameters
    ----------
    method : str
        Which method got it.
    array : object
        What it got.
    shape : tuple of int
        What it needs.

    Raises
    ------
    ValueError
        If it is no array of that shape.
    """
    found = getattr(array, "shape", type(array).__name__)
    if found != shape:
        raise ValueError(f"{method} got {found}, expected an array of shape {shape}")
