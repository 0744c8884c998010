"""The picture that is shown with a link to a page."""

import textwrap
from itertools import pairwise, product
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.words import _
from mlp_reference.drawing import COLOURS

SIZE = (1200, 630)
"""Width and height in pixels, as the services that show cards ask for."""

FONT = "DejaVu Sans"
"""A font that comes with Matplotlib, so that the letters are the same on every machine."""

SIZES = ((44, 19), (36, 23), (29, 29))
"""Sizes of a title, and the number of letters of each size that fit a line."""

LAYERS = ((0, 3, "quiet"), (135, 2, "forward"), (270, 1, "backward"))
"""Distance from the left, number of neurons and colour of each layer of the network."""


def draw(path: Path, above: str, title: str, description: str) -> str:
    """Draw the card of a page, with title and network, and return its alternative text."""
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
    axes.set_axis_off()
    figure.set_facecolor(COLOURS["paper"])
    _network(axes, left=825, middle=SIZE[1] / 2 - 20)
    axes.axhspan(SIZE[1] - 14, SIZE[1], color=COLOURS["forward"])
    _text(axes, 120, above, 24, "backward", bold=True)
    lines, size = _wrapped(title)
    _text(axes, 165, lines, size, "ink", bold=True)
    below = 165 + len(lines.splitlines()) * size * 1.75 + 25
    _text(axes, below, textwrap.fill(description, 44), 20, "quiet")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    alt = _(
        "“{title}”, beside a network of three inputs, two hidden neurons and one output"
    )
    return alt.format(title=title)


def _wrapped(title: str) -> tuple[str, int]:
    """Return a title in at most three lines, and the largest size at which it fits."""
    for size, width in SIZES:
        lines = textwrap.wrap(title, width)
        if len(lines) <= 3:
            return "\n".join(lines), size
    return "\n".join(lines[:3]) + "…", SIZES[-1][0]


def _text(
    axes: Axes, top: float, text: str, size: int, colour: str, *, bold: bool = False
) -> None:
    axes.text(
        70,
        top,
        text,
        family=FONT,
        size=size,
        weight="bold" if bold else "normal",
        color=COLOURS[colour],
        linespacing=1.25,
        va="top",
        parse_math=False,
    )


def _network(axes: Axes, left: float, middle: float) -> None:
    layers = [
        [(left + x, middle + 130 * (i - (count - 1) / 2)) for i in range(count)]
        for x, count, _ in LAYERS
    ]
    for layer, following in pairwise(layers):
        for start, end in product(layer, following):
            axes.plot(*zip(start, end, strict=True), color=COLOURS["grid"], lw=4)
    for neurons, (*_place, colour) in zip(layers, LAYERS, strict=True):
        xs, ys = zip(*neurons, strict=True)
        axes.plot(xs, ys, "o", ms=54, mfc=COLOURS["paper"], mec=COLOURS[colour], mew=5)
