"""Cards of pages: what stands in the directive; `tests/browser/test_home.py` looks at the cards."""

import pytest
from course.overview import Entry, read

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
