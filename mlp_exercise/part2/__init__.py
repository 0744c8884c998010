"""Part 2: ten pieces of a network in NumPy, each tried out on its own."""

from typing import Any

from mlp_exercise import check
from mlp_exercise.part2.marking import mark
from mlp_exercise.part2.steps import DEFINES, NEEDS, STEPS
from mlp_exercise.part2.trials import TRIALS

__all__ = ["DEFINES", "LIBRARIES", "NEEDS", "STEPS", "TRIALS", "Checks", "mark"]

LIBRARIES = ("numpy",)
"""What its trials need besides this package."""


class Checks(check.Checks):
    """Tries out the code of Part 2: ``check = Checks(globals())``.

    Parameters
    ----------
    namespace : dict
        Where the code is defined.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        look = check.trying(namespace, STEPS, TRIALS)
        super().__init__([step.name for step in STEPS], look, mark)
