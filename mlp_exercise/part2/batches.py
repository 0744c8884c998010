"""The batches and networks on which pieces are tried out: trial and judgement use the same."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from mlp_reference.arrays import Array

FEATURES, HIDDEN, OUTPUTS = 2, 4, 3
"""All different, so that no matrix fits transposed; and the outputs are no factor 2."""

FIRST, SECOND, THIRD = "a batch", "a second batch", "a third batch"
BESIDE = "beside another"

SAMPLES = {"one sample": 1, FIRST: 5, SECOND: 4, THIRD: 4}
"""The number of samples in each batch; the third would fit into the memory of the second."""

USUAL: tuple[int | None, ...] = (HIDDEN, None, OUTPUTS)
"""The outputs of each linear layer of a network; None stands for an activation."""

LAYOUTS: Mapping[str, tuple[int | None, ...]] = {
    "two layers": (OUTPUTS, None),
    "five layers": (HIDDEN, None, FEATURES, None, OUTPUTS),
    "two linear layers in a row": (HIDDEN, OUTPUTS),
    "a single layer": (OUTPUTS,),
    "an activation as the first layer": (None, OUTPUTS),
}
"""Other networks than the usual one; each completes the sentence "With …, it …"."""


class Layer(NamedTuple):
    """The parameters of a linear layer, or their gradients."""

    weight: Array
    bias: Array


Network: TypeAlias = tuple[Layer | None, ...]


class Batch(NamedTuple):
    """What pieces are given: inputs, outputs, targets, gradients of outputs, and parameters."""

    x: Array
    y: Array
    t: Array
    G: Array
    linear: Layer
    network: Network

    def copy(self) -> "Batch":
        """Return a batch whose data may be spoilt; layers get copies of parameters anyway."""
        x, y, t, G = (array.copy() for array in self[:4])
        return Batch(x, y, t, G, self.linear, self.network)


def network_of(
    widths: Iterable[int | None], inputs: int, draw: Callable[[Any], Array]
) -> Network:
    """Return the parameters of a network, drawn."""
    layers: list[Layer | None] = []
    for width in widths:
        layers.append(Layer(draw((width, inputs)), draw(width)) if width else None)
        inputs = width or inputs
    return tuple(layers)


def titled(layers: Iterable[Any], network: Network) -> dict[str, Any]:
    """Return the linear ones of a network's layers by what messages call them."""
    linear = [own for own, like in zip(layers, network, strict=True) if like]
    names = ((), ("linear",), ("first", "last"), ("first", "middle", "last"))
    found = zip(names[len(linear)], linear, strict=True)
    return {f"{name} layer": layer for name, layer in found}


def _batches(
    seed: int, sizes: Mapping[str, int], layouts: Mapping[str, Iterable[int | None]]
) -> dict[str, Batch]:
    draw = np.random.default_rng(seed).standard_normal
    linear = Layer(draw((OUTPUTS, FEATURES)), draw(OUTPUTS))
    networks = {name: network_of(w, FEATURES, draw) for name, w in layouts.items()}
    found = {}
    for name, size in sizes.items():
        x, (y, t, G) = draw((size, FEATURES)), draw((3, size, OUTPUTS))
        found[name] = Batch(x, y, t, G, linear, networks.get(name) or networks[""])
    return found


BATCHES = _batches(0, SAMPLES, {"": USUAL})
"""In every one outputs have both signs, so that no activation after them goes unnoticed."""

OTHERS = _batches(1, dict.fromkeys(LAYOUTS, SAMPLES[FIRST]), LAYOUTS)
"""A batch for each of the other networks."""
