"""A training loop: a diary of what a learner's loop did, and the judgement of what it returned.

The trial of a loop hands it a network, a loss, an optimizer and data that write into a `Diary`;
what the diary holds crosses to the marking as observations, and `read` makes entries of them.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.check import NOT_TRIED, Wrong, require
from mlp_exercise.observations import Observations, Seen, look
from mlp_reference.arrays import Array

MOST_EVENTS = 1000
"""A loop that goes on beyond them is stopped; a right one has a tenth."""

NO_END = "there is no end of batches"
"""The words of the error that stops it."""

HOLDS_GRAPH = "with their record"
"""The detail of losses that are tensors which can still go backward."""

EXPECTED = "expected a list of {} numbers, one for each epoch"
"""How a sentence on what a loop returns ends, given the number of epochs."""


class Event(IntEnum):
    """What may happen, as a number that JSON can hold."""

    EPOCH = 0
    BATCH = 1
    ZERO_GRAD = 2
    FORWARD = 3
    LOSS = 4
    LOSS_OF_OTHER_SHAPES = 5
    LOSS_BACKWARD = 6
    BACKWARD = 7
    STEP = 8


class Entry(NamedTuple):
    """An event, and the arrays that came with it."""

    event: Event
    arrays: tuple[Seen, ...] = ()


class Diary:
    """Notes events as they happen."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def note(self, event: Event, *arrays: Any) -> None:
        """Note an event with copies of its arrays; stop a loop that goes on and on."""
        if len(self._entries) >= MOST_EVENTS:
            raise RuntimeError(NO_END)
        self._entries.append(Entry(event, tuple(map(look, arrays))))

    def observations(self) -> dict[str, Seen]:
        """Return what was noted, for `read`."""
        events = [int(entry.event) for entry in self._entries]
        seen = {"events": look(np.array(events, dtype=int))}
        for number, entry in enumerate(self._entries):
            for place, array in enumerate(entry.arrays):
                seen[f"event {number}, {place}"] = array
        return seen


def read(seen: Observations) -> list[Entry]:
    """Return the entries of a diary, with two arrays each; refuse what is none."""
    numbers = seen["events"].array.ravel().tolist()
    require(set(Event).issuperset(numbers), NOT_TRIED)
    return [
        Entry(Event(event), (seen[f"event {n}, 0"], seen[f"event {n}, 1"]))
        for n, event in enumerate(numbers)
    ]


def look_at_losses(returned: object) -> Seen:
    """Look at what a loop returned; a list of numbers is what is asked for."""
    if not isinstance(returned, Sequence) or isinstance(returned, str):
        return look(returned)
    name = type(returned).__name__
    returned = [*islice(returned, 1000)]
    items = [look(item) for item in returned]
    if any(item.kind != "numbers" or item.array.size != 1 for item in items):
        return Seen("other", f"{name} with more than numbers in it")
    holds_graph = any(getattr(item, "requires_grad", False) for item in returned)
    values = np.array([item.number for item in items])
    return Seen("numbers", HOLDS_GRAPH if holds_graph else "", values)


def replay(
    network: Any, loss: Any, optimizer: Any, batches: Iterable[tuple[Array, Array]]
) -> list[float]:
    """Train as it should be done; return the loss of each batch before the step it causes."""
    losses = []
    for x, t in batches:
        losses.append(float(loss.forward(network.forward(x), t)))
        network.backward(loss.backward())
        optimizer.step()
    return losses


def require_numbers(returned: Seen, epochs: int) -> None:
    """Raise unless numbers are returned, however many."""
    is_so = returned.kind == "numbers"
    require(is_so, f"It returns {returned}; {EXPECTED.format(epochs)}.")


def judge_losses(
    returned: Seen, losses: Array, sizes: Sequence[int], tolerance: float, *also: Array
) -> None:
    """Raise unless the means of each epoch are returned, or what will also do.

    The losses are of the batches, an epoch a row; a short one may count as one, or by its size.
    """
    (epochs, batches), samples = losses.shape, sum(sizes)
    sums, of_samples, wanted = losses.sum(1), losses @ sizes, EXPECTED.format(epochs)
    means = (sums / batches, of_samples / samples, *also)
    if not any(returned.is_close(mean, tolerance) for mean in means):
        for name, slip in {
            "the loss of the last batch of each epoch": losses[:, -1],
            "the loss of the first batch of each epoch": losses[:, 0],
            "the losses of all batches": losses.ravel(),
            "the sums over the batches, not the means": sums,
            "sums over the samples, not the means": of_samples,
            "sums over the batches, divided by the number of samples": sums / samples,
            "sums over the samples, divided by the number of batches": of_samples
            / batches,
            "sums that go on from epoch to epoch": np.cumsum(sums) / batches,
            "the mean of the last epoch alone": sums[-1] / batches,
            "the mean of the last epoch": of_samples[-1] / samples,
            "the loss of the last batch": losses[-1, -1],
        }.items():
            is_slip = returned.is_close(np.array(slip), tolerance)
            require(not is_slip, f"It returns {name}; {wanted}.")
        shape = returned.array.shape
        is_list = shape == (epochs,)
        require(is_list, f"It returns something of shape {shape}; {wanted}.")
        raise Wrong("The losses that it returns are not the means of the epochs.")
    require(
        returned.detail != HOLDS_GRAPH,
        "The losses that it returns are tensors, and each holds on to the record "
        "of its forward pass. Take the number out of each with .item().",
    )
