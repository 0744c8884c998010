"""A model, a loss, an optimizer and a loader that note what a learner's loop does with them."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from mlp_exercise.part3 import material
from mlp_exercise.part3.events import NO_END, Event
from mlp_reference.torch_mlp import to_torch

MOST_BATCHES = 100
"""A loop that asks for more is stopped; a right one takes nine."""

MOST_EVENTS = 1000
"""What happens beyond is not noted."""


class Diary:
    """Notes what happens.

    Attributes
    ----------
    events : list of int
        One `Event` after the other.
    batches : list of Tensor
        Inputs and targets of each batch, side by side.
    """

    def __init__(self) -> None:
        self.events: list[int] = []
        self.batches: list[torch.Tensor] = []

    def note(self, event: Event) -> None:
        """Note an event; after very many, no more.

        Parameters
        ----------
        event : Event
            What has happened.
        """
        if len(self.events) < MOST_EVENTS:
            self.events.append(event.value)


class RecordingModel(nn.Module):
    """The network of `material.loop_network`.

    Parameters
    ----------
    diary : Diary
        Where to note when it is used.
    """

    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self.layers, self.diary = to_torch(material.loop_network()), diary

    def forward(self, x: torch.Tensor) -> Any:
        """Compute the output.

        Parameters
        ----------
        x : Tensor, shape (N, 1)
            Inputs.

        Returns
        -------
        Tensor, shape (N, 1)
            Predictions.
        """
        self.diary.note(Event.FORWARD)
        return self.layers(x)


class RecordingLoss(nn.MSELoss):
    """The mean squared error.

    Parameters
    ----------
    diary : Diary
        Where to note when it is used, and when a gradient goes back through it.
    """

    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self.diary = diary

    def forward(self, input: torch.Tensor, target: torch.Tensor) -> torch.Tensor:  # noqa: A002
        """Compute the loss.

        Parameters
        ----------
        input, target : Tensor, shape (N, 1)
            Predictions and targets.

        Returns
        -------
        Tensor, shape ()
            Their mean squared error.
        """
        fits = input.shape == target.shape
        self.diary.note(Event.LOSS if fits else Event.LOSS_OF_OTHER_SHAPES)
        loss = super().forward(input, target)
        if loss.requires_grad:
            loss.register_hook(lambda _: self.diary.note(Event.BACKWARD))
        return loss


class RecordingSGD(torch.optim.SGD):
    """Gradient descent.

    Parameters
    ----------
    model : Module
        Its parameters are updated.
    diary : Diary
        Where to note when it is used.
    """

    def __init__(self, model: nn.Module, diary: Diary) -> None:
        super().__init__(model.parameters(), lr=material.LEARNING_RATE)
        self.diary = diary

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients.

        Parameters
        ----------
        set_to_none : bool, optional
            As in PyTorch.
        """
        self.diary.note(Event.ZERO_GRAD)
        super().zero_grad(set_to_none)

    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Update the parameters.

        Parameters
        ----------
        closure : callable, optional
            As in PyTorch.

        Returns
        -------
        float or None
            What the closure returned.
        """
        loss: float | None = super().step(closure)
        self.diary.note(Event.STEP)
        return loss


class RecordingLoader(DataLoader[Any]):
    """Shuffled batches of `material.loop_data`.

    Parameters
    ----------
    diary : Diary
        Where to note the batches.
    """

    def __init__(self, diary: Diary) -> None:
        data = TensorDataset(*map(torch.from_numpy, material.loop_data()))
        dice = torch.Generator().manual_seed(material.SEED)
        super().__init__(data, material.BATCH_SIZE, shuffle=True, generator=dice)
        self.diary = diary

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        """Go once through the data."""
        self.diary.note(Event.EPOCH)
        for batch in super().__iter__():
            if len(self.diary.batches) == MOST_BATCHES:
                raise RuntimeError(NO_END)
            self.diary.note(Event.BATCH)
            self.diary.batches.append(torch.cat(batch, dim=1).clone())
            yield batch
