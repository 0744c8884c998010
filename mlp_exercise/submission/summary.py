"""What came of many notebooks, in a few lines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlp_exercise.submission.records import Result

MOST = 5
"""So many steps are named of each of several exercises, those that most lost points at."""


@dataclass
class _Tally:
    """Counts of one exercise."""

    max_points: float
    marked: int = 0
    points: float = 0.0
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def mean(self) -> float:
        return self.points / self.marked


class Summary:
    """Counts, so that no result need be kept."""

    def __init__(self) -> None:
        self.without: Counter[str] = Counter()
        self.marked = 0
        self._tallies: dict[str, _Tally] = {}

    def add(self, result: Result) -> None:
        """Count a result."""
        if result.sheet is None:
            self.without[result.status] += 1
            return
        self.marked += 1
        new = _Tally(result.max_points)
        tally = self._tallies.setdefault(result.exercise or "", new)
        tally.marked += 1
        tally.points += result.points
        tally.lost.update(mark.name for mark in result.marks if not mark.points)

    def lines(self) -> Iterator[str]:
        """Say what was counted."""
        tallies = sorted(self._tallies.items())
        if len(tallies) == 1:
            yield from self._of_one(tallies[0][1])
            return
        yield f"{self.marked} marked; {self._without()}"
        if self.marked > len(tallies):
            yield from (_of_several(name, tally) for name, tally in tallies)

    def _without(self) -> str:
        counts = {"unreadable": 0} | self.without
        return ", ".join(f"{number} {status}" for status, number in counts.items())

    def _of_one(self, tally: _Tally) -> Iterator[str]:
        mean = f"{tally.mean:.2f} points on average"
        yield f"{self.marked} marked, {mean}; {self._without()}"
        if tally.lost:
            yield f"Not paid: {_counts(tally.lost)}"


def _of_several(name: str, tally: _Tally) -> str:
    mean = f"{tally.marked} marked, {tally.mean:.2f} of {tally.max_points:g} points on average"
    return f"{name}: {mean}" + (
        f"; not paid: {_counts(tally.lost, MOST)}" if tally.lost else ""
    )


def _counts(lost: Counter[str], most: int | None = None) -> str:
    named = lost.most_common(most)
    others = len(lost) - len(named)
    steps = ", ".join(f"{name} ({count})" for name, count in named)
    return f"{steps}, and {others} more" if others else steps
