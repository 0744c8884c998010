"""Results as JSON, as CSV and as a table, written as they come."""

import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from mlp_exercise.submission import class_report
from mlp_exercise.submission.class_table import ClassTable
from mlp_exercise.submission.records import Exercise, Result
from mlp_exercise.submission.safe_text import cell, printable
from mlp_exercise.submission.summary import Summary

NAME = 11
"""In characters: so wide is the column of steps at least."""


def write_json(results: Iterable[Result], stream: TextIO, *, expected: bool) -> None:
    """Write an array of objects, one for each notebook."""
    between = "["
    for result in results:
        stream.write(f"{between}\n{json.dumps(_object(result, expected=expected))}")
        between = ","
    stream.write("\n]\n" if between == "," else "[]\n")


def write_csv(
    results: Iterable[Result], stream: TextIO, *, steps: Sequence[str]
) -> None:
    """Write a row for each notebook."""
    columns = tuple(dict.fromkeys(steps))  # exercises may share the name of a step
    writer = csv.writer(stream, lineterminator="\n")
    about = ("file", "exercise", "variant", "status", "points", "max_points")
    writer.writerow([*about, "reason", "flags", "remarks", *columns])
    for result in results:
        row = _object(result, expected=False)
        verdicts = {mark.name: mark.verdict for mark in result.marks}
        flags = [f"{mark.name}: {flag}" for mark in result.marks for flag in mark.flags]
        cells = [
            *(row[key] for key in about),
            *(result.reason, "; ".join(flags), " ".join(result.remarks)),
            *(verdicts.get(step) for step in columns),
        ]
        writer.writerow(map(cell, cells))


def write_table(
    results: Iterable[Result],
    stream: TextIO,
    *,
    expected: bool,
    exercises: Sequence[Exercise],
) -> None:
    """Write one notebook step by step, or many with a line each and a summary.

    The class table follows where it says more than the lines.
    """
    rest = iter(results)
    first, second = next(rest, None), next(rest, None)
    if first is not None and second is None:
        lines = _steps(first, expected=expected)
        stream.writelines(f"{printable(line)}\n" for line in lines)
        return
    summary, table = Summary(), ClassTable(exercises)
    for result in itertools.chain((r for r in (first, second) if r), rest):
        summary.add(result)
        table.add(result)
        stream.write(f"{printable(_line(result))}\n")
    stream.writelines(f"{line}\n" for line in summary.lines())
    if table.says_more_than_lines():
        stream.write("\n")
        class_report.write_table(table, stream)


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
        "points": None if result.lacking else result.points,
        "max_points": None if result.lacking else result.max_points,
        **({} if result.reason is None else {"reason": result.reason}),
        **({"remarks": list(result.remarks)} if result.remarks else {}),
        "steps": steps,
    }


def _steps(result: Result, *, expected: bool) -> Iterator[str]:
    if result.sheet is None:
        yield _line(result)
        return
    seed = result.sheet.variant
    numbers = "" if seed is None else f", variant {seed}"
    yield f"{result.file}: {result.exercise}{numbers}"
    width = 1 + max([NAME, *(len(mark.name) for mark in result.marks)])
    for mark in result.marks:
        points = f"{mark.points:g} / {mark.max_points:g}"
        verdict = f"{mark.name:<{width}}{mark.verdict:<16}{points}"
        flags = f"  [{', '.join(mark.flags)}]" if mark.flags else ""
        yield f"  {verdict}{flags}"
        if mark.verdict != "correct":
            yield f"      {result.feedback(mark)}"
        if expected and mark.expected is not None:
            yield f"      expected {mark.expected}"
    yield from (f"  {remark}" for remark in result.remarks)
    yield f"  {result.points:g} of {result.max_points:g} points"


def _line(result: Result) -> str:
    if result.sheet is None:
        return f"{result.status}  {result.file}: {result.reason}"
    lost = [f"{mark.name} {mark.verdict}" for mark in result.marks if not mark.points]
    flags = [f"{mark.name} {flag}" for mark in result.marks for flag in mark.flags]
    look = f"look at {', '.join(flags)}" if flags else ""
    notes = [", ".join(lost), look, " ".join(result.remarks)]
    if result.sheet.variant is not None:
        notes.insert(0, f"variant {result.sheet.variant}")
    points = f"{result.points:g} / {result.max_points:g}"
    return f"{points:<10}  {result.file}  {'; '.join(filter(None, notes))}".rstrip()
