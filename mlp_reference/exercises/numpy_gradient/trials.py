"""Trials of Part 2: a learner's code is called on random batches, and what it gives is noted.

Nothing here says what is right. A quantity is noted as ``"a batch/output"``. Of a backward
pass there are three series: after the learner's ``own`` forward pass, after what a right one
would have ``remembered``, and the numerical ``derivative`` of the learner's own forward pass.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.exercises.numpy_gradient import substitution
from mlp_reference.exercises.numpy_gradient.batches import (
    BESIDE,
    FIRST,
    SECOND,
    Batch,
    batches,
)
from mlp_reference.exercises.numpy_gradient.derivatives import derivative
from mlp_reference.exercises.numpy_gradient.loop_trial import try_loop
from mlp_reference.exercises.numpy_gradient.sgd_trial import try_step
from mlp_reference.exercises.numpy_gradient.steps import STEPS
from mlp_reference.exercises.numpy_gradient.subjects import (
    SUBJECTS,
    Namespace,
    Subject,
)
from mlp_reference.exercises.observations import (
    Observations,
    Seen,
    Trial,
    attempt,
    look,
    problem,
)


def try_forward(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Run a forward pass on one sample, on a batch, and then on another batch.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        Outputs; what must not change, as it is afterwards; and the first two series of the
        backward pass, which tell whether it keeps what that needs.
    """
    seen = {}
    it = None
    for name, batch in batches().items():
        it = it if name == SECOND else subject.make(namespace, batch)
        seen[f"{name}/output"] = attempt(subject.forward, it, batch)
        seen[f"{name}/kept"] = attempt(kept, batch, subject.parameters(it))
    return seen | both_series(subject, namespace)


def try_backward(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Run a backward pass on the same batches.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        All three series.
    """
    return both_series(subject, namespace) | derivative(subject, namespace)


def both_series(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Run a backward pass after the learner's own forward pass, and after a right one.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        Gradients, and what must not change, as it is afterwards. In the end, two objects
        are used side by side.
    """
    seen: dict[str, Seen] = {}
    series = {"own": subject.forward, "remembered": subject.remember}
    for how, prepare in series.items():
        it = None
        for name, batch in batches().items():
            it = it if name == SECOND else subject.make(namespace, batch)
            attempt(prepare, it, batch)
            seen[f"{how}/{name}/input"] = attempt(subject.backward, it, batch)
            seen |= _left(subject, it, f"{how}/{name}")
            seen[f"{how}/{name}/kept"] = attempt(kept, batch, subject.parameters(it))
        drawn = batches()
        one, other = (subject.make(namespace, drawn[name]) for name in (FIRST, SECOND))
        attempt(prepare, one, drawn[FIRST])
        attempt(prepare, other, drawn[SECOND])
        seen[f"{how}/{BESIDE}/input"] = attempt(subject.backward, one, drawn[FIRST])
        attempt(subject.backward, other, drawn[SECOND])
        seen |= _left(subject, one, f"{how}/{BESIDE}")
    return seen


def _left(subject: Subject, it: Any, where: str) -> dict[str, Seen]:
    gradients = subject.gradients(it)
    return {f"{where}/{name}": look(value) for name, value in gradients.items()}


def kept(batch: Batch, parameters: list[Array]) -> Array:
    """Line up what no pass may change.

    Parameters
    ----------
    batch : Batch
        What went in.
    parameters : list of ndarray
        The parameters of the piece that was tried out.

    Returns
    -------
    ndarray, shape (K,)
        All of it.
    """
    arrays = (batch.x, batch.y, batch.t, batch.G, *parameters)
    return np.concatenate([np.ravel(array) for array in arrays])


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
        trials[f"{name}_forward"] = partial(try_forward, subject)
        trials[f"{name}_backward"] = partial(try_backward, subject)
    return {
        step.name: partial(_careful, trials[step.name], step.asks_for.partition(".")[0])
        for step in STEPS
    }


TRIALS: Mapping[str, Trial] = _trials()
"""One for each step.

:meta hide-value:
"""
