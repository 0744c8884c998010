"""PyTorch as a course would write it, and with the fused optimiser."""

import torch

from benchmarks.contenders.problem import Problem
from mlp_reference.arrays import Array


class PyTorch:
    """`nn.Sequential` and `torch.optim`, eager."""

    def __init__(self, problem: Problem, *, fused: bool | None = None) -> None:
        layers: list[torch.nn.Module] = []
        for weight, bias in problem.parameters():
            linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
            linear.weight = torch.nn.Parameter(torch.from_numpy(weight))
            linear.bias = torch.nn.Parameter(torch.from_numpy(bias))
            layers += [linear, torch.nn.Tanh()]
        self.network = torch.nn.Sequential(*layers[:-1])
        self.mse = torch.nn.MSELoss()
        kind = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}[problem.optimizer]
        self.optimizer = kind(self.network.parameters(), lr=problem.lr, fused=fused)
        self.x, self.t = map(torch.from_numpy, problem.data())

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        self.optimizer.zero_grad()
        self.mse(self.network(self.x), self.t).backward()
        self.optimizer.step()

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        vector = torch.nn.utils.parameters_to_vector(self.network.parameters())
        array: Array = vector.detach().numpy()
        return array


def fused(problem: Problem) -> PyTorch:
    """Return the contender with the fused optimiser."""
    return PyTorch(problem, fused=True)
