"""Whose row is whose: by numbers and logins, else by names, and never by a guess.

Names are the same if they have the same words, whatever their order, case and accents. A number or
a login counts if it is one row's alone, and names do not speak against it. Words that are run
together, as Canvas does, are a name only where they are no part of somebody else's. Whoever could
be two people is left to a person to decide.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple, TypeAlias

Key: TypeAlias = tuple[str, str]
"""A kind, and a value that two people share if they may be the same."""

SAID = ("login", "email", "student", "id", "folder")
"""Kinds of identity that a folder may be named after; a platform's own numbers are not."""

CHANGING = frozenset({"moodle"})
"""Kinds of identity that are others in each assignment."""

_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"}
)
_ALONE = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("'’ʼ`´", None)
)
"""Letters that no accent is taken from, and yet are written as others."""

_NO_ID = re.compile(r"\W*|n/a|none|null|nil|nan|unknown|0+")
"""What stands where somebody has no identity of a kind."""

_LONG_NUMBER = re.compile(r"\d{5,}")
"""A student's number, where a platform writes it beside the name."""

_MOST_WORDS = 8
"""Words of a name that may be run together."""


class Person(NamedTuple):
    """Somebody as one side knows them."""

    shown: str
    names: tuple[str, ...] = ()  # by which they are known, in one or more ways
    ids: frozenset[Key] = frozenset()  # what is theirs alone


class Matches(NamedTuple):
    """Who is who, by position; what is not certain is not among it."""

    row_of: Mapping[int, int]  # of learners
    unclear: Mapping[int, Sequence[int]]  # learners, and the rows that could be theirs
    by_id: frozenset[int] = frozenset()  # learners who were found by more than a name

    @property
    def claims(self) -> Mapping[int, Sequence[int]]:
        """Return the rows that could be a learner's."""
        return {**self.unclear, **{n: [row] for n, row in self.row_of.items()}}


def person(*names: str, **ids: str) -> Person:
    """Return a person; an identity is given by its kind, and what is empty is none."""
    found = {(kind, plain_id(value)) for kind, value in ids.items()}
    found |= {("email", value) for _, value in found if "@" in value}
    known = tuple(dict.fromkeys(filter(None, map(str.strip, names))))
    held = frozenset((kind, v) for kind, v in found if not _NO_ID.fullmatch(v))
    return Person(next(iter((*known, *ids.values())), ""), known, held)


def plain_id(text: str) -> str:
    """Return an identity as it is compared; Brightspace writes a # before it."""
    return unicodedata.normalize("NFKC", text).strip().lstrip("#").casefold()


def match(learners: Sequence[Person], rows: Sequence[Person]) -> Matches:
    """Find the row of each learner, as far as there is exactly one, and it is nobody else's."""
    by_id, by_name = _index(rows, lambda one: one.ids), _index(rows, _names_of_row)
    rows_by_part, learners_by_part = _index(rows, _parts), _index(learners, _parts)
    certain: dict[int, set[int]] = {}
    likely: dict[int, set[int]] = {}
    doubtful: dict[int, set[int]] = {}
    for number, one in enumerate(learners):
        if found := _certain(one, rows, by_id):
            certain[number] = found
            continue
        numbers = _found(_numbers(one), by_id)
        told = _found(_said(one), by_id) | _found(_words(one), by_name)
        told |= {row for row in numbers if _agree(one, rows[row])}
        found = told | _found(_names_of_learner(one), by_name)
        found_or_part = found | _found(_as_part(one), rows_by_part)
        possible = {row for row in found_or_part if not contradict(one, rows[row])}
        likely[number] = possible & found
        # Told of one learner, and in nobody else's way.
        doubtful[number] = _found(one.ids, by_id) | numbers
        if likely[number].isdisjoint(told):  # "Na Li" run together is a first name
            likely[number] = {
                row
                for row in likely[number]
                if not _found(_as_part(rows[row]), learners_by_part)
            }
            if likely[number] and likely[number] != possible:
                doubtful[number] |= possible
                likely[number] = set()
    sure, all_ = (
        Counter(row for found in each for row in found)
        for each in (certain.values(), [*certain.values(), *likely.values()])
    )
    row_of: dict[int, int] = {}
    unclear: dict[int, list[int]] = {}
    for number, found in sorted({**certain, **likely}.items()):
        # An identity counts more than a name; two who claim a row by the same right are equal.
        claims = sure if number in certain else all_
        if len(found) == 1 and all(claims[row] == 1 for row in found):
            (row_of[number],) = found
        elif found or (found := doubtful.get(number, set())):
            unclear[number] = sorted(found)
    return Matches(row_of, unclear, frozenset(certain))


