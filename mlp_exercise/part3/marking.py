"""Mark what trials have seen; PyTorch is not needed for it.

A validation error is right if the model behind it gets below the threshold. Where it does not,
and an earlier step is wrong, it follows through if the number is that of the learner's own model
and the model would get below the threshold in a right training.
"""

from collections.abc import Mapping

from mlp_exercise.check import BLANK, NOT_TRIED, StepMark
from mlp_exercise.observations import Observations
from mlp_exercise.part3.findings import Finding
from mlp_exercise.part3.fit_findings import find_fit
from mlp_exercise.part3.model_findings import (
    find_model,
    is_usable,
)
from mlp_exercise.part3.settings_findings import find_settings
from mlp_exercise.part3.steps import STEPS
from mlp_exercise.part3.validation_findings import (
    Earlier,
    find_validation,
)


def mark(observed: Mapping[str, Observations]) -> list[StepMark]:
    """Mark all steps.

    Parameters
    ----------
    observed : mapping of str to Observations
        What the trial of each step has seen; a step without is missing.

    Returns
    -------
    list of StepMark
        One for each of the four steps, in order.
    """
    find = {"model": find_model, "loss_and_optimizer": find_settings, "fit": find_fit}
    findings = {
        name: _tried(observed, name) or function(observed[name])
        for name, function in find.items()
    }
    last = "validation_error"
    findings[last] = _tried(observed, last) or find_validation(
        observed[last], _earlier(findings, observed)
    )
    marks = []
    for step in STEPS:
        verdict, words, flags = findings[step.name]
        points = step.points if verdict in ("correct", "follow-through") else 0.0
        marks.append(
            StepMark(step.name, verdict, points, step.points, flags, words, None)
        )
    return marks


def _tried(observed: Mapping[str, Observations], name: str) -> Finding | None:
    if name not in observed:
        return Finding("missing", BLANK)
    return None if observed[name] else Finding("wrong", NOT_TRIED)


def _earlier(
    findings: Mapping[str, Finding], observed: Mapping[str, Observations]
) -> Earlier:
    model = observed.get("model", {})
    missing = [name for name, found in findings.items() if found.verdict == "missing"]
    if not is_usable(model) and "model" not in missing:
        missing.insert(0, "a model that puts out one number for each sample")
    wrong = {
        name
        for name, found in findings.items()
        if found.verdict in ("wrong", "blocked")
    }
    return Earlier(tuple(missing), frozenset(wrong))
