"""What came of notebooks, as a table, as JSON and as CSV: by notebook, and by learner."""

import csv
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from mlp_exercise.submission.batch import Result
from mlp_exercise.submission.learners import exercise_in, learner_of
from mlp_exercise.submission.mark import EXERCISES

EXERCISE_NAMES = tuple(exercise.name for exercise in EXERCISES)

LABELS = {name: "_".join(name.split("_")[:2]) for name in EXERCISE_NAMES}
"""What stands for an exercise in a class table, such as ex1_01."""

MAX_TOTAL = float(sum(exercise.max_points for exercise in EXERCISES))

STEP_NAMES = tuple(dict.fromkeys(step for e in EXERCISES for step in e.steps))
"""Columns of CSV; exercises may share the name of a step."""

ABOUT = ("file", "exercise", "variant", "status", "points", "max_points")
"""What both JSON and CSV say of a notebook."""

SIGNS = ("=", "+", "-", "@", "−")
"""What a formula begins with in a spreadsheet."""

NARROWEST, WIDEST = 11, 40
"""Characters in a column of steps at least, and in one of learners at most."""

MOST = 5
"""Steps that are named of each of several exercises, those that most lost points at."""


def write_notebooks(
    results: Iterable[Result], stream: TextIO, form: str, *, expected: bool = False
) -> None:
    """Write what came of each notebook, as the results come."""
    if form == "table":
        _notebooks_table(results, stream, expected=expected)
    elif form == "json":
        _json((_object(result, expected=expected) for result in results), stream)
    else:
        heading = [*ABOUT, "reason", "flags", "remarks", *STEP_NAMES]
        _csv(heading, map(_notebook_cells, results), stream)


def write_learners(results: Iterable[Result], stream: TextIO, form: str) -> None:
    """Write a row for each learner, with a column for each exercise and their sum."""
    rows = class_rows(list(results))
    if form == "table":
        _class_table(rows, stream)
    elif form == "json":
        _json(map(_class_object, rows), stream)
    else:
        heading = ["learner", *EXERCISE_NAMES, "total", "max_total", "remarks"]
        _csv(heading, map(_class_cells, rows), stream)


class Row(NamedTuple):
    """What one learner has reached."""

    learner: str  # no two rows have the same
    points: tuple[float | None, ...]  # of the best notebook of each exercise
    unmarked: tuple[bool, ...]  # whether a notebook of each came that has no marks
    remarks: tuple[str, ...]

    @property
    def total(self) -> float:
        """Add the points up."""
        return float(sum(points for points in self.points if points is not None))


def class_rows(results: Sequence[Result]) -> list[Row]:
    """Return a row for each learner, sorted as in a list of names."""
    rows = [_row(name, of_one) for name, of_one in _by_learner(results).items()]
    return sorted(rows, key=lambda row: (_normal(row.learner).casefold(), row.learner))


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Count notebooks, points, and the steps that cost points."""
    count = Counter(result.status for result in results)
    marked, without = count["marked"], f"{count['unreadable']} unreadable"
    if count["not marked"]:
        without += f", {count['not marked']} not marked"
    of_each: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.status == "marked":
            of_each[result.exercise or ""].append(result)
    if len(of_each) == 1:
        (of_one,) = of_each.values()
        yield f"{marked} marked, {_mean(of_one)} points on average; {without}"
        if lost := _lost(of_one):
            yield f"Not paid: {lost}"
        return
    yield f"{marked} marked; {without}"
    for name, of_one in sorted(of_each.items()) if marked > len(of_each) else ():
        average = f"{_mean(of_one)} of {of_one[0].sheet.max_points:g} points on average"
        lost = _lost(of_one, MOST)
        yield f"{name}: {len(of_one)} marked, {average}" + (
            f"; not paid: {lost}" if lost else ""
        )


def printable(text: str) -> str:
    """Replace what would move the cursor, end the line or cannot be encoded."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _json(objects: Iterable[dict[str, Any]], stream: TextIO) -> None:
    between = "["
    for each in objects:
        stream.write(f"{between}\n{json.dumps(each)}")
        between = ","
    stream.write("\n]\n" if between == "," else "[]\n")


