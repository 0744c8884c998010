"""The step of the optimizer: its trial, along gradients that are drawn, and its judgement."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import count

import numpy as np

from mlp_exercise.check import RIGHT, Judgement, Wrong
from mlp_exercise.observations import Observations, Seen, attempt, look
from mlp_exercise.part2.batches import (
    BATCHES,
    FIRST,
    LAYOUTS,
    OTHERS,
    Layer,
    Network,
    titled,
)
from mlp_exercise.part2.comparison import (
    EXACT,
    MOVES,
    Arrays,
    Slips,
    described,
    expected,
    faults,
    raised,
)
from mlp_exercise.part2.pieces import call
from mlp_exercise.part2.substitution import Namespace, layers_of

LEARNING_RATE = 0.3
"""Far from 1, and from its own square."""


def try_step(namespace: Namespace) -> dict[str, Seen]:
    """Make two steps along gradients that are drawn, and one with each of the other networks."""
    seen = _try_steps(namespace, MOVES, BATCHES[FIRST].network)
    for layout, batch in OTHERS.items():
        seen |= _try_steps(namespace, (layout,), batch.network)
    return seen


def _try_steps(
    namespace: Namespace, places: Sequence[str], network: Network
) -> dict[str, Seen]:
    layers = layers_of(namespace, network)
    linear = titled(layers, network)
    optimizer = namespace["SGD"](namespace["Sequential"](*layers), LEARNING_RATE)
    seen, seeds = {}, count()
    for place in places:
        for layer, like in zip(linear.values(), filter(None, network), strict=True):
            draw = np.random.default_rng(next(seeds)).standard_normal
            layer.weight_gradient = draw(like.weight.shape)
            layer.bias_gradient = draw(like.bias.shape)
        seen[f"{place}/call"] = attempt(call, optimizer, "step")
        for title, layer in linear.items():
            for name in Layer._fields:
                seen[f"{place}/{name} of the {title}"] = look(getattr(layer, name))
    return seen


def judge_step(_: str, seen: Observations) -> Judgement:
    """Judge the steps; slips are known of the usual network, which comes first."""
    right, before, slips = _right_step()
    wrong = faults(seen, right)
    for places in (MOVES, LAYOUTS):
        for place in places:
            if (found := seen[f"{place}/call"]).kind == "error":
                raise Wrong(raised(place, found))
        here = [fault for fault in wrong if fault.label.partition("/")[0] in places]
        left = [fault for fault in here if fault.label in before]
        is_left = (fault.seen.is_close(before[fault.label], EXACT) for fault in left)
        if 0 < len(left) < len(before) and all(is_left):
            names = " and the ".join(fault.label.partition("/")[2] for fault in left)
            raise Wrong(f"It leaves the {names} as before.")
        if here:
            raise described(here, slips)
    return RIGHT


@lru_cache(maxsize=1)
def _right_step() -> tuple[Arrays, Arrays, Slips]:
    """Return the parameters after right steps, before the first one, and after a wrong one."""
    network, right = BATCHES[FIRST].network, expected(try_step)
    before = {
        f"{MOVES[0]}/{name} of the {title}": parameter
        for title, layer in titled(network, network).items()
        for name, parameter in layer._asdict().items()
    }
    moved = {label: right[label] - parameter for label, parameter in before.items()}
    slips = {
        label: {
            "changed nothing: bind no new name, change the layer's own array": parameter,
            "went uphill": parameter - moved[label],
            "left out the learning rate": parameter + moved[label] / LEARNING_RATE,
            "put the gradient in place of the parameter": moved[label],
        }
        for label, parameter in before.items()
    }
    return right, before, slips
