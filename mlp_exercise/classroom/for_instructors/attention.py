"""Whom a person should look at, and why; what needs a person most comes first.

Nobody is accused of anything. Equal answers, right or wrong, are no reason: with the same
numbers many make the same slip, and everybody who makes none has the same answers. What is
told is what no chance brings about: one file from two learners, numbers of somebody else's.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.standing import (
    LABELS,
    Standing,
    exercise_of,
    not_listed,
    standing_of,
)
from mlp_exercise.submission.mark import PART_ONE

LIMITS = ("time limit", "memory limit", "report limit")
"""Flags of a limit that was met."""

DISPUTED = "disputed seed"
"""The flag of a seed that the notebook's own code contradicts."""


class Look(NamedTuple):
    """One thing to look at."""

    learner: str
    exercise: str  # its label; empty where none is known
    words: str
    file: str


class Group(NamedTuple):
    """Things to look at for the same reason."""

    title: str
    why: str
    looks: Sequence[Look]
    urgent: bool = True  # whether marks may not be right before somebody has looked
    one_cause: bool = False  # whether many with the same words need but one remedy


Notebook = tuple[Standing, Result]
"""A notebook, and where its learner stands."""


def groups(classroom: Sequence[Standing]) -> list[Group]:
    """Return whom to look at, in groups that are not empty, each in the order of the class."""
    every = [(one, result) for one in classroom for result in one.results]
    counting = [(one, r) for one in classroom for r in one.counting.values()]
    guessed = [(one, r) for one, r in counting if one.seed is None]
    numbers = (
        *(*_other_numbers(classroom), *_where(counting, _disputed)),
        *(*_shared(guessed), *_original(guessed)),
    )
    found = [
        Group(
            "Not marked",
            "They could not be marked on this machine: mend what is said, and mark again.",
            [*_where(every, _not_marked)],
            one_cause=True,
        ),
        Group(
            "Unreadable, and nothing else of the exercise is marked",
            "Ask for the notebook.",
            [*_unreadable(every, alone=True)],
        ),
        Group(
            "Not certain who they are in the class list",
            "Nobody there has this name, or several could be meant.",
            [
                Look(one.name, "", said, "")
                for one in classroom
                for said in not_listed(one)
            ],
        ),
        Group(
            "Numbers to compare",
            "The table of who has which seed says whose they are.",
            numbers,
        ),
        Group(
            "One file from several learners",
            "The same bytes came more than once: from a pair, perhaps.",
            [*_same_file(every)],
        ),
        Group(
            "Stopped at a limit, or not run",
            "There may be more points in it.",
            [*_where(counting, _limited)],
        ),
        Group(
            "Answers with a flag",
            "They are marked by the rule; a person may see more.",
            [*_where(counting, _flagged)],
        ),
        Group(
            "Cells that raised an error or were left out",
            "Points were lost, perhaps because of one line.",
            [*_where(counting, _remarks)],
            urgent=False,
        ),
        Group(
            "Nothing is filled in",
            "Perhaps it was not saved, or another file was meant: ask.",
            [*_where(counting, _blank)],
            urgent=False,
        ),
        Group(
            "Another notebook has more points",
            "Another one counts. Marking with --best would count these.",
            [*_better(classroom)],
            urgent=False,
        ),
        Group(
            "Unreadable, beside a notebook that is marked",
            "Nothing was lost by it.",
            [*_unreadable(every, alone=False)],
            urgent=False,
        ),
        Group(
            "Late",
            "A name in the archive says so. Moodle's does not: its worksheet tells.",
            [_look(one, result, "late") for one, result in late(classroom)],
            urgent=False,
        ),
    ]
    return [group for group in found if group.looks]


def late(classroom: Iterable[Standing]) -> Iterator[Notebook]:
    """Yield what counts and came late, and what came late of exercises without marks."""
    for one in classroom:
        for result in one.results:
            exercise = exercise_of(result)
            if result.late and one.counting.get(exercise or "", result) is result:
                yield one, result


def _look(one: Standing, result: Result, words: str) -> Look:
    label = LABELS.get(exercise_of(result) or "", "")
    return Look(one.name, label, words, result.file)


def _where(
    notebooks: Iterable[Notebook], words: Callable[[Result], str]
) -> Iterator[Look]:
    """Look at notebooks of which there is something to say."""
    for one, result in notebooks:
        if said := words(result):
            yield _look(one, result, said)


