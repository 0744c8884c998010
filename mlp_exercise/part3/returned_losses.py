"""What may be wrong with the losses that a loop returns, once it trains as it should."""

from collections.abc import Mapping, Sequence

import numpy as np

from mlp_exercise.observations import Seen
from mlp_exercise.part3.events import HOLDS_GRAPH
from mlp_exercise.part3.findings import close
from mlp_exercise.part3.replay import Replay
from mlp_reference.arrays import Array


def problem_of_losses(returned: Seen, right: Replay, sizes: Sequence[int]) -> str:
    """Compare the losses with what they should be.

    Parameters
    ----------
    returned : Seen
        What the loop returned.
    right : Replay
        What comes of a right loop.
    sizes : sequence of int
        Samples in each batch of an epoch.

    Returns
    -------
    str
        A sentence or two; empty if nothing is wrong.
    """
    epochs = len(right.losses)
    wanted = f"expected a list of {epochs} numbers, one for each epoch"
    if returned.kind != "numbers":
        came = "a " + returned.detail if returned.detail else "None"
        return f"It returns {came}; {wanted}."
    for name, losses in _mistaken(right.losses, np.array(sizes)).items():
        if _are(returned, losses):
            return f"It returns {name}; {wanted}."
    if returned.array.shape != (epochs,):
        return f"It returns something of shape {returned.array.shape}; {wanted}."
    means = (
        right.losses.mean(axis=1),
        np.average(right.losses, axis=1, weights=sizes),
        right.after,
    )
    if not any(_are(returned, mean) for mean in means):
        return "The losses that it returns are not the means of the epochs."
    if returned.detail == HOLDS_GRAPH:
        return (
            "The losses that it returns are tensors, and each holds on to the record "
            "of its forward pass. Take the number out of each with .item()."
        )
    return ""


def _mistaken(losses: Array, sizes: Array) -> Mapping[str, Array]:
    sums, samples = losses.sum(axis=1), sizes.sum()
    return {
        "the loss of the last batch of each epoch": losses[:, -1],
        "the loss of the first batch of each epoch": losses[:, 0],
        "the losses of all batches": losses.ravel(),
        "the sums over the batches, not the means": sums,
        "sums over the samples, not the means": losses @ sizes,
        "sums over the batches, divided by the number of samples": sums / samples,
        "sums over the samples, divided by the number of batches": losses
        @ sizes
        / len(sizes),
        "sums that go on from epoch to epoch": np.cumsum(sums) / len(sizes),
        "the mean of the last epoch alone": np.array(sums[-1] / len(sizes)),
        "the mean of the last epoch": np.array(losses[-1] @ sizes / samples),
        "the loss of the last batch": np.array(losses[-1, -1]),
    }


def _are(returned: Seen, losses: Array) -> bool:
    return returned.array.shape == losses.shape and close(returned.array, losses)
