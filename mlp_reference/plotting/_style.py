"""The style of every figure, and what several of them share."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlp_reference.drawing import COLOURS, Picture

LINES = ("third", "fourth", "ink", "quiet")
"""The colours of several curves. Blue and orange are left to values and gradients."""


def use_style() -> None:
    """Set Matplotlib up for this course, and notebooks to show figures as pictures in SVG."""
    mpl.rcParams.update(
        {
            "figure.figsize": (5.3, 3.3),  # its text is still legible on a phone
            "figure.constrained_layout.use": True,
            "figure.facecolor": COLOURS["paper"],
            "axes.facecolor": "none",  # the background of the figure is enough
            "axes.edgecolor": COLOURS["quiet"],
            "axes.labelcolor": COLOURS["ink"],
            "axes.prop_cycle": cycler(linestyle=["-", "--"])
            * cycler(color=[COLOURS[name] for name in LINES]),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": COLOURS["grid"],
            "grid.linewidth": 0.6,
            "xtick.color": COLOURS["ink"],
            "ytick.color": COLOURS["ink"],
            "text.color": COLOURS["ink"],
            "font.size": 10.5,
            "lines.linewidth": 1.8,
            "legend.frameon": False,
            "svg.fonttype": "none",  # text stays text: small, sharp, selectable
            "svg.hashsalt": "mlp_reference",  # the same ids in every build
        }
    )
    try:
        from IPython import get_ipython
        from IPython.core.pylabtools import print_figure, select_figure_formats
    except ImportError:  # outside a notebook there is nothing to set
        return
    shell = get_ipython()
    if shell is None:
        return

    def shown(figure: Figure, **_chosen: Any) -> dict[str, str]:
        return Picture(print_figure(figure, "svg"))._repr_mimebundle_()

    select_figure_formats(shell, ())  # none besides
    shell.display_formatter.mimebundle_formatter.for_type(Figure, shown)


def marked(curves: Mapping[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Give every curve a marker, so that curves differ not only in colour."""
    for (label, values), marker in zip(
        curves.items(), itertools.cycle("os^Dv"), strict=False
    ):
        yield label, values, {"marker": marker, **alone(curves)}


def alone(curves: Mapping[str, Any]) -> dict[str, Any]:
    """Return the colour of a curve that is the only one: it shows a value."""
    return {"color": COLOURS["forward"]} if len(curves) == 1 else {}


def beside(
    ax: Axes, place: complex, label: str, offset: tuple[float, float], **look: Any
) -> None:
    at: dict[str, Any] = {"xytext": offset, "textcoords": "offset points"}
    ax.annotate(label, (place.real, place.imag), **at, **look)
