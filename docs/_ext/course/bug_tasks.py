"""The directive ``{bug}``: code with one wrong line, a gradient check, and lines to choose from.

`bugs` reads and runs it. On the page it is a checkpoint, which `checkpoints.js` judges and
remembers; without JavaScript its answer is a fold.
"""

from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course import bugs
from course.bugs import Bug, Row, check, read_bug, shapes_of
from course.checkpoints import check_name, checkpoint, fold, reply
from course.words import _
from mlp_exercise.handout.source import SourceError


class lines(nodes.General, nodes.Element):
    """The lines of code, one of which is to be chosen."""


class gradient_check(nodes.General, nodes.Element):
    """What the check says, as a table."""


class BugDirective(SphinxDirective):
    """The directive; its argument names the task on its page, for ever."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = dict.fromkeys(
        ("title", "arrays", "mended"), directives.unchanged_required
    )

    def run(self) -> list[nodes.Node]:
        """Return question, code, check, lines and the folded answer."""
        self.env.note_dependency(str(Path(bugs.__file__).resolve()))
        name = self.arguments[0]
        for option in self.option_spec:
            if option not in self.options:
                raise self.error(f"bug {name}: expected the option :{option}:")
        title = self.options["title"]
        try:
            check_name(name)
            made = read_bug(
                [*self.content], self.options["arrays"], self.options["mended"]
            )
            rows = check(made.code, made.shapes)
        except SourceError as error:
            raise self.error(f"bug {name}: {error}") from error
        ids = f"checkpoint-{name}"
        if ids in self.state.document.ids:
            raise self.error(f"a second checkpoint of this page is called {name}")
        choices = made.asked.choices
        judge = {"right": choices.index(made.asked.right), "again": True}
        key = f"{self.env.docname}/{name}"
        node = checkpoint("", ids=[ids], name=key, judge=judge, title=title)
        node["classes"] = ["bug"]
        self.state.document.note_explicit_target(node)
        asked = nodes.container("", ids=[f"{ids}-question"])
        asked += self.parse_text_to_nodes(made.asked.question)
        node += asked
        shapes = _("With {arrays}.").format(arrays=literals(self.options["arrays"]))
        asked += self.parse_text_to_nodes(shapes)
        work = nodes.container("", classes=["work"])
        work += gradient_check("", rows=rows)
        code = nodes.container("", classes=["code"])
        if made.forward:
            block = nodes.literal_block(made.forward, made.forward, language="python")
            code += block
        code += lines("", name=ids, code=[choice.text for choice in choices])
        work += code
        node += work
        node += self._answer(made)
        self.set_source_info(node)
        return [node]

    def _answer(self, made: Bug) -> fold:
        answer = fold("")
        wrong = made.asked.right
        number = made.asked.choices.index(wrong) + 1
        answer += self.parse_text_to_nodes(
            _("**Line {number}** should be").format(number=number)
        )
        answer += nodes.literal_block(made.mended, made.mended, language="python")
        answer += self.parse_text_to_nodes(made.asked.reason)
        for place, choice in enumerate(made.asked.choices):
            if choice.reply:
                told = reply("", choice=place)
                told += self.parse_text_to_nodes(
                    _("Line {number}: {reply}").format(
                        number=place + 1, reply=choice.reply
                    )
                )
                answer += told
        return answer


def literals(arrays: str) -> str:
    """Return arrays with their shapes as Markdown, none of which breaks over lines."""
    found = shapes_of(arrays).items()
    parts = (
        f"`{name}` {shape}".replace(" ", "\N{NO-BREAK SPACE}") for name, shape in found
    )
    return ", ".join(parts)


def visit_lines(translator: HTML5Translator, node: lines) -> None:
    """Write the lines, each with a button to choose it, which is hidden without the program."""
    written = []
    for number, line in enumerate(node["code"]):
        box = (
            f'<input class="with-script" type="radio" name="{node["name"]}" '
            f'form="{node["name"]}-form" value="{number}">'
        )
        colours = translator.highlighter.highlight_block(line, "python", nowrap=True)
        code = f'<code class="highlight">{colours.strip()}</code>'
        written.append(f"<li><label>{box}{code}</label></li>\n")
    translator.body.append(f'<ol class="choices lines">\n{"".join(written)}</ol>\n')
    raise nodes.SkipNode


def visit_check(translator: HTML5Translator, node: gradient_check) -> None:
    """Write the table of the check."""
    rows = "".join(map(_row, node["rows"]))
    name = escape(_("Gradient check"))
    heads = "".join(
        f'<th scope="col">{escape(head)}</th>'
        for head in (_("Gradient"), _("Relative error"), _("Furthest off"))
    )
    translator.body.append(
        f'<div class="table-wrapper" tabindex="0" role="group" aria-label="{name}">'
        f'<table class="gradient-check"><caption>{name}</caption>'
        f"<thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>\n"
    )
    raise nodes.SkipNode


def _row(row: Row) -> str:
    kind, sign = ("agrees", "✓") if row.passes else ("differs", "✗")
    said = f'<span aria-hidden="true">{sign}</span> {bugs.written(row.error)}'
    furthest = "" if row.passes else escape(row.furthest)
    return (
        f'<tr class="{kind}" data-gradient="{row.gradient}">'
        f'<th scope="row"><code>{row.gradient}</code></th>'
        f"<td>{said}</td><td>{furthest}</td></tr>"
    )


def load_style(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the style sheet of pages with such tasks."""
    if 'class="checkpoint bug"' in context.get("body", ""):
        app.add_css_file("interactive/finder.css")


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_node(lines, html=(visit_lines, None))
    app.add_node(gradient_check, html=(visit_check, None))
    app.add_directive("bug", BugDirective)
    app.connect("html-page-context", load_style)