def _csv(heading: Sequence[str], rows: Iterable[Iterable[Any]], stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(map(_no_formula, row) for row in rows)


def _no_formula(value: Any) -> Any:
    """Keep a spreadsheet from taking text for a formula; some part cells at semicolons."""
    if not isinstance(value, str):
        return value
    parts = printable(value).split(";")
    # The fullwidth forms ＝ ＋ － ＠ and the minus − are taken for the plain ones.
    return ";".join(f"'{p}" if _normal(p).lstrip()[:1] in SIGNS else p for p in parts)


def _object(result: Result, *, expected: bool) -> dict[str, Any]:
    sheet, counts = result.sheet, result.status != "not marked"
    keys = ["name", "verdict", "points", "max_points", "flags", "feedback"]
    keys += ["expected"] if expected else []
    return {
        "file": result.file,
        "exercise": result.exercise,
        "variant": sheet.variant,
        "status": result.status,
        "points": sheet.points if counts else None,
        "max_points": sheet.max_points if counts else None,
        **({} if result.reason is None else {"reason": result.reason}),
        **({"remarks": sheet.remarks} if sheet.remarks else {}),
        "steps": [{key: getattr(mark, key) for key in keys} for mark in sheet.marks],
    }


def _notebook_cells(result: Result) -> list[Any]:
    values = _object(result, expected=False)
    verdicts = {mark.name: mark.verdict for mark in result.sheet.marks}
    return [
        *(values[key] for key in ABOUT),
        *(result.reason, "; ".join(_flags(result, ": "))),
        " ".join(result.sheet.remarks),
        *map(verdicts.get, STEP_NAMES),
    ]


def _notebooks_table(
    results: Iterable[Result], stream: TextIO, *, expected: bool
) -> None:
    """Write one notebook step by step, or many with a line each and what they add up to."""
    seen: list[Result] = []
    for result in results:
        seen.append(result)
        if len(seen) > 1:
            new = seen if len(seen) == 2 else [result]
            stream.writelines(f"{printable(_line(each))}\n" for each in new)
    if len(seen) == 1:
        lines = _steps(seen[0], expected=expected)
        stream.writelines(f"{printable(line)}\n" for line in lines)
        return
    stream.writelines(f"{line}\n" for line in summary(seen))
    exercises = {result.exercise for result in seen if result.status == "marked"}
    if len(exercises) > 1 or len(_by_learner(seen)) < len(seen):
        stream.write("\n")
        _class_table(class_rows(seen), stream)


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
        flags = f"  [{', '.join(mark.flags)}]" if mark.flags else ""
        yield f"  {mark.name:<{width}}{mark.verdict:<16}{points}{flags}"
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
    look = _look_at(_flags(result))
    notes = "; ".join(filter(None, [seed, lost, look, " ".join(sheet.remarks)]))
    points = f"{sheet.points:g} / {sheet.max_points:g}"
    return f"{points:<10}  {result.file}  {notes}".rstrip()


def _flags(result: Result, between: str = " ") -> list[str]:
    marks = result.sheet.marks
    return [f"{mark.name}{between}{flag}" for mark in marks for flag in mark.flags]


def _look_at(flags: Iterable[str]) -> str:
    named = ", ".join(flags)
    return f"look at {named}" if named else ""


def _mean(results: Sequence[Result]) -> str:
    return f"{sum(result.sheet.points for result in results) / len(results):.2f}"


def _lost(results: Iterable[Result], most: int | None = None) -> str:
    marks = (mark for result in results for mark in result.sheet.marks)
    lost = Counter(mark.name for mark in marks if not mark.points)
    named = [f"{name} ({count})" for name, count in lost.most_common(most)]
    more = len(lost) - len(named)
    return ", ".join([*named, f"and {more} more"] if more else named)


def _by_learner(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Bring the notebooks of each learner together."""
    learners = [
        (learner_of(result.file, result.path or result.file, EXERCISE_NAMES), result)
        for result in results
    ]
    namesakes: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for (name, full, place), result in learners:
        if full:
            key = (name, place, _exercise(result) if place else None)
            namesakes[key].add(full)
    shared = {name for (name, *_), fulls in namesakes.items() if len(fulls) > 1}
    found: dict[str, list[Result]] = defaultdict(list)
    for (name, full, _), result in learners:
        found[full or name if name in shared else name].append(result)
    return found


def _exercise(result: Result) -> str | None:
    """Return the exercise of a notebook; where it is unreadable, its file's name may tell it."""
    return result.exercise or exercise_in(Path(result.file).name, EXERCISE_NAMES)


def _row(learner: str, results: Iterable[Result]) -> Row:
    points: list[float | None] = []
    unmarked: list[bool] = []
    remarks: list[str] = []
    look_at: list[str] = []
    of_each: dict[str | None, list[Result]] = defaultdict(list)
    for result in results:
        of_each[_exercise(result)].append(result)
    for name in (*EXERCISE_NAMES, None):
        label = "" if name is None else LABELS[name]
        marked = [r for r in of_each[name] if r.status == "marked"]
        # Of equal points, those with the least to look at.
        worth = [(r.sheet.points, -len(_flags(r))) for r in marked]
        best = marked[worth.index(max(worth))] if marked else Result("")
        said = [*_remarks(of_each[name]), *best.sheet.remarks]
        remarks += (f"{label}: {text.rstrip('.')}" if label else text for text in said)
        look_at += (f"{label} {flag}" for flag in _flags(best))
        points.append(best.sheet.points if marked else None)
        unmarked.append(len(marked) < len(of_each[name]))
    remarks += filter(None, [_look_at(look_at)])
    return Row(learner, tuple(points[:-1]), tuple(unmarked[:-1]), tuple(remarks))


def _remarks(results: Sequence[Result]) -> Iterator[str]:
    """Say what a person should know of the notebooks of one exercise who sees the points."""
    seeds = [r.sheet.variant for r in results if r.status == "marked"]
    if len(seeds) > 1:
        differ = ", of different numbers" if len(set(seeds)) > 1 else ""
        yield f"best of {len(seeds)}{differ}"
    lacking = [r.reason for r in results if r.status == "not marked"]
    yield from (f"not marked: {why}" for why in lacking)
    if unreadable := len(results) - len(seeds) - len(lacking):
        yield f"{unreadable} unreadable"


def _class_object(row: Row) -> dict[str, Any]:
    points = dict(zip(EXERCISE_NAMES, row.points, strict=True))
    totals = {"total": row.total, "max_total": MAX_TOTAL}
    return {"learner": row.learner, **points, **totals, "remarks": row.remarks}


def _class_cells(row: Row) -> list[Any]:
    points = ["" if p is None else f"{p:g}" for p in row.points]
    totals = [f"{row.total:g}", f"{MAX_TOTAL:g}"]
    return [row.learner, *points, *totals, "; ".join(row.remarks)]


def _class_table(rows: Iterable[Row], stream: TextIO) -> None:
    worth = [
        f"of {points:g}" for points in (*(e.max_points for e in EXERCISES), MAX_TOTAL)
    ]
    lines = [["learner", *LABELS.values(), "total", "remarks"], ["", *worth, ""]]
    for row in rows:
        pairs = zip(row.points, row.unmarked, strict=True)
        points = ["-?"[without] if p is None else f"{p:g}" for p, without in pairs]
        cells = [row.learner, *points, f"{row.total:g}", "; ".join(row.remarks)]
        lines.append([printable(cell) for cell in cells])
    width, *widths = (max(map(len, column)) for column in zip(*lines, strict=True))
    for name, *numbers, remarks in lines:
        padded = [f"{n:>{w}}" for n, w in zip(numbers, widths, strict=False)]
        line = "  ".join([f"{name:<{min(WIDEST, width)}}", *padded, remarks])
        stream.write(f"{line.rstrip()}\n")


def _normal(text: str) -> str:
    """Return text without accents in its letters, and wide signs as plain ones."""
    return unicodedata.normalize("NFKD", text)
