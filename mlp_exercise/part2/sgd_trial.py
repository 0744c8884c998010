"""The trial of `SGD.step`: two steps along gradients that are drawn, on layers that are right."""

from collections.abc import Sequence

import numpy as np

from mlp_exercise.observations import Seen, attempt, look
from mlp_exercise.part2 import substitution
from mlp_exercise.part2.batches import (
    FIRST,
    Layer,
    Network,
    batches,
    layouts,
)
from mlp_exercise.part2.subjects import Namespace, call, construct

LEARNING_RATE = 0.3
"""Far from 1, and from its own square."""

MOVES = ("first step", "second step")
"""One after the other, each along gradients of its own."""


def gradients(layer: Layer, which: int) -> Layer:
    """Draw gradients for the parameters of a layer.

    Parameters
    ----------
    layer : Layer
        The parameters.
    which : int
        Seed: the number of the step and of the layer.

    Returns
    -------
    Layer
        In the same shapes.
    """
    draw = np.random.default_rng(which).standard_normal
    return Layer(draw(layer.weight.shape), draw(layer.bias.shape))


def try_step(namespace: Namespace) -> dict[str, Seen]:
    """Make two steps, and one with each of the other networks.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        The parameters after each step.
    """
    seen = _steps(namespace, MOVES, batches()[FIRST].network)
    for layout, batch in layouts().items():
        seen |= _steps(namespace, (layout,), batch.network)
    return seen


def _steps(
    namespace: Namespace, places: Sequence[str], network: Network
) -> dict[str, Seen]:
    layers = substitution.layers(namespace, network)
    optimizer = construct(
        namespace, "SGD", namespace["Sequential"](*layers), LEARNING_RATE
    )
    linear = substitution.titled(layers)
    drawn = substitution.titled(network).values()
    seen = {}
    for number, place in enumerate(places):
        for which, (layer, like) in enumerate(zip(linear.values(), drawn, strict=True)):
            gradient = gradients(like, len(linear) * number + which)
            layer.weight_gradient, layer.bias_gradient = gradient
        seen[f"{place}/call"] = attempt(call, optimizer, "step")
        for title, layer in linear.items():
            seen[f"{place}/weight of the {title}"] = look(layer.weight)
            seen[f"{place}/bias of the {title}"] = look(layer.bias)
    return seen
