"""A box of results holds every result over the boxes of the inputs, and no more than that."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.boxes import (
    Box,
    Interval,
    flatten,
    image,
    image_each,
    is_finite,
    nest,
)
from mlp_exercise.part1.steps import SHAPES, STEPS, Route
from mlp_exercise.part1.variants import variant
from mlp_reference.manual import FORMULAS, work_out
from mlp_reference.worked_example import EXERCISE, WorkedExample

ROUTES = [(step, route) for step in STEPS for route in step.routes if route.through]
seeds = st.integers(0, 300)


@pytest.mark.parametrize("shape", [(), (1,), (2,), (1, 2), (2, 3)])
def test_nest_undoes_flatten(shape: tuple[int, ...]) -> None:
    elements = tuple(float(i) for i in range(math.prod(shape)))
    assert flatten(nest(elements, shape)) == elements
    assert np.shape(nest(elements, shape)) == shape


def test_a_turn_within_the_box_counts() -> None:
    box = image(lambda point: (point[0][0] ** 2,), [(Interval(-1.0, 2.0),)], [0.0, 5.0])
    assert box == (Interval(0.0, 4.0),)


def test_without_the_turn_the_box_would_be_too_small() -> None:
    box = image(lambda point: (point[0][0] ** 2,), [(Interval(-1.0, 2.0),)], [])
    assert box == (Interval(1.0, 4.0),)


def test_an_interval_of_one_number_is_tried_once() -> None:
    tried = []

    def formula(point: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
        tried.append(point)
        return (0.0,)

    image(formula, [(Interval(1.0, 1.0),) * 3], [])
    assert tried == [[(1.0, 1.0, 1.0)]]


def test_ends_are_put_in_order_where_a_formula_falls() -> None:
    box = image_each(lambda point: (-point[0][0],), [(Interval(1.0, 2.0),)], [])
    assert box == (Interval(-2.0, -1.0),)


def test_elements_that_move_together_each_turn_where_they_can() -> None:
    squares: Box = (Interval(-1.0, 2.0), Interval(1.0, 3.0))
    box = image_each(lambda point: tuple(v * v for v in point[0]), [squares], [0.0])
    assert box == (Interval(0.0, 4.0), Interval(1.0, 9.0))


def test_infinite_and_undefined_ends_are_seen() -> None:
    assert is_finite((Interval(0.0, 1.0),))
    assert not is_finite((Interval(0.0, 1.0), Interval(-math.inf, 1.0)))
    assert not is_finite((Interval(math.nan, math.nan),))


def boxes_around(
    example: WorkedExample, route: Route, rng: np.random.Generator
) -> dict[str, Box]:
    """Widen the values that a route needs, some to both sides of zero or of the target."""
    values = work_out(example)
    found = {}
    for name in route.needs:
        around = []
        for value in flatten(values[name]):
            centre = rng.choice([value, 0.0, example.t[0]])
            low, high = np.sort(centre + rng.uniform(-0.4, 0.4, 2))
            around.append(Interval(float(low), float(high)))
        found[name] = tuple(around)
    return found


def result_at(example: WorkedExample, route: Route, point: dict[str, Any]) -> Any:
    values = {name: nest(elements, SHAPES[name]) for name, elements in point.items()}
    for name in route.through:
        values[name] = FORMULAS[name](example, values)
    return flatten(values[route.through[-1]])


@pytest.mark.parametrize(("step", "route"), ROUTES)
@given(seed=seeds, rng=...)
def test_every_point_of_the_boxes_leads_into_the_box_of_a_route(
    step: Any, route: Route, seed: int, rng: np.random.Generator
) -> None:
    example = variant(seed)
    boxes = boxes_around(example, route, rng)
    led = route.leads_to(example, boxes)
    assert led is not None
    for _ in range(20):
        point = {
            name: [float(rng.uniform(*interval)) for interval in box]
            for name, box in boxes.items()
        }
        for interval, value in zip(led, result_at(example, route, point), strict=True):
            assert interval.low - 1e-12 <= value <= interval.high + 1e-12, step.name


@pytest.mark.parametrize(("step", "route"), ROUTES)
def test_the_box_of_a_route_is_no_wider_than_its_results(
    step: Any, route: Route
) -> None:
    rng = np.random.default_rng(0)
    for seed in range(5):
        example = variant(seed)
        boxes = boxes_around(example, route, rng)
        led = route.leads_to(example, boxes)
        assert led is not None
        grid = [
            result_at(
                example,
                route,
                {
                    name: [
                        float(rng.choice(np.linspace(*interval, 41)))
                        if rng.random() < 0.3
                        else float(rng.choice(interval))
                        for interval in box
                    ]
                    for name, box in boxes.items()
                },
            )
            for _ in range(1500)
        ]
        lows, highs = np.min(grid, axis=0), np.max(grid, axis=0)
        for interval, low, high in zip(led, lows, highs, strict=True):
            width = interval.high - interval.low
            assert low - interval.low <= 0.05 * width + 1e-12, step.name
            assert interval.high - high <= 0.05 * width + 1e-12, step.name


def test_a_point_leads_to_the_point_that_the_chain_computes() -> None:
    values = work_out(EXERCISE)
    for step, route in ROUTES:
        boxes = {
            name: tuple(Interval(v, v) for v in flatten(values[name]))
            for name in route.needs
        }
        led = route.leads_to(EXERCISE, boxes)
        assert led == tuple(Interval(v, v) for v in flatten(values[step.name]))
