"""NumPy as a textbook writes it, and changes that make it faster, one at a time."""

import numpy as np

from benchmarks.contenders.problem import Problem, flat
from mlp_reference.arrays import Array
from mlp_reference.plain_mlp import SGD, Linear, MSELoss, Sequential, Tanh


class Textbook:
    """The plain network of this course, with SGD."""

    first: type[Linear] = Linear

    def __init__(self, problem: Problem) -> None:
        self.linear: list[Linear] = []
        layers: list[Linear | Tanh] = []
        for weight, bias in problem.parameters():
            kind = Linear if layers else self.first
            linear = kind(weight.shape[1], len(bias), np.random.default_rng(0))
            linear.weight, linear.bias = weight, bias
            self.linear.append(linear)
            layers += [linear, Tanh()]
        self.network, self.loss = Sequential(*layers[:-1]), MSELoss()
        self.optimizer = SGD(self.network, problem.lr)
        self.x, self.t = problem.data()

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        self.loss.forward(self.network.forward(self.x), self.t)
        self.network.backward(self.loss.backward())
        self.update()

    def update(self) -> None:
        """Update every array on its own."""
        self.optimizer.step()

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        return flat([(layer.weight, layer.bias) for layer in self.linear])


class _FirstLinear(Linear):
    """A first layer, which computes no gradient of its input because that is the data."""

    def backward(self, G: Array) -> Array:
        self.weight_gradient = G.T @ self.x
        self.bias_gradient = G.sum(axis=0)
        return G


class StopsAtTheFirstLayer(Textbook):
    """The same, without the gradient of the data, which nobody uses."""

    first = _FirstLinear


class OneVector(StopsAtTheFirstLayer):
    """The same, with all parameters in one vector, and their gradients in another."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.lr, self.theta = problem.lr, self.parameters()
        start = 0
        for layer in self.linear:
            stop = start + layer.weight.size
            layer.weight = self.theta[start:stop].reshape(layer.weight.shape)
            start = stop + len(layer.bias)
            layer.bias = self.theta[stop:start]

    def update(self) -> None:
        """Collect the gradients, and update all parameters in one line."""
        gradients = [(each.weight_gradient, each.bias_gradient) for each in self.linear]
        self.theta -= self.lr * flat(gradients)
