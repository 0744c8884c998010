"""Figures about gradients: how well they are estimated, how they flow, and where they lead."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlp_reference.arrays import Array
from mlp_reference.colours import COLOURS


def gradient_error(
    ax: Axes, steps: Array, errors: Mapping[str, Sequence[float]]
) -> None:
    """Draw the relative error of numerical gradients against their step ε, on two log axes.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    steps : ndarray, shape (K,)
        Steps ε.
    errors : mapping of str to sequence of float
        Relative error at each step, by method. An error of zero is drawn at 1e-17.
    """
    markers = itertools.cycle("os^Dv")
    for (label, values), marker in zip(errors.items(), markers, strict=False):
        visible = np.maximum(np.asarray(values), 1e-17)
        ax.loglog(steps, visible, marker=marker, markersize=4, label=label)
    ax.invert_xaxis()
    ax.set_xlabel("step ε, smaller to the right")
    ax.set_ylabel("relative error in norm")
    ax.legend()


def gradient_flow(
    ax: Axes,
    ax_spread: Axes,
    gradients: Mapping[str, Array],
    spreads: Mapping[str, Array],
) -> None:
    """Draw how gradients and activations change from layer to layer, a line for each scale.

    Parameters
    ----------
    ax : Axes
        Where to draw the gradients, on a log axis.
    ax_spread : Axes
        Where to draw the activations.
    gradients : mapping of str to ndarray, shape (layers,)
        ‖∂L/∂a‖ of each layer, by label.
    spreads : mapping of str to ndarray, shape (layers,)
        Standard deviation of z in each layer, by label.
    """
    for axes, table in ((ax, gradients), (ax_spread, spreads)):
        for (label, values), marker in zip(
            table.items(), itertools.cycle("os^Dv"), strict=False
        ):
            layers = np.arange(1, len(values) + 1)
            axes.plot(layers, values, marker=marker, markersize=4, label=label)
        axes.set_xlabel("layer")
    ax.set_yscale("log")
    ax.set_ylabel("‖∂L/∂a‖")
    ax_spread.set_ylabel("standard deviation of z")
    ax_spread.set_ylim(0, 1.05)
    ax.legend()


def loss_surface(
    ax: Axes, first: Array, second: Array, losses: Array, paths: Mapping[str, Array]
) -> None:
    """Draw a slice of the loss surface as contours, with descent paths on it.

    Parameters
    ----------
    ax : Axes
        Where to draw; label its axes with the two parameters.
    first : ndarray, shape (K,)
        Values of the parameter along the horizontal axis.
    second : ndarray, shape (M,)
        Values of the parameter along the vertical axis.
    losses : ndarray, shape (M, K)
        Loss at each pair.
    paths : mapping of str to ndarray, shape (steps, 2)
        Points that a descent visited, by label.
    """
    # Evenly spaced in the root of the loss: a parabola gets evenly spaced lines.
    levels = np.linspace(0, float(losses.max()) ** 0.5, 16)[1:] ** 2
    ax.contour(
        first, second, losses, levels=levels, colors=COLOURS["grid"], linewidths=1
    )
    names = itertools.cycle(("forward", "backward", "third", "fourth"))
    for (label, path), name, marker in zip(
        paths.items(), names, itertools.cycle("os^Dv"), strict=False
    ):
        ax.plot(
            path[:, 0],
            path[:, 1],
            color=COLOURS[name],
            linewidth=1.3,
            label=label,
            marker=marker,
            markersize=3.5,
        )
    start = next(iter(paths.values()))[0]
    ax.annotate("start", start, xytext=(6, 6), textcoords="offset points")
    ax.grid(visible=False)
    ax.legend()
