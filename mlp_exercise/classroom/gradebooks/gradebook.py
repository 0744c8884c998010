"""Points go into the sheet of the course's platform; nothing else in it changes."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import isclose
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.files import opened
from mlp_exercise.classroom.gradebooks.columns import Target, impossible, targets
from mlp_exercise.classroom.gradebooks.layouts import Layout, layout_of
from mlp_exercise.classroom.gradebooks.matching import Matches, Person, match
from mlp_exercise.classroom.gradebooks.participants import (
    by_number,
    counts_here,
    parted,
    present_in,
)
from mlp_exercise.classroom.gradebooks.sheet import (
    CsvFile,
    SheetError,
    content_of,
    has_decimal_commas,
    number,
    read,
    written,
)
from mlp_exercise.classroom.gradebooks.wishes import unmet, wishes
from mlp_exercise.classroom.standing import Standing, whose
from mlp_exercise.classroom.tables import printable

WAITING = re.compile(r"[-–—]?|needs (grading|marking)\b.*", re.IGNORECASE)
"""What a cell holds that has no points yet."""


LONGEST = 80
"""Letters of a name that are shown."""


class Told(NamedTuple):
    """What came of a sheet, for the instructor and as an exit status."""

    lines: Sequence[str]
    status: int = 0  # 1 where somebody's points were left out, 2 where all were


class Filling(NamedTuple):
    """A sheet that is being filled: what is written into it, and what is told."""

    sheet: CsvFile
    layout: Layout
    values: dict[tuple[int, int], float]
    lines: list[str]
    counts: Counter[str]

    def leave(self, who: str, why: str) -> None:
        """Say why somebody's points are not in the sheet."""
        self.counts["left alone"] += 1
        self.lines.append(f"{who}: left alone: {why}")

    def put(self, who: str, at: int, target: Target, points: float) -> None:
        """Put points into a row, as far as its cell takes them."""
        row, position = self.sheet.rows[at], target.column.position
        new = round(points * target.factor, 2)
        if len(row) < self.layout.width or any(row[self.layout.width :]):
            expected = f"expected {self.layout.width}"
            self.leave(who, f"row {at + 1} has {len(row)} cells, {expected}")
            return
        text = row[position].strip()
        old = number(text)
        if old is not None and isclose(old, new, abs_tol=1e-9):
            self.counts["unchanged"] += 1
        elif at in self.layout.locked:
            self.leave(who, "the platform lets nobody change this grade")
        elif old is None and not WAITING.fullmatch(text):
            self.leave(who, f"{text[:40]!r} stands in the cell")
        else:
            self.values[at, position] = new
            self.counts["filled"] += 1
            if old is not None:
                self.lines.append(f"{who}: {new:g} was {old:g}")


def check(
    files: Sequence[str], columns: Sequence[str], *, scale: bool = False
) -> list[str]:
    """Return what is wrong with sheets, and with the columns asked for, before any marking."""
    lines: list[str] = []
    layouts: dict[str, Layout] = {}
    for file in files:
        try:
            layouts[file] = layout_of(read(content_of(Path(file))))
        except SheetError as problem:
            lines.append(f"{file}: {problem}")
        except OSError as problem:
            lines.append(f"{file}: {problem.strerror}")
    wanted = wishes(columns)
    if not lines:
        lines += unmet(columns, [*layouts.values()])
    if not lines:
        for file, layout in layouts.items():
            why = impossible(layout, wanted, scale=scale)
            lines += (f"{file}: {each}" for each in why)
    return [printable(line) for line in lines]


def fill(
    file: Path,
    classroom: Sequence[Standing],
    *,
    columns: Sequence[str] = (),
    scale: bool = False,
    others: Sequence[Sequence[Person]] = (),
) -> Told:
    """Fill in the points of the learners that a sheet names, whatever is wrong with it.

    Who has a row in one of the other sheets is not missing in this one.
    """
    try:
        sheet = read(content_of(file))
        filling = _filling(sheet, classroom, columns, others, scale=scale)
        if filling.values:
            with opened(str(file)) as stream:
                stream.buffer.write(_filled(filling))
    except (SheetError, OSError) as problem:
        lines = [f"not filled: {problem}"]
        status = 2
    else:
        lines = filling.lines
        status = 1 if filling.counts["left alone"] else 0
    return Told([printable(f"{file}: {line}") for line in lines], status)


