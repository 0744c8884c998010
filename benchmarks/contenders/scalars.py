"""One number at a time: the lists of `manual`, and micrograd, both only for the 3-2-1 network."""

import math

import numpy as np
from micrograd.engine import Value

from benchmarks.contenders.problem import Problem
from mlp_reference import manual
from mlp_reference.arrays import Array
from mlp_reference.worked_example import WorkedExample


class Manual:
    """The network of lesson 1 in plain Python, with SGD."""

    def __init__(self, problem: Problem) -> None:
        (W1, b1), (W2, b2) = problem.parameters()
        x, t = problem.data()
        self.example = WorkedExample(
            W1=W1.tolist(),
            b1=b1.tolist(),
            W2=W2.tolist(),
            b2=b2.tolist(),
            x=x[0].tolist(),
            t=t[0].tolist(),
            learning_rate=problem.lr,
        )

    def step(self) -> None:
        """Do one iteration."""
        self.example = self.example.after_update(manual.solve(self.example))

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        example = self.example
        parts = (example.W1, example.b1, example.W2, example.b2)
        return np.concatenate([np.ravel(part) for part in parts])


class Micrograd:
    """Andrej Karpathy's engine, which builds a graph of numbers in each step; with SGD."""

    def __init__(self, problem: Problem) -> None:
        self.layers = [
            ([[Value(w) for w in row] for row in weight.tolist()], [*map(Value, bias)])
            for weight, bias in problem.parameters()
        ]
        x, t = problem.data()
        self.x, self.t, self.lr = x[0].tolist(), t[0].tolist(), problem.lr
        self.values = [
            value
            for weight, bias in self.layers
            for value in [*(w for row in weight for w in row), *bias]
        ]

    def loss(self) -> Value:
        """Go forward."""
        (W1, b1), (W2, b2) = self.layers
        z = [
            _tanh(sum((w * v for w, v in zip(row, self.x, strict=True)), bias))
            for row, bias in zip(W1, b1, strict=True)
        ]
        y = [
            sum((w * v for w, v in zip(row, z, strict=True)), bias)
            for row, bias in zip(W2, b2, strict=True)
        ]
        return (y[0] - self.t[0]) ** 2

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        for value in self.values:
            value.grad = 0
        self.loss().backward()
        for value in self.values:
            value.data -= self.lr * value.grad

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        return np.array([value.data for value in self.values])


def _tanh(value: Value) -> Value:
    """Return tanh of a value, which the engine lacks, in the engine's own style."""
    out = Value(math.tanh(value.data), (value,), "tanh")

    def backward() -> None:
        value.grad += (1 - out.data**2) * out.grad

    out._backward = backward
    return out
