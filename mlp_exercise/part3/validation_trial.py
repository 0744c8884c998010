"""The trial of the validation error: the number, and what the model puts out on several data."""

from typing import Any

import torch
from torch import nn

from mlp_exercise.observations import MISSING, Seen, attempt, look
from mlp_exercise.part3 import material
from mlp_exercise.part3.errors import is_below
from mlp_exercise.part3.insides import set_mode
from mlp_exercise.part3.networks import outputs, train


def try_validation(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Let the model predict, as it is now; if it is not good enough, after a right training.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        The error that the learner gives, and predictions.
    """
    error, model, losses, loss_function = (
        namespace.get(name)
        for name in ("validation_error", "model", "losses", "loss_function")
    )
    last = losses[-1:] if isinstance(losses, list) else []
    seen = {
        "validation_error": MISSING if error is None else look(error),
        "epochs": look(namespace.get("epochs")),
        "last loss": look(last[0]) if last else MISSING,
        "model": look(model) if isinstance(model, nn.Module) else MISSING,
    }
    if error is None or not isinstance(model, nn.Module):
        return seen
    training, validation = material.given()
    set_mode(model, training=False)
    seen |= _measured("", model)
    seen["by own loss"] = attempt(_loss, loss_function, model, validation)
    seen["training"] = attempt(outputs, model, training.X)
    # At last: batch normalization learns even while it only looks.
    set_mode(model, training=True)
    seen["validation, in training mode"] = attempt(outputs, model, validation.X)
    if is_below(seen, ""):
        return seen  # then nobody asks what training might have done
    return seen | _retrained(namespace.get("Regressor"))


def _measured(how: str, model: nn.Module) -> dict[str, Seen]:
    validation, fresh = material.given()[1], material.fresh()
    return {
        f"{how}validation": attempt(outputs, model, validation.X),
        f"{how}fresh": attempt(outputs, model, fresh.X),
    }


def _loss(loss_function: Any, model: nn.Module, data: material.Data) -> Any:
    return loss_function(outputs(model, data.X), torch.from_numpy(data.T.copy()))


def _retrained(regressor: Any) -> dict[str, Seen]:
    try:
        best = train(regressor, *material.given()[0])
    except Exception:
        return {}
    return _measured("retrained, ", best)
