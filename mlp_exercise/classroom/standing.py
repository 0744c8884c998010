"""Where each learner stands: whose notebooks are whose, which one counts, what to look at.

The class table, the class page, gradebooks and feedback are all made of these.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.collecting.archives import is_archive
from mlp_exercise.classroom.collecting.learners import (
    Learner,
    exercise_in,
    learner_of,
    order_of,
)
from mlp_exercise.classroom.gradebooks.matching import Person, person
from mlp_exercise.submission.mark import EXERCISES, PART_ONE

K = TypeVar("K")

EXERCISE_NAMES = tuple(exercise.name for exercise in EXERCISES)

LABELS = {name: "_".join(name.split("_")[:2]) for name in EXERCISE_NAMES}
"""What stands for an exercise in a class table, such as ex1_01."""

MAX_POINTS = {exercise.name: exercise.max_points for exercise in EXERCISES}

MAX_TOTAL = float(sum(MAX_POINTS.values()))

_NOT_LISTED = re.compile(r"not .*in the class list")

_NO_TIME = datetime.min.replace(tzinfo=UTC)
"""Stands for a time that is not known; whatever has one came later."""


class Standing(NamedTuple):
    """What a learner has reached."""

    name: str  # no two have the same
    counting: Mapping[str, Result]  # by exercise: the marked notebook that counts
    results: tuple[Result, ...] = ()  # all that the learner handed in
    remarks: tuple[str, ...] = ()  # what a person should know who sees the points
    listed: Person = Person("")  # what a class list says of the learner
    seed: int | None = None  # of the numbers that the learner was given, as it says

    @property
    def points(self) -> dict[str, float | None]:
        """Return the points of each exercise; None where nothing could be marked."""
        return {
            name: self.counting[name].sheet.points if name in self.counting else None
            for name in EXERCISE_NAMES
        }

    @property
    def total(self) -> float:
        """Return the sum of the points."""
        return float(sum(filter(None, self.points.values())))

    @property
    def unmarked(self) -> set[str | None]:
        """Return the exercises with notebooks that have no marks; None where none is known."""
        return {exercise_of(r) for r in self.results if r.status != "marked"}

    @property
    def other_numbers(self) -> str:
        """Say whether the first part has other numbers than the learner was given."""
        counts = self.counting.get(PART_ONE.name)
        if self.seed is None or counts is None or counts.sheet.variant == self.seed:
            return ""
        came = counts.sheet.variant
        what = "the original numbers" if came is None else f"numbers of seed {came}"
        return f"{what} came, those of seed {self.seed} were given out"

    def known_as(self) -> Person:
        """Return the learner's names and identities, as files, folders and lists tell them."""
        names, ids = list(self.listed.names), set(self.listed.ids)
        for who in map(whose, self.results):
            number = who.ids.get("number", "")
            # A platform may add its number to a name.
            name = who.name.removesuffix(f"_{number}") if who.platform else self.name
            names.append(name)
            kinds = {**who.ids, who.platform: number}
            kinds.pop("number", None)
            ids |= person(**kinds).ids
        known = person(*names or [self.name])
        return Person(self.name, known.names, frozenset(ids))


def standings(results: Sequence[Result], *, best: bool = False) -> list[Standing]:
    """Return where each learner stands, sorted as in a list of names."""
    found = by_learner(results).items()
    return in_order(standing_of(name, of_one, best=best) for name, of_one in found)


def in_order(classroom: Iterable[Standing]) -> list[Standing]:
    """Return learners as in a list of names."""
    return sorted(
        classroom, key=lambda one: (_without_accents(one.name).casefold(), one.name)
    )


def whose(result: Result) -> Learner:
    """Return whose work a result is: as its platform says, else as file and folders tell."""
    return result.learner or _whose(result.file, result.path or result.file)


@lru_cache(maxsize=2**15)
def _whose(file: str, path: str) -> Learner:
    return learner_of(file, path, EXERCISE_NAMES)


def marked(results: Iterable[Result]) -> list[Result]:
    """Return the results with marks."""
    return [result for result in results if result.status == "marked"]


