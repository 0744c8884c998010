"""The class table as JSON, as CSV and as a table."""

import csv
import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import TextIO

from mlp_exercise.submission.class_row import Row
from mlp_exercise.submission.class_table import ClassTable
from mlp_exercise.submission.safe_text import cell, printable

WIDEST = 40
"""Longer names of learners stick out, so that the others' rows stay short."""


def write_json(table: ClassTable, stream: TextIO) -> None:
    """Write an array of objects, one for each learner."""
    between = "["
    for row in table.rows():
        points = dict(zip(table.names, row.points, strict=True))
        totals = {"total": row.total, "max_total": table.max_total}
        about = {"learner": row.learner, **points, **totals, "remarks": row.remarks}
        stream.write(f"{between}\n{json.dumps(about)}")
        between = ","
    stream.write("\n]\n" if between == "," else "[]\n")


def write_csv(table: ClassTable, stream: TextIO) -> None:
    """Write a row for each learner."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["learner", *table.names, "total", "max_total", "remarks"])
    for row in table.rows():
        points = ["" if p is None else f"{p:g}" for p in row.points]
        totals = [f"{row.total:g}", f"{table.max_total:g}"]
        cells = [row.learner, *points, *totals, "; ".join(row.remarks)]
        writer.writerow(map(cell, cells))


def write_table(table: ClassTable, stream: TextIO) -> None:
    """Write lines with columns."""
    worth = (f"of {points:g}" for points in (*table.max_points, table.max_total))
    lines = [
        ["learner", *table.labels.values(), "total", "remarks"],
        ["", *worth, ""],
        *(list(_cells(row)) for row in table.rows()),
    ]
    names, *columns = zip(*(line[:-1] for line in lines), strict=True)
    widest = min(WIDEST, max(map(_width, names)))
    widths = [max(map(len, column)) for column in columns]
    for name, *numbers, remarks in lines:
        padded = name + " " * (widest - _width(name))
        cells = (f"{n:>{width}}" for n, width in zip(numbers, widths, strict=True))
        stream.write(f"{'  '.join([padded, *cells, remarks])}".rstrip() + "\n")


WRITERS: dict[str, Callable[[ClassTable, TextIO], None]] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}
"""What writes each format."""


def _cells(row: Row) -> Iterator[str]:
    yield printable(row.learner)
    for points, unmarked in zip(row.points, row.unmarked, strict=True):
        none = "?" if unmarked else "-"
        yield none if points is None else f"{points:g}"
    yield f"{row.total:g}"
    yield printable("; ".join(row.remarks))


def _width(text: str) -> int:
    """Count the columns of a terminal: accents take none, East Asian letters two."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
