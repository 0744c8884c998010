"""Put a cell into plain Python: shell lines and magics are IPython's own, not Python's.

A minus that was copied from a page is none of Python's either, and is read as one.
"""

import ast
import re
from typing import NamedTuple

from mlp_exercise.signs import with_ascii_signs

LARGEST_CELL = 100_000
"""In characters; a longer cell is not parsed here."""

MOST_LINES = 100
"""So many magics and shell lines in one cell are put into Python, and no more."""

MOST_PARSED = 200_000
"""In characters: a cell is parsed again after each such line, a long one not so often."""

RUNS_ITS_BODY = ("time", "timeit", "capture", "prun")
"""Cell magics whose body is Python; under any other, the body is something else."""

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
    """A cell as plain Python.

    Attributes
    ----------
    source : str
        Its text, line for line.
    tree : ast.Module
        What that means.
    """

    source: str
    tree: ast.Module


class Flaw(NamedTuple):
    """Why a cell is no Python.

    Attributes
    ----------
    line : int
        Where in the cell, counted from 1; 0 if nobody knows.
    said : str
        What Python says of it.
    text : str
        The cell as Python has read it, magics and shell lines taken out.
    """

    line: int
    said: str
    text: str = ""


def to_python(source: str) -> Python | None:
    """Put a cell into plain Python and parse it."""
    parsed = _parse(source)
    return parsed if isinstance(parsed, Python) else None


def flaw_in(source: str) -> Flaw | None:
    """Say why a cell is no Python."""
    parsed = _parse(source) if len(source) <= LARGEST_CELL else None
    return parsed if isinstance(parsed, Flaw) else None


def _parse(source: str) -> Python | Flaw:
    body = _without_cell_magic(source)
    lines = _as_typed(body.split("\n"))
    above = source.count("\n") - body.count("\n")
    flaw = Flaw(0, "")
    for _ in range(min(MOST_LINES, 1 + MOST_PARSED // (len(source) + 1))):
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


def _without_cell_magic(source: str) -> str:
    first, _, rest = source.lstrip().partition("\n")
    magic = re.match(r"%%(\w*)", first)
    if magic is None:
        return source
    return rest if magic[1] in RUNS_ITS_BODY else ""


def _as_typed(lines: list[str]) -> list[str]:
    """Take off the indentation of the first line and pasted prompts, as IPython does."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    if indent:
        lines = [line.removeprefix(indent) for line in lines]
    if _PROMPT.match(first.lstrip()):
        lines = [_PROMPT.sub("", line, count=1) for line in lines]
    return lines


def _replace(lines: list[str], number: int) -> bool:
    """Replace a line that is not Python, if it is one of IPython's."""
    match = _MAGIC.match(lines[number]) if 0 <= number < len(lines) else None
    if match is None:
        return False
    statement = match["statement"]
    continues = lines[number].endswith("\\")
    lines[number] = match["indent"] + ((statement or "").strip() or "pass")
    while continues and not statement and number + 1 < len(lines):
        number += 1
        continues = lines[number].endswith("\\")
        lines[number] = ""
    return True
