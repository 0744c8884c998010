"""The validation error: the number, and what the model behind it puts out on several data.

It is right if the model gets below the threshold. Where it does not, and an earlier step is
wrong, it follows through if the number is that of the learner's own model and the model would
get below the threshold in a right training.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from mlp_exercise.check import BLANK, RIGHT, Judgement, Verdict, Wrong, require
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look
from mlp_exercise.part3 import material
from mlp_exercise.part3.material import PAIRS, THRESHOLD, VALIDATION, slips
from mlp_exercise.part3.model import is_straight
from mlp_reference.arrays import Array

DATA = {
    "training": material.TRAINING,
    "validation": VALIDATION,
    "fresh": material.FRESH,
}
"""By the last word in the labels of what a model puts out on them."""

SLACK = 1.1
"""Training on another computer, or on another number of threads, ends a little elsewhere."""

FRESH_THRESHOLD = 1.5 * THRESHOLD
"""What the error may reach on data that nobody has seen."""

NEARLY = 0.1
"""A curve that is not further off a line has not begun to bend."""

NO_NUMBER = (
    "There is no number yet. If its cell raised an error, look at the steps before."
)
FOLLOWS = "Follows from your earlier answers."


def try_validation(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Let the model predict as it is; if it is not good enough, after a right training as well."""
    from torch import from_numpy, nn

    from mlp_exercise.part3 import networks

    error, losses = namespace.get("validation_error"), namespace.get("losses")
    model: Any = namespace.get("model")
    loss_function: Any = namespace.get("loss_function")
    last = losses[-1:] if isinstance(losses, list) else []
    seen = {
        "validation_error": MISSING if error is None else look(error),
        "epochs": look(namespace.get("epochs")),
        "last loss": look(last[0]) if last else MISSING,
    }
    if error is None or not isinstance(model, nn.Module):
        return seen

    def predictions(network: nn.Module, *labels: str) -> dict[str, Seen]:
        inputs = {label: DATA[label.split()[-1]].X for label in labels}
        return {n: attempt(networks.outputs, network, X) for n, X in inputs.items()}

    def by_own_loss() -> Any:
        y = networks.outputs(model, VALIDATION.X)
        return loss_function(y, from_numpy(VALIDATION.T.copy()))

    networks.set_mode(model, training=False)
    seen |= predictions(model, *DATA)
    seen["by own loss"] = attempt(by_own_loss)
    # At last: batch normalization learns even while it only looks.
    networks.set_mode(model, training=True)
    seen |= predictions(model, "in training mode, validation")
    if not _is_below(Observations(seen)):
        with suppress(Exception):
            best = networks.train(namespace["Regressor"])
            seen |= predictions(best, "retrained, validation", "retrained, fresh")
    return seen


def judge_validation(seen: Observations, earlier: Mapping[str, Verdict]) -> Judgement:
    """Judge the number and its model, after the verdicts of the earlier steps."""
    wrong = {name for name in earlier if earlier[name] in ("wrong", "blocked")}
    if seen["validation_error"].kind == "missing":
        return "missing", NO_NUMBER if wrong else BLANK
    lacking = [name for name in earlier if earlier[name] == "missing"]
    if _predictions(seen, "validation") is None and "model" not in lacking:
        lacking.insert(0, "a model that puts out one number for each sample")
    if seen["epochs"].kind != "numbers":
        lacking.append("epochs")
    is_below = _is_below(seen)
    if lacking and not is_below:
        return "blocked", f"Cannot be checked without {' and '.join(lacking)}."
    is_right = _judge_number(seen, wrong)
    if is_below and is_right:
        return RIGHT
    if is_below or (wrong and _is_below(seen, "retrained, ")):
        return "follow-through", FOLLOWS
    raise Wrong(_why_not(seen, wrong))


def _judge_number(seen: Observations, wrong: set[str]) -> bool:
    """Return whether the number is the error of the model, or follows from what is wrong."""
    found, given = seen["validation_error"], seen["validation_error"].number
    name, one = "`validation_error`", "expected one number"
    require(found.kind == "numbers", f"{name} is {found}; {one}.")
    shape = found.array.shape
    require(found.array.size == 1, f"{name} has the shape {shape}; {one}.")
    if agree(given, _error(seen, "validation")):
        return True
    Y = _predictions(seen, "validation")
    others = {} if Y is None else slips(Y, VALIDATION.T)
    if "loss_and_optimizer" in wrong and agree(given, seen["by own loss"].number):
        return False
    reshaped = seen["validation"].array.shape != VALIDATION.T.shape
    if "model" in wrong and reshaped and agree(given, others.get(PAIRS, np.nan)):
        return False
    in_training = _error(seen, "in training mode, validation")
    others |= {
        "the error on the training data": _error(seen, "training"),
        "the last loss of the training": seen["last loss"].number,
        "measured in training mode: call model.eval() before": in_training,
    }
    like = [slip for slip, value in others.items() if agree(given, value)]
    if like and np.isfinite(given):
        raise Wrong(
            f"{name} is {min(like, key=lambda slip: abs(others[slip] - given))}."
        )
    raise Wrong(
        f"{name} is not the mean squared error of `model` on the "
        "validation data, as the model is at the end. Was the model trained or made "
        "anew afterwards?"
    )


def _why_not(seen: Observations, wrong: set[str]) -> str:
    """Return what may keep a model from getting below the threshold."""
    words = f"The model is not below the threshold, {THRESHOLD:g}."
    best = _predictions(seen, "retrained, validation")
    if best is not None and not _is_below(seen, "retrained, "):
        hint = (
            "see what is said of `model`."
            if "model" in wrong
            else "has it enough neurons?"
        )
        return f"{words} No training gets it there: {hint}"
    Y = _predictions(seen, "validation")
    if Y is None or not np.isfinite(Y).all():
        return "The model puts out no finite numbers. Is the learning rate too large?"
    if is_straight(VALIDATION.X, Y, NEARLY):
        return f"{words} It still is almost a straight line: train it longer."
    return f"{words} Train it longer, or try another learning rate or width."


def _predictions(seen: Observations, label: str) -> Array | None:
    """Return one prediction for each target, whatever shape they came in."""
    found, T = seen[label], DATA[label.split()[-1]].T
    fits = found.kind == "numbers" and found.array.size == T.size
    return found.array.reshape(T.shape) if fits else None


def _error(seen: Observations, label: str) -> float:
    Y = _predictions(seen, label)
    T = DATA[label.split()[-1]].T
    return float("nan") if Y is None else float(np.mean((Y - T) ** 2))


def _is_below(seen: Observations, how: str = "") -> bool:
    """Return whether a model is good enough, and not much worse on data it cannot know."""
    on_validation = _error(seen, f"{how}validation")
    on_fresh = _error(seen, f"{how}fresh")
    return on_validation < SLACK * THRESHOLD and on_fresh < FRESH_THRESHOLD


def agree(given: float, expected: float) -> bool:
    """Return whether a number is another, rounded perhaps; those that are not finite agree."""
    if not np.isfinite(given) or not np.isfinite(expected):
        return not np.isfinite(given) and not np.isfinite(expected)
    off = abs(given - expected)
    three_decimals = abs(given - round(given, 3)) < 1e-8
    return off <= 1e-4 + 1e-3 * abs(expected) or (three_decimals and off < 0.00051)
