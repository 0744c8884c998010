"""Figures of the measurements for the pages: SVG in the style of the course."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt
import numpy as np

from benchmarks import drawing
from benchmarks.agreement import LABELS, REFERENCE
from mlp_reference import plotting

NARROW = 9
"""The most characters of a label below the axis."""

LAST = 3
"""The number of points, from the last, that give the exponent; there is no overhead left."""

Rows = list[dict[str, Any]]


def of_training_step(rows: Rows, optimizer: str = "SGD") -> Callable[[Any], None]:
    """Return a function that draws the ratios by size.

    Parameters
    ----------
    rows : list of dict
        What `benchmarks.training_step` measured.
    optimizer : str, optional
        Which rows are drawn.

    Returns
    -------
    callable
        Draws on axes.
    """
    own = [row for row in rows if row["optimizer"] == optimizer]
    found = dict.fromkeys(row["contender"] for row in own)
    names = sorted(found, key=lambda name: name != "numpy")  # ours first
    sizes = list(dict.fromkeys((row["size"], row["batch"]) for row in own))
    ratios = {
        LABELS.get(name, name): [r["ratio"] for r in own if r["contender"] == name]
        for name in names
        if name != REFERENCE
    }
    everywhere = {n: v for n, v in ratios.items() if len(v) == len(sizes)}
    labels = [f"{textwrap.fill(size, NARROW)}\n× {batch}" for size, batch in sizes]
    return lambda ax: drawing.ratios(ax, everywhere, labels)


def of_growth(rows: Rows, cost: str, unit: str) -> Callable[[Any], None]:
    """Return a function that draws the growth of a step's cost, with exponents in its legend.

    Parameters
    ----------
    rows : list of dict
        What `benchmarks.growth` measured.
    cost : str
        The column that is drawn.
    unit : str
        The label of its axis.

    Returns
    -------
    callable
        Draws on axes.
    """
    curves = {}
    for grows in dict.fromkeys(row["grows"] for row in rows):
        own = [row for row in rows if row["grows"] == grows]
        label = f"{grows}, like its power {exponent(own, cost):.2f}"
        curves[label] = ([row["size"] for row in own], [row[cost] for row in own])
    return lambda ax: drawing.growth(ax, curves, unit)


def exponent(rows: Rows, cost: str) -> float:
    """Fit the exponent p of ``cost ∝ size^p`` to the last points.

    Parameters
    ----------
    rows : list of dict
        Rows in which one thing grows.
    cost : str
        The column.

    Returns
    -------
    float
        The slope on logarithmic axes.
    """
    sizes = np.log([row["size"] for row in rows[-LAST:]])
    costs = np.log([row[cost] for row in rows[-LAST:]])
    return float(np.polyfit(sizes, costs, 1)[0])


def write(draw: Callable[[Any], None], path: Path) -> None:
    """Draw a picture into a file.

    Parameters
    ----------
    draw : callable
        Draws on axes.
    path : Path
        The SVG file; no date gets into it.
    """
    plotting.use_style()
    figure, ax = plt.subplots()
    draw(ax)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
