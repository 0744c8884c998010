"""The mini-batch loop, and the history that it returns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from mlp_reference.arrays import (
    Array,
    are_class_numbers,
    check_classes,
    check_dataset,
)
from mlp_reference.datasets import minibatches
from mlp_reference.numpy_mlp import MSELoss, Sequential
from mlp_reference.optimizers import Optimizer


class Loss(Protocol):
    """What the training loop needs of a loss."""

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the loss of predictions and targets, and keep what `backward` needs."""

    def backward(self) -> Array:
        """Compute the gradient of the predictions."""


@dataclass
class History:
    """What a training run measures, once for each epoch.

    Attributes
    ----------
    train_loss : list of float
        Mean over the epoch's samples, each measured just before the update by its batch.
    validation_loss : list of float
        Measured at the end of each epoch; empty without validation data.
    validation_accuracy : list of float
        The share of right classes, measured with the loss; empty without class numbers.
    """

    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)


def fit(
    network: Sequential,
    optimizer: Optimizer,
    X: Array,
    T: Array,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    loss: Loss | None = None,
    validation: tuple[Array, Array] | None = None,
    progress: bool = False,
) -> History:
    """Train a network. Calling it again goes on from where it stopped.

    A learning rate that is too large makes the loss grow until it is infinite or NaN.
    That is a result, not an error: the history shows it.

    Parameters
    ----------
    network : Sequential
        Its parameters are updated in place.
    optimizer : Optimizer
        Made for this network.
    X, T : ndarray, shapes (N, D_in) and (N, D_out)
        Training inputs and targets; for `CrossEntropyLoss`, T has class numbers, shape (N,).
    epochs : int
        Passes over the data, at least 1.
    batch_size : int
        Samples per update, from 1 to N.
    rng : numpy.random.Generator
        Draws the order of the samples, afresh in every epoch.
    loss : Loss, optional
        `MSELoss` by default.
    validation : tuple of ndarray, optional
        Inputs and targets on which the loss is measured after every epoch.
    progress : bool, optional
        Show a progress bar on stderr (needs `tqdm`).

    Returns
    -------
    History
        The losses of these epochs.

    Raises
    ------
    TypeError, ValueError
        If the data is unsuitable, a setting is out of range, or the optimizer was made for
        another network.
    """
    check_settings(X, T, epochs, validation)
    if optimizer.network is not network:
        raise ValueError("the optimizer was made for another network")
    loss, history = MSELoss() if loss is None else loss, History()
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in epoch_counter(epochs, progress):
            total = 0.0
            for x, t in minibatches(X, T, batch_size, rng):
                total += loss(network(x), t) * len(x)
                network.backward(loss.backward())
                optimizer.step()
            history.train_loss.append(total / len(X))
            if validation is not None:
                y = network(validation[0])
                history.validation_loss.append(loss(y, validation[1]))
                if are_class_numbers(T):
                    history.validation_accuracy.append(_share(y, validation[1]))
    return history


def evaluate(
    network: Sequential, X: Array, T: Array, loss: Loss | None = None
) -> float:
    """Return the loss of a network on data.

    Parameters
    ----------
    network : Sequential
    X, T : ndarray, shapes (N, D_in) and (N, D_out), or (N,) for class numbers
    loss : Loss, optional
        `MSELoss` by default.

    Returns
    -------
    float
    """
    check_dataset(X, T)
    return (MSELoss() if loss is None else loss)(network(X), T)


def accuracy(network: Sequential, X: Array, t: Array) -> float:
    """Return the share of samples whose largest logit is that of the right class.

    Parameters
    ----------
    network : Sequential
    X : ndarray, shape (N, D_in)
    t : ndarray, shape (N,)
        Class numbers.

    Returns
    -------
    float
        From 0 to 1.
    """
    check_dataset(X, t)
    y = network(X)
    check_classes(y, t)
    return _share(y, t)


def _share(y: Array, t: Array) -> float:
    return float((y.argmax(axis=1) == t).mean())


def check_settings(
    X: Array, T: Array, epochs: int, validation: tuple[Array, Array] | None
) -> None:
    """Refuse arguments that the loop of either framework cannot use, before it runs."""
    check_dataset(X, T)
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}, expected at least 1")
    if validation is not None:
        check_dataset(*validation, kind="validation")
        for name, ours, training in zip("XT", validation, (X, T), strict=True):
            found, expected = _content(ours), _content(training)
            if found != expected:
                raise ValueError(
                    f"validation {name} has {found}, expected {expected}, as in training"
                )


def _content(array: Array) -> str:
    if are_class_numbers(array):
        return "class numbers"
    return f"{array.shape[1]} columns of {array.dtype}"


def epoch_counter(epochs: int, progress: bool) -> Iterable[int]:
    """Return an iterator over the epochs, with a progress bar if one is asked for."""
    if not progress:
        return range(epochs)
    try:
        from tqdm import tqdm  # optional, and needed only for a progress bar
    except ImportError as error:
        raise ImportError(
            "progress=True needs tqdm: pip install 'mlp_reference[progress]'"
        ) from error
    return tqdm(range(epochs), desc="epochs")
