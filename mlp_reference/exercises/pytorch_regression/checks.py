"""What the check cells of the notebook call: the same verdicts as marking gives."""

from typing import Any

from mlp_reference.exercises.code_steps import CodeChecks
from mlp_reference.exercises.pytorch_regression.marking import mark
from mlp_reference.exercises.pytorch_regression.steps import STEPS
from mlp_reference.exercises.pytorch_regression.trials import TRIALS


class Checks(CodeChecks):
    """Tries out the code of Part 3: ``check = Checks(globals())``.

    Parameters
    ----------
    namespace : dict
        Where the code is defined.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__(namespace, STEPS, TRIALS, mark)
