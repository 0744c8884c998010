"""Graphs as pictures, written as SVG by hand, and the colours of every figure.

A `circuit` has any boxes and arrows. `computational_graph` draws the 3-2-1 network, where each
place is a group with the attribute ``data-place`` and texts with ``data-shows="value"`` and
``"gradient"``; the ``data-arrow`` of an arrow names the weight on it or the box that it points to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlp_reference.walkthrough import elements, places
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample

COLOURS = {
    "ink": "#1b1f24",
    "quiet": "#6b7280",
    "grid": "#d9dce1",
    "paper": "#ffffff",
    "forward": "#0067a5",  # values, what the forward pass computes
    "backward": "#b8470a",  # gradients, what the backward pass computes
    "third": "#00795a",
    "fourth": "#8b4a9c",
    "wrong": "#b0124f",  # a wrong answer, a loss that rises
}
"""The colours by meaning. All except the grid have a contrast of at least 4.5 on paper."""

DARK = {
    "ink": "#e3e6ea",
    "quiet": "#98a1ae",
    "grid": "#3a3f47",
    "paper": "#131416",
    "forward": "#4aa8ee",
    "backward": "#f08a4b",
    "third": "#2fc79b",
    "fourth": "#e8a6e0",
    "wrong": "#ff8aae",
}
"""The same colours for a dark page. Figures are drawn in `COLOURS`; the site's style has both."""

_Point = tuple[float, float]

_WIDTH, _HEIGHT = 1100, 600
_BOX_WIDTH, _BOX_HEIGHT = 112, 84
_LABEL_WIDTH = 92  # of a label on a line, which is interrupted there
_LINE = 22  # from one line of text to the next
_NAME_LINE = 18
_APART = 18  # from one arrow to the next where they reach the same box
_BOXES: dict[str, _Point] = {
    "x1": (64, 62),
    "x2": (64, 302),
    "x3": (64, 542),
    "a1": (496, 162),
    "z1": (660, 162),
    "a2": (496, 442),
    "z2": (660, 442),
    "y": (882, 302),
    "L": (1030, 302),
}
_BIAS_OF = {"a1": "b1_1", "a2": "b1_2", "y": "b2_1"}
_WEIGHTS = (
    {  # from, to, how far below the middle it ends, where its label has most room
        f"W1_{j}{k}": (f"x{k}", f"a{j}", (k - 2) * _APART, 0.305)
        for j in (1, 2)
        for k in (1, 2, 3)
    }
    | {f"W2_1{j}": (f"z{j}", "y", (j - 1.5) * _APART, 0.5) for j in (1, 2)}
)


class _Label(NamedTuple):
    """The texts at a place, as the content of SVG text elements: value above gradient."""

    value: str
    gradient: str
    name: str = ""  # above both, where they are numbers


def symbolic_graph() -> str:
    """Return the network without numbers as SVG, with a symbol and its derivative at each place."""
    symbols = {name: _svg(place.symbol) for name, place in places(EXERCISE).items()}
    labels = {name: _Label(symbol, f"∂L/∂{symbol}") for name, symbol in symbols.items()}
    return _draw(labels | {"L": _Label("L", "∂L/∂L = 1")}, "target t")


def computational_graph(example: WorkedExample, solution: Solution) -> str:
    """Draw a network with three inputs, two hidden units and one output, with its numbers.

    Parameters
    ----------
    example : WorkedExample
        The network and its sample.
    solution : Solution
        The result of `manual.solve` for the network.

    Returns
    -------
    str
        An SVG document. Values are blue; gradients are below them, in orange, each after
        a ∂.

    Raises
    ------
    ValueError
        If the network is not of shape 3-2-1.
    """
    sizes = (len(example.x), len(example.b1), len(example.b2))
    if sizes != (3, 2, 1):
        raise ValueError(f"the network is {sizes}, expected (3, 2, 1)")
    numbers = {"": 1.0}  # the gradient at the loss
    for name, value in (vars(example) | solution._asdict()).items():
        numbers |= elements(name, value)
    labels = {}
    for name, place in places(example).items():
        is_bias = name in _BIAS_OF.values()
        labels[name] = _Label(
            ("bias " if is_bias else "") + _number(numbers[place.value]),
            f"∂ {_number(numbers[place.gradient])}",
            "" if is_bias else _svg(place.symbol),
        )
    return _draw(labels, f"target {_number(example.t[0])}")


def _number(value: float) -> str:
    return f"{value:z.4f}".replace("-", "−")


def _svg(symbol: str) -> str:
    """Return HTML with each ``<sub>`` as a lowered SVG text, because SVG has no such element."""
    low = symbol.replace("<sub>", '<tspan dy="4" font-size="15">')
    return low.replace("</sub>", "</tspan>")


