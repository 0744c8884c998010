"""What is the matter with cells that are no Python here: slips, or a newer Python's words.

What the marker's Python lacks is not the learner's fault. Whether a cell may be newer is told
by the version that its notebook names, and by what Python has learnt since.
"""

import re
import sys
from typing import NamedTuple

from mlp_exercise.submission.magics import Flaw, flaw_in, to_python
from mlp_exercise.submission.notebook_file import NotMarked, Submission

HERE = sys.version_info[:2]
"""The version of Python that marks."""

LEARNT = (3, 12)
"""Since when Python understands `NEW` and quotes within the braces of an f-string."""

KNOWN = (3, 14)
"""Up to this version, `PERHAPS_NEW` knows all that is new."""

NEW = r"""^[ \t]*(?:type[ \t]+\w+[ \t]*[\[=]|(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*\[)"""
"""Such as ``type Row = list[float]`` or ``def first[T](row): ...``."""

PERHAPS_NEW = re.compile(
    rf"""{NEW}|\b(?:[ft]|r[ft]|[ft]r)['"]|\bexcept\b[^:\n]*,""", re.I | re.M
)
"""Where Python takes more than it did: that, f-strings and t-strings, ``except A, B:``."""

_F_STRING = re.compile(r"""\b(?:f|rf|fr)(?P<quote>"{3}|'{3}|"|')""", re.I)
_STRING = re.compile(
    r"""(?P<quote>"{3}|'{3})(?:\\.|(?!(?P=quote)).)*+(?P=quote)"""
    r"""|"(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+'""",
    re.S,
)
_DECIMAL_COMMA = re.compile(r"\d,0\d")


class Broken(NamedTuple):
    """A code cell that is no Python here.

    Attributes
    ----------
    number : int
        Which code cell, counted from 1.
    flaw : Flaw
        What Python says.
    needs : tuple of int
        The newer Python for which it may be valid, such as (3, 13); empty if there is none.
    """

    number: int
    flaw: Flaw
    needs: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Say to the learner why the cell never runs."""
        words = f"Code cell {self.number} is not valid Python, so it never runs"
        comma = "leading zeros" in self.flaw.said and _DECIMAL_COMMA.search(
            self.flaw.text
        )
        return f"{words} ({self._said()}).{' Write a decimal point.' if comma else ''}"

    def _said(self) -> str:
        line, said, _ = self.flaw
        return f"line {line}: {said}" if line else said

    @property
    def reason(self) -> str:
        """Say to the person who marks why its notebook is not marked."""
        here, there = (".".join(map(str, version)) for version in (HERE, self.needs))
        return (
            f"code cell {self.number} is not valid for Python {here}, with which notebooks "
            f"are marked here ({self._said()}), but seems to be written for Python {there}: "
            "mark it with that or a newer one"
        )


def broken_cells(submission: Submission) -> list[Broken]:
    """List the code cells that are no Python here."""
    flaws = ((n, flaw_in(cell.source)) for n, cell in enumerate(submission.cells, 1))
    return [
        Broken(n, flaw, needed_for(flaw.text, submission.python))
        for n, flaw in flaws
        if flaw
    ]


def needed_for(source: str, written_with: tuple[int, ...]) -> tuple[int, ...]:
    """Tell which newer Python a cell may be written for that is no Python here."""
    if written_with:
        may_be = written_with > KNOWN or PERHAPS_NEW.search(source)
        return written_with if written_with > HERE and may_be else ()
    is_new = re.search(NEW, source, re.M) or _is_new_in_f_strings(source)
    return LEARNT if HERE < LEARNT and is_new else ()


def refuse_newer(broken: list[Broken]) -> None:
    """Refuse to mark where points would be lost through a newer Python's words."""
    for cell in broken:
        if cell.needs:
            raise NotMarked(cell.reason)


def _is_new_in_f_strings(source: str) -> bool:
    """Tell whether all would be well if f-strings were read as Python 3.12 reads them."""
    rest, at, is_new = [], 0, False
    while found := _F_STRING.search(source, at):
        end, inside = _end_of(source, found.end(), found["quote"])
        rest += [source[at : found.start()], "''"]
        at, is_new = end, is_new or inside
    return is_new and to_python("".join([*rest, source[at:]])) is not None


def _end_of(source: str, at: int, quote: str) -> tuple[int, bool]:
    """Find where an f-string ends, and whether its braces hold what Python learnt in 3.12."""
    start, depth, is_new = at, 0, False
    while at < len(source):
        if not depth:
            if source.startswith(quote, at):
                return at + len(quote), is_new
            if source[at] == "\\" or source.startswith(("{{", "}}"), at):
                at += 1
            depth += source[at : at + 1] == "{"
        elif found := _STRING.match(source, at):
            is_new |= found[0].startswith(quote) or "\\" in found[0]
            at = found.end() - 1
        else:
            is_new |= source[at] in ("\\#" if len(quote) == 3 else "\\#\n")
            depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
    return start, False
