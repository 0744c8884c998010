"""A class list becomes seeds that stay and folders that every system can hold."""

import csv
import io
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.handout.class_list import (
    SEEDS,
    assign,
    folder_of,
    index_of,
    read_class,
    read_names,
)

NAMES = ["Zoë", "Ann Lee", "Bob"]


@pytest.mark.parametrize(
    "text",
    [
        "Zoë\nAnn Lee\nBob\n",
        "\ufeffZoë\nAnn Lee\nBob",
        "name\nZoë\nAnn Lee\nBob\n",
        "\n\n Name \r\nZoë\r\n\r\n  Ann  Lee \r\nBob\r\n",
        "id,name,mail\n1,Zoë,z\n2,Ann Lee,a\n3,Bob,b\n",
        '\ufeffmail;NAME\n"z";"Zoë"\na;Ann Lee\nb;Bob\n',
        "name\tmail\nZoë\tz, 1; 2\nAnn Lee\ta\nBob\tb\n",
        'mail;"name"\nz;Zoë\na;"Ann Lee"\nb;Bob\n',
        '"e-mail, first";name\nz;Zoë\na;Ann Lee\nb;Bob\n',
        "name\nZoe\u0308\nAnn Lee\nBob\n",
    ],
)
def test_names_are_read_from_every_usual_form_of_csv(text: str) -> None:
    assert read_names(text.encode()) == NAMES


def test_seeds_are_read_from_a_list_with_tabs() -> None:
    assert read_class(b"name\tseed\nAda\t17\nBob\t\n") == [("Ada", 17), ("Bob", None)]


def test_a_name_in_quotes_may_hold_a_comma() -> None:
    assert read_names(b'"Lee, Ann"\nBob\n') == ["Lee, Ann", "Bob"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no name"),
        (b"\n \n,\n", "holds no name"),
        (b"name,mail\n", "holds no name"),
        (b"Lee, Ann\nRay, Bob\n", "has 2 columns, and none is called name"),
        (b"name\nBob\nLee, Ann\n", "line 3 .* has 2 columns, expected 1; .* quotes"),
        (b"name,mail\nBob\n", "line 2 .* has 1 columns, expected 2"),
        (b"name,mail\nBob,b\n,a\n", "line 3 .* has no name"),
        ("Zoë\n".encode("latin-1"), r"no UTF-8 text \(byte 2\); save it as CSV, UTF-8"),
        (b'name\n"Bob\n', "broken in line 2"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_names(content)


def test_a_seed_stays_when_the_list_changes_and_from_version_to_version() -> None:
    before, after = assign(NAMES), assign(["Al", "Bob", "Zoë"])
    assert (after["Bob"], after["Zoë"]) == (before["Bob"], before["Zoë"])
    assert list(before) == NAMES
    assert assign(["Ann Lee"], "2026") == {"Ann Lee": 732200289}


def test_another_salt_gives_other_seeds() -> None:
    one, other = ({*assign(NAMES, salt).values()} for salt in ("", "2027"))
    assert not one & other
    assert all(0 <= seed < SEEDS for seed in one | other)


def test_equal_seeds_are_told_apart_whatever_the_order_of_the_list() -> None:
    names = [f"learner {i}" for i in range(20)]
    crowded = assign(names, seeds=20)
    assert set(crowded.values()) == set(range(20))
    shuffled = random.Random(1).sample(names, 20)  # noqa: S311 - no secret
    assert assign(shuffled, seeds=20) == crowded


def test_too_few_seeds_and_the_same_name_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="3 names are too many for 2 seeds"):
        assign(NAMES, seeds=2)
    for one, other in (("Ann", "Ann"), ("Ann", "ANN"), ("a/b", "a/b")):
        with pytest.raises(ValueError, match=f"'{one}' and '{other}' are the same"):
            assign(["Bob", one, other])


@pytest.mark.parametrize("name", ["Ann Lee", "Zoë", "O'Neil", "李雷", "Dr. No", "🎓"])
def test_a_usual_name_is_its_own_folder(name: str) -> None:
    assert folder_of(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "a/b", "a\\b", "..", ".", ".hidden", "CON", "con.txt", "Lpt1", "C:"),
        *("a ", "a.", "x" * 300, "🎓" * 300, "a\tb", "a\0b", "👩\u200d🎓"),
        *("variants.csv", '"q"', "what?", "*"),
    ],
)
def test_any_other_name_gets_a_folder_that_is_safe(name: str) -> None:
    folder = folder_of(name)
    assert re.search("-[0-9a-f]{6}$", folder)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u200d]', folder)
    assert folder[0] != "."
    assert folder.partition(".")[0].partition("-")[0].upper() not in ("CON", "LPT1")
    assert len(folder.encode()) <= 255
    assert folder_of(name) == folder


@given(st.lists(st.text(min_size=1), unique_by=str.casefold, max_size=8))
def test_different_names_get_different_folders_and_seeds(names: list[str]) -> None:
    folders = {folder_of(name).casefold() for name in names}
    assert len(folders) == len({*assign(names).values()}) == len(names)
    for folder in folders:
        assert "/" not in folder
        assert folder not in ("", ".", "..")


def test_the_index_tells_who_has_which_seed() -> None:
    seeds = assign(["Lee, Ann", "a/b"])
    rows = list(csv.DictReader(io.StringIO(index_of(seeds, "ex.ipynb"))))
    assert {row["name"]: int(row["seed"]) for row in rows} == seeds
    assert [row["file"] for row in rows] == [f"{folder_of(n)}/ex.ipynb" for n in seeds]
