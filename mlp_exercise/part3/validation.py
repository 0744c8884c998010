"""The validation error: the number, and what the model behind it puts out on several data.

It is right if the model gets below the threshold. Where it does not, and an earlier step is
wrong, it follows through if the number is that of the learner's own model and the model would
get below the threshold in a right training.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from mlp_exercise.check import BLANK, Verdict, Wrong
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look, number
from mlp_exercise.part3.material import (
    FRESH,
    RIGHT,
    THRESHOLD,
    TRAINING,
    VALIDATION,
    Data,
    Judgement,
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

    names = ("validation_error", "model", "losses", "loss_function")
    error, model, losses, loss_function = map(namespace.get, names)
    last = losses[-1:] if isinstance(losses, list) else []
    seen = {
        "validation_error": MISSING if error is None else look(error),
        "epochs": look(namespace.get("epochs")),
        "last loss": look(last[0]) if last else MISSING,
    }
    if error is None or not isinstance(model, nn.Module):
        return seen

    def measured(how: str, network: nn.Module) -> dict[str, Seen]:
        return {
            f"{how}validation": attempt(networks.outputs, network, VALIDATION.X),
            f"{how}fresh": attempt(networks.outputs, network, FRESH.X),
        }

    def by_own_loss() -> Any:
        y = networks.outputs(model, VALIDATION.X)
        return loss_function(y, from_numpy(VALIDATION.T.copy()))  # type: ignore[misc]  # what cannot be called is noted

    networks.set_mode(model, training=False)
    seen |= measured("", model)
    seen["by own loss"] = attempt(by_own_loss)
    seen["training"] = attempt(networks.outputs, model, TRAINING.X)
    # At last: batch normalization learns even while it only looks.
    networks.set_mode(model, training=True)
    in_training = attempt(networks.outputs, model, VALIDATION.X)
    seen["validation, in training mode"] = in_training
    if not _is_below(seen):
        with suppress(Exception):
            best = networks.train(namespace.get("Regressor"))  # type: ignore[arg-type]  # as above
            seen |= measured("retrained, ", best)
    return seen


def judge_validation(seen: Observations, earlier: Mapping[str, Verdict]) -> Judgement:
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
    pairs = _error(seen, "validation", VALIDATION, of_pairs=True)
    by_own_loss = number(seen, "by own loss")
    if "loss_and_optimizer" in wrong and agree(given, by_own_loss):
        return False
    reshaped = seen.get("validation", MISSING).array.shape != VALIDATION.T.shape
    if "model" in wrong and reshaped and agree(given, pairs):
        return False
    Y = _predictions(seen, "validation", VALIDATION)
    absolute = np.nan if Y is None else float(np.abs(Y - VALIDATION.T).mean())
    in_training = _error(seen, "validation, in training mode", VALIDATION)
    others = {
        "the error on the training data": _error(seen, "training", TRAINING),
        "the last loss of the training": number(seen, "last loss"),
        "the root of the mean squared error": right**0.5,
        "the sum of the squared errors, not their mean": right * VALIDATION.T.size,
        "half of the mean squared error": right / 2,
        "the mean of the absolute errors": absolute,
        "the mean over all pairs of predictions and targets: mind their shapes": pairs,
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


def _error(
    seen: Observations, label: str, data: Data, *, of_pairs: bool = False
) -> float:
    """Return a mean squared error; of pairs, as PyTorch stretches (N,) and (N, 1) to (N, N)."""
    Y = _predictions(seen, label, data)
    with np.errstate(over="ignore", invalid="ignore"):
        T = data.T.T if of_pairs else data.T
        return float("nan") if Y is None else float(np.mean((Y - T) ** 2))


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
