"""Thumbnails: the drawing without its words, with ids of its own, in few points."""

from xml.etree import ElementTree as ET

from course.thumbnails import WIDE, thumbnail

WIDTH = 2 * WIDE  # two units of the picture are a pixel of its thumbnail


def drawn(content: str) -> ET.Element:
    svg = f'<svg viewBox="0 0 {WIDTH} 100" role="img" aria-label="A">{content}</svg>'
    return thumbnail(svg, "small")


def path(d: str) -> str:
    return drawn(f'<path d="{d}"/>')[0].attrib["d"]


def test_words_go_with_the_paper_behind_them_and_the_drawing_stays() -> None:
    paper = 'fill="var(--figure-paper)"'
    svg = drawn(
        f'<g><rect {paper} width="9" height="9"/><text>0.5<tspan>1</tspan></text></g>'
        f'<rect {paper} stroke="var(--figure-ink)"/><rect fill="var(--figure-grid)"/>'
    )
    assert [each.tag for each in svg.iter()] == ["svg", "g", "rect", "rect"]


def test_it_is_decoration_and_takes_the_size_it_is_given() -> None:
    svg = drawn("")
    assert svg.attrib["aria-hidden"] == "true"
    assert not {"role", "aria-label", "width", "height"} & svg.attrib.keys()


def test_a_picture_in_a_box_that_scrolls_is_found() -> None:
    inner = f'<svg viewBox="0 0 {WIDTH} 9"/>'
    assert thumbnail(f'<div class="wide-picture">{inner}</div>', "small").tag == "svg"


def test_its_ids_are_its_own() -> None:
    clip = '<clipPath id="picture3-1"><rect width="9"/></clipPath>'
    svg = drawn(f'{clip}<g clip-path="url(#picture3-1)"/><use href="#picture3-1"/>')
    (name,) = {each.get("id") for each in svg.iter("clipPath")}
    assert name == "small-3-1"
    assert svg[1].attrib["clip-path"] == f"url(#{name})"
    assert svg[2].attrib["href"] == f"#{name}"
    assert len(svg[0]) == 1


def test_points_within_a_pixel_are_left_out_but_never_an_end() -> None:
    assert path("M0 0L1 0L1 1L10 1L11 1") == "M0 0L10 1L11 1"
    assert path("M0 0L0 1M5 5L5.5 5") == "M0 0L0 1M5 5L5.5 5"


def test_a_curve_stays_as_it_is() -> None:
    assert path("M0 0Q1 1 2 0L3 0") == "M0 0Q1 1 2 0L3 0"
