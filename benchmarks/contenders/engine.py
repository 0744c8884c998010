"""The engine of lesson 4, with SGD."""

from benchmarks.contenders.problem import Problem, flat
from mlp_reference.arrays import Array
from mlp_reference.autograd import Tensor


class Engine:
    """A record for each step, and `backward` through it."""

    def __init__(self, problem: Problem) -> None:
        self.layers = [tuple(map(Tensor, pair)) for pair in problem.parameters()]
        self.lr = problem.lr
        self.x, self.t = problem.data()

    def loss(self) -> Tensor:
        """Go forward."""
        z = y = Tensor(self.x)
        for weight, bias in self.layers:
            y = z @ weight.T + bias
            z = y.tanh() if weight is not self.layers[-1][0] else y
        return ((y - self.t) ** 2).mean()

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        parameters = [parameter for pair in self.layers for parameter in pair]
        for parameter in parameters:
            parameter.grad = None
        self.loss().backward()
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.value -= self.lr * parameter.grad

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        return flat([(weight.value, bias.value) for weight, bias in self.layers])
