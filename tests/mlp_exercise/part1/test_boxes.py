"""Accurate to two decimals: within 0.005, and what a written number may stand for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.boxes import (
    TOLERANCE,
    Box,
    Interval,
    corners,
    decimals_of,
    exactly,
    explains,
    flatten,
    half_unit,
    hull,
    nest,
    plausible,
    unexplained,
)


@pytest.mark.parametrize("shape", [(), (1,), (2,), (1, 2), (2, 3)])
def test_nest_undoes_flatten(shape: tuple[int, ...]) -> None:
    elements = [float(i) for i in range(math.prod(shape))]
    assert flatten(nest(elements, shape)) == elements
    assert np.shape(nest(elements, shape)) == shape


@pytest.mark.parametrize(
    ("value", "decimals", "half"),
    [
        (0.29, 2, 0.005),
        (0.3, 1, 0.005),
        (3.0, 0, 0.005),
        (1e22, 0, 0.005),
        (0.291, 3, 0.0005),
        (-0.2913, 4, 0.00005),
        (0.29131261, 8, 0.5e-8),
        (0.291312612, 9, 0.0),
        (0.1 + 0.2, 17, 0.0),
        (1e-12, 12, 0.0),
    ],
)
def test_what_the_decimals_of_a_number_leave_open(
    value: float, decimals: int, half: float
) -> None:
    assert decimals_of(value) == decimals
    assert half_unit(value) == pytest.approx(half, rel=1e-12)


@given(st.floats(-100, 100), st.integers(2, 8))
def test_a_rounded_number_stands_for_the_one_it_was_rounded_from(
    value: float, decimals: int
) -> None:
    number = round(value, decimals)
    assert abs(number - value) <= half_unit(number) + 1e-13
    assert explains(exactly([value]), [number])


@pytest.mark.parametrize(
    ("off", "right"), [(0.005, True), (0.00505, True), (0.0051, False)]
)
def test_the_tolerance_is_half_a_hundredth_with_a_little_slack(
    off: float, right: bool
) -> None:
    for sign in (-1, 1):
        assert explains(exactly([0.0]), [sign * off]) is right
        assert explains((Interval(-1, 1),), [sign * (1 + off)]) is right


def test_exactly_at_the_tolerance_an_answer_is_right() -> None:
    beyond = math.nextafter(TOLERANCE, 1)
    for sign in (-1, 1):
        assert explains(exactly([0.0]), [sign * TOLERANCE])
        assert not explains(exactly([0.0]), [sign * beyond])
        assert not unexplained(exactly([0.0]), [sign * 0.5], tolerance=0.5)
        assert unexplained(exactly([0.0]), [sign * beyond], tolerance=TOLERANCE) == [0]


def test_what_was_cut_off_lies_between_the_number_and_the_next_away_from_zero() -> None:
    for truth, number in ((0.24, 0.23), (-0.24, -0.23), (0.01, 0.0), (-0.01, 0.0)):
        # The next number itself is never cut off to this one; floats may blur that.
        for factor, accepted in ((1 - 1e-6, True), (1 + 1e-6, False)):
            beside = exactly([truth * factor])
            assert explains(beside, [number], truncated=True) is accepted
    for truth, number in ((0.2245, 0.23), (-0.2245, -0.23), (1.2245, 1.23)):
        assert not explains(exactly([truth]), [number], truncated=True)


def test_one_element_outside_is_enough() -> None:
    assert unexplained(exactly([0.1, 0.2, 0.3]), [0.1, 0.25, 0.3]) == [1]
    assert not explains(exactly([0.1, 0.2, 0.3]), [0.1, 0.25, 0.3])


@pytest.mark.parametrize(
    ("truth", "number", "accepted"),
    [
        (0.2355, 0.23, True),
        (-0.3690, -0.36, True),
        (0.0089, 0.0, True),
        (-0.0089, 0.0, True),
        (0.2355, 0.22, False),
        (-0.3690, -0.38, False),  # cut off means towards zero
        (0.2355, 0.2299, False),  # four decimals are not cut off at two
    ],
)
def test_truncation_is_accepted_only_when_asked_for(
    truth: float, number: float, accepted: bool
) -> None:
    assert explains(exactly([truth]), [number], truncated=True) is accepted
    assert not explains(exactly([truth]), [number])


@pytest.mark.parametrize(
    ("number", "explanations", "ends"),
    [
        # What nothing explains stands for all that rounds to it, unless it was computed.
        (0.29, [], (0.285, 0.295)),
        (0.2913126124515909, [], (0.2913126124515909,) * 2),
        # Else for itself and what explains it; of several explanations, each counts.
        (0.29, [(0.292, 0.292)], (0.29, 0.292)),
        (0.29, [(0.288, 0.31)], (0.288, 0.295)),
        (0.29, [(0.292, 0.292), (0.288, 0.288)], (0.288, 0.292)),
        # What explains it may have been carried with three or four decimals.
        (0.29, [(0.29168, 0.29168)], (0.29, 0.292)),
        (0.29, [(0.28749, 0.28749)], (0.287, 0.29)),
        (0.29, [(0.29137, 0.29137)], (0.29, 0.2914)),
        (0.24, [(0.24, 0.24)], (0.24, 0.24)),
        # What does not round to it is left out: 0.2913 cannot have been 0.2935.
        (0.2913, [(0.2935, 0.2935)], (0.2913, 0.2913)),
        # A half rounds either way, also where floats put it just outside.
        (0.03, [(0.035, 0.035)], (0.03, 0.035)),
        (0.05, [(0.045, 0.045)], (0.045, 0.05)),
    ],
)
def test_what_an_answer_stands_for(
    number: float, explanations: list[tuple[float, float]], ends: tuple[float, float]
) -> None:
    (found,) = plausible([number], [(Interval(*ends),) for ends in explanations])
    assert found == pytest.approx(ends, rel=0, abs=1e-9)


def test_a_truncated_answer_stands_for_what_was_cut_off() -> None:
    truth = exactly([0.2376])
    (found,) = plausible([0.23], [truth], truncated=True)
    assert found == pytest.approx((0.23, 0.238))
    assert plausible([0.23], [truth]) == exactly([0.23])


@given(st.floats(-50, 50), st.integers(3, 8))
def test_whatever_was_carried_with_three_decimals_or_more_is_among_it(
    value: float, decimals: int
) -> None:
    carried = round(value, decimals)
    (found,) = plausible([round(carried, 2)], [exactly([value])])
    assert found.low - 5e-7 <= carried <= found.high + 5e-7


def squares(box: Box, turns: list[float], *, together: bool) -> Box:
    points = corners(box, turns, together=together)
    return hull([[v * v for v in point] for point in points])


def test_a_turn_within_a_box_counts() -> None:
    box = (Interval(-1.0, 2.0),)
    for together in (False, True):
        assert squares(box, [0.0, 5.0], together=together) == (Interval(0.0, 4.0),)
        assert squares(box, [], together=together) == (Interval(1.0, 4.0),)  # too small


def test_elements_that_move_together_each_turn_where_they_can() -> None:
    box = (Interval(-1.0, 2.0), Interval(1.0, 3.0))
    assert squares(box, [0.0], together=True) == (Interval(0, 4), Interval(1, 9))
    assert len(corners(box, [0.0], together=True)) == 3
    assert len(corners(box, [0.0], together=False)) == 3 * 2


@given(
    ends=st.lists(
        st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=3
    ),
    turn=st.floats(-3, 3),
    share=st.floats(0, 1),
)
def test_no_point_of_a_box_is_beyond_the_hull_of_its_corners(
    ends: list[tuple[float, float]], turn: float, share: float
) -> None:
    box = tuple(Interval(*sorted(pair)) for pair in ends)
    inside = [low + share * (high - low) for low, high in box]
    for together in (False, True):
        points = corners(box, [turn], together=together)
        found = hull([[(v - turn) ** 2 for v in point] for point in points])
        results = [(v - turn) ** 2 for v in inside]
        assert unexplained(found, results, tolerance=1e-12) == []


def test_a_turn_at_the_end_of_an_interval_is_no_other_corner() -> None:
    box = (Interval(0.0, 1.0),)
    for turn in (0.0, 1.0):
        assert corners(box, [turn], together=True) == [(0.0,), (1.0,)]


@pytest.mark.parametrize("together", [False, True])
def test_a_box_of_one_point_has_one_corner(together: bool) -> None:
    assert corners(exactly([1.0] * 3), [1.0], together=together) == [(1.0,) * 3]
