"""One whole epoch: shuffling, batches, steps, and the record of the losses.

``nox -s bench -- epoch`` runs this in an environment of its own, on one thread.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.contenders.problem import LEARNING_RATES
from benchmarks.record import SPREAD, publish, ratio, where
from benchmarks.timing import compare, take_turns
from mlp_reference import torch_mlp, training
from mlp_reference.arrays import Array
from mlp_reference.datasets import sine
from mlp_reference.numpy_mlp import MLP, MSELoss
from mlp_reference.optimizers import SGD

REFERENCE = "pytorch"
LABELS = {REFERENCE: "PyTorch, DataLoader", "numpy": "NumPy"}
ROUNDS, SECONDS = 11, 0.1
CASES = ((200, 20, 32), (2000, 20, 32), (2000, 200, 128))
"""Samples, batch size, width of the hidden layer."""

SAME = 1e-9
"""The largest relative difference from PyTorch of the loss of an epoch in one batch."""

Epoch = Callable[[int], float]
"""A function that trains for an epoch with a batch size and returns the loss."""


def numpy_epoch(network: MLP, X: Array, T: Array) -> Epoch:
    """Train as lesson 2 does."""
    optimizer, rng = SGD(network, lr=LEARNING_RATES["SGD"]), np.random.default_rng(0)

    def epoch(batch_size: int) -> float:
        settings = {"epochs": 1, "batch_size": batch_size, "rng": rng}
        return training.fit(network, optimizer, X, T, **settings).train_loss[0]  # type: ignore[arg-type]  # as named

    return epoch


def pytorch_epoch(network: MLP, X: Array, T: Array) -> Epoch:
    """Train as a PyTorch course does, with a `DataLoader`."""
    module, mse = torch_mlp.to_torch(network), torch.nn.MSELoss()
    optimizer = torch.optim.SGD(module.parameters(), lr=LEARNING_RATES["SGD"])
    data = TensorDataset(torch.from_numpy(X), torch.from_numpy(T))
    loaders: dict[int, Any] = {}

    def epoch(batch_size: int) -> float:
        if batch_size not in loaders:
            loaders[batch_size] = DataLoader(data, batch_size, shuffle=True)
        total = 0.0
        for x, t in loaders[batch_size]:
            optimizer.zero_grad()
            loss = mse(module(x), t)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        return total / len(data)

    return epoch


def measure() -> Iterator[dict[str, Any]]:
    """Time both libraries in every case."""
    for samples, batch_size, width in CASES:
        X, T = sine(np.random.default_rng(0), samples)
        network = MLP((1, width, 1), np.random.default_rng(1))
        first = MSELoss()(network(X), T)
        epochs = {
            REFERENCE: pytorch_epoch(network, X, T),
            "numpy": numpy_epoch(network, X, T),
        }
        losses = {name: epoch(samples) for name, epoch in epochs.items()}
        if any(abs(loss / first - 1) > SAME for loss in losses.values()):
            raise AssertionError(f"the losses of one batch are {losses}, not {first}")
        calls = {name: partial(epoch, batch_size) for name, epoch in epochs.items()}
        for name, timing in compare(
            take_turns(calls, ROUNDS, SECONDS), REFERENCE
        ).items():
            yield {
                "samples": samples,
                "batch": batch_size,
                "size": f"1-{width}-1",
                "contender": name,
                **timing._asdict(),
            }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown."""
    lines = [
        "| samples | batch | network | who | ms for an epoch | times as fast |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['samples']} | {row['batch']} | {row['size']} | {LABELS[row['contender']]} | "
        f"{row['microseconds'] / 1000:.2f} | {ratio(row)} |"
        for row in rows
    ]
    return "\n".join([*lines, "", f"On one thread. {SPREAD} {where('epoch')}", ""])


if __name__ == "__main__":
    torch.set_num_threads(1)
    measured = list(measure())
    publish("epoch", measured, table(measured))
