"""Tables of measurements: columns of numbers are right-aligned, and names are not broken."""

import re

from docutils import nodes
from sphinx.application import Sphinx

UNIT = r"(?: ?(?:%|ms|s|µs|KB|KiB|MB|MiB|pt|px))?"
NUMBER = re.compile(
    rf"[-−+]?\d+(?:[.,]\d+)*(?: to \d+)?{UNIT}(?: ± \d+(?:\.\d+)?{UNIT})?(?: \(\d+ ?%\))?"
)
NAME = re.compile(r"(?=.*\d)\w+(?:-\w+)+(?: × \d+)?")
"""A network by its layers, such as 3-2-1, which would break at each hyphen."""


def lay_out(_app: Sphinx, doctree: nodes.document) -> None:
    """Give the cells of a page's tables the classes that the style sheet knows."""
    for group in doctree.findall(nodes.tgroup):
        rows = [list(row.findall(nodes.entry)) for row in group.findall(nodes.row)]
        body = [
            list(row.findall(nodes.entry))
            for part in group.findall(nodes.tbody)
            for row in part.findall(nodes.row)
        ]
        if len({len(row) for row in rows}) > 1:
            continue  # a cell spans columns, so that none can be told by its number
        for column, cells in enumerate(zip(*body, strict=False)):
            texts = [cell.astext().strip() for cell in cells]
            if any(texts) and all(NUMBER.fullmatch(text) for text in texts if text):
                for row in rows:
                    row[column]["classes"].append("number")
            for cell, text in zip(cells, texts, strict=True):
                if NAME.fullmatch(text):
                    cell["classes"].append("name")


def setup(app: Sphinx) -> None:
    """Connect it to Sphinx's event."""
    app.connect("doctree-read", lay_out)
