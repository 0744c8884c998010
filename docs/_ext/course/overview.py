"""The cards of the home page: for each page its picture, what one can do after it, and progress.

Each card is a page's name and one of its figures, and, indented below, what one can do afterwards.
Title, minutes and picture come from the page itself.
"""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple
from xml.etree import ElementTree as ET

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course.figures import picture
from course.reading_time import finished, minutes
from course.sidebar import WORDS, ticks
from course.sources import CARRIED
from course.thumbnails import thumbnail
from course.words import translated

ENTRY = re.compile(r"(?P<docname>\S+) (?P<figure>\S+)\n(?P<able>(?:[ \t]+\S.*\n?)+)")


class overview(nodes.General, nodes.Element):
    """The cards. Not text, because the search finds the pages themselves."""


class Entry(NamedTuple):
    """What the home page says of another page."""

    docname: str
    figure: str
    able: str


class Overview(SphinxDirective):
    """The directive ``{overview}``; with ``:progress:`` what was done can be forgotten below it."""

    has_content = True
    option_spec: ClassVar = {"progress": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return a node with the entries; the rest is read when the page is written."""
        try:
            entries = [*read([*self.content])]
        except ValueError as error:
            raise self.error(str(error)) from error
        for entry in entries:
            if entry.docname not in self.env.found_docs:
                raise self.error(f"there is no page {entry.docname}")
            self.env.note_dependency(str(self.env.doc2path(entry.docname)))
        forgettable = "progress" in self.options
        return [overview("", entries=entries, forgettable=forgettable)]


def read(content: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries in the content of the directive."""
    for block in re.split(r"\n\s*\n", "\n".join(content).strip()):
        match = ENTRY.fullmatch(block)
        if not match:
            raise ValueError(
                f"expected a page, one of its figures, and a text below: {block}"
            )
        yield Entry(match["docname"], match["figure"], " ".join(match["able"].split()))


def visit(translator: HTML5Translator, node: overview) -> None:
    """Write the cards."""
    builder = translator.builder
    assert isinstance(builder, StandaloneHTMLBuilder)  # noqa: S101 - it has templates
    cards = [card(builder, entry) for entry in node["entries"]]
    words = translated(WORDS)
    facts = {"cards": cards, "forgettable": node["forgettable"], "progress": words}
    translator.body.append(builder.templates.render("overview.html", facts))
    raise nodes.SkipNode


def card(builder: StandaloneHTMLBuilder, entry: Entry) -> dict[str, object]:
    """Return what the template needs for one card."""
    page = finished(builder, entry.docname)
    title = builder.env.titles[entry.docname].astext()
    before, _, name = title.partition(": ")
    is_lesson = entry.docname.startswith(f"{CARRIED}/")
    return {
        "address": builder.get_relative_uri(builder.current_docname, entry.docname),
        "number": before.rpartition(", ")[2].capitalize(),
        "title": name,
        "able": entry.able,
        "minutes": minutes(page) if is_lesson else None,
        "ticks": Markup(ticks(builder.env, entry.docname)),  # noqa: S704 - our own HTML
        "thumbnail": Markup(drawing(page, entry)),  # noqa: S704 - drawn by our own code
    }


def drawing(page: nodes.document, entry: Entry) -> str:
    """Return the thumbnail of an entry as HTML."""
    for figure in page.findall(nodes.figure):
        if entry.figure in figure["ids"]:
            drawn = next(figure.findall(picture), None)
            if drawn is None:
                raise ExtensionError(
                    f"{entry.docname}: the figure {entry.figure} holds no SVG"
                )
            svg = thumbnail(drawn["html"], entry.figure.removeprefix("fig-"))
            return ET.tostring(svg, encoding="unicode")
    raise ExtensionError(f"{entry.docname} has no figure {entry.figure}")


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_node(overview, html=(visit, None))
    app.add_directive("overview", Overview)
