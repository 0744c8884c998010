"""Accurate to two decimals: within 0.005, and what a written number may stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.boxes import Interval
from mlp_exercise.part1.tolerance import (
    explains,
    plausible,
    unexplained,
)


def at(*values: float) -> tuple[Interval, ...]:
    return tuple(Interval(v, v) for v in values)


@given(st.floats(-50, 50))
def test_a_value_rounded_to_two_decimals_is_always_explained(value: float) -> None:
    assert explains(at(value), [round(value, 2)])


@pytest.mark.parametrize(
    ("off", "right"), [(0.005, True), (0.00505, True), (0.0051, False)]
)
def test_the_tolerance_is_half_a_hundredth_with_a_little_slack(
    off: float, right: bool
) -> None:
    for sign in (-1, 1):
        assert explains(at(0.0), [sign * off]) is right
        assert explains((Interval(-1, 1),), [sign * (1 + off)]) is right


def test_one_element_outside_is_enough() -> None:
    assert unexplained(at(0.1, 0.2, 0.3), [0.1, 0.25, 0.3]) == [1]
    assert not explains(at(0.1, 0.2, 0.3), [0.1, 0.25, 0.3])


@pytest.mark.parametrize(
    ("truth", "written", "accepted"),
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
    truth: float, written: float, accepted: bool
) -> None:
    assert explains(at(truth), [written], truncated=True) is accepted
    assert not explains(at(truth), [written])


def test_an_answer_that_nothing_explains_stands_for_what_rounds_to_it() -> None:
    written, computed = plausible([0.29, 0.2913126124515909], [])
    assert list(written) == pytest.approx([0.285, 0.295])
    assert computed == (0.2913126124515909, 0.2913126124515909)


def test_an_explained_answer_stands_for_itself_and_what_explains_it() -> None:
    assert plausible([0.29], [at(0.292)]) == (Interval(0.29, 0.292),)
    (box,) = plausible([0.29], [(Interval(0.288, 0.31),)])
    assert list(box) == pytest.approx([0.288, 0.295])


def test_of_several_explanations_each_counts() -> None:
    assert plausible([0.29], [at(0.292), at(0.288)]) == (Interval(0.288, 0.292),)


def test_what_explains_it_may_have_been_carried_with_three_decimals_or_four() -> None:
    assert plausible([0.29], [at(0.29168)]) == (Interval(0.29, 0.292),)
    assert plausible([0.29], [at(0.28749)]) == (Interval(0.287, 0.29),)
    assert plausible([0.29], [at(0.29137)]) == (Interval(0.29, 0.2914),)
    assert plausible([0.24], [at(0.24)]) == (Interval(0.24, 0.24),)


def test_what_does_not_round_to_the_answer_is_left_out() -> None:
    # Four decimals were written: 0.2913 cannot have been 0.2935.
    assert plausible([0.2913], [at(0.2935)]) == (Interval(0.2913, 0.2913),)


def test_a_half_rounds_either_way() -> None:
    for written in (0.28, 0.29):
        (box,) = plausible([written], [at(0.285)])
        assert box.low <= 0.285 <= box.high


def test_a_truncated_answer_stands_for_what_was_cut_off() -> None:
    (box,) = plausible([0.23], [at(0.2376)], truncated=True)
    assert list(box) == pytest.approx([0.23, 0.238])
    assert plausible([0.23], [at(0.2376)]) == (Interval(0.23, 0.23),)


@given(st.floats(-50, 50), st.integers(3, 8))
def test_whatever_was_carried_with_three_decimals_or_more_is_among_it(
    value: float, decimals: int
) -> None:
    carried = round(value, decimals)
    (box,) = plausible([round(carried, 2)], [at(value)])
    assert box.low - 5e-7 <= carried <= box.high + 5e-7
