"""Other libraries on NumPy arrays: scikit-learn, and autograd of the HIPS group."""

import warnings
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from sklearn.neural_network import MLPRegressor

from benchmarks.contenders.problem import Problem, flat
from mlp_reference.arrays import Array


class ScikitLearn:
    """`MLPRegressor.partial_fit`, one batch at a time.

    Its gradient is (Y − T)/N where ours is 2(Y − T)/(N·D_out). With SGD, the learning rate makes
    up for the factor; with Adam, the factor matters only because of ε.
    """

    def __init__(self, problem: Problem) -> None:
        self.x, t = problem.data()
        # With one output it expects a vector; otherwise it copies and warns.
        self.t = t.ravel() if t.shape[1] == 1 else t
        factor = 2 / t.shape[1] if problem.optimizer == "SGD" else 1
        self.network = MLPRegressor(
            hidden_layer_sizes=problem.sizes[1:-1],
            activation="tanh",
            solver=problem.optimizer.lower(),
            alpha=0.0,
            batch_size=problem.batch,
            learning_rate_init=factor * problem.lr,
            momentum=0.0,
            shuffle=False,
            epsilon=1e-8,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns that one step has not converged
            self.network.partial_fit(self.x, self.t)
        pairs = problem.parameters()
        network: Any = self.network
        for layer, (weight, bias) in enumerate(pairs):
            network.coefs_[layer][...] = weight.T
            network.intercepts_[layer][...] = bias
        self._forget_first_step()

    def _forget_first_step(self) -> None:
        optimizer: Any = self.network._optimizer
        optimizer.t = 0
        for name in ("ms", "vs", "velocities"):
            for values in getattr(optimizer, name, ()):
                values[...] = 0

    def step(self) -> None:
        """Do one iteration on the batch."""
        self.network.partial_fit(self.x, self.t)

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        pairs = zip(self.network.coefs_, self.network.intercepts_, strict=True)
        return flat([(np.ascontiguousarray(weight.T), bias) for weight, bias in pairs])


class Autograd:
    """A function of a list of arrays, differentiated by `autograd.grad`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.values = [value for pair in problem.parameters() for value in pair]
        self.x, self.t = problem.data()
        self.gradient = grad(self._loss)
        self.means = [np.zeros_like(value) for value in self.values]
        self.squares = [np.zeros_like(value) for value in self.values]
        self.steps = 0

    def _loss(self, values: list[Any]) -> Any:
        z = self.x
        for weight, bias in zip(values[:-2:2], values[1:-2:2], strict=True):
            z = anp.tanh(anp.dot(z, weight.T) + bias)
        y = anp.dot(z, values[-2].T) + values[-1]
        return anp.mean((y - self.t) ** 2)

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        gradients = self.gradient(self.values)
        if self.problem.optimizer == "SGD":
            for value, slope in zip(self.values, gradients, strict=True):
                value -= self.problem.lr * slope
        else:
            self._adam(gradients)

    def _adam(self, gradients: list[Array]) -> None:
        self.steps += 1
        length = self.problem.lr / (1 - 0.9**self.steps)
        correction = 1 - 0.999**self.steps
        for value, slope, mean, square in zip(
            self.values, gradients, self.means, self.squares, strict=True
        ):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            value -= length * mean / (np.sqrt(square / correction) + 1e-8)

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        return np.concatenate([value.ravel() for value in self.values])
