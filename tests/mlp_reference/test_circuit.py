"""Graphs of boxes and arrows: what stands in them, and where."""

import re
from xml.etree import ElementTree

import pytest

from mlp_reference.circuit import Arrow, Box, Note, circuit
from mlp_reference.drawing import COLOURS

SVG = "{http://www.w3.org/2000/svg}"
BOXES = {
    "a": Box("a<sub>1</sub>", 0, 0, 3.0, 7),
    "b": Box("b = a + 1", 1, 1, 4, -0.25),
    "c": Box("c", 2, 0),
}
ARROWS = [Arrow("a", "b", "× 1"), Arrow("b", "c"), Arrow("a", "c", "× 4", bend=-0.5)]


def parts(svg: str, tag: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own document
    return [*root.iter(f"{SVG}{tag}")]


def texts(svg: str) -> dict[str, ElementTree.Element]:
    return {"".join(text.itertext()): text for text in parts(svg, "text")}


def ends(svg: str) -> list[tuple[float, ...]]:
    """Return the six numbers of each arrow: start, the point it bends towards, end."""
    return [
        tuple(map(float, re.findall(r"-?[\d.]+", path.attrib["d"])))
        for path in parts(svg, "path")
        if "marker-end" in path.attrib
    ]


def test_values_are_blue_and_gradients_are_orange_after_a_sign_of_their_own() -> None:
    found = texts(circuit(BOXES, ARROWS))
    colours = {text: element.attrib["fill"] for text, element in found.items()}
    value, gradient = COLOURS["forward"], COLOURS["backward"]
    assert {t for t, colour in colours.items() if colour == value} == {"3", "4"}
    assert {t for t, colour in colours.items() if colour == gradient} == {
        "∂ 7",
        "∂ −0.25",
    }
    assert {"a1", "b = a + 1", "c", "× 1", "× 4"} <= found.keys()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.0, "2"),
        (100, "100"),
        (0.30000000000000004, "0.3"),
        (1 / 3, "0.3333"),
        (-1e-9, "0"),
        (0, "0"),
        ("values", "values"),
    ],
)
def test_a_value_has_the_digits_that_it_needs(number: float | str, text: str) -> None:
    assert text in texts(circuit({"a": Box("a", 0, 0, number)}, []))


def test_the_lines_of_a_box_stand_around_its_middle() -> None:
    svg = circuit(BOXES, [])
    shown = texts(svg)
    (box, *_), middle = parts(svg, "rect")[1:], 6  # a text's y is its baseline
    centre = float(box.attrib["y"]) + float(box.attrib["height"]) / 2
    heights = [float(shown[text].attrib["y"]) - middle for text in ("a1", "3", "∂ 7")]
    assert heights == [centre - 22, centre, centre + 22]
    assert float(shown["c"].attrib["y"]) - middle == centre, "alone, in the same row"


def test_arrows_lead_from_border_to_border() -> None:
    (_, start, _), across = (
        parts(circuit(BOXES, []), "rect")[1:],
        circuit(BOXES, ARROWS),
    )
    width = float(start.attrib["width"])
    downward, _, bent = ends(across)
    x1, y1, _, _, x2, y2 = downward
    assert 0 < y1 < y2 < 112
    assert (x1, x2) == (width / 2, 194 - width / 2), "from right side to left side"
    assert bent[0] == pytest.approx(width / 2)
    assert bent[1] == bent[5] < 0, "it leaves and arrives above the middle"


def test_two_upright_arrows_bend_to_either_side() -> None:
    boxes = {"a": Box("a", 0, 0), "b": Box("b", 0, 1.5)}
    left, right = ends(
        circuit(boxes, [Arrow("a", "b", bend=bend) for bend in (-0.5, 0.5)])
    )
    assert left[2] < left[0] < right[0] < right[2]
    assert left[1::2] == right[1::2]


def test_a_label_stands_on_its_arrow() -> None:
    shown = texts(circuit(BOXES, [Arrow("a", "c", "here", bend=0.5, along=0.25)]))
    x1, y1, x2, y2, x3, y3 = ends(circuit(BOXES, [Arrow("a", "c", bend=0.5)]))[0]
    x, y = (
        0.5625 * a + 0.375 * b + 0.0625 * c for a, b, c in ((x1, x2, x3), (y1, y2, y3))
    )
    assert float(shown["here"].attrib["x"]) == pytest.approx(x, abs=0.01)
    assert float(shown["here"].attrib["y"]) == pytest.approx(y + 6, abs=0.01)


def test_a_picture_of_four_columns_is_legible_on_a_phone_and_holds_everything() -> None:
    wide = {"a": Box("a", 0, 0), "b": Box("b", 3, 2.5)}
    notes = [Note("above", 1, -1), Note("below", 1, 3.5), Note("beside", 3.1, 1)]
    svg = circuit(wide, [], notes)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own document
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert width <= 700
    (group,) = parts(svg, "g")
    shift = [*map(float, re.findall(r"-?[\d.]+", group.attrib["transform"]))]
    for text in parts(svg, "text"):
        x, y = (float(text.attrib[name]) for name in ("x", "y"))
        assert 24 <= x + shift[0] <= width - 24
        assert 10 <= y + shift[1] <= height - 6


def test_each_picture_refers_to_the_one_marker_that_it_holds() -> None:
    svg = circuit(BOXES, ARROWS)
    (marker,) = parts(svg, "marker")
    assert {*re.findall(r"url\(#([^)]+)\)", svg)} == {marker.attrib["id"]}


def test_an_arrow_to_no_box_is_refused() -> None:
    with pytest.raises(ValueError, match="arrows refer to z, expected boxes: a"):
        circuit({"a": Box("a", 0, 0)}, [Arrow("a", "z")])
