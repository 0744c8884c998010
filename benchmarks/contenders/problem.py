"""The start of every contender: sizes, data, initial parameters."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import MLP, Linear

Optimizer = Literal["SGD", "Adam"]
LEARNING_RATES: dict[Optimizer, float] = {"SGD": 0.01, "Adam": 0.001}


@dataclass(frozen=True)
class Problem:
    """One training step to be timed.

    Attributes
    ----------
    sizes : tuple of int
        Widths from input to output, tanh between them.
    batch : int
        Samples in the batch, which stays the same.
    dtype : str
        ``"float64"`` or ``"float32"``.
    optimizer : {"SGD", "Adam"}
        The optimizer that updates the parameters.
    """

    sizes: tuple[int, ...]  # widths from input to output, tanh between them
    batch: int
    dtype: str  # "float64" or "float32"
    optimizer: Optimizer

    @property
    def name(self) -> str:
        """The widths as text, such as ``3-2-1``."""
        return "-".join(map(str, self.sizes))

    @property
    def lr(self) -> float:
        """The learning rate η."""
        return LEARNING_RATES[self.optimizer]

    def network(self) -> MLP:
        """Return a network, with the same parameters in every call."""
        return MLP(self.sizes, np.random.default_rng(0), dtype=self.dtype)

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weight and bias of each layer, as copies."""
        layers = [each for each in self.network().layers if isinstance(each, Linear)]
        return [(layer.weight.copy(), layer.bias.copy()) for layer in layers]

    def data(self) -> tuple[Array, Array]:
        """Return inputs and targets, the same in every call."""
        rng = np.random.default_rng(1)
        x = rng.normal(size=(self.batch, self.sizes[0]))
        t = rng.normal(size=(self.batch, self.sizes[-1]))
        return x.astype(self.dtype), t.astype(self.dtype)


class Contender(Protocol):
    """One way to train."""

    def step(self) -> None:
        """Do forward pass, mean squared error, backward pass and update."""

    def parameters(self) -> Array:
        """Return all parameters in one vector: weight and bias, layer by layer."""


def flat(pairs: list[tuple[Array, Array]]) -> Array:
    """Return weights and biases as one vector, layer by layer."""
    return np.concatenate([values.ravel() for pair in pairs for values in pair])
