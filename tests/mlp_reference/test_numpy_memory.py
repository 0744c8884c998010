"""Where the numbers of a network live, and of which type they are."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlp_reference.arrays import Array
from mlp_reference.gradient_check import relative_error
from mlp_reference.numpy_mlp import (
    MLP,
    Linear,
    MSELoss,
    Sequential,
    Tanh,
    from_worked_example,
)
from mlp_reference.worked_example import EXERCISE

Twin = Callable[[Sequential], Sequential]


def gradient_of(network: Sequential, X: Array, T: Array) -> Array:
    loss = MSELoss()
    loss(network(X), T)
    network.backward(loss.backward())
    return network.gradient.copy()


def pickled(network: Sequential) -> Any:
    return pickle.loads(pickle.dumps(network))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "twin_of", [lambda n: n, copy.deepcopy, pickled, lambda n: n.astype("f4")]
)
def test_the_layers_hold_views_of_the_network_and_of_no_other(twin_of: Twin) -> None:
    original = MLP((3, 2, 1), np.random.default_rng(0))
    values = original.parameters.copy()
    network = twin_of(original)
    np.testing.assert_array_equal(
        network.parameters, values.astype(network.parameters.dtype)
    )
    first, _, last = network.layers
    assert isinstance(first, Linear)
    assert isinstance(last, Linear)
    for flat, views in (
        (network.parameters, (first.weight, first.bias, last.weight, last.bias)),
        (
            network.gradient,
            (
                *(first.weight_gradient, first.bias_gradient),
                *(last.weight_gradient, last.bias_gradient),
            ),
        ),
    ):
        assert all(np.shares_memory(view, flat) for view in views)
        flat[:] = np.arange(11)
        np.testing.assert_array_equal(
            np.concatenate([view.ravel() for view in views]), flat
        )
        assert [view.shape for view in views] == [(2, 3), (2,), (1, 2), (1,)]
    for layer in (first, last):
        np.testing.assert_array_equal(layer.weight_T, layer.weight.T)
        np.testing.assert_array_equal(layer.bias_T, [layer.bias])
    if network is not original:
        np.testing.assert_array_equal(original.parameters, values)
        assert not original.gradient.any()


@pytest.mark.parametrize("twin_of", [copy.deepcopy, pickled, lambda n: n.astype("f8")])
def test_a_copy_learns_by_itself(twin_of: Twin) -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 3, 1), rng)
    X, T = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    expected = gradient_of(network, X, T)
    twin = twin_of(network)
    assert type(twin) is MLP
    network.gradient[:] = 0
    assert relative_error(gradient_of(twin, X, T), expected) < 1e-14
    assert not network.gradient.any()


def test_layers_keep_their_values_when_they_move_into_a_network() -> None:
    rng = np.random.default_rng(0)
    below, above = Linear(2, 3, rng), Linear(3, 1, rng)
    values = np.concatenate([below.parameters, above.parameters])
    network = Sequential(below, Tanh(), above)
    np.testing.assert_array_equal(network.parameters, values)
    assert network.layers[0] is below
    assert np.shares_memory(below.weight, network.parameters)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_keeps_its_type_forward_and_backward(dtype: type[Any]) -> None:
    network = MLP((2, 3, 1), np.random.default_rng(0), dtype=dtype)
    X, T = np.ones((4, 2), dtype), np.ones((4, 1), dtype)
    assert network(X).dtype == network.parameters.dtype == dtype
    assert gradient_of(network, X, T).dtype == dtype


def test_a_network_of_another_type_starts_without_a_gradient() -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 3, 1), rng)
    gradient_of(network, rng.standard_normal((4, 2)), rng.standard_normal((4, 1)))
    twin = network.astype(np.float32)
    assert twin.parameters.dtype == twin.gradient.dtype == np.float32
    assert not twin.gradient.any()
    assert network.gradient.any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_network_of_the_exercise_holds_copies_of_its_parameters(
    dtype: type[Any],
) -> None:
    network = from_worked_example(EXERCISE, dtype)
    first, activation, last = network.layers
    assert isinstance(first, Linear)
    assert isinstance(last, Linear)
    assert isinstance(activation, Tanh)
    assert network.parameters.dtype == dtype
    np.testing.assert_array_equal(first.weight, np.array(EXERCISE.W1, dtype))
    np.testing.assert_array_equal(first.bias, np.array(EXERCISE.b1, dtype))
    np.testing.assert_array_equal(last.weight, np.array(EXERCISE.W2, dtype))
    np.testing.assert_array_equal(last.bias, np.array(EXERCISE.b2, dtype))
    network.parameters[:] = 0
    assert EXERCISE.W1[0][0] == 0.1
