"""Trials of Part 2: a learner's code is called on random batches, and what it gives is noted.

Nothing here says what is right. A quantity is noted as ``"a batch/output"``. Of a backward
pass there are three series: after the learner's ``own`` forward pass, after what a right one
would have ``remembered``, and the numerical ``derivative`` of the learner's own forward pass.
Each is a trial, so that a pass which comes to no end takes nothing from the other one.
"""

from collections.abc import Callable, Mapping
from functools import partial

from mlp_exercise.observations import Observations, Trial, problem
from mlp_exercise.part2 import passes, substitution
from mlp_exercise.part2.derivatives import derivative
from mlp_exercise.part2.loop_trial import try_loop
from mlp_exercise.part2.sgd_trial import try_step
from mlp_exercise.part2.steps import STEPS
from mlp_exercise.part2.subjects import SUBJECTS, Namespace


def _careful(
    trial: Callable[[Namespace], Observations], piece: str, namespace: Namespace
) -> Observations:
    """Try out a piece on stand-ins; note it where there is none, or none can be made."""
    try:
        with substitution.below(piece, namespace):
            return trial(namespace)
    except (Exception, SystemExit) as error:
        return {"": problem(error)}


def _trials() -> dict[str, Trial]:
    trials: dict[str, Trial] = {"sgd_step": try_step, "train": try_loop}
    for name, subject in SUBJECTS.items():
        trials[f"{name}_forward"] = partial(passes.try_forward, subject)
        trials[f"{name}_backward"] = partial(passes.try_backward, subject)
        trials[f"{name}_both"] = partial(passes.try_both, subject)
        trials[f"{name}_derivative"] = partial(derivative, subject)
    return {
        name: partial(_careful, trials[name], step.asks_for.partition(".")[0])
        for step in STEPS
        for name in step.tried_by
    }


TRIALS: Mapping[str, Trial] = _trials()
"""By name, in an order in which whatever a trial builds on comes first.

:meta hide-value:
"""
