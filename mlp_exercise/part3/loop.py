"""Read what a learner's loop did with its batches."""

from typing import NamedTuple

import numpy as np

from mlp_exercise.observations import Observations
from mlp_exercise.part3.events import Event
from mlp_exercise.part3.findings import numbers
from mlp_reference.arrays import Array


class Turn(NamedTuple):
    """A batch and what was done with it.

    Attributes
    ----------
    batch : ndarray, shape (N, 2)
        Inputs and targets side by side.
    events : list of int
        What happened until the next batch.
    """

    batch: Array
    events: list[int]


class Loop(NamedTuple):
    """A loop from its beginning to its end.

    Attributes
    ----------
    events : list of int
        All that happened.
    epochs : list of list of Turn
        Those passes over the data in which the optimizer made a step.
    """

    events: list[int]
    epochs: list[list[Turn]]


def read(seen: Observations) -> Loop:
    """Put events and batches together.

    Parameters
    ----------
    seen : Observations
        What the trial of the loop has seen.

    Returns
    -------
    Loop
        As far as it makes sense.
    """
    events = [int(e) for e in _list(seen, "events") if e in set(Event)]
    batches = iter(_batches(seen))
    passes: list[list[Turn]] = []
    for event in events:
        if event == Event.EPOCH:
            passes.append([])
        elif event == Event.BATCH and passes:
            batch = next(batches, np.empty((0, 2)))
            passes[-1].append(Turn(batch, []))
        elif passes and passes[-1]:
            passes[-1][-1].events.append(event)
    epochs = [p for p in passes if any(Event.STEP in turn.events for turn in p)]
    return Loop(events, epochs)


def _list(seen: Observations, label: str) -> list[float]:
    found = numbers(seen, label, (-1,))
    values: list[float] = [] if found is None else found.tolist()
    return values


def _batches(seen: Observations) -> list[Array]:
    everything = numbers(seen, "batches", (-1, 2))
    rows = [n for n in _list(seen, "rows") if n in range(1000)]
    if everything is None or not rows:
        return []
    return np.split(everything, np.cumsum(np.array(rows, dtype=int))[:-1])
