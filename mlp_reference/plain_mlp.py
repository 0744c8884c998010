"""The network in plain NumPy, as exercise 2 asks for it: each backward pass below its forward pass.

`numpy_mlp` computes the same faster.
"""

import numpy as np

from mlp_reference.arrays import Array


class Linear:
    """Affine map A = Z_prev Wᵀ + 1 bᵀ, drawn uniformly from ±1/√D_in as in `torch.nn.Linear`."""

    def __init__(
        self, in_features: int, out_features: int, rng: np.random.Generator
    ) -> None:
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)
        self.weight_gradient = np.zeros_like(self.weight)
        self.bias_gradient = np.zeros_like(self.bias)

    def forward(self, x: Array) -> Array:
        """Return the output, shape (N, D_out), and keep the input."""
        _check_shape("forward", x, (len(x), self.weight.shape[1]))
        self.x = x
        a: Array = x @ self.weight.T + self.bias
        return a

    def backward(self, G: Array) -> Array:
        """Set both parameters' gradients and return the gradient of the input."""
        _check_shape("backward", G, (len(self.x), len(self.bias)))
        self.weight_gradient = G.T @ self.x
        self.bias_gradient = G.sum(axis=0)
        gradient: Array = G @ self.weight
        return gradient


class Tanh:
    """Activation Z = tanh(A)."""

    def forward(self, x: Array) -> Array:
        """Return the output, in the shape of x, and keep it."""
        self.z: Array = np.tanh(x)
        return self.z

    def backward(self, G: Array) -> Array:
        """Return the gradient of the input."""
        _check_shape("backward", G, self.z.shape)
        gradient: Array = G * (1 - self.z * self.z)
        return gradient


class MSELoss:
    """Mean squared error L = 1/(N·D_out) Σ (Y − T)²."""

    def forward(self, y: Array, t: Array) -> float:
        """Return the loss and keep the difference."""
        _check_shape("loss.forward", t, np.shape(y))
        self.error = y - t
        return float(np.mean(self.error**2))

    def backward(self) -> Array:
        """Return the gradient of the prediction."""
        return 2 * self.error / self.error.size


class Sequential:
    """Layers one after the other."""

    def __init__(self, *layers: Linear | Tanh) -> None:
        self.layers = layers

    def forward(self, x: Array) -> Array:
        """Return the output of the last layer."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, G: Array) -> Array:
        """Let every layer set its gradients and return the gradient of the input."""
        for layer in reversed(self.layers):
            G = layer.backward(G)
        return G


class SGD:
    """Gradient descent θ ← θ − η ∂L/∂θ on the linear layers of a network."""

    def __init__(self, network: Sequential, lr: float) -> None:
        self.network, self.lr = network, lr

    def step(self) -> None:
        """Move all parameters once, against the gradients of the layers."""
        for layer in self.network.layers:
            if isinstance(layer, Linear):
                layer.weight -= self.lr * layer.weight_gradient
                layer.bias -= self.lr * layer.bias_gradient


def _check_shape(method: str, array: object, shape: tuple[int, ...]) -> None:
    found = getattr(array, "shape", type(array).__name__)
    if found != shape:
        raise ValueError(f"{method} got {found}, expected an array of shape {shape}")
