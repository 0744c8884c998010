"""The network without numbers: a symbol and its derivative at every place."""

import subprocess
import sys
from xml.etree import ElementTree

from mlp_reference.network_graph import symbolic_graph

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
