"""Loss and optimizer: one is called, of the other we see what it holds; and what is wrong."""

from contextlib import suppress
from typing import Any

import numpy as np

from mlp_exercise.check import Wrong
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look, number
from mlp_exercise.part3.material import (
    RIGHT,
    SEED,
    TOLERANCE,
    Earlier,
    Judgement,
    slips,
)
from mlp_reference.numpy_mlp import MSELoss

Y, T = np.random.default_rng(SEED).standard_normal((2, 6, 1))
T += 0.5  # some errors are below 1, others above, so losses differ


def try_settings(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Call the loss, and compare the parameters of the optimizer with those of the model."""
    import torch
    from torch import nn

    from mlp_exercise.part3 import networks

    loss_function: Any = namespace.get("loss_function")
    optimizer: Any = namespace.get("optimizer")
    model: Any = namespace.get("model")
    if loss_function is None and optimizer is None:
        return {"": MISSING}
    y, t = (torch.tensor(array, dtype=torch.float32) for array in (Y, T))
    y.requires_grad_()

    def gradient() -> Any:
        return torch.autograd.grad(loss_function(y, t).sum(), y)[0]

    def optimizer_of_ours() -> None:
        """Do what learners are asked to do, as it may be the model that prevents it."""
        torch.optim.SGD(model.parameters(), lr=1.0)

    seen = {
        "loss_function": MISSING if loss_function is None else look(loss_function),
        "loss": attempt(loss_function, y, t),
        "gradient": attempt(gradient),
        "optimizer": MISSING if optimizer is None else look(optimizer),
        "an optimizer of ours": MISSING,
    }
    own, reached = [], []
    if isinstance(model, nn.Module):
        own = networks.parameters(model)
        with suppress(Exception):
            reached = networks.leaves(networks.record(model))
        seen["an optimizer of ours"] = attempt(optimizer_of_ours)
    seen["parameters"], seen["to learn"] = look(len(own)), look(len(reached))
    if isinstance(optimizer, torch.optim.Optimizer):
        groups = optimizer.param_groups
        held = {id(p) for group in groups for p in group["params"]}
        wanted = {id(p) for p in own if p.requires_grad}
        seen["left out"] = look(len(wanted - held))
        seen["of others"] = look(len(held - {id(p) for p in [*own, *reached]}))
        seen["learning rate"] = look(min(float(group["lr"]) for group in groups))
        seen["uphill"] = look(int(any(group.get("maximize") for group in groups)))
    return seen


def judge_settings(seen: Observations, _: Earlier) -> Judgement:
    """Judge both; where the model keeps any optimizer from being made, the loss alone."""
    optimizer_of_ours = seen.get("an optimizer of ours", MISSING).kind
    if seen.get("optimizer", MISSING).kind == "missing":
        if optimizer_of_ours == "missing":
            return "blocked", "Cannot be checked without model."
        if optimizer_of_ours != "error":
            return "missing", "There is no `optimizer` yet."
        if not number(seen, "to learn") > 0:
            return "blocked", "Cannot be checked without a model that has parameters."
        _judge_loss(seen)
        words = "Follows from your model: no optimizer can be made of it as it is."
        return "follow-through", words
    if seen.get("loss_function", MISSING).kind == "missing":
        return "missing", "There is no `loss_function` yet."
    wrong = []
    for judge in (_judge_loss, _judge_optimizer):
        try:
            judge(seen)
        except Wrong as problem:
            wrong.append(str(problem))
    if wrong:
        raise Wrong(" ".join(wrong))
    return RIGHT


def _judge_loss(seen: Observations) -> None:
    found, loss = seen.get("loss", MISSING), "loss_function(y, t)"
    if seen.get("loss_function", MISSING).detail == "type":
        raise Wrong("`loss_function` is a class: make an object of it, with brackets.")
    if found.kind == "error":
        raise Wrong(f"{loss} raised {found.detail}.")
    if found.kind != "numbers":
        came = "None" if found.kind in ("nothing", "missing") else f"a {found.detail}"
        raise Wrong(f"{loss} is {came}; expected one number.")
    if found.array.size != 1:
        shape = found.array.shape
        raise Wrong(f"{loss} has the shape {shape}; expected one number, the mean.")
    mse, value = MSELoss(), found.array.item()
    if abs(value - mse(Y, T)) > TOLERANCE:
        like = (name for name, of in LOSSES.items() if abs(value - of) <= TOLERANCE)
        raise Wrong(f"`loss_function` is {next(like, 'not the mean squared error')}.")
    gradient = seen.get("gradient", MISSING)
    if gradient.array.shape != Y.shape:
        raise Wrong(
            "`loss_function` gives the right number, but no tensor "
            "from which backward could start. Leave it as it is, without .item()."
        )
    if not gradient.is_close(mse.backward(), TOLERANCE):
        raise Wrong("`loss_function` has a wrong gradient.")


def _judge_optimizer(seen: Observations) -> None:
    came, left_out = seen["optimizer"].detail, number(seen, "left out")
    others = number(seen, "of others")
    if came == "type":
        raise Wrong(
            "`optimizer` is a class: make an object of it, with the parameters."
        )
    if np.isnan(left_out):
        raise Wrong(f"`optimizer` is a {came}; expected one of torch.optim.")
    if seen.get("an optimizer of ours", MISSING).kind == "missing":
        raise Wrong("`optimizer` belongs to no model.")
    if left_out == number(seen, "parameters") and others:
        raise Wrong(
            "`optimizer` holds the parameters of another model. Give it those of "
            "`model`, and make it anew whenever you make the model anew."
        )
    if left_out != 0:
        raise Wrong("`optimizer` does not hold all parameters of `model`.")
    if others != 0:
        raise Wrong("`optimizer` holds more than the parameters of `model`.")
    if not 0 < number(seen, "learning rate") < np.inf:
        raise Wrong("The learning rate has to be larger than zero.")
    if number(seen, "uphill") != 0:
        raise Wrong("`optimizer` goes uphill: it makes the loss larger.")


def _other_losses() -> dict[str, float]:
    e, size = Y - T, np.abs(Y - T)
    linear = np.where(size < 1, e**2 / 2, size - 0.5)
    entropy = np.maximum(Y, 0) - Y * T + np.log1p(np.exp(-np.abs(Y)))
    return slips(Y, T) | {
        "not the square everywhere, but linear for large errors": linear.mean(),
        "the mean of the errors, without a square": e.mean(),
        "always zero for a single output: it is a loss for classes": 0.0,
        "a loss for two classes": entropy.mean(),
    }


LOSSES = _other_losses()
"""Losses other than the one that is asked for, by what is said of them."""
