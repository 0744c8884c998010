"""The 3-2-1 network as a picture, with symbols or with numbers, wide or upright.

Each place is a group with the attribute ``data-place`` and texts with ``data-shows="value"`` and
``"gradient"``; the ``data-arrow`` of an arrow names the weight on it or the box that it points to.
Beside an arrow run two strands, ``data-strand="value"`` and ``"gradient"``, whose ``data-of`` is
the same name. A strand is the wider, the larger its number, and dashed where it is negative.
The upright form has everything that the wide one has, with two decimals, for a phone.
"""

import math
from collections.abc import Iterator, Mapping

from mlp_reference._network_forms import UPRIGHT, WIDE, Form
from mlp_reference.drawing import (
    COLOURS,
    Picture,
    Point,
    blank,
    box,
    document,
    indexed,
    line,
    text,
)
from mlp_reference.walkthrough import elements, places, with_minus
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample

STRAND = {"scale": 2.4, "least": 0.5, "most": 5.0}
"""The width of a strand is ``scale`` times the root of its number, within these bounds."""

DASHES = "5 3.5"
"""Of a strand whose number is negative, as SVG writes them."""

_BIAS_OF = {"a1": "b1_1", "a2": "b1_2", "y": "b2_1"}
_HEAD = 9  # of an arrow: strands end where it begins


def symbolic_graph(*, upright: bool = False) -> Picture:
    """Return the network without numbers as SVG, with a symbol and its derivative at each place."""
    form = UPRIGHT if upright else WIDE
    found = places(EXERCISE)
    symbols = {name: indexed(place.symbol, form.size) for name, place in found.items()}
    labels = {name: ("", symbol, f"∂L/∂{symbol}") for name, symbol in symbols.items()}
    return _draw(form, labels | {"L": ("", "L", "∂L/∂L = 1")}, "target t", {})


def computational_graph(
    example: WorkedExample, solution: Solution, *, upright: bool = False
) -> Picture:
    """Draw a network with three inputs, two hidden units and one output, with its numbers.

    Parameters
    ----------
    example : WorkedExample
        The network and its sample.
    solution : Solution
        The result of `manual.solve` for the network.
    upright : bool, optional
        Whether the inputs stand on top, and numbers have two decimals: for a phone.

    Returns
    -------
    str
        An SVG document, which a notebook shows as a picture. Values are blue; gradients
        are below them, in orange, each after a ∂.

    Raises
    ------
    ValueError
        If the network is not of shape 3-2-1.
    """
    sizes = (len(example.x), len(example.b1), len(example.b2))
    if sizes != (3, 2, 1):
        raise ValueError(f"the network is {sizes}, expected (3, 2, 1)")
    form = UPRIGHT if upright else WIDE
    numbers = {"": 1.0}  # the gradient at the loss
    for name, value in (vars(example) | solution._asdict()).items():
        numbers |= elements(name, value)
    labels, pairs = {}, {}
    for name, place in places(example).items():
        value, gradient = numbers[place.value], numbers[place.gradient]
        symbol = indexed(place.symbol, form.size)
        named = name not in _BIAS_OF.values() or upright
        written = ("" if named else "bias ") + _number(value, form.digits)
        slope = f"∂ {_number(gradient, form.digits)}"
        labels[name] = (symbol if named else "", written, slope)
        pairs[name] = (value, gradient)
    return _draw(form, labels, f"target {_number(example.t[0], form.digits)}", pairs)


def _number(value: float, digits: int) -> str:
    return with_minus(f"{value:z.{digits}f}")


def strand(value: float) -> tuple[float, bool]:
    """Return the width of the strand of a number, and whether it is dashed."""
    if value == 0:
        return 0.0, False
    width = STRAND["scale"] * math.sqrt(abs(value))
    return min(max(width, STRAND["least"]), STRAND["most"]), value < 0


_Label = tuple[str, str, str]  # name, value and gradient, as the content of SVG texts


