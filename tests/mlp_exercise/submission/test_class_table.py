from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.check import StepMark
from mlp_exercise.submission.batch import EXERCISES
from mlp_exercise.submission.class_row import Row
from mlp_exercise.submission.class_table import ClassTable
from mlp_exercise.submission.records import Exercise, Result, Sheet
from tests.mlp_exercise.submission.test_learners import PATHS


def nobody_marks(*_args: object) -> NoReturn:
    raise AssertionError


FIRST = Exercise("ex1_01_pen_and_paper", ("a", "z"), 6.0, (), nobody_marks)
SECOND = Exercise("ex1_02_numpy_gradient", ("W1", "z"), 10.0, (), nobody_marks)
THIRD = Exercise("ex1_03_pytorch_regression", ("fit",), 4.0, (), nobody_marks)
THREE = (FIRST, SECOND, THIRD)


def marked(
    file: str,
    points: float = 5.5,
    exercise: Exercise = FIRST,
    path: str = "class",
    flags: Sequence[str] = (),
) -> Result:
    mark = StepMark("z", "correct", points, 6.0, tuple(flags), "", None)
    return Result(file, exercise.name, Sheet(None, (mark,)), path=path)


def unreadable(file: str, path: str = "class") -> Result:
    return Result(file, reason="broken JSON", path=path)


def table_of(
    results: Iterable[Result], exercises: Sequence[Exercise] = THREE
) -> ClassTable:
    table = ClassTable(exercises)
    for result in results:
        table.add(result)
    return table


def rows(*results: Result) -> dict[str, Row]:
    return {row.learner: row for row in table_of(results).rows()}


def test_the_notebooks_of_a_learner_come_together() -> None:
    found = rows(
        marked("class/ada/a.ipynb", 5.5),
        marked("class/bob/a.ipynb", 3.0),
        marked("class/ada/b.ipynb", 8.0, SECOND),
        marked("class/ada/x/c.ipynb", 4.0, THIRD),
    )
    assert found["ada"] == Row("ada", (5.5, 8.0, 4.0), (False,) * 3, ())
    assert found["ada"].total == 17.5
    assert found["bob"].points == (3.0, None, None)


def test_learners_come_together_from_several_paths() -> None:
    found = rows(
        marked("part1/ada/a.ipynb", path="part1"),
        marked("part2/ada/b.ipynb", exercise=SECOND, path="part2"),
        marked("part3/ada.ipynb", exercise=THIRD, path="part3"),
    )
    assert found["ada"].points == (5.5, 5.5, 5.5)


def test_the_columns_are_the_exercises_and_their_sum() -> None:
    table = table_of([])
    assert table.names == tuple(exercise.name for exercise in THREE)
    assert list(table.labels.values()) == ["ex1_01", "ex1_02", "ex1_03"]
    assert list(table.max_points) == [6, 10, 4]
    assert table.max_total == 20


def test_exercises_with_the_same_number_keep_their_names() -> None:
    twins = [FIRST, FIRST._replace(name="ex1_01_other")]
    assert list(table_of([], twins).labels.values()) == [FIRST.name, "ex1_01_other"]


def test_what_can_be_marked_has_a_column() -> None:
    table = table_of([], EXERCISES)
    assert table.max_total == sum(exercise.max_points for exercise in EXERCISES)


def test_rows_are_sorted_as_in_a_list_of_names() -> None:
    names = ["ada", "Bob", "Émile", "Zoë"]
    found = rows(*(marked(f"class/{name}/x.ipynb") for name in reversed(names)))
    assert list(found) == names


def test_an_unreadable_notebook_belongs_to_its_learner_and_its_name_tells_the_exercise() -> (
    None
):
    found = rows(
        unreadable(f"class/ada/{SECOND.name} (1).ipynb"),
        unreadable("class/bob/x.ipynb"),
    )
    assert found["ada"].unmarked == (False, True, False)
    assert found["ada"].remarks == ("ex1_02: 1 unreadable",)
    assert found["bob"].unmarked == (False,) * 3
    assert found["bob"].remarks == ("1 unreadable",)


