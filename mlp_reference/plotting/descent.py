"""Slopes, maps of the loss, and steps down them: lessons 0 and 1."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mlp_reference.arrays import Array
from mlp_reference.drawing import COLOURS
from mlp_reference.plotting._style import marked


def tangent(
    ax: Axes, x: Array, y: Array, at: float, slope: float, nudge: float
) -> None:
    """Draw the curve y over x, its tangent, and how far a nudge leads up the tangent."""
    ax.plot(x, y, color=COLOURS["forward"])
    here, reach = float(np.interp(at, x, y)), 0.2 * float(x[-1] - x[0])
    ends = np.array([at - reach, at + reach])
    ax.plot(ends, here + slope * (ends - at), color=COLOURS["backward"])
    ax.plot([at], [here], "o", color=COLOURS["forward"], markersize=6)
    rise = slope * nudge
    corner = [at, at + nudge, at + nudge], [here, here, here + rise]
    ax.plot(*corner, "--", color=COLOURS["ink"], linewidth=1.2)
    near: dict[str, Any] = {"textcoords": "offset points"}
    ax.annotate("nudge", (at, here), xytext=(6, -4), va="top", **near)
    place = at + nudge, here + rise / 2
    times = f"{slope:.4g} × nudge"
    ax.annotate(
        times, place, xytext=(4, 0), va="center", color=COLOURS["backward"], **near
    )


def two_nudges(
    ax: Axes, walk: Array, losses: Array, slopes: tuple[float, float], nudge: float
) -> None:
    """Draw the losses of a walk, first along one parameter and then along the other.

    Straight pieces, one after the other, say how far each slope lets the loss rise in a nudge.
    """
    ax.plot(walk, losses, color=COLOURS["forward"])
    rises = float(losses[0]) + nudge * np.cumsum([0, *slopes])
    ends = nudge * np.arange(3)
    ax.plot(ends, rises, "o-", color=COLOURS["backward"], markersize=4)
    for slope, left, low in zip(slopes, ends, rises, strict=False):
        corner = [left, left + nudge, left + nudge], [low, low, low + slope * nudge]
        ax.plot(*corner, "--", color=COLOURS["ink"], linewidth=1.2)
        place = left + nudge, low + slope * nudge / 2
        near: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
        colour, times = COLOURS["backward"], f"{slope:.4g} × nudge"
        ax.annotate(times, place, xytext=(4, -4), color=colour, **near)
    ax.margins(x=0.14)  # room for the last label


def loss_surface(
    ax: Axes,
    first: Array,
    second: Array,
    losses: Array,
    minimum: Array,
    paths: Mapping[str, Array],
) -> None:
    """Draw a slice of the loss surface as contours, with descent paths on it.

    The two parameters take the values `first` (K,) and `second` (M,), with `losses` (M, K).
    The minimum, given as (first, second), is marked; each path has such a row for every point
    visited.
    """
    _contours(ax, first, second, losses, minimum)
    names = itertools.cycle(
        ("third", "fourth", "quiet")
    )  # neither values nor gradients
    for (label, path, look), name in zip(marked(paths), names, strict=False):
        look |= {"color": COLOURS[name], "linewidth": 1.3, "markersize": 3.5}
        ax.plot(path[:, 0], path[:, 1], label=label, **look)
    start = next(iter(paths.values()))[0]
    ax.annotate("start", start, xytext=(6, 6), textcoords="offset points")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(paths))


def gradient_arrows(
    ax: Axes,
    first: Array,
    second: Array,
    losses: Array,
    minimum: Array,
    points: Array,
    gradients: Array,
) -> None:
    """Draw a loss surface as `loss_surface` does, with the gradient at each point as an arrow.

    Points and gradients have a row (first, second) for each arrow. Arrows are drawn at a tenth of
    the gradient's length.
    """
    _contours(ax, first, second, losses, minimum)
    look: dict[str, Any] = {"color": COLOURS["backward"], "width": 0.009, "zorder": 3}
    ax.quiver(*points.T, *gradients.T, angles="xy", scale_units="xy", scale=10, **look)
    ax.plot(*points.T, "o", color=COLOURS["ink"], markersize=3)


def _contours(
    ax: Axes, first: Array, second: Array, losses: Array, minimum: Array
) -> None:
    # Equal steps of the loss, so that the lines are close where it is steep.
    levels = np.array(MaxNLocator(24).tick_values(0, float(losses.max()))[1:])
    look: dict[str, Any] = {"colors": COLOURS["quiet"], "linewidths": 0.7}
    lines = ax.contour(first, second, losses, levels=levels, **look)
    labels = ax.clabel(lines, levels[[1, 3, 7]], fmt="%g", fontsize=9)
    for label in labels:
        label.set_color(COLOURS["ink"])
    ax.plot(*minimum, "+", color=COLOURS["ink"], markersize=8, markeredgewidth=1.5)
    near: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "top"}
    ax.annotate("minimum", (minimum[0], minimum[1]), xytext=(0, -8), **near)
    ax.grid(visible=False)
    ax.set_aspect("equal")


def learning_rates_of_one_step(
    ax: Axes,
    rates: Array,
    measured: Array,
    predicted: Array,
    marks: Mapping[str, float],
) -> None:
    """Draw the loss after one step for each learning rate, as measured and as predicted.

    The first rate is 0, so that its loss is the loss before the step; the prediction is that of
    the linearised network. `marks` are further rates to mark, by their labels.
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
    ax.set(xlabel="learning rate η", ylabel="loss after one step")
    # Above the axes, because inside them it might cover a mark.
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1.2)


def loss_over_steps(ax: Axes, losses: Mapping[str, Sequence[float]]) -> None:
    """Draw losses over repeated steps on one sample, beginning before the first step."""
    for label, values, look in marked(losses):
        ax.plot(values, markersize=3.5, linewidth=1.2, label=label, **look)
    ax.set(yscale="log", xlabel="updates", ylabel="loss")
    ax.legend()


def landings(
    ax: Axes,
    ax_below: Axes,
    residuals: Sequence[float],
    strengths: Sequence[float],
    limit: float,
) -> None:
    """Draw where each update of one sample lands: y − t, and below it K with its limit 1/η.

    Both begin before the first update. The residual has its goal, zero, as a line.
    """
    ax.axhline(0, color=COLOURS["quiet"], linestyle="--", label="the target")
    look: dict[str, Any] = {"markersize": 4, "linewidth": 1.2}
    ax.plot(residuals, "o-", color=COLOURS["forward"], label="residual", **look)
    ax.set(ylabel="residual y − t")
    ax_below.axhline(limit, color=COLOURS["quiet"], linestyle="--", label="1/η")
    ax_below.plot(strengths, "s-", color=COLOURS["fourth"], label="K", **look)
    ax_below.set(xlabel="updates", ylabel="K")
    ax_below.set_xticks(range(len(strengths)))
    # Above the axes, because inside them it might cover the residual.
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    ax_below.legend()
