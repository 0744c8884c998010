"""How long it takes to read a page, counted from its words, formulas, code and pictures.

What is folded is not counted, because a reader may pass it by.
"""

import math

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.builders.html import StandaloneHTMLBuilder

from course.cards import card
from course.checkpoints import fold

WORDS_PER_MINUTE = 200
SECONDS_PER_FORMULA = 5  # one that is displayed, or a line of a card
SECONDS_PER_LINE = 2  # of code or of its output
SECONDS_PER_PICTURE = 10


def minutes(doctree: nodes.document) -> int:
    """Return the minutes that a page takes, rounded up."""
    return max(1, math.ceil(_seconds(doctree) / 60))


def finished(builder: StandaloneHTMLBuilder, docname: str) -> nodes.document:
    """Return another page as it will be written, for what one page says of another."""
    return builder.env.get_and_resolve_doctree(docname, builder)


def _seconds(node: nodes.Node) -> float:
    match node:
        case nodes.Text():
            return 60 * len(node.split()) / WORDS_PER_MINUTE
        case fold() | HideCodeCellNode() | nodes.raw() | nodes.math():
            return 0
        case nodes.Element() if node.get("collapsible") == "closed":
            return 0
        case nodes.math_block():
            return SECONDS_PER_FORMULA
        case card():
            return SECONDS_PER_FORMULA * len(node["card"].lines)
        case nodes.literal_block():
            return SECONDS_PER_LINE * len(node.astext().splitlines())
    seconds = SECONDS_PER_PICTURE if isinstance(node, nodes.figure) else 0
    return seconds + sum(map(_seconds, node.children))
