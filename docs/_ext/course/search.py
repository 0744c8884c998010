"""What the page of the search says, and an index that stays whole when only some pages change.

The program of the page is in its template, because it runs from a disk.
"""

from typing import IO, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.search import js_index

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


class WholeIndex:
    """Reads and writes the index of the search, as Sphinx asks of an `indexer_format`.

    Where only some pages are written again, Sphinx loses the entries (such as the glossary's) of
    all others, and keeps words that no page has any more.
    """

    def __init__(self, app: Sphinx) -> None:
        self.app = app

    def load(self, stream: IO[str]) -> Any:
        """Read what the last build wrote, and give Sphinx back the entries of its pages."""
        frozen = js_index.load(stream)
        names = frozen["docnames"]
        kept: dict[str, list[tuple[str, str, str]]] = {}
        for entry, places in frozen["indexentries"].items():
            for page, target, is_main in places:
                found = (entry, target, "main" if is_main else "")
                kept.setdefault(names[page], []).append(found)
        there = self.app.env.found_docs
        # Sphinx has no other place for them: its own file of the environment is older.
        self.app.env._search_index_index_entries.update(
            {name: entries for name, entries in kept.items() if name in there}
        )
        return frozen

    def dump(self, index: dict[str, Any], stream: IO[str]) -> None:
        """Write an index that does not show which pages were written last."""
        for kind in ("terms", "titleterms"):
            # A word's pages: one number, or a list.
            index[kind] = {word: on for word, on in index[kind].items() if on != []}
        for places in index["indexentries"].values():
            places.sort()
        js_index.dump(index, stream)


def keep_whole(app: Sphinx) -> None:
    """Give the builder of the site its index."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.indexer_format = WholeIndex(app)


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
    """Connect both to Sphinx's events."""
    app.connect("builder-inited", keep_whole)
    app.connect("html-page-context", put_words)
