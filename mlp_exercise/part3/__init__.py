"""Part 3: a regression in PyTorch, from the model to its validation error."""

from collections.abc import Mapping
from typing import Any

from mlp_exercise import check
from mlp_exercise.part3.marking import mark
from mlp_exercise.part3.steps import DEFINES, STEPS

__all__ = ["DEFINES", "LIBRARIES", "NEEDS", "STEPS", "Checks", "mark"]

LIBRARIES = ("numpy", "torch")
"""What its trials need besides this package."""

NEEDS: Mapping[str, tuple[str, ...]] = {}
"""Trials that would come to no end either, if these did not."""


class Checks(check.Checks):
    """Tries out the code of Part 3: ``check = Checks(globals())``.

    Parameters
    ----------
    namespace : dict
        Where the code is defined.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        from mlp_exercise.part3.trials import TRIALS  # what marks need not load it

        look = check.trying(namespace, STEPS, TRIALS)
        super().__init__([step.name for step in STEPS], look, mark)


def __getattr__(name: str) -> Any:
    """Return the trials, which load PyTorch."""
    if name == "TRIALS":
        from mlp_exercise.part3.trials import TRIALS

        return TRIALS
    raise AttributeError(name)
