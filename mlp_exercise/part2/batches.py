"""The batches on which pieces of code are tried out; trial and marking draw the same ones."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from mlp_reference.arrays import Array

FEATURES, HIDDEN, OUTPUTS = 2, 4, 3
"""All different, so that no matrix fits transposed; and the outputs are no factor 2."""

SAMPLES = {"one sample": 1, "a batch": 5, "a second batch": 4, "a third batch": 4}
"""How many samples each batch has. The second and the third batch meet the object that the
first one met, and the third is as large as the second: it would fit into the same memory."""

SEED = 0
"""Outputs have both signs in every batch: no activation after them goes unnoticed."""

FIRST, SECOND, THIRD, BESIDE = (
    *("a batch", "a second batch"),
    *("a third batch", "beside another"),
)
AGAIN = (SECOND, THIRD)
"""Batches that meet an object which has been called before."""

Widths: TypeAlias = tuple[int | None, ...]

USUAL: Widths = (HIDDEN, None, OUTPUTS)
"""A layout: the outputs of each linear layer, and None for an activation."""

LAYOUTS: Mapping[str, Widths] = {
    "two layers": (OUTPUTS, None),
    "five layers": (HIDDEN, None, FEATURES, None, OUTPUTS),
    "two linear layers in a row": (HIDDEN, OUTPUTS),
    "a single layer": (OUTPUTS,),
    "an activation as the first layer": (None, OUTPUTS),
}
"""Other networks than the usual one; each completes the sentence "With …, it …"."""


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


Network: TypeAlias = "tuple[Layer | None, ...]"
"""The layers of a network; None stands for an activation."""


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
    network : tuple of Layer or None
        From 2 features to 3.
    """

    x: Array
    y: Array
    t: Array
    G: Array
    linear: Layer
    network: Network

    def copy(self) -> "Batch":
        """Copy what is handed to code, so that whoever gets it may spoil it.

        Returns
        -------
        Batch
            The same numbers; parameters are copied where a layer is made of them.
        """
        data = {name: getattr(self, name).copy() for name in ("x", "y", "t", "G")}
        return self._replace(**data)


def batches() -> dict[str, Batch]:
    """Draw the batches, the same ones each time.

    Returns
    -------
    dict of str to Batch
        By the names of `SAMPLES`; all have the same parameters.
    """
    draw = np.random.default_rng(SEED).standard_normal
    linear = _layer(draw, FEATURES, OUTPUTS)
    network = network_of(USUAL, FEATURES, draw)
    return {n: _batch(draw, size, linear, network) for n, size in SAMPLES.items()}


def layouts() -> dict[str, Batch]:
    """Draw a batch for each of the other networks.

    Returns
    -------
    dict of str to Batch
        By the names of `LAYOUTS`.
    """
    draw = np.random.default_rng(SEED + 1).standard_normal
    linear, size = _layer(draw, FEATURES, OUTPUTS), SAMPLES[FIRST]
    networks = {n: network_of(layout, FEATURES, draw) for n, layout in LAYOUTS.items()}
    return {n: _batch(draw, size, linear, network) for n, network in networks.items()}


def network_of(layout: Widths, inputs: int, draw: Callable[[Any], Array]) -> Network:
    """Draw the parameters of a network.

    Parameters
    ----------
    layout : tuple of int or None
        Its layers.
    inputs : int
        How many features it takes.
    draw : callable
        Gives an array of a shape.

    Returns
    -------
    tuple of Layer or None
        As many.
    """
    layers: list[Layer | None] = []
    for width in layout:
        layers.append(None if width is None else _layer(draw, inputs, width))
        inputs = width or inputs
    return tuple(layers)


def _layer(draw: Callable[[Any], Array], inputs: int, outputs: int) -> Layer:
    return Layer(draw((outputs, inputs)), draw(outputs))


def _batch(
    draw: Callable[[Any], Array], size: int, linear: Layer, network: Network
) -> Batch:
    x, (y, t, G) = draw((size, FEATURES)), draw((3, size, OUTPUTS))
    return Batch(x, y, t, G, linear, network)
