"""What may happen while a loop runs; PyTorch is not needed to read it."""

from enum import IntEnum


class Event(IntEnum):
    """An entry of a loop's diary, a number as it crosses from one process to another."""

    EPOCH = 0
    BATCH = 1
    ZERO_GRAD = 2
    FORWARD = 3
    LOSS = 4
    LOSS_OF_OTHER_SHAPES = 5
    BACKWARD = 6
    STEP = 7


HOLDS_GRAPH = "with their record"
"""The detail of losses that are tensors which can still go backward."""

NO_END = "there is no end of batches"
"""The words of the error that stops a loop which goes on and on."""
