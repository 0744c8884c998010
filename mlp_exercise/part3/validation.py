"""The validation error: the number, and what the model behind it puts out on several data.

It is right if the model gets below the threshold. Where it does not, and an earlier step is
wrong, it follows through if the number is that of the learner's own model and the model would
get below the threshold in a right training.
"""

from contextlib import suppress
from typing import Any

import numpy as np

from mlp_exercise.check import BLANK, Wrong
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look, number
from mlp_exercise.part3.material import (
    FRESH,
    PAIRS,
    RIGHT,
    THRESHOLD,
    TRAINING,
    VALIDATION,
    Data,
    Earlier,
    Judgement,
    slips,
)
from mlp_exercise.part3.model import is_straight
from mlp_reference.arrays import Array

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

    def predictions(how: str, network: nn.Module, **data: Data) -> dict[str, Seen]:
        outputs = networks.outputs
        return {how + n: attempt(outputs, network, d.X) for n, d in data.items()}

    def by_own_loss() -> Any:
        y = networks.outputs(model, VALIDATION.X)
        return loss_function(y, from_numpy(VALIDATION.T.copy()))

    unseen = {"validation": VALIDATION, "fresh": FRESH}
    networks.set_mode(model, training=False)
    seen |= predictions("", model, training=TRAINING, **unseen)
    seen["by own loss"] = attempt(by_own_loss)
    # At last: batch normalization learns even while it only looks.
    networks.set_mode(model, training=True)
    seen |= predictions("in training mode, ", model, validation=VALIDATION)
    if not _is_below(seen):
        with suppress(Exception):
            best = networks.train(namespace["Regressor"])
            seen |= predictions("retrained, ", best, **unseen)
    return seen


def judge_validation(seen: Observations, earlier: Earlier) -> Judgement:
    """Judge the number and its model, after the verdicts of the earlier steps."""
    wrong = {name for name in earlier if earlier[name] in ("wrong", "blocked")}
    if seen.get("validation_error", MISSING).kind == "missing":
        return "missing", NO_NUMBER if wrong else BLANK
    lacking = [name for name in earlier if earlier[name] == "missing"]
    if _predictions(seen, "validation", VALIDATION) is None and "model" not in lacking:
        lacking.insert(0, "a model that puts out one number for each sample")
    if seen.get("epochs", MISSING).kind != "numbers":
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
    found = seen["validation_error"]
    if found.kind != "numbers" or found.array.size != 1:
        came = f"has the shape {found.array.shape}"
        if found.kind != "numbers":
            came = f"is a {found.detail}" if found.detail else "is nothing"
        raise Wrong(f"`validation_error` {came}; expected one number.")
    given, right = found.array.item(), _error(seen, "validation", VALIDATION)
    if agree(given, right):
        return True
    Y = _predictions(seen, "validation", VALIDATION)
    others = {} if Y is None else slips(Y, VALIDATION.T)
    if "loss_and_optimizer" in wrong and agree(given, number(seen, "by own loss")):
        return False
    reshaped = seen.get("validation", MISSING).array.shape != VALIDATION.T.shape
    if "model" in wrong and reshaped and agree(given, others.get(PAIRS, np.nan)):
        return False
    in_training = _error(seen, "in training mode, validation", VALIDATION)
    others |= {
        "the error on the training data": _error(seen, "training", TRAINING),
        "the last loss of the training": number(seen, "last loss"),
        "measured in training mode: call model.eval() before": in_training,
    }
    like = [name for name, value in others.items() if agree(given, value)]
    if like and np.isfinite(given):
        closest = min(like, key=lambda name: abs(others[name] - given))
        raise Wrong(f"`validation_error` is {closest}.")
    raise Wrong(
        "`validation_error` is not the mean squared error of `model` on the "
        "validation data, as the model is at the end. Was the model trained or made "
        "anew afterwards?"
    )


def _why_not(seen: Observations, wrong: set[str]) -> str:
    """Return what may keep a model from getting below the threshold."""
    words = f"The model is not below the threshold, {THRESHOLD:g}."
    best = _predictions(seen, "retrained, validation", VALIDATION)
    if best is not None and not _is_below(seen, "retrained, "):
        if "model" in wrong:
            return f"{words} No training gets it there: see what is said of `model`."
        return f"{words} No training gets it there: has it enough neurons?"
    Y = _predictions(seen, "validation", VALIDATION)
    if Y is None or not np.isfinite(Y).all():
        return "The model puts out no finite numbers. Is the learning rate too large?"
    if is_straight(VALIDATION.X, Y, NEARLY):
        return f"{words} It still is almost a straight line: train it longer."
    return f"{words} Train it longer, or try another learning rate or width."


def _predictions(seen: Observations, label: str, data: Data) -> Array | None:
    """Return one prediction for each target, whatever shape they came in."""
    found = seen.get(label, MISSING)
    fits = found.kind == "numbers" and found.array.size == data.T.size
    return found.array.reshape(data.T.shape) if fits else None


def _error(seen: Observations, label: str, data: Data) -> float:
    Y = _predictions(seen, label, data)
    return float("nan") if Y is None else float(np.mean((Y - data.T) ** 2))


def _is_below(seen: Observations, how: str = "") -> bool:
    """Return whether a model is good enough, and not much worse on data it cannot know."""
    on_validation = _error(seen, f"{how}validation", VALIDATION)
    on_fresh = _error(seen, f"{how}fresh", FRESH)
    return on_validation < SLACK * THRESHOLD and on_fresh < FRESH_THRESHOLD


def agree(given: float, expected: float) -> bool:
    """Return whether a number is another, rounded perhaps; those that are not finite agree."""
    if not np.isfinite(given) or not np.isfinite(expected):
        return not np.isfinite(given) and not np.isfinite(expected)
    off = abs(given - expected)
    three_decimals = abs(given - round(given, 3)) < 1e-8
    return off <= 1e-4 + 1e-3 * abs(expected) or (three_decimals and off < 0.00051)
