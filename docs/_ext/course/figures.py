"""Figures as part of their page, so that they have its font and follow its theme."""

from pathlib import Path
from xml.etree import ElementTree as ET

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from course.svg import PictureError, least_width, part_of_page
from course.words import _
from mlp_reference.drawing import COLOURS, DARK

PALETTE = {code: name for name, code in COLOURS.items()}
PHONE = 358
"""Pixels for the text on a phone 390 wide. A wider picture scrolls in a box."""


def css_variables(colours: dict[str, str]) -> dict[str, str]:
    """Return colours under the names of their CSS variables, for the settings of Furo."""
    return {f"figure-{name}": code for name, code in colours.items()}


LIGHT_VARIABLES, DARK_VARIABLES = css_variables(COLOURS), css_variables(DARK)


class picture(nodes.General, nodes.Inline, nodes.Element):
    """An SVG picture as HTML. Not `nodes.raw`, because the search would index its numbers."""


class InlinePictures(SphinxPostTransform):
    """Put the drawing itself in place of every image that is an SVG file of this project.

    Figures keep their node, and with it their captions, numbers and ids. Sphinx copies no
    file, because no image is left.
    """

    default_priority = 5  # right after MyST-NB has chosen one of a cell's outputs
    formats = ("html",)

    def run(self, **_options: object) -> None:
        """Replace the images of one page, numbered from its top."""
        images = [
            image
            for image in self.document.findall(nodes.image)
            if image["uri"].endswith(".svg") and "://" not in image["uri"]
        ]
        for number, image in enumerate(images, start=1):
            path = Path(self.app.srcdir) / image["uri"]
            html = _html(path, image.get("alt", ""), f"picture{number}")
            image.replace_self(picture("", html=html))


def _html(path: Path, alt: str, prefix: str) -> str:
    upright = path.with_stem(f"{path.stem}-upright")
    try:
        if upright.exists():
            wide, tall = (each.read_text("utf-8") for each in (path, upright))
            return both_forms(wide, tall, alt, prefix)
        svg = part_of_page(path.read_text("utf-8"), alt, prefix, PALETTE)
    except (OSError, PictureError) as error:
        raise ExtensionError(f"the picture {path}: {error}") from error
    least = least_width(svg)
    if least <= PHONE:
        return ET.tostring(svg, encoding="unicode")
    # The Tab key reaches the box, and the arrow keys scroll it.
    box = ET.Element("div", {"class": "wide-picture", "tabindex": "0", "role": "group"})
    box.set("aria-label", _("Figure, scrolls sideways where the page is narrow"))
    svg.set("style", f"min-width:{least}px")
    box.append(svg)
    return ET.tostring(box, encoding="unicode")


def both_forms(wide: str, upright: str, alt: str, prefix: str) -> Markup:
    """Return a drawing as HTML in both of its forms; `course.css` shows the one that fits."""
    drawn = ""
    for form, document in (("wide", wide), ("upright", upright)):
        try:
            svg = part_of_page(document, alt, f"{prefix}-{form}", PALETTE)
        except PictureError as error:
            raise PictureError(f"its {form} form {error}") from error
        svg.attrib["class"] += f" {form}"
        drawn += ET.tostring(svg, encoding="unicode")
    return Markup(f'<div class="both-forms">{drawn}</div>')  # noqa: S704 - our own drawing


def visit_picture(translator: HTML5Translator, node: picture) -> None:
    """Write a picture into the page."""
    translator.body.append(node["html"])
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the transform and its node."""
    app.add_node(picture, html=(visit_picture, None))
    app.add_post_transform(InlinePictures)
