"""The exercise's network as a picture: a value and a gradient at every node and edge."""

from collections.abc import Iterator

from mlp_reference.plotting.style import COLOURS
from mlp_reference.worked_example import Solution, WorkedExample

WIDTH, HEIGHT = 1100, 580
BOX_WIDTH, BOX_HEIGHT = 132, 84
LINE = 22  # from one line of text to the next
INPUTS = [(84, 100), (84, 290), (84, 480)]
PRE_ACTIVATIONS = [(420, 170), (420, 410)]
ACTIVATIONS = [(624, 170), (624, 410)]
OUTPUT, LOSS = (872, 290), (1030, 290)

Point = tuple[float, float]


def computational_graph(example: WorkedExample, solution: Solution) -> str:
    """Draw a network with three inputs, two hidden units and one output, worked out.

    Parameters
    ----------
    example : WorkedExample
        The network and its sample.
    solution : Solution
        What `manual.solve` returned for it.

    Returns
    -------
    str
        An SVG document. Values stand in blue; gradients stand below them, in orange,
        each after a ∂.

    Raises
    ------
    ValueError
        If the network is not of shape 3-2-1.
    """
    sizes = (len(example.x), len(example.b1), len(example.b2))
    if sizes != (3, 2, 1):
        raise ValueError(f"the network is {sizes}, expected (3, 2, 1)")
    parts = [*_edges(example, solution), *_nodes(example, solution), *_legend()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="19" text-anchor="middle">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{COLOURS["paper"]}"/>'
        + "".join(parts)
        + "</svg>"
    )


def _nodes(example: WorkedExample, solution: Solution) -> Iterator[str]:
    for k, place in enumerate(INPUTS):
        yield _box(
            place, f"x<tspan {_LOW}>{k + 1}</tspan>", example.x[k], solution.dL_dx[k]
        )
    for j, (before, after) in enumerate(zip(PRE_ACTIVATIONS, ACTIVATIONS, strict=True)):
        index = f"<tspan {_LOW}>{j + 1}</tspan>"
        yield _box(before, f"a{index}", solution.a[j], solution.dL_da[j])
        yield _bias(before, example.b1[j], solution.dL_db1[j])
        yield _box(after, f"z{index}", solution.z[j], solution.dL_dz[j])
    yield _box(OUTPUT, "y", solution.y[0], solution.dL_dy[0])
    yield _bias(OUTPUT, example.b2[0], solution.dL_db2[0])
    yield _box(LOSS, "L", solution.loss, 1.0)
    yield _text((LOSS[0], LOSS[1] + 70), f"target {_number(example.t[0])}", "quiet")


def _edges(example: WorkedExample, solution: Solution) -> Iterator[str]:
    for j, end in enumerate(PRE_ACTIVATIONS):
        for k, start in enumerate(INPUTS):
            yield _weight(start, end, 0.28, example.W1[j][k], solution.dL_dw1[j][k])
    for j, (before, after) in enumerate(zip(PRE_ACTIVATIONS, ACTIVATIONS, strict=True)):
        yield _arrow(before, after)
        middle = ((before[0] + after[0]) / 2, before[1] - 10)
        yield _text(middle, "tanh", "quiet")
        yield _weight(after, OUTPUT, 0.5, example.W2[0][j], solution.dL_dw2[0][j])
    yield _arrow(OUTPUT, LOSS)


def _weight(
    start: Point, end: Point, along: float, value: float, gradient: float
) -> str:
    x = start[0] + BOX_WIDTH / 2 + along * (end[0] - start[0] - BOX_WIDTH)
    y = start[1] + along * (end[1] - start[1])
    back = f'<rect x="{x - 45:g}" y="{y - 23:g}" width="90" height="46" fill="{COLOURS["paper"]}"/>'
    return _arrow(start, end) + back + _pair((x, y - 3), _number(value), gradient)


def _arrow(start: Point, end: Point) -> str:
    x1, x2 = start[0] + BOX_WIDTH / 2, end[0] - BOX_WIDTH / 2
    line = f'<path d="M{x1:g} {start[1]:g}L{x2:g} {end[1]:g}"'
    return f'{line} stroke="{COLOURS["quiet"]}" stroke-width="1.3" fill="none"/>'


def _box(centre: Point, name: str, value: float, gradient: float) -> str:
    x, y = centre[0] - BOX_WIDTH / 2, centre[1] - BOX_HEIGHT / 2
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="12" '
        f'fill="{COLOURS["paper"]}" stroke="{COLOURS["ink"]}" stroke-width="1.5"/>'
        + _text((centre[0], centre[1] - LINE + 6), name, "ink", 'font-style="italic"')
        + _pair((centre[0], centre[1] + 6), _number(value), gradient)
    )


def _bias(node: Point, value: float, gradient: float) -> str:
    place = (node[0], node[1] + BOX_HEIGHT / 2 + LINE)
    return _pair(place, f"bias {_number(value)}", gradient)


def _pair(place: Point, value: str, gradient: float) -> str:
    below = (place[0], place[1] + LINE)
    return _text(place, value, "forward") + _text(
        below, f"∂ {_number(gradient)}", "backward"
    )


def _text(place: Point, text: str, colour: str, more: str = "") -> str:
    return f'<text x="{place[0]:g}" y="{place[1]:g}" fill="{COLOURS[colour]}" {more}>{text}</text>'


def _legend() -> Iterator[str]:
    yield _text((700, 36), "value, computed forward →", "forward")
    yield _text((966, 36), "← ∂ gradient, backward", "backward")


def _number(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")


_LOW = 'dy="4" font-size="14"'
