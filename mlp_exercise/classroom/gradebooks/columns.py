"""Which points go into which column of a sheet, as its header or the instructor says."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import isclose
from typing import NamedTuple

from mlp_exercise.classroom.gradebooks.layouts import Column, Layout
from mlp_exercise.classroom.gradebooks.sheet import SheetError
from mlp_exercise.classroom.gradebooks.wishes import (
    Wish,
    column_of,
    lacking,
    mentioned,
    offer,
    option,
    said,
    word_for,
)
from mlp_exercise.classroom.standing import EXERCISE_NAMES, LABELS, MAX_POINTS


class Target(NamedTuple):
    """A column, and the exercises whose points it takes."""

    column: Column
    exercises: tuple[str, ...]
    factor: float = 1.0  # by which points are converted

    @property
    def called(self) -> str:
        """Return what it takes, in few words."""
        return called(self.exercises)


def targets(
    layout: Layout, wanted: Sequence[Wish], present: Counter[str], *, scale: bool
) -> tuple[list[Target], list[str]]:
    """Return the columns to fill, and what is to be told of others.

    What is present are the exercises that were handed in for this sheet, and by how many.
    """
    if layout.why:
        raise SheetError(layout.why)
    moodle, named = layout.platform == "moodle", _is_named(layout, wanted)
    choose = _named if named else _of_assignment if moodle else _by_header
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
    missing = [name for name in EXERCISE_NAMES if present[name] and name not in covered]
    if missing and not (moodle or named or refused):
        taken = [target.column for target in found]
        free = [column for column in layout.columns if column not in taken]
        refused.append(lacking(layout, missing, free))
    if not found:
        raise SheetError(
            "; ".join(refused) or "nothing was marked that could be filled in"
        )
    return found, refused


def impossible(layout: Layout, wanted: Sequence[Wish], *, scale: bool) -> Sequence[str]:
    """Say why columns cannot be filled, whichever exercises are handed in."""
    try:
        named = _is_named(layout, wanted)
        if layout.platform == "moodle" and layout.columns and not named:
            return () if scale else [*_misfit(layout.columns[0])]
        _, refused = targets(layout, wanted, Counter(EXERCISE_NAMES), scale=scale)
    except SheetError as problem:
        return [str(problem)]
    return refused if named else ()


def _misfit(column: Column) -> Iterator[str]:
    """Say where the maximum of Moodle's column is that of no exercises."""
    several = range(1, len(EXERCISE_NAMES) + 1)
    choices = (some for size in several for some in combinations(EXERCISE_NAMES, size))
    sums = {sum(MAX_POINTS[name] for name in some) for some in choices}
    if not any(isclose(column.maximum or 0, own) for own in sums):
        yield (
            f"{column.header} is out of {column.maximum:g}, and no exercise is: let the points "
            "of what is handed in be its maximum and download the sheet again, or use --scale"
        )


def called(exercises: Sequence[str]) -> str:
    """Return exercises in few words."""
    every = len(exercises) == len(EXERCISE_NAMES)
    return "the total" if every else " + ".join(LABELS[name] for name in exercises)


def _by_header(
    layout: Layout, _wanted: Sequence[Wish], present: Counter[str]
) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """Find the columns that are named after an exercise, and that of the total."""
    columns = [(column, mentioned(column.header)) for column in layout.columns]
    for exercises in dict.fromkeys(exercises for _, exercises in columns if exercises):
        found = [column for column, meant in columns if meant == exercises]
        if len(found) > 1:  # as with Gradescope: X, X - Max Points, X - Submission Time
            exact = [column for column in found if said(column.header)]
            shortest = min(found, key=lambda column: len(column.header))
            begin = all(c.header.startswith(shortest.header) for c in found)
            found = exact or ([shortest] if begin else found)
        if len(found) > 1:
            names = ", ".join(column.header for column in found)
            raise SheetError(
                f"several columns are named after {called(exercises)} ({names}); "
                f"name the one to fill: {option(layout, found[0], word_for(exercises))}"
            )
        if present.keys() & {*exercises}:
            yield found[0], exercises


def _named(
    layout: Layout, wanted: Sequence[Wish], _present: Counter[str]
) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """Find the columns that the instructor names."""
    found: set[Column] = set()
    for wish in wanted:
        if column := column_of(layout, wish):
            if column in found:
                raise SheetError(f"{column.header} is named twice")
            found.add(column)
            exercises = wish.exercises or mentioned(column.header)
            if not exercises:
                raise SheetError(
                    f"{wish.header} does not say what it takes: use {offer(layout, column)}"
                )
            yield column, exercises


def _is_named(layout: Layout, wanted: Sequence[Wish]) -> bool:
    """Return whether the instructor names a column; Moodle's only one tells nothing alone."""
    told = layout.platform != "moodle"
    return any(column_of(layout, wish) for wish in wanted if told or wish.exercises)


def _of_assignment(
    layout: Layout, _wanted: Sequence[Wish], present: Counter[str]
) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """Return the only column of Moodle, and what was handed in for its assignment."""
    (column,) = layout.columns
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
