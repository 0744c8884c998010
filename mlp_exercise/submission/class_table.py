"""The class table: a row for each learner, a column for each exercise, and their sum."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from mlp_exercise.submission.class_row import Entry, Row, row_of
from mlp_exercise.submission.learners import exercise_in, learner_of
from mlp_exercise.submission.records import Exercise, Result


class ClassTable:
    """Takes results one by one, and keeps a few numbers of each."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.names = tuple(exercise.name for exercise in exercises)
        self.max_points = tuple(exercise.max_points for exercise in exercises)
        self.labels = _short(self.names)
        self._entries: list[Entry] = []

    @property
    def max_total(self) -> float:
        """Add up what all exercises are worth."""
        return float(sum(self.max_points))

    def add(self, result: Result) -> None:
        """Take a result."""
        learner = learner_of(result.file, result.path or result.file, self.names)
        if result.sheet is None:
            name = Path(result.file).name
            exercise = result.exercise or exercise_in(name, self.names)
            why = (result.reason or "",) if result.lacking else ()
            self._entries.append(Entry(learner, exercise, None, remarks=why))
            return
        flags = tuple(
            f"{mark.name} {flag}" for mark in result.marks for flag in mark.flags
        )
        variant, remarks = result.sheet.variant, result.remarks
        self._entries.append(
            Entry(learner, result.exercise, result.points, variant, flags, remarks)
        )

    def says_more_than_lines(self) -> bool:
        """Tell whether it adds something to a line for each notebook."""
        marked = {entry.exercise for entry in self._entries if entry.points is not None}
        return len(marked) > 1 or len(self._by_learner()) < len(self._entries)

    def rows(self) -> list[Row]:
        """List the learners."""
        by_learner = self._by_learner().items()
        rows = [
            row_of(learner, entries, self.labels) for learner, entries in by_learner
        ]
        return sorted(rows, key=lambda row: _as_in_a_list(row.learner))

    def _by_learner(self) -> dict[str, list[Entry]]:
        shared = _shared_names(self._entries)
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._entries:
            name, full, _ = entry.learner
            found[full or name if name in shared else name].append(entry)
        return found


def _shared_names(entries: Iterable[Entry]) -> set[str]:
    """Find the names that belong to more than one learner."""
    found: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for (name, full, place), exercise, *_ in entries:
        if full:
            found[name, place, exercise if place else None].add(full)
    return {name for (name, *_), fulls in found.items() if len(fulls) > 1}


def _as_in_a_list(name: str) -> tuple[str, str]:
    return unicodedata.normalize("NFKD", name).casefold(), name


def _short(names: Iterable[str]) -> dict[str, str]:
    """Cut names after their numbers, unless two would be the same."""
    short = {name: re.sub(r"^(ex\d+_\d+)_.*", r"\1", name) for name in names}
    unique = len(set(short.values())) == len(short)
    return short if unique else {name: name for name in short}
