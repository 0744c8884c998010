"""An answer is held against its shape; what can be recovered is kept, nothing is broadcast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.answer import (
    Answer,
    decimals_of,
    half_unit,
    read,
)
from mlp_exercise.values import Plain, plain


def test_the_right_shape_is_read_row_by_row() -> None:
    assert read([[1, 2, 3], [4, 5, 6]], (2, 3)) == Answer((1, 2, 3, 4, 5, 6))


@pytest.mark.parametrize("given_", [0.03, [0.03], [[0.03]], [[[0.03]]]])
def test_one_number_may_come_in_any_nesting(given_: Plain) -> None:
    assert read(given_, ()) == Answer((0.03,))


@pytest.mark.parametrize(
    ("given_", "shape"),
    [
        (0.32, (1,)),
        ([[0.32]], (1,)),
        ([[0.3], [0.24]], (2,)),
        ([[0.3, 0.24]], (2,)),
        ([0.3, 0.24], (1, 2)),
        ([[0.3], [0.24]], (1, 2)),
        ([[[1, 2, 3], [4, 5, 6]]], (2, 3)),
    ],
)
def test_unit_axes_too_many_or_too_few_have_the_wrong_shape_but_keep_their_numbers(
    given_: Plain, shape: tuple[int, ...]
) -> None:
    answer = read(given_, shape)
    assert answer.problem == "wrong shape"
    assert answer.values is not None
    assert len(answer.values) in (1, 2, 6)
    assert "has the shape" in answer.detail


def test_the_exact_transpose_is_turned_back() -> None:
    answer = read([[1, 4], [2, 5], [3, 6]], (2, 3))
    assert answer == Answer(
        (1, 2, 3, 4, 5, 6), "wrong shape", "has the shape (3, 2), the transpose"
    )


@pytest.mark.parametrize(
    ("given_", "shape"),
    [
        ([0.3], (2,)),  # would broadcast
        (0.3, (2,)),
        (0.3, (2, 3)),
        ([0.1, 0.2, 0.3], (2, 3)),
        ([[0.1], [0.2]], (2, 3)),
        ([[1, 2], [3, 4, 5]], (2, 3)),
        ([1, 2, 3, 4, 5, 6], (2, 3)),
        ([0.3, 0.24, 0.1], (2,)),
        ([], (2,)),
        ([], ()),
        ([[], []], (2, 3)),
    ],
)
def test_other_shapes_cannot_be_recovered_and_are_never_broadcast(
    given_: Plain, shape: tuple[int, ...]
) -> None:
    answer = read(given_, shape)
    assert (answer.values, answer.problem) == (None, "invalid")


@pytest.mark.parametrize("shape", [(), (2,), (2, 3)])
def test_more_values_than_any_answer_has_are_the_wrong_shape(
    shape: tuple[int, ...],
) -> None:
    answer = read(plain([0.5] * 100_000), shape)
    assert (answer.values, answer.problem) == (None, "wrong shape")
    assert answer.detail == "holds more than 1000 values"


def test_a_decimal_comma_is_named() -> None:
    assert "decimal comma" in read([0, 3155], (1,)).detail


def test_a_none_anywhere_is_missing_even_beside_nonsense() -> None:
    assert read([[0.1, None, "the text 'x'"], [0, 0, 0]], (2, 3)).problem == "missing"
    assert read(None, ()).problem == "missing"


@pytest.mark.parametrize("leaf", [True, float("nan"), 10**400, "the text '0,32'"])
def test_a_leaf_that_is_no_number_makes_it_invalid(leaf: float) -> None:
    answer = read([leaf], (1,))
    assert (answer.values, answer.problem) == (None, "invalid")
    assert answer.detail.startswith("holds ")


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
    written = round(value, decimals)
    assert abs(written - value) <= half_unit(written) + 1e-13
