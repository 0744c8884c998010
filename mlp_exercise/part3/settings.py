"""Loss and optimizer: one is called, of the other we see what it holds; and what is wrong."""

from contextlib import suppress
from typing import Any

import numpy as np

from mlp_exercise.check import RIGHT, Judgement, Wrong, require
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look
from mlp_exercise.part3.material import SEED, TOLERANCE, slips
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


def judge_settings(seen: Observations) -> Judgement:
    """Judge both; where the model keeps any optimizer from being made, the loss alone."""
    if seen["optimizer"].kind == "missing":
        ours = seen["an optimizer of ours"].kind
        if ours == "missing":
            return "blocked", "Cannot be checked without model."
        if ours != "error":
            return "missing", "There is no `optimizer` yet."
        if not seen["to learn"].number > 0:
            return "blocked", "Cannot be checked without a model that has parameters."
        _judge_loss(seen)
        words = "Follows from your model: no optimizer can be made of it as it is."
        return "follow-through", words
    if seen["loss_function"].kind == "missing":
        return "missing", "There is no `loss_function` yet."
    wrong = []
    for judge in (_judge_loss, _judge_optimizer):
        try:
            judge(seen)
        except Wrong as problem:
            wrong.append(str(problem))
    require(not wrong, " ".join(wrong))
    return RIGHT


def _judge_loss(seen: Observations) -> None:
    found, call = seen["loss"], "loss_function(y, t)"
    is_class = seen["loss_function"].detail == "type"
    words = "`loss_function` is a class: make an object of it, with brackets."
    require(not is_class, words)
    require(found.kind != "error", f"{call} raised {found.detail}.")
    require(found.kind == "numbers", f"{call} is {found}; expected one number.")
    shaped = f"{call} has the shape {found.array.shape}"
    require(found.array.size == 1, f"{shaped}; expected one number, the mean.")
    mse, value = MSELoss(), found.number
    if abs(value - mse(Y, T)) > TOLERANCE:
        like = (name for name, of in LOSSES.items() if abs(value - of) <= TOLERANCE)
        raise Wrong(f"`loss_function` is {next(like, 'not the mean squared error')}.")
    gradient = seen["gradient"]
    require(
        gradient.array.shape == Y.shape,
        "`loss_function` gives the right number, but no tensor "
        "from which backward could start. Leave it as it is, without .item().",
    )
    is_right = gradient.is_close(mse.backward(), TOLERANCE)
    require(is_right, "`loss_function` has a wrong gradient.")


def _judge_optimizer(seen: Observations) -> None:
    optimizer, ours = seen["optimizer"], seen["an optimizer of ours"]
    left_out, others = seen["left out"].number, seen["of others"].number
    for words, is_so in {
        "`optimizer` is a class: make an object of it, with the parameters.": (
            optimizer.detail == "type"
        ),
        f"`optimizer` is {optimizer}; expected one of torch.optim.": np.isnan(left_out),
        "`optimizer` belongs to no model.": ours.kind == "missing",
        "`optimizer` holds the parameters of another model. Give it those of "
        "`model`, and make it anew whenever you make the model anew.": (
            left_out == seen["parameters"].number and others
        ),
        "`optimizer` does not hold all parameters of `model`.": left_out != 0,
        "`optimizer` holds more than the parameters of `model`.": others != 0,
        "The learning rate has to be larger than zero.": (
            not 0 < seen["learning rate"].number < np.inf
        ),
        "`optimizer` goes uphill: it makes the loss larger.": (
            seen["uphill"].number != 0
        ),
    }.items():
        require(not is_so, words)


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
