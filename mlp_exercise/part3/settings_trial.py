"""The trial of loss and optimizer: one is called, of the other we see what it holds."""

from typing import Any

import torch
from torch import nn

from mlp_exercise.observations import MISSING, Seen, attempt, look
from mlp_exercise.part3 import material
from mlp_exercise.part3.graph import leaves
from mlp_exercise.part3.insides import parameters


def try_settings(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Call the loss, and look into the optimizer.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        A loss with its gradient, and how the optimizer's parameters go with the model's.
    """
    loss_function, optimizer = (
        namespace.get(name) for name in ("loss_function", "optimizer")
    )
    if loss_function is None and optimizer is None:
        return {"": MISSING}
    return _loss(loss_function) | _optimizer(optimizer, namespace.get("model"))


def _loss(loss_function: Any) -> dict[str, Seen]:
    y, t = (torch.from_numpy(array) for array in material.guess())
    y.requires_grad_()

    def gradient() -> torch.Tensor:
        return torch.autograd.grad(loss_function(y, t).sum(), y)[0]

    return {
        "loss_function": MISSING if loss_function is None else look(loss_function),
        "loss is a class": look(float(isinstance(loss_function, type))),
        "loss": attempt(loss_function, y, t),
        "gradient": attempt(gradient),
    }


def _optimizer(optimizer: Any, model: Any) -> dict[str, Seen]:
    is_module = isinstance(model, nn.Module)
    is_optimizer = isinstance(optimizer, torch.optim.Optimizer)
    own = parameters(model) if is_module else []
    reached = _reached(model) if is_module else []
    seen = {
        "optimizer": MISSING if optimizer is None else look(optimizer),
        "optimizer is a class": look(float(isinstance(optimizer, type))),
        "is an optimizer": look(float(is_optimizer)),
        "model": look(model) if is_module else MISSING,
        "parameters": look(len(own)),
        "to learn": look(len(reached)),
    }
    if is_module:
        seen["an optimizer of ours"] = attempt(_makes_an_optimizer, model)
    if is_optimizer:
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        rates = [float(group["lr"]) for group in optimizer.param_groups]
        uphill = any(group.get("maximize") for group in optimizer.param_groups)
        wanted = {id(p) for p in own if p.requires_grad}
        seen["left out"] = look(len(wanted - held))
        seen["of others"] = look(len(held - {id(p) for p in [*own, *reached]}))
        seen["learning rate"] = look(min(rates))
        seen["uphill"] = look(float(uphill))
    return seen


def _makes_an_optimizer(model: nn.Module) -> bool:
    """Do what learners are asked to do, as it may be the model that prevents it."""
    return bool(torch.optim.SGD(model.parameters(), lr=1.0).param_groups)


def _reached(model: nn.Module) -> list[torch.Tensor]:
    """List what is learned, registered or not."""
    try:
        return leaves(model(torch.from_numpy(material.few())))
    except Exception:
        return []
