"""What a class amounts to: how points are distributed, and what became of each step."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple

from mlp_exercise.check import Verdict
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.part1.feedback import SLIPS

HABITS = frozenset(SLIPS.values())
"""What a learner may do at every step: it is one mistake, at however many."""


class Distribution(NamedTuple):
    """How often each number of points was reached, from none to all."""

    points: Sequence[float]  # one for each learner, at least one
    most: float
    width: float  # of a bin: the least that points differ by

    @property
    def bins(self) -> dict[float, int]:
        """Return how many learners are in each bin, by the points with which it begins."""
        last = max(round(self.most / self.width), 0)
        places = Counter(min(max(int(p / self.width), 0), last) for p in self.points)
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


def share_lost(each: Mapping[Verdict, int]) -> float:
    """Return which share of answers got no points."""
    paid = each.get("correct", 0) + each.get("follow-through", 0)
    return 1 - paid / sum(each.values())


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


class Slip(NamedTuple):
    """A mistake that is known, and who made it."""

    words: str
    steps: tuple[str, ...]
    learners: int
    answers: int


def slips(results: Iterable[Result]) -> list[Slip]:
    """Return the mistakes that are known of wrong answers, the most frequent first."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for learner, result in enumerate(results):
        for mark in result.sheet.marks:
            if mark.slip and mark.verdict == "wrong":
                step = "" if mark.slip in HABITS else mark.name
                found[mark.slip, step].append((learner, mark.name))
    known = [
        Slip(
            words,
            tuple(dict.fromkeys(step for _, step in made)),
            len({learner for learner, _ in made}),
            len(made),
        )
        for (words, _), made in found.items()
    ]
    return sorted(known, key=lambda slip: -slip.learners)


def unnamed(results: Iterable[Result]) -> int:
    """Return how many wrong answers are of no mistake that is known."""
    marks = (mark for result in results for mark in result.sheet.marks)
    return sum(mark.verdict == "wrong" and not mark.slip for mark in marks)
