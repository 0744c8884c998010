"""Put cells side by side: what is done in several ways is read best in parallel.

A cell tagged ``beside`` makes a column, together with the paragraph right above it, which
names it. Columns that follow each other make a row, ``<div class="side-by-side">``; the
style sheet says from which width on they stand next to each other. The order of the source
stays, so the page reads the same without styles and to a screen reader.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

ROW, COLUMN = "side-by-side", "beside"
"""Classes of what is written."""

CELL = f"tag_{COLUMN}"
"""Class that MyST-NB gives to cells with our tag."""


def put_side_by_side(_app: Sphinx, doctree: nodes.document) -> None:
    """Gather the tagged cells of a page, each with its name, into rows.

    Parameters
    ----------
    _app : Sphinx
        The build.
    doctree : document
        The page; a tagged cell without a paragraph right above it is warned of and stays.
    """
    cells = [c for c in doctree.findall(nodes.container) if CELL in c["classes"]]
    for cell in cells:
        parent, name = cell.parent, cell.previous_sibling()
        if not isinstance(name, nodes.paragraph):
            logger.warning(
                "a cell tagged %s needs a paragraph right above it that names it",
                COLUMN,
                location=cell,
            )
            continue
        row = name.previous_sibling()
        if not (isinstance(row, nodes.container) and ROW in row["classes"]):
            row = nodes.container(classes=[ROW])
            parent.insert(parent.index(name), row)
        parent.remove(name)
        parent.remove(cell)
        row.append(nodes.container("", name, cell, classes=[COLUMN]))


def load_style(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the style sheet of the page that has such a row: the home page."""
    if f'class="{ROW}' in context.get("body", ""):
        app.add_css_file("home.css")


def setup(app: Sphinx) -> None:
    """Hang it on Sphinx's events."""
    app.connect("doctree-read", put_side_by_side)
    app.connect("html-page-context", load_style)
