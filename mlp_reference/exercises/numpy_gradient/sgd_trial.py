"""The trial of `SGD.step`: two steps along gradients that are drawn, on layers that are right."""

import numpy as np

from mlp_reference.exercises.numpy_gradient import substitution
from mlp_reference.exercises.numpy_gradient.batches import FIRST, Layer, batches
from mlp_reference.exercises.numpy_gradient.subjects import Namespace, call, construct
from mlp_reference.exercises.observations import Seen, attempt, look

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
    """Make two steps.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        The parameters after each step.
    """
    parameters = batches()[FIRST].network
    first, last = (substitution.linear(namespace, layer) for layer in parameters)
    network = namespace["Sequential"](first, namespace["Tanh"](), last)
    optimizer = construct(namespace, "SGD", network, LEARNING_RATE)
    seen = {}
    for number, step in enumerate(MOVES):
        drawn = [gradients(p, 2 * number + n) for n, p in enumerate(parameters)]
        for layer, gradient in zip((first, last), drawn, strict=True):
            layer.weight_gradient, layer.bias_gradient = gradient
        seen[f"{step}/call"] = attempt(call, optimizer, "step")
        for name, layer in (("first", first), ("last", last)):
            seen[f"{step}/weight of the {name} layer"] = look(layer.weight)
            seen[f"{step}/bias of the {name} layer"] = look(layer.bias)
    return seen