def _unreadable(every: Iterable[Notebook], *, alone: bool) -> Iterator[Look]:
    for one, result in every:
        if result.status == "unreadable":
            exercise = exercise_of(result)
            lacks = exercise not in one.counting if exercise else not one.counting
            if lacks == alone:
                yield _look(one, result, result.reason or "")


def _disputed(result: Result) -> str:
    is_disputed = any(DISPUTED in mark.flags for mark in result.sheet.marks)
    return f"seed {result.sheet.variant}, but its code has other numbers" * is_disputed


def _other_numbers(classroom: Iterable[Standing]) -> Iterator[Look]:
    """Look at numbers that are not those which the class list says were given out."""
    for one in classroom:
        if said := one.other_numbers:
            yield _look(one, one.counting[PART_ONE.name], said)


def _shared(counting: Iterable[Notebook]) -> Iterator[Look]:
    """Look at numbers that several have, where all others have their own."""
    with_seed = [(o, r) for o, r in counting if r.sheet.variant is not None]
    by_seed: dict[tuple[str | None, int | None], list[Notebook]] = {}
    for one, result in with_seed:
        key = result.exercise, result.sheet.variant
        by_seed.setdefault(key, []).append((one, result))
    if 2 * len(by_seed) <= len(with_seed):  # they were handed out so
        return
    for (_, seed), notebooks in by_seed.items():
        yield from _together(notebooks, f"seed {seed}, as")


def _original(counting: Iterable[Notebook]) -> Iterator[Look]:
    """Look at notebooks with the original numbers, where most have a seed."""
    of_each: dict[str | None, list[Notebook]] = {}
    for one, result in counting:
        of_each.setdefault(result.exercise, []).append((one, result))
    for notebooks in of_each.values():
        without = [each for each in notebooks if each[1].sheet.variant is None]
        if 2 * len(without) < len(notebooks):
            for one, result in without:
                yield _look(one, result, "the original numbers, without a seed")


def _same_file(every: Iterable[Notebook]) -> Iterator[Look]:
    """Look at files that came from several learners; what nobody has filled in is no reason."""
    by_digest: dict[str, list[Notebook]] = {}
    for one, result in every:
        if result.digest and any(m.verdict != "missing" for m in result.sheet.marks):
            by_digest.setdefault(result.digest, []).append((one, result))
    for notebooks in by_digest.values():
        yield from _together(notebooks, "the same file as")


def _together(notebooks: Sequence[Notebook], words: str) -> Iterator[Look]:
    """Look at what several learners share, and name the others."""
    names = list(dict.fromkeys(one.name for one, _ in notebooks))
    if len(names) > 1:
        for one, result in notebooks:
            others = [name for name in names if name != one.name]
            more = f" and {len(others) - 3} more" * (len(others) > 3)
            yield _look(one, result, f"{words} {', '.join(others[:3])}{more}")


def _not_marked(result: Result) -> str:
    return result.reason or "no reason" if result.status == "not marked" else ""


def _blank(result: Result) -> str:
    verdicts = {mark.verdict for mark in result.sheet.marks}
    is_blank = verdicts == {"missing"} and not result.sheet.remarks
    return "no answer" if is_blank else ""


def _remarks(result: Result) -> str:
    return "" if result.sheet.limited else " ".join(result.sheet.remarks)


def _limited(result: Result) -> str:
    if not result.sheet.limited:
        return ""
    return " ".join(result.sheet.remarks) or _by_flag(result, LIMITS) or "no remark"


def _flagged(result: Result) -> str:
    """Name the flags that no other group tells."""
    found = {flag for mark in result.sheet.marks for flag in mark.flags}
    return _by_flag(result, found - {*LIMITS, DISPUTED})


def _by_flag(result: Result, flags: Collection[str]) -> str:
    """Name flags, each with its steps."""
    steps: dict[str, list[str]] = {}
    for mark in result.sheet.marks:
        for flag in mark.flags:
            if flag in flags:
                steps.setdefault(flag, []).append(mark.name)
    return "; ".join(f"{flag}: {', '.join(names)}" for flag, names in steps.items())


def _better(classroom: Iterable[Standing]) -> Iterator[Look]:
    for one in classroom:
        bests = standing_of(one.name, one.results, best=True).counting
        for name, counts in one.counting.items():
            best = bests.get(name, counts)
            has, another = counts.sheet.points, best.sheet.points
            if another > has:
                yield _look(one, best, f"{another:g} points here, {has:g} count")
