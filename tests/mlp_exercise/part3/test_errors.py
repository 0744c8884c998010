from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part3.validation import agree

errors = st.floats(1e-3, 10)
last_digits = st.floats(-1e-6, 1e-6)


@given(errors, last_digits, st.integers(3, 8))
def test_a_number_may_be_rounded_and_have_other_last_digits(
    error: float, last: float, decimals: int
) -> None:
    assert agree(round(error * (1 + last), decimals), error)


@given(st.integers(1, 30), last_digits)
def test_a_number_between_two_that_are_rounded_is_either(
    thousandths: int, last: float
) -> None:
    between = (thousandths + 0.5) / 1000
    assert agree(round(between * (1 + last), 3), between)
    assert agree(round(between, 3), between * (1 + last))


@given(errors, st.floats(0.002, 1))
def test_another_number_is_another(error: float, off: float) -> None:
    assert not agree(error * (1 + off) + 6e-4, error)
    assert not agree(error, error * (1 + off) + 6e-4)


def test_no_number_is_no_number() -> None:
    assert agree(float("nan"), float("inf"))
    assert not agree(float("nan"), 0.01)
