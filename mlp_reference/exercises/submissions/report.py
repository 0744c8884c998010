"""Results as JSON, as CSV and as a table, written as they come."""

import csv
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from mlp_reference.exercises.submissions.records import Result


def write_json(results: Iterable[Result], stream: TextIO, *, expected: bool) -> None:
    """Write an array of objects, one for each notebook.

    Parameters
    ----------
    results : iterable of Result
        What came of the batch.
    stream : TextIO
        Where to write.
    expected : bool
        Whether to give the expected values away.
    """
    between = "["
    for result in results:
        stream.write(f"{between}\n{json.dumps(_object(result, expected=expected))}")
        between = ","
    stream.write("\n]\n" if between == "," else "[]\n")


def write_csv(
    results: Iterable[Result], stream: TextIO, *, steps: Sequence[str]
) -> None:
    """Write a row for each notebook.

    Parameters
    ----------
    results : iterable of Result
        What came of the batch.
    stream : TextIO
        Where to write.
    steps : sequence of str
        The steps of all exercises; each has a column for its verdict.
    """
    writer = csv.writer(stream, lineterminator="\n")
    about = ("file", "exercise", "variant", "status", "points", "max_points")
    writer.writerow([*about, "reason", "flags", *steps])
    for result in results:
        row = _object(result, expected=False)
        verdicts = {mark.name: mark.verdict for mark in result.marks}
        flags = [f"{mark.name}: {flag}" for mark in result.marks for flag in mark.flags]
        cells = [
            *(row[key] for key in about),
            *(result.reason, "; ".join(flags)),
            *(verdicts.get(step) for step in steps),
        ]
        writer.writerow(map(_cell, cells))


def write_table(results: Iterable[Result], stream: TextIO, *, expected: bool) -> None:
    """Write one notebook step by step, or many with a line each and a summary.

    Parameters
    ----------
    results : iterable of Result
        What came of the batch.
    stream : TextIO
        Where to write.
    expected : bool
        Whether to give the expected values away, of a single notebook.
    """
    rest = iter(results)
    first, second = next(rest, None), next(rest, None)
    if first is not None and second is None:
        lines = _steps(first, expected=expected)
        stream.writelines(f"{printable(line)}\n" for line in lines)
        return
    summary = _Summary()
    for result in itertools.chain((r for r in (first, second) if r), rest):
        summary.add(result)
        stream.write(f"{printable(_line(result))}\n")
    stream.writelines(f"{line}\n" for line in summary.lines())


def printable(text: str) -> str:
    """Replace what would move the cursor, end the line or cannot be encoded.

    Parameters
    ----------
    text : str
        Part of which a learner may have chosen.

    Returns
    -------
    str
        Text that shows as it is.
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _object(result: Result, *, expected: bool) -> dict[str, Any]:
    steps = [
        {
            "name": mark.name,
            "verdict": mark.verdict,
            "points": mark.points,
            "max_points": mark.max_points,
            "flags": list(mark.flags),
            "feedback": result.feedback(mark),
            **({"expected": mark.expected} if expected else {}),
        }
        for mark in result.marks
    ]
    return {
        "file": result.file,
        "exercise": result.exercise,
        "variant": result.sheet.variant if result.sheet else None,
        "status": result.status,
        "points": result.points,
        "max_points": result.max_points,
        **({} if result.reason is None else {"reason": result.reason}),
        "steps": steps,
    }


def _cell(value: Any) -> Any:
    """Keep a spreadsheet from taking text for a formula."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def _steps(result: Result, *, expected: bool) -> Iterator[str]:
    if result.sheet is None:
        yield _line(result)
        return
    seed = result.sheet.variant
    numbers = "the exercise's own numbers" if seed is None else f"variant {seed}"
    yield f"{result.file}: {result.exercise}, {numbers}"
    for mark in result.marks:
        verdict = (
            f"{mark.name:<12}{mark.verdict:<16}{mark.points:g} / {mark.max_points:g}"
        )
        flags = f"  [{', '.join(mark.flags)}]" if mark.flags else ""
        yield f"  {verdict}{flags}"
        if mark.verdict != "correct":
            yield f"      {result.feedback(mark)}"
        if expected:
            yield f"      expected {mark.expected}"
    yield f"  {result.points:g} of {result.max_points:g} points"


def _line(result: Result) -> str:
    if result.sheet is None:
        return f"unreadable  {result.file}: {result.reason}"
    lost = [f"{mark.name} {mark.verdict}" for mark in result.marks if not mark.points]
    flags = [f"{mark.name} {flag}" for mark in result.marks for flag in mark.flags]
    notes = [", ".join(lost), f"look at {', '.join(flags)}" if flags else ""]
    if result.sheet.variant is not None:
        notes.insert(0, f"variant {result.sheet.variant}")
    points = f"{result.points:g} / {result.max_points:g}"
    return f"{points:<10}  {result.file}  {'; '.join(filter(None, notes))}".rstrip()


class _Summary:
    """Counts, so that no result need be kept."""

    def __init__(self) -> None:
        self.marked = self.unreadable = 0
        self.points = 0.0
        self.lost: Counter[str] = Counter()

    def add(self, result: Result) -> None:
        if result.sheet is None:
            self.unreadable += 1
            return
        self.marked += 1
        self.points += result.points
        self.lost.update(mark.name for mark in result.marks if not mark.points)

    def lines(self) -> Iterator[str]:
        mean = (
            f", {self.points / self.marked:.2f} points on average"
            if self.marked
            else ""
        )
        yield f"{self.marked} marked{mean}; {self.unreadable} unreadable"
        if self.lost:
            most = (f"{name} ({count})" for name, count in self.lost.most_common())
            yield f"Not paid: {', '.join(most)}"
