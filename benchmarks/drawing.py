"""Figures about cost, all on logarithmic axes, where equal distances are equal factors."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlp_reference.drawing import COLOURS

MARKERS = "os^Dv"


def ratios(
    ax: Axes, contenders: Mapping[str, Sequence[float]], sizes: Sequence[str]
) -> None:
    """Draw how many times as fast as a reference each contender is, at each size.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    contenders : mapping of str to sequence of float
        Ratios by contender, one a size; above 1 is faster.
    sizes : sequence of str
        Labels below the axis.
    """
    places = np.arange(len(sizes))
    for (label, values), marker in zip(contenders.items(), MARKERS, strict=False):
        ax.plot(places, values, marker=marker, markersize=5, label=label)
    ax.axhline(1.0, color=COLOURS["quiet"], linestyle="--", linewidth=1.2)
    ax.set_yscale("log")
    ax.set_yticks(ticks := [0.25, 0.5, 1, 2, 4, 8, 16], [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.set_xticks(places, sizes)
    ax.set_ylabel("times as fast")
    ax.legend(ncols=2, fontsize=9)


def growth(
    ax: Axes, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], cost: str
) -> None:
    """Draw the cost of a step against the size that grows.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    curves : mapping of str to tuple of sequences
        Sizes and costs, by label.
    cost : str
        What it is, with its unit.
    """
    for (label, (sizes, costs)), marker in zip(curves.items(), MARKERS, strict=False):
        ax.loglog(sizes, costs, marker=marker, markersize=4, label=label)
    ax.set_xlabel("width, depth or batch")
    ax.set_ylabel(cost)
    ax.legend()
