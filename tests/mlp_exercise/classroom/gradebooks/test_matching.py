"""Learners find their rows by numbers, logins and names, and nobody finds another's."""

import random
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.classroom.gradebooks.matching import Person, match, person, same_name


def pairs(learners: list[Person], rows: list[Person]) -> tuple[Any, Any]:
    found = match(learners, rows)
    return found.row_of, found.unclear


def rows_of(learners: list[Person], rows: list[Person]) -> dict[str, str]:
    """Return who got whose row, by what is shown."""
    found = match(learners, rows).row_of
    return {learners[one].shown: rows[row].shown for one, row in found.items()}


ADA = person("Lovelace, Ada", canvas="4021", login="alove", student="#20260001")
MAX = person("Max Müller", login="max@example.org", student="20260002")
CLASS = [
    ADA,
    MAX,
    person("Anne-Marie de la Cruz"),
    person("李雷"),
    person("O'Neil, Zoë"),
]


@pytest.mark.parametrize(
    ("learner", "row"),
    [
        (person("Ada Lovelace"), ADA),
        (person("LOVELACE  ada"), ADA),
        (person("Lovelace_Ada"), ADA),
        (person("lovelaceada"), ADA),
        (person("adalovelace"), ADA),
        (person("alove"), ADA),
        (person("ALOVE"), ADA),
        (person("20260001"), ADA),
        (person("20260001 - Ada King"), ADA),
        (person("somebody", canvas="4021"), ADA),
        (person("Ada King", student="20260001"), ADA),
        (person("alove", login="alove"), ADA),
        (person("Max Mueller"), MAX),
        (person("max muller"), MAX),
        (person(unicodedata.normalize("NFD", "Max Müller")), MAX),
        (person("Max\u200b Müller"), MAX),
        (person("max@example.org"), MAX),
        (person("Max Müller", login="max"), MAX),
        (person("somebody", email="Max@Example.org"), MAX),
        (person("de la Cruz, Anne Marie"), CLASS[2]),
        (person("delacruzannemarie"), CLASS[2]),
        (person("李 雷"), CLASS[3]),
        (person("zoe oneil"), CLASS[4]),
        (person("O’Neil Zoe"), CLASS[4]),
    ],
)  # fmt: skip
def test_a_row_is_found_however_its_learner_is_written(
    learner: Person, row: Person
) -> None:
    assert rows_of([learner], CLASS) == {learner.shown: row.shown}


@pytest.mark.parametrize(
    "learner",
    [
        *map(
            person, ("Ada", "Lovelace", "Ada L", "Ada Lovelace Byron", "", "?", "4021")
        ),
        *map(person, ("Max Muell", "Ada Max", "Anne Cruz", "1", "ada.lovelace.x")),
        person("Ada Lovelace", canvas="4022"),  # a namesake: the number is another one
        person("Max Müller", student="20260003"),
        person("X", moodle="4021"),
        person("X", login="-"),
    ],
)
def test_who_is_not_there_gets_no_row(learner: Person) -> None:
    assert pairs([learner], CLASS) == ({}, {})


def test_two_who_could_be_the_same_get_no_row_and_are_told() -> None:
    both = [person("Max Müller"), person("Müller, Max"), person("Ada")]
    learner = person("max mueller")
    assert pairs([learner], both) == ({}, {0: [0, 1]})
    assert pairs(both, [learner]) == ({}, {0: [0], 1: [0]})
    # Two identities that are two people's.
    odd = person("X", login="alove", email="max@example.org")
    assert pairs([odd], CLASS) == ({}, {0: [0, 1]})


def test_names_that_speak_against_a_number_are_told_and_hold_up_nobody() -> None:
    liar = person("Mallory", student="20260001")
    assert pairs([liar], CLASS) == ({}, {0: [0]})
    assert pairs([liar, person("Ada Lovelace")], CLASS) == ({1: 0}, {0: [0]})
    beside = person("Mallory 20260001")
    assert pairs([beside, person("Ada Lovelace")], CLASS) == ({1: 0}, {0: [0]})
    # A platform's own number decides alone, whatever else a row says.
    both = person("Ada Lovelace", canvas="4021", login="max@example.org")
    assert pairs([both], CLASS) == ({0: 0}, {})


