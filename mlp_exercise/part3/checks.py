"""What the check cells of the notebook call: the same verdicts as marking gives."""

from typing import Any

from mlp_exercise.check import CodeChecks
from mlp_exercise.part3.marking import mark
from mlp_exercise.part3.steps import STEPS
from mlp_exercise.part3.trials import TRIALS


class Checks(CodeChecks):
    """Tries out the code of Part 3: ``check = Checks(globals())``.

    Parameters
    ----------
    namespace : dict
        Where the code is defined.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__(namespace, STEPS, TRIALS, mark)
