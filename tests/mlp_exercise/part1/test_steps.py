"""The twelve answers and their routes are those of the exercise."""

import numpy as np
import pytest

from mlp_exercise.part1.boxes import Box, Interval, flatten, nest
from mlp_exercise.part1.steps import STEPS, Route
from mlp_reference import manual
from mlp_reference.manual import work_out
from mlp_reference.worked_example import EXERCISE, WorkedExample

NEEDS = {
    "a": [],
    "z": [("a",)],
    "y": [("z",)],
    "loss": [("y",)],
    "dL_dy": [("y",)],
    "dL_dw2": [("dL_dy", "z")],
    "dL_db2": [("dL_dy",)],
    "dL_dw1": [("dL_dy", "z"), ("dL_dy", "a")],
    "W2_updated": [("dL_dw2",)],
    "b2_updated": [("dL_db2",)],
    "W1_updated": [("dL_dw1",)],
    "b1_updated": [("dL_dy", "z"), ("dL_dy", "a"), ("dL_dw1",)],
}
BACK = next(r for s in STEPS for r in s.routes if not r.through)


def points(values: object) -> Box:
    return tuple(Interval(v, v) for v in flatten(values))  # type: ignore[arg-type]  # of any shape


def test_the_answers_come_in_the_order_of_the_exercise_with_its_routes() -> None:
    assert {step.name: [r.needs for r in step.routes] for step in STEPS} == NEEDS
    assert [step.name for step in STEPS] == list(NEEDS)


def test_shapes_are_those_of_the_solution() -> None:
    solution = manual.solve(EXERCISE)._asdict()
    for step in STEPS:
        assert step.shape == np.shape(solution[step.name]), step.name


def test_the_hidden_gradient_uses_the_given_w2_even_after_its_update() -> None:
    # No route to ∂L/∂W1 or to the update of b1 starts from W2_updated.
    assert not any(
        "W2_updated" in route.needs for step in STEPS for route in step.routes
    )


def test_a_route_goes_on_from_the_learners_numbers() -> None:
    route = next(r for s in STEPS if s.name == "dL_dw1" for r in s.routes)
    led = route.leads_to(EXERCISE, {"dL_dy": points([2.0]), "z": points([0.5, 0.0])})
    dL_da = [2.0 * 0.7 * 0.75, 2.0 * -0.8]
    expected = manual.linear_backward_weight(dL_da, EXERCISE.x)
    assert led is not None
    assert np.allclose([i.low for i in led], flatten(expected), rtol=1e-15)


def test_the_bias_follows_from_the_weights_where_the_rows_agree() -> None:
    solution = manual.solve(EXERCISE)
    led = BACK.leads_to(EXERCISE, {"dL_dw1": points(solution.dL_dw1)})
    assert led is not None
    assert np.allclose(led, np.array([solution.b1_updated] * 2).T, rtol=1e-12)


def test_where_a_row_disagrees_there_is_no_way_back_to_the_bias() -> None:
    wrong = [list(row) for row in manual.solve(EXERCISE).dL_dw1]
    wrong[1][2] += 0.01
    assert BACK.leads_to(EXERCISE, {"dL_dw1": points(wrong)}) is None


def test_the_row_agrees_on_what_all_its_intervals_share() -> None:
    # ∂L/∂a = 0.3 leaves 0.09, 0.12 and −0.03; each may be half a hundredth off.
    row = [0.09, 0.12, -0.03]
    box = tuple(Interval(v - 0.005, v + 0.005) for v in row * 2)
    led = BACK.leads_to(EXERCISE, {"dL_dw1": box})
    assert led is not None
    step = (
        0.5 * np.array([0.12 - 0.005, 0.12 + 0.005]) / 0.4
    )  # the sharpest of the three
    assert np.allclose(led[0], (0.1 - step[1], 0.1 - step[0]))


@pytest.mark.parametrize("x", [[0.3, 0.0, -0.1], [0.0, 0.0, 2.0]])
def test_an_input_of_zero_is_skipped(x: list[float]) -> None:
    example = WorkedExample(**(vars(EXERCISE) | {"x": x}))
    values = work_out(example)
    led = BACK.leads_to(example, {"dL_dw1": points(values["dL_dw1"])})
    assert led is not None
    assert np.allclose([i.low for i in led], values["b1_updated"])


def test_inputs_that_are_all_zero_leave_nothing_to_agree_on() -> None:
    example = WorkedExample(**(vars(EXERCISE) | {"x": [0.0, 0.0, 0.0]}))
    assert BACK.leads_to(example, {"dL_dw1": points([[0.0] * 3] * 2)}) is None


def test_a_route_that_overflows_explains_nothing() -> None:
    route = Route(("z",), ("y",))
    huge = (Interval(-1e308, 1e308),) * 2
    example = WorkedExample(**(vars(EXERCISE) | {"W2": [[9.0, 9.0]]}))
    assert route.leads_to(example, {"z": huge}) is None
    assert nest([1.0], ()) == 1.0
