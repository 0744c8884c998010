"""Formula cards: a rule, the numbers put in and the result, one below the other.

Numbers are tokens such as ``%dL_dy%``, for values that a cell of the page has glued. The left
side stands in a column of its own, so that all lines are aligned at their relation; on a phone
it stands above them. A line may break at each ``&``.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course.mathml import to_mathml
from mlp_exercise.handout.source import SourceError
from mlp_reference.walkthrough import latex

TOKEN = re.compile(r"%(?P<name>[A-Za-z]\w*)(?::(?P<spec>[^%\s]+))?%")
RELATION = re.compile(
    r"=|<|>|\\(?:approx|leftarrow|le|ge|ll|gg|ne|to|propto|Rightarrow)\b"
)
STANDS_FIRST = re.compile(r"(?:^|[=<>(\[{,]|\\(?:approx|leftarrow|left\())\s*$")
"""What a negative number may follow without brackets."""

Numbers = Mapping[str, str]
"""Values as their cells have put them out, by name."""


class Card(NamedTuple):
    """The left side, which may be empty, and the lines that begin with a relation."""

    left: str
    lines: list[list[str]]  # each in pieces, between which it may break

    @property
    def plain(self) -> str:
        """Return the card as one displayed formula, for notebooks."""
        rows = [f"&{' '.join(pieces)}" for pieces in self.lines]
        rows[0] = f"{self.left} {rows[0]}".strip()
        body = " \\\\\n".join(rows)
        return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def value_of(name: str, numbers: Numbers) -> Any:
    """Return a value that the page has glued."""
    if name not in numbers:
        raise SourceError(f"no cell of this page glues {name}")
    try:
        value = ast.literal_eval(numbers[name])
    except (SyntaxError, ValueError):
        value = None
    if not isinstance(value, int | float | str | list | tuple):
        raise SourceError(
            f"{name} is {numbers[name]}, expected a number, a string or lists of numbers"
        )
    return value


def with_numbers(text: str, numbers: Numbers) -> str:
    """Return LaTeX with a number in place of each token, in brackets where it needs them."""

    def number(token: re.Match[str]) -> str:
        value = value_of(token["name"], numbers)
        if isinstance(value, str):
            return value
        try:
            written = latex(value, spec=token["spec"] or "")
        except (TypeError, ValueError):
            raise SourceError(
                f"{token[0]}: {value!r} does not fit this format"
            ) from None
        power = text.startswith("^", token.end())
        first = STANDS_FIRST.search(text, 0, token.start()) and not power
        needed = (written.startswith("-") and not first) or (power and " " in written)
        return f"({written})" if needed else written

    if re.search(r"(?<!\\)%", TOKEN.sub("", text)):
        raise SourceError(
            f"a % begins no token in {text}, expected %name%, %name:.2f% or \\%"
        )
    return TOKEN.sub(number, text)


def read_card(content: Sequence[str], numbers: Numbers) -> Card:
    """Return the card that the lines of a directive describe."""
    lines = [line.strip() for line in content if line.strip()]
    left = "" if not lines or RELATION.match(lines[0]) else lines.pop(0)
    if not lines:
        raise SourceError("a card has lines that begin with a relation such as =")
    for line in lines:
        if not RELATION.match(line):
            raise SourceError(f"a line of a card begins with a relation, not: {line}")
    rows = [_pieces(with_numbers(line, numbers)) for line in lines]
    return Card(with_numbers(left, numbers), rows)


def _pieces(line: str) -> list[str]:
    """Split a line at each ``&`` that stands in no matrix."""
    pieces, depth = [""], 0
    for part in re.split(r"(\\begin\b|\\end\b|&)", line):
        depth += (part == "\\begin") - (part == "\\end")
        if part == "&" and not depth:
            pieces.append("")
        else:
            pieces[-1] += part
    return [piece.strip() for piece in pieces]


class card(nodes.General, nodes.Element):
    """A card. Not `nodes.math_block`, because its lines are formulas of their own."""


class CardDirective(SphinxDirective):
    """The directive ``{card}``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a card with the numbers of this page."""
        try:
            made = read_card([*self.content], numbers_of(self))
        except SourceError as error:
            raise self.error(str(error)) from error
        node = card("", card=made)
        self.set_source_info(node)
        return [node]


def numbers_of(directive: SphinxDirective) -> Numbers:
    """Return the numbers of the page that a directive stands on."""
    found: dict[str, Numbers] = getattr(directive.env, "course_numbers", {})
    return found.get(directive.env.docname, {})


def visit(translator: HTML5Translator, node: card) -> None:
    """Write each piece of each line as a formula of its own."""
    where, made = f"{node.source}:{node.line}", node["card"]

    def formula(latex: str) -> str:
        # Otherwise a sign that begins a piece would stand close to what follows, as in -1.
        sign = re.match(r"[-+]|\\(?:cdot|odot|times)\b", latex)
        bare = to_mathml(f"{{}} {latex}" if sign else latex, display=True, where=where)
        return bare.replace('display="block"', 'displaystyle="true"', 1)

    left = f'<div class="left">{formula(made.left)}</div>' if made.left else ""
    lines = [
        f'<div class="line">{" ".join(map(formula, each))}</div>' for each in made.lines
    ]
    translator.body.append(f'<div class="card">{left}{"".join(lines)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_node(card, html=(visit, None))
    app.add_directive("card", CardDirective)
