from __future__ import annotations

from mlp_exercise.submission.class_row import Entry, Row, row_of
from mlp_exercise.submission.learners import Learner

ADA = Learner("ada")
LABELS = {"ex1_01_first": "ex1_01", "ex1_02_second": "ex1_02"}


def first(points: float | None, variant: int | None = None, *flags: str) -> Entry:
    return Entry(ADA, "ex1_01_first", points, variant, flags)


def row(*entries: Entry) -> Row:
    return row_of("ada", entries, LABELS)


def test_points_stand_in_the_order_of_the_exercises() -> None:
    second = Entry(ADA, "ex1_02_second", 9.5)
    assert row(second, first(6.0)) == ("ada", (6.0, 9.5), (False, False), ())
    assert row(second, first(6.0)).total == 15.5


def test_what_was_not_handed_in_is_not_zero_points() -> None:
    assert row(first(0.0)) == ("ada", (0.0, None), (False, False), ())


def test_the_best_of_several_counts_and_the_row_says_so() -> None:
    several = row(first(4.0, None, "z trivial"), first(5.5), first(5.0))
    assert several.points == (5.5, None)
    assert several.remarks == ("ex1_01: best of 3",)


def test_of_equal_ones_that_with_least_to_look_at_counts() -> None:
    flagged, plain = first(5.0, None, "z trivial"), first(5.0)
    for pair in ((flagged, plain), (plain, flagged)):
        assert row(*pair).remarks == ("ex1_01: best of 2",)


def test_several_of_different_numbers_are_named_as_such() -> None:
    assert row(first(4.0, 17), first(6.0)).remarks == (
        "ex1_01: best of 2, of different numbers",
    )


def test_flags_of_what_counts_are_something_to_look_at() -> None:
    second = Entry(ADA, "ex1_02_second", 9.5, None, ("W1 wrong shape",))
    assert row(first(6.0, None, "z trivial", "y invalid"), second).remarks == (
        "look at ex1_01 z trivial, ex1_01 y invalid, ex1_02 W1 wrong shape",
    )


def test_what_a_person_should_know_stands_beside_the_points() -> None:
    remark = "Code cell 4 was left out: it took longer than 10 s of processor time."
    late = Entry(ADA, "ex1_01_first", 5.5, None, ("z time limit",), (remark,))
    assert row(late).remarks == (
        f"ex1_01: {remark[:-1]}",
        "look at ex1_01 z time limit",
    )
    assert row(late, first(6.0)).remarks == ("ex1_01: best of 2",)


def test_the_reason_stands_where_the_marker_could_not_mark() -> None:
    unmarked = Entry(ADA, "ex1_02_second", None, remarks=("it needs PyTorch",))
    assert row(unmarked) == Row(
        "ada", (None, None), (False, True), ("ex1_02: not marked: it needs PyTorch",)
    )


def test_the_unreadable_are_named_beside_the_exercise_if_it_is_known() -> None:
    unknown = Entry(ADA, None, None)
    assert row(first(None), unknown, unknown) == Row(
        "ada", (None, None), (True, False), ("ex1_01: 1 unreadable", "2 unreadable")
    )
    assert row(first(None), first(3.0)).points == (3.0, None)
