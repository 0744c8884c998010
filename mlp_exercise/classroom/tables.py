"""What came of notebooks, as a table, as JSON and as CSV: by notebook, and by learner."""

import csv
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO, TypeAlias

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.batches.record import written
from mlp_exercise.classroom.for_instructors import counts
from mlp_exercise.classroom.standing import (
    EXERCISE_NAMES,
    LABELS,
    MAX_TOTAL,
    Standing,
    by_learner,
    flags,
    grouped,
    look_at,
    marked,
    not_listed,
    standings,
)
from mlp_exercise.submission.mark import EXERCISES

Row: TypeAlias = dict[str, Any]
"""What a learner has reached, by heading, and the exercises with notebooks that have no marks."""

HEADINGS = {
    "notebook": (
        *("file", "exercise", "variant", "status", "points", "max_points"),
        *("reason", "flags", "remarks"),
        *dict.fromkeys(
            step for e in EXERCISES for step in e.steps
        ),  # names may be shared
    ),
    "learner": ("learner", *EXERCISE_NAMES, "total", "max_total", "remarks"),
}
"""Columns of CSV."""

SIGNS = ("=", "+", "-", "@", "−")
"""What a formula begins with in a spreadsheet."""

NARROWEST, WIDEST = 11, 40
"""Characters in a column of steps at least, and in one of learners at most."""

MOST = 5
"""Steps that are named of each of several exercises, those that most lost points at."""


def write(
    results: Iterable[Result],
    stream: TextIO,
    form: str,
    by: str = "notebook",
    *,
    expected: bool = False,
    standing: Callable[[Sequence[Result]], Sequence[Standing]] = standings,
    besides: Callable[[Result], Mapping[str, Any]] = lambda _: {},
) -> None:
    """Write what came of each notebook, as the results come, or at the end of each learner.

    `besides` returns what JSON says of a notebook besides its result.
    """
    heading = HEADINGS[by]
    if by == "learner":
        rows = class_rows(standing(list(results)))
        objects = ({key: row[key] for key in heading} for row in rows)
        records, table = map(_class_record, rows), _class_table(rows)
    else:
        objects = (
            {**written(result, expected=expected), **besides(result)}
            for result in results
        )
        records = map(_record, results)
        table = _notebooks_table(results, standing, expected=expected)
    if form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows([_no_formula(r.get(key)) for key in heading] for r in records)
    elif form == "json":
        stream.writelines(_json(objects))
    else:
        stream.writelines(f"{printable(line)}\n" for line in table)


