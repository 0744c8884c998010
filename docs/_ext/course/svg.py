"""SVG documents as parts of a page: with the page's colours, unique ids and nothing superfluous."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
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
# Matplotlib's style for all elements; in a page, it would affect every other picture too.
SHEET = "*{stroke-linejoin: round; stroke-linecap: butt}"
INSTEAD_OF_SHEET = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
DECIMAL = re.compile(r"-?\d*\.\d+(?:e[+-]?\d+)?|-0(?![\d.])")
NO_TURN = re.compile(r"rotate\(-?0(?:\.0*)?(?: [^)]*)?\)")


SMALLEST_TEXT = 9.5
"""The size in pixels of a picture's smallest text, below which the picture does not shrink."""

PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)([a-z]*)")
GROUPS = {"svg", "g", "defs"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


REFERENCE = re.compile(r"(?<=url\(#)[^)]+(?=\))|(?<=^#).+")


class PictureError(ValueError):
    """A picture contains something that cannot become part of a page."""


def part_of_page(
    document: str, alt: str, prefix: str, palette: Mapping[str, str]
) -> ET.Element:
    """Return an SVG document as an element that can stand in an HTML page."""
    try:
        svg = ET.fromstring(document)  # noqa: S314 - drawn by our own code
    except ET.ParseError as error:
        raise PictureError(f"is no XML: {error}") from error
    _strip(svg, svg)
    for element in svg.iter():
        element.attrib = _attributes(element, palette)
    for text in svg.iter("text"):
        _let_run(text)
    _frame(svg)
    _remove_paper(svg)
    _rename_ids(svg, prefix)
    _unwrap(svg)
    described = {"class": "picture", "role": "img", "aria-label": alt}
    # Without a colour, SVG paints black.
    svg.attrib = {"fill": "var(--figure-ink)"} | svg.attrib | described
    return svg


def least_width(svg: ET.Element) -> int:
    """Return the width in pixels below which the smallest text is hard to read."""
    sizes = list(_text_sizes(svg, 16.0))
    if not sizes:
        return 0
    box_width = float(svg.attrib["viewBox"].split()[2])
    return round(
        min(float(svg.attrib["width"]), SMALLEST_TEXT / min(sizes) * box_width)
    )


def _strip(element: ET.Element, svg: ET.Element) -> None:
    """Remove namespaces, invisible parts, and the space between elements of an SVG."""
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
        _strip(child, svg)


def _attributes(element: ET.Element, palette: Mapping[str, str]) -> dict[str, str]:
    """Return attributes in place of a style, colours as variables, numbers rounded."""
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
        f"has the colour {value}, which is none of mlp_reference.drawing.COLOURS"
    )


def _rounded(number: str) -> str:
    return f"{round(float(number), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _let_run(text: ET.Element) -> None:
    """Remove the positions of a formula's characters, which are those of another font."""
    places = [float(part.get("x", "nan")) for part in text]
    if len(places) > 1 and all(a < b for a, b in pairwise(places)):
        for part in text[1:]:
            del part.attrib["x"]


def _unwrap(element: ET.Element) -> None:
    """Replace groups without attributes by their content."""
    children: list[ET.Element] = []
    for child in element:
        _unwrap(child)
        empty = child.tag in ("g", "defs") and not len(child)
        if not empty:
            says_nothing = child.tag == "g" and not child.attrib
            children += child if says_nothing else [child]
    element[:] = children


def _frame(svg: ET.Element) -> None:
    """Set the size of a picture in pixels."""
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


def _text_sizes(element: ET.Element, inherited: float) -> Iterator[float]:
    """Yield the size of every text, but not of its indices."""
    match = LENGTH.fullmatch(element.get("font-size", ""))
    size = float(match[1]) if match else inherited
    if element.tag == "text":
        yield size
        return
    for child in element:
        yield from _text_sizes(child, size)


def _remove_paper(svg: ET.Element) -> None:
    """Remove the background, if there is one, because the page has its own."""
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


def _rename_ids(svg: ET.Element, prefix: str) -> None:
    """Keep only ids that something refers to, under names that no other picture has."""
    wanted = {
        name
        for element in svg.iter()
        for value in _references(element).values()
        for name in REFERENCE.findall(value)
    }
    new: dict[str, str] = {}
    for element in svg.iter():
        old = element.attrib.pop("id", "")
        if old in new:
            raise PictureError(f"has the id {old} twice")
        if old in wanted:
            new[old] = element.attrib["id"] = f"{prefix}-{len(new) + 1}"
    if wanted - new.keys():
        raise PictureError(
            f"refers to {min(wanted - new.keys())}, which it does not hold"
        )
    for element in svg.iter():
        for name, value in _references(element).items():
            element.set(name, REFERENCE.sub(lambda match: new[match[0]], value))


def _references(element: ET.Element) -> dict[str, str]:
    found = {
        name: value
        for name, value in element.items()
        if name == "href" or value.startswith("url(")
    }
    for value in found.values():
        if not REFERENCE.search(value):
            raise PictureError(f"refers to {value}, which is not part of it")
    return found
