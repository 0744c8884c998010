"""What trials ask of any network: its outputs, what they depend on, and how far it can get."""

import math
from collections.abc import Callable
from time import monotonic
from typing import Any

import torch
from torch import nn

from mlp_reference.arrays import Array

STARTS, UPDATES, LEARNING_RATE = 3, 600, 0.02
"""A network is trained from so many starts, with so many steps of Adam on all data at once."""


LONGEST = 4.0
"""In seconds: a large network is trained no longer, from however many starts."""


def outputs(model: Callable[[torch.Tensor], Any], X: Array) -> Any:
    """Compute what a network puts out when nobody asks for gradients.

    Parameters
    ----------
    model : callable
        The network.
    X : ndarray of float32, shape (N, 1)
        Inputs.

    Returns
    -------
    Any
        Whatever it returns.
    """
    with torch.no_grad():
        return model(torch.from_numpy(X.copy()))


def leaves(output: torch.Tensor) -> list[torch.Tensor]:
    """Find the tensors that `backward` would give a gradient, registered or not.

    Parameters
    ----------
    output : Tensor
        What a network put out, with its record.

    Returns
    -------
    list of Tensor
        Each once.
    """
    found: dict[int, torch.Tensor] = {}
    waiting: list[Any] = [output.grad_fn]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        waiting += [parent for parent, _ in node.next_functions]
        if isinstance(variable := getattr(node, "variable", None), torch.Tensor):
            found[id(variable)] = variable
    return list(found.values())


def train(make: Callable[[], nn.Module], X: Array, T: Array) -> nn.Module:
    """Train new networks as well as one can.

    Parameters
    ----------
    make : callable
        Makes a network.
    X, T : ndarray of float32, shape (N, 1)
        The training data.

    Returns
    -------
    Module
        The one that ends with the smallest loss on these data.
    """
    x, t = torch.from_numpy(X.copy()), torch.from_numpy(T.copy())
    trained = []
    deadline = monotonic() + LONGEST
    for start in range(STARTS):
        torch.manual_seed(start)
        model = make()
        model.train()
        optimizer = torch.optim.Adam(leaves(model(x)), LEARNING_RATE)
        for _ in range(UPDATES):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x).reshape(t.shape), t)
            loss.backward()
            optimizer.step()
            if monotonic() > deadline:
                break
        last = loss.item()
        trained.append((last if math.isfinite(last) else math.inf, model.eval()))
        if monotonic() > deadline:
            break
    return min(trained, key=lambda run: run[0])[1]
