"""Programs have no words of their own: what people read or hear comes with the page.

There it is translated, for programs and templates at once. A single word of small letters may be
a key as well; the pages in a made-up language show where one is read (`tests/browser`).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pygments.lexers import JavascriptLexer
from pygments.token import String

from mlp_exercise import values
from mlp_exercise.part1 import feedback

STATIC = Path(__file__).parents[2] / "docs/_static"
PROGRAMS = sorted(STATIC.rglob("*.js"))

KEYS = values.PHRASES.keys() | feedback.PHRASES.keys() | {"wrong shape"}
"""What the words of the marking are called."""

FOR_MACHINES = {
    *("Enter", "Escape", "Home", "End"),  # on the keyboard
    *("True", "False", "None"),  # in Python
    *("Rose", "Fell", "Stayed"),  # ends of the names of words
    *("thead tr", "article ~ footer, footer"),  # selectors
    *("flow …", "step-told …"),  # classes
    "another notebook",  # an error that is caught
    "the seed is …, expected a whole number from 0 to …",  # one that no reader can make
}
SEVERAL = re.compile(r"(?:…|[^\W\d_]+)[,;:.!?]? (?:…|[^\W\d_]+)")
WORD = re.compile(r"[^\W\d_]{2}")
CAPITAL = re.compile(r"[A-Z][a-z]+[.!?…]?")
NO_SENTENCE = re.compile(r"\[|[.#][a-z]|\b[a-z-]+\(|: *\w+\)|^&|^\w+=|\w\[")
"""What selectors, styles and addresses have."""


class Literal(NamedTuple):
    """A string of a program; an ellipsis stands for what is put into a template."""

    line: int
    text: str
    is_key: bool = False  # of an object


def literals(program: str) -> Iterator[Literal]:
    """Yield every string and every template, those inside of others too."""
    line = 1
    opened: list[tuple[int, str]] = []  # templates, the innermost last
    text, start, quote = "", 0, ""
    tokens = [*JavascriptLexer(stripnl=False, ensurenl=False).get_tokens(program)]
    for place, (kind, value) in enumerate(tokens):
        if kind in String.Backtick and value == "`" and quote != "`":
            text, start, quote = "", line, "`"
        elif kind in String.Backtick and value == "`":
            yield Literal(start, text)
            text, start, quote = "", 0, ""
        elif kind is String.Interpol and value == "${":
            opened.append((start, text))
            text, quote = "", ""
        elif kind is String.Interpol and value == "}":
            (start, text), quote = opened.pop(), "`"
            text += "…"
        elif kind in String.Backtick:
            text += value
        elif kind in String.Double or kind in String.Single:
            after = "".join(value for _, value in tokens[place + 1 : place + 3])
            yield Literal(line, value[1:-1], after.strip().startswith(":"))
        line += value.count("\n")
    assert not opened


def words_of(program: str) -> list[Literal]:
    """Return what looks as if it were for people."""
    found = []
    for each in literals(program):
        text = " ".join(re.sub(r"<[^>]*>", " ", each.text).split())
        is_prose = (
            SEVERAL.search(text)
            and re.search(WORD, text)
            and not NO_SENTENCE.search(text)
        )
        is_known = text in KEYS | FOR_MACHINES or each.is_key
        if (is_prose or CAPITAL.fullmatch(text)) and not is_known:
            found.append(each._replace(text=text))
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_has_no_words_of_its_own(program: Path) -> None:
    name = program.relative_to(STATIC).as_posix()
    found = [
        f"{name}:{line}: {text}"
        for line, text, _ in words_of(program.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("program", "found"),
    [
        (
            'told.textContent = "All boxes are empty now.";',
            ["All boxes are empty now."],
        ),
        ("make('button', 'Undo')", ["Undo"]),
        ("`<b>${name}</b> is right`", ["… is right"]),
        (
            "isLate ? `${n} days ${`too late, ${who}`}` : ''",
            ["too late, …", "… days …"],
        ),
        ('const names = { "left x out": 1 };', []),
        ('// No more words here\nsay("too many")', []),
        ('document.querySelector(".answer p, input[type=text]")', []),
        ("/a regular expression/.test(`M${x} ${y}`)", []),
    ],
)
def test_what_is_for_people_is_found(program: str, found: list[str]) -> None:
    assert [text for _, text, _ in words_of(program)] == found
