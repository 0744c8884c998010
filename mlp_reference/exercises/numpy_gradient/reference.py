"""What should come of each trial: the same trials on this course's own code."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.exercises.numpy_gradient.batches import FIRST, batches
from mlp_reference.exercises.numpy_gradient.sgd_trial import (
    LEARNING_RATE,
    STEPS,
    gradients,
)
from mlp_reference.exercises.numpy_gradient.slips import SGD_SLIPS, SLIPS
from mlp_reference.exercises.numpy_gradient.stand_ins import STAND_INS
from mlp_reference.exercises.numpy_gradient.trials import TRIALS
from mlp_reference.exercises.observations import Observations


@lru_cache(maxsize=16)
def expected(name: str) -> Mapping[str, Array]:
    """Compute what a right piece of code gives.

    Parameters
    ----------
    name : str
        Of a step.

    Returns
    -------
    dict of str to ndarray
        By label, without the name of a series.
    """
    namespace = {stand_in.__name__: stand_in for stand_in in STAND_INS}
    seen = TRIALS[name](namespace)
    if name.endswith("backward"):
        seen = of_series("own", seen)
    return {label: s.array for label, s in seen.items() if s.kind == "numbers"}


def of_series(series: str, seen: Observations) -> Observations:
    """Take one of the series that the trial of a backward pass notes.

    Parameters
    ----------
    series : str
        Its name.
    seen : Observations
        What was noted.

    Returns
    -------
    Observations
        By label, without the name of the series.
    """
    parts = ((label.partition("/"), found) for label, found in seen.items())
    return {label: found for (how, _, label), found in parts if how == series}


def derivative(seen: Observations) -> Mapping[str, Array]:
    """Read the derivative of a learner's own forward pass.

    Parameters
    ----------
    seen : Observations
        What the trial of the backward pass has noted.

    Returns
    -------
    dict of str to ndarray
        By label; nothing where there is no derivative, or it is zero and follows from nothing.
    """
    found = of_series("derivative", seen)
    usable = all(
        s.kind == "numbers" and s.array.any() and np.isfinite(s.array).all()
        for s in found.values()
    )
    return {label: s.array for label, s in found.items()} if usable else {}


@lru_cache(maxsize=16)
def slips(name: str) -> Mapping[str, Mapping[str, Array]]:
    """Work out what typical slips give.

    Parameters
    ----------
    name : str
        Of a step.

    Returns
    -------
    dict of str to dict of str to ndarray
        By label and by what the learner did. One sample would not tell them apart.
    """
    if name == "sgd_step":
        return _slips_of_steps()
    batch = batches()[FIRST]
    return {
        f"{FIRST}/{key.partition('/')[2]}": {
            slip.name: np.asarray(slip.formula(batch)) for slip in known
        }
        for key, known in SLIPS.items()
        if key.startswith(f"{name}/")
    }


@lru_cache(maxsize=1)
def before_the_first_step() -> Mapping[str, Array]:
    """Tell the parameters with which `SGD` begins.

    Returns
    -------
    dict of str to ndarray
        By the label that they have after the first step.
    """
    layers = zip(("first", "last"), batches()[FIRST].network, strict=True)
    return {
        f"{STEPS[0]}/{kind} of the {place} layer": getattr(layer, kind)
        for place, layer in layers
        for kind in ("weight", "bias")
    }


def _slips_of_steps() -> Mapping[str, Mapping[str, Array]]:
    drawn = [gradients(p, n) for n, p in enumerate(batches()[FIRST].network)]
    along = [array for gradient in drawn for array in gradient]
    return {
        label: {
            words: formula(parameter, gradient, LEARNING_RATE)
            for words, formula in SGD_SLIPS.items()
        }
        for (label, parameter), gradient in zip(
            before_the_first_step().items(), along, strict=True
        )
    }