def _draw(
    form: Form,
    labels: Mapping[str, _Label],
    target: str,
    numbers: Mapping[str, tuple[float, float]],
) -> Picture:
    colour = "grid" if numbers else "quiet"  # beside strands a line is in the way
    parts = [
        *(
            line(_path(way), f'data-arrow="{name}" ', colour)
            for name, way in form.ways.items()
        ),
        *(
            _strands(name, way, *numbers[name])
            for name, way in form.ways.items()
            if name in numbers
        ),
        # Labels come after the lines, so that no line crosses one.
        *(_place(form, name, labels[name]) for name in sorted(labels, key=_forward)),
        *(
            text(note.at, note.text, note.colour, f'text-anchor="{note.anchor}"')
            for note in (*form.notes, *(form.key if numbers else ()))
        ),
        text(form.target, target, "quiet", 'data-shows="target"'),
    ]
    return document("".join(parts), form.width, form.height, form.size)


def _forward(name: str) -> tuple[int, str]:
    """Sort places in the order of the forward pass, which is that of reading and of keys."""
    return ("x", "W1", "b1", "a", "z", "W2", "b2", "y", "L").index(_layer(name)), name


def _layer(name: str) -> str:
    return name.partition("_")[0] if "_" in name else name[0]


def _place(form: Form, name: str, label: _Label) -> str:
    is_box = name in form.boxes
    at = form.boxes[name] if is_box else form.labels[name]
    back = box(at, form.size) if is_box else blank(at, *form.label)
    style = ("ink", 'font-style="italic"') if is_box else ("quiet", "")
    return f'<g data-place="{name}">{back}{"".join(_texts(form, at, label, style))}</g>'


def _texts(
    form: Form, at: Point, label: _Label, style: tuple[str, str]
) -> Iterator[str]:
    """Write name, value and gradient below each other; name and value beside it when upright."""
    name, value, gradient = label
    lines = [
        (value, "forward", 'data-shows="value"'),
        (gradient, "backward", 'data-shows="gradient"'),
    ]
    if name and form is UPRIGHT:
        back = 'dy="-4" ' if "dy" in name else ""
        first = f'<tspan fill="{COLOURS[style[0]]}" {style[1]}>{name}</tspan>'
        second = f'<tspan dx="5" {back}data-shows="value">{value}</tspan>'
        lines[0] = (first + second, "forward", "")
    elif name:
        lines.insert(0, (name, *style))
    size = form.size
    top = at[1] + size.text / 3 - size.line * (len(lines) - 1) / 2
    for i, each in enumerate(lines):
        yield text((at[0], top + size.line * i), *each)


def _strands(name: str, way: tuple[Point, ...], value: float, gradient: float) -> str:
    """Draw the strands to both sides of an arrow, as far as its head."""
    (x1, y1), (x2, y2) = way[-2:]
    rest = 1 - _HEAD / math.hypot(x2 - x1, y2 - y1)
    until = (*way[:-1], (x1 + rest * (x2 - x1), y1 + rest * (y2 - y1)))
    right, down = (_sign(until[-1][i] - way[0][i]) for i in (0, 1))
    apart = (STRAND["most"] + 1) / 2 / math.hypot(right, down)
    drawn = ""
    for shows, number, colour, side in (
        ("value", value, "forward", apart),
        ("gradient", gradient, "backward", -apart),
    ):
        moved = tuple((x + side * down, y - side * right) for x, y in until)
        width, dashed = strand(number)
        dashes = f'stroke-dasharray="{DASHES}" ' if dashed else ""
        drawn += (
            f'<path data-strand="{shows}" data-of="{name}" d="{_path(moved)}" '
            f'stroke="{COLOURS[colour]}" stroke-width="{width:.2f}" {dashes}fill="none"/>'
        )
    return drawn


def _sign(number: float) -> int:
    return (number > 0.5) - (number < -0.5)


def _path(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
