"""Put a cell into plain Python: shell lines and magics are IPython's own, not Python's."""

import ast
import re
from typing import NamedTuple

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


def to_python(source: str) -> Python | None:
    """Put a cell into plain Python and parse it.

    Parameters
    ----------
    source : str
        A cell, of at most `LARGEST_CELL` characters.

    Returns
    -------
    Python or None
        None if it makes no sense: such a cell never runs.
    """
    lines = _as_typed(_without_cell_magic(source).split("\n"))
    for _ in range(min(MOST_LINES, 1 + MOST_PARSED // (len(source) + 1))):
        text = "\n".join(lines)
        try:
            return Python(text, ast.parse(text))
        except SyntaxError as error:
            # Python stumbles over one such line after the other; elsewhere a % stays.
            if not _replace(lines, (error.lineno or 0) - 1):
                return None
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


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
