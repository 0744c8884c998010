"""The network of this course, in NumPy."""

from benchmarks.contenders.problem import Problem
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import MSELoss
from mlp_reference.optimizers import SGD, Adam


class NumpyNetwork:
    """The network of lesson 2, unchanged."""

    def __init__(self, problem: Problem) -> None:
        self.network, self.mse = problem.network(), MSELoss()
        kind = {"SGD": SGD, "Adam": Adam}[problem.optimizer]
        self.optimizer = kind(self.network, lr=problem.lr)
        self.x, self.t = problem.data()

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        self.mse(self.network(self.x), self.t)
        self.network.backward(self.mse.backward())
        self.optimizer.step()

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        return self.network.parameters
