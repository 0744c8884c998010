"""Part 2: ten pieces of a network in NumPy, each tried out on its own."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from mlp_exercise import check
from mlp_exercise.check import BLANK, NOT_TRIED, Judgement, Step, StepMark, require
from mlp_exercise.observations import MISSING, Observations, Seen, Trial, problem
from mlp_exercise.part2.passes import judge_backward, judge_forward
from mlp_exercise.part2.pieces import PIECES, trials_of
from mlp_exercise.part2.sgd import judge_step, try_step
from mlp_exercise.part2.substitution import NAMES, Namespace, standing_in
from mlp_exercise.part2.training import judge_loop, try_loop

__all__ = ["DEFINES", "LIBRARIES", "NEEDS", "STEPS", "TRIALS", "Checks", "mark"]

DEFINES = (*NAMES, "train")
"""What a learner's notebook defines: five classes and a function."""

LIBRARIES = ("numpy",)
"""What its trials need besides this package."""


def _steps(piece: str, written: str) -> tuple[Step, Step]:
    forward, backward, both, derivative = trials_of(piece)
    tried_by = (backward, both, derivative)
    # Of another function than was asked for, only a person can say whether it is one.
    flag = "own forward pass"
    return (
        Step(forward, 1.0, f"{written}.forward", (forward, backward, both)),
        Step(backward, 1.0, f"{written}.backward", tried_by, flag=flag),
    )


STEPS = (
    *(step for name, kind in PIECES.items() for step in _steps(name, kind.written)),
    Step("sgd_step", 1.0, "SGD.step"),
    Step("train", 1.0, "train"),
)
"""In the order of the notebook."""

NEEDS = {f"{piece}_derivative": (f"{piece}_forward",) for piece in PIECES} | {
    f"{piece}_both": (f"{piece}_forward", f"{piece}_backward") for piece in PIECES
}
"""Trials that would come to no end either, if these did not."""


def _on_stand_ins(
    written: str, trial: Trial, namespace: Namespace
) -> Mapping[str, Seen]:
    """Return what a trial saw, or under no label why there was nothing to try."""
    if written not in namespace:
        return {"": MISSING}
    try:
        with standing_in(written, namespace):
            return trial(namespace)
    except (Exception, SystemExit) as error:
        return {"": problem(error)}


TRIALS: Mapping[str, Trial] = {
    **{
        name: partial(_on_stand_ins, kind.written, trial)
        for piece, kind in PIECES.items()
        for name, trial in trials_of(piece).items()
    },
    "sgd_step": partial(_on_stand_ins, "SGD", try_step),
    "train": partial(_on_stand_ins, "train", try_loop),
}
"""By name, in an order in which whatever a trial needs comes first."""

JUDGES = {
    "forward": (judge_forward, ("one sample/output",)),
    "backward": (
        judge_backward,
        ("remembered/one sample/input", "own/one sample/input"),
    ),
    "step": (judge_step, ("first step/call",)),
    "train": (judge_loop, ("even/losses",)),
}
"""By the last word of a step's name: its judge, and what shows whether it was begun at all."""


def mark(observed: Mapping[str, Mapping[str, Seen]]) -> list[StepMark]:
    """Return the mark of every step; one that was not tried is missing."""
    return [
        check.grade(step, observed.get(step.name), partial(_judge, step.name))
        for step in STEPS
    ]


def _judge(step: str, seen: Observations) -> Judgement:
    judge, calls = JUDGES[step.split("_")[-1]]
    first = [seen[label] for label in calls if label in seen]
    require(bool(first), NOT_TRIED)
    if first[0].kind == "missing":
        return "missing", BLANK
    return judge(step, seen)


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
