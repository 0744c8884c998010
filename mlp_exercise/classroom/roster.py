"""Who is in the class, so that whoever has handed in nothing is seen.

A list tells, too, that what two platforms call by different names is one learner's.
"""

from collections.abc import Container, Sequence
from contextlib import suppress
from itertools import chain, combinations, count
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.layouts import layout_of
from mlp_exercise.classroom.matching import Matches, Person, contradict, match, person
from mlp_exercise.classroom.sheet import SheetError, content_of, read
from mlp_exercise.classroom.standing import Standing, in_order, standing_of, whose
from mlp_exercise.handout.class_list import folder_of, read_names


class ClassList(NamedTuple):
    """Who is in the class."""

    people: Sequence[Person]
    called: str = ""  # what learners are told to be missing in; empty: they are not


def class_lists(class_list: str | None, gradebooks: Sequence[str]) -> list[ClassList]:
    """Return who is in the class: as its list says, or else the gradebooks.

    A list that cannot be read raises; a gradebook says what is wrong when it is to be filled.
    """
    if class_list is not None:
        names = read_names(Path(class_list).read_bytes())
        # Handed-out notebooks lie in folders that are called nearly as their learners.
        people = [person(name, folder=folder_of(name)) for name in names]
        return [ClassList(people, "class list")]
    found: list[ClassList] = []
    for file in gradebooks:
        with suppress(SheetError, OSError):
            found.append(ClassList(layout_of(read(content_of(Path(file)))).people))
    return found


def in_class(
    classroom: Sequence[Standing], lists: Sequence[ClassList], *, best: bool = False
) -> list[Standing]:
    """Add those who have handed in nothing, and say of others that they are not in a list."""
    found = list(classroom)
    for each in lists:
        if (
            each.called
        ):  # a gradebook may be that of a group, where others are namesakes
            found = _joined(found, each, best=best)
        found = _with_others(found, each)
    return in_order(found)


def _joined(
    found: Sequence[Standing], listed: ClassList, *, best: bool
) -> list[Standing]:
    """Make one learner of those of several platforms who are the same one in a list."""
    matches = _matches(found, listed)
    claims: dict[int, list[Standing]] = {}
    for number, rows in _claims(matches).items():
        if len(rows) == 1:
            claims.setdefault(rows[0], []).append(found[number])
    kept = {one.name: one for one in found}
    for row, several in claims.items():
        if len(several) > 1 and _are_one(several):
            for one in several:
                del kept[one.name]
            name = _unused(listed.people[row].shown, kept)
            results = tuple(chain.from_iterable(one.results for one in several))
            kept[name] = standing_of(name, results, best=best)
    return list(kept.values())


def _are_one(several: Sequence[Standing]) -> bool:
    """Return whether nothing speaks against it: a platform has one name for each learner."""

    def platforms(one: Standing) -> set[str]:
        return {whose(result).platform for result in one.results}

    return not any(
        platforms(one) & platforms(other)
        or contradict(one.known_as(), other.known_as())
        for one, other in combinations(several, 2)
    )


def _with_others(found: Sequence[Standing], listed: ClassList) -> list[Standing]:
    matches = _matches(found, listed)
    kept: dict[str, Standing] = {}
    for number, one in enumerate(found):
        remark = f"not in the {listed.called}"
        if number in matches.unclear:
            remark = f"not certain who this is in the {listed.called}"
        told = listed.called and one.results and number not in matches.row_of
        kept[one.name] = one._replace(
            remarks=(*one.remarks, *([remark] if told else []))
        )
    seen = {*chain.from_iterable(_claims(matches).values())}
    for row, who in enumerate(listed.people):
        if row not in seen:
            name = _unused(who.shown, kept)
            kept[name] = Standing(name, {}, listed=who)
    return list(kept.values())


def _matches(found: Sequence[Standing], listed: ClassList) -> Matches:
    return match([one.known_as() for one in found], listed.people)


def _claims(matches: Matches) -> dict[int, Sequence[int]]:
    """Return the rows that could be a learner's."""
    return {**matches.unclear, **{n: [row] for n, row in matches.row_of.items()}}


def _unused(name: str, names: Container[str]) -> str:
    """Return a name that nobody else has."""
    copies = (f"{name} ({n})" for n in count(2))
    return next(each for each in chain([name], copies) if each not in names)
