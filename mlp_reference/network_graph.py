"""The 3-2-1 network as a picture, written as SVG by hand: no library draws it.

`draw` sets whatever labels it is given; `symbolic_graph` gives it the letters of the exercise.
`mlp_reference.plotting.computational_graph` gives it a worked example's numbers.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlp_reference.colours import COLOURS

_WIDTH, _HEIGHT = 1100, 600
_BOX_WIDTH, _BOX_HEIGHT = 112, 84
_LABEL_WIDTH = 92  # of what stands on a line; the line is interrupted there
_LINE = 22  # from one line of text to the next
_NAME_LINE = 18
_INPUTS = [(64, 62), (64, 302), (64, 542)]
_PRE_ACTIVATIONS = [(496, 162), (496, 442)]
_ACTIVATIONS = [(660, 162), (660, 442)]
_OUTPUT, _LOSS = (882, 302), (1030, 302)
_APART = 18  # from one arrow to the next where they reach the same box
_FIRST_WEIGHTS = 0.305  # so far along, their labels have the most room

Point = tuple[float, float]


class Label(NamedTuple):
    """What stands at one place of the graph, as the inside of an SVG text.

    Attributes
    ----------
    value : str
        For the forward pass, in blue.
    gradient : str
        For the backward pass, in orange, below it.
    name : str
        Above both, where more than the name is shown.
    """

    value: str
    gradient: str
    name: str = ""


def draw(labels: Mapping[str, Label], target: str) -> str:
    """Draw the network with three inputs, two hidden units and one output.

    Parameters
    ----------
    labels : mapping of str to Label
        By place: boxes ``x1`` to ``x3``, ``a1``, ``a2``, ``z1``, ``z2``, ``y`` and ``L``,
        weights such as ``W1_23`` (second row, third column), biases such as ``b1_2``.
    target : str
        What stands below the loss.

    Returns
    -------
    str
        An SVG document. Each place is a group ``data-place`` with texts ``data-shows="value"``
        and ``"gradient"``; an arrow is ``data-arrow``, the weight on it or the box it leads to.
    """
    parts = [*_edges(labels), *_nodes(labels, target), *_legend()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="19" text-anchor="middle">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{COLOURS["paper"]}"/>'
        f"{_ARROWHEAD}" + "".join(parts) + "</svg>"
    )


def symbolic_graph() -> str:
    """Draw the network without numbers: a symbol and its derivative at every place.

    Returns
    -------
    str
        An SVG document, the same in every call.
    """
    boxes = ["x1", "x2", "x3", "a1", "a2", "z1", "z2"]
    weights = [f"W1_{j}{k}" for j in (1, 2) for k in (1, 2, 3)] + ["W2_11", "W2_12"]
    places = [*boxes, *weights, "b1_1", "b1_2"]
    symbols = {place: place[0] + subscript(place[1:]) for place in places}
    symbols |= {"y": "y", "b2_1": "b" + subscript("2")}
    labels = {place: Label(s, f"∂L/∂{s}") for place, s in symbols.items()}
    return draw(labels | {"L": Label("L", "∂L/∂L = 1")}, "target t")


def subscript(index: str) -> str:
    """Set an index low, at the end of a label.

    Parameters
    ----------
    index : str
        Such as ``1_23``, in which the layer comes first; an underscore becomes a comma.

    Returns
    -------
    str
        SVG.
    """
    return f'<tspan dy="4" font-size="15">{index.replace("_", ",")}</tspan>'


def _nodes(labels: Mapping[str, Label], target: str) -> Iterator[str]:
    for k, place in enumerate(_INPUTS, start=1):
        yield _place(f"x{k}", _box(place, labels[f"x{k}"]))
    for j, (before, after) in enumerate(
        zip(_PRE_ACTIVATIONS, _ACTIVATIONS, strict=True), start=1
    ):
        yield _place(f"a{j}", _box(before, labels[f"a{j}"]))
        yield _place(f"b1_{j}", _bias(before, labels[f"b1_{j}"]))
        yield _place(f"z{j}", _box(after, labels[f"z{j}"]))
    yield _place("y", _box(_OUTPUT, labels["y"]))
    yield _place("b2_1", _bias(_OUTPUT, labels["b2_1"]))
    yield _place("L", _box(_LOSS, labels["L"]))
    target_place = (_LOSS[0], _LOSS[1] + 70)
    yield _text(target_place, target, "quiet", 'data-shows="target"')


def _edges(labels: Mapping[str, Label]) -> Iterator[str]:
    weights = [
        (f"W1_{j}{k}", start, _below(end, k - 2), _FIRST_WEIGHTS)
        for j, end in enumerate(_PRE_ACTIVATIONS, start=1)
        for k, start in enumerate(_INPUTS, start=1)
    ]
    for j, start in enumerate(_ACTIVATIONS, start=1):
        weights.append((f"W2_1{j}", start, _below(_OUTPUT, j - 1.5), 0.5))
    for place, start, end, _ in weights:  # before any label: none is crossed out
        yield _arrow(place, start, end)
    for j, (before, after) in enumerate(
        zip(_PRE_ACTIVATIONS, _ACTIVATIONS, strict=True), start=1
    ):
        yield _arrow(f"z{j}", before, after)
        yield _text(((before[0] + after[0]) / 2, before[1] - 10), "tanh", "quiet")
    yield _arrow("L", _OUTPUT, _LOSS)
    for place, start, end, along in weights:
        yield _place(place, _weight(start, end, along, labels[place]))


def _place(name: str, drawn: str) -> str:
    return f'<g data-place="{name}">{drawn}</g>'


def _below(point: Point, arrows: float) -> Point:
    return point[0], point[1] + arrows * _APART


def _weight(start: Point, end: Point, along: float, label: Label) -> str:
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


def _arrow(place: str, start: Point, end: Point) -> str:
    x1, x2 = start[0] + _BOX_WIDTH / 2, end[0] - _BOX_WIDTH / 2
    line = (
        f'<path d="M{x1:g} {start[1]:g}L{x2:g} {end[1]:g}" marker-end="url(#arrowhead)"'
    )
    return f'{line} data-arrow="{place}" stroke="{COLOURS["quiet"]}" stroke-width="1.5" fill="none"/>'


def _box(centre: Point, label: Label) -> str:
    x, y = centre[0] - _BOX_WIDTH / 2, centre[1] - _BOX_HEIGHT / 2
    box = (
        f'<rect x="{x:g}" y="{y:g}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" rx="12" '
        f'fill="{COLOURS["paper"]}" stroke="{COLOURS["ink"]}" stroke-width="1.5"/>'
    )
    if not label.name:
        return box + _pair((centre[0], centre[1] - 5), label)
    name = _text((centre[0], centre[1] - _LINE + 6), label.name, "ink", _ITALIC)
    return box + name + _pair((centre[0], centre[1] + 6), label)


def _bias(node: Point, label: Label) -> str:
    return _pair((node[0], node[1] + _BOX_HEIGHT / 2 + _LINE), label)


def _pair(place: Point, label: Label) -> str:
    below = (place[0], place[1] + _LINE)
    value = _text(place, label.value, "forward", 'data-shows="value"')
    return value + _text(below, label.gradient, "backward", 'data-shows="gradient"')


def _text(place: Point, text: str, colour: str, more: str = "") -> str:
    return f'<text x="{place[0]:g}" y="{place[1]:g}" fill="{COLOURS[colour]}" {more}>{text}</text>'


def _legend() -> Iterator[str]:
    yield _text((712, 34), "value, computed forward →", "forward")
    yield _text((976, 34), "← ∂ gradient, backward", "backward")


_ITALIC = 'font-style="italic"'
_ARROWHEAD = (
    '<marker id="arrowhead" markerUnits="userSpaceOnUse" markerWidth="11" markerHeight="10" '
    'refX="11" refY="5" orient="auto">'
    f'<path d="M0 0L11 5L0 10z" fill="{COLOURS["quiet"]}"/></marker>'
)
