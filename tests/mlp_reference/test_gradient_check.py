from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference.arrays import Array
from mlp_reference.gradient_check import (
    bound,
    central_difference,
    complex_step,
    forward_difference,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.numpy_mlp import MLP, Linear, MSELoss, Sequential, Tanh
from tests.mlp_reference.helpers import batch_for, gradient_of

Check = Callable[..., Array]
THETA = np.array([0.5, -1.0, 2.0])
CHECKS = (forward_difference, central_difference, complex_step)


def cubes(theta: Array) -> complex:
    total: complex = (theta * theta * theta).sum()
    return total


def waves(theta: Array) -> complex:
    total: complex = (np.exp(theta) * np.sin(theta)).sum()
    return total


@pytest.mark.parametrize(
    ("check", "error"),
    [
        # ((θ + ε)³ − θ³) / ε = 3θ² + 3θε + ε²
        (forward_difference, 0.3 * THETA + 0.01),
        # ((θ + ε)³ − (θ − ε)³) / 2ε = 3θ² + ε²
        (central_difference, 0.01),
        # Im (θ + iε)³ / ε = 3θ² − ε²
        (complex_step, -0.01),
    ],
)
def test_the_error_of_each_check_is_that_of_its_taylor_series(
    check: Check, error: Array
) -> None:
    expected = 3 * THETA**2 + error
    np.testing.assert_allclose(check(cubes, THETA, eps=0.1), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("check", "order"), [*zip(CHECKS, (1 / 2, 2 / 3, 1), strict=True)]
)
def test_without_a_step_given_each_check_comes_as_close_as_it_can(
    check: Check, order: float
) -> None:
    """At the best step the error is a small multiple of u to the power of 1/2, 2/3 or 1.

    Sine and cosine may be wrong by four last digits on some processors, hence the multiple.
    """
    exact = np.exp(THETA) * (np.sin(THETA) + np.cos(THETA))
    theta = THETA.copy()
    gradient = check(waves, theta)
    assert relative_error(gradient, exact) < 20 * np.finfo(float).eps ** order
    np.testing.assert_array_equal(theta, THETA)
    assert gradient.shape == theta.shape
    assert gradient.dtype == np.float64


def test_the_relative_error_is_taken_in_norm() -> None:
    gradient, reference = np.array([3.0, 4.0]), np.array([0.0, 4.0])
    assert relative_error(gradient, reference) == pytest.approx(3 / 4, rel=1e-15)
    assert relative_error(reference, gradient) == pytest.approx(3 / 5, rel=1e-15)
    assert relative_error(reference, reference) == 0
    assert relative_error(gradient, np.zeros(2)) == pytest.approx(5.0, rel=1e-15)


def test_no_gradient_is_close_to_nan_or_to_one_of_another_shape() -> None:
    one, nan = np.array([1.0]), np.array([np.nan])
    assert np.isnan(relative_error(one, nan))
    assert np.isnan(relative_error(nan, one))
    message = r"the gradient has shape \(3, 1\), expected \(3,\)"
    with pytest.raises(ValueError, match=message):
        relative_error(np.ones((3, 1)), np.ones(3))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("shape", [(), (3, 1), (1, 3)])
def test_no_gradient_is_taken_where_theta_is_not_one_vector(
    check: Check, shape: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"theta has shape \(.*\), expected one axis"):
        check(lambda theta: (theta * theta).sum(), np.ones(shape))


def test_the_loss_of_parameters_wants_all_of_them() -> None:
    X, T = np.ones((1, 2)), np.ones((1, 1))
    loss = loss_of_parameters(MLP((2, 3, 1), np.random.default_rng(0)), X, T)
    with pytest.raises(ValueError, match=r"theta has shape \(1,\), expected \(13,\)"):
        loss(np.ones(1))


@given(rng=..., samples=st.integers(1, 4))
def test_the_loss_of_parameters_is_that_of_a_network_with_these_parameters(
    rng: np.random.Generator, samples: int
) -> None:
    network, other = MLP((2, 3, 1), rng), MLP((2, 3, 1), rng)
    X, T = batch_for(network, rng, samples)
    loss = loss_of_parameters(network, X, T)
    for theta, same in ((other.parameters, other), (network.parameters, network)):
        assert loss(theta) == pytest.approx(MSELoss()(same(X), T), rel=1e-14)


def test_the_loss_of_parameters_leaves_the_network_as_it_is() -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 3, 1), rng)
    X, T = batch_for(network, rng, 4)
    parameters, loss = network.parameters.copy(), MSELoss()
    loss(network(X), T)
    for check in (central_difference, complex_step):
        check(loss_of_parameters(network, X[:1], T[:1]), network.parameters)
    np.testing.assert_array_equal(network.parameters, parameters)
    assert not network.gradient.any()

    # What forward kept for backward is still that of all four samples.
    network.backward(loss.backward())
    reference = complex_step(loss_of_parameters(network, X, T), parameters)
    assert relative_error(network.gradient, reference) < 1e-14


@given(error=st.floats(0, 1e300), floor=st.integers(-16, 0))
def test_a_bound_is_a_power_of_ten_above_the_error(error: float, floor: int) -> None:
    least = float(f"1e{floor}")
    limit = bound(error, least)
    assert limit == float(f"1e{np.log10(limit):.0f}")
    assert error < limit
    assert limit <= 10 * max(error, least / 10) * (1 + 1e-12)


@given(error=st.floats(0, 1e-3, exclude_max=True))
def test_below_the_floor_no_digit_of_an_error_is_seen(error: float) -> None:
    assert bound(error, 1e-3) == 1e-3  # the very number that was given


@pytest.mark.parametrize("error", [-1.0, np.nan, np.inf])
def test_what_is_no_error_has_no_bound(error: float) -> None:
    with pytest.raises(ValueError, match=f"the error is {error}, expected a number"):
        bound(error)


class TanhWithoutItsSlope(Tanh):
    def backward_input(self, G: Array) -> Array:
        return G


class TanhWithTheSlopeOfItsSlope(Tanh):
    def backward_input(self, G: Array) -> Array:
        gradient: Array = G * (1 - np.tanh(self.z) ** 2)
        return gradient


@pytest.mark.parametrize("wrong", [TanhWithoutItsSlope, TanhWithTheSlopeOfItsSlope])
@pytest.mark.parametrize("check", CHECKS)
def test_each_check_finds_a_backward_pass_that_is_wrong(
    wrong: type[Tanh], check: Check
) -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Linear(3, 4, rng), wrong(), Linear(4, 2, rng))
    X, T = batch_for(network, rng, 5)
    reference = check(loss_of_parameters(network, X, T), network.parameters)
    assert relative_error(gradient_of(network, X, T), reference) > 1e-3


@pytest.mark.parametrize("check", CHECKS)
def test_float32_gradients_pass_a_check_made_in_float64(check: Check) -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 8, 1), rng, dtype=np.float32)
    X, T = (array.astype(np.float32) for array in batch_for(network, rng, 5))
    reference = check(loss_of_parameters(network, X, T), network.parameters)
    assert relative_error(gradient_of(network, X, T), reference) < 1e-6
