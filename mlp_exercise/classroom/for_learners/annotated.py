"""A learner's notebook with feedback in it: a summary on top, and a cell below each answer.

Theirs stays as it is: cells, outputs and metadata. Ours are Markdown, so that the notebook is
marked as before, and they are known again, so that the next feedback takes their place.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_learners import advice
from mlp_exercise.classroom.for_learners.advice import Told
from mlp_exercise.submission.mark import PART_ONE
from mlp_exercise.submission.notebook import LARGEST_FILE, code_of

KEY, OURS = "mlp_reference", "feedback"
"""Where a cell's metadata says that it is feedback."""

SUMMARY = "summary"
"""What the cell on top is called; the others are called after a step."""

_SPECIAL = re.compile(
    r"`[\w.]+`|[\\`*_{}\[\]#|~$@&<>]|(?<=\bwww)\.|:(?=//)", re.IGNORECASE
)
"""Signs that mean something in Markdown or to MathJax, wherever they stand in a line.

A name between backticks is one as a whole, and harmless.
"""

Json = dict[str, Any]


class NoCopy(Exception):  # noqa: N818 - a finding, as `Unreadable` is
    """A notebook cannot be given back with feedback in it; says why."""


def annotated(content: bytes, result: Result, told: Sequence[Told], site: str) -> bytes:
    """Return the notebook that was marked, with feedback."""
    notebook = _notebook(content)
    cells = [cell for cell in notebook["cells"] if not is_feedback(cell)]
    places = [n for n, cell in enumerate(cells) if code_of(cell) is not None]
    below: dict[int, list[Told]] = {}
    for one in told:
        numbers = result.sheet.own.get(one.name, ())
        if numbers:
            # Where answers are numbers, the surest cell comes first; code counts as it stands last.
            is_first = result.exercise == PART_ONE.name
            number = numbers[0] if is_first else max(numbers)
            if number >= len(places):
                raise NoCopy("its cells are no longer those that were marked")
            below.setdefault(places[number], []).append(one)
    naming = _Naming(notebook, cells)
    made = [naming.cell(SUMMARY, _summary(result, told))]
    for place, cell in enumerate(cells):
        made.append(cell)
        if place in below:
            steps = below[place]
            words = "\n\n---\n\n".join(_feedback(one, site) for one in steps)
            made.append(naming.cell(steps[0].name, words))
    return _bytes(notebook | {"cells": made})


def is_feedback(cell: object) -> bool:
    """Say whether a cell is one of ours."""
    match cell:
        case {"cell_type": "markdown", "metadata": {"mlp_reference": {"feedback": _}}}:
            return True
    return False


def is_annotated(content: bytes) -> bool:
    """Say whether a notebook holds feedback, so that a later one may take its place."""
    try:
        return any(map(is_feedback, _notebook(content)["cells"]))
    except NoCopy:
        return False


def plain(words: str) -> str:
    """Return text as Markdown of one line that shows it as it is."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return _SPECIAL.sub(_harmless, line)


def _harmless(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) > 1 else f"&#{ord(found[0])};"


class _Naming:
    """Makes cells as this notebook has them: named from nbformat 4.5 on, each in its own way."""

    def __init__(self, notebook: Json, cells: Iterable[Json]) -> None:
        minor = notebook.get("nbformat_minor")
        self.is_named = type(minor) is int and minor >= 5
        self.taken = {
            cell.get("id") for cell in cells if isinstance(cell.get("id"), str)
        }

    def cell(self, name: str, words: str) -> Json:
        """Return a cell of feedback."""
        made: Json = {"cell_type": "markdown", "metadata": {KEY: {OURS: name}}}
        if self.is_named:
            wanted = new = f"feedback-{name}"
            number = 1
            while new in self.taken:
                number += 1
                new = f"{wanted}-{number}"
            self.taken.add(new)
            made["id"] = new
        made["source"] = words.splitlines(keepends=True)
        return made


def _notebook(content: bytes) -> Json:
    """Return a notebook of nbformat 4; older ones hold no cells that could be added to."""
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise NoCopy(f"it is no JSON: {type(error).__name__}") from error
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        form = notebook.get("nbformat") if isinstance(notebook, dict) else None
        which = f"nbformat {form}" if type(form) is int else "a form that is not known"
        raise NoCopy(f"it has {which}, expected nbformat 4")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NoCopy("it has cells that are none")
    return notebook


def _bytes(notebook: Mapping[str, Any]) -> bytes:
    """Return the file as Jupyter writes it."""
    try:
        content = json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n"
    except UnicodeEncodeError:  # half a character, which JSON holds as an escape alone
        content = json.dumps(notebook, indent=1).encode() + b"\n"
    except RecursionError as error:
        raise NoCopy("it is nested beyond measure") from error
    if len(content) > LARGEST_FILE:
        raise NoCopy("it would be too large to be marked again")
    return content


def _summary(result: Result, told: Sequence[Told]) -> str:
    sheet = result.sheet
    reached = advice.points(sheet.points, sheet.max_points)
    lines = [f"## Feedback: {reached}", plain(advice.count(told))]
    if begin := list(advice.begin(result, told)):
        lines.append("Begin here:")
        lines.append(
            "\n".join(
                f"1. `{step}`: {plain(words)}" if step else f"1. {plain(words)}"
                for step, words in begin
            )
        )
    if any(one.verdict == advice.VERDICTS["follow-through"] for one in told):
        lines.append(plain(advice.FOLLOWS))
    lines += map(plain, advice.remarks(result))
    without = [f"`{one.name}`" for one in told if not result.sheet.own.get(one.name)]
    if without:
        lines.append(f"No answer cell was found for {', '.join(without)}.")
    return "\n\n".join(lines)


def _feedback(one: Told, site: str) -> str:
    return "\n\n".join(_lines(one, site))


def _lines(one: Told, site: str) -> Iterator[str]:
    yield f"**Feedback on `{one.name}`:** {one.sign} {plain(one.verdict)}, {one.points}"
    if one.hint:
        yield plain(one.hint)
    if one.expected:
        yield f"Expected: {plain(one.expected)}"
    if one.working:
        lines = "\n".join(one.working)
        yield plain(one.way)
        yield f"```text\n{lines}\n```"
    if one.section and not one.is_paid:
        where, address = plain(one.section.words), one.section.address(site)
        linked = f"[{where}](<{address}>)" if address else where
        yield f"Read again: {linked}."
