"""What the build tells the valley: contour lines, gradient, limit, and three ways to walk."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from course.interactive import valley
from course.interactive.data import context_of
from course.interactive.valley import (
    FRAME,
    LEFT,
    LEVELS,
    NAMED,
    RATES,
    SCALE,
    SLIDER,
    START,
    STEPS,
    TOP,
    curvatures,
    descend,
    ellipse,
    gradient,
    limit,
    loss,
    minimum,
    on_line,
    pixels,
)

from mlp_reference.arrays import Array
from mlp_reference.datasets import eight_points
from mlp_reference.gradient_check import central_difference

TURNS = [math.tau * turn / 12 for turn in range(12)]
PLACES = [START, (0.0, 0.0), (-0.8, 1.2), (2.2, -1.8)]
TRANSFORM = re.compile(r"translate\((\S+) (\S+)\) rotate\((\S+)\)")


def on_map(w: float, b: float) -> bool:
    (w1, w2), (b1, b2) = FRAME.values()
    return w1 <= w <= w2 and b1 <= b <= b2


def across(at: tuple[float, float]) -> float:
    """Return how far a place is from the bottom of the valley, on which side."""
    _, (_, steep) = curvatures()
    return float((np.array(at) - minimum()) @ steep)


def test_the_loss_is_that_of_one_neuron_on_the_eight_points() -> None:
    X, T = eight_points()
    w, b = 0.3, -0.2
    errors = [w * x + b - t for (x,), (t,) in zip(X, T, strict=True)]
    assert loss((w, b)) == pytest.approx(sum(e * e for e in errors) / 8, rel=1e-12)


@pytest.mark.parametrize("at", PLACES)
def test_the_gradient_is_that_of_the_loss(at: tuple[float, float]) -> None:
    def flat(theta: Array) -> float:
        return loss((float(theta[0]), float(theta[1])))

    numeric = central_difference(flat, np.array(at))
    assert gradient(at) == pytest.approx(tuple(numeric), rel=1e-7, abs=1e-9)


def test_the_minimum_has_no_gradient_and_no_smaller_loss_beside_it() -> None:
    at = minimum()
    assert gradient(at) == pytest.approx((0, 0), abs=1e-12)
    beside = [(at.w + math.cos(turn), at.b + math.sin(turn)) for turn in TURNS]
    assert min(map(loss, beside)) > loss(at)


@pytest.mark.parametrize("level", LEVELS)
def test_every_place_on_a_contour_line_has_its_loss(level: float) -> None:
    line = ellipse(level)
    assert line.long > line.short
    angle = math.radians(line.angle)
    for turn in TURNS:
        along, aside = line.long * math.cos(turn), line.short * math.sin(turn)
        w = line.centre.w + along * math.cos(angle) - aside * math.sin(angle)
        b = line.centre.b + along * math.sin(angle) + aside * math.cos(angle)
        assert loss((w, b)) == pytest.approx(level, rel=1e-9)


def test_the_drawn_lines_are_those_of_the_losses() -> None:
    drawn = context_of("valley")["ellipses"]
    assert [float(each["data-level"]) for each in drawn] == sorted(LEVELS)[::-1]
    for each in drawn:
        match = TRANSFORM.fullmatch(each["transform"])
        assert match
        x, y, angle = map(float, match.groups())
        angle = math.radians(angle)
        for turn in TURNS:
            long = float(each["rx"]) * math.cos(turn)
            short = float(each["ry"]) * math.sin(turn)
            right = x + long * math.cos(angle) - short * math.sin(angle)
            down = y + long * math.sin(angle) + short * math.cos(angle)
            w = FRAME["w"][0] + (right - LEFT) / SCALE
            b = FRAME["b"][1] - (down - TOP) / SCALE
            level = float(each["data-level"])
            # A tenth of a pixel is a thousandth of a unit.
            slope = math.hypot(*gradient((w, b)))
            assert loss((w, b)) == pytest.approx(level, abs=0.002 * slope)


@pytest.mark.parametrize(("level", "along"), NAMED.items())
def test_a_label_stands_on_its_line_and_on_the_map(level: float, along: float) -> None:
    at = on_line(level, along)
    assert level in LEVELS
    assert loss(at) == pytest.approx(level, rel=1e-9)
    assert on_map(*at)


def test_below_the_limit_every_descent_comes_to_rest_and_above_it_none() -> None:
    X, T = eight_points()
    x = [Fraction(str(value)) for value in X[:, 0]]
    ww, wb = 2 * sum(v * v for v in x) / len(T), 2 * sum(x) / len(T)
    bb = Fraction(2)
    small = Fraction(1, 10**9)

    def comes_to_rest(rate: Fraction) -> bool:
        """Say whether I − ηH has both eigenvalues between −1 and 1, in exact arithmetic."""
        trace = 2 - rate * (ww + bb)
        determinant = (1 - rate * ww) * (1 - rate * bb) - (rate * wb) ** 2
        return abs(trace) < 1 + determinant < 2

    assert comes_to_rest(Fraction(limit()) - small)
    assert not comes_to_rest(Fraction(limit()) + small)


def test_a_descent_comes_to_rest_or_not_as_the_limit_says() -> None:
    below, above = (descend(rate * limit(), 2000)[-1] for rate in (0.99, 1.01))
    assert below == pytest.approx(minimum(), abs=1e-6)
    assert loss(above) > 1e6


def test_a_small_rate_creeps_along_the_valley() -> None:
    visited = descend(RATES["creep"])
    losses = [loss(at) for at in visited]
    assert losses == sorted(losses, reverse=True)
    assert all(across(at) * across(START) > 0 for at in visited)
    assert math.dist(visited[-1], minimum()) > 0.25 * math.dist(START, minimum())


def test_a_larger_rate_jumps_from_side_to_side_and_still_falls() -> None:
    visited = descend(RATES["zigzag"])
    losses = [loss(at) for at in visited]
    assert losses == sorted(losses, reverse=True)
    assert all(across(a) * across(b) < 0 for a, b in pairwise(visited))
    assert all(on_map(*at) for at in visited)
    assert math.dist(visited[-1], minimum()) < 0.1


def test_a_rate_above_the_limit_rises_with_every_step_and_leaves_the_map() -> None:
    assert RATES["zigzag"] < limit() < RATES["leave"]
    losses = [loss(at) for at in descend(RATES["leave"])]
    assert losses == sorted(losses)
    assert losses[-1] > valley.steepest()


def test_the_steepest_corner_has_the_largest_loss_of_the_map() -> None:
    places = [
        (w, b) for w in np.linspace(-0.8, 2.2, 7) for b in np.linspace(-1.8, 1.2, 7)
    ]
    assert max(map(loss, places)) == pytest.approx(valley.steepest(), rel=1e-12)


def test_every_setting_is_on_the_slider_and_the_tick_stands_at_the_limit() -> None:
    low, high, step = SLIDER.values()
    for rate in RATES.values():
        assert low <= rate <= high
        assert rate / step == pytest.approx(round(rate / step))
    share = float(context_of("valley")["share"])
    assert low + share * (high - low) == pytest.approx(limit(), abs=1e-4)


def test_the_page_has_one_descent_from_the_start() -> None:
    context = context_of("valley")
    points = [
        tuple(map(float, point.split())) for point in context["trail"][1:].split("L")
    ]
    assert points == [pixels(at) for at in descend(RATES["zigzag"])]
    assert len(points) == STEPS + 1
    assert context["arrow"].startswith(context["trail"].split("L")[0] + "L")
    assert points[0] == context["ball"]


def test_the_program_gets_the_numbers_as_they_are() -> None:
    data = json.loads(json.dumps(context_of("valley")["data"]))
    X, T = eight_points()
    assert data["x"] == X[:, 0].tolist()
    assert data["t"] == T[:, 0].tolist()
    assert data["start"] == [*START]
