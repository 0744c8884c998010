"""Sheets of answers for the tests of Part 1: the exercise's own, right, and written by hand."""

from typing import Any

from mlp_exercise.check import StepMark
from mlp_exercise.part1.marking import Options, mark
from mlp_exercise.part1.simulation import rounded
from mlp_exercise.part1.steps import STEPS
from mlp_reference.manual import work_out
from mlp_reference.mistakes import Slip
from mlp_reference.worked_example import EXERCISE, WorkedExample

NAMES = [step.name for step in STEPS]


def solved(
    example: WorkedExample = EXERCISE, slip: Slip | None = None, **given: Any
) -> dict[str, Any]:
    """Return the twelve answers in full, with a slip or from given values on."""
    slips = {slip.quantity: slip.formula} if slip else {}
    values = work_out(example, slips, given)
    return {name: values[name] for name in NAMES}


def written(answers: dict[str, Any], decimals: int = 2) -> dict[str, Any]:
    return {name: rounded(value, decimals) for name, value in answers.items()}


def judge(
    answers: dict[str, Any],
    example: WorkedExample = EXERCISE,
    options: Options | None = None,
) -> dict[str, StepMark]:
    """Return the marks by step."""
    return {m.name: m for m in mark(answers, example, options)}