def test_a_number_tells_namesakes_apart_but_nobody_gets_what_is_left_over() -> None:
    rows = [person("Max M", moodle="1"), person("Max M", moodle="2")]
    known, unknown = person("Max M", moodle="2"), person("Max M")
    assert pairs([known, unknown], rows) == ({0: 1}, {1: [0, 1]})
    assert pairs([known, known], rows) == ({}, {0: [1], 1: [1]})
    # A name alone does not take the row of a number, nor shake it.
    assert pairs([known, unknown], rows[1:]) == ({0: 0}, {1: [0]})


def test_a_name_of_one_word_is_not_taken_for_two() -> None:
    assert not same_name(person("Ann Alee"), person("Anna Lee"))
    assert same_name(person("annalee"), person("Anna Lee"))
    assert pairs([person("annalee")], [person("Anna Lee"), person("Ann Alee")]) == (
        {},
        {0: [0, 1]},
    )


@given(
    st.lists(st.sampled_from(["ma", "rio", "na", "li"]), min_size=2, max_size=3),
    st.integers(0, 2),
    st.randoms(use_true_random=False),
)
def test_words_run_together_may_be_part_of_somebody_elses_name(
    words: list[str], turn: int, chance: random.Random
) -> None:
    together = "".join(words)
    mine = person(" ".join(words[turn:] + words[:turn]))
    for first in (together, "-".join(words)):
        parts = chance.choice(
            [[first, "Schmidt"], ["Schmidt", first], ["X", first, "Y"]]
        )
        other = person(" ".join(parts))
        assert pairs([person(together)], [mine, other]) == ({}, {0: [0, 1]})
        # It is in nobody else's way, and not asked where a name is written as it is.
        assert pairs([person(together), mine, other], [mine, other]) == (
            {1: 0, 2: 1},
            {0: [0, 1]},
        )
        assert pairs([person(together)], [person(together), other]) == ({0: 0}, {})
        assert pairs([mine, other], [person(together)]) == ({}, {})
        assert pairs([mine, mine], [person(together)]) == ({}, {0: [0], 1: [0]})
    known = person("Schmidt " + together, login="schmidt")
    learner = person(together, login="other")
    assert pairs([learner], [mine, known]) == ({0: 0}, {})


WORDS = ["Ada", "Max", "Zoë", "Zoe", "Müller", "Mueller", "Muller", "Li", "van", "de"]

NAMES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=3)


def spelt(words: list[str], chance: random.Random) -> str:
    """Write a name as some platform may."""
    first, *rest = words
    return chance.choice(
        [
            " ".join(words),
            f"{words[-1]}, {' '.join(words[:-1])}",
            " ".join(words).upper(),
            "".join([*rest, first]).lower(),
            unicodedata.normalize("NFD", " ".join(words)),
        ]
    )


@given(st.lists(NAMES, max_size=12), st.randoms(use_true_random=False), st.data())
def test_with_namesakes_whoever_has_a_row_has_their_own(
    people: list[list[str]], chance: random.Random, data: st.DataObject
) -> None:
    numbered = list(enumerate(people))
    there = [(n, w) for n, w in numbered if chance.random() < 0.9]  # others left since
    came = [(n, w) for n, w in numbered if chance.random() < 0.9]
    chance.shuffle(came)

    def known(number: int, words: list[str], *, by: bool) -> Person:
        ids = {"student": f"{number:07}"} if by and chance.random() < 0.8 else {}
        return person(spelt(words, chance), **ids)

    by_number = data.draw(st.booleans())
    learners = [known(n, words, by=by_number) for n, words in came]
    rows = [known(n, words, by=by_number) for n, words in there]
    found = match(learners, rows)
    assert len({*found.row_of.values()}) == len(found.row_of)
    for one, row in found.row_of.items():
        # Somebody who is not there may have the very name of somebody who is.
        assert came[one][0] == there[row][0] or (
            _letters(came[one][1]) == _letters(there[row][1])
            and came[one][0] not in [n for n, _ in there]
        )
    for one, candidates in found.unclear.items():
        assert one not in found.row_of
        assert candidates


def _letters(words: list[str]) -> list[str]:
    plain = unicodedata.normalize("NFKD", "".join(sorted(words)).casefold())
    return sorted(re.sub("[^a-z]|(?<=u)e", "", plain))
