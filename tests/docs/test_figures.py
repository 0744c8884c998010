"""Pictures stand in the page: its colours, its font, ids of their own, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from course import figures
from course.figures import DARK_VARIABLES, LIGHT_VARIABLES, PALETTE, both_forms
from course.svg import PictureError, least_width, part_of_page
from hypothesis import given
from hypothesis import strategies as st
from sphinx.errors import ExtensionError

from mlp_reference.drawing import COLOURS, DARK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.docs.conftest import CleanBuild, Course

ALPHA = "tutorials_src/01_alpha.md"
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def drawn(inside: str, head: str = 'viewBox="0 0 200 100"') -> ET.Element:
    return part_of_page(f"{HEAD} {head}>{inside}</svg>", "Words", "picture1", PALETTE)


def html(inside: str) -> str:
    return "".join(ET.tostring(part, encoding="unicode") for part in drawn(inside))


def test_a_drawing_in_both_forms_is_there_twice_with_ids_of_its_own() -> None:
    mark = '<marker id="a"/><path d="M0 0L1 1" marker-end="url(#a)"/>'
    wide, tall = (f'{HEAD} viewBox="0 0 {width} 9">{mark}</svg>' for width in (20, 10))
    soup = BeautifulSoup(both_forms(wide, tall, "Words", "net"), "html.parser")
    forms = soup.select(".both-forms > svg.picture")
    assert [form["class"][-1] for form in forms] == ["wide", "upright"]
    assert [form["aria-label"] for form in forms] == ["Words", "Words"]
    assert len({marker["id"] for marker in soup.select("marker")}) == 2


@pytest.mark.parametrize("broken", ["wide", "upright"])
def test_of_a_drawing_in_both_forms_the_broken_one_is_named(
    tmp_path: Path, broken: str
) -> None:
    files = {"wide": tmp_path / "a.svg", "upright": tmp_path / "a-upright.svg"}
    for file in files.values():
        file.write_text(f'{HEAD} viewBox="0 0 9 9"/>', "utf-8")
    files[broken].write_text("<svg", "utf-8")
    message = f"the picture {files['wide']}: its {broken} form is no XML: "
    with pytest.raises(ExtensionError, match=re.escape(message)):
        figures._html(files["wide"], "Words", "picture1")


# -- What a picture says, and how large it is


def test_a_picture_is_one_image_with_the_words_that_describe_it() -> None:
    svg = part_of_page(f'{HEAD} viewBox="0 0 9 9"/>', 'a < b & "c"', "p", PALETTE)
    (tag,) = BeautifulSoup(ET.tostring(svg), "html.parser").select("svg")
    assert (tag["role"], tag["aria-label"]) == ("img", 'a < b & "c"')


@pytest.mark.parametrize(
    ("head", "size", "box"),
    [
        ('viewBox="0 0 200 100"', "200 100", "0 0 200 100"),
        ('width="9" height="7px"', "9 7", "0 0 9 7"),
        ('width="150pt" height="75pt" viewBox="0 0 150 75"', "200 100", "0 0 150 75"),
        ('width="100%" height="9" viewBox="0 0 200 100"', "200 100", "0 0 200 100"),
    ],
)
def test_a_picture_has_a_size_in_pixels(head: str, size: str, box: str) -> None:
    svg = drawn("", head)
    assert f"{svg.attrib['width']} {svg.attrib['height']}" == size
    assert svg.attrib["viewBox"] == box


@pytest.mark.parametrize(
    ("inside", "head", "width"),
    [
        # Text of 19 pixels may become half as large.
        ('<text font-size="38"/><text style="font-size: 19px"/>', "0 0 200 100", 100),
        ("<text>c</text>", '0 0 160 9" font-size="19', 80),
        ('<text font-size="5">d</text>', "0 0 200 100", 200),  # no more than it has
        ("", "0 0 200 100", 0),
    ],
)
def test_a_picture_may_shrink_until_its_smallest_text_is_as_small_as_can_be_read(
    inside: str, head: str, width: int
) -> None:
    assert least_width(drawn(inside, f'viewBox="{head}"')) == width


# -- What is left out


def test_what_nobody_sees_is_left_out() -> None:
    svg = part_of_page(
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">'
        f'{HEAD} viewBox="0 0 9 9" version="1.1"><!-- words --><metadata><a/></metadata>'
        "<title>A tooltip</title><defs><style>*{stroke-linejoin: round; "
        'stroke-linecap: butt}</style></defs><g id="a"><g> <path d="M1 2"/>\n</g></g></svg>',
        "Words",
        "picture1",
        PALETTE,
    )
    assert [(part.tag, part.attrib) for part in svg] == [("path", {"d": "M1 2"})]
    assert svg.attrib["stroke-linejoin"] == "round", "what the style sheet asked for"
    assert "xmlns" not in ET.tostring(svg, encoding="unicode")


def test_the_sheet_of_paper_is_left_out_and_what_hides_a_line_is_not() -> None:
    rest = '<path d="M0 0L9 9"/><rect x="1" y="1" width="9" height="9" fill="#FFFFFF"/>'
    for paper in (
        '<rect width="200" height="100" fill="#ffffff"/>',
        '<g id="patch_1"><path d="M 0 100 \nL 200 100 \nL 200 -0 \nL 0 -0 \nz" '
        'style="fill: #ffffff"/></g>',
    ):
        assert html(paper + rest) == html(rest)
    assert "var(--figure-paper)" in html(rest)
    assert "var(--figure-paper)" in html(
        '<rect width="99" height="100" fill="#ffffff"/>'
    )
    assert "<rect" in html('<rect width="200" height="100" fill="#0067a5"/>')


def test_coordinates_are_rounded_where_nobody_sees_it() -> None:
    path = '<path d="M 71.317993 -221.1987 \nL 0.001 -0.0 \nC 1 2e-9 3 4 5 6.000001 \nz\n"/>'
    assert html(path) == '<path d="M71.32 -221.2L0 0C1 2e-9 3 4 5 6z" />'
    assert html('<text x="1.239" transform="rotate(-0 1.2 3.4)">0.12345</text>') == (
        '<text x="1.24">0.12345</text>'
    )
    assert "rotate(-90 1.23 3)" in html(
        '<text transform="rotate(-90 1.234 3)">y</text>'
    )


def test_text_keeps_its_words_and_takes_the_font_of_the_page() -> None:
    text = "<text style=\"font: 9px; font-family: 'DejaVu Sans'\">a <tspan>1</tspan> is b</text>"
    svg = drawn(text)
    assert "".join(svg[0].itertext()) == "a 1 is b"
    assert "DejaVu" not in ET.tostring(svg, encoding="unicode")


def test_the_characters_of_a_formula_follow_each_other() -> None:
    formula = '<text><tspan x="0" y="-1">1</tspan><tspan x="{}" y="-4">2</tspan></text>'
    assert html(formula.format("6.6")) == (
        '<text><tspan x="0" y="-1">1</tspan><tspan y="-4">2</tspan></text>'
    )
    assert html(formula.format("0")).count("x=") == 2, "these stand above each other"


# -- Colours


@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_becomes_a_variable_of_both_themes(name: str) -> None:
    code, variable = COLOURS[name], f"var(--figure-{name})"
    for written in (code, code.upper()):
        assert html(f'<path style="stroke: {written}" d="M0 0"/>').count(variable) == 1
        assert html(f'<path fill="{written}" d="M0 0"/>').count(variable) == 1
    assert LIGHT_VARIABLES[f"figure-{name}"] == code
    assert DARK_VARIABLES[f"figure-{name}"] == DARK[name]


def test_black_that_nobody_asked_for_is_ink() -> None:
    assert drawn("<text>black unless told</text>").attrib["fill"] == "var(--figure-ink)"


@pytest.mark.parametrize(
    "colour", ["#808080", "black", "#000000", "rgb(1,2,3)", "#fff"]
)
@pytest.mark.parametrize("form", ['stroke="{}"', 'style="fill: {}"'])
def test_a_colour_of_no_meaning_is_refused(colour: str, form: str) -> None:
    with pytest.raises(PictureError, match=re.escape(f"the colour {colour}, ")):
        html(f"<g><path {form.format(colour)}/></g>")


def test_no_colour_is_no_stray_colour() -> None:
    assert html('<path fill="none" d="M0 0"/>') == '<path fill="none" d="M0 0" />'


# -- Ids


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>1</script>", "holds <script>"),
        ("<image/>", "holds <image>"),
        ("<style>text {fill: red}</style>", "style sheet"),
        ('<use href="#there"/>', "refers to there"),
        ('<path clip-path="url(#there)"/>', "refers to there"),
        ('<use xlink:href="https://example.org/a.svg#b"/>', "not part of it"),
        ('<path fill="none" mask="url(other.svg#b)"/>', "not part of it"),
        ('<g id="a"/><g id="a"/><use href="#a"/>', "the id a twice"),
        ("<g>", "is no XML"),
        ("", "neither its width and height nor its viewBox"),
    ],
)
def test_what_cannot_be_part_of_a_page_is_refused(inside: str, message: str) -> None:
    with pytest.raises(PictureError, match=re.escape(message)):
        drawn(inside, 'viewBox="0 0 9 9"' if inside else "")


names = st.sampled_from(["a", "b", "arrowhead", "p0e2a5c65d4", "picture1-1", "a-0.5"])
forms = st.sampled_from(
    [
        '<use href="#{}"/>',
        '<use xlink:href="#{}"/>',
        '<g clip-path="url(#{})"><path/></g>',
        '<path style="fill: none; marker-end: url(#{})"/>',
    ]
)


@st.composite
def pictures(draw: st.DrawFn) -> str:
    """Draw a picture in which ids are referred to in each way, before and after they come."""
    ids = draw(st.lists(names, unique=True, min_size=1))
    parts = [f'<path id="{name}" d="M0 0"/>' for name in ids]
    used = draw(st.lists(st.sampled_from(ids), max_size=6))
    parts += [draw(forms).format(name) for name in used]
    inside = "".join(draw(st.permutations(parts)))
    return f'{HEAD} viewBox="0 0 9 9">{inside}</svg>'


def references(svg: ET.Element) -> list[str]:
    values = [value for part in svg.iter() for value in part.attrib.values()]
    found = [re.fullmatch(r"#(.+)|url\(#(.+)\)", value) for value in values]
    return [match[1] or match[2] for match in found if match]


def ids(svg: ET.Element) -> list[str]:
    return [part.attrib["id"] for part in svg.iter() if "id" in part.attrib]


@given(st.lists(pictures(), min_size=2, max_size=4))
def test_ids_differ_whatever_the_pictures_of_a_page_hold(
    documents: Sequence[str],
) -> None:
    page = [
        part_of_page(document, "", f"picture{number}", PALETTE)
        for number, document in enumerate(documents, start=1)
    ]
    found = [name for svg in page for name in ids(svg)]
    assert len(found) == len(set(found))
    for svg, document in zip(page, documents, strict=True):
        assert set(references(svg)) == set(ids(svg)), "each leads into the same picture"
        assert len(references(svg)) == document.count("#")


# -- Whole pages


WIDE = """\
SVG('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 90"><text font-size="10" \
fill="#1b1f24">wide</text><path id="m" d="M0 0"/><use href="#m"/></svg>')"""
SMALL = """\
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')"""