def _filling(
    sheet: CsvFile,
    classroom: Sequence[Standing],
    columns: Sequence[str],
    others: Sequence[Sequence[Person]],
    *,
    scale: bool,
) -> Filling:
    """Compare what stands in a sheet with what is to stand there."""
    layout = layout_of(sheet)
    filling = Filling(sheet, layout, {}, [], Counter())
    classroom = [one for one in classroom if one.results]
    numbers = by_number(layout)
    here, elsewhere = parted(classroom, layout, numbers)
    present = present_in(here, numbers)
    found, refused = targets(layout, wishes(columns), present, scale=scale)
    filling.lines.extend([*map(_takes, found), *refused])
    filling.counts["left alone"] += len(refused)
    in_another = _named_in(classroom, others)
    for one, target in product(elsewhere, found):
        if one.name not in in_another and isinstance(_points(one, target), float):
            filling.leave(
                _short(one.name), "nobody here has its name and Moodle's number"
            )
    matches = _matches(here, layout)
    seen: set[int] = set()
    for (position, one), target in product(enumerate(here), found):
        points = _points(one, target)
        if points is None:
            continue
        row = matches.row_of.get(position)
        seen |= {row} if row is not None else {*matches.unclear.get(position, ())}
        who = _short(one.name)
        who = who if len(found) == 1 else f"{who}: {target.called}"
        nowhere = row is None and position not in matches.unclear
        if nowhere and one.name in in_another:
            filling.counts["in another sheet"] += 1
        elif isinstance(points, str):
            filling.counts["not marked"] += 1
            filling.lines.append(f"{who}: {points}, so the cell stays as it is")
        elif row is None:
            filling.leave(who, _why(matches.unclear.get(position, ()), layout))
        elif layout.platform == "moodle" and not counts_here(one, target, numbers):
            filling.leave(who, "what counts was handed in for another assignment")
        else:
            filling.put(who, layout.rows[row], target, points)
    filling.counts["handed in nothing"] = len(layout.people) - len(seen)
    filling.lines.append(_summary(filling.counts))
    return filling


def _matches(here: Sequence[Standing], layout: Layout) -> Matches:
    """Find the rows of learners, who may have namesakes on another platform than theirs.

    Where a sheet's platform has learners of its own, those of others are found by more than a name.
    """
    known = [one.known_as() for one in here]
    platforms = [{whose(r).platform for r in one.results} - {""} for one in here]
    own = {n for n, found in enumerate(platforms) if layout.platform in found}
    strangers = {n for n, found in enumerate(platforms) if own and found} - own
    by_name = match(known, layout.people).claims
    for position in strangers:
        known[position] = known[position]._replace(names=())
    found = match(known, layout.people)
    namesakes = {n: by_name[n] for n in strangers & by_name.keys() - found.by_id}
    return found._replace(unclear={**found.unclear, **namesakes})


def _named_in(
    classroom: Sequence[Standing], sheets: Sequence[Sequence[Person]]
) -> set[str]:
    """Return the names of the learners who have a row in one of the sheets."""
    known = [one.known_as() for one in classroom]
    rows = (match(known, people).row_of for people in sheets)
    return {classroom[position].name for found in rows for position in found}


def _filled(filling: Filling) -> bytes:
    """Return the sheet with numbers as it writes them."""
    sheet, columns = filling.sheet, filling.layout.columns
    # Right of Moodle's grades stands their maximum.
    positions = {c.position + n for c in columns for n in (0, 1)}
    texts = (row[at] for row in sheet.rows for at in positions if at < len(row))
    mark = "," if has_decimal_commas(texts) else "."
    values = {at: f"{new:.9g}".replace(".", mark) for at, new in filling.values.items()}
    return written(sheet, values)


def _points(one: Standing, target: Target) -> float | str | None:
    """Return the points of a learner; why there are none; None where nothing was handed in."""
    lacking = {name for name in target.exercises if name not in one.counting}
    unknown = None in one.unmarked and (len(target.exercises) > 1 or not one.counting)
    if lacking and (unknown or lacking & one.unmarked):
        return "a notebook could not be marked"
    if len(lacking) == len(target.exercises):
        return None
    return float(sum(one.points[name] or 0 for name in target.exercises))


def _why(rows: Sequence[int], layout: Layout) -> str:
    """Say why the row of a learner is not certain."""
    if not rows:
        return "no row has this name or number"
    shown = ", ".join(f"{layout.rows[row] + 1}" for row in rows[:5])
    more = " and more" if len(rows) > 5 else ""
    if len(rows) == 1:
        return f"row {shown} could be somebody else's as well"
    return f"rows {shown}{more} could all be theirs"


def _takes(target: Target) -> str:
    """Say what a column takes."""
    text = f"{target.column.header} takes {target.called}"
    most, factor = target.column.maximum, target.factor
    if factor == 1 or not most:
        return text
    return f"{text}, converted from {most / factor:g} to {most:g} points"


def _short(name: str) -> str:
    """Return a name that fits a line; whoever has chosen it may have made it long."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _summary(counts: Counter[str]) -> str:
    always = ("filled", "unchanged", "handed in nothing", "left alone")
    sometimes = ("not marked", "in another sheet")
    kinds = (*always, *(kind for kind in sometimes if counts[kind]))
    return ", ".join(f"{counts[kind]} {kind}" for kind in kinds)
