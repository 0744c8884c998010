"""Checkpoints and answers: a question to commit to, and what is folded until one has.

A checkpoint has a question, choices that begin with ``+`` (the right one) or ``-``, each wrong
one with the reply that belongs to it indented below, and then the reason. Where every choice is
a token such as ``%dL_dy%``, readers type a number. Without JavaScript it is a fold;
`checkpoints.js` compares and remembers.
"""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from string import ascii_lowercase
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course.cards import TOKEN, Numbers, numbers_of, value_of
from course.interactive import program
from mlp_exercise.handout.source import SourceError

CHOICE = re.compile(r"(?P<mark>[+-]) (?P<text>.+)")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DIGITS = 2
"""Decimals to which a typed number is compared, if the checkpoint does not say."""

MOST = 6
"""The largest number of choices."""

WORDS = {
    "right": "Yes.",
    "wrong": "Not quite.",
    "other": "Not quite. Try again, or open the answer.",
    "choose": "Choose an answer first.",
    "number": "Enter a number first, such as 0.25.",
    "done": "answered",
}
"""What the program says."""


class Choice(NamedTuple):
    """One answer to choose, or one number that readers may type."""

    text: str
    is_right: bool
    reply: str = ""


class Checkpoint(NamedTuple):
    """A checkpoint as its text describes it; question, replies and reason are MyST."""

    question: str
    choices: list[Choice]
    reason: str
    digits: int

    @property
    def is_number(self) -> bool:
        """Whether readers type their answer."""
        return any(TOKEN.fullmatch(choice.text) for choice in self.choices)

    @property
    def right(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.is_right)

    def labelled(self, choice: Choice, numbers: Numbers) -> str:
        """Return a choice as one reads it in the answer: with its letter, or as a number."""
        if self.is_number:
            return f"{self.number(choice, numbers):z.{self.digits}f}".replace("-", "−")
        return f"{ascii_lowercase[self.choices.index(choice)]}) {choice.text}"

    def number(self, choice: Choice, numbers: Numbers) -> float:
        """Return the number that a choice stands for."""
        token = TOKEN.fullmatch(choice.text)
        value = token and not token["spec"] and value_of(token["name"], numbers)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise SourceError(
                f"{choice.text} is no number, expected each choice to be a token such as "
                "%name%, without a format; :digits: says how many decimals count"
            )
        return float(value)


def read_checkpoint(
    content: Sequence[str], numbers: Numbers, digits: int = DIGITS
) -> Checkpoint:
    """Return the checkpoint that the lines of a directive describe."""
    lines = [*content]
    first = next((i for i, line in enumerate(lines) if CHOICE.fullmatch(line)), None)
    if first is None:
        raise SourceError("a checkpoint has choices, lines that begin with + or -")
    rest = (
        i for i in range(first, len(lines)) if re.match(r"[^\s+-]|[+-]\S", lines[i])
    )
    end = next(rest, len(lines))
    if end < len(lines) and lines[end - 1].strip():
        raise SourceError(
            f"a choice is one line, and a blank line stands before the reason: {lines[end]}"
        )
    begins = [i for i in range(first, end) if CHOICE.fullmatch(lines[i])]
    choices = []
    for begin, stop in zip(begins, [*begins[1:], end], strict=True):
        match = CHOICE.fullmatch(lines[begin])
        assert match  # noqa: S101 - it did above
        reply = textwrap.dedent("\n".join(lines[begin + 1 : stop])).strip()
        choices.append(Choice(match["text"], match["mark"] == "+", reply))
    question, reason = (
        "\n".join(part).strip() for part in (lines[:first], lines[end:])
    )
    made = Checkpoint(question, choices, reason, digits)
    _check(made, numbers)
    return made


