"""The data of Part 3, and what its judgements share; trials and marking have the same numbers."""

from typing import NamedTuple, TypeAlias

import numpy as np

from mlp_exercise.check import CORRECT, Verdict
from mlp_reference.arrays import Array
from mlp_reference.datasets import sine

Judgement: TypeAlias = tuple[Verdict, str]
"""A verdict and its words; a judgement of "wrong" is raised as `Wrong` instead."""

RIGHT: Judgement = ("correct", CORRECT)

SEED = 3
"""Of the data, as in the notebook."""

THRESHOLD = 0.03
"""The validation error has to lie below: three times the variance of the noise."""

TOLERANCE = 1e-4
"""What single precision leaves open, relative to what is compared."""


class Data(NamedTuple):
    """Inputs and targets, one sample a row, in single precision."""

    X: Array
    T: Array


def _drawn(rng: np.random.Generator, samples: int) -> Data:
    X, T = sine(rng, samples)
    return Data(X.astype(np.float32), T.astype(np.float32))


_RNG = np.random.default_rng(SEED)
TRAINING, VALIDATION = _drawn(_RNG, 200), _drawn(_RNG, 200)
FRESH = _drawn(np.random.default_rng(SEED + 1), 500)
"""Data that no notebook has."""

FEW = np.array([[-0.9], [-0.4], [0.1], [0.35], [0.8]], np.float32)
"""A batch of inputs."""
