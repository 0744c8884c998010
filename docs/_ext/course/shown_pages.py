"""Whole pages of HTML that a cell has made, shown within a page of the site.

A cell passes a page on with ``glue``; ``{shown-page}`` shows it in a frame, with a link to it. The
file is the page as it was made, so that a reader sees what a learner or an instructor gets.
"""

import ast
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course.words import _

FOLDER = "_static/shown"
"""The site's folder of these files."""


class shown_page(nodes.General, nodes.Element):
    """A page of HTML in a frame."""


class ShownPage(SphinxDirective):
    """``{shown-page}`` with the name under which a cell has glued the page."""

    required_arguments = 1
    option_spec = {  # noqa: RUF012 - docutils reads it from the class
        "file": directives.unchanged_required,
        "title": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the frame."""
        missing = {"file", "title"} - self.options.keys()
        if missing:
            raise self.error(f"{{shown-page}} needs {', '.join(sorted(missing))}")
        node = shown_page("", glued=self.arguments[0], **self.options)
        self.set_source_info(node)
        return [node]


def visit_shown_page(translator: HTML5Translator, node: shown_page) -> None:
    """Write the file, and into the page its frame, and a link for the whole window."""
    builder = translator.builder
    numbers = builder.env.course_numbers  # type: ignore[attr-defined]  # `Course` adds it
    glued = numbers[builder.current_docname]
    if node["glued"] not in glued:
        raise ExtensionError(
            f"{builder.current_docname}: no cell has glued {node['glued']}"
        )
    file = Path(builder.outdir) / FOLDER / node["file"]
    file.parent.mkdir(parents=True, exist_ok=True)
    text = ast.literal_eval(glued[node["glued"]])
    file.write_text(text, "utf-8", newline="\n")
    home = builder.get_relative_uri(builder.current_docname, "index")
    address = escape(f"{home.removesuffix('index.html')}{FOLDER}/{node['file']}")
    title = escape(node["title"])
    translator.body.append(
        f'<div class="shown-page"><iframe src="{address}" title="{title}"></iframe>\n'
        f'<p><a href="{address}">{_("Open this page")}</a></p></div>\n'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("shown-page", ShownPage)
    app.add_node(shown_page, html=(visit_shown_page, None))
