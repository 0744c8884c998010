"""Stand-ins for a learner's pieces: right ones, on which those that build on them are tried out.

Each is a subclass of the learner's own class where that can be, so that what else it has, such
as a base class or ``__call__``, is still there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

from mlp_exercise.part2.batches import Layer, Network
from mlp_reference import plain_mlp

Namespace = dict[str, Any]

NAMES = ("Linear", "Tanh", "MSELoss", "Sequential", "SGD")
"""The classes of a notebook, each of which builds on those before it."""

STAND_INS: Namespace = {name: getattr(plain_mlp, name) for name in NAMES}


@contextmanager
def standing_in(name: str, namespace: Namespace) -> Iterator[None]:
    """Put stand-ins where a notebook looks for its own pieces, up to that which is tried out."""
    replaced = NAMES[: NAMES.index(name) if name in NAMES else None]
    own = {title: namespace[title] for title in replaced if title in namespace}
    for title in replaced:
        like = own.get(title)
        namespace[title] = (
            _mixed(title, like) if isinstance(like, type) else STAND_INS[title]
        )
    try:
        yield
    finally:
        for title in replaced:
            namespace.pop(title, None)
        namespace |= own


def layers_of(namespace: Namespace, network: Network) -> list[Any]:
    """Return layers with these parameters, made of what stands for `Linear` and `Tanh` now."""
    return [
        _linear(namespace["Linear"], like) if like else namespace["Tanh"]()
        for like in network
    ]


def _linear(kind: Any, like: Layer) -> Any:
    layer = kind(*like.weight.shape[::-1], np.random.default_rng(0))
    layer.weight, layer.bias = like.weight.copy(), like.bias.copy()
    return layer


@lru_cache(maxsize=16)
def _mixed(name: str, own: type[Any]) -> Any:
    """Return a stand-in that is also the learner's class; itself where these do not mix."""
    try:
        mixed = type(name, (STAND_INS[name], own), {})
        _train(STAND_INS | {name: mixed})
    except Exception:  # whatever the learner's class does to it
        return STAND_INS[name]
    return mixed


def _train(pieces: Namespace) -> None:
    """Use all that stand-ins are needed for."""
    ones = Layer(np.ones((2, 2)), np.ones(2))
    layers = layers_of(pieces, (ones, None))
    network, loss = pieces["Sequential"](*layers), pieces["MSELoss"]()
    loss.forward(network.forward(ones.weight), ones.weight)
    network.backward(loss.backward())
    layers[0].weight_gradient, layers[0].bias_gradient = ones
    pieces["SGD"](network, 0.1).step()
