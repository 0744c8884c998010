"""The picture of the 3-2-1 network, with symbols and with numbers, and its colours."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import furo  # type: ignore[import-untyped]
import pytest

from mlp_reference import manual
from mlp_reference.network_graph import (
    COLOURS,
    DARK,
    computational_graph,
    symbolic_graph,
)
from mlp_reference.worked_example import EXERCISE
from tests.mlp_reference.helpers import in_one_vector

SOLUTION = manual.solve(EXERCISE)
SYMBOLS = symbolic_graph()
NUMBERS = computational_graph(EXERCISE, SOLUTION)
WEIGHTS = [
    *("W1,11", "W1,12", "W1,13", "W1,21", "W1,22", "W1,23"),
    *("W2,11", "W2,12"),
]
NAMES = [
    *("x1", "x2", "x3", "a1", "a2", "z1", "z2", "y", "b1,1", "b1,2", "b2"),
    *WEIGHTS,
]
EXPLANATIONS = ["value, computed forward →", "← ∂ gradient, backward", "tanh", "tanh"]


def drawn(svg: str, tag: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own document
    return [*root.iter(f"{{http://www.w3.org/2000/svg}}{tag}")]


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in drawn(svg, "text")]


def arrows(svg: str) -> list[tuple[float, ...]]:
    return [
        tuple(map(float, re.findall(r"[\d.]+", path.attrib["d"])))
        for path in drawn(svg, "path")
        if "marker-end" in path.attrib
    ]


def test_every_symbol_stands_there_once_and_so_does_its_derivative() -> None:
    expected = [*NAMES, *(f"∂L/∂{name}" for name in NAMES), *EXPLANATIONS]
    assert sorted(texts(SYMBOLS)) == sorted([*expected, "L", "∂L/∂L = 1", "target t"])


def test_the_graph_shows_every_value_and_every_gradient() -> None:
    e, s = EXERCISE, SOLUTION
    values = in_one_vector(e.x, e.b1, e.b2, e.W1, e.W2, s.a, s.z, s.y, s.loss)
    gradients = in_one_vector(
        *(s.dL_dx, s.dL_db1, s.dL_db2, s.dL_dw1, s.dL_dw2, s.dL_da, s.dL_dz, s.dL_dy),
        1.0,
    )
    boxes = ["x1", "x2", "x3", "a1", "a2", "z1", "z2", "y", "L"]
    expected = [f"{value:.4f}" for value in values]
    expected += [f"∂ {value:.4f}" for value in gradients]
    expected += [*boxes, *WEIGHTS, *EXPLANATIONS, "target 0.5000"]
    shown = [text.replace("−", "-").removeprefix("bias ") for text in texts(NUMBERS)]
    assert sorted(shown) == sorted(expected)
    weights = in_one_vector(e.W1, e.W2)
    for name, value in zip(WEIGHTS, weights, strict=True):
        assert shown[shown.index(name) + 1] == f"{value:.4f}", "right above its value"


def test_a_graph_of_another_shape_is_refused() -> None:
    wide = replace(EXERCISE, W1=[[0.1], [0.2]], x=[1.0])
    with pytest.raises(ValueError, match=r"\(1, 2, 1\), expected \(3, 2, 1\)"):
        computational_graph(wide, manual.solve(wide))


def test_a_weight_stands_between_what_it_connects() -> None:
    at = {
        "".join(text.itertext()): (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in drawn(SYMBOLS, "text")
    }
    for j in (1, 2):
        for k in (1, 2, 3):
            x, y = at[f"W1,{j}{k}"]
            assert at[f"x{k}"][0] < x < at[f"a{j}"][0]
            low, high = sorted((at[f"x{k}"][1], at[f"a{j}"][1]))
            assert low - 3 < y < high + 3


@pytest.mark.parametrize("svg", [SYMBOLS, NUMBERS], ids=["symbols", "numbers"])
def test_a_label_hides_no_line_but_its_own_and_is_crossed_out_by_none(svg: str) -> None:
    labels = [
        tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        for rect in drawn(svg, "rect")
        if "x" in rect.attrib and "stroke" not in rect.attrib
    ]
    assert len(arrows(svg)) == 11
    assert len(labels) == 8
    for x, y, width, height in labels:
        crossing = 0
        for x1, y1, x2, y2 in arrows(svg):
            along = [i / 400 for i in range(401)]
            points = [(x1 + s * (x2 - x1), y1 + s * (y2 - y1)) for s in along]
            crossing += any(
                x <= u <= x + width and y <= v <= y + height for u, v in points
            )
        assert crossing == 1
    assert svg.rindex("<path") < svg.index("W<tspan")


def test_every_arrow_points_the_way_values_go_to_an_end_of_its_own() -> None:
    assert all(x1 < x2 for x1, _, x2, _ in arrows(SYMBOLS))
    assert len({end for *_, x2, y2 in arrows(SYMBOLS) for end in [(x2, y2)]}) == 11


def test_it_is_drawn_the_same_every_time_and_without_matplotlib() -> None:
    code = (
        "import sys; from mlp_reference.network_graph import symbolic_graph as draw;"
        "assert 'matplotlib' not in sys.modules; sys.stdout.buffer.write(draw().encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert done.stdout.decode() == SYMBOLS
    assert computational_graph(EXERCISE, SOLUTION) == NUMBERS


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, as the guidelines (WCAG) measure it."""
    luminances = []
    for code in (first, second):
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        )
        luminances.append(0.2126 * r + 0.7152 * g + 0.0722 * b)
    low, high = sorted(luminances)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("palette", [COLOURS, DARK], ids=["light", "dark"])
def test_what_is_to_be_read_stands_out_from_the_paper_and_the_grid_stays_behind(
    palette: dict[str, str],
) -> None:
    assert list(palette) == list(COLOURS)
    assert len(set(palette.values())) == len(palette), "no two look the same"
    for name in palette.keys() - {"grid", "paper"}:
        assert contrast(palette[name], palette["paper"]) >= 4.5, name
    assert 1.3 < contrast(palette["grid"], palette["paper"]) < 2.5


def test_paper_has_the_colour_of_the_page() -> None:
    (sheet,) = Path(furo.__file__).parent.glob("theme/furo/static/styles/furo.css")
    pages = re.findall(r"--color-background-primary:(#\w+)", sheet.read_text("utf-8"))
    assert set(pages) == {"#fff", DARK["paper"]}
    assert COLOURS["paper"] == "#ffffff"
