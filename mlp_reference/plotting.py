"""Every figure of the course. The only module that imports Matplotlib.

Each function draws measured data on the axes that it is given and returns nothing. Several
curves are given as a mapping from labels to values.
`computational_graph` draws a 3-2-1 network and returns it as SVG.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from mlp_reference.arrays import Array
from mlp_reference.network_graph import COLOURS, computational_graph

__all__ = [
    "COLOURS",
    "IndexedMatrix",
    "RecordedStep",
    "activations",
    "autograd_record",
    "column_minus_row",
    "computational_graph",
    "gradient_arrows",
    "gradient_error",
    "gradient_flow",
    "imaginary_step",
    "index_sum",
    "landings",
    "learning_rates_of_one_step",
    "loss_curves",
    "loss_over_steps",
    "loss_surface",
    "predictions",
    "sweep",
    "tangent",
    "tanh_and_slope",
    "two_nudges",
    "use_style",
]

_LINES = ("forward", "backward", "third", "fourth", "quiet")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def use_style() -> None:
    """Set Matplotlib up for this course, and notebooks to show figures as SVG."""
    mpl.rcParams.update(
        {
            "figure.figsize": (5.3, 3.3),  # its text is still legible on a phone
            "figure.constrained_layout.use": True,
            "figure.facecolor": COLOURS["paper"],
            "axes.facecolor": "none",  # the background of the figure is enough
            "axes.edgecolor": COLOURS["quiet"],
            "axes.labelcolor": COLOURS["ink"],
            "axes.prop_cycle": cycler(color=[COLOURS[name] for name in _LINES]),
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
    except ImportError:  # outside a notebook there is no format to set
        return
    set_matplotlib_formats("svg")


def _marked(curves: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Give every curve a marker, so that curves differ not only in colour."""
    for (label, values), marker in zip(
        curves.items(), itertools.cycle("os^Dv"), strict=False
    ):
        yield label, values, marker


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


def activations(axes: Sequence[Axes], a: Array, curves: Mapping[str, Array]) -> None:
    """Draw each function of the pre-activation a on axes of its own."""
    for ax, (label, values) in zip(axes, curves.items(), strict=True):
        ax.plot(a, values, color=COLOURS["forward"])
        ax.set(title=label, xlabel="pre-activation a")


def tanh_and_slope(ax: Axes, points: Sequence[float]) -> None:
    """Draw tanh and its slope 1 − tanh², with some pre-activations marked on both."""
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
    for label, values, marker in _marked(losses):
        ax.plot(values, marker=marker, markersize=3.5, linewidth=1.2, label=label)
    ax.set(yscale="log", xlabel="updates", ylabel="loss")
    ax.legend()


def gradient_error(
    ax: Axes, steps: Array, errors: Mapping[str, Sequence[float]]
) -> None:
    """Draw relative errors of numerical gradients against their step ε, and zero at 1e-17."""
    for label, values, marker in _marked(errors):
        visible = np.maximum(np.asarray(values), 1e-17)
        ax.loglog(steps, visible, marker=marker, markersize=4, label=label)
    ax.invert_xaxis()
    ax.set(xlabel="step ε, smaller to the right", ylabel="relative error in norm")
    ax.legend()


def gradient_flow(
    ax: Axes,
    ax_spread: Axes,
    gradients: Mapping[str, Array],
    spreads: Mapping[str, Array],
) -> None:
    """Draw ‖∂L/∂a‖ of each layer on the first axes, the spread of z on the second."""
    for axes, table in ((ax, gradients), (ax_spread, spreads)):
        for label, values, marker in _marked(table):
            layers = np.arange(1, len(values) + 1)
            axes.plot(layers, values, marker=marker, markersize=4, label=label)
        axes.set_xlabel("layer")
    ax.set(yscale="log", ylabel="‖∂L/∂a‖")
    ax_spread.set(ylabel="standard deviation of z", ylim=(0, 1.05))
    # Above both, because inside the axes it covers a curve.
    ax.figure.legend(
        *ax.get_legend_handles_labels(), loc="outside upper center", ncols=3
    )


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
    for (label, path, marker), name in zip(_marked(paths), names, strict=False):
        look: dict[str, Any] = {
            "color": COLOURS[name],
            "linewidth": 1.3,
            "markersize": 3.5,
        }
        ax.plot(path[:, 0], path[:, 1], marker=marker, label=label, **look)
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


