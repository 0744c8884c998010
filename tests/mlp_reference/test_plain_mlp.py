"""The plain network computes what the fast one does, and says what does not fit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from mlp_reference import numpy_mlp, plain_mlp
from mlp_reference.optimizers import SGD
from mlp_reference.plain_mlp import Linear, MSELoss, Sequential, Tanh
from tests.mlp_reference.helpers import batch_for, gradient_of, in_one_vector


def plain(network: numpy_mlp.Sequential) -> Sequential:
    layers: list[Linear | Tanh] = []
    for layer in network.layers:
        if isinstance(layer, numpy_mlp.Linear):
            twin = Linear(
                layer.in_features, layer.out_features, np.random.default_rng()
            )
            twin.weight, twin.bias = layer.weight.copy(), layer.bias.copy()
            layers.append(twin)
        else:
            layers.append(Tanh())
    return Sequential(*layers)


def of_all(network: Sequential, *names: str) -> Any:
    linear = [layer for layer in network.layers if isinstance(layer, Linear)]
    return in_one_vector(*(getattr(each, name) for each in linear for name in names))


@given(rng=...)
def test_forward_backward_and_update_are_those_of_the_fast_network(
    rng: np.random.Generator,
) -> None:
    fast = numpy_mlp.MLP((3, 4, 2, 1), rng)
    network, loss = plain(fast), MSELoss()
    X, T = batch_for(fast, rng, 5)
    y, fast_loss = network.forward(X), numpy_mlp.MSELoss()
    np.testing.assert_allclose(y, fast(X), rtol=1e-13, atol=1e-14)
    assert loss.forward(y, T) == pytest.approx(fast_loss(fast(X), T), rel=1e-13)
    dL_dx, expected = network.backward(loss.backward()), fast_loss.backward()
    gradient = gradient_of(fast, X, T)
    for layer in reversed(fast.layers):
        expected = layer.backward_input(expected)
    np.testing.assert_allclose(dL_dx, expected, rtol=1e-12, atol=1e-14)
    gradients = of_all(network, "weight_gradient", "bias_gradient")
    np.testing.assert_allclose(gradients, gradient, rtol=1e-12, atol=1e-14)
    plain_mlp.SGD(network, lr=0.5).step()
    SGD(fast, lr=0.5).step()
    moved = of_all(network, "weight", "bias")
    np.testing.assert_allclose(moved, fast.parameters, rtol=1e-12, atol=1e-14)


def test_parameters_are_drawn_uniformly_from_the_interval_of_torch() -> None:
    layer = Linear(25, 400, np.random.default_rng(0))
    for drawn in (layer.weight, layer.bias):
        assert 0.19 < np.abs(drawn).max() <= 1 / np.sqrt(25)
        assert abs(drawn.mean()) < 0.03
        assert drawn.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.1)


def test_a_step_before_any_backward_pass_moves_nothing() -> None:
    network = Sequential(Linear(3, 2, np.random.default_rng(0)), Tanh())
    before = of_all(network, "weight", "bias")
    plain_mlp.SGD(network, lr=0.5).step()
    np.testing.assert_array_equal(of_all(network, "weight", "bias"), before)


def test_what_does_not_fit_is_named() -> None:
    layer, tanh, loss = Linear(3, 2, np.random.default_rng(0)), Tanh(), MSELoss()
    ones = np.ones((4, 3))
    with pytest.raises(ValueError, match=r"forward got \(4, 2\), expected .* \(4, 3\)"):
        layer.forward(ones[:, :2])
    with pytest.raises(
        ValueError, match="forward got list, expected an array of shape"
    ):
        layer.forward(ones.tolist())  # type: ignore[arg-type]
    layer.forward(ones)
    tanh.forward(ones)
    for going_back, shape in ((layer, "2"), (tanh, "3")):
        message = rf"backward got \(4, 1\), expected an array of shape \(4, {shape}\)"
        with pytest.raises(ValueError, match=message):
            going_back.backward(ones[:, :1])
    with pytest.raises(ValueError, match=r"loss.forward got \(4,\), .* shape \(4, 1\)"):
        loss.forward(ones[:, :1], ones[:, 0])
