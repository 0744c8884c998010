"""The trial of `train`: what it asks of a network, a loss and an optimizer, and in which order."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.observations import Seen, look, problem
from mlp_exercise.part2 import substitution
from mlp_exercise.part2.batches import (
    LAYOUTS,
    SEED,
    USUAL,
    Layer,
    Network,
    network_of,
)
from mlp_exercise.part2.recorders import (
    EVENTS,
    Diary,
    RecordingLoss,
    RecordingNetwork,
    RecordingSGD,
)
from mlp_exercise.part2.subjects import Namespace
from mlp_reference.arrays import Array

LEARNING_RATE = 0.01
"""Of the optimizer that the loop gets."""


class Run(NamedTuple):
    """One call of `train`.

    Attributes
    ----------
    samples, batch_size, epochs : int
        What it is told to do.
    seed : int
        Of the generator that it gets.
    layout : str
        Of the network; a key of `LAYOUTS`, or nothing for the usual one.
    """

    samples: int
    batch_size: int
    epochs: int
    seed: int = 0
    layout: str = ""


RUNS = {
    "even": Run(samples=16, batch_size=4, epochs=3),
    "repeated": Run(samples=16, batch_size=4, epochs=3),
    "reseeded": Run(samples=16, batch_size=4, epochs=3, seed=1),
    "short": Run(samples=14, batch_size=4, epochs=2),
    "single": Run(samples=12, batch_size=1, epochs=2),
    "whole": Run(samples=12, batch_size=20, epochs=2),
    "deep": Run(samples=8, batch_size=4, epochs=1, layout="five layers"),
    "flat": Run(samples=8, batch_size=4, epochs=1, layout="a single layer"),
}
"""Batches of one size, the same again, with another seed; with a last batch that is short,
of one sample each, and of fewer samples than a batch may have; and other networks."""


def data(samples: int) -> tuple[Array, Array]:
    """Draw a dataset in which every sample can be told from every other.

    Parameters
    ----------
    samples : int
        N.

    Returns
    -------
    X, T : ndarray, shape (N, 1)
        The inputs count the samples, the targets are drawn.
    """
    X = np.arange(samples, dtype=float)[:, np.newaxis]
    return X, np.random.default_rng(samples).standard_normal((samples, 1))


def parameters(run: Run) -> Network:
    """Draw the parameters of the network that a loop trains.

    Parameters
    ----------
    run : Run
        What the loop is told to do.

    Returns
    -------
    tuple of Layer or None
        From one feature to one output.
    """
    widths = LAYOUTS.get(run.layout, USUAL)
    draw = np.random.default_rng(SEED).standard_normal
    first, *others = network_of((*widths[:-1], 1), 1, draw)
    assert first is not None  # noqa: S101 - no such layout begins with an activation
    return (Layer(first.weight / run.samples, first.bias), *others)


def try_loop(namespace: Namespace) -> dict[str, Seen]:
    """Run the loop, each time on a fresh network of ours.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        Of each run: what happened, what came with it, what was returned, and what became of
        the data.
    """
    if "train" not in namespace:
        raise NotImplementedError("train is not defined")
    seen: dict[str, Seen] = {}
    for name, run in RUNS.items():
        found = _try(namespace, run)
        seen |= {f"{name}/{label}": noted for label, noted in found.items()}
        if found["losses"].kind == "error":
            break
    return seen


def _try(namespace: Namespace, run: Run) -> dict[str, Seen]:
    diary = Diary()
    layers = substitution.layers(namespace, parameters(run))
    network = _recording(RecordingNetwork, namespace["Sequential"])(*layers)
    loss = _recording(RecordingLoss, namespace["MSELoss"])()
    optimizer = _recording(RecordingSGD, namespace["SGD"])(network, LEARNING_RATE)
    network.diary = loss.diary = optimizer.diary = diary
    X, T = data(run.samples)
    rng = np.random.default_rng(run.seed)
    seen: dict[str, Seen] = {}
    try:
        losses = namespace["train"](
            network,
            loss,
            optimizer,
            X,
            T,
            run.epochs,
            run.batch_size,
            rng,
        )
        seen["losses"] = _losses(losses)
    except (Exception, SystemExit) as error:
        seen["losses"] = problem(error)
    codes = [EVENTS.index(event) for event, _ in diary]
    seen["events"] = look(np.array(codes, dtype=int))
    for number, (_, numbers) in enumerate(diary):
        for place, array in enumerate(numbers):
            seen[f"event {number}, {place}"] = look(array)
    seen["X"], seen["T"] = look(X), look(T)
    return seen


def _recording(recorder: type[Any], piece: type[Any]) -> type[Any]:
    return type(piece.__name__, (recorder, piece), {})


def _losses(returned: object) -> Seen:
    """Look at a list as well: it is what is asked for."""
    if isinstance(returned, Sequence) and not isinstance(returned, str):
        try:
            return look(np.array([float(value) for value in returned]))
        except (TypeError, ValueError):
            return Seen(
                "other", f"{type(returned).__name__} with more than numbers in it"
            )
    return look(returned)
