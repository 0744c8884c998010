from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlp_reference.arrays import Array
from mlp_reference.gradient_check import (
    complex_step,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.numpy_mlp import (
    MLP,
    Linear,
    Module,
    MSELoss,
    ReLU,
    Sequential,
    Tanh,
)


def batch_for(
    network: Sequential, rng: np.random.Generator, samples: int
) -> tuple[Array, Array]:
    first, last = network.layers[0], network.layers[-1]
    assert isinstance(first, Linear)
    assert isinstance(last, Linear)
    shapes = (samples, first.in_features), (samples, last.out_features)
    return rng.standard_normal(shapes[0]), rng.standard_normal(shapes[1])


def gradient_of(network: Sequential, X: Array, T: Array) -> Array:
    loss = MSELoss()
    loss(network(X), T)
    network.backward(loss.backward())
    return network.gradient.copy()


def refuse(_: Any) -> Any:
    raise AssertionError("nobody needs the gradient of this input")


@given(network=..., rng=..., samples=st.integers(1, 5))
def test_the_gradient_of_any_network_is_that_of_the_complex_step(
    network: MLP, rng: np.random.Generator, samples: int
) -> None:
    X, T = batch_for(network, rng, samples)
    gradient, a = gradient_of(network, X, T), X
    for layer in network.layers:
        # At the kink of a ReLU there is no slope to compare.
        assume(not isinstance(layer, ReLU) or np.abs(a).min() > 1e-6)
        a = layer(a)
    reference = complex_step(loss_of_parameters(network, X, T), network.parameters)
    assert relative_error(gradient, reference) < 1e-14


@given(network=..., rng=..., samples=st.integers(1, 5))
def test_the_gradient_of_a_batch_is_the_mean_of_the_gradients_of_its_samples(
    network: MLP, rng: np.random.Generator, samples: int
) -> None:
    X, T = batch_for(network, rng, samples)
    alone = [gradient_of(network, X[n : n + 1], T[n : n + 1]) for n in range(samples)]
    np.testing.assert_allclose(
        gradient_of(network, X, T), np.mean(alone, axis=0), rtol=1e-12, atol=1e-14
    )


@given(network=..., rng=..., alpha=st.floats(-10, 10), beta=st.floats(-10, 10))
def test_the_gradient_of_a_network_is_linear_in_the_upstream_gradient(
    network: MLP, rng: np.random.Generator, alpha: float, beta: float
) -> None:
    X, G = batch_for(network, rng, 3)
    H = rng.standard_normal(G.shape)
    network(X)

    def gradient(upstream: Array) -> Array:
        network.backward(upstream)
        return network.gradient.copy()

    np.testing.assert_allclose(
        gradient(alpha * G + beta * H),
        alpha * gradient(G) + beta * gradient(H),
        rtol=1e-12,
        atol=1e-12,
    )


@given(network=..., rng=...)
def test_forward_is_the_layers_in_order_and_leaves_its_input(
    network: MLP, rng: np.random.Generator
) -> None:
    X, _ = batch_for(network, rng, 3)
    before, a = X.copy(), X.copy()
    for layer in network.layers:
        a = layer(a)
    np.testing.assert_allclose(network(X), a, rtol=1e-13, atol=1e-14)
    np.testing.assert_array_equal(X, before)


def test_backward_overwrites_the_gradient_of_the_step_before() -> None:
    rng = np.random.default_rng(0)
    network = MLP((2, 3, 1), rng)
    X, T = batch_for(network, rng, 4)
    once = gradient_of(network, X, T)
    network.gradient[:] = np.nan
    np.testing.assert_array_equal(gradient_of(network, X, T), once)


@pytest.mark.parametrize("leading", [(), (Tanh(),), (ReLU(), Tanh())])
def test_backward_never_computes_the_gradient_of_the_input(
    leading: tuple[Module, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    network = Sequential(*leading, Linear(2, 3, rng), Tanh(), Linear(3, 1, rng))
    X, T = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    expected = complex_step(loss_of_parameters(network, X, T), network.parameters)
    for layer in network.layers[: len(leading) + 1]:
        monkeypatch.setattr(layer, "backward_input", refuse)
    assert relative_error(gradient_of(network, X, T), expected) < 1e-14


@pytest.mark.parametrize("leading", [(), (Tanh(),)])
@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        (np.ones((4, 3)), ValueError, r"shape \(4, 3\), expected \(N, 2\) with N ≥ 1"),
        (np.ones((0, 2)), ValueError, r"shape \(0, 2\), expected \(N, 2\) with N ≥ 1"),
        (np.ones((4, 2), np.float32), TypeError, "float32, expected float64"),
        ([[1.0, 2.0]], TypeError, "the batch is a list, expected an array"),
    ],
)
def test_a_network_that_is_called_refuses_a_batch_that_does_not_fit(
    batch: Any,
    error: type[Exception],
    message: str,
    leading: tuple[Module, ...],
) -> None:
    rng = np.random.default_rng(0)
    network = Sequential(*leading, Linear(2, 3, rng), Tanh(), Linear(3, 1, rng))
    with pytest.raises(error, match=message):
        network(batch)


def test_an_mlp_draws_its_layers_one_after_the_other() -> None:
    network = MLP((2, 3, 1), np.random.default_rng(0), ReLU)
    rng = np.random.default_rng(0)
    drawn = [Linear(2, 3, rng).parameters, Linear(3, 1, rng).parameters]
    np.testing.assert_array_equal(network.parameters, np.concatenate(drawn))
    assert [type(layer) for layer in network.layers] == [Linear, ReLU, Linear]


def test_the_activation_is_tanh_unless_said() -> None:
    network = MLP((2, 3, 4, 1), np.random.default_rng(0))
    assert [type(layer) for layer in network.layers] == [
        Linear,
        Tanh,
        Linear,
        Tanh,
        Linear,
    ]


RNG = np.random.default_rng(0)
TWICE = Tanh()


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((), "none of the 0 layers has parameters, expected at least one"),
        (
            (Tanh(), ReLU()),
            "none of the 2 layers has parameters, expected at least one",
        ),
        (
            (Linear(2, 2, RNG), TWICE, Linear(2, 2, RNG), TWICE),
            "a layer stands twice in the network, expected a new object each time",
        ),
        (
            (Linear(2, 3, RNG), Tanh(), Linear(4, 1, RNG)),
            "a layer with 3 outputs is followed by one with 4 inputs, expected the same number",
        ),
        (
            (Sequential(Linear(2, 3, RNG)), Tanh(), Linear(3, 1, RNG)),
            "a network stands among the layers, expected layers alone",
        ),
        (
            (Linear(2, 3, RNG), Tanh(), Linear(3, 1, RNG, np.float32)),
            r"the layers have types \['float32', 'float64'\], expected one",
        ),
    ],
)
def test_layers_that_do_not_fit_are_refused(
    layers: tuple[Module, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Sequential(*layers)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((), r"sizes is \(\), expected at least input and output"),
        ([3], r"sizes is \(3,\), expected at least input and output"),
        ((3, 0, 1), r"Linear\(3, 0\): both must be at least 1"),
    ],
)
def test_sizes_that_make_no_network_are_refused(sizes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MLP(sizes, np.random.default_rng(0))


def test_backward_needs_a_forward_pass_and_the_shape_of_its_output() -> None:
    network = MLP((2, 3, 1), np.random.default_rng(0))
    with pytest.raises(
        ValueError, match=r"G has shape \(4, 1\), but the last output has None"
    ):
        network.backward(np.ones((4, 1)))
    network(np.ones((4, 2)))
    with pytest.raises(
        ValueError, match=r"shape \(3, 1\), but the last output has \(4, 1\)"
    ):
        network.backward(np.ones((3, 1)))