def _check(made: Checkpoint, numbers: Numbers) -> None:
    rights = sum(choice.is_right for choice in made.choices)
    if rights != 1:
        raise SourceError(
            f"{rights} choices are right, expected one that begins with +"
        )
    for choice in made.choices:
        if choice.is_right == bool(choice.reply):
            expected = (
                "none, because the reason is its reply" if choice.reply else "one"
            )
            raise SourceError(
                f"the reply indented below {choice.text}: expected {expected}"
            )
    if not (made.question and made.reason):
        raise SourceError("a checkpoint has a question, and a reason after its choices")
    least = 1 if made.is_number else 2
    if not least <= len(made.choices) <= MOST:
        raise SourceError(f"{len(made.choices)} choices, expected {least} to {MOST}")
    label = made.labelled if made.is_number else lambda choice, _: choice.text
    shown = [label(choice, numbers) for choice in made.choices]
    if len(set(shown)) < len(shown):
        at = f" at {made.digits} decimals" if made.is_number else ""
        raise SourceError(
            f"choices are {', '.join(shown)}, expected them to differ{at}"
        )


def plain_checkpoint(
    content: Sequence[str], options: Mapping[str, str], numbers: Numbers
) -> str:
    """Return a checkpoint for notebooks, its answer folded."""
    made = read_checkpoint(content, numbers, int(options.get("digits", DIGITS)))
    shown = [made.labelled(choice, numbers) for choice in made.choices]
    choices = [] if made.is_number else [f"- {text}" for text in shown]
    replies = [
        f"- {text}: {textwrap.indent(choice.reply, '  ').lstrip()}"
        for text, choice in zip(shown, made.choices, strict=True)
        if choice.reply
    ]
    right = shown[made.choices.index(made.right)]
    answer = folded([f"**{right}**", "", made.reason, "", *replies])
    return "\n".join([f"**Checkpoint.** {made.question}", "", *choices, "", answer])


def folded(lines: Sequence[str]) -> str:
    """Return an answer for notebooks."""
    inner = "\n".join(lines).strip()
    return f"<details><summary>Answer</summary>\n\n{inner}\n\n</details>"


class checkpoint(nodes.General, nodes.Element):  # noqa: N801 - named as in docutils
    """A checkpoint: the question, the choices or nothing, a fold."""


class choices(nodes.General, nodes.Element):  # noqa: N801
    """The choices, each a paragraph."""


class fold(nodes.General, nodes.Element):  # noqa: N801
    """What is folded until a reader opens it."""


class reply(nodes.General, nodes.Element):  # noqa: N801
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
            if not NAME.fullmatch(name):
                raise SourceError(f"{name} is no name, expected one like sign-of-dl-dy")
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
                told = reply("", choice=number, label=label)
                told += self.parse_text_to_nodes(f"{label}: {choice.reply}")
                answer += told
        node += answer
        self.set_source_info(node)
        return [node]


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
    translator.body.append(
        f'<div class="checkpoint" id="{ids}" role="group" '
        f'aria-labelledby="{ids}-title {ids}-question" '
        f'data-checkpoint="{node["name"]}" data-judge="{data}">\n'
        f'<p class="checkpoint-title" id="{ids}-title">Checkpoint'
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
            '<label>Your answer <input type="text" inputmode="text" size="8" '
            'autocomplete="off"></label> '
        )
        number = "" if "values" not in node.parent["judge"] else box
        translator.body.append(
            f'<form class="commit with-script" id="{node.parent["ids"][0]}-form" '
            f"novalidate>{number}"
            "<button>Check</button></form>\n"
            '<div class="verdict with-script" role="status"></div>\n'
        )
    translator.body.append('<details class="fold answer">\n')
    translator.body.append("<summary>Answer</summary>\n")


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
    if 'class="checkpoint"' not in context.get("body", ""):
        return
    # Without the program its controls would do nothing.
    missing = (
        '<script>addEventListener("error", ({ target }) => {\n'
        "  if (/checkpoints\\.js/.test(target.src))\n"
        '    document.documentElement.classList.add("no-checkpoints");\n'
        "}, true);</script>\n"
    )
    words = json.dumps(WORDS, ensure_ascii=False).replace("<", "\\u003c")
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