def test_a_figure_keeps_its_caption_and_its_place(built: CleanBuild) -> None:
    (figure,) = built.course.page("tutorials/01_alpha").select("figure")
    assert figure.select("svg[role=img][aria-label='A grey square']")
    assert not figure.select("img")
    assert figure.select_one(".caption-text") is not None
    assert not figure.select("[tabindex]"), "it fits on a phone"
    assert not (built.course.site / "_images").exists()


def test_a_new_drawing_is_on_the_page_and_stays_when_only_another_page_changes(
    course: Course,
) -> None:
    course.edit(ALPHA, SMALL, WIDE)
    course.edit(
        "docs/by_hand.md", "# Written by hand\n", "# Written\n\n![Again](by.svg)\n"
    )
    (course.root / "docs/by.svg").write_text(f'{HEAD} viewBox="0 0 8 8"/>', "utf-8")
    course.build_well()
    box = course.page("tutorials/01_alpha").select_one("figure .wide-picture")
    assert box is not None
    assert (box["tabindex"], box["role"]) == ("0", "group")
    assert box.get("aria-label")
    assert box.select_one("svg[style='min-width:855px'] #picture1-1") is not None
    (course.root / "docs/by.svg").write_text(f'{HEAD} viewBox="0 0 7 7"/>', "utf-8")
    course.edit(ALPHA, "The first prose.", "Other prose.")
    course.build_well()
    assert course.page("by_hand").select(
        "svg[viewBox='0 0 7 7'], svg[viewbox='0 0 7 7']"
    )
    assert course.page("tutorials/01_alpha").select("figure .wide-picture #picture1-1")
    assert not list(course.site.rglob("*.svg"))


def test_a_stray_colour_stops_the_build_and_is_named(course: Course) -> None:
    course.edit(ALPHA, SMALL, WIDE.replace("#1b1f24", "#123456"))
    finished = course.build()
    assert finished.returncode != 0
    assert "has the colour #123456" in finished.stderr
    assert ".svg" in finished.stderr
