"""The picture of the 3-2-1 network, with symbols and with numbers, and its colours."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import furo
import pytest

from mlp_reference import manual
from mlp_reference.drawing import COLOURS, DARK
from mlp_reference.network_graph import (
    computational_graph,
    strand,
    symbolic_graph,
)
from mlp_reference.walkthrough import places
from mlp_reference.worked_example import EXERCISE
from tests.mlp_reference.helpers import in_one_vector

SOLUTION = manual.solve(EXERCISE)
FORMS = (False, True)  # wide and upright
SYMBOLS = [symbolic_graph(upright=upright) for upright in FORMS]
NUMBERS = [
    computational_graph(EXERCISE, SOLUTION, upright=upright) for upright in FORMS
]
WEIGHTS = [
    *("W1,11", "W1,12", "W1,13", "W1,21", "W1,22", "W1,23"),
    *("W2,11", "W2,12"),
]
BIASES = ["b1,1", "b1,2", "b2"]
BOXES = ["x1", "x2", "x3", "a1", "a2", "z1", "z2", "y"]
LEGENDS = (
    ["value, computed forward →", "← ∂ gradient, backward", "tanh", "tanh"],
    ["value ↓", "∂ gradient ↑", "tanh", "tanh"],
)
KEYS = (["thick: large, dashed: negative"], ["thick: large,", "dashed: −"])
LEAST_TEXT = 13  # pixels
PHONE = 304  # of a screen of 320 pixels, what `course.css` gives the upright form


def drawn(svg: str, tag: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own document
    return [*root.iter(f"{{http://www.w3.org/2000/svg}}{tag}")]


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in drawn(svg, "text")]


def arrows(svg: str) -> dict[str, list[tuple[float, float]]]:
    """Return the corners of each arrow by its name."""
    found = {}
    for path in drawn(svg, "path"):
        if "data-arrow" in path.attrib:
            numbers = map(float, re.findall(r"[\d.]+", path.attrib["d"]))
            found[path.attrib["data-arrow"]] = [*zip(numbers, numbers, strict=True)]
    return found


def areas(svg: str, *, boxes: bool) -> dict[str, tuple[float, float, float, float]]:
    """Return left, top, right and bottom of each box, or of each label on a line, by its place."""
    found = {}
    for group in drawn(svg, "g"):
        (rect,) = (each for each in group if each.tag.endswith("rect"))
        x, y, width, height = (
            float(rect.attrib[name]) for name in ("x", "y", "width", "height")
        )
        if ("stroke" in rect.attrib) == boxes:
            found[group.attrib["data-place"]] = (x, y, x + width, y + height)
    return found


@pytest.mark.parametrize("upright", FORMS)
def test_every_symbol_stands_there_once_and_so_does_its_derivative(
    upright: bool,
) -> None:
    names = [*BOXES, *BIASES, *WEIGHTS]
    expected = [*names, *(f"∂L/∂{name}" for name in names), *LEGENDS[upright]]
    expected += ["L", "∂L/∂L = 1", "target t"]
    assert sorted(texts(SYMBOLS[upright])) == sorted(expected)


@pytest.mark.parametrize("upright", FORMS)
def test_the_graph_shows_every_value_and_every_gradient(upright: bool) -> None:
    e, s, digits = EXERCISE, SOLUTION, 2 if upright else 4
    names = [
        *("x1", "x2", "x3"),
        *BIASES,
        *WEIGHTS,
        *("a1", "a2", "z1", "z2", "y", "L"),
    ]
    values = in_one_vector(e.x, e.b1, e.b2, e.W1, e.W2, s.a, s.z, s.y, s.loss)
    gradients = in_one_vector(
        *(s.dL_dx, s.dL_db1, s.dL_db2, s.dL_dw1, s.dL_dw2, s.dL_da, s.dL_dz, s.dL_dy),
        1.0,
    )
    expected = [f"∂ {value:.{digits}f}" for value in gradients]
    expected += [*LEGENDS[upright], *KEYS[upright], f"target {e.t[0]:.{digits}f}"]
    for name, value in zip(names, values, strict=True):
        number = f"{value:.{digits}f}"
        apart = ["bias " + number] if name in BIASES else [name, number]
        expected += [name + number] if upright else apart
    shown = [text.replace("−", "-") for text in texts(NUMBERS[upright])]
    assert sorted(shown) == sorted(each.replace("−", "-") for each in expected)


@pytest.mark.parametrize("svg", [*SYMBOLS, *NUMBERS])
def test_both_forms_have_the_same_places_arrows_and_texts_that_change(svg: str) -> None:
    parts = [
        each.attrib
        for tag in ("g", "path", "text", "tspan")
        for each in drawn(svg, tag)
    ]
    assert {p["data-place"] for p in parts if "data-place" in p} == {*places(EXERCISE)}
    shows = Counter(p["data-shows"] for p in parts if "data-shows" in p)
    assert shows == {"value": 20, "gradient": 20, "target": 1}
    assert {*arrows(svg)} == {*(f"W1_{j}{k}" for j in (1, 2) for k in (1, 2, 3))} | {
        *("W2_11", "W2_12", "z1", "z2", "L")
    }


def test_the_upright_form_is_legible_on_a_phone() -> None:
    for svg in (SYMBOLS[True], NUMBERS[True]):
        (root,) = drawn(svg, "svg")
        scale = PHONE / float(root.attrib["viewBox"].split()[2])
        sizes = [float(e.get("font-size", 0)) for e in (root, *drawn(svg, "text"))]
        assert min(size for size in sizes if size) * scale >= LEAST_TEXT


def test_a_graph_of_another_shape_is_refused() -> None:
    wide = replace(EXERCISE, W1=[[0.1], [0.2]], x=[1.0])
    with pytest.raises(ValueError, match=r"\(1, 2, 1\), expected \(3, 2, 1\)"):
        computational_graph(wide, manual.solve(wide))


@pytest.mark.parametrize("svg", [*SYMBOLS, *NUMBERS])
def test_an_arrow_passes_its_own_label_and_no_other_and_ends_at_a_box(svg: str) -> None:
    labels, boxes = areas(svg, boxes=False), areas(svg, boxes=True)
    for name, corners in arrows(svg).items():
        points = [
            (x1 + i / 200 * (x2 - x1), y1 + i / 200 * (y2 - y1))
            for (x1, y1), (x2, y2) in pairwise(corners)
            for i in range(201)
        ]
        met = {
            place
            for place, (left, top, right, bottom) in (labels | boxes).items()
            for x, y in points
            if left < x < right and top < y < bottom
        }
        assert met == ({name} & labels.keys()), name
        for x, y in (corners[0], corners[-1]):
            borders = [
                min(abs(x - left), abs(x - right)) < 1
                or min(abs(y - top), abs(y - bottom)) < 1
                for left, top, right, bottom in boxes.values()
                if left - 1 < x < right + 1 and top - 1 < y < bottom + 1
            ]
            assert borders == [True], name
    assert svg.rindex("<path") < svg.index("<g data-place"), "no line crosses a label"


@pytest.mark.parametrize("svg", [*SYMBOLS, *NUMBERS])
def test_no_place_covers_another_and_all_of_it_is_on_the_paper(svg: str) -> None:
    (root,) = drawn(svg, "svg")
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    found = areas(svg, boxes=False) | areas(svg, boxes=True)
    for left, top, right, bottom in found.values():
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    for (a, one), (b, other) in combinations(found.items(), 2):
        apart = (
            one[2] <= other[0]
            or other[2] <= one[0]
            or one[3] <= other[1]
            or other[3] <= one[1]
        )
        assert apart, (a, b)


@pytest.mark.parametrize("upright", FORMS)
def test_arrows_point_the_way_values_go_to_an_end_of_their_own(upright: bool) -> None:
    found = arrows(NUMBERS[upright])
    down = {"L"} | ({*found} if upright else set())
    for name, corners in found.items():
        along = 1 if name in down else 0
        assert corners[0][along] < corners[-1][along], name
    assert len({corners[-1] for corners in found.values()}) == 11


# -- Strands


@pytest.mark.parametrize(
    ("value", "width", "dashed"),
    [
        (1.0, 2.4, False),
        (-0.25, 1.2, True),
        (1e-9, 0.5, False),
        (-40.0, 5.0, True),
        (0.0, 0.0, False),
    ],
)
def test_a_strand_is_as_wide_as_the_root_of_its_number_and_dashed_below_zero(
    value: float, width: float, dashed: bool
) -> None:
    found, is_dashed = strand(value)
    assert found == pytest.approx(width)
    assert is_dashed == dashed


@pytest.mark.parametrize("svg", NUMBERS)
def test_every_arrow_has_a_strand_for_its_value_and_one_for_its_gradient(
    svg: str,
) -> None:
    e, s = EXERCISE, SOLUTION
    found = {
        (p.attrib["data-of"], p.attrib["data-strand"]): p.attrib
        for p in drawn(svg, "path")
        if "data-strand" in p.attrib
    }
    assert {of for of, _ in found} == {*arrows(svg)}
    for of, value, gradient in (
        ("W1_23", e.W1[1][2], s.dL_dw1[1][2]),
        ("z2", s.z[1], s.dL_dz[1]),
        ("L", s.loss, 1.0),
    ):
        for shows, number, colour in (
            ("value", value, "forward"),
            ("gradient", gradient, "backward"),
        ):
            look = found[of, shows]
            assert look["stroke"] == COLOURS[colour]
            assert float(look["stroke-width"]) == pytest.approx(
                strand(number)[0], abs=0.01
            )
            assert ("stroke-dasharray" in look) == (number < 0)
    assert not any("data-strand" in svg for svg in SYMBOLS)


def test_it_is_drawn_the_same_every_time_and_without_matplotlib() -> None:
    code = (
        "import sys; from mlp_reference.network_graph import symbolic_graph as draw;"
        "assert 'matplotlib' not in sys.modules; sys.stdout.buffer.write(draw().encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert done.stdout.decode() == SYMBOLS[False]
    assert computational_graph(EXERCISE, SOLUTION) == NUMBERS[False]


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
