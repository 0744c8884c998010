"""What should come of each trial: the same trials on this course's own code."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part2.batches import (
    BESIDE,
    FIRST,
    THIRD,
    batches,
)
from mlp_exercise.part2.passes import untouchable
from mlp_exercise.part2.sgd_trial import (
    LEARNING_RATE,
    MOVES,
    gradients,
)
from mlp_exercise.part2.slips import SGD_SLIPS, SLIPS
from mlp_exercise.part2.substitution import plain, titled
from mlp_exercise.part2.symptoms import (
    NUMERICAL,
    faults,
)
from mlp_exercise.part2.trials import TRIALS
from mlp_reference.arrays import Array


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
    seen = TRIALS[name](plain())
    if name.endswith("backward"):
        seen = of_series("remembered", seen)
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


def derivative(name: str, seen: Observations) -> Mapping[str, Array]:
    """Read the derivative of a learner's own forward pass.

    Parameters
    ----------
    name : str
        Of the step.
    seen : Observations
        What the trial of the backward pass has noted.

    Returns
    -------
    dict of str to ndarray
        By label; nothing where there is no derivative, or where it is zero and follows from
        nothing.
    """
    found = of_series("derivative", seen)
    wanted = _differentiable(name)
    usable = all(
        label in found
        and found[label].kind == "numbers"
        and found[label].array.shape == array.shape
        and found[label].array.any()
        and np.isfinite(found[label].array).all()
        for label, array in wanted.items()
    )
    return {label: found[label].array for label in wanted} if usable else {}


def is_right(name: str, slope: Mapping[str, Array]) -> bool:
    """Tell whether a derivative is the one that was asked for.

    Parameters
    ----------
    name : str
        Of the step.
    slope : mapping of str to ndarray
        A `derivative`.

    Returns
    -------
    bool
        Then a forward pass computes what it should, but for a constant. Without a
        derivative, nobody knows.
    """
    seen = {label: Seen("numbers", "float64", array) for label, array in slope.items()}
    return bool(slope) and not faults(seen, _differentiable(name), NUMERICAL)


def _differentiable(name: str) -> dict[str, Array]:
    """Give what a backward pass should find, as far as central differences are taken of it."""
    return {
        label: array
        for label, array in expected(name).items()
        if not label.startswith((BESIDE, THIRD)) and not untouchable(label)
    }


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
    return {
        f"{MOVES[0]}/{kind} of the {title}": getattr(layer, kind)
        for title, layer in titled(batches()[FIRST].network).items()
        for kind in ("weight", "bias")
    }


def _slips_of_steps() -> Mapping[str, Mapping[str, Array]]:
    linear = titled(batches()[FIRST].network).values()
    drawn = [gradients(layer, number) for number, layer in enumerate(linear)]
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
