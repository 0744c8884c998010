"""What an SVG document loses, and what its attributes become."""

import itertools
import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
KNOWN = {
    *("svg", "g", "defs", "use", "clipPath", "marker", "text", "tspan"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
}
WORDS = {"text", "tspan"}
UNSEEN = {"metadata", "title", "desc"}  # a title would pop up as a tooltip
UNUSED = {"font-family", "version", "type"}  # the page has its own font
PAINTS = {"fill", "stroke", "color"}
NO_COLOUR = {"none", "inherit", "currentcolor", "transparent"}
# What Matplotlib asks of all elements: in a page, this would reach every other picture too.
SHEET = "*{stroke-linejoin: round; stroke-linecap: butt}"
INSTEAD_OF_SHEET = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
DECIMAL = re.compile(r"-?\d*\.\d+(?:e[+-]?\d+)?|-0(?![\d.])")
NO_TURN = re.compile(r"rotate\(-?0(?:\.0*)?(?: [^)]*)?\)")


class PictureError(ValueError):
    """A picture holds what cannot become part of a page."""


def strip(element: ET.Element, svg: ET.Element) -> None:
    """Remove namespaces, what nobody sees, and the space between elements of an SVG."""
    element.tag = element.tag.removeprefix(SVG)
    if element.tag not in KNOWN:
        raise PictureError(f"holds <{element.tag}>, which is not known here")
    if element.tag not in WORDS or not (element.text or "").strip():
        element.text = None
    for child in list(element):
        name = child.tag.removeprefix(SVG)
        if name == "style":
            if (child.text or "").strip() != SHEET:
                raise PictureError("holds a style sheet, which would reach other parts")
            svg.attrib |= INSTEAD_OF_SHEET
        if name == "style" or name in UNSEEN:
            element.remove(child)
            continue
        if element.tag not in WORDS or not (child.tail or "").strip():
            child.tail = None
        strip(child, svg)


def attributes(element: ET.Element, palette: Mapping[str, str]) -> dict[str, str]:
    """Turn style into attributes, colours into variables, and round what is drawn."""
    found = dict(element.attrib)
    for declaration in found.pop("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.strip()
    kept = {}
    for name, value in found.items():
        name = name.removeprefix(XLINK)
        if name.startswith("{") or name in UNUSED:
            continue
        if name in PAINTS:
            value = _paint(value, palette)
        if name == "transform":
            value = NO_TURN.sub("", value)
        if name == "d":
            value = re.sub(r"\s*([A-Za-z])\s*", r"\1", value).strip()
        if name != "id" and "#" not in value:
            value = DECIMAL.sub(lambda match: _rounded(match[0]), value)
        if value:
            kept[name] = value
    return kept


def _paint(value: str, palette: Mapping[str, str]) -> str:
    name = palette.get(value.lower())
    if name:
        return f"var(--figure-{name})"
    if value.lower() in NO_COLOUR:
        return value
    raise PictureError(
        f"has the colour {value}, which is none of mlp_reference.network_graph.COLOURS"
    )


def _rounded(number: str) -> str:
    return f"{round(float(number), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def let_run(text: ET.Element) -> None:
    """Let a formula's characters follow each other; they are placed for another font."""
    places = [float(part.get("x", "nan")) for part in text]
    if len(places) > 1 and all(a < b for a, b in itertools.pairwise(places)):
        for part in text[1:]:
            del part.attrib["x"]


def unwrap(element: ET.Element) -> None:
    """Put the content of groups that say nothing in their place."""
    children: list[ET.Element] = []
    for child in element:
        unwrap(child)
        empty = child.tag in ("g", "defs") and not len(child)
        if not empty:
            says_nothing = child.tag == "g" and not child.attrib
            children += child if says_nothing else [child]
    element[:] = children