def _draw(labels: Mapping[str, _Label], target: str) -> str:
    parts = [*_edges(labels), *_nodes(labels, target), *_legend()]
    return _document("".join(parts), _WIDTH, _HEIGHT)


def _document(drawn: str, width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" '
        'font-family="system-ui, sans-serif" font-size="19" text-anchor="middle">'
        f'<rect width="{width:g}" height="{height:g}" fill="{COLOURS["paper"]}"/>'
        f"{_ARROWHEAD}{drawn}</svg>"
    )


def _nodes(labels: Mapping[str, _Label], target: str) -> Iterator[str]:
    for name, (x, y) in _BOXES.items():
        yield _place(name, _box((x, y), labels[name]))
        if bias := _BIAS_OF.get(name):
            below = (x, y + _BOX_HEIGHT / 2 + _LINE)
            yield _place(bias, _pair(below, labels[bias]))
    x, y = _BOXES["L"]
    yield _text((x, y + 70), target, "quiet", 'data-shows="target"')


def _edges(labels: Mapping[str, _Label]) -> Iterator[str]:
    ends = {
        name: (_BOXES[start], (_BOXES[end][0], _BOXES[end][1] + below), along)
        for name, (start, end, below, along) in _WEIGHTS.items()
    }
    # Arrows come before the labels, so that no line crosses one.
    for name, (start, end, _) in ends.items():
        yield _arrow(name, start, end)
    for j in (1, 2):
        before, after = _BOXES[f"a{j}"], _BOXES[f"z{j}"]
        yield _arrow(f"z{j}", before, after)
        yield _text(((before[0] + after[0]) / 2, before[1] - 10), "tanh", "quiet")
    yield _arrow("L", _BOXES["y"], _BOXES["L"])
    for name, (start, end, along) in ends.items():
        yield _place(name, _weight(start, end, along, labels[name]))


def _legend() -> Iterator[str]:
    yield _text((712, 34), "value, computed forward →", "forward")
    yield _text((976, 34), "← ∂ gradient, backward", "backward")


def _place(name: str, drawn: str) -> str:
    return f'<g data-place="{name}">{drawn}</g>'


def _weight(start: _Point, end: _Point, along: float, label: _Label) -> str:
    x = start[0] + _BOX_WIDTH / 2 + along * (end[0] - start[0] - _BOX_WIDTH)
    y = start[1] + along * (end[1] - start[1])
    height = 2 * _LINE + (_NAME_LINE if label.name else 0)
    top = y - height / 2
    back = (
        f'<rect x="{x - _LABEL_WIDTH / 2:g}" y="{top:g}" '
        f'width="{_LABEL_WIDTH}" height="{height}" fill="{COLOURS["paper"]}"/>'
    )
    pair = _pair((x, top + height - _LINE - 5), label)
    if not label.name:
        return back + pair
    return back + _text((x, top + 13), label.name, "quiet", 'font-size="16"') + pair


def _arrow(name: str, start: _Point, end: _Point) -> str:
    x1, x2 = start[0] + _BOX_WIDTH / 2, end[0] - _BOX_WIDTH / 2
    return _line(f"M{x1:g} {start[1]:g}L{x2:g} {end[1]:g}", f'data-arrow="{name}" ')


def _line(path: str, more: str = "") -> str:
    look = f'stroke="{COLOURS["quiet"]}" stroke-width="1.5" fill="none"'
    return f'<path d="{path}" marker-end="url(#arrowhead)" {more}{look}/>'


def _box(centre: _Point, label: _Label) -> str:
    """Return a box with its lines of text around the middle."""
    x, y = centre
    lines = [
        (label.name, "ink", 'font-style="italic"'),
        (label.value, "forward", 'data-shows="value"'),
        (label.gradient, "backward", 'data-shows="gradient"'),
    ]
    lines = [line for line in lines if line[0]]
    first = y + 6 - _LINE * (len(lines) - 1) / 2
    frame = (
        f'<rect x="{x - _BOX_WIDTH / 2:g}" y="{y - _BOX_HEIGHT / 2:g}" '
        f'width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" rx="12" '
        f'fill="{COLOURS["paper"]}" stroke="{COLOURS["ink"]}" stroke-width="1.5"/>'
    )
    texts = [_text((x, first + _LINE * i), *line) for i, line in enumerate(lines)]
    return frame + "".join(texts)


def _pair(at: _Point, label: _Label) -> str:
    below = (at[0], at[1] + _LINE)
    value = _text(at, label.value, "forward", 'data-shows="value"')
    return value + _text(below, label.gradient, "backward", 'data-shows="gradient"')


def _text(at: _Point, text: str, colour: str, more: str = "") -> str:
    return f'<text x="{at[0]:g}" y="{at[1]:g}" fill="{COLOURS[colour]}" {more}>{text}</text>'