def class_rows(classroom: Iterable[Standing]) -> list[Row]:
    """Return a row for each learner."""
    return [
        {
            "learner": one.name,
            **one.points,
            "total": one.total,
            "max_total": MAX_TOTAL,
            "remarks": list(one.remarks),
            "unmarked": one.unmarked,
        }
        for one in classroom
    ]


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Count notebooks, points, and the steps that cost points."""
    count = Counter(result.status for result in results)
    number, without = count["marked"], f"{count['unreadable']} unreadable"
    if count["not marked"]:
        without += f", {count['not marked']} not marked"
    of_each = grouped(marked(results), lambda result: result.exercise or "")
    if len(of_each) == 1:
        (of_one,) = of_each.values()
        yield f"{number} marked, {_mean(of_one):.2f} points on average; {without}"
        if lost := _lost(of_one):
            yield f"Not paid: {lost}"
        return
    yield f"{number} marked; {without}"
    for name, of_one in sorted(of_each.items()) if number > len(of_each) else ():
        average = (
            f"{_mean(of_one):.2f} of {of_one[0].sheet.max_points:g} points on average"
        )
        lost = _lost(of_one, MOST)
        not_paid = f"; not paid: {lost}" if lost else ""
        yield f"{name}: {len(of_one)} marked, {average}{not_paid}"


def printable(text: str) -> str:
    """Replace what would move the cursor, end the line or cannot be encoded."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _json(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    between = "["
    for each in objects:
        yield f"{between}\n{json.dumps(each)}"
        between = ","
    yield "\n]\n" if between == "," else "[]\n"


def _no_formula(value: Any) -> Any:
    """Keep a spreadsheet from taking text for a formula; some part cells at semicolons."""
    if not isinstance(value, str):
        return value
    parts = printable(value).split(";")
    # The fullwidth forms ＝ ＋ － ＠ and the minus − are taken for the plain ones.
    return ";".join(f"'{p}" if _normal(p).lstrip()[:1] in SIGNS else p for p in parts)


def _record(result: Result) -> dict[str, Any]:
    flagged, remarks = "; ".join(flags(result, ": ")), " ".join(result.sheet.remarks)
    verdicts = {mark.name: mark.verdict for mark in result.sheet.marks}
    object_ = written(result, expected=False)
    return object_ | {"flags": flagged, "remarks": remarks} | verdicts


def _notebooks_table(
    results: Iterable[Result],
    standing: Callable[[Sequence[Result]], Sequence[Standing]],
    *,
    expected: bool,
) -> Iterator[str]:
    """Show one notebook step by step, or many with a line each and what they add up to."""
    seen: list[Result] = []
    for result in results:
        seen.append(result)
        if len(seen) > 1:
            yield from map(_line, seen if len(seen) == 2 else [result])
    if len(seen) == 1:
        yield from _steps(seen[0], expected=expected)
        return
    yield from summary(seen)
    exercises = {result.exercise for result in marked(seen)}
    classroom = standing(seen)
    nothing = any(not one.results for one in classroom)
    strange = any(map(not_listed, classroom))
    if len(exercises) > 1 or len(by_learner(seen)) < len(seen) or nothing or strange:
        yield ""
        yield from _class_table(class_rows(classroom))


def _steps(result: Result, *, expected: bool) -> Iterator[str]:
    sheet = result.sheet
    if result.status != "marked":
        yield _line(result)
        return
    numbers = "" if sheet.variant is None else f", variant {sheet.variant}"
    yield f"{result.file}: {result.exercise}{numbers}"
    width = 1 + max([NARROWEST, *(len(mark.name) for mark in sheet.marks)])
    for mark in sheet.marks:
        points = f"{mark.points:g} / {mark.max_points:g}"
        flagged = f"  [{', '.join(mark.flags)}]" if mark.flags else ""
        yield f"  {mark.name:<{width}}{mark.verdict:<16}{points}{flagged}"
        if mark.verdict != "correct":
            yield f"      {mark.feedback}"
        if expected and mark.expected is not None:
            yield f"      expected {mark.expected}"
    yield from (f"  {remark}" for remark in sheet.remarks)
    yield f"  {sheet.points:g} of {sheet.max_points:g} points"


def _line(result: Result) -> str:
    sheet = result.sheet
    if result.status != "marked":
        return f"{result.status}  {result.file}: {result.reason}"
    seed = "" if sheet.variant is None else f"variant {sheet.variant}"
    lost = ", ".join(f"{m.name} {m.verdict}" for m in sheet.marks if not m.points)
    look, late = look_at(flags(result)), "late" if result.late else ""
    notes = "; ".join(filter(None, [seed, late, lost, look, " ".join(sheet.remarks)]))
    points = f"{sheet.points:g} / {sheet.max_points:g}"
    return f"{points:<10}  {result.file}  {notes}".rstrip()


def _mean(results: Sequence[Result]) -> float:
    return counts.distribution(results).mean


def _lost(results: Iterable[Result], most: int | None = None) -> str:
    lost = counts.lost(results)
    named = [f"{name} ({count})" for name, count in lost.most_common(most)]
    more = len(lost) - len(named)
    return ", ".join([*named, f"and {more} more"] if more else named)


def _class_record(row: Row) -> Row:
    values = row | {"remarks": "; ".join(row["remarks"])}
    return {k: f"{v:g}" if type(v) in (int, float) else v for k, v in values.items()}


def _class_table(rows: Iterable[Row]) -> Iterator[str]:
    most = [f"of {n:g}" for n in (*(e.max_points for e in EXERCISES), MAX_TOTAL)]
    lines = [["learner", *LABELS.values(), "total", "remarks"], ["", *most, ""]]
    for row in map(_class_record, rows):
        points = [row[e] or "-?"[e in row["unmarked"]] for e in EXERCISE_NAMES]
        cells = [row["learner"], *points, row["total"], row["remarks"]]
        lines.append([printable(cell) for cell in cells])
    width, *widths = (max(map(len, column)) for column in zip(*lines, strict=True))
    for name, *numbers, remarks in lines:
        padded = [f"{n:>{w}}" for n, w in zip(numbers, widths, strict=False)]
        line = "  ".join([f"{name:<{min(WIDEST, width)}}", *padded, remarks])
        yield line.rstrip()


def _normal(text: str) -> str:
    """Return text with wide signs as plain ones."""
    return unicodedata.normalize("NFKD", text)
