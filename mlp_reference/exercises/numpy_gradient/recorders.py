"""A network, a loss and an optimizer that write down how a training loop uses them."""

from typing import Any

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.exercises.numpy_gradient import stand_ins

EVENTS = ("forward", "loss", "loss backward", "backward", "step")
"""What a loop does with each batch, in the right order."""

MOST_EVENTS = 500
"""A loop that goes on beyond them is stopped; a right one has 60."""


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


class RecordingNetwork(stand_ins.Sequential):
    """A network that notes when it is used."""

    diary: Diary

    def forward(self, x: Array) -> Array:
        """Compute the output, and note it with the batch."""
        output = super().forward(x)
        self.diary.note("forward", x, output)
        return output

    def backward(self, G: Array) -> Array:
        """Go back and note the gradient."""
        self.diary.note("backward", G)
        return super().backward(G)


class RecordingLoss(stand_ins.MSELoss):
    """A loss that notes when it is used.

    Parameters
    ----------
    diary : Diary
        Where it notes that.
    """

    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self.diary = diary

    def forward(self, y: Array, t: Array) -> float:
        """Compute the loss and note prediction and target."""
        self.diary.note("loss", y, t)
        return super().forward(y, t)

    def backward(self) -> Array:
        """Compute its gradient and note that."""
        self.diary.note("loss backward")
        return super().backward()


class RecordingSGD(stand_ins.SGD):
    """An optimizer that notes when it is used."""

    diary: Diary

    def step(self) -> None:
        """Make a step and note that."""
        self.diary.note("step")
        super().step()
