"""A learner's own code for a step, read again from the notebook, and shortened."""

import re
from collections.abc import Iterator, Mapping, Sequence

from mlp_exercise.classroom.batches.batch import Result, digest_of
from mlp_exercise.submission.mark import EXERCISES, PART_ONE
from mlp_exercise.submission.notebook import NotMarked, read

MOST_LINES, LONGEST_LINE = 40, 160
"""What is shown of the code for a step."""


def content_of(result: Result) -> bytes | None:
    """Read a notebook again; None where it is no longer what was marked."""
    if result.handed is None:
        return None
    try:
        content = result.handed.content()
    except NotMarked:
        return None
    return content if digest_of(content) == result.digest else None


def own_code(result: Result, content: bytes | None) -> Mapping[str, str]:
    """Return the code for each step whose answer is code."""
    if content is None or result.exercise == PART_ONE.name:
        return {}
    try:
        cells = read(content).cells
    except NotMarked:
        return {}
    (exercise,) = (e for e in EXERCISES if e.name == result.exercise)
    found = {}
    for step in exercise.part.STEPS:
        numbers = [n for n in result.sheet.own.get(step.name, ()) if n < len(cells)]
        if numbers:  # the last cell that defines it is what is in force
            found[step.name] = _shortened(
                _piece(cells[max(numbers)].source, step.asks_for)
            )
    return found


def _piece(source: str, name: str) -> Sequence[str]:
    """Return the lines of a class, a function or a method; all lines where there is none."""
    # By its indentation: a parser would need more stack than there may be here.
    lines = source.expandtabs(4).splitlines()
    piece = lines
    for part in name.split("."):
        opening = re.compile(rf"\s*(?:class|def)\s+{re.escape(part)}\b")
        starts = [n for n, line in enumerate(piece) if opening.match(line)]
        if not starts:
            return lines
        piece = list(_block(piece[starts[-1] :]))
    indent = len(piece[0]) - len(piece[0].lstrip()) if piece else 0
    return [line[indent:] if not line[:indent].strip() else line for line in piece]


def _block(lines: Sequence[str]) -> Iterator[str]:
    """Yield a line, and those below it that are indented more."""
    first, *rest = lines
    yield first
    indent = len(first) - len(first.lstrip())
    for line in rest:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield line


def _shortened(lines: Sequence[str]) -> str:
    cut = [
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
        for line in lines[:MOST_LINES]
    ]
    more = len(lines) - MOST_LINES
    if more > 0:
        cut.append(f"… and {more} more {'line' if more == 1 else 'lines'}")
    return "\n".join(cut).strip("\n").rstrip()
