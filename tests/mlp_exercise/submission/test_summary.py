from __future__ import annotations

from mlp_exercise.check import StepMark
from mlp_exercise.submission.records import Result, Sheet
from mlp_exercise.submission.summary import Summary

UNREADABLE = Result("x.ipynb", reason="broken JSON")


def marked(exercise: str, *lost: str, steps: str = "abcdefgh") -> Result:
    marks = (
        StepMark(s, "wrong" if s in lost else "correct", s not in lost, 1.0, (), "", 0)
        for s in steps
    )
    return Result("x.ipynb", exercise, Sheet(None, tuple(marks)))


def lines(*results: Result) -> list[str]:
    summary = Summary()
    for result in results:
        summary.add(result)
    return list(summary.lines())


def test_of_one_exercise_every_step_that_was_not_paid_is_named() -> None:
    assert lines(marked("ex1", *"abcdef"), marked("ex1", "f", "h"), UNREADABLE) == [
        "2 marked, 4.00 points on average; 1 unreadable",
        "Not paid: f (2), a (1), b (1), c (1), d (1), e (1), h (1)",
    ]


def test_several_exercises_have_a_mean_each_and_name_what_was_missed_most() -> None:
    assert lines(
        marked("ex2", steps="abc"),
        marked("ex1", *"abcdef"),
        marked("ex1", "f"),
        marked("ex2", "c", steps="abc"),
        UNREADABLE,
    ) == [
        "4 marked; 1 unreadable",
        "ex1: 2 marked, 4.50 of 8 points on average; "
        "not paid: f (2), a (1), b (1), c (1), d (1), and 1 more",
        "ex2: 2 marked, 2.50 of 3 points on average; not paid: c (1)",
    ]


def test_one_notebook_of_each_exercise_has_no_mean() -> None:
    assert lines(marked("ex1", "a"), marked("ex2")) == ["2 marked; 0 unreadable"]


def test_nothing_that_could_be_marked_is_counted_all_the_same() -> None:
    assert lines(UNREADABLE, UNREADABLE) == ["0 marked; 2 unreadable"]
