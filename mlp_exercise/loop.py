"""The diary of a training loop: what a learner's loop did with what it was given, in order.

The trial of a loop hands it a network, a loss, an optimizer and data that write into a `Diary`;
what the diary holds crosses to the marking as observations, and `read` makes entries of them.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.check import NOT_TRIED, Wrong
from mlp_exercise.observations import Observations, Seen, look

MOST_EVENTS = 1000
"""A loop that goes on beyond them is stopped; a right one has a tenth."""

NO_END = "there is no end of batches"
"""The words of the error that stops it."""

HOLDS_GRAPH = "with their record"
"""The detail of losses that are tensors which can still go backward."""


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


def read(seen: Observations, arrays: int = 2) -> list[Entry]:
    """Return the entries of a diary, with so many arrays each; refuse what is none."""
    nothing = Seen("nothing")
    numbers = seen.get("events", nothing).array.ravel().tolist()
    if not set(Event).issuperset(numbers):
        raise Wrong(NOT_TRIED)
    return [
        Entry(
            Event(event),
            tuple([seen.get(f"event {n}, {p}", nothing) for p in range(arrays)]),
        )
        for n, event in enumerate(numbers)
    ]


def look_at_losses(returned: object) -> Seen:
    """Look at what a loop returned; a list of numbers is what is asked for."""
    if not isinstance(returned, Sequence) or isinstance(returned, str):
        return look(returned)
    items = [look(item) for item in returned[:1000]]
    if any(item.kind != "numbers" or item.array.size != 1 for item in items):
        return Seen("other", f"{type(returned).__name__} with more than numbers in it")
    holds_graph = any(getattr(item, "requires_grad", False) for item in returned)
    values = np.array([item.array.item() for item in items])
    return Seen("numbers", HOLDS_GRAPH if holds_graph else "", values)
