"""What may be wrong with a validation error: the number, or the model behind it."""

from typing import NamedTuple

import numpy as np

from mlp_exercise.check import BLANK
from mlp_exercise.observations import Observations
from mlp_exercise.part3 import material
from mlp_exercise.part3.curves import is_straight
from mlp_exercise.part3.errors import (
    agree,
    error,
    is_below,
    mistaken,
    of_all_pairs,
    predictions,
)
from mlp_exercise.part3.findings import (
    Finding,
    judged,
    number,
    seen_as,
)

NEARLY = 0.1
"""A curve that is not farther off a line has not begun to bend."""

NO_NUMBER = (
    "There is no number yet. If its cell raised an error, look at the steps before."
)
"""Said where a mistake before may be the reason."""

FOLLOWS = "Follows from your earlier answers."
"""Said where a mistake has cost its point already."""


class Earlier(NamedTuple):
    """What was found of the steps before.

    Attributes
    ----------
    missing : tuple of str
        What this one cannot do without and is not there.
    wrong : frozenset of str
        The steps that are wrong, or blocked.
    """

    missing: tuple[str, ...] = ()
    wrong: frozenset[str] = frozenset()


def find_validation(seen: Observations, earlier: Earlier) -> Finding:
    """Judge the validation error.

    Parameters
    ----------
    seen : Observations
        What its trial has seen.
    earlier : Earlier
        What was found of the steps before.

    Returns
    -------
    Finding
        With the first thing that is wrong.
    """
    if "" in seen and seen[""].kind != "missing":
        return judged(f"It could not be tried out: {seen[''].detail}.")
    if seen_as(seen, "validation_error").kind == "missing":
        return Finding("missing", NO_NUMBER if earlier.wrong else BLANK)
    reached = is_below(seen, "")
    lacking = earlier.missing
    if seen_as(seen, "epochs").kind != "numbers":
        lacking = (*lacking, "epochs")
    if lacking and not reached:
        return Finding("blocked", f"Cannot be checked without {' and '.join(lacking)}.")
    problem = _problem_of_number(seen, earlier)
    if problem:
        return judged(problem)
    if reached and _is_right(seen):
        return judged("")
    if reached or (earlier.wrong and is_below(seen, "retrained, ")):
        return Finding("follow-through", FOLLOWS)
    return judged(_why_not(seen, earlier))


def _problem_of_number(seen: Observations, earlier: Earlier) -> str:
    found = seen_as(seen, "validation_error")
    if found.kind != "numbers" or found.array.size != 1:
        came = f"has the shape {found.array.shape}"
        if found.kind != "numbers":
            came = f"is a {found.detail}" if found.detail else "is nothing"
        return f"`validation_error` {came}; expected one number."
    given = number(seen, "validation_error")
    if _is_right(seen) or _follows(given, seen, earlier):
        return ""
    others = {n: v for n, v in mistaken(seen).items() if agree(given, v)}
    if others and np.isfinite(given):
        closest = min(others, key=lambda name: abs(others[name] - given))
        return f"`validation_error` is {closest}."
    return (
        "`validation_error` is not the mean squared error of `model` on the "
        "validation data, as the model is at the end. Was the model trained or made "
        "anew afterwards?"
    )


def _is_right(seen: Observations) -> bool:
    T = material.given()[1].T
    return agree(number(seen, "validation_error"), error(seen, "validation", T))


def _follows(given: float, seen: Observations, earlier: Earlier) -> bool:
    """Say whether the number is what comes of a mistake before."""
    T = material.given()[1].T
    if "loss_and_optimizer" in earlier.wrong and agree(
        given, number(seen, "by own loss")
    ):
        return True
    if "model" not in earlier.wrong:
        return False
    other_shape = seen_as(seen, "validation").array.shape != T.shape
    return other_shape and agree(given, of_all_pairs(seen))


def _why_not(seen: Observations, earlier: Earlier) -> str:
    validation = material.given()[1]
    Y = predictions(seen, "validation", validation.T)
    best = predictions(seen, "retrained, validation", validation.T)
    words = f"The model is not below the threshold, {material.THRESHOLD:g}."
    if best is not None and not is_below(seen, "retrained, "):
        if "model" in earlier.wrong:
            return f"{words} No training gets it there: see what is said of `model`."
        return f"{words} No training gets it there: has it enough neurons?"
    if Y is None or not np.isfinite(Y).all():
        return "The model puts out no finite numbers. Is the learning rate too large?"
    if is_straight(validation.X, Y, NEARLY):
        return f"{words} It still is almost a straight line: train it longer."
    return f"{words} Train it longer, or try another learning rate or width."
