"""The trial of the model: what it puts out, for which inputs, and what that depends on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from mlp_exercise.observations import MISSING, Seen, attempt, look
from mlp_exercise.part3 import material
from mlp_exercise.part3.graph import ends_in_a_layer, leaves
from mlp_exercise.part3.insides import (
    given_parameters,
    hidden,
    overridden,
    parameters,
    set_mode,
)
from mlp_exercise.part3.networks import (
    draw,
    extremes,
    outputs,
    train,
)
from mlp_reference.arrays import Array

DRAWS = 3
"""So many new models are looked at, and so many with parameters that are drawn at large."""

UPDATES = 5
"""So long a new model is trained: does it begin to bend, though it is flat at first?"""

SCALES, DRAWS_OF_A_SCALE = (1e2, 1e4), 8
"""Parameters as large as that: does the output reach farther with the larger ones?"""


def try_model(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Look at the class and at the model made of it.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        What they are, and outputs of the model and of others of its class.
    """
    regressor, model = namespace.get("Regressor"), namespace.get("model")
    if regressor is None and model is None:
        return {"": MISSING}
    kind = regressor if isinstance(regressor, type) else None
    seen = {
        "is a class": look(float(kind is not None)),
        "is a module": look(float(kind is not None and issubclass(kind, nn.Module))),
        "made": attempt(regressor) if callable(regressor) else MISSING,
        "model": MISSING if model is None else look(model),
    }
    if isinstance(model, nn.Module):
        of_kind = kind is not None and isinstance(model, kind)
        seen["is of the class"] = look(float(of_kind))
        seen |= _methods(model)
        set_mode(model, training=False)
        seen |= _called(model) | _parameters(model)
        seen |= _curves(model, regressor) | _reach(model)
    return seen


def _methods(model: nn.Module) -> dict[str, Seen]:
    """Call what the exercise has learners call, and say which names may be in the way."""

    def eval_mode() -> None:
        model.eval()

    def parameters_at_all() -> None:
        given_parameters(model)

    return {
        "model.eval()": attempt(eval_mode),
        "model.parameters()": attempt(parameters_at_all),
        "hidden": Seen("other", " ".join(hidden(model))),
        "overridden": Seen("other", " ".join(overridden(model))),
    }


def _called(model: nn.Module) -> dict[str, Seen]:
    x = material.few()

    def singly() -> torch.Tensor:
        return torch.cat([outputs(model, row) for row in x[:, None]])

    return {
        "a batch": attempt(outputs, model, x),
        "again": attempt(outputs, model, x),
        "one sample": attempt(outputs, model, x[:1]),
        "singly": attempt(singly),
    }


def _parameters(model: nn.Module) -> dict[str, Seen]:
    """Count the numbers that can be learned, and those that no optimizer will find."""
    own = [p for p in parameters(model) if p.requires_grad]
    ids = {id(p) for p in own}

    def reached(registered: bool) -> int:
        found = leaves(model(torch.from_numpy(material.few())))
        return sum(p.numel() for p in found if (id(p) in ids) == registered)

    return {
        "parameters": look(sum(p.numel() for p in own)),
        "in use": attempt(reached, True),
        "not registered": attempt(reached, False),
    }


def _curves(model: nn.Module, regressor: Any) -> dict[str, Seen]:
    """Draw the model over the grid: as it is, made anew, trained, with parameters at large."""
    grid = material.grid()
    seen = {
        "as it is": attempt(outputs, model, grid),
        "trained": attempt(_trained, regressor, grid),
    }
    for number in range(DRAWS):
        torch.manual_seed(number)
        seen[f"new {number}"] = attempt(_made, regressor, grid)
        seen[f"drawn {number}"] = attempt(_drawn, model, grid)
    return seen


def _trained(regressor: Callable[[], nn.Module], grid: Array) -> Any:
    model = train(regressor, *material.given()[0], starts=1, updates=UPDATES)
    return outputs(model, grid)


def _made(regressor: Callable[[], nn.Module], grid: Array) -> Any:
    model = regressor()
    set_mode(model, training=False)
    return outputs(model, grid)


def _drawn(model: nn.Module, grid: Array) -> Any:
    draw(model)
    return outputs(model, grid)


def _reach(model: nn.Module) -> dict[str, Seen]:
    """Say how far the output goes, at each scale, and whether a layer is what comes last."""

    def of_all_scales() -> Array:
        drawn = [
            extremes(model, material.grid(), scale, DRAWS_OF_A_SCALE)
            for scale in SCALES
        ]
        return np.stack(drawn)

    def ends() -> float:
        return float(ends_in_a_layer(model(torch.from_numpy(material.few()))))

    return {"ends in a layer": attempt(ends), "reach": attempt(of_all_scales)}
