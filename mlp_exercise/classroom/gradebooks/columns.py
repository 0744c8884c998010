"""Which points go into which column of a sheet, as its header or the instructor says."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from math import isclose
from typing import NamedTuple

from mlp_exercise.classroom.collecting.learners import exercise_in
from mlp_exercise.classroom.gradebooks.layouts import Column, Layout, letters
from mlp_exercise.classroom.gradebooks.sheet import SheetError
from mlp_exercise.classroom.standing import EXERCISE_NAMES, LABELS, MAX_POINTS

TOTAL = ("total", "totalpoints", "gesamt", "summe", "gesamtpunkte", "gesamtpunktzahl")
"""What a column of totals is headed, in letters alone."""


ADDED = re.compile(r" \(\d+\)$| points grade( <[^>]*>)?$")
"""What Canvas and Brightspace write behind the name of an assignment."""


class Target(NamedTuple):
    """A column, and the exercises whose points it takes."""

    column: Column
    exercises: tuple[str, ...]
    factor: float = 1.0  # by which points are converted

    @property
    def called(self) -> str:
        """Return what it takes, in few words."""
        return called(self.exercises)


class Wish(NamedTuple):
    """A column that the instructor names, and perhaps what it takes."""

    header: str
    exercises: tuple[str, ...] = ()


def wishes(texts: Sequence[str]) -> list[Wish]:
    """Read what was asked for: a column's name, and maybe = and what it takes."""
    return [_wish(text) for text in texts]


def targets(
    layout: Layout, wanted: Sequence[Wish], present: Counter[str], *, scale: bool
) -> tuple[list[Target], list[str]]:
    """Return the columns to fill, and what is to be told of others.

    What is present are the exercises that were handed in for this sheet, and by how many.
    """
    if layout.why:
        raise SheetError(layout.why)
    moodle = layout.platform == "moodle"
    choose = _of_assignment if moodle else _named if wanted else _by_header
    found: list[Target] = []
    refused: list[str] = []
    for column, exercises in choose(layout, wanted, present):
        own = sum(MAX_POINTS[name] for name in exercises)
        most = column.maximum
        if most is None or isclose(most, own):
            found.append(Target(column, exercises))
        elif scale and most > 0:
            found.append(Target(column, exercises, most / own))
        else:
            refused.append(
                f"{column.header} is out of {most:g}, and {called(exercises)} of {own:g}: "
                f"let {own:g} be its maximum and download the sheet again, or use --scale"
            )
    covered = {name for target in found for name in target.exercises}
    if not (moodle or wanted):
        refused += _missing(set(present) - covered) if not refused else []
    if not found:
        raise SheetError(
            "; ".join(refused) or "nothing was marked that could be filled in"
        )
    return found, refused


def called(exercises: Sequence[str]) -> str:
    """Return exercises in few words."""
    every = len(exercises) == len(EXERCISE_NAMES)
    return "the total" if every else " + ".join(LABELS[name] for name in exercises)


def _missing(exercises: set[str]) -> Iterator[str]:
    for name in sorted(exercises):
        label = LABELS[name]
        yield (
            f"no column is named after {label}: add one with the header {label}, "
            f"or name it: --column NAME={label}"
        )


def _wish(text: str) -> Wish:
    header, between, what = text.rpartition("=")
    taken = _what(what) if between else ()
    return Wish(header.strip(), taken) if taken else Wish(text.strip())


def _what(text: str) -> tuple[str, ...]:
    """Return the exercises that are meant by a whole text."""
    if letters(text) in TOTAL:
        return EXERCISE_NAMES
    plain = re.sub(r"[\s_-]+", "_", text.strip().casefold())
    return tuple(name for name in EXERCISE_NAMES if plain in (name, LABELS[name]))


def _mentioned(header: str) -> tuple[str, ...]:
    """Return the exercise that a header mentions, or all where it is that of a total."""
    if whole := _what(header):
        return whole
    text = unicodedata.normalize("NFKC", header)
    found = [
        name
        for name in EXERCISE_NAMES
        if exercise_in(text, (name,)) or _label(name).search(text)
    ]
    return tuple(found) if len(found) == 1 else ()


def _label(name: str) -> re.Pattern[str]:
    label = LABELS[name].replace("_", r"[\s_-]*")
    return re.compile(rf"(?<![^\W_]){label}(?![^\W_])", re.IGNORECASE)


def _by_header(
    layout: Layout, _wanted: Sequence[Wish], present: Counter[str]
) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """Find the columns that are named after an exercise, and that of the total."""
    columns = [(column, _mentioned(column.header)) for column in layout.columns]
    for exercises in dict.fromkeys(exercises for _, exercises in columns if exercises):
        found = [column for column, meant in columns if meant == exercises]
        if len(found) > 1:  # as with Gradescope: X, X - Max Points, X - Submission Time
            exact = [column for column in found if _what(column.header)]
            shortest = min(found, key=lambda column: len(column.header))
            begin = all(c.header.startswith(shortest.header) for c in found)
            found = exact or ([shortest] if begin else found)
        if len(found) > 1:
            names = ", ".join(column.header for column in found)
            raise SheetError(
                f"several columns are named after {called(exercises)} ({names}); "
                "name the one to fill with --column"
            )
        if present.keys() & {*exercises}:
            yield found[0], exercises


def _named(
    layout: Layout, wanted: Sequence[Wish], present: Counter[str]
) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """Find the columns that the instructor names."""
    some = False
    for wish in wanted:
        if column := _column(layout, wish):
            some = True
            yield column, wish.exercises or _only(column, present)
    if not some:
        names = ", ".join(column.header for column in layout.columns)[:400]
        raise SheetError(
            f"no column is called {wanted[0].header}; those that can be filled are: {names}"
        )


def _column(layout: Layout, wish: Wish) -> Column | None:
    """Return the column that is meant, without what Canvas and Brightspace add to its name."""

    def name(header: str) -> str:
        return " ".join(unicodedata.normalize("NFKC", header).casefold().split())

    wanted = name(wish.header)
    for shown in (name, lambda header: ADDED.sub("", name(header))):
        found = [column for column in layout.columns if shown(column.header) == wanted]
        if len(found) > 1:
            raise SheetError(f"{len(found)} columns are called {wish.header}")
        if found:
            return found[0]
    return None


def _only(column: Column, present: Counter[str]) -> tuple[str, ...]:
    """Return what a column takes whose name is all that was said."""
    if exercises := _mentioned(column.header) or (
        tuple(present) if len(present) == 1 else ()
    ):
        return exercises
    raise SheetError(
        f"{column.header} does not say what it takes; use, for instance, "
        f"--column '{column.header}={LABELS[EXERCISE_NAMES[0]]}', or =total"
    )


def _of_assignment(
    layout: Layout, wanted: Sequence[Wish], present: Counter[str]
) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """Return the only column of Moodle, and what was handed in for its assignment."""
    (column,) = layout.columns
    for wish in wanted:
        if _column(layout, wish) and wish.exercises:
            yield column, wish.exercises
            return
    if not present:
        return
    half = max(present.values()) / 2
    most = tuple(name for name in EXERCISE_NAMES if present[name] >= half)
    every = tuple(name for name in EXERCISE_NAMES if present[name])
    single = [(name,) for name, _ in present.most_common()]
    fits = (
        choice
        for choice in (most, every, *single)
        if column.maximum == sum(MAX_POINTS[name] for name in choice)
    )
    yield column, next(fits, most)
