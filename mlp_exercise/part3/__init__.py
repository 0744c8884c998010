"""Part 3: a regression in PyTorch, from the model to its validation error.

A trial calls a learner's code and loads PyTorch for it; marking what was seen needs none.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from mlp_exercise import check
from mlp_exercise.check import Step, StepMark
from mlp_exercise.observations import Seen, Trial, problem
from mlp_exercise.part3.fit import judge_fit, try_fit
from mlp_exercise.part3.model import judge_model, try_model
from mlp_exercise.part3.settings import judge_settings, try_settings
from mlp_exercise.part3.validation import judge_validation, try_validation

__all__ = ["DEFINES", "LIBRARIES", "NEEDS", "STEPS", "TRIALS", "Checks", "mark"]

SETTINGS = "loss_function and optimizer"
STEPS = (
    Step("model", 1.0, "Regressor"),
    Step("loss_and_optimizer", 1.0, SETTINGS, flag="no optimizer"),
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


def _careful(trial: Trial, namespace: dict[str, Any]) -> Mapping[str, Seen]:
    """Make a trial that leaves the notebook as it was; note why where none can be made."""
    try:
        from mlp_exercise.part3.networks import unchanged

        with unchanged(namespace):
            return trial(namespace)
    except (Exception, SystemExit) as error:
        return {"": problem(error)}


TRIALS: Mapping[str, Trial] = {
    "model": partial(_careful, try_model),
    "loss_and_optimizer": partial(_careful, try_settings),
    "fit": partial(_careful, try_fit),
    "validation_error": partial(_careful, try_validation),
}


def mark(observed: Mapping[str, Mapping[str, Seen]]) -> list[StepMark]:
    """Mark the four steps by what their trials have seen; a step without is missing."""
    judges = (judge_model, judge_settings, judge_fit)
    marks = [
        check.grade(step, observed.get(step.name), judge)
        for step, judge in zip(STEPS, judges, strict=False)
    ]
    last, earlier = STEPS[-1], {mark.name: mark.verdict for mark in marks}
    judge = partial(judge_validation, earlier=earlier)
    return [*marks, check.grade(last, observed.get(last.name), judge)]


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
