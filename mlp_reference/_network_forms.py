"""Where everything stands in the picture of the 3-2-1 network, in its two forms."""

from typing import NamedTuple

from mlp_reference.drawing import LARGE, SMALL, Point, Size


class Note(NamedTuple):
    """A text that belongs to no place."""

    at: Point
    text: str
    colour: str
    anchor: str


class Form(NamedTuple):
    """Where everything stands."""

    width: float
    height: float
    size: Size
    label: Point  # width and height of the paper below a label
    digits: int
    boxes: dict[str, Point]
    labels: dict[str, Point]  # the middle of what stands at a weight or a bias
    ways: dict[str, tuple[Point, ...]]  # the corners of each arrow
    notes: tuple[Note, ...]
    key: tuple[Note, ...]  # what strands mean
    target: Point


def _wide() -> Form:
    """Return the form with inputs to the left."""
    x, a, z, y, rows = 60, 396, 552, 782, (150, 450)
    boxes: dict[str, Point] = {f"x{k}": (x, 200 * k - 100) for k in (1, 2, 3)}
    boxes |= {f"a{j}": (a, rows[j - 1]) for j in (1, 2)}
    boxes |= {f"z{j}": (z, rows[j - 1]) for j in (1, 2)}
    boxes |= {"y": (y, 300), "L": (y, 490)}
    labels: dict[str, Point] = {}
    ways: dict[str, tuple[Point, ...]] = {}
    for j in (1, 2):
        row = rows[j - 1]
        for k in (1, 2, 3):
            # Beside its input each weight has a line of its own, which no other crosses.
            height = 200 * k - 250 + 100 * j
            labels[f"W1_{j}{k}"] = (190, height)
            ways[f"W1_{j}{k}"] = (
                *((x + 56, 200 * k - 154 + 36 * j), (140, height), (240, height)),
                (a - 56, row + 18 * (k - 2)),
            )
        ways[f"z{j}"] = ((a + 56, row), (z - 56, row))
        ways[f"W2_1{j}"] = ((z + 56, row), (y - 56, 300 + 28 * (j - 1.5)))
        labels[f"W2_1{j}"] = (657, 300 + 160 * (j - 1.5))
        labels[f"b1_{j}"] = (a, row + 77)
    labels["b2_1"] = (y, 223)
    ways["L"] = ((y, 344), (y, 446))
    notes = (
        *(Note((474, row - 52), "tanh", "quiet", "middle") for row in rows),
        Note((842, 30), "value, computed forward →", "forward", "end"),
        Note((842, 56), "← ∂ gradient, backward", "backward", "end"),
    )
    key = (Note((842, 82), "thick: large, dashed: negative", "quiet", "end"),)
    size = (846, 600, LARGE, (96, 62), 4)
    return Form(*size, boxes, labels, ways, notes, key, (y, 560))


def _upright() -> Form:
    """Return the form with inputs on top, for a phone."""
    xs, columns, y = (53, 160, 267), (115, 205), 160
    boxes: dict[str, Point] = {f"x{k}": (xs[k - 1], 24) for k in (1, 2, 3)}
    boxes |= {f"a{j}": (columns[j - 1], 216) for j in (1, 2)}
    boxes |= {f"z{j}": (columns[j - 1], 290) for j in (1, 2)}
    boxes |= {"y": (y, 406), "L": (y, 476)}
    labels: dict[str, Point] = {}
    ways: dict[str, tuple[Point, ...]] = {}
    for j in (1, 2):
        side, column = 2 * j - 3, columns[j - 1]
        for k in (1, 2, 3):
            down = xs[k - 1] + 30 * side
            labels[f"W1_{j}{k}"] = (xs[k - 1] + 14 * side, 41 + 43 * j)
            ways[f"W1_{j}{k}"] = (
                *((down, 46), (down, 150)),
                (column + 22 * (k - 2), 194),
            )
        ways[f"z{j}"] = ((column, 238), (column, 268))
        ways[f"W2_1{j}"] = ((column, 312), (column, 362), (y + 13 * side, 384))
        labels[f"W2_1{j}"] = (column, 338)
        labels[f"b1_{j}"] = (160 + 124 * side, 216)
    labels["b2_1"] = (80, 406)
    ways["L"] = ((y, 428), (y, 454))
    notes = (
        *(Note((160 + 66 * side, 258), "tanh", "quiet", "middle") for side in (-1, 1)),
        Note((318, 400), "value ↓", "forward", "end"),
        Note((318, 418), "∂ gradient ↑", "backward", "end"),
    )
    key = (
        Note((2, 464), "thick: large,", "quiet", "start"),
        Note((2, 481), "dashed: −", "quiet", "start"),
    )
    size = (320, 500, SMALL, (72, 37), 2)
    return Form(*size, boxes, labels, ways, notes, key, (262, 481))


WIDE, UPRIGHT = _wide(), _upright()
