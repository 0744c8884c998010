"""The network without numbers: a symbol and its derivative at every place."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from mlp_reference import manual
from mlp_reference.network_graph import symbolic_graph
from mlp_reference.plotting import computational_graph
from mlp_reference.worked_example import EXERCISE

SYMBOLS = [
    *("x1", "x2", "x3", "a1", "a2", "z1", "z2", "y", "b1,1", "b1,2", "b2"),
    *("W1,11", "W1,12", "W1,13", "W1,21", "W1,22", "W1,23", "W2,11", "W2,12"),
]


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own document
    elements = root.iter("{http://www.w3.org/2000/svg}text")
    return ["".join(element.itertext()) for element in elements]


def test_every_symbol_stands_there_once_and_so_does_its_derivative() -> None:
    found = texts(symbolic_graph())
    for symbol in SYMBOLS:
        assert found.count(symbol) == 1, symbol
        assert found.count(f"∂L/∂{symbol}") == 1, symbol
    others = [text for text in found if text.removeprefix("∂L/∂") not in SYMBOLS]
    assert sorted(others) == sorted(
        [
            *("L", "∂L/∂L = 1", "target t", "tanh", "tanh"),
            *("value, computed forward →", "← ∂ gradient, backward"),
        ]
    )


def test_a_weight_stands_between_what_it_connects() -> None:
    root = ElementTree.fromstring(symbolic_graph())  # noqa: S314 - our own document
    places = {
        "".join(text.itertext()): (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in root.iter("{http://www.w3.org/2000/svg}text")
    }
    for j in (1, 2):
        for k in (1, 2, 3):
            x, y = places[f"W1,{j}{k}"]
            assert places[f"x{k}"][0] < x < places[f"a{j}"][0]
            low, high = sorted((places[f"x{k}"][1], places[f"a{j}"][1]))
            assert low - 3 < y < high + 3


def test_no_line_crosses_out_a_label() -> None:
    svg = symbolic_graph()
    assert svg.rindex("<path") < svg.index("W<tspan")


def test_it_is_drawn_the_same_every_time_and_without_matplotlib() -> None:
    code = (
        "import sys; from mlp_reference.network_graph import symbolic_graph as draw;"
        "assert 'matplotlib' not in sys.modules; sys.stdout.buffer.write(draw().encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert done.stdout.decode() == symbolic_graph()


@pytest.mark.parametrize(
    "drawn",
    [symbolic_graph(), computational_graph(EXERCISE, manual.solve(EXERCISE))],
    ids=["symbols", "numbers"],
)
def test_a_label_hides_no_line_but_its_own(drawn: str) -> None:
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own document
    svg = "{http://www.w3.org/2000/svg}"
    lines = [
        tuple(map(float, re.findall(r"[\d.]+", path.attrib["d"])))
        for path in root.iter(f"{svg}path")
        if "marker-end" in path.attrib
    ]
    labels = [
        tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        for rect in root.iter(f"{svg}rect")
        if "x" in rect.attrib and "stroke" not in rect.attrib
    ]
    assert len(lines) == 11
    assert len(labels) == 8
    for x, y, width, height in labels:
        crossing = 0
        for x1, y1, x2, y2 in lines:
            along = [i / 400 for i in range(401)]
            points = [(x1 + s * (x2 - x1), y1 + s * (y2 - y1)) for s in along]
            crossing += any(
                x <= u <= x + width and y <= v <= y + height for u, v in points
            )
        assert crossing == 1


def test_every_arrow_points_the_way_values_go() -> None:
    root = ElementTree.fromstring(symbolic_graph())  # noqa: S314 - our own document
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        if "marker-end" in path.attrib:
            x1, _, x2, _ = map(float, re.findall(r"[\d.]+", path.attrib["d"]))
            assert x1 < x2