_ARROWHEAD = (
    '<marker id="arrowhead" markerUnits="userSpaceOnUse" markerWidth="11" markerHeight="10" '
    'refX="11" refY="5" orient="auto">'
    f'<path d="M0 0L11 5L0 10z" fill="{COLOURS["quiet"]}"/></marker>'
)


class Box(NamedTuple):
    """A box of a circuit.

    Attributes
    ----------
    title : str
        A name or a formula.
    column, row : float
        Its place. A circuit with columns 0 to 3 is legible on a phone.
    value, gradient : float or str, optional
        Shown below the title, in blue and, after a ∂, in orange.
    """

    title: str
    column: float
    row: float
    value: float | str = ""
    gradient: float | str = ""


class Arrow(NamedTuple):
    """An arrow of a circuit.

    Attributes
    ----------
    start, end : str
        The keys of two boxes.
    label : str, optional
        Stands on the arrow.
    bend : float, optional
        How many rows further down its middle is than that of a straight arrow.
    along : float, optional
        Where the label stands, from 0 at the start to 1 at the end.
    """

    start: str
    end: str
    label: str = ""
    bend: float = 0.0
    along: float = 0.5


class Note(NamedTuple):
    """A text of a circuit, with the place of its middle."""

    text: str
    column: float
    row: float


def circuit(
    boxes: Mapping[str, Box], arrows: Iterable[Arrow], notes: Sequence[Note] = ()
) -> str:
    """Draw boxes with values and gradients, and arrows between them.

    Parameters
    ----------
    boxes : mapping of str to Box
        The boxes by their keys, which the arrows refer to.
    arrows : iterable of Arrow
    notes : sequence of Note, optional

    Returns
    -------
    str
        An SVG document.

    Raises
    ------
    ValueError
        If an arrow refers to no box.
    """
    arrows = list(arrows)
    unknown = {key for arrow in arrows for key in arrow[:2]} - boxes.keys()
    if unknown:
        raise ValueError(
            f"arrows refer to {', '.join(sorted(unknown))}, "
            f"expected boxes: {', '.join(boxes)}"
        )
    centres = {key: _place_at(box.column, box.row) for key, box in boxes.items()}
    texts = [(_place_at(note.column, note.row), note.text) for note in notes]
    drawn = [_curve(centres[each.start], centres[each.end], each) for each in arrows]
    parts = [
        *(line for line, _ in drawn),  # before the labels, so that no line crosses one
        *(label for _, label in drawn),
        *(_box(centres[key], _label(box)) for key, box in boxes.items()),
        *(_text((x, y + 6), _svg(text), "quiet") for (x, y), text in texts),
    ]
    xs = [x for x, _ in centres.values()]
    ys = [(y, _BOX_HEIGHT / 2 + 2) for _, y in centres.values()]
    ys += [(y, 16) for (_, y), _ in texts]
    left, right = min(xs) - _BOX_WIDTH / 2 - 2, max(xs) + _BOX_WIDTH / 2 + 2
    top, bottom = min(y - half for y, half in ys), max(y + half for y, half in ys)
    moved = f'<g transform="translate({-left:g} {-top:g})">{"".join(parts)}</g>'
    return _document(moved, right - left, bottom - top)


def _place_at(column: float, row: float) -> _Point:
    return 194 * column, 112 * row


def _label(box: Box) -> _Label:
    gradient = "" if box.gradient == "" else f"∂ {_short(box.gradient)}"
    return _Label(_short(box.value), gradient, _svg(box.title))


def _curve(start: _Point, end: _Point, arrow: Arrow) -> tuple[str, str]:
    """Return an arrow between the borders of two boxes, and its label."""
    aim = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 112 * arrow.bend
    first, last = _border(start, aim), _border(end, aim)
    line = _line("M{:g} {:g}Q{:g} {:g} {:g} {:g}".format(*first, *aim, *last))
    if not arrow.label:
        return line, ""
    t = arrow.along
    x, y = (
        (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
        for a, b, c in zip(first, aim, last, strict=True)
    )
    width = 11 * len(re.sub("<[^>]*>", "", arrow.label)) + 8
    back = (
        f'<rect x="{x - width / 2:g}" y="{y - 13:g}" width="{width:g}" height="26" '
        f'fill="{COLOURS["paper"]}"/>'
    )
    return line, back + _text((x, y + 6), _svg(arrow.label), "quiet")


def _border(centre: _Point, aim: _Point) -> _Point:
    """Return where the line from the middle of a box to a point leaves the box."""
    dx, dy = aim[0] - centre[0], aim[1] - centre[1]
    share = 1 / max(abs(dx) / (_BOX_WIDTH / 2), abs(dy) / (_BOX_HEIGHT / 2))
    return centre[0] + share * dx, centre[1] + share * dy


def _short(number: float | str) -> str:
    if isinstance(number, str):
        return number
    return f"{round(number, 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")
