"""What came of notebooks, as a table, as JSON and as CSV: by notebook, and by learner."""

import csv
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, TypeAlias, TypeVar

from mlp_exercise.submission.batch import Result
from mlp_exercise.submission.learners import Learner, exercise_in, learner_of
from mlp_exercise.submission.mark import EXERCISES

K = TypeVar("K")

Row: TypeAlias = dict[str, Any]
"""What a learner has reached, by heading, and the exercises with notebooks that have no marks."""

EXERCISE_NAMES = tuple(exercise.name for exercise in EXERCISES)

LABELS = {name: "_".join(name.split("_")[:2]) for name in EXERCISE_NAMES}
"""What stands for an exercise in a class table, such as ex1_01."""

MAX_TOTAL = float(sum(exercise.max_points for exercise in EXERCISES))

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
) -> None:
    """Write what came of each notebook, as the results come, or at the end of each learner."""
    heading = HEADINGS[by]
    if by == "learner":
        rows = class_rows(list(results))
        objects = ({key: row[key] for key in heading} for row in rows)
        records, table = map(_class_record, rows), _class_table(rows)
    else:
        objects = (_object(result, expected=expected) for result in results)
        records = map(_record, results)
        table = _notebooks_table(results, expected=expected)
    if form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows([_no_formula(r.get(key)) for key in heading] for r in records)
    elif form == "json":
        stream.writelines(_json(objects))
    else:
        stream.writelines(f"{printable(line)}\n" for line in table)


def class_rows(results: Sequence[Result]) -> list[Row]:
    """Return a row for each learner, sorted as in a list of names, no two of the same name."""
    rows = [_row(name, of_one) for name, of_one in _by_learner(results).items()]
    return sorted(rows, key=lambda r: (_normal(r["learner"]).casefold(), r["learner"]))


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Count notebooks, points, and the steps that cost points."""
    count = Counter(result.status for result in results)
    marked, without = count["marked"], f"{count['unreadable']} unreadable"
    if count["not marked"]:
        without += f", {count['not marked']} not marked"
    of_each = _grouped(_marked(results), lambda result: result.exercise or "")
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


def _object(result: Result, *, expected: bool) -> dict[str, Any]:
    sheet, counts = result.sheet, result.status != "not marked"
    keys = ["name", "verdict", "points", "max_points", "flags", "feedback"]
    keys += ["elements", "expected"] if expected else ["elements"]
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


def _record(result: Result) -> dict[str, Any]:
    flags, remarks = "; ".join(_flags(result, ": ")), " ".join(result.sheet.remarks)
    verdicts = {mark.name: mark.verdict for mark in result.sheet.marks}
    object_ = _object(result, expected=False)
    return object_ | {"flags": flags, "remarks": remarks} | verdicts


def _notebooks_table(results: Iterable[Result], *, expected: bool) -> Iterator[str]:
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
    exercises = {result.exercise for result in _marked(seen)}
    if len(exercises) > 1 or len(_by_learner(seen)) < len(seen):
        yield ""
        yield from _class_table(class_rows(seen))


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


def _marked(results: Iterable[Result]) -> list[Result]:
    return [result for result in results if result.status == "marked"]


def _grouped(
    results: Iterable[Result], key: Callable[[Result], K]
) -> dict[K, list[Result]]:
    groups: dict[K, list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return groups


def _flags(result: Result, between: str = " ") -> list[str]:
    marks = result.sheet.marks
    return [f"{mark.name}{between}{flag}" for mark in marks for flag in mark.flags]


def _look_at(flags: Sequence[str]) -> str:
    return f"look at {', '.join(flags)}" if flags else ""


def _mean(results: Sequence[Result]) -> str:
    return f"{sum(result.sheet.points for result in results) / len(results):.2f}"


def _lost(results: Iterable[Result], most: int | None = None) -> str:
    marks = (mark for result in results for mark in result.sheet.marks)
    lost = Counter(mark.name for mark in marks if not mark.points)
    named = [f"{name} ({count})" for name, count in lost.most_common(most)]
    more = len(lost) - len(named)
    return ", ".join([*named, f"and {more} more"] if more else named)


def _by_learner(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Bring the notebooks of each learner together."""

    def learner(result: Result) -> Learner:
        return learner_of(result.file, result.path or result.file, EXERCISE_NAMES)

    def namesakes(result: Result) -> tuple[str, str, str | None]:
        who = learner(result)
        return who.name, who.place, _exercise(result) if who.place else None

    shared = {
        name
        for (name, *_), of_one in _grouped(results, namesakes).items()
        if len({learner(result).full for result in of_one} - {""}) > 1
    }

    def name(result: Result) -> str:
        who = learner(result)
        return who.full or who.name if who.name in shared else who.name

    return _grouped(results, name)


def _exercise(result: Result) -> str | None:
    """Return the exercise of a notebook; where it is unreadable, its file's name may tell it."""
    return result.exercise or exercise_in(Path(result.file).name, EXERCISE_NAMES)


def _row(learner: str, results: Sequence[Result]) -> Row:
    of_each = _grouped(results, _exercise)
    best: dict[str | None, Result] = {}
    remarks: list[str] = []
    look_at: list[str] = []
    for name, label in (*LABELS.items(), (None, "")):
        said = list(_remarks(of_each.get(name, ())))
        if marked := _marked(of_each.get(name, ())):
            # Of equal points, those with the least to look at.
            best[name] = max(marked, key=lambda r: (r.sheet.points, -len(_flags(r))))
            said += best[name].sheet.remarks
            look_at += (f"{label} {flag}" for flag in _flags(best[name]))
        remarks += (f"{label}: {text.rstrip('.')}" if label else text for text in said)
    points = {e: best[e].sheet.points if e in best else None for e in EXERCISE_NAMES}
    return {
        "learner": learner,
        **points,
        "total": float(sum(filter(None, points.values()))),
        "max_total": MAX_TOTAL,
        "remarks": [*remarks, *filter(None, [_look_at(look_at)])],
        "unmarked": {_exercise(r) for r in results if r.status != "marked"},
    }


def _remarks(results: Sequence[Result]) -> Iterator[str]:
    """Say what a person should know of the notebooks of one exercise who sees the points."""
    seeds = [result.sheet.variant for result in _marked(results)]
    if len(seeds) > 1:
        differ = ", of different numbers" if len(set(seeds)) > 1 else ""
        yield f"best of {len(seeds)}{differ}"
    lacking = [r.reason for r in results if r.status == "not marked"]
    yield from (f"not marked: {why}" for why in lacking)
    if unreadable := len(results) - len(seeds) - len(lacking):
        yield f"{unreadable} unreadable"


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
    """Return text without accents in its letters, and wide signs as plain ones."""
    return unicodedata.normalize("NFKD", text)