def grouped(
    results: Iterable[Result], key: Callable[[Result], K]
) -> dict[K, list[Result]]:
    """Bring results together that have the same key."""
    groups: dict[K, list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return groups


def flags(result: Result, between: str = " ") -> list[str]:
    """Return the steps with flags, and the flags."""
    marks = result.sheet.marks
    return [f"{mark.name}{between}{flag}" for mark in marks for flag in mark.flags]


def look_at(flags: Sequence[str]) -> str:
    """Ask a person to look at flags, if there are any."""
    return f"look at {', '.join(flags)}" if flags else ""


def not_listed(one: Standing) -> list[str]:
    """Return what is remarked of a learner whom a class list lacks."""
    return [said for said in one.remarks if _NOT_LISTED.fullmatch(said)]


def by_learner(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Bring the notebooks of each learner together.

    Those of a name on two platforms may be two people's: a class list can say that they are one's.
    """

    def namesakes(result: Result) -> tuple[str, str, str | None]:
        who = whose(result)
        # In a folder, downloads of several assignments may lie together.
        is_one = not who.place or any(map(is_archive, Path(who.place).parts))
        return who.name, who.place, None if is_one else exercise_of(result)

    shared = {
        name
        for (name, *_), of_one in grouped(results, namesakes).items()
        if len({whose(result).full for result in of_one} - {""}) > 1
    }

    learners = {(who.name, who.platform) for who in map(whose, results)}
    on_several = Counter(name for name, platform in learners if platform)

    def name(result: Result) -> str:
        who = whose(result)
        shown = who.full or who.name if who.name in shared else who.name
        several = who.platform and on_several[who.name] > 1
        return f"{shown} ({who.platform})" if several else shown

    return grouped(results, name)


def standing_of(learner: str, results: Sequence[Result], *, best: bool) -> Standing:
    """Return where a learner stands."""
    of_each = grouped(results, exercise_of)
    counting: dict[str, Result] = {}
    remarks: list[str] = []
    flagged: list[str] = []
    for name, label in (*LABELS.items(), (None, "")):
        of_one = of_each.get(name, [])
        said: list[str] = []
        if name and (candidates := marked(of_one)):
            counts = counting[name] = chosen(candidates, best=best)
            said += _chosen(candidates, counts, best=best)
            said += ["late"] if counts.late else []
            said += [*_without_marks(of_one), *counts.sheet.remarks]
            flagged += (f"{label} {flag}" for flag in flags(counts))
        else:
            said += _without_marks(of_one)
        remarks += (f"{label}: {text.rstrip('.')}" if label else text for text in said)
    told = [*remarks, *filter(None, [look_at(flagged)])]
    return Standing(learner, counting, tuple(results), tuple(told))


def chosen(marked: Sequence[Result], *, best: bool) -> Result:
    """Return the one of several marked notebooks that counts."""
    return (_best if best else _last)(marked)


def _best(results: Sequence[Result]) -> Result:
    """Return one of the most points; of equal ones, that with the least to look at."""
    return max(results, key=lambda r: (r.sheet.points, -len(flags(r))))


def _last(results: Sequence[Result]) -> Result:
    """Return the one that came last; where times are equal, the last by its name."""
    return max(results, key=lambda r: (r.when or _NO_TIME, order_of(r.file)))


def _chosen(
    candidates: Sequence[Result], counts: Result, *, best: bool
) -> Iterator[str]:
    """Say which of several notebooks counts, and whether another has more points."""
    if len(candidates) == 1:
        return
    which = f"{'best' if best else 'last'} of {len(candidates)}"
    if len({result.sheet.variant for result in candidates}) > 1:
        which += ", of different numbers"
    most = _best(candidates).sheet.points
    if most > counts.sheet.points:
        which += f"; another has {most:g}"
    yield which


def _without_marks(results: Sequence[Result]) -> Iterator[str]:
    lacking = [r.reason for r in results if r.status == "not marked"]
    yield from (f"not marked: {why}" for why in lacking)
    if unreadable := sum(result.status == "unreadable" for result in results):
        yield f"{unreadable} unreadable"


def exercise_of(result: Result) -> str | None:
    """Return the exercise of a notebook; where it is unreadable, its file's name may tell it."""
    return result.exercise or exercise_in(Path(result.file).name, EXERCISE_NAMES)


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not unicodedata.combining(c))
