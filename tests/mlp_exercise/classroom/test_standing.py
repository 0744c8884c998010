"""The notebook that came last counts, or the best where that is wanted; both are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlp_exercise.classroom.batch import Result
from mlp_exercise.classroom.standing import Standing, standings
from tests.mlp_exercise.classroom.test_tables import FIRST, marked

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
