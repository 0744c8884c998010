"""Classes: probabilities, losses, regions of the plane, pictures of digits and of weights."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from mlp_reference.arrays import Array
from mlp_reference.drawing import COLOURS
from mlp_reference.plotting._style import beside, marked
from mlp_reference.walkthrough import with_minus

CLASSES = (("third", "o"), ("fourth", "s"), ("ink", "^"))
"""Colour and marker of each class. Blue and orange are left to values and gradients."""


def class_bars(axes: Sequence[Axes], values: Mapping[str, Array]) -> None:
    """Draw values of each class, such as logits and probabilities, as bars on axes of their own."""
    for ax, (title, heights) in zip(axes, values.items(), strict=True):
        bars = ax.bar(range(len(heights)), heights, 0.6, color=COLOURS["forward"])
        labels = [with_minus(f"{height:.2f}") for height in heights]
        ax.bar_label(bars, labels, padding=2)
        ax.axhline(0, color=COLOURS["quiet"], linewidth=0.8)
        _over_classes(ax, len(heights))
        ax.set_axisbelow(True)
        ax.set_title(title)
        ax.margins(y=0.2)  # room for the numbers


def surprise(ax: Axes, p: Array) -> None:
    """Draw −ln p over p, with the loss that each class would have if it were the right one."""
    curve = np.linspace(0.01, 1, 100)
    ax.plot(curve, -np.log(curve), color=COLOURS["forward"])
    for c, probability in enumerate(p):
        loss = -float(np.log(probability))
        ax.plot([probability], [loss], "o", color=COLOURS["forward"])
        beside(ax, complex(probability, loss), f"class {c}: {loss:.2f}", (8, 4))
    ax.set(xlabel="probability of the right class", ylabel="loss −ln p")
    ax.set(xlim=(0, 1.02), ylim=(0, None))


def probability_minus_target(ax: Axes, p: Array, t: Array) -> None:
    """Draw each class's probability and target, and the arrow p − t from one to the other."""
    places = np.arange(len(p))
    look: dict[str, Any] = {"color": "none", "edgecolor": COLOURS["forward"]}
    ax.bar(places, p, 0.5, linewidth=1.5, label="probability p", **look)
    line: dict[str, Any] = {"color": COLOURS["ink"], "linewidth": 2.4, "zorder": 4}
    ax.hlines(t, places - 0.32, places + 0.32, label="target t", **line)
    for c, (probability, target) in enumerate(zip(p, t, strict=True)):
        arrow: dict[str, Any] = {"arrowstyle": "-|>", "color": COLOURS["backward"]}
        arrow |= {"linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (c, probability), (c, target), arrowprops=arrow)
        difference = probability - target
        height = max((probability + target) / 2, 0.07)  # clear of the line at 0
        text = with_minus(f"{difference:+.2f}")
        ax.text(c + 0.34, height, text, color=COLOURS["backward"], va="center")
    _over_classes(ax, len(p))
    ax.set(ylim=(-0.06, 1.1))
    ax.legend(loc="upper right")


def _over_classes(ax: Axes, classes: int) -> None:
    ax.set(xticks=range(classes), xlabel="class")
    ax.grid(visible=False, axis="x")


def naive_and_stable(ax: Axes, logits: Array, naive: Array, stable: Array) -> None:
    """Draw a loss over a logit, as it is and as it is computed until that is not finite."""
    ax.plot(logits, stable, color=COLOURS["third"], label="log-sum-exp")
    finite = np.isfinite(naive)
    look: dict[str, Any] = {"color": COLOURS["wrong"]}
    name = "−ln of the naive softmax"
    ax.plot(logits[finite], naive[finite], "--", label=name, **look)
    ax.plot(logits[finite][-1:], naive[finite][-1:], "x", markersize=9, **look)
    ax.set(xlabel="logit of the wrong class", ylabel="loss")
    ax.legend()


def two_losses(
    ax: Axes,
    ax_gradient: Axes,
    logits: Array,
    losses: Mapping[str, Array],
    gradients: Mapping[str, Array],
) -> None:
    """Draw losses over a logit on the first axes, and their gradients on the second."""
    for axes, title, curves in (
        (ax, "loss", losses),
        (ax_gradient, "gradient ∂L/∂y₀", gradients),
    ):
        for (label, values), style in zip(curves.items(), ("-", "--"), strict=True):
            axes.plot(logits, values, style, label=label)
        axes.set(title=title, xlabel="logit y₀")
    ax.figure.legend(
        *ax.get_legend_handles_labels(), loc="outside upper center", ncols=2
    )


def regions(
    axes: Iterable[Axes], ticks: Array, maps: Mapping[str, Array], X: Array, t: Array
) -> None:
    """Draw the regions of three classes, with points, for networks on axes of their own.

    Each map has a row of logits for each point of the grid of `ticks`, row by row. A region is
    where its class has the largest one.
    """
    size = len(ticks)
    for ax, (title, logits) in zip(axes, maps.items(), strict=True):
        for c, (name, marker) in enumerate(CLASSES):
            others = np.delete(logits, c, axis=1).max(axis=1)
            lead = (logits[:, c] - others).reshape(size, size)
            drawn = []
            if lead.max() > 0:
                look: dict[str, Any] = {"colors": [COLOURS[name]], "alpha": 0.2}
                levels = [0, float(lead.max()) + 1]
                drawn.append(ax.contourf(ticks, ticks, lead, levels=levels, **look))
            if c and lead.min() < 0 < lead.max():  # each border is also another class's
                look = {"colors": COLOURS["ink"], "linewidths": 0.8}
                drawn.append(ax.contour(ticks, ticks, lead, levels=[0], **look))
            for contours in drawn:
                paths = [_simplified(path, ticks) for path in contours.get_paths()]
                contours.set_paths(paths)
            ax.plot(*X[t == c].T, marker, color=COLOURS[name], markersize=3)
        ax.set(title=title, aspect="equal", xticks=[], yticks=[])
        ax.grid(visible=False)


def _simplified(path: Path, ticks: Array) -> Path:
    """Return a path without the points that nobody would miss, for the sake of the page's size."""
    path.should_simplify = True
    path.simplify_threshold = float(ticks[-1] - ticks[0]) / 1000
    found = path.cleaned(simplify=True)
    vertices, codes = np.array(found.vertices), np.array(found.codes)
    return Path(vertices[:-1], codes[:-1])  # without the mark of its end


SHADES = 4
"""How many opacities stand for numbers, so that neighbours of one shade are drawn as one."""


def digits(
    ax: Axes, images: Array, columns: int, labels: Sequence[str] | None = None
) -> None:
    """Draw pictures of 8 × 8 pixels, or of as many weights, in rows of so many columns.

    The darker a cell, the larger its number. Where some are negative, those are purple and the
    others green; a label stands below its picture.
    """
    lines = max((label.count("\n") + 1 for label in labels or ()), default=0)
    wide, high = 10.5, 9.5 + 0.38 * columns * lines
    largest, signed = float(np.abs(images).max()), bool((images < 0).any())
    shades = np.rint(SHADES * images / largest).astype(int).reshape(-1, 8, 8)
    cells: dict[int, list[Path]] = {}
    for n, picture in enumerate(shades):
        left, top = wide * (n % columns), high * (n // columns)
        cells.setdefault(0, []).append(_rectangle(left, top, 8, 8))
        for row, values in enumerate(picture.tolist()):
            column = 0
            for shade, equal in itertools.groupby(values):
                length = len(list(equal))
                run = _rectangle(left + column, top + row, length, 1)
                cells.setdefault(shade, []).extend([run] if shade else [])
                column += length
        if labels is not None:
            ax.text(left + 4, top + 8.5, labels[n], ha="center", va="top")
    for shade, paths in sorted(cells.items()):
        name = "ink" if not signed else "third" if shade > 0 else "fourth"
        look: dict[str, Any] = {
            "facecolor": COLOURS[name],
            "alpha": abs(shade) / SHADES,
        }
        if not shade:  # the frames
            look = {"facecolor": "none", "edgecolor": COLOURS["grid"]}
        # All of a shade as one, which takes the fewest bytes.
        whole = Path.make_compound_path(*paths)
        ax.add_patch(PathPatch(whole, linewidth=0 if shade else 0.8, **look))
    rows = -(-len(images) // columns)
    bottom = rows * high - (0 if lines else 1)
    ax.set(xlim=(-0.5, columns * wide - 2), ylim=(bottom, -0.5), aspect="equal")
    ax.axis("off")


def _rectangle(x: float, y: float, width: float, height: float) -> Path:
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    return Path([(x + width * a, y + height * b) for a, b in corners], closed=True)


def confusion(ax: Axes, counts: Array) -> None:
    """Draw how often each class (row) was taken for each (column); mistakes are crimson."""
    for (row, column), count in np.ndenumerate(counts):
        right = row == column
        colour = "ink" if right else "wrong" if count else "quiet"
        bold = "bold" if count and not right else "normal"
        place: dict[str, Any] = {"ha": "center", "va": "center", "weight": bold}
        ax.text(
            column, row, f"{count}" if count else "·", color=COLOURS[colour], **place
        )
        if right:
            corner = (column - 0.5, row - 0.5)
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=COLOURS["grid"], lw=0))
    classes = len(counts)
    edge = classes - 0.4
    ax.set(xlim=(-0.6, edge), ylim=(edge, -0.6), aspect="equal")
    ax.set(xticks=range(classes), yticks=range(classes))
    ax.set(xlabel="answer", ylabel="right class")
    ax.grid(visible=False)


def gradient_lengths(
    axes: Sequence[Axes], tables: Mapping[str, Mapping[str, Sequence[float]]]
) -> None:
    """Draw the length of ∂L/∂a in each layer, for each activation on axes of its own."""
    for ax, (title, table) in zip(axes, tables.items(), strict=True):
        for label, norms, look in marked(table):
            layers = range(1, len(norms) + 1)
            ax.semilogy(layers, norms, label=label, markersize=4, **look)
        ax.set(title=title, xlabel="layer", xticks=layers)
    for ax, table in zip(axes, tables.values(), strict=True):  # once all are drawn
        lowest = min(map(min, table.values()))
        edge = 10.0 ** np.floor(np.log10(lowest))  # a tick below every point
        ax.set_ylim(bottom=min(edge, ax.get_ylim()[0]))
    axes[0].set_ylabel("gradient ‖∂L/∂a‖")
    names = axes[0].get_legend_handles_labels()
    axes[0].figure.legend(*names, loc="outside upper center", ncols=len(table))