def loss_curves(
    ax: Axes, curves: Mapping[str, Sequence[float]], noise_floor: float | None = None
) -> None:
    """Draw losses over the epochs on a log axis, with the noise variance σ² as a dashed line."""
    for label, losses in curves.items():
        ax.semilogy(np.arange(1, len(losses) + 1), losses, label=label)
    if noise_floor is not None:
        ax.axhline(
            noise_floor, color=COLOURS["quiet"], linestyle="--", label="noise floor σ²"
        )
    ax.set(xlabel="epoch", ylabel="mean squared error")
    ax.legend()


def predictions(
    ax: Axes, X: Array, T: Array, grid: Array, curves: Mapping[str, Array]
) -> None:
    """Draw data as dots and predictions on a grid as lines, all of shape (…, 1)."""
    ax.plot(X, T, ".", color=COLOURS["quiet"], markersize=3.5, label="data")
    # No dotted line, because it would be lost among the data.
    styles = itertools.cycle(("-", "--", "-.", (0, (8, 1.5))))
    for (label, curve), style in zip(curves.items(), styles, strict=False):
        ax.plot(grid[:, 0], curve[:, 0], linestyle=style, label=label)
    ax.set(xlabel="x", ylabel="t")
    ax.legend()


def sweep(
    ax: Axes,
    sweeps: Mapping[
        str, Mapping[float, Sequence[float]] | Mapping[str, Sequence[float]]
    ],
    label: str,
    noise_floor: float | None = None,
) -> None:
    """Draw the final losses of each setting: a mark for each seed, a line through the medians.

    Settings that are numbers stand on a log axis; others stand side by side, the same ones in
    every sweep. A setting with runs that diverged (NaN or infinity) has a cross on the upper
    edge, with their number, and no median.
    """
    tables = [np.array([*losses.values()], dtype=float) for losses in sweeps.values()]
    seen = np.concatenate([table[np.isfinite(table)] for table in tables])
    top = 3 * float(seen.max()) if seen.size else 1.0
    settings = list(next(iter(sweeps.values())))
    numbers = not isinstance(settings[0], str)
    shifts = np.linspace(-0.1, 0.1, len(tables)) if len(tables) > 1 else [0.0]
    for (name, losses, marker), table, shift, colour in zip(
        _marked(sweeps), tables, shifts, _LINES, strict=False
    ):
        look: dict[str, Any] = {"color": COLOURS[colour]}
        places = np.array([*losses]) if numbers else np.arange(len(losses)) + shift
        finite = np.isfinite(table)
        diverged = (~finite).sum(axis=1)
        medians = np.where(diverged, np.nan, np.median(table, axis=1))
        ax.plot(places, medians, linewidth=1.2, zorder=1, **look)
        dots = np.where(finite, table, np.nan).ravel()
        all_places = np.repeat(places, table.shape[1])
        ax.plot(all_places, dots, marker, markersize=4.5, label=name, **look)
        for place, count in zip(
            places[diverged > 0], diverged[diverged > 0], strict=True
        ):
            ax.plot([place], [top], "x", markersize=8, **look)
            words = f"{count} diverged"
            _beside(ax, complex(place, top), words, (0, -14), ha="center")
    ax.set(yscale="log", xlabel=label, ylabel="validation loss")
    if numbers:
        ax.set_xscale("log")
    else:
        ax.set_xticks(range(len(settings)), [str(setting) for setting in settings])
    if noise_floor is not None:
        ax.axhline(
            noise_floor, color=COLOURS["quiet"], linestyle="--", label="noise floor σ²"
        )
    if len(sweeps) > 1:
        ax.legend()


class IndexedMatrix(NamedTuple):
    """A matrix in a picture of a sum: its numbers, its indices, and the elements that are meant."""

    name: str  # as Matplotlib's mathtext
    values: Array  # NaN where the number is not to be shown
    letters: tuple[str, str]  # of the row and of the column; "" for no label
    chosen: tuple[int | slice, int | slice]  # as an index of the values, from zero
    colour: str


def index_sum(ax: Axes, factors: Sequence[IndexedMatrix], total: IndexedMatrix) -> None:
    """Draw matrices and the one that their sum belongs to, with the elements that take part.

    These have an outline, a background and bold numbers, so that they differ not only in colour.
    """
    left, middle = 0.0, 0.5 * max(len(each.values) for each in (*factors, total))
    for matrix in (*factors, total):
        if matrix is total:
            ax.text(left + 0.25, middle, "→", ha="center", va="center", fontsize=14)
            left += 0.5
        left = _draw_matrix(ax, matrix, left, middle) + 0.3
    ax.set(xlim=(0, left), ylim=(2 * middle + 0.1, -1.55))
    ax.axis("off")


