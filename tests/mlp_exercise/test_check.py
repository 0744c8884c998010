"""Answers that are code are tried out when they are checked, and their points add up."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from mlp_exercise.check import Checks, Step, StepMark, joined, trying

STEPS = (Step("double", 1.0, "double", ("zero", "double")), Step("half", 2.0, "half"))
RIGHT = {"double": {"of 0": 0, "of 3": 6}, "half": {"of 3": 1.5}}
TRIALS = {
    "zero": lambda space: {"of 0": space["double"](0)},
    "double": lambda space: {"of 3": space["double"](3)},
    "half": lambda space: {"of 3": space["half"](3)},
}


def mark(seen: Mapping[str, Mapping[str, Any]]) -> list[StepMark]:
    marks = []
    for name, points, *_ in STEPS:
        if name not in seen:
            marks.append(StepMark(name, "missing", 0.0, points, (), "Nothing."))
        elif seen[name] == RIGHT[name]:
            marks.append(StepMark(name, "correct", points, points, (), "Good."))
        else:
            marks.append(StepMark(name, "wrong", 0.0, points, (), "Not so."))
    return marks


def test_a_check_makes_all_trials_of_what_is_defined_now_and_points_are_the_last() -> (
    None
):
    namespace: dict[str, Any] = {"double": lambda x: x}
    check = Checks(["double", "half"], trying(namespace, STEPS, TRIALS), mark)
    assert repr(check("double")) == "double: wrong, 0.0 of 1.0 points\nNot so."
    namespace["double"] = lambda x: 2 * x
    assert repr(check("double")) == "double: correct, 1.0 of 1.0 points"
    assert (check.points("double"), check.points("half")) == (1.0, 0.0)
    namespace["half"] = lambda x: x
    check("half")
    assert repr(check.report()).splitlines() == [
        "double       correct         1.0",
        "half         wrong           0.0",
        "1.0 of 3.0 points",
    ]


def test_a_step_may_be_tried_in_parts_that_steps_share() -> None:
    first = Step("first", 1.0, "f", ("needed", "shared"))
    second = Step("second", 1.0, "f", ("shared", "own"))
    assert STEPS[1].tried_by == ("half",)
    seen = {"shared": {"a": 1}, "needed": {"b": 2}}
    expected = {"first": {"a": 1, "b": 2}, "second": {"a": 1}}
    assert joined((first, second), seen) == expected
    assert joined((first, second), {"needed": {}}) == {"first": {}}


def test_a_step_that_does_not_exist_is_named_with_those_that_do() -> None:
    check = Checks(["double", "half"], trying({}, STEPS, TRIALS), mark)
    for function in (check, check.points):
        with pytest.raises(
            ValueError, match=r"'third' is no step .* one of double, half"
        ):
            function("third")


@pytest.mark.parametrize("slip", [("half", len), (len,), (np.ones(2), "half")])
def test_a_slip_in_calling_is_told_with_what_to_write(slip: tuple[Any, ...]) -> None:
    check = Checks(["double", "half"], trying({}, STEPS, TRIALS), mark)
    step = "half" if slip[-1] is len and slip[1:] else "double"
    with pytest.raises(TypeError, match=rf'^write check\("{step}"\)$'):
        check(*slip)
    assert check.marks() == mark({})
