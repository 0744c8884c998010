"""The text of a checkpoint: a question, choices with their replies, and the reason.

Choices begin with ``+`` (the right one) or ``-``, each wrong one with the reply that belongs to
it indented below. Where every choice is a token such as ``%dL_dy%``, readers type a number.
"""

import re
import textwrap
from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import NamedTuple

from course.cards import TOKEN, Numbers, value_of
from course.words import _
from mlp_exercise.handout.source import SourceError
from mlp_reference.walkthrough import with_minus

CHOICE = re.compile(r"(?P<mark>[+-]) (?P<text>.+)")
DIGITS = 2
"""Decimals to which a typed number is compared, if the checkpoint does not say."""

MOST = 6
"""The largest number of choices."""


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
            return with_minus(f"{self.number(choice, numbers):z.{self.digits}f}")
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
    content: Sequence[str], numbers: Numbers, digits: int = DIGITS, most: int = MOST
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
    _check(made, numbers, most)
    return made


def _check(made: Checkpoint, numbers: Numbers, most: int) -> None:
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
    if not least <= len(made.choices) <= most:
        raise SourceError(f"{len(made.choices)} choices, expected {least} to {most}")
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
    choices = [f"- {text}" for text in shown]
    if made.is_number:
        choices = [_("Work it out, then open the answer.")]
    replies = [
        f"- {text.removesuffix('.')}: {textwrap.indent(choice.reply, '  ').lstrip()}"
        for text, choice in zip(shown, made.choices, strict=True)
        if choice.reply
    ]
    right = shown[made.choices.index(made.right)]
    answer = folded([f"**{right}**", "", made.reason, "", *replies])
    asked = f"{_('**Checkpoint.**')} {made.question}"  # which may end in a block
    return "\n".join([asked, "", *choices, "", answer])


def folded(lines: Sequence[str]) -> str:
    """Return an answer for notebooks."""
    inner = "\n".join(lines).strip()
    return f"<details><summary>{_('Answer')}</summary>\n\n{inner}\n\n</details>"
