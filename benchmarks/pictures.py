"""Pictures of what was measured, for the pages: SVG in the manner of the course."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt

from mlp_reference import plotting
from mlp_reference.plotting import speed

NARROW = 9
"""Characters of a label below the axis."""

Rows = list[dict[str, Any]]


def of_training_step(rows: Rows, optimizer: str = "SGD") -> Callable[[Any], None]:
    """Prepare the picture of the ratios by size.

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
    names = sorted(found, key=lambda name: name != "NumPy")  # ours first
    sizes = list(dict.fromkeys((row["size"], row["batch"]) for row in own))
    ratios = {
        name: [row["ratio"] for row in own if row["contender"] == name]
        for name in names
        if name != "PyTorch"
    }
    everywhere = {n: v for n, v in ratios.items() if len(v) == len(sizes)}
    labels = [f"{textwrap.fill(size, NARROW)}\n× {batch}" for size, batch in sizes]
    return lambda ax: speed.ratios(ax, everywhere, labels)


def of_growth(rows: Rows) -> Callable[[Any], None]:
    """Prepare the picture of how the time of a step grows.

    Parameters
    ----------
    rows : list of dict
        What `benchmarks.growth` measured.

    Returns
    -------
    callable
        Draws on axes.
    """
    curves = {
        grows: (
            [row["size"] for row in rows if row["grows"] == grows],
            [row["microseconds"] for row in rows if row["grows"] == grows],
        )
        for grows in dict.fromkeys(row["grows"] for row in rows)
    }
    return lambda ax: speed.growth(ax, curves)


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
