"""Typical mistakes, made on purpose: with pen and paper, and on a batch.

A page of the course shows them. The tests hold each against a gradient check or against
the marking, which takes its hints from here and draws fresh numbers that tell them apart.
"""

from mlp_reference.mistakes.batch import (
    BiasNotSummed,
    BroadcastingLoss,
    MeanTakenTwice,
    WeightNotTransposed,
)
from mlp_reference.mistakes.pen_and_paper import (
    PEN_AND_PAPER,
    PenAndPaperMistake,
    transposed_outer_product,
)

__all__ = [
    "PEN_AND_PAPER",
    "BiasNotSummed",
    "BroadcastingLoss",
    "MeanTakenTwice",
    "PenAndPaperMistake",
    "WeightNotTransposed",
    "transposed_outer_product",
]
