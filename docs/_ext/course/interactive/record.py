"""The record's data: small computations as pictures, with the steps at which each part is seen.

An element of a picture says from which step on it is seen (``from``), up to which one (``until``)
and at which ones it is lit (``at``); `record.js` does no more than that. Steps are counted from 1:
first those forward, in the order of the computation, then those back, in the engine's order.
"""

from collections import Counter
from typing import Any, NamedTuple

from markupsafe import Markup

from course.interactive.computations import (
    COMPUTATIONS,
    Computation,
    Place,
    Recorded,
    record,
    short,
)
from course.interactive.record_steps import WORDS, lines, said, symbols
from course.words import _, translated
from mlp_reference.drawing import Point

WIDTH = 360
BOX = (114, 46)
ACROSS, DOWN = 121, 76
"""From one column or row to the next."""
BEND = 44
"""How far apart two lines between the same nodes are, in the middle."""


class Text(NamedTuple):
    """A text in the picture, and the steps at which it is seen."""

    text: Markup
    first: int
    last: int | None = None


class Node(NamedTuple):
    """A box of the picture."""

    x: float
    y: float
    title: Markup
    value: Text
    gradients: list[Text]  # one after the other: unknown, and then as they add up
    awaited: list[Text]
    at: list[int]  # the steps at which it is lit


class Edge(NamedTuple):
    """A line of the picture, from an input to the node that is made of it."""

    path: str
    label: Point
    anchor: str
    gradient: Text
    made: int  # the step forward at which it is there
    at: list[int]


def picture(made: Computation) -> dict[str, Any]:
    """Return boxes and lines with the steps at which they are seen."""
    known = record(made.run())
    operations = [name for name in known.inputs if known.inputs[name]]
    forward = {name: step for step, name in enumerate(operations, start=1)}
    backward = {
        name: len(forward) + step for step, name in enumerate(known.gifts, start=1)
    }
    nodes = [_node(name, known, made, forward, backward) for name in known.inputs]
    edges = []
    for name, gifts in known.gifts.items():
        end = _centre(made.places[name])
        starts = {gift.target: _centre(made.places[gift.target]) for gift in gifts}
        right = any(x > end[0] for x, _ in starts.values())
        copies = Counter(gift.target for gift in gifts)
        for number, gift in enumerate(gifts):
            bend = BEND * (2 * number - 1) if copies[gift.target] > 1 else 0
            path, label, anchor = _line(starts[gift.target], end, bend, right)
            seen = Text(_gradient(short(gift.value)), backward[name])
            steps = [forward[name], backward[name]]
            edges.append(Edge(path, label, anchor, seen, forward[name], steps))
    height = max(node.y for node in nodes) + BOX[1] / 2 + 4
    return {"nodes": nodes, "edges": edges, "height": height}


def _node(
    name: str,
    known: Recorded,
    made: Computation,
    forward: dict[str, int],
    backward: dict[str, int],
) -> Node:
    formula = made.places[name].formula
    title = _italic(symbols(f"{{{name}}} = {formula}" if formula else f"{{{name}}}"))
    value = Text(Markup("{}").format(short(known.values[name])), forward.get(name, 0))
    sums = _sums(name, known, backward)
    begins = [len(forward), *sums]  # before the first step back, nothing has arrived
    ends = [step - 1 for step in sums]
    texts = ["?", *map(short, sums.values())]
    gradients = [
        Text(_gradient(text), first, last)
        for text, first, last in zip(texts, begins, [*ends, None], strict=True)
    ]
    awaited = []
    arrivals = [backward[gift.source] for gift in known.gifts_to(name)]
    if len(arrivals) > 1:
        for first, last in zip(begins, ends, strict=False):
            missing = sum(arrival > first for arrival in arrivals)
            key = "awaits" if missing == len(arrivals) else "awaits_more"
            awaited.append(Text(said(key, missing=missing), first, last))
    lit = [forward[name], backward[name]] if formula else []
    return Node(*_centre(made.places[name]), title, value, gradients, awaited, lit)


def _sums(name: str, known: Recorded, backward: dict[str, int]) -> dict[int, float]:
    """Return the sum of what has arrived at a node, by the steps at which it changes."""
    total, sums = 0.0, {}
    for gift in known.gifts_to(name):
        total += gift.value
        sums[backward[gift.source]] = total
    return sums or {backward[name]: known.gradients[name]}


def _gradient(text: str) -> Markup:
    return Markup("∂\N{NO-BREAK SPACE}{}").format(text)


def _italic(title: Markup) -> Markup:
    """Return text with symbols as SVG has it."""
    inside = title.replace("<i>", Markup('<tspan font-style="italic">'))
    return inside.replace("</i>", Markup("</tspan>"))


def _centre(place: Place) -> Point:
    x = WIDTH / 2 + ACROSS * (place.column - 1)
    return round(x, 1), round(BOX[1] / 2 + 4 + DOWN * place.row, 1)


def _line(start: Point, end: Point, bend: float, right: bool) -> tuple[str, Point, str]:
    """Return a line between the borders of two boxes, its label's place and its anchor.

    The label is at the side where no other line comes: ``right`` says that one comes from there.
    """
    middle = (start[0] + end[0]) / 2 + bend, (start[1] + end[1]) / 2
    (x1, y1), (x2, y2) = _border(start, middle), _border(end, middle)
    control = middle if bend else ((x1 + x2) / 2, (y1 + y2) / 2)
    # A long line has its label where its gradient comes from: elsewhere it passes a box.
    t = 0.8 if end[1] - start[1] > DOWN and not bend else 0.5
    x, y = (
        (1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b
        for a, c, b in zip((x1, y1), control, (x2, y2), strict=True)
    )
    to_the_left = (bend or start[0] - end[0] or (-1 if right else 1)) < 0
    aside = 6 if bend or start[0] == end[0] else 12
    x, anchor = (x - aside, "end") if to_the_left else (x + aside, "start")
    path = f"M{x1:.1f} {y1:.1f}Q{control[0]:.1f} {control[1]:.1f} {x2:.1f} {y2:.1f}"
    return path, (round(x, 1), round(y, 1)), anchor


def _border(centre: Point, aim: Point) -> Point:
    """Return where the line from the middle of a box to a point leaves the box."""
    dx, dy = aim[0] - centre[0], aim[1] - centre[1]
    share = 1 / max(abs(dx) / (BOX[0] / 2), abs(dy) / (BOX[1] / 2))
    return centre[0] + share * dx, centre[1] + share * dy


def context() -> dict[str, Any]:
    """Return what the template needs; the program needs no more than two words."""
    records = [
        {
            "name": each.name,
            "title": _(each.title),
            "alt": _(each.alt),
            "lines": lines(each),
        }
        | picture(each)
        for each in COMPUTATIONS
    ]
    words = translated(WORDS)
    spoken = {name: words[name] for name in ("play", "pause")}
    return {
        "records": records,
        "words": words,
        "width": WIDTH,
        "box": BOX,
        "data": spoken,
    }
