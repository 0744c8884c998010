from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mlp_exercise.check import Checks, Step, StepMark, joined, trying

STEPS = (Step("double", 1.0, "double"), Step("half", 2.0, "half"))


def mark(observed: Mapping[str, Mapping[str, Any]]) -> list[StepMark]:
    right = {"double": 6, "half": 1.5}
    marks = []
    for step in STEPS:
        name, points = step.name, step.points
        if name not in observed:
            marks.append(StepMark(name, "missing", 0.0, points, (), "Nothing.", None))
        elif observed[name]["of 3"] == right[name]:
            marks.append(StepMark(name, "correct", points, points, (), "Good.", None))
        else:
            marks.append(StepMark(name, "wrong", 0.0, points, (), "Not so.", None))
    return marks


def checks(functions: dict[str, Any]) -> Checks:
    trials = {
        step.name: lambda space, name=step.name: {"of 3": space[name](3)}
        for step in STEPS
    }
    return Checks([s.name for s in STEPS], trying(functions, STEPS, trials), mark)


def test_a_check_tries_out_what_is_defined_now() -> None:
    namespace: dict[str, Any] = {"double": lambda x: x}
    check = checks(namespace)
    assert check("double") == "double: wrong, 0.0 of 1.0 points\nNot so."
    namespace["double"] = lambda x: 2 * x
    assert check("double") == "double: correct, 1.0 of 1.0 points"


def test_points_are_those_of_the_last_check() -> None:
    check = checks({"double": lambda x: 2 * x, "half": lambda x: x / 2})
    assert (check.points("double"), check.points("half")) == (0.0, 0.0)
    check("half")
    assert (check.points("double"), check.points("half")) == (0.0, 2.0)


def test_the_report_adds_up() -> None:
    check = checks({"double": lambda x: 2 * x, "half": lambda x: x})
    check("double")
    check("half")
    report = str(check.report())
    assert report.splitlines()[-1] == "1.0 of 3.0 points"
    assert [line.split()[:2] for line in report.splitlines()[:2]] == [
        ["double", "correct"],
        ["half", "wrong"],
    ]


def test_a_step_may_be_tried_in_parts_that_steps_share() -> None:
    first = Step("first", 1.0, "f", ("needed", "shared"))
    second = Step("second", 1.0, "f", ("shared", "own"))
    assert STEPS[0].tried_by == ("double",)
    seen = {"shared": {"a": 1}, "needed": {"b": 2}}
    assert joined((first, second), seen) == {
        "first": {"a": 1, "b": 2},
        "second": {"a": 1},
    }
    assert joined((first, second), {"needed": {}}) == {"first": {}}


def test_a_check_makes_all_trials_of_its_step() -> None:
    steps = (Step("double", 1.0, "double", ("zero", "double")), STEPS[1])
    trials = {
        "double": lambda space: {"of 3": space["double"](3)},
        "zero": lambda space: {"of 0": space["double"](0)},
    }
    look = trying({"double": lambda x: 2 * x}, steps, trials)
    assert look("double") == {"of 0": 0, "of 3": 6}


def test_a_step_that_does_not_exist_is_named() -> None:
    check = checks({})
    for function in (check, check.points):
        with pytest.raises(ValueError, match="'third' is no step of this exercise"):
            function("third")
