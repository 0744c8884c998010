from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference.arrays import Array
from mlp_reference.gradient_check import (
    Loss,
    bound,
    central_difference,
    complex_step,
    forward_difference,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.numpy_mlp import MLP, Linear, MSELoss, Sequential, Tanh

Check = Callable[[Loss, Array], Array]
THETA = np.array([0.5, -1.0, 2.0])


def cubes(theta: Array) -> complex:
    total: complex = (theta * theta * theta).sum()
    return total


def waves(theta: Array) -> complex:
    total: complex = (np.exp(theta) * np.sin(theta)).sum()
    return total


def test_the_error_of_a_forward_difference_falls_like_eps() -> None:
    # ((θ + ε)³ − θ³) / ε = 3θ² + 3θε + ε²
    np.testing.assert_allclose(
        forward_difference(cubes, THETA, eps=0.1),
        3 * THETA**2 + 0.3 * THETA + 0.01,
        rtol=1e-12,
    )


def test_the_error_of_a_central_difference_falls_like_eps_squared() -> None:
    # ((θ + ε)³ − (θ − ε)³) / 2ε = 3θ² + ε²
    np.testing.assert_allclose(
        central_difference(cubes, THETA, eps=0.1), 3 * THETA**2 + 0.01, rtol=1e-12
    )


def test_the_error_of_a_complex_step_falls_like_eps_squared() -> None:
    # Im (θ + iε)³ / ε = 3θ² − ε²
    np.testing.assert_allclose(
        complex_step(cubes, THETA, eps=0.1), 3 * THETA**2 - 0.01, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("check", "order"),
    [(forward_difference, 1 / 2), (central_difference, 2 / 3), (complex_step, 1)],
)
def test_without_a_step_given_each_check_comes_as_close_as_it_can(
    check: Check, order: float
) -> None:
    """At the best step the error is a small multiple of u to the power of 1/2, 2/3 or 1.

    Sine and cosine may be wrong by four last digits on some processors, hence the multiple.
    """
    exact = np.exp(THETA) * (np.sin(THETA) + np.cos(THETA))
    best = np.finfo(float).eps ** order
    assert relative_error(check(waves, THETA), exact) < 20 * best


@pytest.mark.parametrize(
    "check", [forward_difference, central_difference, complex_step]
)
def test_a_check_leaves_theta_as_it_is(check: Check) -> None:
    theta = THETA.copy()
    gradient = check(waves, theta)
    np.testing.assert_array_equal(theta, THETA)
    assert gradient.shape == theta.shape
    assert gradient.dtype == np.float64


def test_the_relative_error_is_taken_in_norm() -> None:
    gradient, reference = np.array([3.0, 4.0]), np.array([0.0, 4.0])
    assert relative_error(gradient, reference) == pytest.approx(3 / 4, rel=1e-15)
    assert relative_error(reference, gradient) == pytest.approx(3 / 5, rel=1e-15)
    assert relative_error(reference, reference) == 0


def test_against_a_reference_of_zero_the_error_is_absolute() -> None:
    assert relative_error(np.array([3.0, 4.0]), np.zeros(2)) == pytest.approx(
        5.0, rel=1e-15
    )


@pytest.mark.parametrize("bad", [(np.nan, 1.0), (1.0, np.nan)])
def test_no_gradient_is_close_to_nan(bad: tuple[float, float]) -> None:
    gradient, reference = np.array([bad[0]]), np.array([bad[1]])
    assert np.isnan(relative_error(gradient, reference))


def test_gradients_of_other_shapes_are_not_compared() -> None:
    with pytest.raises(
        ValueError, match=r"the gradient has shape \(3, 1\), expected \(3,\)"
    ):
        relative_error(np.ones((3, 1)), np.ones(3))


@given(rng=..., samples=st.integers(1, 4))
def test_the_loss_of_parameters_is_that_of_a_network_with_these_parameters(
    rng: np.random.Generator, samples: int
) -> None:
    network, other = MLP((2, 3, 1), rng), MLP((2, 3, 1), rng)
    X, T = rng.standard_normal((samples, 2)), rng.standard_normal((samples, 1))
    loss = loss_of_parameters(network, X, T)
    for theta, same in ((other.parameters, other), (network.parameters, network)):
        assert loss(theta) == pytest.approx(MSELoss()(same(X), T), rel=1e-14)


def test_the_loss_of_parameters_leaves_the_network_as_it_is() -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 3, 1), rng)
    X, T = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    parameters, loss = network.parameters.copy(), MSELoss()
    loss(network(X), T)
    central_difference(loss_of_parameters(network, X[:1], T[:1]), network.parameters)
    complex_step(loss_of_parameters(network, X[:1], T[:1]), network.parameters)
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
@pytest.mark.parametrize(
    "check", [forward_difference, central_difference, complex_step]
)
def test_each_check_finds_a_backward_pass_that_is_wrong(
    wrong: type[Tanh], check: Check
) -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Linear(3, 4, rng), wrong(), Linear(4, 2, rng))
    X, T, loss = rng.standard_normal((5, 3)), rng.standard_normal((5, 2)), MSELoss()
    loss(network(X), T)
    network.backward(loss.backward())
    reference = check(loss_of_parameters(network, X, T), network.parameters)
    assert relative_error(network.gradient, reference) > 1e-3


def test_float32_gradients_pass_a_check_made_in_float64() -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 8, 1), rng, dtype=np.float32)
    X, T = (
        rng.standard_normal((5, 2), np.float32),
        rng.standard_normal((5, 1), np.float32),
    )
    loss = MSELoss()
    loss(network(X), T)
    network.backward(loss.backward())
    for check in (forward_difference, central_difference, complex_step):
        reference = check(loss_of_parameters(network, X, T), network.parameters)
        assert relative_error(network.gradient, reference) < 1e-6
