"""The check cells of a notebook say what marking says."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1 import Checks
from mlp_exercise.part1.variants import variant
from mlp_exercise.values import plain
from tests.mlp_exercise.part1.sheets import NAMES, judge, solved
from tests.mlp_exercise.test_values import anything


def test_an_answer_is_judged_by_those_checked_before_and_may_be_corrected() -> None:
    check = Checks()
    assert "wrong" in check("a", [1.0, 1.0])
    assert repr(check("a", [0.3, 0.24])) == "a: correct, 0.5 of 0.5 points"
    assert repr(check("z", [0.57, 0.56])) == (
        "z: wrong, 0.0 of 0.5 points\nIt looks as if you took the sigmoid for tanh."
    )
    check("z", [0.5, 0.1])
    assert check("y", [0.57]).startswith("y: follow-through, 0.5 of 0.5 points")
    assert [check.points(name) for name in NAMES] == [0.5, 0.0, 0.5] + [0.0] * 9


def test_a_variant_has_its_own_numbers() -> None:
    answer = solved(variant(17))["a"]
    assert "correct" in Checks(variant=17)("a", answer)
    assert "correct" not in Checks()("a", answer)
    with pytest.raises(ValueError, match="the seed is -3"):
        Checks(variant=-3)


@pytest.mark.parametrize("slip", [("z",), ("z", 1.0, 2.0), (np.ones(2), "z")])
def test_a_slip_in_calling_is_told_with_what_to_write(slip: tuple[Any, ...]) -> None:
    step = "z" if len(slip) != 2 else NAMES[0]
    with pytest.raises(TypeError, match=rf'^write check\("{step}", {step}\)$'):
        Checks()(*slip)


@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_any_answers_get_the_verdicts_of_marking(answers: dict[str, Any]) -> None:
    check = Checks()
    marks = judge({name: plain(value) for name, value in answers.items()})
    for name in NAMES:
        if name in answers:
            verdict = f"{name}: {marks[name].verdict}, "
            assert check(name, answers[name]).startswith(verdict)
            assert check.points(name) == marks[name].points
