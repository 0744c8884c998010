"""Any small graph as a picture: boxes with values and gradients, and arrows between them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mlp_reference.drawing import (
    LARGE,
    Picture,
    Point,
    blank,
    box,
    document,
    indexed,
    line,
    text,
)
from mlp_reference.walkthrough import with_minus

_WIDTH, _HEIGHT = 112, 84  # of a box
_SIZE = LARGE._replace(box=(_WIDTH, _HEIGHT))


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
        How many rows further down its middle is than that of a straight arrow; further right
        where the arrow is upright.
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
) -> Picture:
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
        An SVG document, which a notebook shows as a picture.

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
    centres = {key: _place_at(each.column, each.row) for key, each in boxes.items()}
    texts = [(_place_at(note.column, note.row), note.text) for note in notes]
    drawn = [_curve(centres[each.start], centres[each.end], each) for each in arrows]
    parts = [
        *(
            arrow for arrow, _ in drawn
        ),  # before the labels, so that no line crosses one
        *(label for _, label in drawn),
        *(_filled(centres[key], each) for key, each in boxes.items()),
        *(text((x, y + 6), indexed(words), "quiet") for (x, y), words in texts),
    ]
    xs = [(x, _WIDTH / 2 + 2) for x, _ in centres.values()]
    xs += [(x, 5 * len(words) + 2) for (x, _), words in texts]
    ys = [(y, _HEIGHT / 2 + 2) for _, y in centres.values()]
    ys += [(y, 16) for (_, y), _ in texts]
    left, right = min(x - half for x, half in xs), max(x + half for x, half in xs)
    top, bottom = min(y - half for y, half in ys), max(y + half for y, half in ys)
    moved = f'<g transform="translate({-left:g} {-top:g})">{"".join(parts)}</g>'
    return document(moved, right - left, bottom - top)


def _place_at(column: float, row: float) -> Point:
    return 194 * column, 112 * row


def _filled(centre: Point, each: Box) -> str:
    """Return a box with its lines of text around the middle."""
    x, y = centre
    gradient = "" if each.gradient == "" else f"∂ {_short(each.gradient)}"
    lines = [
        (indexed(each.title), "ink", 'font-style="italic"'),
        (_short(each.value), "forward", 'data-shows="value"'),
        (gradient, "backward", 'data-shows="gradient"'),
    ]
    lines = [line for line in lines if line[0]]
    first = y + 6 - _SIZE.line * (len(lines) - 1) / 2
    texts = [text((x, first + _SIZE.line * i), *line) for i, line in enumerate(lines)]
    return box(centre, _SIZE) + "".join(texts)


def _curve(start: Point, end: Point, arrow: Arrow) -> tuple[str, str]:
    """Return an arrow between the borders of two boxes, and its label."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    aside = 112 * arrow.bend
    aim = (x + aside, y) if start[0] == end[0] else (x, y + aside)
    first, last = _border(start, aim), _border(end, aim)
    drawn = line("M{:g} {:g}Q{:g} {:g} {:g} {:g}".format(*first, *aim, *last))
    if not arrow.label:
        return drawn, ""
    t = arrow.along
    x, y = (
        (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
        for a, b, c in zip(first, aim, last, strict=True)
    )
    width = 11 * len(re.sub("<[^>]*>", "", arrow.label)) + 8
    label = text((x, y + 6), indexed(arrow.label), "quiet")
    return drawn, blank((x, y), width, 26) + label


def _border(centre: Point, aim: Point) -> Point:
    """Return where the line from the middle of a box to a point leaves the box."""
    dx, dy = aim[0] - centre[0], aim[1] - centre[1]
    share = 1 / max(abs(dx) / (_WIDTH / 2), abs(dy) / (_HEIGHT / 2))
    return centre[0] + share * dx, centre[1] + share * dy


def _short(number: float | str) -> str:
    if isinstance(number, str):
        return number
    return with_minus(f"{round(number, 4) + 0.0:.4f}".rstrip("0").rstrip("."))
