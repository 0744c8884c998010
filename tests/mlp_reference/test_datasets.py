"""Toy data, real digits, mini-batches of them, and the checks that any data must pass."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference.arrays import Array, check_dataset
from mlp_reference.datasets import (
    digits,
    eight_points,
    minibatches,
    sine,
    split,
    three_arms,
    two_waves,
)
from mlp_reference.numpy_mlp import MLP
from tests.mlp_reference.helpers import gradient_of

Curve = Callable[..., tuple[Array, Array]]
ONES = np.ones((3, 2))
of_both = pytest.mark.parametrize("curve", [sine, two_waves])
of_all = pytest.mark.parametrize("curve", [sine, two_waves, three_arms])
in_both_types = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def numbered(samples: int) -> tuple[Array, Array]:
    """Samples that can be told apart: row n holds n, and 10 n for a target."""
    X = np.arange(1.0, samples + 1)[:, np.newaxis]
    return X, 10 * X


@pytest.mark.parametrize(
    ("curve", "formula"),
    [
        (sine, lambda x: np.sin(np.pi * x)),
        (two_waves, lambda x: np.sin(3 * x) + 0.3 * np.cos(9 * x)),
    ],
)
def test_without_noise_the_targets_lie_on_the_curve(
    curve: Curve, formula: Callable[[Array], Array]
) -> None:
    X, T = curve(np.random.default_rng(0), 50, noise=0)
    assert X.shape == T.shape == (50, 1)
    assert X.dtype == T.dtype == np.float64
    np.testing.assert_allclose(T, formula(X), rtol=1e-14, atol=1e-14)


def test_eight_points_are_the_same_each_time_and_near_their_line() -> None:
    X, T = eight_points()
    assert X.shape == T.shape == (8, 1)
    assert np.array_equal(X, X.round(2))
    assert np.array_equal(T, T.round(2))
    assert 0.05 < np.std(T - (0.8 * X - 0.3)) < 0.15
    X[:] = 0  # of this caller only
    assert np.all(eight_points()[0] > 0)


@of_both
def test_inputs_are_uniform_and_the_noise_is_normal(curve: Curve) -> None:
    def distance(**noise: float) -> Array:
        X, T = curve(np.random.default_rng(0), 10_000, **noise)
        X_clean, T_clean = curve(np.random.default_rng(0), 10_000, noise=0)
        np.testing.assert_array_equal(X, X_clean)
        return T - T_clean

    X, _ = curve(np.random.default_rng(0), 10_000)
    assert np.abs(X).max() < 1
    counts, _ = np.histogram(X, bins=4, range=(-1, 1))
    np.testing.assert_allclose(counts, 2500, rtol=0.05)
    assert distance().std() == pytest.approx(0.1, rel=0.03)
    assert distance(noise=0.5).std() == pytest.approx(0.5, rel=0.03)
    assert (np.abs(distance()) < 0.1).mean() == pytest.approx(0.683, abs=0.02)


@given(seed=st.integers(0, 100), samples=st.integers(1, 5), noise=st.floats(0.1, 10))
@of_both
def test_the_inputs_are_drawn_first_and_the_noise_is_added_to_the_curve(
    curve: Curve, seed: int, samples: int, noise: float
) -> None:
    X, T = curve(np.random.default_rng(seed), samples, noise)
    _, on_the_curve = curve(np.random.default_rng(seed), samples, noise=0)
    rng = np.random.default_rng(seed)
    np.testing.assert_array_equal(X, rng.uniform(-1, 1, (samples, 1)))
    drawn = noise * rng.standard_normal((samples, 1))
    np.testing.assert_allclose(T - on_the_curve, drawn, rtol=1e-12, atol=1e-14)


@of_all
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"samples": 0}, "samples is 0, expected at least 1"),
        ({"samples": 5, "noise": -0.1}, "noise is -0.1, expected at least 0"),
        ({"samples": 5, "noise": np.nan}, "noise is nan, expected at least 0"),
        ({"samples": 5, "noise": np.inf}, "noise is inf, expected .* and finite"),
    ],
)
def test_data_that_cannot_be_drawn_is_refused(
    curve: Curve, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        curve(np.random.default_rng(0), **settings)


def test_without_noise_each_class_lies_on_its_arm() -> None:
    X, t = three_arms(np.random.default_rng(0), 300, noise=0)
    assert (X.shape, t.shape) == ((300, 2), (300,))
    assert (X.dtype.name, t.dtype.name) == ("float64", "int64")
    assert np.bincount(t).tolist() == [100] * 3
    radius = np.hypot(*X.T)
    turned = np.arctan2(X[:, 1], X[:, 0]) - np.pi * radius - 2 * np.pi * t / 3
    np.testing.assert_allclose(np.cos(turned), 1, atol=1e-12)
    assert radius.min() >= 0.1
    assert radius.max() <= 1


def test_the_noise_of_the_arms_has_its_standard_deviation() -> None:
    X, _ = three_arms(np.random.default_rng(0), 9000, noise=0.2)
    clean, _ = three_arms(np.random.default_rng(0), 9000, noise=0)
    np.testing.assert_allclose((X - clean).std(axis=0), 0.2, rtol=0.03)


@given(seed=st.integers(0, 100), samples=st.integers(1, 5), noise=st.floats(0.1, 10))
def test_the_noise_of_the_arms_is_drawn_last_and_added(
    seed: int, samples: int, noise: float
) -> None:
    X, _ = three_arms(np.random.default_rng(seed), samples, noise)
    on_the_arms, _ = three_arms(np.random.default_rng(seed), samples, noise=0)
    rng = np.random.default_rng(seed)
    rng.uniform(size=samples)  # how far out on its arm each point lies
    drawn = noise * rng.standard_normal((samples, 2))
    np.testing.assert_allclose(X - on_the_arms, drawn, rtol=1e-12, atol=1e-14)


def test_digits_are_1797_pictures_of_8_by_8_pixels_from_paper_to_ink() -> None:
    X, t = digits()
    assert (X.shape, t.shape) == ((1797, 64), (1797,))
    assert (X.dtype.name, t.dtype.name) == ("float64", "int64")
    assert (X.min(), X.max()) == (0.0, 1.0)
    assert np.bincount(t).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    zero = X[t == 0].mean(axis=0).reshape(8, 8)
    assert zero[3:5, 3:5].max() < 0.2 < 0.6 < zero[0, 3]  # a ring of ink
    check_dataset(X, t)


def test_class_numbers_of_digits_suit_pytorch_where_integers_are_shorter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = np.ones((2, 64)), np.array([0, 1], np.int32)  # as on Windows before NumPy 2
    monkeypatch.setattr("sklearn.datasets.load_digits", lambda **_: short)
    assert digits()[1].dtype.name == "int64"


def test_without_scikit_learn_digits_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    message = r"digits needs scikit-learn: pip install 'mlp_reference\[data\]'"
    with pytest.raises(ImportError, match=message):
        digits()


@given(data=st.data(), rng=..., samples=st.integers(2, 20))
def test_a_split_has_each_sample_in_one_part_with_its_target(
    data: st.DataObject, rng: np.random.Generator, samples: int
) -> None:
    X, _ = numbered(samples)
    t = 10 * X[:, 0].astype(np.int64)
    held_out = data.draw(st.integers(1, samples - 1))
    (x, t_left), (x_out, t_out) = split(X, t, held_out, rng)
    assert len(x_out) == held_out
    np.testing.assert_array_equal(np.sort(np.concatenate([x, x_out]), axis=0), X)
    np.testing.assert_array_equal(t_left, 10 * x[:, 0])
    np.testing.assert_array_equal(t_out, 10 * x_out[:, 0])


def test_a_split_is_drawn_from_the_rng_and_copies() -> None:
    X, T = numbered(20)

    def held_out(seed: int) -> list[float]:
        _, (x, t) = split(X, T, 5, np.random.default_rng(seed))
        kept: list[float] = x.ravel().tolist()
        x[:], t[:] = 0, 0
        return kept

    assert held_out(0) == held_out(0) != held_out(1)
    np.testing.assert_array_equal((X, T), numbered(20))


@pytest.mark.parametrize("held_out", [-1, 0, 3, 4])
def test_both_parts_of_a_split_hold_samples(held_out: int) -> None:
    message = f"held_out is {held_out}, expected 1 to 2"
    with pytest.raises(ValueError, match=message):
        split(*numbered(3), held_out, np.random.default_rng(0))


@given(data=st.data(), rng=..., samples=st.integers(1, 20))
def test_mini_batches_visit_each_sample_once_and_keep_its_target(
    data: st.DataObject, rng: np.random.Generator, samples: int
) -> None:
    X, T = numbered(samples)
    batch_size = data.draw(st.integers(1, samples))
    batches = list(minibatches(X, T, batch_size, rng))
    visited = np.concatenate([x for x, _ in batches])
    np.testing.assert_array_equal(np.sort(visited, axis=0), X)
    np.testing.assert_array_equal(np.concatenate([t for _, t in batches]), 10 * visited)
    assert [len(x) for x, _ in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert len(batches[-1][0]) == samples - batch_size * (len(batches) - 1)


def test_every_pass_has_an_order_of_its_own_drawn_from_the_rng() -> None:
    X, T = numbered(20)

    def passes(seed: int) -> list[list[float]]:
        rng = np.random.default_rng(seed)
        return [[x.item() for x, _ in minibatches(X, T, 1, rng)] for _ in range(2)]

    first, second = passes(0)
    assert first != second
    assert sorted(X.ravel()) != first
    assert passes(0) == [first, second]
    assert passes(1) != [first, second]


@given(rng=..., size=st.integers(1, 4), count=st.integers(1, 4))
def test_the_gradients_of_equal_batches_average_to_the_full_gradient(
    rng: np.random.Generator, size: int, count: int
) -> None:
    network = MLP((1, 3, 1), rng)
    X, T = rng.standard_normal((2, size * count, 1))
    batches = [gradient_of(network, x, t) for x, t in minibatches(X, T, size, rng)]
    np.testing.assert_allclose(
        np.mean(batches, axis=0), gradient_of(network, X, T), rtol=1e-12, atol=1e-14
    )


def test_with_a_short_last_batch_the_gradients_average_to_something_else() -> None:
    rng = np.random.default_rng(0)
    network = MLP((1, 3, 1), rng)
    X, T = rng.standard_normal((2, 5, 1))
    batches = list(minibatches(X, T, 2, rng))
    sizes = [len(x) for x, _ in batches]
    gradients = [gradient_of(network, x, t) for x, t in batches]
    full = gradient_of(network, X, T)
    assert sizes == [2, 2, 1]
    assert np.abs(np.mean(gradients, axis=0) - full).max() > 0.01 * np.abs(full).max()
    weighted = np.average(gradients, axis=0, weights=sizes)
    np.testing.assert_allclose(weighted, full, rtol=1e-12)


@in_both_types
def test_mini_batches_keep_the_type_of_the_data_and_leave_it_as_it_is(
    dtype: type[Any],
) -> None:
    X, T = (values.astype(dtype) for values in numbered(6))
    for x, t in minibatches(X, T, 4, np.random.default_rng(0)):
        assert x.dtype == t.dtype == dtype
        x[:], t[:] = 0, 0
    np.testing.assert_array_equal((X, T), numbered(6))


@pytest.mark.parametrize("batch_size", [-1, 0, 4])
def test_a_batch_holds_one_to_all_samples(batch_size: int) -> None:
    message = f"batch_size is {batch_size}, expected 1 to 3, the number of samples"
    with pytest.raises(ValueError, match=message):
        minibatches(*numbered(3), batch_size, np.random.default_rng(0))


def test_unfit_data_is_refused_before_the_first_batch() -> None:
    X, T = numbered(3)
    with pytest.raises(ValueError, match="X holds NaN or infinity"):
        minibatches(X * np.nan, T, 1, np.random.default_rng(0))


@in_both_types
def test_finite_rows_of_one_float_type_are_data(dtype: type[Any]) -> None:
    check_dataset(np.ones((3, 2), dtype), np.zeros((3, 1), dtype))


@pytest.mark.parametrize(("role", "kind"), [("X", ""), ("T", ""), ("X", "validation")])
@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        ([[1.0]], TypeError, "is list, expected an array of float32 or float64"),
        (np.ones((3, 2), np.int64), TypeError, "is int64, expected an array of float"),
        (np.ones((3, 2), complex), TypeError, "is complex128, expected an array of"),
        (np.ones(3), ValueError, r"has shape \(3,\), expected two axes \(samples, f"),
        (np.ones((3, 2, 1)), ValueError, r"has shape \(3, 2, 1\), expected two axes"),
        (np.ones((0, 2)), ValueError, r"has shape \(0, 2\), expected at least one"),
        (np.ones((3, 0)), ValueError, r"has shape \(3, 0\), expected at least one"),
        (np.array([[1.0], [np.nan]]), ValueError, "holds NaN or infinity, expected"),
        (np.array([[1.0], [-np.inf]]), ValueError, "holds NaN or infinity, expected"),
    ],
)
def test_unfit_data_is_refused_by_name(
    role: str, kind: str, bad: Any, error: type[Exception], message: str
) -> None:
    X, T = (bad, ONES) if role == "X" else (ONES, bad)
    with pytest.raises(error, match=f"^{kind} {role} {message}".replace("^ ", "^")):
        check_dataset(X, T, kind)


@in_both_types
def test_class_numbers_are_targets_beside_inputs_of_either_type(
    dtype: type[Any],
) -> None:
    check_dataset(ONES.astype(dtype), np.array([0, 1, 2]))
    (x, t), *_ = minibatches(
        ONES.astype(dtype), np.arange(3), 2, np.random.default_rng(0)
    )
    assert x.dtype == dtype
    np.testing.assert_array_equal(np.sort(t), np.unique(t))
    assert (t.dtype.kind, t.shape) == ("i", (2,))
    with pytest.raises(ValueError, match="X has 3 rows and T has 2, expected one tar"):
        check_dataset(ONES, np.array([0, 1]))
    with pytest.raises(TypeError, match="T is bool, expected an array of float32"):
        check_dataset(ONES, np.array([True, False, True]))


def test_inputs_and_targets_have_one_type_and_one_row_each() -> None:
    with pytest.raises(TypeError, match="X is float64 and T is float32, expected the"):
        check_dataset(ONES, ONES.astype(np.float32))
    with pytest.raises(ValueError, match="X has 3 rows and T has 2, expected one targ"):
        check_dataset(ONES, ONES[:2])
