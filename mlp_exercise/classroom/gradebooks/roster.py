"""Who is in the class, so that whoever has handed in nothing is seen.

A list tells, too, that what two platforms call by different names is one learner's.
"""

from collections.abc import Container, Sequence
from contextlib import suppress
from itertools import chain, combinations, count
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.gradebooks.layouts import layout_of
from mlp_exercise.classroom.gradebooks.matching import (
    Matches,
    Person,
    contradict,
    match,
    person,
)
from mlp_exercise.classroom.gradebooks.sheet import SheetError, content_of, read
from mlp_exercise.classroom.standing import (
    LABELS,
    Standing,
    in_order,
    standing_of,
    whose,
)
from mlp_exercise.handout.class_list import folder_of, read_class
from mlp_exercise.submission.mark import PART_ONE


class ClassList(NamedTuple):
    """Who is in the class."""

    people: Sequence[Person]
    called: str = ""  # empty: a gradebook, maybe that of a group
    is_whole: bool = True  # whether all who are in it are to be seen
    seeds: Sequence[int | None] = ()  # of the numbers given out, if that is known


def class_lists(class_list: str | None, gradebooks: Sequence[str]) -> list[ClassList]:
    """Return who is in the class: as its list says, or else the gradebooks.

    A list that cannot be read raises; a gradebook says what is wrong when it is to be filled.
    """
    found: list[ClassList] = []
    for file in gradebooks:
        with suppress(SheetError, OSError):
            people = layout_of(read(content_of(Path(file)))).people
            found.append(ClassList(people, is_whole=class_list is None))
    if class_list is not None:
        names = read_class(Path(class_list).read_bytes())
        # Handed-out notebooks lie in folders that are called nearly as their learners.
        people = [person(name, folder=folder_of(name)) for name, _ in names]
        seeds = [seed for _, seed in names]
        found.append(ClassList(people, "class list", seeds=seeds))
    return found


def in_class(
    classroom: Sequence[Standing], lists: Sequence[ClassList], *, best: bool = False
) -> list[Standing]:
    """Add those who have handed in nothing, and say of others that they are not in a list."""
    found = list(classroom)
    for each in lists:
        found = _joined(found, each, best=best)
        found = _with_others(found, each) if each.is_whole else found
    return in_order(found)


def _joined(
    found: Sequence[Standing], listed: ClassList, *, best: bool
) -> list[Standing]:
    """Make one learner of those of several platforms who are the same one in a list.

    In a gradebook, somebody else may have a name; numbers and logins tell for certain.
    """
    matches = _matches(found, listed)
    claims: dict[int, list[Standing]] = {}
    for number, rows in matches.claims.items():
        if len(rows) == 1 and (listed.called or number in matches.by_id):
            claims.setdefault(rows[0], []).append(found[number])
    kept = {one.name: one for one in found}
    for row, several in claims.items():
        who = listed.people[row]
        seed = listed.seeds[row] if listed.seeds else several[0].seed
        if len(several) == 1:
            (one,) = several
            del kept[one.name]
            name = one.name if who.shown in kept else _known_by(one, who, listed)
            told = _both(who, one.known_as())
            kept[name] = one._replace(name=name, listed=told, seed=seed)
        elif _are_one(several):
            for one in several:
                del kept[one.name]
                who = _both(who, one.listed)
            name = _unused(who.shown, kept)
            results = tuple(chain.from_iterable(one.results for one in several))
            joined = standing_of(name, results, best=best)
            kept[name] = joined._replace(listed=who, seed=seed)
    return list(kept.values())


def _known_by(one: Standing, who: Person, listed: ClassList) -> str:
    """Return the name that a list has for a learner, unless it would tell less."""
    namesakes = [each for each in listed.people if each.shown == who.shown]
    tells = who.names and len(namesakes) == 1 and not one.name.startswith(who.shown)
    return who.shown if tells else one.name


def _both(one: Person, other: Person) -> Person:
    """Return what is known of a person from two sides."""
    names = tuple(dict.fromkeys((*one.names, *other.names)))
    return Person(one.shown or other.shown, names, one.ids | other.ids)


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
        remarks = [remark] if told else []
        if listed.seeds and one.other_numbers:
            remarks.append(f"{LABELS[PART_ONE.name]}: {one.other_numbers}")
        kept[one.name] = one._replace(remarks=(*one.remarks, *remarks))
    seen = {*chain.from_iterable(matches.claims.values())}
    for row, who in enumerate(listed.people):
        if row not in seen:
            name = _unused(who.shown, kept)
            kept[name] = Standing(name, {}, listed=who)
    return list(kept.values())


def _matches(found: Sequence[Standing], listed: ClassList) -> Matches:
    return match([one.known_as() for one in found], listed.people)


def _unused(name: str, names: Container[str]) -> str:
    """Return a name that nobody else has."""
    copies = (f"{name} ({n})" for n in count(2))
    return next(each for each in chain([name], copies) if each not in names)
