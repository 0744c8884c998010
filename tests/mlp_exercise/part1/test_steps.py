"""The twelve answers and their routes are those of the exercise, and a route's box is exact."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.boxes import Box, Interval, exactly, flatten, nest
from mlp_exercise.part1.steps import SHAPES, STEPS, Route
from mlp_exercise.part1.variants import variant
from mlp_reference import manual
from mlp_reference.manual import FORMULAS, work_out
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
"""Nothing starts from the updated W2: ∂L/∂z goes back through the given one."""

ROUTES = [route for step in STEPS for route in step.routes if route.through]
BACK = next(route for route in STEPS[-1].routes if not route.through)


def points(values: Mapping[str, Any]) -> dict[str, Box]:
    return {name: exactly(flatten(value)) for name, value in values.items()}


def test_the_answers_come_in_the_order_of_the_exercise_with_its_routes() -> None:
    assert [(step.name, [r.needs for r in step.routes]) for step in STEPS] == [
        *NEEDS.items()
    ]
    solution = manual.solve(EXERCISE)._asdict()
    for step in STEPS:
        assert step.shape == np.shape(solution[step.name]), step.name


def boxes_around(
    example: WorkedExample, route: Route, rng: np.random.Generator
) -> dict[str, Box]:
    """Widen the values that a route needs, some to both sides of zero or of the target."""
    values = work_out(example)

    def around(value: float) -> Interval:
        centre = rng.choice([value, 0.0, example.t[0]])
        return Interval(*np.sort(centre + rng.uniform(-0.4, 0.4, 2)).tolist())

    return {name: tuple(map(around, flatten(values[name]))) for name in route.needs}


def result_at(
    example: WorkedExample, route: Route, point: dict[str, list[float]]
) -> list[float]:
    values = {name: nest(elements, SHAPES[name]) for name, elements in point.items()}
    for name in route.through:
        values[name] = FORMULAS[name](example, values)
    return flatten(values[route.through[-1]])


@pytest.mark.parametrize("route", ROUTES)
@given(seed=st.integers(0, 300), rng=...)
def test_every_point_of_the_boxes_comes_out_in_the_box_of_a_route(
    route: Route, seed: int, rng: np.random.Generator
) -> None:
    example = variant(seed)
    boxes = boxes_around(example, route, rng)
    image = route.image(example, boxes)
    assert image is not None
    for _ in range(20):
        point = {
            name: [rng.uniform(*interval) for interval in box]
            for name, box in boxes.items()
        }
        for (low, high), value in zip(
            image, result_at(example, route, point), strict=True
        ):
            assert low - 1e-12 <= value <= high + 1e-12


@pytest.mark.parametrize("route", ROUTES)
def test_the_box_of_a_route_is_no_wider_than_its_results(route: Route) -> None:
    rng = np.random.default_rng(0)

    def inside(interval: Interval) -> float:
        within = rng.random() < 0.3
        return float(rng.choice(np.linspace(*interval, 41) if within else interval))

    for seed in range(5):
        example = variant(seed)
        boxes = boxes_around(example, route, rng)
        image = np.array(route.image(example, boxes))
        grid = [
            result_at(
                example, route, {n: [*map(inside, box)] for n, box in boxes.items()}
            )
            for _ in range(1500)
        ]
        width = image[:, 1] - image[:, 0]
        found = np.transpose([np.min(grid, axis=0), np.max(grid, axis=0)])
        assert np.all(np.abs(found - image) <= 0.05 * width[:, None] + 1e-12)


def test_a_point_leads_to_the_point_that_the_chain_computes() -> None:
    values = work_out(EXERCISE)
    for route in ROUTES:
        expected = exactly(flatten(values[route.through[-1]]))
        assert route.image(EXERCISE, points(values)) == expected


def test_a_route_goes_on_from_the_learners_numbers() -> None:
    route = next(r for r in ROUTES if r.through[-1] == "dL_dw1")
    image = route.image(EXERCISE, points({"dL_dy": [2.0], "z": [0.5, 0.0]}))
    dL_da = [2.0 * 0.7 * 0.75, 2.0 * -0.8]
    expected = flatten(manual.linear_backward_weight(dL_da, EXERCISE.x))
    assert image is not None
    assert [interval.low for interval in image] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("x", [EXERCISE.x, [0.3, 0.0, -0.1], [0.0, 0.0, 2.0]])
def test_b1_follows_from_the_rows_of_w1_wherever_the_input_is_not_zero(
    x: list[float],
) -> None:
    example = WorkedExample(**(vars(EXERCISE) | {"x": x}))
    values = work_out(example)
    image = BACK.image(example, points(values))
    assert image is not None
    assert np.allclose(image, np.array([values["b1_updated"]] * 2).T, rtol=1e-12)


def test_where_a_row_disagrees_or_says_nothing_there_is_no_way_back_to_b1() -> None:
    wrong = [list(row) for row in manual.solve(EXERCISE).dL_dw1]
    wrong[1][2] += 0.01
    assert BACK.image(EXERCISE, points({"dL_dw1": wrong})) is None
    example = WorkedExample(**(vars(EXERCISE) | {"x": [0.0, 0.0, 0.0]}))
    assert BACK.image(example, points({"dL_dw1": [[0.0] * 3] * 2})) is None


def test_the_row_agrees_on_what_all_its_intervals_share() -> None:
    # ∂L/∂a = 0.3 leaves 0.09, 0.12 and −0.03; each may be half a hundredth off.
    row = [0.09, 0.12, -0.03]
    box = tuple(Interval(v - 0.005, v + 0.005) for v in row * 2)
    image = BACK.image(EXERCISE, {"dL_dw1": box})
    assert image is not None
    low, high = (
        0.5 * np.array([0.115, 0.125]) / 0.4
    )  # 0.12 is the sharpest of the three
    assert image[0] == pytest.approx((0.1 - high, 0.1 - low))


def test_a_route_that_overflows_explains_nothing() -> None:
    huge = (Interval(-1e308, 1e308),) * 2
    example = WorkedExample(**(vars(EXERCISE) | {"W2": [[9.0, 9.0]]}))
    assert Route(("z",), ("y",)).image(example, {"z": huge}) is None
