"""What trials ask of any network: its outputs, how far they reach, how far it can be trained."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from mlp_exercise.part3.graph import leaves, work
from mlp_exercise.part3.insides import parameters, set_mode
from mlp_reference.arrays import Array

STARTS, UPDATES, LEARNING_RATE = 3, 600, 0.02
"""A network is trained from so many starts, with so many steps of Adam on all data at once."""

MOST_WORK = 4_000_000_000
"""A large network is trained no longer than that, counted by `graph.work`: a few seconds."""


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


def draw(model: nn.Module, scale: float = 1.0) -> None:
    """Draw all parameters of a network anew.

    Parameters
    ----------
    model : Module
        The network.
    scale : float, optional
        Their standard deviation.
    """
    with torch.no_grad():
        for parameter in parameters(model):
            parameter.normal_(std=scale)


def extremes(model: nn.Module, X: Array, scale: float, draws: int) -> Array:
    """Find the least and the largest output of a network whose parameters are large.

    Parameters
    ----------
    model : Module
        The network; its parameters are drawn anew.
    X : ndarray of float32, shape (N, 1)
        Inputs.
    scale : float
        Of the parameters.
    draws : int
        How often parameters are drawn.

    Returns
    -------
    ndarray, shape (2,)
        NaN if no output is a number.
    """
    found = []
    for seed in range(draws):
        torch.manual_seed(seed)
        draw(model, scale)
        found.append(outputs(model, X).flatten())
    everything = torch.cat(found)
    numbers = everything[~everything.isnan()]
    if not numbers.numel():
        return np.full(2, np.nan)
    return np.array([numbers.min().item(), numbers.max().item()])


def train(
    make: Callable[[], nn.Module],
    X: Array,
    T: Array,
    starts: int | None = None,
    updates: int | None = None,
) -> nn.Module:
    """Train new networks as well as one can.

    Parameters
    ----------
    make : callable
        Makes a network.
    X, T : ndarray of float32, shape (N, 1)
        The training data.
    starts, updates : int, optional
        How many networks, and for how long: `STARTS` and `UPDATES` unless said.

    Returns
    -------
    Module
        The one that ends with the smallest loss on these data.
    """
    x, t = torch.from_numpy(X.copy()), torch.from_numpy(T.copy())
    starts, updates = starts or STARTS, updates or UPDATES
    trained: list[tuple[float, nn.Module]] = []
    left = MOST_WORK
    for start in range(starts):
        torch.manual_seed(start)
        model = make()
        set_mode(model, training=True)
        output = model(x)
        each = work(output)
        optimizer = torch.optim.Adam(leaves(output), LEARNING_RATE)
        for _ in range(min(updates, max(left // each, 1))):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x).reshape(t.shape), t)
            loss.backward()
            optimizer.step()
            left -= each
        last = loss.item()
        set_mode(model, training=False)
        trained.append((last if math.isfinite(last) else math.inf, model))
        if left < each:
            break
    return min(trained, key=lambda run: run[0])[1]
