"""What makes a network, a loss and an optimizer write down how a training loop uses them."""

from typing import Any

import numpy as np

from mlp_reference.arrays import Array

EVENTS = ("forward", "loss", "loss backward", "backward", "step")
"""What a loop does with each batch, in the right order."""

MOST_EVENTS = 300
"""A loop that goes on beyond them is stopped; a right one has at most 120."""


class Diary(list[tuple[str, list[Array]]]):
    """Notes what happens, and which numbers came with it."""

    def note(self, event: str, *numbers: Any) -> None:
        """Note an event.

        Parameters
        ----------
        event : str
            One of `EVENTS`.
        *numbers : array_like
            What came with it.

        Raises
        ------
        RuntimeError
            If there is no end of events.
        """
        if len(self) >= MOST_EVENTS:
            raise RuntimeError("there is no end of batches")
        self.append((event, [np.array(part, dtype=float) for part in numbers]))


class RecordingNetwork:
    """Makes a network note when it is used."""

    diary: Diary

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[()]]:
        """Let a loop that saves its network save something."""
        return dict, ()

    def forward(self, x: Array) -> Array:
        """Compute the output, and note it with the batch."""
        output: Array = super().forward(x)  # type: ignore[misc]  # of what it is mixed into
        self.diary.note("forward", x, output)
        return output

    def backward(self, G: Array) -> Array:
        """Go back and note the gradient."""
        self.diary.note("backward", G)
        gradient: Array = super().backward(G)  # type: ignore[misc]  # of what it is mixed into
        return gradient


class RecordingLoss:
    """Makes a loss note when it is used."""

    diary: Diary

    def forward(self, y: Array, t: Array) -> float:
        """Compute the loss and note prediction and target."""
        self.diary.note("loss", y, t)
        loss: float = super().forward(y, t)  # type: ignore[misc]  # of what it is mixed into
        return loss

    def backward(self) -> Array:
        """Compute its gradient and note that."""
        self.diary.note("loss backward")
        gradient: Array = super().backward()  # type: ignore[misc]  # of what it is mixed into
        return gradient


class RecordingSGD:
    """Makes an optimizer note when it is used, and with which learning rate."""

    diary: Diary
    lr: float

    def step(self) -> None:
        """Make a step and note that."""
        self.diary.note("step", self.lr)
        super().step()  # type: ignore[misc]  # of what it is mixed into
