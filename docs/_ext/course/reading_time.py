"""How long it takes to read a page, counted from its words, formulas and code.

What is folded is not counted, because a reader may pass it by.
"""

import math

from docutils import nodes

from course.cards import card
from course.checkpoints import fold

WORDS_PER_MINUTE = 200
SECONDS_PER_FORMULA = 5  # one that is displayed, or a line of a card
SECONDS_PER_LINE = 2  # of code or of its output
SECONDS_PER_PICTURE = 10


def minutes(doctree: nodes.document) -> int:
    """Return the minutes that a page takes, rounded up."""
    return max(1, math.ceil(_seconds(doctree) / 60))


def words(node: nodes.Node) -> int:
    """Return the number of words in sentences, without formulas and code."""
    if isinstance(node, nodes.Text):
        return len(node.split())
    if _is_folded(node) or isinstance(
        node, nodes.literal_block | nodes.math | nodes.math_block | nodes.raw
    ):
        return 0
    return sum(map(words, node.children))


def _seconds(node: nodes.Node) -> float:
    seconds = 60 * words(node) / WORDS_PER_MINUTE
    for inner in node.findall():
        if _within_fold(inner):
            continue
        if isinstance(inner, nodes.math_block):
            seconds += SECONDS_PER_FORMULA
        elif isinstance(inner, card):
            seconds += SECONDS_PER_FORMULA * len(inner["card"].lines)
        elif isinstance(inner, nodes.literal_block):
            seconds += SECONDS_PER_LINE * len(inner.astext().splitlines())
        elif isinstance(inner, nodes.figure):
            seconds += SECONDS_PER_PICTURE
    return seconds


def _is_folded(node: nodes.Node) -> bool:
    folded = isinstance(node, fold) or type(node).__name__ == "HideCodeCellNode"
    return folded or (
        isinstance(node, nodes.Element) and node.get("collapsible") == "closed"
    )


def _within_fold(node: nodes.Node) -> bool:
    while node.parent is not None:
        if _is_folded(node):
            return True
        node = node.parent
    return False
