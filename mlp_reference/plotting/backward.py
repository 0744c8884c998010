"""What a backward pass multiplies and adds, and how it is checked and recorded."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from mlp_reference.arrays import Array
from mlp_reference.drawing import COLOURS
from mlp_reference.plotting._style import beside, marked
from mlp_reference.walkthrough import with_minus


def activations(axes: Sequence[Axes], a: Array, curves: Mapping[str, Array]) -> None:
    """Draw each function of the pre-activation a on axes of its own."""
    for ax, (label, values) in zip(axes, curves.items(), strict=True):
        ax.plot(a, values, color=COLOURS["forward"])
        ax.set(title=label, xlabel="pre-activation a")


def tanh_and_slope(ax: Axes, points: Sequence[float]) -> None:
    """Draw tanh and its slope 1 − tanh², with some pre-activations marked on both."""
    a = np.linspace(-4, 4, 201)
    marked = np.asarray(points)
    for label, name, style, f in (
        ("tanh(a)", "forward", "-", np.tanh),
        ("tanh′(a) = 1 − tanh²(a)", "fourth", "--", lambda v: 1 - np.tanh(v) ** 2),
    ):
        ax.plot(a, f(a), style, color=COLOURS[name], label=label)
        ax.plot(marked, f(marked), "o", color=COLOURS[name], markersize=6)
    ax.set_xlabel("pre-activation a")
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
        shown = "·" if np.isnan(value) else with_minus(f"{value:g}")
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


def gradient_flow(
    ax: Axes,
    ax_spread: Axes,
    gradients: Mapping[str, Array],
    spreads: Mapping[str, Array],
) -> None:
    """Draw ‖∂L/∂a‖ of each layer on the first axes, the spread of z on the second."""
    for axes, table in ((ax, gradients), (ax_spread, spreads)):
        for label, values, look in marked(table):
            layers = np.arange(1, len(values) + 1)
            axes.plot(layers, values, markersize=4, label=label, **look)
        axes.set_xlabel("layer")
    ax.set(yscale="log", ylabel="‖∂L/∂a‖")
    ax_spread.set(ylabel="standard deviation of z", ylim=(0, 1.05))
    # Above both, because inside the axes it covers a curve.
    ax.figure.legend(
        *ax.get_legend_handles_labels(), loc="outside upper center", ncols=3
    )


def gradient_error(
    ax: Axes, steps: Array, errors: Mapping[str, Sequence[float]]
) -> None:
    """Draw relative errors of numerical gradients against their step ε, and zero at 1e-17."""
    for label, values, look in marked(errors):
        visible = np.maximum(np.asarray(values), 1e-17)
        ax.loglog(steps, visible, markersize=4, label=label, **look)
    ax.invert_xaxis()
    ax.set(xlabel="step ε, smaller to the right", ylabel="relative error in norm")
    ax.legend()


def imaginary_step(
    ax: Axes, ax_loss: Axes, points: Sequence[complex], losses: Sequence[complex]
) -> None:
    """Draw a step ε to either side and one of iε, and where each leads in the plane of the loss.

    The points are w, w − ε, w + ε and w + iε, in this order; the losses are those there.
    """
    step: dict[str, Any] = {"color": COLOURS["fourth"]}
    slope: dict[str, Any] = {"color": COLOURS["backward"]}
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
            beside(axes, place, label, (0, -9), ha="center", va="top", **look)
        ends: dict[str, Any] = {
            "xy": (places[-1].real, places[-1].imag),
            "xytext": (places[0].real, 0),
        }
        axes.annotate("", **ends, arrowprops={"arrowstyle": "-|>", "lw": 2, **step})
        beside(axes, places[-1], labels[-1], (0, 5), ha="center", **step)
        axes.axhline(0, color=COLOURS["quiet"], linewidth=1, zorder=1)
        axes.grid(visible=False)
        axes.set(xlabel="real part", ylabel="imaginary part")
        axes.set_title(title, fontsize=10.5)
    end = losses[-1]
    ax_loss.plot([end.real, end.real], [0, end.imag], ":", label="εL′", **slope)
    half = complex(end.real, end.imag / 2)
    beside(ax_loss, half, "ε L′", (-5, 0), ha="right", va="center", **slope)


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