def _certain(
    one: Person, rows: Sequence[Person], by_id: Mapping[Key, set[int]]
) -> set[int]:
    """Return the rows of somebody's identities; a platform's own number decides alone."""
    alone = {key for key in one.ids if len(by_id.get(key, ())) == 1}
    if found := _found((key for key in alone if key[0] not in SAID), by_id):
        return found
    found = _found(alone, by_id)
    return {row for row in found if _agree(one, rows[row], emails=len(found) == 1)}


def _agree(one: Person, other: Person, *, emails: bool = False) -> bool:
    """Return whether names do not speak against an identity, which may be a mistake or a lie.

    Nobody else has an email address.
    """
    if emails and any(kind == "email" for kind, _ in one.ids & other.ids):
        return True
    values = {value for _, value in one.ids}
    values |= {value.partition("@")[0] for value in values}
    names = [name for name in one.names if plain_id(name) not in values]
    mine, theirs = (
        {word for name in of_one for words in _spellings(name) for word in words}
        for of_one in (names, other.names)
    )
    if not (mine and theirs) or same_name(one, other):
        return True
    # Canvas runs the words of a name together.
    pairs = (sorted(pair, key=len) for pair in product(mine, theirs))
    return any(a == b or (len(a) > 2 and a in b) for a, b in pairs)


def same_name(one: Person, other: Person) -> bool:
    """Return whether two may be the same by their names."""
    return not {*_names_of_learner(one)}.isdisjoint(_names_of_row(other))


@lru_cache(maxsize=2**15)
def _spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name without accents; an umlaut may be spelt out as well."""
    folded = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    spelt = {_plain(folded), _plain(folded.translate(_SPELT_OUT))}
    found = (re.findall(r"[^\W_]+", _LONG_NUMBER.sub(" ", text)) for text in spelt)
    return tuple(tuple(words) for words in found if words)


def _names_of_row(one: Person) -> Iterator[Key]:
    yield from _names(one, "as one word", "of one word")


def _names_of_learner(one: Person) -> Iterator[Key]:
    yield from _names(one, "of one word", "as one word")


def _names(one: Person, several: str, single: str) -> Iterator[Key]:
    """Return the words of a name; Canvas runs them together, and only such a name has one."""
    for name in one.names:
        for words in _spellings(name):
            yield "words", " ".join(sorted(words))
            if len(words) == 1:
                yield single, words[0]
            elif len(words) <= _MOST_WORDS:
                turned = (words[n:] + words[:n] for n in range(len(words)))
                yield from ((several, "".join(each)) for each in turned)


def _words(one: Person) -> Iterator[Key]:
    return (key for key in _names_of_row(one) if key[0] == "words")


def _parts(one: Person) -> Iterator[Key]:
    """Return what of a name may stand for it, such as a first name that has two words."""
    for words in (words for name in one.names for words in _spellings(name)):
        ends = combinations(range(min(len(words), _MOST_WORDS) + 1), 2)
        parts = (words[start:end] for start, end in ends)
        yield from (("part", "".join(part)) for part in parts if part != words)


def _as_part(one: Person) -> Iterator[Key]:
    """Return names of one word as they may be part of a longer one."""
    return (
        ("part", word) for kind, word in _names_of_row(one) if kind == "of one word"
    )


def _said(one: Person) -> Iterator[Key]:
    """Return the identities that a name may be."""
    yield from ((kind, plain_id(name)) for name in one.names for kind in SAID)


def _numbers(one: Person) -> Iterator[Key]:
    """Return the identities that a name may hold."""
    values = {value for name in one.names for value in _LONG_NUMBER.findall(name)}
    yield from ((kind, value) for value in values for kind in SAID)


def _plain(text: str) -> str:
    """Return letters without accents, and without what is not seen."""
    if text.isascii():
        return text.replace("'", "")
    parts = unicodedata.normalize("NFKD", text.translate(_ALONE))
    return "".join(c for c in parts if c.isprintable() and not unicodedata.combining(c))


def contradict(one: Person, other: Person) -> bool:
    """Return whether two have identities of the same kind, and other ones."""
    kinds = {kind for kind, _ in one.ids} & {kind for kind, _ in other.ids} - CHANGING

    def values(who: Person, kind: str) -> set[str]:  # a login may come with its domain
        return {value.partition("@")[0] for k, value in who.ids if k == kind}

    return any(values(one, kind).isdisjoint(values(other, kind)) for kind in kinds)


def _found(keys: Iterable[Key], index: Mapping[Key, set[int]]) -> set[int]:
    return {position for key in keys for position in index.get(key, ())}


def _index(
    people: Sequence[Person], keys: Callable[[Person], Iterable[Key]]
) -> dict[Key, set[int]]:
    """Return the positions of those who have a key."""
    found: dict[Key, set[int]] = defaultdict(set)
    for position, one in enumerate(people):
        for key in keys(one):
            found[key].add(position)
    return found