def _draw_matrix(ax: Axes, matrix: IndexedMatrix, left: float, middle: float) -> float:
    """Draw one matrix from the left edge on; return where it ends."""
    rows, columns = matrix.values.shape
    row_letter, column_letter = matrix.letters
    left += 0.9 if row_letter else 0.1
    top = middle - rows / 2
    middle_of_cell: dict[str, Any] = {"ha": "center", "va": "center"}
    quiet = {"color": COLOURS["quiet"], **middle_of_cell}
    chosen = np.zeros(matrix.values.shape, dtype=bool)
    chosen[matrix.chosen] = True
    for place, value in np.ndenumerate(matrix.values):
        y, x = top + place[0] + 0.5, left + place[1] + 0.5
        shown = "·" if np.isnan(value) else f"{value:g}".replace("-", "−")
        if not chosen[place]:
            ax.text(x, y, shown, **middle_of_cell)
            continue
        colour = COLOURS[matrix.colour]
        box = Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=COLOURS["grid"], lw=0)
        ax.add_patch(box)
        ax.text(x, y, shown, color=colour, weight="bold", **middle_of_cell)
    for row in range(rows if row_letter else 0):
        y = top + row + 0.5
        ax.text(left - 0.5, y, f"${row_letter} = {row + 1}$", **quiet)
    for column in range(columns):
        x = left + column + 0.5
        ax.text(x, top - 0.35, f"${column_letter} = {column + 1}$", **quiet)
    ax.text(left + columns / 2, top - 1.1, matrix.name, fontsize=12, **middle_of_cell)
    frame: dict[str, Any] = {"facecolor": "none", "zorder": 3}
    outline = COLOURS["quiet"]
    ax.add_patch(
        Rectangle((left, top), columns, rows, edgecolor=outline, lw=0.8, **frame)
    )
    ys, xs = np.nonzero(chosen)
    corner = (left + int(xs.min()), top + int(ys.min()))
    width, height = int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
    edge = COLOURS[matrix.colour]
    ax.add_patch(Rectangle(corner, width, height, edgecolor=edge, lw=2.4, **frame))
    return left + float(columns)


def imaginary_step(
    ax: Axes, ax_loss: Axes, points: Sequence[complex], losses: Sequence[complex]
) -> None:
    """Draw a step ε to either side and one of iε, and where each leads in the plane of the loss.

    The points are w, w − ε, w + ε and w + iε, in this order; the losses are those there.
    """
    orange: dict[str, Any] = {"color": COLOURS["backward"]}
    names = [
        "w",
        r"w-\varepsilon",
        r"w+\varepsilon",
        r"w+i\varepsilon",
    ]
    for axes, title, form, places in (
        (ax, "the parameter", "${}$", points),
        (ax_loss, "its loss", "$L({})$", losses),
    ):
        labels = [form.format(name) for name in names]
        for place, label, marker in zip(places, labels, "oss", strict=False):
            colour = COLOURS["ink" if marker == "o" else "quiet"]
            look: dict[str, Any] = {"color": colour}
            axes.plot(place.real, 0, marker, markersize=6, **look)
            _beside(axes, place, label, (0, -9), ha="center", va="top", **look)
        ends: dict[str, Any] = {
            "xy": (places[-1].real, places[-1].imag),
            "xytext": (places[0].real, 0),
        }
        axes.annotate("", **ends, arrowprops={"arrowstyle": "-|>", "lw": 2, **orange})
        _beside(axes, places[-1], labels[-1], (0, 5), ha="center", **orange)
        axes.axhline(0, color=COLOURS["quiet"], linewidth=1, zorder=1)
        axes.grid(visible=False)
        axes.set(xlabel="real part", ylabel="imaginary part")
        axes.set_title(title, fontsize=10.5)
    end = losses[-1]
    ax_loss.plot([end.real, end.real], [0, end.imag], ":", label="εL′", **orange)
    half = complex(end.real, end.imag / 2)
    _beside(ax_loss, half, "ε L′", (-5, 0), ha="right", va="center", **orange)


