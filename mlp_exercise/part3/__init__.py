"""Part 3: a regression in PyTorch, from the model to its validation error.

A trial calls a learner's code and loads PyTorch for it; marking what was seen needs none.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from mlp_exercise import check
from mlp_exercise.check import BLANK, NOT_TRIED, Step, StepMark, Verdict, Wrong
from mlp_exercise.observations import Observations, Trial, problem
from mlp_exercise.part3.fit import judge_fit, try_fit
from mlp_exercise.part3.material import Earlier, Judgement
from mlp_exercise.part3.model import judge_model, try_model
from mlp_exercise.part3.settings import judge_settings, try_settings
from mlp_exercise.part3.validation import judge_validation, try_validation

__all__ = ["DEFINES", "LIBRARIES", "NEEDS", "STEPS", "TRIALS", "Checks", "mark"]

STEPS = (
    Step("model", 1.0, "Regressor"),
    Step("loss_and_optimizer", 1.0, "loss_function and optimizer"),
    Step("fit", 1.0, "fit"),
    Step("validation_error", 1.0, "validation_error", is_value=True),
)
DEFINES = (
    *("Regressor", "loss_function", "optimizer"),
    *("fit", "epochs", "validation_error"),
)
"""What a learner's notebook defines, by which it is recognised."""

LIBRARIES = ("numpy", "torch")
"""What its trials need besides this package."""

NEEDS: Mapping[str, tuple[str, ...]] = {}
"""Trials that would come to no end either, if these did not."""


PIECES: Mapping[str, tuple[Trial, Callable[[Observations, Earlier], Judgement]]] = {
    "model": (try_model, judge_model),
    "loss_and_optimizer": (try_settings, judge_settings),
    "fit": (try_fit, judge_fit),
    "validation_error": (try_validation, judge_validation),
}
"""How a step is tried out, and how it is judged."""


def _careful(trial: Trial, namespace: dict[str, Any]) -> Observations:
    """Make a trial that leaves the notebook as it was; note why where none can be made."""
    try:
        from mlp_exercise.part3.networks import unchanged

        with unchanged(namespace):
            return trial(namespace)
    except (Exception, SystemExit) as error:
        return {"": problem(error)}


TRIALS: Mapping[str, Trial] = {n: partial(_careful, t) for n, (t, _) in PIECES.items()}


def mark(observed: Mapping[str, Observations]) -> list[StepMark]:
    """Mark the four steps by what their trials have seen; a step without is missing."""
    earlier: dict[str, Verdict] = {}
    marks = []
    for name, most, *_ in STEPS:
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # what has diverged
                verdict, words = _judged(name, observed.get(name), earlier)
        except Wrong as wrong:
            verdict, words = "wrong", str(wrong)
        earlier[name] = verdict
        points = most if verdict in ("correct", "follow-through") else 0.0
        no_optimizer = name == "loss_and_optimizer" and verdict == "follow-through"
        flags = ("no optimizer",) if no_optimizer else ()
        marks.append(StepMark(name, verdict, points, most, flags, words))
    return marks


def _judged(name: str, seen: Observations | None, earlier: Earlier) -> Judgement:
    if seen is None or ("" in seen and seen[""].kind == "missing"):
        return "missing", BLANK
    if not seen:
        raise Wrong(NOT_TRIED)
    if "" in seen:
        raise Wrong(f"It could not be tried out: {seen[''].detail}.")
    return PIECES[name][1](seen, earlier)


class Checks(check.Checks):
    """Tries out the code of Part 3: ``check = Checks(globals())``.

    Parameters
    ----------
    namespace : dict
        Where the code is defined.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        look = check.trying(namespace, STEPS, TRIALS)
        super().__init__([step.name for step in STEPS], look, mark)
