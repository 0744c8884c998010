"""Optimizers: a few in-place lines on one flat parameter vector, named as in `torch.optim`."""

import math
from typing import Protocol

import numpy as np

from mlp_reference.arrays import Array


class HasParameters(Protocol):
    """What an optimizer needs of a network: two flat vectors of the same length."""

    parameters: Array
    gradient: Array


class Optimizer(Protocol):
    """What the training loop needs of an optimizer."""

    @property
    def network(self) -> HasParameters:
        """The network whose parameters the optimizer moves."""

    def step(self) -> None:
        """Move the parameters once, against the network's gradient."""


class SGD:
    """Gradient descent θ ← θ − η v with v ← μ v + ∂L/∂θ; without momentum v is the gradient.

    Parameters
    ----------
    network : HasParameters
        Its parameters are updated in place.
    lr : float
        Learning rate η, above 0.
    momentum : float, optional
        μ, in [0, 1); 0 by default.
    """

    def __init__(
        self, network: HasParameters, lr: float, momentum: float = 0.0
    ) -> None:
        _check_positive("lr", lr)
        _check_decay("momentum", momentum)
        self.network, self.lr, self.momentum = network, lr, momentum
        self.velocity = np.zeros_like(network.parameters)

    def step(self) -> None:
        """Move the parameters once."""
        direction = self.network.gradient
        if self.momentum:
            self.velocity *= self.momentum
            self.velocity += direction
            direction = self.velocity
        self.network.parameters -= self.lr * direction


class Adam:
    """Adam (Kingma and Ba, 2015, Algorithm 1): a step length of its own for every parameter.

    Parameters
    ----------
    network : HasParameters
        Its parameters are updated in place.
    lr : float, optional
        Learning rate η, above 0.
    betas : tuple of float, optional
        Decay of the running means of the gradient and of its square, each in [0, 1).
    eps : float, optional
        Added to the denominator, above 0.
    """

    def __init__(
        self,
        network: HasParameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        _check_positive("lr", lr)
        _check_decay("betas[0]", betas[0])
        _check_decay("betas[1]", betas[1])
        _check_positive("eps", eps)
        self.network, self.lr, self.betas, self.eps = network, lr, betas, eps
        self.mean = np.zeros_like(network.parameters)
        self.square = np.zeros_like(network.parameters)
        self.steps = 0

    def step(self) -> None:
        """Move the parameters once."""
        gradient, (beta1, beta2) = self.network.gradient, self.betas
        self.steps += 1
        self.mean += (1 - beta1) * (gradient - self.mean)
        self.square += (1 - beta2) * (gradient * gradient - self.square)
        # Both running means start at 0; these two factors correct for that bias.
        step_length = self.lr / (1 - beta1**self.steps)
        root = np.sqrt(self.square)
        root *= 1 / math.sqrt(1 - beta2**self.steps)
        root += self.eps
        self.network.parameters -= step_length * self.mean / root


def _check_positive(name: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise ValueError(f"{name} is {value}, expected above 0.0 and finite")


def _check_decay(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}, expected at least 0.0 and below 1.0")
