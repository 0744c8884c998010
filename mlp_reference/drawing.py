"""What every picture is drawn with: the colours by meaning, and the parts of an SVG document."""

import base64
import re
from typing import Any, NamedTuple

COLOURS = {
    "ink": "#1b1f24",
    "quiet": "#6b7280",
    "grid": "#d9dce1",
    "paper": "#ffffff",
    "forward": "#0067a5",  # values, what the forward pass computes
    "backward": "#b8470a",  # gradients, what the backward pass computes
    "third": "#00795a",
    "fourth": "#8b4a9c",
    "wrong": "#b0124f",  # a wrong answer, a loss that rises
}
"""The colours by meaning. All except the grid have a contrast of at least 4.5 on paper."""

DARK = {
    "ink": "#e3e6ea",
    "quiet": "#98a1ae",
    "grid": "#3a3f47",
    "paper": "#131416",
    "forward": "#4aa8ee",
    "backward": "#f08a4b",
    "third": "#2fc79b",
    "fourth": "#e8a6e0",
    "wrong": "#ff8aae",
}
"""The same colours for a dark page. Figures are drawn in `COLOURS`; the site's style has both."""

Point = tuple[float, float]


_WORDS = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)


class Picture(str):
    """An SVG document that a notebook shows as large as it is drawn, but not wider than its cell.

    JupyterLab shrinks no SVG, but an image in HTML, which other programs prefer too.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, **_chosen: Any) -> dict[str, str]:
        """Return what Jupyter asks an object for; a page of the site takes the SVG itself."""
        words = ", ".join(
            re.sub("<[^>]*>", "", found) for found in _WORDS.findall(self)
        )
        alt = " ".join(words.replace('"', "&quot;").split())
        data = base64.b64encode(self.encode()).decode()
        look = 'style="max-width: 100%; height: auto"'
        image = f'<img alt="{alt}" {look} src="data:image/svg+xml;base64,{data}">'
        return {
            "image/svg+xml": str(self),
            "text/html": image,
            "text/plain": "a picture",
        }


class Size(NamedTuple):
    """How large the texts and boxes of a picture are."""

    text: float
    low: float  # an index
    line: float  # from one line of text to the next
    box: Point  # width and height
    corner: float


LARGE = Size(text=19, low=15, line=22, box=(112, 88), corner=12)
"""The sizes of pictures as wide as a page."""

SMALL = Size(text=14, low=11, line=17, box=(84, 44), corner=9)
"""The sizes of pictures for a phone."""

_ARROWHEAD = (
    '<marker id="arrowhead" markerUnits="userSpaceOnUse" markerWidth="11" markerHeight="10" '
    'refX="11" refY="5" orient="auto">'
    f'<path d="M0 0L11 5L0 10z" fill="{COLOURS["quiet"]}"/></marker>'
)


def document(drawn: str, width: float, height: float, size: Size = LARGE) -> Picture:
    """Return an SVG document with its paper."""
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" '
        f'font-family="system-ui, sans-serif" font-size="{size.text:g}" text-anchor="middle">'
        f'<rect width="{width:g}" height="{height:g}" fill="{COLOURS["paper"]}"/>'
        f"{_ARROWHEAD}{drawn}</svg>"
    )


def text(at: Point, content: str, colour: str, more: str = "") -> str:
    """Return a line of text around a point."""
    return f'<text x="{at[0]:g}" y="{at[1]:g}" fill="{COLOURS[colour]}" {more}>{content}</text>'


def indexed(symbol: str, size: Size = LARGE) -> str:
    """Return HTML with each ``<sub>`` as a lowered SVG text, because SVG has no such element."""
    low = symbol.replace("<sub>", f'<tspan dy="4" font-size="{size.low:g}">')
    return low.replace("</sub>", "</tspan>")


def line(path: str, more: str = "", colour: str = "quiet") -> str:
    """Return an arrow."""
    look = f'stroke="{COLOURS[colour]}" stroke-width="1.5" fill="none"'
    return f'<path d="{path}" marker-end="url(#arrowhead)" {more}{look}/>'


def box(centre: Point, size: Size = LARGE) -> str:
    """Return the frame of a box."""
    (x, y), (width, height) = centre, size.box
    return (
        f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" '
        f'width="{width:g}" height="{height:g}" rx="{size.corner:g}" '
        f'fill="{COLOURS["paper"]}" stroke="{COLOURS["ink"]}" stroke-width="1.5"/>'
    )


def blank(centre: Point, width: float, height: float) -> str:
    """Return a piece of paper, on which a label stands on a line."""
    x, y = centre[0] - width / 2, centre[1] - height / 2
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
        f'fill="{COLOURS["paper"]}"/>'
    )
