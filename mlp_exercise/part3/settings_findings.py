"""What may be wrong with a loss and an optimizer."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from mlp_exercise.observations import Observations
from mlp_exercise.part3 import material
from mlp_exercise.part3.findings import (
    Finding,
    close,
    judged,
    number,
    numbers,
    seen_as,
    whole,
)
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import MSELoss


def find_settings(seen: Observations) -> Finding:
    """Judge loss and optimizer.

    Parameters
    ----------
    seen : Observations
        What their trial has seen.

    Returns
    -------
    Finding
        With what is wrong with either.
    """
    if "" in seen:
        return whole(seen[""])
    if seen_as(seen, "optimizer").kind == "missing":
        if seen_as(seen, "model").kind == "missing":
            return Finding("blocked", "Cannot be checked without model.")
        if seen_as(seen, "an optimizer of ours").kind == "error":
            return _prevented(seen)
        return Finding("missing", "There is no `optimizer` yet.")
    if seen_as(seen, "loss_function").kind == "missing":
        return Finding("missing", "There is no `loss_function` yet.")
    problems = (_problem_of_loss(seen), _problem_of_optimizer(seen))
    return judged(" ".join(filter(None, problems)))


def _prevented(seen: Observations) -> Finding:
    """Judge the loss alone, where no optimizer can be made of the model."""
    if not number(seen, "to learn") > 0:
        words = "Cannot be checked without a model that has parameters."
        return Finding("blocked", words)
    problem = _problem_of_loss(seen)
    if problem:
        return judged(problem)
    words = "Follows from your model: no optimizer can be made of it as it is."
    return Finding("follow-through", words, ("no optimizer",))


@lru_cache(maxsize=1)
def losses() -> Mapping[str, float]:
    """Compute other losses than the one that is asked for.

    Returns
    -------
    dict of str to float
        By what they are, to complete the sentence "It is …".
    """
    y, t = (array.astype(float) for array in material.guess())
    e = y - t
    size = np.abs(e)
    entropy = np.maximum(y, 0) - y * t + np.log1p(np.exp(-np.abs(y)))
    return {
        "the mean of the absolute errors, not of the squares": size.mean(),
        "the sum of the squares, not their mean": (e**2).sum(),
        "half of the mean squared error": (e**2).mean() / 2,
        "the root of the mean squared error": np.sqrt((e**2).mean()),
        "not the square everywhere, but linear for large errors": np.where(
            size < 1, e**2 / 2, size - 0.5
        ).mean(),
        "the mean of the errors, without a square": e.mean(),
        "the mean over all pairs of predictions and targets: mind their shapes": (
            (y - t.T) ** 2
        ).mean(),
        "always zero for a single output: it is a loss for classes": 0.0,
        "a loss for two classes": entropy.mean(),
    }


def _problem_of_loss(seen: Observations) -> str:
    if number(seen, "loss is a class") == 1:
        return "`loss_function` is a class: make an object of it, with brackets."
    found = seen_as(seen, "loss")
    if found.kind == "error":
        return f"loss_function(y, t) raised {found.detail}."
    if found.kind != "numbers":
        came = "None" if found.kind in ("nothing", "missing") else f"a {found.detail}"
        return f"loss_function(y, t) is {came}; expected one number."
    if found.array.size != 1:
        came = f"has the shape {found.array.shape}"
        return f"loss_function(y, t) {came}; expected one number, the mean."
    loss, (right, gradient) = found.array.reshape(()), _mean_squared_error()
    if close(loss, np.array(right)):
        return _problem_of_gradient(seen, gradient)
    for name, value in losses().items():
        if abs(loss - value) <= 1e-4:
            return f"`loss_function` is {name}."
    return "`loss_function` is not the mean squared error."


def _problem_of_gradient(seen: Observations, right: Array) -> str:
    gradient = numbers(seen, "gradient", right.shape)
    if gradient is None:
        return (
            "`loss_function` gives the right number, but no tensor "
            "from which backward could start. Leave it as it is, without .item()."
        )
    return "" if close(gradient, right) else "`loss_function` has a wrong gradient."


def _mean_squared_error() -> tuple[float, Array]:
    mse = MSELoss()
    return mse(*(array.astype(float) for array in material.guess())), mse.backward()


def _problem_of_optimizer(seen: Observations) -> str:
    if number(seen, "optimizer is a class") == 1:
        return "`optimizer` is a class: make an object of it, with the parameters."
    if number(seen, "is an optimizer") != 1:
        came = seen_as(seen, "optimizer").detail
        return f"`optimizer` is a {came}; expected one of torch.optim."
    if seen_as(seen, "model").kind == "missing":
        return "`optimizer` belongs to no model."
    left_out, others = number(seen, "left out"), number(seen, "of others")
    if left_out == number(seen, "parameters") and others:
        return (
            "`optimizer` holds the parameters of another model. Give it those of "
            "`model`, and make it anew whenever you make the model anew."
        )
    if left_out != 0:
        return "`optimizer` does not hold all parameters of `model`."
    if others != 0:
        return "`optimizer` holds more than the parameters of `model`."
    if not 0 < number(seen, "learning rate") < np.inf:
        return "The learning rate has to be larger than zero."
    if number(seen, "uphill") != 0:
        return "`optimizer` goes uphill: it makes the loss larger."
    return ""
