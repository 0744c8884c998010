"""How large a picture is, how small it may become, and what it is drawn on."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from course.svg.clean import PictureError

SMALLEST_TEXT = 9.5
"""Pixels. A picture shrinks with the page until its smallest text has this size."""

PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)([a-z]*)")
GROUPS = {"svg", "g", "defs"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def frame(svg: ET.Element) -> None:
    """Give it a size in pixels, and the width below which its text would be too small."""
    size = [LENGTH.fullmatch(svg.get(name, "")) for name in ("width", "height")]
    pixels = [float(m[1]) * PIXELS[m[2]] for m in size if m and m[2] in PIXELS]
    box = [float(number) for number in NUMBER.findall(svg.get("viewBox", ""))]
    if len(box) != 4 and len(pixels) == 2:
        box = [0.0, 0.0, *pixels]
    if len(box) != 4 or not box[2] or not box[3]:
        raise PictureError("says neither its width and height nor its viewBox")
    width, height = pixels if len(pixels) == 2 else box[2:]
    svg.attrib |= {
        "viewBox": " ".join(f"{number:g}" for number in box),
        "width": f"{width:.0f}",
        "height": f"{height:.0f}",
    }


def least_width(svg: ET.Element) -> int:
    """Find the width in pixels below which the picture's smallest text is hard to read.

    Parameters
    ----------
    svg : Element
        What `part_of_page` returned.

    Returns
    -------
    int
        At most the picture's own width; 0 if it has no text.
    """
    sizes = list(_text_sizes(svg, 16.0))
    if not sizes:
        return 0
    box_width = float(svg.attrib["viewBox"].split()[2])
    return round(
        min(float(svg.attrib["width"]), SMALLEST_TEXT / min(sizes) * box_width)
    )


def _text_sizes(element: ET.Element, inherited: float) -> Iterator[float]:
    """Find the size of every text; indices may be smaller."""
    match = LENGTH.fullmatch(element.get("font-size", ""))
    size = float(match[1]) if match else inherited
    if element.tag == "text":
        yield size
        return
    for child in element:
        yield from _text_sizes(child, size)


def remove_paper(svg: ET.Element) -> None:
    """Remove the sheet below everything, if there is one: the page itself is the paper."""
    width, height = svg.attrib["viewBox"].split()[2:]
    parents = {child: parent for parent in svg.iter() for child in parent}
    first = next((part for part in svg.iter() if part.tag not in GROUPS), svg)
    corners = (first.get(name, "0") for name in ("x", "y", "width", "height"))
    numbers = NUMBER.findall(first.get("d") or " ".join(corners))
    painted = (
        first.get("fill") == "var(--figure-paper)" and "stroke" not in first.attrib
    )
    if painted and {*numbers} == {"0", width, height}:
        parents[first].remove(first)
