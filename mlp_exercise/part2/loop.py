"""What may be wrong with a mini-batch loop, told from the diary of its trial."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from mlp_exercise.check import NOT_TRIED
from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part2.epochs import (
    Update,
    Wrong,
    check_epochs,
    check_losses,
    check_number,
    check_returned,
    check_weights,
)
from mlp_exercise.part2.loop_trial import (
    LEARNING_RATE,
    RUNS,
    Run,
    data,
)
from mlp_exercise.part2.recorders import EVENTS
from mlp_exercise.part2.reference import of_series
from mlp_exercise.part2.symptoms import close, raised
from mlp_reference.arrays import Array

FORWARD, LOSS, LOSS_BACKWARD, BACKWARD, STEP = range(len(EVENTS))

CALLS = (
    "network.forward(x)",
    "loss.forward(y, t)",
    "loss.backward()",
    "network.backward(G)",
    "optimizer.step()",
)
"""How the events are written in code."""


class Event(NamedTuple):
    """An entry of the diary.

    Attributes
    ----------
    kind : int
        Its place in `EVENTS`.
    arrays : tuple of Seen
        What came with it.
    """

    kind: int
    arrays: tuple[Seen, ...]


def what_is_wrong(seen: Observations) -> str:
    """Find what is wrong with a loop.

    Parameters
    ----------
    seen : Observations
        What its trial has noted.

    Returns
    -------
    str
        A sentence or two; empty if nothing is.
    """
    try:
        rows = {
            name: _rows(of_series(name, seen), run, data(run.samples))
            for name, run in RUNS.items()
        }
    except Wrong as problem:
        return str(problem)
    if rows["even"] != rows["repeated"] or rows["even"] == rows["reseeded"]:
        return "The order does not come from `rng`: draw it with rng.permutation."
    return ""


def _rows(
    seen: Observations, run: Run, dataset: tuple[Array, Array]
) -> list[tuple[float, ...]]:
    """Check one run and tell its batches."""
    losses = seen.get("losses", Seen("nothing"))
    if losses.kind == "error":
        if run.layout:
            raise Wrong(raised(run.layout, losses))
        raise Wrong(
            f"With {run.samples} samples in batches of {run.batch_size}, "
            f"it raised {losses.detail}."
        )
    for name, array in zip("XT", dataset, strict=True):
        if not close(seen.get(name, losses), array):
            raise Wrong(f"It changes {name}. Shuffle indices, not the data itself.")
    check_returned(losses, run.epochs)
    updates = list(_updates(_events(seen)))
    check_number(len(updates), run)
    check_epochs(updates, run, dataset[1])
    check_weights(updates, run)
    check_losses(losses, updates, run.epochs)
    return [update.rows for update in updates]


def _events(seen: Observations) -> list[Event]:
    kinds = seen.get("events", Seen("nothing")).array.ravel()
    if not np.isin(kinds, range(len(EVENTS))).all():
        raise Wrong(NOT_TRIED)
    return [
        Event(
            int(kind),
            tuple(
                seen.get(f"event {number}, {place}", Seen("nothing"))
                for place in range(2)
            ),
        )
        for number, kind in enumerate(kinds)
    ]


def _updates(events: list[Event]) -> Iterator[Update]:
    """Follow the events from step to step."""
    if STEP not in [event.kind for event in events]:
        raise Wrong("It never calls optimizer.step().")
    before: list[Event] = []
    for event in events:
        if event.kind == STEP:
            if not close(event.arrays[0], np.array(LEARNING_RATE)):
                raise Wrong("It changes the learning rate of the optimiser.")
            yield _update(before)
            before = []
        else:
            before.append(event)


def _update(events: list[Event]) -> Update:
    """Check what came before a step, from its end: evaluations in between do no harm."""
    if not events:
        raise Wrong("It makes two steps for one batch.")
    at: dict[int, int] = {}
    end = len(events)
    for kind in (BACKWARD, LOSS_BACKWARD, LOSS, FORWARD):
        places = [n for n, event in enumerate(events[:end]) if event.kind == kind]
        if not places:
            raise Wrong(
                f"{CALLS[kind]} is missing before a step, or not in its place. "
                f"The order is: {', '.join(CALLS)}."
            )
        end = at[kind] = places[-1]
    x, output = (s.array for s in events[at[FORWARD]].arrays)
    y, t = (s.array for s in events[at[LOSS]].arrays)
    if x.ndim != 2 or x.shape[1] != 1 or not output.shape == y.shape == t.shape:
        raise Wrong(f"A batch has the shape {x.shape}, expected (batch_size, 1).")
    if np.array_equal(t, output) and not np.array_equal(y, output):
        raise Wrong("The loss gets the target before the prediction.")
    if not np.array_equal(y, output):
        raise Wrong("The loss gets something else than what the network put out.")
    between = events[at[LOSS] : at[BACKWARD]]
    if any(e.kind == FORWARD and not close(e.arrays[0], x) for e in between):
        raise Wrong(
            "Between network.forward and network.backward of a batch, other inputs go "
            "through the network. A backward pass belongs to the forward pass before it."
        )
    if not close(events[at[BACKWARD]].arrays[0], 2 * (y - t) / y.size):
        raise Wrong("network.backward gets something else than loss.backward returns.")
    return Update(tuple(x[:, 0].tolist()), y, t)
