"""The interactive parts, such as ``{explorer}``, complete without JavaScript.

Each is a template in ``_templates/interactive`` that writes figure, table and controls with
the numbers of the package, and a program of ES modules in ``_static/interactive`` that takes
over where JavaScript runs. The page contains the program's data as JSON: `data`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from mlp_reference.worked_example import LESSON

FOLDER = "interactive"
IMPORTS = re.compile(r'^(?:import|export)\b[^;]*?from "\./(?P<name>[\w-]+\.js)";', re.M)
WORD = re.compile(r"\w{3,}")
NO_WORDS = re.compile(r"\{[^{}]*\}|<[^<>]*>")
"""What stands for a number in what a program says, and tags."""

MARK = re.compile(r'<div class="interactive (?P<part>\w+)"')


class interactive(nodes.General, nodes.Element):
    """An interactive part; its children are for the index of the search alone.

    It is no `nodes.raw`, because the search would index its numbers.
    """


class Interactive(SphinxDirective):
    """The directive for an interactive part; a page has at most one."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a node with its name; the HTML is written with the page, from current data."""
        return [interactive("", part=self.name)]


class Experiments(SphinxDirective):
    """The directive for a list of links to the explorer, each with the question it opens with."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the list; the states come from the explorer's own data."""
        from course.interactive.experiments import experiments

        explorer = self.env.app.builder.get_relative_uri(self.env.docname, "explorer")
        listed = nodes.bullet_list()
        for each in experiments(LESSON):
            link = nodes.reference("", each.title, refuri=explorer + each.address)
            line = nodes.paragraph("", "", link, nodes.Text(f": {each.question}"))
            listed += nodes.list_item("", line)
        return [listed]


class PageOnly(SphinxDirective):
    """The directive for content of the page that downloaded notebooks leave out."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the parsed content, as if the directive were not there."""
        return self.parse_content_to_nodes(allow_section_headings=True)


def visit(translator: HTML5Translator, node: interactive) -> None:
    """Write the part with its data."""
    builder = translator.builder
    assert isinstance(builder, StandaloneHTMLBuilder)  # noqa: S101 - it has templates
    from course.interactive.data import context_of  # which loads Matplotlib
    from course.reading_time import finished, minutes  # which import this module

    here = builder.current_docname
    context = context_of(node["part"]) | {"step": node.get("step")}
    context["link"] = lambda docname: builder.get_relative_uri(here, docname)
    context["minutes"] = lambda docname: minutes(finished(builder, docname))
    known = context.pop("data", None)
    data = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    context["data"] = Markup(data.replace("<", "\\u003c"))  # noqa: S704 - no tag can end it
    html = builder.templates.render(f"{FOLDER}/{node['part']}.html", context)
    translator.body.append(html)
    raise nodes.SkipNode


def index_what_is_said(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the words that a program may say where the search index reads them, and no page does."""
    if app.builder.format != "html":
        return
    for node in doctree.findall(interactive):
        from course.interactive.data import context_of  # which loads Matplotlib

        said = sentences(context_of(node["part"]).get("data"))
        texts = " ".join([node["part"], *said])
        words = {word.lower() for word in WORD.findall(NO_WORDS.sub(" ", texts))}
        text = " ".join(sorted(filter(str.isalpha, words)))
        node += nodes.raw("", text, format="html")  # no reading time is counted for it


def sentences(data: Any) -> Iterator[str]:
    """Yield the texts in the data of a part: those with a space, and what is called a title."""
    if isinstance(data, dict):
        if isinstance(title := data.get("title"), str):
            yield title
        yield from (text for value in data.values() for text in sentences(value))
    elif isinstance(data, list | tuple):
        yield from (text for value in data for text in sentences(value))
    elif isinstance(data, str) and " " in data:
        yield data


def modules(program: Path) -> Iterator[str]:
    """Yield a program and its modules, each once, in the order of the imports.

    Parameters
    ----------
    program : Path
        Its file. Only static imports are followed, because other modules are loaded later.

    Yields
    ------
    str
        File names.
    """
    waiting, met = [program.name], set()
    while waiting:
        name = waiting.pop(0)
        if name not in met:
            met.add(name)
            yield name
            text = (program.parent / name).read_text("utf-8")
            waiting += [match["name"] for match in IMPORTS.finditer(text)]


def program(app: Sphinx, context: dict[str, Any], name: str) -> str:
    """Return the tags that load a program of a page, all its modules at once."""
    folder = Path(app.confdir) / "_static" / FOLDER
    address = context["pathto"]
    links = "".join(
        f'<link rel="modulepreload" href="{address(f"_static/{FOLDER}/{module}", 1)}">\n'
        for module in modules(folder / f"{name}.js")
    )
    start = address(f"_static/{FOLDER}/{name}.js", 1)
    return f'{links}<script type="module" src="{start}"></script>\n'


def load(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the program of a page's interactive part, and its style."""
    for match in MARK.finditer(context.get("body", "")):
        app.add_css_file(f"{FOLDER}/{match['part']}.css")
        context["metatags"] += program(app, context, match["part"])


def setup(app: Sphinx) -> None:
    """Register the directives and what they need."""
    app.add_node(interactive, html=(visit, None))
    app.add_directive("explorer", Interactive)
    app.add_directive("experiments", Experiments)
    app.add_directive("step", Interactive)
    app.add_directive("finder", Interactive)
    app.add_directive("valley", Interactive)
    app.add_directive("record", Interactive)
    app.add_directive("page-only", PageOnly)
    app.connect("doctree-resolved", index_what_is_said)
    app.connect("html-page-context", load)
