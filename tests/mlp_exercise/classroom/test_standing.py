"""The notebook that came last counts, or the best where that is wanted; both are told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.collecting.collect import Handed, find
from mlp_exercise.classroom.collecting.learners import Learner, order_of
from mlp_exercise.classroom.standing import Standing, standings
from mlp_exercise.submission.mark import EXERCISES
from tests.mlp_exercise.classroom.collecting.test_archives import pack
from tests.mlp_exercise.classroom.test_tables import FIRST, marked

ADA = Learner("Ada")

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def came(name: str, points: float, hours: float | None = None, **more: Any) -> Result:
    when = None if hours is None else NOON + timedelta(hours=hours)
    made = marked(f"class/ada/{name}", points)
    return made._replace(when=when, **more)


def only(*results: Result, best: bool = False) -> Standing:
    (one,) = standings(results, best=best)
    return one


@pytest.mark.parametrize(
    ("results", "points", "remark"),
    [
        ((came("a", 6, 0), came("b", 4, 1)), 4, "ex1_01: last of 2; another has 6"),
        ((came("b", 4, 1), came("a", 6, 0)), 4, "ex1_01: last of 2; another has 6"),
        ((came("a", 4, 0), came("b", 6, 1)), 6, "ex1_01: last of 2"),
        # Where nothing tells the time, or it is the same, the names do.
        ((came("work (10)", 6), came("work (9)", 4)), 6, "ex1_01: last of 2"),
        ((came("b", 6, 0), came("a", 4, 0)), 6, "ex1_01: last of 2"),
        ((came("b", 6), came("a", 4, 0)), 4, "ex1_01: last of 2; another has 6"),
    ],
)
def test_the_last_counts_and_a_better_one_is_told(
    results: tuple[Result, ...], points: float, remark: str
) -> None:
    one = only(*results)
    assert one.points[FIRST.name] == points
    assert one.remarks == (remark,)


def test_the_best_counts_where_that_is_wanted() -> None:
    one = only(came("a", 6, 0), came("b", 4, 1), best=True)
    assert one.points[FIRST.name] == 6
    assert one.remarks == ("ex1_01: best of 2",)


def test_late_is_told_of_the_notebook_that_counts() -> None:
    early, late = came("a", 6, 0), came("b", 4, 1, late=True)
    assert only(early, late).remarks[-1] == "ex1_01: late"
    assert "ex1_01: late" not in only(early, late, best=True).remarks


@given(
    stem=st.sampled_from(["lab1", "x", "work (old)", "2026-11-24", "a.b"]),
    mark=st.sampled_from(["-{}", " ({})", "({})", "_v{}", "-Copy{}", " - Copy ({})"]),
    numbers=st.lists(st.integers(1, 10**6), min_size=1, max_size=4, unique=True),
    folder=st.sampled_from(["", "ada/", "moodle.zip/Ada_1_assignsubmission_file/"]),
    ending=st.sampled_from([".ipynb", ".IPYNB"]),
    draw=st.randoms(use_true_random=False),
)
def test_of_copies_with_numbers_the_highest_counts_and_the_plain_one_was_first(
    stem: str,
    mark: str,
    numbers: list[int],
    folder: str,
    ending: str,
    draw: Random,
) -> None:
    ordered = [stem, *(stem + mark.format(number) for number in sorted(numbers))]
    names = [f"{folder}{name}{ending}" for name in ordered]
    shuffled = draw.sample(names, len(names))
    assert sorted(shuffled, key=order_of) == names
    folders = [f"{name}/{stem}{ending}" for name in ordered]
    assert sorted(draw.sample(folders, len(folders)), key=order_of) == folders
    results = [marked(f"class/{name}", 6)._replace(learner=ADA) for name in shuffled]
    counts = only(*results).counting[FIRST.name]
    assert counts.file == f"class/{names[-1]}"


@given(
    hours=st.lists(st.integers(0, 10**5), min_size=1, max_size=5, unique=True),
    name=st.sampled_from(["Lab 1_ada_attempt_{:%Y-%m-%d-%H-%M-%S}_x.ipynb"]),
    draw=st.randoms(use_true_random=False),
)
def test_of_attempts_the_last_counts(hours: list[int], name: str, draw: Random) -> None:
    times = [NOON + timedelta(hours=h) for h in draw.sample(hours, len(hours))]
    with TemporaryDirectory() as folder:
        file = Path(folder, "blackboard.zip")
        file.write_bytes(pack(*(name.format(when) for when in times)))
        found = [item for item in find(str(file)) if isinstance(item, Handed)]
    results = [
        marked(i.file, 6)._replace(when=i.when, learner=i.learner)
        for i in draw.sample(found, len(found))
    ]
    assert only(*results).counting[FIRST.name].when == max(times)


def test_learners_are_sorted_as_in_a_list_of_names() -> None:
    names = ["Emil Noe", "Émile Zola", "Ezra Pound", "Öhman", "Otto", "Zoé A", "zoef B"]
    results = [marked(f"class/{name}/x.ipynb", 6) for name in reversed(names)]
    assert [one.name for one in standings(results)] == names


def test_two_numbers_in_one_archive_are_two_people_whatever_they_hand_in(
    tmp_path: Path,
) -> None:
    file = tmp_path / "lab.zip"
    names = [
        f"Ann Lee_{107 + number}_assignsubmission_file/{exercise.name}.ipynb"
        for number, exercise in enumerate(EXERCISES[:2])
    ]
    file.write_bytes(pack(*names))
    results = [
        marked(i.file, 6, exercise)._replace(learner=i.learner)
        for i, exercise in zip(find(str(file)), EXERCISES[:2], strict=True)
    ]
    assert [one.total for one in standings(results)] == [6, 6]


def test_three_archives_of_moodle_come_together_by_name_and_namesakes_stay_apart(
    tmp_path: Path,
) -> None:
    """Moodle numbers its learners anew in each assignment."""
    results = []
    for number, exercise in enumerate(EXERCISES, 1):
        people = {"Ada Lovelace": 0, "Jo Doe": 1, "Jo Doe ": 2}
        names = [
            f"{name.strip()}_{10**number + n}_assignsubmission_file/{exercise.name}.ipynb"
            for name, n in people.items()
        ]
        file = tmp_path / f"moodle {number}.zip"
        file.write_bytes(pack(*names))
        results += [
            marked(i.file, 1, exercise)._replace(learner=i.learner)
            for i in find(str(file))
            if isinstance(i, Handed)
        ]
    points = {one.name: one.total for one in standings(results)}
    assert points.pop("Ada Lovelace") == 3
    assert list(points.values()) == [1] * 6
    assert all(name.startswith("Jo Doe_") for name in points)
