"""The numerical derivative of a learner's own forward pass, whatever that computes."""

from collections.abc import Callable

import numpy as np

from mlp_exercise.observations import Seen, attempt
from mlp_exercise.part2.batches import THIRD, Batch
from mlp_exercise.part2.subjects import Namespace, Subject
from mlp_reference.arrays import Array

NUDGE = 1e-5
"""The step of the central differences."""


def derivative(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Differentiate the learner's own forward pass by central differences.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        What a backward pass would have to give, were this forward pass the right one.
    """
    seen = {}
    drawn = subject.batches()
    del drawn[THIRD]  # the second batch has told whether anything stays of the first
    for name, batch in drawn.items():
        upstream = subject.upstream(batch)

        def value(batch: Batch = batch, upstream: Array = upstream) -> float:
            fresh = batch.copy()
            output = subject.forward(subject.make(namespace, fresh), fresh)
            if np.shape(output) != upstream.shape:
                raise ValueError("the output has another shape than its gradient")
            return float(np.sum(upstream * output))

        for quantity, array in subject.variables(batch).items():
            seen[f"derivative/{name}/{quantity}"] = attempt(slopes, value, array)
    return seen


def slopes(value: Callable[[], float], array: Array) -> Array:
    """Compute ∂value/∂array by central differences.

    Parameters
    ----------
    value : callable
        Depends on the array.
    array : ndarray
        Nudged element by element, and left as it was.

    Returns
    -------
    ndarray
        In the shape of the array.
    """
    gradient = np.empty_like(array)
    for place in np.ndindex(array.shape):
        before = array[place]
        values = []
        for nudge in (NUDGE, -NUDGE):
            array[place] = before + nudge
            values.append(value())
        array[place] = before
        gradient[place] = (values[0] - values[1]) / (2 * NUDGE)
    return gradient
