"""What a class amounts to: how points are distributed, and what became of each step."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import NamedTuple

from mlp_exercise.check import Verdict
from mlp_exercise.classroom.batch import Result

SAME = 1e-9
"""What points may lack to a bin that they reach; they are sums of floats."""


class Distribution(NamedTuple):
    """How often each number of points was reached, from none to all."""

    points: Sequence[float]  # one for each learner, at least one
    most: float
    width: float  # of a bin: the least that points differ by

    @property
    def bins(self) -> dict[float, int]:
        """Return how many learners are in each bin, by the points with which it begins."""
        last = max(round(self.most / self.width), 0)
        places = Counter(
            min(max(int(p / self.width + SAME), 0), last) for p in self.points
        )
        return {n * self.width: places[n] for n in range(last + 1)}

    @property
    def mean(self) -> float:
        """Return the mean."""
        return fmean(self.points)

    @property
    def median(self) -> float:
        """Return the median."""
        return float(median(self.points))


def distribution(results: Sequence[Result]) -> Distribution:
    """Return how the points of an exercise are distributed; its least step is a bin."""
    most = max(result.sheet.max_points for result in results)
    pays = {mark.max_points for result in results for mark in result.sheet.marks}
    points = [result.sheet.points for result in results]
    return Distribution(points, most, min(pays - {0.0}, default=1.0))


def verdicts(results: Iterable[Result]) -> dict[str, Counter[Verdict]]:
    """Return how often each step got which verdict, in the order of the steps."""
    found: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for result in results:
        for mark in result.sheet.marks:
            found[mark.name][mark.verdict] += 1
    return dict(found)


def lost(results: Iterable[Result]) -> Counter[str]:
    """Return how often each step got no points."""
    marks = (mark for result in results for mark in result.sheet.marks)
    return Counter(mark.name for mark in marks if not mark.points)


class Named(NamedTuple):
    """A mistake that has a name."""

    step: str
    slip: str


def slips(results: Iterable[Result]) -> Counter[Named]:
    """Return how often each mistake was made that is known at its step."""
    marks = (mark for result in results for mark in result.sheet.marks)
    return Counter(Named(mark.name, mark.slip) for mark in marks if mark.slip)
