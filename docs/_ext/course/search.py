"""What the page of the search says; its program is in its template, because it runs from a disk."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from course.words import translated

WORDS = {
    "headline": {
        "one": "{count} result for “{words}”",
        "other": "{count} results for “{words}”",
    },
    "told": {"one": "{count} result found.", "other": "{count} results found."},
    "empty_headline": "Nothing for “{words}”",
    "empty_told": "Nothing found.",
}
"""The program replaces the names in braces."""


def put_words(
    _app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Tell the template of the search its words."""
    if page == "search":
        context["search_words"] = translated(WORDS)


def setup(app: Sphinx) -> None:
    """Connect it to Sphinx's event."""
    app.connect("html-page-context", put_words)
