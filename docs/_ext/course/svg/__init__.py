"""An SVG document becomes part of a page: the page's colours, ids of its own, nothing in excess."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from course.svg.clean import PictureError, attributes, let_run, strip, unwrap
from course.svg.frame import frame, least_width, remove_paper
from course.svg.ids import rename_ids

__all__ = ["PictureError", "least_width", "part_of_page"]


def part_of_page(
    document: str, alt: str, prefix: str, palette: Mapping[str, str]
) -> ET.Element:
    """Turn an SVG document into an element that can stand in an HTML page.

    Parameters
    ----------
    document : str
        The SVG document, from a source that is trusted.
    alt : str
        What the picture shows.
    prefix : str
        Beginning of every id; another for each picture of a page.
    palette : mapping of str to str
        Names of the colours that may occur, by their hexadecimal code in lower case.

    Returns
    -------
    Element
        An ``svg`` without namespaces, whose colours are variables such as ``--figure-ink``
        and which is transparent where the document is bare paper.

    Raises
    ------
    PictureError
        If it is no SVG of known size, or holds an unknown element, a style sheet, a colour
        that is not in the palette, an id twice or a reference that leads out of it.
    """
    try:
        svg = ET.fromstring(document)  # noqa: S314 - drawn by our own code
    except ET.ParseError as error:
        raise PictureError(f"is no XML: {error}") from error
    strip(svg, svg)
    for element in svg.iter():
        element.attrib = attributes(element, palette)
    for text in svg.iter("text"):
        let_run(text)
    frame(svg)
    remove_paper(svg)
    rename_ids(svg, prefix)
    unwrap(svg)
    described = {"class": "picture", "role": "img", "aria-label": alt}
    # Where nothing is said, SVG paints black.
    svg.attrib = {"fill": "var(--figure-ink)"} | svg.attrib | described
    return svg
