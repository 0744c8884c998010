"""Trials of Part 3: a learner's code is called, and what it gives is noted.

Nothing here knows what is right, and nothing of the notebook is changed by it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mlp_exercise.observations import Observations, Trial, problem
from mlp_exercise.part3.fit_trial import try_fit
from mlp_exercise.part3.keeping import kept
from mlp_exercise.part3.model_trial import try_model
from mlp_exercise.part3.settings_trial import try_settings
from mlp_exercise.part3.validation_trial import try_validation


def _careful(
    trial: Callable[[dict[str, Any]], Observations], namespace: dict[str, Any]
) -> Observations:
    try:
        with kept(namespace):
            return trial(namespace)
    except (Exception, SystemExit) as error:
        return {"": problem(error)}


TRIALS: Mapping[str, Trial] = {
    "model": partial(_careful, try_model),
    "loss_and_optimizer": partial(_careful, try_settings),
    "fit": partial(_careful, try_fit),
    "validation_error": partial(_careful, try_validation),
}
"""One for each step.

:meta hide-value:
"""
