from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference.arrays import Array
from mlp_reference.datasets import minibatches, sine, two_waves
from mlp_reference.numpy_mlp import MLP, MSELoss

Curve = Callable[..., tuple[Array, Array]]


def numbered(samples: int) -> tuple[Array, Array]:
    """Samples that can be told apart: row n holds n, and 10 n for a target."""
    X = np.arange(1.0, samples + 1)[:, np.newaxis]
    return X, 10 * X


def gradient_of(network: MLP, X: Array, T: Array) -> Array:
    loss = MSELoss()
    loss(network(X), T)
    network.backward(loss.backward())
    return network.gradient.copy()


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


@pytest.mark.parametrize("curve", [sine, two_waves])
def test_inputs_are_uniform_between_minus_1_and_1(curve: Curve) -> None:
    X, _ = curve(np.random.default_rng(0), 10_000)
    assert np.abs(X).max() < 1
    counts, _ = np.histogram(X, bins=4, range=(-1, 1))
    np.testing.assert_allclose(counts, 2500, rtol=0.05)


@pytest.mark.parametrize("curve", [sine, two_waves])
def test_the_noise_is_normal_with_its_standard_deviation(curve: Curve) -> None:
    def distance(**noise: float) -> Array:
        X, T = curve(np.random.default_rng(0), 10_000, **noise)
        X_clean, T_clean = curve(np.random.default_rng(0), 10_000, noise=0)
        np.testing.assert_array_equal(X, X_clean)
        return T - T_clean

    assert distance().std() == pytest.approx(0.1, rel=0.03)
    assert distance(noise=0.5).std() == pytest.approx(0.5, rel=0.03)
    assert (np.abs(distance()) < 0.1).mean() == pytest.approx(0.683, abs=0.02)


@pytest.mark.parametrize("curve", [sine, two_waves])
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"samples": 0}, "samples is 0, expected at least 1"),
        ({"samples": 5, "noise": -0.1}, "noise is -0.1, expected at least 0"),
        ({"samples": 5, "noise": np.nan}, "noise is nan, expected at least 0"),
    ],
)
def test_data_that_cannot_be_drawn_is_refused(
    curve: Curve, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        curve(np.random.default_rng(0), **settings)


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
    np.testing.assert_allclose(
        np.average(gradients, axis=0, weights=sizes), full, rtol=1e-12
    )


def test_mini_batches_leave_the_data_as_it_is() -> None:
    X, T = numbered(6)
    for x, t in minibatches(X, T, 4, np.random.default_rng(0)):
        x[:], t[:] = 0, 0
    np.testing.assert_array_equal((X, T), numbered(6))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mini_batches_keep_the_type_of_the_data(dtype: type[Any]) -> None:
    X, T = (values.astype(dtype) for values in numbered(3))
    batch = next(iter(minibatches(X, T, 2, np.random.default_rng(0))))
    assert {values.dtype for values in batch} == {np.dtype(dtype)}


@pytest.mark.parametrize("batch_size", [-1, 0, 4])
def test_a_batch_holds_one_to_all_samples(batch_size: int) -> None:
    with pytest.raises(
        ValueError, match=f"batch_size is {batch_size}, expected 1 to 3, the num"
    ):
        minibatches(*numbered(3), batch_size, np.random.default_rng(0))


def test_unfit_data_is_refused_before_the_first_batch() -> None:
    X, T = numbered(3)
    with pytest.raises(ValueError, match="X holds NaN or infinity"):
        minibatches(X * np.nan, T, 1, np.random.default_rng(0))
    with pytest.raises(
        TypeError, match="T is int64, expected an array of float32 or float64"
    ):
        minibatches(X, T.astype(np.int64), 1, np.random.default_rng(0))
