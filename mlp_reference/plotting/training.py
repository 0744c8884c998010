"""Figures about training: loss curves, predictions, and what settings do."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlp_reference.arrays import Array
from mlp_reference.colours import COLOURS


def loss_curves(
    ax: Axes, curves: Mapping[str, Sequence[float]], noise_floor: float | None = None
) -> None:
    """Draw losses over the epochs on a log axis, with the noise floor dashed.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    curves : mapping of str to sequence of float
        One loss an epoch, by label.
    noise_floor : float, optional
        Variance σ² of the noise in the targets: no model gets below it on fresh data.
    """
    for label, losses in curves.items():
        ax.semilogy(np.arange(1, len(losses) + 1), losses, label=label)
    if noise_floor is not None:
        ax.axhline(
            noise_floor, color=COLOURS["quiet"], linestyle="--", label="noise floor σ²"
        )
    ax.set_xlabel("epoch")
    ax.set_ylabel("mean squared error")
    ax.legend()


def predictions(
    ax: Axes, X: Array, T: Array, grid: Array, curves: Mapping[str, Array]
) -> None:
    """Draw data as dots and predictions as lines.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    X : ndarray, shape (N, 1)
        Inputs.
    T : ndarray, shape (N, 1)
        Targets.
    grid : ndarray, shape (K, 1)
        Inputs of the predictions.
    curves : mapping of str to ndarray, shape (K, 1)
        Predictions, by label.
    """
    ax.plot(X, T, ".", color=COLOURS["quiet"], markersize=3.5, label="data")
    # No style of dots: it would be lost among the data.
    styles = itertools.cycle(("-", "--", "-.", (0, (8, 1.5))))
    for (label, curve), style in zip(curves.items(), styles, strict=False):
        ax.plot(grid[:, 0], curve[:, 0], linestyle=style, label=label)
    ax.set_xlabel("x")
    ax.set_ylabel("t")
    ax.legend()


def sweep(ax: Axes, losses: Mapping[str, Sequence[float]], label: str) -> None:
    """Draw the loss that each setting reached, one dot a seed, the medians joined.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    losses : mapping of str to sequence of float
        Final losses, one a seed, by setting. A run that diverged (NaN or infinity) is
        drawn as a cross on the upper edge.
    label : str
        What the settings are.
    """
    places = np.arange(len(losses))
    table = [np.asarray(values, dtype=float) for values in losses.values()]
    finite = np.concatenate([values[np.isfinite(values)] for values in table])
    top = 3 * float(finite.max()) if finite.size else 1.0
    medians = [
        np.median(values) if np.isfinite(values).all() else np.nan for values in table
    ]
    ax.plot(places, medians, color=COLOURS["quiet"], linewidth=1.2, zorder=1)
    for place, values in zip(places, table, strict=True):
        good = values[np.isfinite(values)]
        ax.plot(
            np.full(good.size, place), good, "o", color=COLOURS["forward"], markersize=5
        )
        diverged = values.size - good.size
        if diverged:
            ax.plot([place], [top], "x", color=COLOURS["backward"], markersize=8)
            ax.annotate(
                f"{diverged} diverged",
                (place, top),
                (0, -14),
                ha="center",
                textcoords="offset points",
            )
    ax.set_yscale("log")
    ax.set_xticks(places, list(losses))
    ax.set_xlabel(label)
    ax.set_ylabel("validation loss")