def _beside(
    ax: Axes, place: complex, label: str, offset: tuple[float, float], **look: Any
) -> None:
    at: dict[str, Any] = {"xytext": offset, "textcoords": "offset points"}
    ax.annotate(label, (place.real, place.imag), **at, **look)


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
    ax.plot(residuals, marker="o", markersize=4, linewidth=1.2, label="residual")
    ax.set(ylabel="residual y − t")
    look: dict[str, Any] = {"color": COLOURS["backward"], "linewidth": 1.2}
    ax_below.axhline(limit, color=COLOURS["quiet"], linestyle="--", label="1/η")
    ax_below.plot(strengths, marker="s", markersize=4, label="K", **look)
    ax_below.set(xlabel="updates", ylabel="K")
    ax_below.set_xticks(range(len(strengths)))
    # Above the axes, because inside them it might cover the residual.
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    ax_below.legend()


class RecordedStep(NamedTuple):
    """One step of a forward pass, and the node that autograd has recorded for it.

    Attributes
    ----------
    formula, value : str
        The step, and the value that it computes.
    node : str
        The name of the node that goes back through it.
    fills : str
        Whose `.grad` the node fills; may be empty.
    hands_on : str
        The gradient that it hands on to the node of the step before; may be empty.
    """

    formula: str
    value: str
    node: str
    fills: str
    hands_on: str


def autograd_record(ax: Axes, steps: Sequence[RecordedStep]) -> None:
    """Draw forward steps from top to bottom, and from bottom to top the nodes that go back."""
    forward, backward = 0.21, 0.72  # where the two columns are centred
    for row, step in enumerate(steps):
        _step_box(ax, (forward, -row), 0.42, (step.formula, step.value), "forward")
        _step_box(ax, (backward, -row), 0.56, (step.node, step.fills), "backward")
        if row:
            top, bottom = 0.79 - row, 0.21 - row
            _arrow(ax, (forward, top), (forward, bottom))
            _arrow(ax, (backward, bottom), (backward, top))
            look: dict[str, Any] = {"color": COLOURS["backward"], "va": "center"}
            ax.text(backward - 0.02, 0.5 - row, step.hands_on, ha="right", **look)
    last = 1 - len(steps)
    _arrow(ax, (forward + 0.21, last), (backward - 0.28, last))
    ax.text(forward, 0.4, "forward ↓", color=COLOURS["forward"], ha="center")
    ax.text(backward, 0.4, "↑ backward", color=COLOURS["backward"], ha="center")
    ax.set(xlim=(-0.01, 1.01), ylim=(last - 0.25, 0.55))
    ax.axis("off")


def _step_box(
    ax: Axes,
    centre: tuple[float, float],
    width: float,
    lines: tuple[str, str],
    colour: str,
) -> None:
    """Draw a box with a name and, below it and coloured, a text that may be empty."""
    (x, y), (name, below) = centre, lines
    look: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["ink"]}
    style = "round,pad=0,rounding_size=0.02"
    corner = (x - width / 2, y - 0.21)
    ax.add_patch(FancyBboxPatch(corner, width, 0.42, boxstyle=style, **look))
    look = {"ha": "center", "va": "center"}
    ax.text(x, y + (0.09 if below else 0), name, **look)
    ax.text(x, y - 0.09, below, color=COLOURS[colour], **look)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = {"arrowstyle": "-|>", "color": COLOURS["quiet"], "shrinkA": 2, "shrinkB": 2}
    ax.annotate("", end, start, arrowprops=look)


def column_minus_row(ax: Axes, samples: int = 4) -> None:
    """Draw what a column of predictions minus a row of targets is: a square of differences."""
    subscripts = [str(n).translate(_LOWERED) for n in range(1, samples + 1)]
    for n, row in enumerate(subscripts):
        ax.text(-0.8, -n, f"y{row}", color=COLOURS["forward"], ha="center", va="center")
        ax.text(n, 0.8, f"t{row}", color=COLOURS["forward"], ha="center", va="center")
        for m, column in enumerate(subscripts):
            wanted = n == m
            box = Rectangle(
                (m - 0.46, -n - 0.46),
                0.92,
                0.92,
                facecolor="none",
                edgecolor=COLOURS["forward" if wanted else "grid"],
                linewidth=1.8 if wanted else 1.0,
                zorder=2 if wanted else 1,
            )
            ax.add_patch(box)
            colour = COLOURS["ink" if wanted else "backward"]
            text = f"y{row} − t{column}"
            ax.text(m, -n, text, color=colour, ha="center", va="center", fontsize=9.5)
    ax.set(xlim=(-1.2, samples - 0.4), ylim=(0.4 - samples, 1.1), aspect="equal")
    ax.axis("off")