def test_flags_come_with_the_name_of_the_step() -> None:
    (row,) = rows(marked("class/ada/x.ipynb", flags=["trivial"])).values()
    assert row.remarks == ("look at ex1_01 z trivial",)


def moodle(name: str, number: int) -> str:
    return f"class/{name}_{number}_assignsubmission_file_/x.ipynb"


def test_moodle_s_numbers_do_not_split_a_learner() -> None:
    found = rows(
        marked(moodle("Max", 1)),
        marked(moodle("Max", 2), exercise=SECOND),
        marked("again/" + moodle("Max", 3), path="again"),
    )
    assert found["Max"].remarks == ("ex1_01: best of 2",)


def test_namesakes_in_one_assignment_of_moodle_stay_apart() -> None:
    found = rows(marked(moodle("Max", 1)), marked(moodle("Max", 2)))
    assert list(found) == ["Max_1", "Max_2"]


def test_files_of_one_name_in_two_folders_stay_apart() -> None:
    found = rows(
        marked("ada/mine.ipynb", path="ada"),
        marked("bob/mine.ipynb", exercise=SECOND, path="bob"),
        marked("bob/other.ipynb", path="bob"),
    )
    assert list(found) == ["ada/mine", "bob/mine", "other"]


def test_a_result_without_a_path_is_told_by_its_file() -> None:
    assert list(rows(marked(f"a/b/ada/{FIRST.name}.ipynb", path=""))) == ["ada"]


@pytest.mark.parametrize(
    ("results", "more"),
    [
        ([marked("class/ada/x.ipynb"), marked("class/bob/x.ipynb")], False),
        ([marked("class/ada/x.ipynb"), unreadable("class/bob/x.ipynb")], False),
        ([marked("class/ada/x.ipynb"), unreadable("class/ada/y.ipynb")], True),
        ([marked("class/ada/x.ipynb"), marked("class/ada/y.ipynb")], True),
        ([marked("class/ada/x.ipynb"), marked("class/b/x.ipynb", 4, SECOND)], True),
    ],
)
def test_it_says_more_where_exercises_or_notebooks_come_together(
    results: list[Result], more: bool
) -> None:
    assert table_of(results).says_more_than_lines() is more


POINTS = st.integers(0, 20).map(lambda halves: halves / 2)
RESULTS = st.builds(
    lambda path, below, exercise, points: (
        unreadable(f"{path}/{below}", path)
        if points is None
        else marked(f"{path}/{below}", points, exercise, path)
    ),
    st.sampled_from(["class", ".", "", "part1", "ada"]) | PATHS,
    PATHS,
    st.sampled_from(THREE),
    st.none() | POINTS,
)


def notebooks_in(row: Row) -> int:
    counted = sum(int(n) for r in row.remarks for n in re.findall(r"(\d+) unread", r))
    for label, points in zip(table_of([]).labels.values(), row.points, strict=True):
        best_of = re.search(rf"{label}: best of (\d+)", "; ".join(row.remarks))
        counted += int(best_of[1]) if best_of else points is not None
    return counted


@given(st.lists(RESULTS, max_size=12))
def test_whatever_comes_stands_in_one_row_and_totals_are_sums(
    results: list[Result],
) -> None:
    found = table_of(results).rows()
    assert len({row.learner for row in found}) == len(found)
    assert sum(map(notebooks_in, found)) == len(results)
    for row in found:
        assert row.learner
        assert row.total == math.fsum(points or 0 for points in row.points)
        assert row.total <= sum(result.points for result in results)
    for name in (exercise.name for exercise in THREE):
        came = [r.points for r in results if r.sheet and r.exercise == name]
        column = [row.points[[e.name for e in THREE].index(name)] for row in found]
        best = [points for points in column if points is not None]
        assert max(came, default=None) == max(best, default=None)
