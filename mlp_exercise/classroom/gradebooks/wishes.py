"""What an instructor asks for with ``--column``, and what to ask for where it does not fit."""

import re
import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from math import isclose
from typing import NamedTuple

from mlp_exercise.classroom.collecting.learners import exercise_in
from mlp_exercise.classroom.gradebooks.layouts import Column, Layout, letters
from mlp_exercise.classroom.gradebooks.sheet import SheetError
from mlp_exercise.classroom.standing import EXERCISE_NAMES, LABELS, MAX_POINTS

TOTAL = ("total", "totalpoints", "gesamt", "summe", "gesamtpunkte", "gesamtpunktzahl")
"""What a column of totals is headed, in letters alone."""

WORDS = {LABELS[name]: (name,) for name in EXERCISE_NAMES} | {"total": EXERCISE_NAMES}
"""What can be said to stand in a column, and the exercises whose points it takes."""

MOST = 12
"""Columns of a sheet that are named, at most."""

_ADDED = re.compile(r" \(\d+\)$| points grade( <[^>]*>)?$", re.IGNORECASE)
"""What Canvas and Brightspace write behind the name of an assignment."""


class Wish(NamedTuple):
    """A column that the instructor names, and perhaps what it takes."""

    header: str
    exercises: tuple[str, ...] = ()


def wishes(texts: Sequence[str]) -> list[Wish]:
    """Read what was asked for: a column's name, and maybe = and what it takes."""
    return [_wish(text) for text in texts]


def unmet(texts: Sequence[str], layouts: Sequence[Layout]) -> Iterator[str]:
    """Say of each wish that no sheet can meet what is wrong with it, and what there is."""
    there = (
        "; ".join(dict.fromkeys(map(_there, layouts)))
        or "name its sheet with --gradebook"
    )
    for text, wish in zip(texts, wishes(texts), strict=True):
        if any(_columns_of(layout, wish) for layout in layouts):
            continue
        header, between, what = text.rpartition("=")
        named = Wish(header.strip())
        if between and any(_columns_of(layout, named) for layout in layouts):
            words = ", ".join(WORDS)
            yield f"--column {text}: {what.strip()} came, expected one of {words}"
        else:
            called = named.header if wish.exercises else text
            yield f"--column {text}: no column is called {called}; {there}"


def lacking(layout: Layout, exercises: Sequence[str], free: Sequence[Column]) -> str:
    """Say that no column takes some exercises, which are free, and what to do."""
    labels = [LABELS[name] for name in exercises]
    text = f"no column is named after {', '.join(labels)}"
    if free:
        options = " ".join(option(layout, *each) for each in _fitting(free))
        there = _there(layout._replace(columns=free))
        text += f"; {there}: use {options or f'--column NAME={labels[0]}'}"
    # A header that a platform does not know makes a new assignment, or nothing.
    if layout.platform == "any" and not any(c.maximum for c in layout.columns):
        return f"{text}{', or' if free else ':'} add a column {labels[0]}"
    return text if free else f"{text}: make one there and download the sheet again"


def offer(layout: Layout, column: Column) -> str:
    """Return what to type for a column that does not say what it takes."""
    fitting = [word for word, exercises in WORDS.items() if _fits(column, exercises)]
    return " or ".join(option(layout, column, word) for word in fitting or WORDS)


def word_for(exercises: tuple[str, ...]) -> str:
    """Return what can be said in place of exercises."""
    return next(word for word, meant in WORDS.items() if meant == exercises)


def column_of(layout: Layout, wish: Wish) -> Column | None:
    """Return the column that is meant, if there is one; raise where it could be several."""
    found = _columns_of(layout, wish)
    if len(found) > 1:
        names = ", ".join(column.header for column in found)
        raise SheetError(f"{len(found)} columns are called {wish.header} ({names})")
    return found[0] if found else None


def option(layout: Layout, column: Column, word: str) -> str:
    """Return what to type so that a column takes something."""
    short = _ADDED.sub("", column.header)
    is_told = _columns_of(layout, Wish(short)) == [column]
    text = f"{short if is_told else column.header}={word}"
    # A command line of Windows knows these quotes alone.
    plain = not re.search(r'["$`\\!%]', text)
    return f'--column "{text}"' if plain else f"--column {shlex.quote(text)}"


def said(text: str) -> tuple[str, ...]:
    """Return the exercises that are meant by a whole text."""
    if letters(text) in TOTAL:
        return EXERCISE_NAMES
    plain = re.sub(r"[\s_-]+", "_", text.strip().casefold())
    return tuple(name for name in EXERCISE_NAMES if plain in (name, LABELS[name]))


def mentioned(header: str) -> tuple[str, ...]:
    """Return the exercise that a header mentions, or all where it is that of a total."""
    if whole := said(header):
        return whole
    text = unicodedata.normalize("NFKC", header)
    found = [
        name
        for name in EXERCISE_NAMES
        if exercise_in(text, (name,)) or _label(name).search(text)
    ]
    return tuple(found) if len(found) == 1 else ()


def _wish(text: str) -> Wish:
    header, between, what = text.rpartition("=")
    taken = said(what) if between else ()
    return Wish(header.strip(), taken) if taken else Wish(text.strip())


def _columns_of(layout: Layout, wish: Wish) -> list[Column]:
    """Return the columns of a name, without what Canvas and Brightspace add to it if need be."""
    wanted = _plain(wish.header)
    exact = [c for c in layout.columns if _plain(c.header) == wanted]
    return exact or [c for c in layout.columns if _short(c.header) == wanted]


def _there(layout: Layout) -> str:
    """Return which columns of a sheet can be filled."""
    shown = [
        column.header
        + ("" if column.maximum is None else f", out of {column.maximum:g}")
        for column in layout.columns
    ]
    more = f" and {len(shown) - MOST} more" if len(shown) > MOST else ""
    found = f"there are {'; '.join(shown[:MOST])}{more}"
    return found if shown else "it has no column for points"


def _fitting(columns: Sequence[Column]) -> Iterator[tuple[Column, str]]:
    """Yield the columns with a maximum that no other has, and what has it as well."""
    for word, exercises in WORDS.items():
        found = [column for column in columns if _fits(column, exercises)]
        if len(found) == 1:
            yield found[0], word


def _fits(column: Column, exercises: Sequence[str]) -> bool:
    own = sum(MAX_POINTS[name] for name in exercises)
    return column.maximum is not None and isclose(column.maximum, own)


def _label(name: str) -> re.Pattern[str]:
    label = LABELS[name].replace("_", r"[\s_-]*")
    return re.compile(rf"(?<![^\W_]){label}(?![^\W_])", re.IGNORECASE)


def _plain(header: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", header).casefold().split())


def _short(header: str) -> str:
    return _ADDED.sub("", _plain(header))
