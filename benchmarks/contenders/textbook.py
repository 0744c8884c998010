"""NumPy as a textbook writes it, and what makes it faster, one step at a time."""

from typing import Any

import numpy as np

from benchmarks.contenders.problem import Problem, flat
from mlp_reference.arrays import Array


class Textbook:
    """Lists of arrays, the gradient of every input, `np.mean` and `np.sum`; with SGD.

    Parameters
    ----------
    problem : Problem
        The step.
    """

    stops_at_first = False

    def __init__(self, problem: Problem) -> None:
        self.lr = problem.lr
        pairs = problem.parameters()
        self.weights = [weight for weight, _ in pairs]
        self.biases = [bias for _, bias in pairs]
        self.x, self.t = problem.data()

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        z, kept = self.x, [self.x]
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(
            zip(self.weights, self.biases, strict=True)
        ):
            a = z @ weight.T + bias
            z = np.tanh(a) if layer < last else a
            kept.append(z)
        error = z - self.t
        np.mean(error**2)
        G: Any = 2 * error / error.size
        gradients = []
        for layer in range(last, -1, -1):
            gradients.append((G.T @ kept[layer], np.sum(G, axis=0)))
            if layer or not self.stops_at_first:
                G = G @ self.weights[layer]
            if layer:
                G = G * (1 - kept[layer] ** 2)
        self.update(gradients[::-1])

    def update(self, gradients: list[tuple[Array, Array]]) -> None:
        """Move every array on its own.

        Parameters
        ----------
        gradients : list of tuple of ndarray
            Of weight and bias, layer by layer.
        """
        for weight, bias, (of_weight, of_bias) in zip(
            self.weights, self.biases, gradients, strict=True
        ):
            weight -= self.lr * of_weight
            bias -= self.lr * of_bias

    def parameters(self) -> Array:
        """Give all parameters in one vector."""
        return flat(list(zip(self.weights, self.biases, strict=True)))


class StopsAtTheFirstLayer(Textbook):
    """The same, without the gradient of the data, which nobody uses."""

    stops_at_first = True


class OneVector(StopsAtTheFirstLayer):
    """The same, with all parameters in one vector, and their gradients in another."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.theta = self.parameters()
        self.gradient = np.empty_like(self.theta)
        self.weights, self.biases = self._views(self.theta, self.weights)
        self.of_weights, self.of_biases = self._views(self.gradient, self.weights)

    def _views(
        self, vector: Array, like: list[Array]
    ) -> tuple[list[Array], list[Array]]:
        weights, biases, start = [], [], 0
        for weight in like:
            stop = start + weight.size
            weights.append(vector[start:stop].reshape(weight.shape))
            start = stop + len(weight)
            biases.append(vector[stop:start])
        return weights, biases

    def update(self, gradients: list[tuple[Array, Array]]) -> None:
        """Gather the gradients, and move everything in one line.

        Parameters
        ----------
        gradients : list of tuple of ndarray
            Of weight and bias, layer by layer.
        """
        for layer, (of_weight, of_bias) in enumerate(gradients):
            self.of_weights[layer][:] = of_weight
            self.of_biases[layer][:] = of_bias
        self.theta -= self.lr * self.gradient
