"""Figures of the pen-and-paper lesson: the activation, and what one step or many do to the loss."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlp_reference.arrays import Array
from mlp_reference.colours import COLOURS


def tanh_and_slope(ax: Axes, points: Sequence[float]) -> None:
    """Draw tanh and its slope 1 − tanh², with some points marked on both.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    points : sequence of float
        Pre-activations to mark.
    """
    a = np.linspace(-4, 4, 201)
    marked = np.asarray(points)
    for label, name, f in (
        ("tanh(a)", "forward", np.tanh),
        ("tanh′(a) = 1 − tanh²(a)", "backward", lambda v: 1 - np.tanh(v) ** 2),
    ):
        ax.plot(a, f(a), color=COLOURS[name], label=label)
        ax.plot(marked, f(marked), "o", color=COLOURS[name], markersize=6)
    ax.set_xlabel("pre-activation a")
    ax.legend()


def learning_rates_of_one_step(
    ax: Axes,
    rates: Array,
    measured: Array,
    predicted: Array,
    marks: Mapping[str, float],
) -> None:
    """Draw the loss after one step against the learning rate, beside its quadratic prediction.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    rates : ndarray, shape (K,)
        Learning rates η; the first is 0, so that its loss is the loss before the step.
    measured : ndarray, shape (K,)
        Loss after one step with each.
    predicted : ndarray, shape (K,)
        Loss as the linearised network would have it.
    marks : mapping of str to float
        Learning rates to mark, by the label to write.
    """
    ax.plot(rates, measured, color=COLOURS["forward"], label="measured")
    ax.plot(
        rates,
        predicted,
        "--",
        color=COLOURS["backward"],
        label="predicted to first order",
    )
    before = float(measured[0])
    ax.axhline(before, color=COLOURS["quiet"], linewidth=1, label="before the step")
    top = float(max(measured.max(), predicted.max()))
    for label, rate in marks.items():
        ax.plot([rate, rate], [0, top], ":", color=COLOURS["quiet"], linewidth=1.2)
        ax.annotate(label, (rate, 1.02 * top), ha="center", va="bottom")
    ax.set_ylim(top=1.12 * top)
    ax.set_xlabel("learning rate η")
    ax.set_ylabel("loss after one step")
    # Above the axes: inside, it would cover a mark wherever that stands.
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1.2)


def loss_over_steps(ax: Axes, losses: Mapping[str, Sequence[float]]) -> None:
    """Draw the loss over repeated steps on one sample, a line for each learning rate.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    losses : mapping of str to sequence of float
        Losses from before the first step on, by label.
    """
    markers = itertools.cycle("os^Dv")
    for (label, values), marker in zip(losses.items(), markers, strict=False):
        ax.plot(values, marker=marker, markersize=3.5, linewidth=1.2, label=label)
    ax.set_yscale("log")
    ax.set_xlabel("updates")
    ax.set_ylabel("loss")
    ax.legend()
