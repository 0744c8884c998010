"""Mistakes on a batch: layers and losses that are wrong in one place."""

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import Linear, MSELoss


class BiasNotSummed(Linear):
    """Takes the bias gradient of the last sample instead of the sum over the batch."""

    def backward_parameters(self, G: Array) -> None:
        """Write a bias gradient that is wrong for more than one sample."""
        super().backward_parameters(G)
        self.bias_gradient[:] = G[-1]


class WeightNotTransposed(Linear):
    """Goes back with Wᵀ where the batch rule has W; silent where W is square."""

    def backward_input(self, G: Array) -> Array:
        """Compute a gradient that is wrong, or fails where W is not square."""
        gradient: Array = G.dot(self.weight.T)
        return gradient


class MeanTakenTwice(MSELoss):
    """Divides by N once more than the loss does."""

    def backward(self) -> Array:
        """Compute a gradient that is too small by the factor N."""
        return super().backward() / len(self.error)


class BroadcastingLoss:
    """A mean squared error that does not look at shapes."""

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the mean of whatever y − t broadcasts to."""
        return float(np.mean((y - t) ** 2))
