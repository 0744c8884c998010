from typing import Any

import numpy as np
import pytest

from mlp_reference.arrays import Array, check_batch, check_dataset

ONES = np.ones((3, 2))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_finite_rows_of_one_float_type_are_data(dtype: type[Any]) -> None:
    check_dataset(np.ones((3, 2), dtype), np.zeros((3, 1), dtype))


@pytest.mark.parametrize("role", ["X", "T"])
@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        ([[1.0]], TypeError, "is list, expected an array of float32 or float64"),
        (
            np.ones((3, 2), np.int64),
            TypeError,
            "is int64, expected an array of float32 or float64",
        ),
        (
            np.ones((3, 2), complex),
            TypeError,
            "is complex128, expected an array of float32",
        ),
        (
            np.ones(3),
            ValueError,
            r"has shape \(3,\), expected two axes \(samples, features\)",
        ),
        (np.ones((3, 2, 1)), ValueError, r"has shape \(3, 2, 1\), expected two axes"),
        (
            np.ones((0, 2)),
            ValueError,
            r"has shape \(0, 2\), expected at least one sample",
        ),
        (
            np.ones((3, 0)),
            ValueError,
            r"has shape \(3, 0\), expected at least one sample",
        ),
        (
            np.array([[1.0], [np.nan], [1.0]]),
            ValueError,
            "holds NaN or infinity, expected finite",
        ),
        (
            np.array([[1.0], [-np.inf], [1.0]]),
            ValueError,
            "holds NaN or infinity, expected finite",
        ),
    ],
)
def test_unfit_data_is_refused_by_name(
    role: str, bad: Any, error: type[Exception], message: str
) -> None:
    X, T = (bad, ONES) if role == "X" else (ONES, bad)
    with pytest.raises(error, match=f"^{role} {message}"):
        check_dataset(X, T)


def test_inputs_and_targets_must_have_one_type() -> None:
    with pytest.raises(
        TypeError, match="X is float64 and T is float32, expected the same type"
    ):
        check_dataset(ONES, np.ones((3, 2), np.float32))


def test_every_sample_needs_one_target() -> None:
    with pytest.raises(
        ValueError, match="X has 3 rows and T has 2, expected one target a sample"
    ):
        check_dataset(ONES, ONES[:2])


def test_a_batch_of_the_right_width_and_type_is_taken() -> None:
    check_batch(np.ones((1, 2), np.float32), 2, np.dtype(np.float32))


@pytest.mark.parametrize(
    "bad", [np.ones(2), np.ones((3, 1)), np.ones((1, 3, 2)), np.ones((0, 2))]
)
def test_a_batch_of_another_shape_is_refused(bad: Array) -> None:
    shape = str(bad.shape).replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(
        ValueError, match=rf"shape {shape}, expected \(N, 2\) with N ≥ 1"
    ):
        check_batch(bad, 2, np.dtype(np.float64))


@pytest.mark.parametrize("dtype", [int, np.float32, complex])
def test_a_batch_of_another_type_is_refused(dtype: type[Any]) -> None:
    came = np.dtype(dtype).name
    with pytest.raises(
        TypeError, match=f"the batch is {came}, expected float64, the type of the"
    ):
        check_batch(np.ones((3, 2), dtype), 2, np.dtype(np.float64))
