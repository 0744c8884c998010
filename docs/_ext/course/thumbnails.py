"""Pictures of the pages as thumbnails: their drawing without its words, in few points."""

import re
from xml.etree import ElementTree as ET

POINT = re.compile(r"([ML])(-?[\d.]+)[ ,]+(-?[\d.]+)")
PLAIN = re.compile(r"(?:[ML]-?[\d.]+[ ,]+-?[\d.]+)+")
WORDS = {"text", "tspan"}
WIDE = 160
"""The width of a thumbnail in pixels."""


def thumbnail(html: str, prefix: str) -> ET.Element:
    """Return a picture of a page as a thumbnail, whose ids begin with a prefix of its own."""
    html = re.sub(r"(?<=[\"#])picture(?=\d+-\d+)", f"{prefix}-", html)
    root = ET.fromstring(html)  # noqa: S314 - drawn by our own code
    svg = root if root.tag == "svg" else root.find("svg")
    assert svg is not None  # noqa: S101 - `figures.py` wrote it
    width = float(svg.attrib["viewBox"].split()[2])
    for name in ("role", "aria-label", "style", "width", "height", "font-size"):
        svg.attrib.pop(name, None)
    svg.attrib |= {"class": "thumbnail", "aria-hidden": "true"}
    _simplify(svg, width / WIDE)
    return svg


def _simplify(element: ET.Element, pixel: float) -> None:
    """Remove words, and points that lie within a pixel of the one before."""
    for child in list(element):
        if child.tag in WORDS or _is_behind_words(child):
            element.remove(child)
        else:
            _simplify(child, pixel)
    if PLAIN.fullmatch(element.get("d", "")):
        element.set("d", _thinned(element.attrib["d"], pixel))


def _is_behind_words(element: ET.Element) -> bool:
    paper = element.get("fill") == "var(--figure-paper)"
    return element.tag == "rect" and paper and "stroke" not in element.attrib


def _thinned(path: str, pixel: float) -> str:
    kept: list[tuple[str, float, float]] = []
    points = [(kind, float(x), float(y)) for kind, x, y in POINT.findall(path)]
    for place, (kind, x, y) in enumerate(points):
        ends = kind == "M" or place + 1 == len(points) or points[place + 1][0] == "M"
        near = kept and abs(x - kept[-1][1]) < pixel and abs(y - kept[-1][2]) < pixel
        if ends or not near:
            kept.append((kind, x, y))
    return "".join(f"{kind}{x:.4g} {y:.4g}" for kind, x, y in kept)
