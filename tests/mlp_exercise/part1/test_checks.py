"""The check cells of a notebook say what marking says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1 import Checks
from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_exercise.values import plain
from mlp_reference.manual import work_out
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.test_values import anything

NAMES = [step.name for step in STEPS]


def test_a_right_answer_is_said_to_be_right_without_quotes() -> None:
    said = Checks()("a", [0.3, 0.24])
    assert repr(said) == "a: correct, 0.5 of 0.5 points"


def test_a_wrong_answer_gets_a_hint_on_a_line_of_its_own() -> None:
    check = Checks()
    check("a", [0.3, 0.24])
    assert repr(check("z", [0.57, 0.56])) == (
        "z: wrong, 0.0 of 0.5 points\nIt looks as if you took the sigmoid for tanh."
    )


def test_an_answer_is_judged_by_those_checked_before() -> None:
    check = Checks()
    check("a", [0.3, 0.24])
    check("z", [0.5, 0.1])
    assert check("y", [0.57]).startswith("y: follow-through, 0.5 of 0.5 points")


def test_an_answer_may_be_corrected() -> None:
    check = Checks()
    assert "wrong" in check("a", [1.0, 1.0])
    assert "correct" in check("a", [0.3, 0.24])


def test_the_report_adds_up_and_names_every_step() -> None:
    check = Checks()
    solution = work_out(EXERCISE)
    assert repr(check.report()).endswith("0.0 of 6.0 points")
    for name in NAMES:
        check(name, solution[name])
    lines = repr(check.report()).splitlines()
    assert [line.split()[0] for line in lines[:-1]] == NAMES
    assert lines[-1] == "6.0 of 6.0 points"


def test_each_answer_has_its_points() -> None:
    check = Checks()
    check("a", [0.3, 0.24])
    check("z", [0.57, 0.56])
    assert check.points("a") == 0.5
    assert check.points("z") == 0.0


def test_an_answer_that_was_not_checked_has_no_points() -> None:
    check = Checks()
    check("a", [0.3, 0.24])
    assert [check.points(name) for name in NAMES[1:]] == [0.0] * 11


def test_the_points_of_an_unknown_name_are_refused_too() -> None:
    with pytest.raises(ValueError, match=r"'q' is no step of this exercise"):
        Checks().points("q")


def test_a_variant_has_its_own_numbers() -> None:
    assert "correct" in Checks(variant=17)("a", work_out(variant(17))["a"])
    assert "correct" not in Checks()("a", work_out(variant(17))["a"])


def test_a_seed_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="the seed is -3"):
        Checks(variant=-3)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"'q' is no step of this exercise, .* a, z, y"
    ):
        Checks()("q", 1)


@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_any_answers_get_the_verdicts_of_marking(answers: dict[str, Any]) -> None:
    check = Checks()
    marks = {
        m.name: m for m in mark({n: plain(v) for n, v in answers.items()}, EXERCISE)
    }
    for name in NAMES:
        if name in answers:
            assert check(name, answers[name]).startswith(
                f"{name}: {marks[name].verdict}, "
            )
            assert check.points(name) == marks[name].points
