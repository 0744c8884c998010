"""What may be wrong with the epochs of a mini-batch loop, and with the losses it returns."""

from typing import NamedTuple

import numpy as np

from mlp_exercise.observations import Seen
from mlp_exercise.part2.loop_trial import (
    LEARNING_RATE,
    Run,
    parameters,
)
from mlp_exercise.part2.stand_ins import SGD, MSELoss, Sequential
from mlp_exercise.part2.substitution import layers, plain
from mlp_exercise.part2.symptoms import close
from mlp_reference.arrays import Array


class Update(NamedTuple):
    """What a step of the optimizer came from.

    Attributes
    ----------
    rows : tuple of float
        The samples of its batch, by number.
    y, t : ndarray
        Their predictions and targets.
    """

    rows: tuple[float, ...]
    y: Array
    t: Array


class Wrong(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """The loop does something else than it should; the message says what."""


def check_number(updates: int, run: Run) -> None:
    """See whether there are as many steps as there should be.

    Parameters
    ----------
    updates : int
        How many came.
    run : Run
        What the loop was told to do.

    Raises
    ------
    Wrong
        If there are not.
    """
    batches = -(-run.samples // run.batch_size)
    if updates == batches * run.epochs:
        return
    known = {
        batches: "It goes through the data once, whatever `epochs` says.",
        run.epochs: "It makes one step an epoch: cut the data into batches.",
        run.samples
        // run.batch_size
        * run.epochs: "It leaves out the last, shorter batch.",
        run.samples * run.epochs: "It takes one sample at a time, not a batch.",
    }
    expected = f"expected {run.epochs} epochs of {batches}"
    raise Wrong(known.get(updates, f"{updates} steps came, {expected}."))


def check_epochs(updates: list[Update], run: Run, T: Array) -> None:
    """See whether each epoch takes every sample once, in a fresh order, with its own target.

    Parameters
    ----------
    updates : list of Update
        As many as there should be.
    run : Run
        What the loop was told to do.
    T : ndarray, shape (N, 1)
        The targets.

    Raises
    ------
    Wrong
        If one does not.
    """
    batches = len(updates) // run.epochs
    everyone = list(range(run.samples))
    orders = []
    for start in range(0, len(updates), batches):
        epoch = updates[start : start + batches]
        _check_batches(epoch, run, T)
        orders.append([row for update in epoch for row in update.rows])
        if sorted(orders[-1]) != everyone:
            raise Wrong("In an epoch, some samples come twice and others never.")
    if everyone in orders:
        raise Wrong("The samples come in the order of the data: shuffle them.")
    if any(order in orders[:number] for number, order in enumerate(orders)):
        raise Wrong("Every epoch has the same order: shuffle anew in each.")


def _check_batches(epoch: list[Update], run: Run, T: Array) -> None:
    size = min(run.batch_size, run.samples)
    for update in epoch:
        if not set(update.rows) <= set(range(run.samples)):
            raise Wrong("A batch holds numbers that are no inputs of the data.")
        if len(update.rows) > size or (
            len(update.rows) < size and update is not epoch[-1]
        ):
            raise Wrong(f"A batch of {len(update.rows)} came, expected {size}.")
        if not np.array_equal(update.t, T[np.array(update.rows, dtype=int)]):
            raise Wrong(
                "Inputs and targets are of different samples: take both in the same order."
            )


def check_weights(updates: list[Update], run: Run) -> None:
    """See whether the weights move by the steps of the optimizer alone.

    Parameters
    ----------
    updates : list of Update
        Of the whole run.
    run : Run
        What the loop was told to do.

    Raises
    ------
    Wrong
        If the network puts out something else than after these steps.
    """
    network = Sequential(*layers(plain(), parameters(run)))
    loss, optimizer = MSELoss(), SGD(network, LEARNING_RATE)
    for update in updates:
        y = network.forward(np.array(update.rows)[:, np.newaxis])
        if not close(Seen("numbers", "float64", update.y), y):
            raise Wrong(
                "It moves the weights: only `step` may move the weights, "
                "once for each batch."
            )
        loss.forward(y, update.t)
        network.backward(loss.backward())
        optimizer.step()


def check_returned(losses: Seen, epochs: int) -> None:
    """See whether numbers are returned.

    Parameters
    ----------
    losses : Seen
        What was returned.
    epochs : int
        How many there were.

    Raises
    ------
    Wrong
        If it is anything else.
    """
    if losses.kind != "numbers":
        kinds = {"nothing": "None", "missing": "nothing"}
        came = kinds.get(losses.kind, f"a {losses.detail}")
        raise Wrong(f"It returns {came}; {_wanted(epochs)}.")


def check_losses(losses: Seen, updates: list[Update], epochs: int) -> None:
    """See whether the means of the losses of each epoch are returned.

    Parameters
    ----------
    losses : Seen
        Numbers.
    updates : list of Update
        As many for each epoch. A short last batch may count as a batch, or by its samples.

    epochs : int
        How many there were.

    Raises
    ------
    Wrong
        If they are not.
    """
    if losses.array.shape != (epochs,):
        shape = losses.array.shape
        raise Wrong(f"It returns something of shape {shape}; {_wanted(epochs)}.")
    values = np.array([np.mean((u.y - u.t) ** 2) for u in updates]).reshape(epochs, -1)
    sizes = np.array([len(u.rows) for u in updates]).reshape(epochs, -1)
    means = (values.mean(axis=1), np.average(values, axis=1, weights=sizes))
    if any(close(losses, mean) for mean in means):
        return
    if close(losses, values.sum(axis=1)):
        raise Wrong("It returns the sums of the losses of each epoch, not the means.")
    if close(losses, values[:, -1]):
        raise Wrong(
            "It returns the loss of the last batch of each epoch, not the mean."
        )
    raise Wrong("What it returns are not the means of the losses of each epoch.")


def _wanted(epochs: int) -> str:
    return f"expected a list of {epochs} numbers, one for each epoch"
