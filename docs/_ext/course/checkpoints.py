"""Checkpoints and answers on a page: a question to commit to, and what is folded until one has.

`questions` reads their text. Without JavaScript a checkpoint is a fold; `checkpoints.js`
compares and remembers.
"""

import json
import re
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course.cards import Numbers, numbers_of
from course.interactive import program
from course.questions import Checkpoint, read_checkpoint
from course.words import _, translated
from mlp_exercise.handout.source import SourceError

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

WORDS = {
    "right": "Yes.",
    "wrong": "Not quite.",
    "other": "Not quite. Try again, or open the answer.",
    "choose": "Choose an answer first.",
    "number": "Enter a number first, such as 0.25.",
    "done": "answered",
}
"""What the program says."""


class checkpoint(nodes.General, nodes.Element):
    """A checkpoint: the question, the choices or nothing, a fold."""


class choices(nodes.General, nodes.Element):
    """The choices, each a paragraph."""


class fold(nodes.General, nodes.Element):
    """What is folded until a reader opens it."""


class reply(nodes.General, nodes.Element):
    """What a reader is told who has made one wrong choice."""


class CheckpointDirective(SphinxDirective):
    """The directive ``{checkpoint}``; its argument names it on its page, for ever."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"digits": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        """Return question, choices and folded answer."""
        name, numbers = self.arguments[0], numbers_of(self)
        try:
            check_name(name)
            made = read_checkpoint([*self.content], numbers, **self.options)
        except SourceError as error:
            raise self.error(f"checkpoint {name}: {error}") from error
        ids = f"checkpoint-{name}"
        if ids in self.state.document.ids:
            raise self.error(f"a second checkpoint of this page is called {name}")
        key = f"{self.env.docname}/{name}"
        node = checkpoint("", ids=[ids], name=key, judge=_data(made, numbers))
        self.state.document.note_explicit_target(node)
        asked = nodes.container("", ids=[f"{ids}-question"])
        asked += self.parse_text_to_nodes(made.question)
        node += asked
        if not made.is_number:
            listed = choices("", name=ids)
            for choice in made.choices:
                paragraph, *rest = self.parse_text_to_nodes(choice.text)
                if rest or not isinstance(paragraph, nodes.paragraph):
                    raise self.error(f"checkpoint {name}: {choice.text} is no phrase")
                listed += paragraph
            node += listed
        answer = fold("")
        right = made.labelled(made.right, numbers)
        answer += self.parse_text_to_nodes(f"**{right}**\n\n{made.reason}")
        for number, choice in enumerate(made.choices):
            if choice.reply:
                label = made.labelled(choice, numbers)
                told = reply("", choice=number)
                told += self.parse_text_to_nodes(f"{label}: {choice.reply}")
                answer += told
        node += answer
        self.set_source_info(node)
        return [node]


def check_name(name: str) -> None:
    """Refuse what cannot be part of an id and of an attribute as it stands."""
    if not NAME.fullmatch(name):
        raise SourceError(f"{name} is no name, expected one like sign-of-dl-dy")


def _data(made: Checkpoint, numbers: Numbers) -> dict[str, Any]:
    """Return what the program needs to judge an answer."""
    found: dict[str, Any] = {"right": made.choices.index(made.right)}
    if made.is_number:
        shown = (made.labelled(choice, numbers) for choice in made.choices)
        values = [float(text.replace("−", "-")) for text in shown]
        found |= {"values": values, "digits": made.digits}
    return found


class AnswerDirective(SphinxDirective):
    """The directive ``{answer}``, for the answer to a task."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the content, folded."""
        node = fold("")
        node += self.parse_content_to_nodes()
        return [node]


def visit_checkpoint(translator: HTML5Translator, node: checkpoint) -> None:
    """Open a checkpoint; what the program adds is there already, hidden without it."""
    ids, data = node["ids"][0], escape(json.dumps(node["judge"]))
    kind = " ".join(["checkpoint", *node["classes"]])
    title = escape(node.get("title") or _("Checkpoint"))
    translator.body.append(
        f'<div class="{kind}" id="{ids}" role="group" '
        f'aria-labelledby="{ids}-title {ids}-question" '
        f'data-checkpoint="{node["name"]}" data-judge="{data}">\n'
        f'<p class="checkpoint-title" id="{ids}-title">{title}'
        '<span class="done with-script"></span></p>\n'
    )


def depart_checkpoint(translator: HTML5Translator, _node: nodes.Element) -> None:
    """Close a checkpoint or a reply."""
    translator.body.append("</div>\n")


def visit_choices(translator: HTML5Translator, node: choices) -> None:
    """Open the list of choices."""
    translator.body.append('<ol class="choices">\n')
    for number, choice in enumerate(node):
        box = (
            f'<input class="with-script" type="radio" name="{node["name"]}" '
            f'form="{node["name"]}-form" value="{number}">'
        )
        translator.body.append(f"<li><label>{box}")
        for part in choice.children:
            part.walkabout(translator)
        translator.body.append("</label></li>\n")
    translator.body.append("</ol>\n")
    raise nodes.SkipNode


def visit_fold(translator: HTML5Translator, node: fold) -> None:
    """Open a fold; in a checkpoint, the way to commit to an answer stands above it."""
    if isinstance(node.parent, checkpoint):
        box = (
            f'<label>{_("Your answer")} <input type="text" inputmode="text" size="8" '
            'autocomplete="off"></label> '
        )
        number = "" if "values" not in node.parent["judge"] else box
        translator.body.append(
            f'<form class="commit with-script" id="{node.parent["ids"][0]}-form" '
            f"novalidate>{number}"
            f"<button>{_('Check')}</button></form>\n"
            '<div class="verdict with-script" role="status"></div>\n'
        )
    translator.body.append('<details class="fold answer">\n')
    translator.body.append(f"<summary>{_('Answer')}</summary>\n")


def depart_fold(translator: HTML5Translator, _node: fold) -> None:
    """Close a fold."""
    translator.body.append("</details>\n")


def visit_reply(translator: HTML5Translator, node: reply) -> None:
    """Open a reply."""
    translator.body.append(f'<div class="reply" data-choice="{node["choice"]}">\n')


def load(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the program of pages with checkpoints, and the words that it needs."""
    if 'class="checkpoint' not in context.get("body", ""):
        return
    # Without the program its controls would do nothing.
    missing = (
        '<script>addEventListener("error", ({ target }) => {\n'
        "  if (/checkpoints\\.js/.test(target.src))\n"
        '    document.documentElement.classList.add("no-checkpoints");\n'
        "}, true);</script>\n"
    )
    words = json.dumps(translated(WORDS), ensure_ascii=False).replace("<", "\\u003c")
    context["metatags"] += (
        f'{missing}<script type="application/json" id="checkpoint-words">{words}</script>\n'
    )
    context["metatags"] += program(app, context, "checkpoints")


def setup(app: Sphinx) -> None:
    """Register the directives and their nodes."""
    app.add_node(checkpoint, html=(visit_checkpoint, depart_checkpoint))
    app.add_node(choices, html=(visit_choices, None))
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_node(reply, html=(visit_reply, depart_checkpoint))
    app.add_directive("checkpoint", CheckpointDirective)
    app.add_directive("answer", AnswerDirective)
    app.connect("html-page-context", load)
