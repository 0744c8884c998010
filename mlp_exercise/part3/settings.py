"""Loss and optimizer: one is called, of the other we see what it holds; and what is wrong."""

from contextlib import suppress
from typing import Any

import numpy as np

from mlp_exercise.check import Wrong
from mlp_exercise.observations import (
    MISSING,
    Observations,
    Seen,
    attempt,
    close,
    look,
    number,
    numbers,
)
from mlp_exercise.part3.material import RIGHT, SEED, TOLERANCE, Judgement
from mlp_reference.numpy_mlp import MSELoss

Y, T = np.random.default_rng(SEED).standard_normal((2, 6, 1)).astype(np.float32)
T += np.float32(0.5)  # some errors are below 1, others above, so losses differ


def try_settings(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Call the loss, and compare the parameters of the optimizer with those of the model."""
    import torch
    from torch import nn

    from mlp_exercise.part3 import networks

    names = ("loss_function", "optimizer", "model")
    loss_function, optimizer, model = map(namespace.get, names)
    if loss_function is None and optimizer is None:
        return {"": MISSING}
    y, t = (torch.from_numpy(array.copy()) for array in (Y, T))
    y.requires_grad_()

    def gradient() -> Any:
        return torch.autograd.grad(loss_function(y, t).sum(), y)[0]  # type: ignore[misc]  # what cannot be called is noted

    def optimizer_of_ours() -> None:
        """Do what learners are asked to do, as it may be the model that prevents it."""
        torch.optim.SGD(model.parameters(), lr=1.0)  # type: ignore[union-attr]

    seen = {
        "loss_function": MISSING if loss_function is None else look(loss_function),
        "loss is a class": look(int(isinstance(loss_function, type))),
        "loss": attempt(loss_function, y, t),  # type: ignore[arg-type]
        "gradient": attempt(gradient),
        "optimizer": MISSING if optimizer is None else look(optimizer),
        "optimizer is a class": look(int(isinstance(optimizer, type))),
        "model": MISSING,
    }
    own, reached = [], []
    if isinstance(model, nn.Module):
        own = networks.parameters(model)
        with suppress(Exception):
            reached = networks.leaves(networks.record(model))
        seen["model"] = look(model)
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
    if seen.get("optimizer", MISSING).kind == "missing":
        if seen.get("model", MISSING).kind == "missing":
            return "blocked", "Cannot be checked without model."
        if seen.get("an optimizer of ours", MISSING).kind != "error":
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
    if number(seen, "loss is a class") == 1:
        raise Wrong("`loss_function` is a class: make an object of it, with brackets.")
    found = seen.get("loss", MISSING)
    if found.kind == "error":
        raise Wrong(f"loss_function(y, t) raised {found.detail}.")
    if found.kind != "numbers":
        came = "None" if found.kind in ("nothing", "missing") else f"a {found.detail}"
        raise Wrong(f"loss_function(y, t) is {came}; expected one number.")
    if found.array.size != 1:
        came = f"has the shape {found.array.shape}"
        raise Wrong(f"loss_function(y, t) {came}; expected one number, the mean.")
    mse, loss = MSELoss(), found.array.item()
    if abs(loss - mse(Y.astype(float), T.astype(float))) > TOLERANCE:
        like = (name for name, of in LOSSES.items() if abs(loss - of) <= TOLERANCE)
        raise Wrong(f"`loss_function` is {next(like, 'not the mean squared error')}.")
    gradient = numbers(seen, "gradient", Y.shape)
    if gradient is None:
        raise Wrong(
            "`loss_function` gives the right number, but no tensor "
            "from which backward could start. Leave it as it is, without .item()."
        )
    if not close(gradient, mse.backward(), TOLERANCE):
        raise Wrong("`loss_function` has a wrong gradient.")


def _other_losses() -> dict[str, float]:
    y, t = Y.astype(float), T.astype(float)
    e, size = y - t, np.abs(y - t)
    linear = np.where(size < 1, e**2 / 2, size - 0.5)
    entropy = np.maximum(y, 0) - y * t + np.log1p(np.exp(-np.abs(y)))
    pairs = "the mean over all pairs of predictions and targets: mind their shapes"
    return {
        "the mean of the absolute errors, not of the squares": size.mean(),
        "the sum of the squares, not their mean": (e**2).sum(),
        "half of the mean squared error": (e**2).mean() / 2,
        "the root of the mean squared error": np.sqrt((e**2).mean()),
        "not the square everywhere, but linear for large errors": linear.mean(),
        "the mean of the errors, without a square": e.mean(),
        pairs: ((y - t.T) ** 2).mean(),
        "always zero for a single output: it is a loss for classes": 0.0,
        "a loss for two classes": entropy.mean(),
    }


LOSSES = _other_losses()
"""Losses other than the one that is asked for, by what is said of them."""


def _judge_optimizer(seen: Observations) -> None:
    if number(seen, "optimizer is a class") == 1:
        raise Wrong(
            "`optimizer` is a class: make an object of it, with the parameters."
        )
    optimizer = seen.get("optimizer", MISSING)
    left_out, others = number(seen, "left out"), number(seen, "of others")
    if np.isnan(left_out):
        came = optimizer.detail
        raise Wrong(f"`optimizer` is a {came}; expected one of torch.optim.")
    if seen.get("model", MISSING).kind == "missing":
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
