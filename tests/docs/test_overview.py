"""Cards of pages: what stands in the directive; `tests/browser/test_home.py` looks at the cards."""

import pytest
from course.figures import picture
from course.overview import Entry, drawing, read
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

TEXT = """\
tutorials/00_a fig-slope
  Say what happens,
  and why.

tutorials/01_b fig-tanh
  Compute.
"""


def test_an_entry_is_a_page_a_figure_and_a_text() -> None:
    first, second = read(TEXT.splitlines())
    assert first == Entry("tutorials/00_a", "fig-slope", "Say what happens, and why.")
    assert second == Entry("tutorials/01_b", "fig-tanh", "Compute.")


@pytest.mark.parametrize(
    "text", ["", "tutorials/00_a\n  Text.", "a fig-b", "a b\nText."]
)
def test_anything_else_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected a page"):
        list(read(text.splitlines()))


ENTRY = Entry("tutorials/00_a", "fig-slope", "Say what happens.")


def page_with(inside: nodes.Element) -> nodes.document:
    page = new_document("a page")
    page += nodes.figure("", inside, ids=["fig-slope"])
    return page


def test_the_picture_of_a_card_is_that_of_its_figure() -> None:
    svg = '<svg class="picture" viewBox="0 0 9 9"><path d="M0 0L9 9" /></svg>'
    assert 'class="thumbnail"' in drawing(page_with(picture("", html=svg)), ENTRY)


@pytest.mark.parametrize(
    ("figure", "problem"),
    [
        ("fig-slope", "tutorials/00_a: the figure fig-slope holds no SVG"),
        ("fig-tanh", "tutorials/00_a has no figure fig-tanh"),
    ],
)
def test_a_card_without_a_drawing_is_refused_by_name(figure: str, problem: str) -> None:
    page = page_with(nodes.image("", uri="photo.png"))
    with pytest.raises(ExtensionError, match=problem):
        drawing(page, ENTRY._replace(figure=figure))
