"""Minutes to read: words, formulas, code and pictures, and nothing that is folded."""

from course.cards import Card, card
from course.checkpoints import fold
from course.reading_time import (
    SECONDS_PER_FORMULA,
    SECONDS_PER_LINE,
    SECONDS_PER_PICTURE,
    WORDS_PER_MINUTE,
    minutes,
)
from docutils import nodes
from docutils.utils import new_document
from myst_nb.sphinx_ import HideCodeCellNode


def page(*parts: nodes.Node) -> nodes.document:
    document = new_document("page.md")
    document += parts
    return document


def prose(count: int) -> nodes.paragraph:
    return nodes.paragraph("", "word " * count)


def test_minutes_are_rounded_up() -> None:
    assert minutes(page(prose(1))) == 1
    assert minutes(page(prose(WORDS_PER_MINUTE))) == 1
    assert minutes(page(prose(WORDS_PER_MINUTE + 1))) == 2


def test_formulas_and_code_take_time() -> None:
    count = 60 // SECONDS_PER_FORMULA + 1
    formulas = [nodes.math_block("", "a = b") for _ in range(count)]
    assert minutes(page(*formulas)) == 2
    assert minutes(page(card("", card=Card("a", [["= b"]] * count)))) == 2
    code = "x = 1\n" * (60 // SECONDS_PER_LINE + 1)
    assert minutes(page(nodes.literal_block(code, code))) == 2


def test_what_is_folded_takes_none() -> None:
    answer = fold("", prose(10 * WORDS_PER_MINUTE), nodes.math_block("", "a"))
    hint = nodes.admonition("", prose(10 * WORDS_PER_MINUTE), collapsible="closed")
    code = HideCodeCellNode("", nodes.literal_block("", "x = 1\n" * 1000))
    assert minutes(page(answer, hint, code)) == 1


def test_a_picture_takes_time_and_a_formula_in_a_sentence_none() -> None:
    pictures = [nodes.figure() for _ in range(60 // SECONDS_PER_PICTURE + 1)]
    assert minutes(page(*pictures)) == 2
    inline = [nodes.math("", "a b c") for _ in range(WORDS_PER_MINUTE)]
    assert minutes(page(nodes.paragraph("", "", *inline))) == 1
