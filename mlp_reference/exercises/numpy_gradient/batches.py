"""The batches on which pieces of code are tried out; trial and marking draw the same ones."""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mlp_reference.arrays import Array

FEATURES, HIDDEN, OUTPUTS = 2, 4, 3
"""All different, so that no matrix fits transposed; and the outputs are no factor 2."""

SAMPLES = {"one sample": 1, "a batch": 5, "a second batch": 4}
"""How many samples each batch has. The second batch meets the object that the first one met."""

SEED = 0
"""Outputs have both signs in every batch: no activation after them goes unnoticed."""

FIRST, SECOND, BESIDE = "a batch", "a second batch", "beside another"


class Layer(NamedTuple):
    """Parameters of a linear layer.

    Attributes
    ----------
    weight : ndarray, shape (D_out, D_in)
        W.
    bias : ndarray, shape (D_out,)
        b.
    """

    weight: Array
    bias: Array


class Batch(NamedTuple):
    """What pieces of code are given, N samples of it.

    Attributes
    ----------
    x : ndarray, shape (N, 2)
        Input of a layer or of a network.
    y, t : ndarray, shape (N, 3)
        Output of a network, and its target; y is also what an activation takes.
    G : ndarray, shape (N, 3)
        Gradient of the loss with respect to an output.
    linear : Layer
        From 2 features to 3.
    network : tuple of Layer
        From 2 features over 4 to 3, with an activation between.
    """

    x: Array
    y: Array
    t: Array
    G: Array
    linear: Layer
    network: tuple[Layer, Layer]

    def copy(self) -> "Batch":
        """Copy all arrays, so that whoever gets them may spoil them.

        Returns
        -------
        Batch
            The same numbers.
        """
        return copy.deepcopy(self)


def batches() -> dict[str, Batch]:
    """Draw the batches, the same ones each time.

    Returns
    -------
    dict of str to Batch
        By the names of `SAMPLES`; all have the same parameters.
    """
    draw = np.random.default_rng(SEED).standard_normal
    linear = _layer(draw, FEATURES, OUTPUTS)
    network = (_layer(draw, FEATURES, HIDDEN), _layer(draw, HIDDEN, OUTPUTS))
    drawn = {}
    for name, samples in SAMPLES.items():
        x, (y, t, G) = draw((samples, FEATURES)), draw((3, samples, OUTPUTS))
        drawn[name] = Batch(x, y, t, G, linear, network)
    return drawn


def _layer(draw: Callable[[Any], Array], inputs: int, outputs: int) -> Layer:
    return Layer(draw((outputs, inputs)), draw(outputs))
