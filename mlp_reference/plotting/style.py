"""One look for every figure: few colours, each with one meaning, and the same bytes each time."""

import matplotlib as mpl
from cycler import cycler

from mlp_reference.colours import COLOURS


def use_style() -> None:
    """Set Matplotlib up for this course, and notebooks to show figures as SVG."""
    lines = [
        COLOURS[name] for name in ("forward", "backward", "third", "fourth", "quiet")
    ]
    mpl.rcParams.update(
        {
            "figure.figsize": (5.3, 3.3),  # on a phone, its text can still be read
            "figure.constrained_layout.use": True,
            "figure.facecolor": COLOURS["paper"],
            "axes.facecolor": "none",  # the figure's paper is enough
            "axes.edgecolor": COLOURS["quiet"],
            "axes.labelcolor": COLOURS["ink"],
            "axes.prop_cycle": cycler(color=lines),
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
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside a notebook there is nothing to set
        return
    set_matplotlib_formats("svg")
