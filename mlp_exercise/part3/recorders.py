"""A model, a loss, an optimizer and batches that note in a diary what a loop does with them.

None of these classes is local to a function, because a learner's loop may save its model.
"""

from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from mlp_exercise.loop import Diary, Event

# ruff: noqa: A002, D101, D102 - names and methods are PyTorch's


class RecordingModel(nn.Sequential):
    diary: Diary

    def forward(self, input: Any) -> Any:
        self.diary.note(Event.FORWARD)
        return super().forward(input)  # type: ignore[no-untyped-call]


class RecordingLoss(nn.MSELoss):
    diary: Diary

    def forward(self, input: Any, target: Any) -> Any:
        fits = input.shape == target.shape
        self.diary.note(Event.LOSS if fits else Event.LOSS_OF_OTHER_SHAPES)
        loss = super().forward(input, target)
        if loss.requires_grad:
            loss.register_hook(lambda _: self.diary.note(Event.BACKWARD))
        return loss


class RecordingSGD(torch.optim.SGD):
    diary: Diary

    def zero_grad(self, set_to_none: bool = True) -> None:
        self.diary.note(Event.ZERO_GRAD)
        super().zero_grad(set_to_none)

    def step(self, closure: Any = None) -> Any:
        loss = super().step(closure)
        self.diary.note(Event.STEP)
        return loss


class RecordingLoader(DataLoader[Any]):
    diary: Diary

    def __iter__(self) -> Any:
        self.diary.note(Event.EPOCH)
        for batch in super().__iter__():
            self.diary.note(Event.BATCH, *batch)
            yield batch
