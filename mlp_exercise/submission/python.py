"""A code cell as plain Python, or why it is none: a slip, or the words of a newer Python."""

import ast
import re
import sys
from typing import NamedTuple

from mlp_exercise.signs import with_ascii_signs

LARGEST_CELL = 100_000
"""In characters; a longer cell is not parsed here."""

MOST_PARSED = 200_000
"""In characters: a cell is parsed again after each line of IPython's, a long one less often."""

RUNS_ITS_BODY = ("time", "timeit", "capture", "prun")
"""Cell magics whose body is Python; under any other, the body is something else."""

HERE = sys.version_info[:2]

LEARNT = (3, 12)
"""The first Python that knows `NEW` and quotes, backslashes and lines in an f-string."""

KNOWN = (3, 14)
"""The last Python of which `PERHAPS_NEW` knows all that is new."""

NEW = re.compile(
    r"^[ \t]*(?:type[ \t]+\w+[ \t]*[\[=]|(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*\[)"
    + "".join(
        rf"|\b(?:f|rf|fr){q}(?:\\.|{{{{|}}}}|[^{q}\n{{\\]|{{[^{q}}}\n\\]*+}})*+"
        rf"{{[^{q}}}\n\\]*+(?:[\\\n]|{q}[^{q}\n]*+{q})"
        for q in "'\""
    ),
    re.IGNORECASE | re.MULTILINE,
)
"""Such as ``type Row = list[float]``, ``def first[T](row)`` or ``f"{d["loss"]}"``."""

PERHAPS_NEW = re.compile(
    rf"""{NEW.pattern}|\b(?:[ft]|r[ft]|[ft]r)['"]|\bexcept\b[^:\n]*,""", NEW.flags
)
"""Where a Python may know more than an older one: there, in f- and t-strings, ``except A, B``."""

_PROMPT = re.compile(r"(?:>>>|\.\.\.|In \[\d+\]:)(?: |$)")
_MAGIC = re.compile(
    r"""(?P<indent>\s*+)
        (?: %(?:time|prun)\b(?P<statement>.*)  # runs a statement, so that stays
        |   [%!?].*                            # %pip install, !ls, ?name
        |   [^=#'"(]+=\s*[%!].*                # files = !ls
        |   [%\w.*]+\?{1,2}\s*                 # name?
        )$""",
    re.VERBOSE,
)


class Python(NamedTuple):
    """A cell as plain Python, line for line."""

    source: str
    tree: ast.Module | None  # None where the cell is too long to be parsed


class Flaw(NamedTuple):
    """Why a cell is no Python."""

    line: int  # counted from 1; 0 if nobody knows
    message: str
    text: str = ""  # as Python has read it, magics and shell lines taken out

    def __str__(self) -> str:
        """Return Python's words, with the line."""
        return f"line {self.line}: {self.message}" if self.line else self.message

    def feedback(self, number: int) -> str:
        """Say to the learner why a cell never runs."""
        comma = "leading zeros" in self.message and re.search(r"\d,0\d", self.text)
        return (
            f"Code cell {number + 1} is not valid Python, so it never runs ({self})."
            f"{' Write a decimal point.' if comma else ''}"
        )

    def reason(self, number: int, needs: tuple[int, ...]) -> str:
        """Say to the person who marks which Python its notebook needs."""
        here, there = (".".join(map(str, version)) for version in (HERE, needs))
        return (
            f"code cell {number + 1} is not valid for Python {here}, with which notebooks "
            f"are marked here ({self}), but seems to be written for Python {there}: "
            "mark it with that or a newer one"
        )

    def needs(self, written_with: tuple[int, ...]) -> tuple[int, ...]:
        """Return the newer Python that the cell may be written for; empty if there is none."""
        if written_with:
            may_be = written_with > KNOWN or PERHAPS_NEW.search(self.text)
            return written_with if written_with > HERE and may_be else ()
        return LEARNT if HERE < LEARNT and NEW.search(self.text) else ()


def parse(source: str) -> Python | Flaw:
    """Put a cell into plain Python: IPython's own lines, prompts, signs copied from a page."""
    if len(source) > LARGEST_CELL:
        return Python(source, None)
    body = source
    first, _, rest = source.lstrip().partition("\n")
    if magic := re.match(r"%%(\w*)", first):
        body = rest if magic[1] in RUNS_ITS_BODY else ""
    lines = _as_typed(body.split("\n"))
    above = source.count("\n") - body.count("\n")
    flaw = Flaw(0, "")
    for _ in range(1 + MOST_PARSED // (len(source) + 1)):
        text = "\n".join(lines)
        try:
            return Python(text, ast.parse(text))
        except SyntaxError as error:
            line = error.lineno or 0
            flaw = Flaw(line + above if line else 0, error.msg, text)
            # Python stumbles over one such line after the other; elsewhere a % stays.
            if (signs := with_ascii_signs(text)) != text:
                lines = signs.split("\n")
            elif not _replace(lines, line - 1):
                return flaw
        except (ValueError, RecursionError, MemoryError) as error:
            return Flaw(0, str(error) or type(error).__name__)
    return flaw


def _as_typed(lines: list[str]) -> list[str]:
    """Take off the indentation of the first line and pasted prompts, as IPython does."""
    first = next((line for line in lines if line.strip()), "")
    if indent := first[: len(first) - len(first.lstrip())]:
        lines = [line.removeprefix(indent) for line in lines]
    if _PROMPT.match(first.lstrip()):
        lines = [_PROMPT.sub("", line, count=1) for line in lines]
    return lines


def _replace(lines: list[str], number: int) -> bool:
    """Replace a line that is not Python, if it is one of IPython's."""
    match = _MAGIC.match(lines[number]) if number in range(len(lines)) else None
    if match is None:
        return False
    statement = (match["statement"] or "").strip()
    continues = lines[number].endswith("\\") and not match["statement"]
    lines[number] = match["indent"] + (statement or "pass")
    while continues and number + 1 < len(lines):
        number += 1
        continues = lines[number].endswith("\\")
        lines[number] = ""
    return True
