"""Initial weights: their bounds are those of PyTorch, and they carry signals as promised."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mlp_reference.initialisation import initialise, weight_bound
from mlp_reference.numpy_mlp import MLP, Linear, Module, ReLU, Tanh

IN_TORCH: dict[str, Callable[[torch.Tensor], Any]] = {
    "default": lambda weight: nn.init.kaiming_uniform_(weight, a=math.sqrt(5)),
    "glorot": nn.init.xavier_uniform_,
    "he": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
}


@pytest.mark.parametrize("scheme", [*IN_TORCH])
def test_weights_fill_the_interval_of_torch_evenly_and_biases_are_0(
    scheme: str,
) -> None:
    network = MLP((300, 100), np.random.default_rng(0))
    initialise(network, scheme, np.random.default_rng(1))
    (layer,) = network.layers
    assert isinstance(layer, Linear)
    generator = torch.random.fork_rng()
    with generator:
        torch.manual_seed(0)
        theirs = IN_TORCH[scheme](torch.empty(100, 300)).numpy()
    for weights in (layer.weight, theirs):
        bound = weight_bound(scheme, 300, 100)
        assert np.abs(weights).max() == pytest.approx(bound, rel=1e-3)
        assert np.abs(weights).max() <= bound * (1 + 1e-6)
        assert weights.std() == pytest.approx(bound / math.sqrt(3), rel=0.01)
    assert not layer.bias.any()


def test_the_bounds_are_those_of_the_papers() -> None:
    assert weight_bound("default", 4, 8) == 1 / 2
    assert weight_bound("glorot", 4, 2) == 1.0
    assert weight_bound("he", 6, 1) == 1.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_layer_is_drawn_in_the_networks_own_vector(dtype: type[Any]) -> None:
    network = MLP((3, 4, 2), np.random.default_rng(0), dtype=dtype)
    vector, before = network.parameters, network.parameters.copy()
    initialise(network, "he", np.random.default_rng(1))
    assert network.parameters is vector
    assert vector.dtype == dtype
    first, _, last = network.layers
    assert isinstance(first, Linear)
    assert isinstance(last, Linear)
    assert np.all(vector[:12] != before[:12])
    assert np.abs(first.weight).max() <= math.sqrt(2)
    again = MLP((3, 4, 2), np.random.default_rng(5), dtype=dtype)
    initialise(again, "he", np.random.default_rng(1))
    np.testing.assert_array_equal(again.parameters, vector)


def spread_after(layers: int, activation: type[Module], scheme: str) -> float:
    """Return how large a signal is after some layers, relative to before."""
    rng = np.random.default_rng(2)
    network = MLP([200] * (layers + 1), rng, activation)
    initialise(network, scheme, rng)
    X = rng.standard_normal((100, 200))
    if activation is Tanh:
        X *= 0.01  # where tanh is straight
    return float(np.sqrt(np.mean(network(X) ** 2) / np.mean(X**2)))


def test_he_keeps_the_size_of_a_signal_through_relu_and_glorot_through_tanh() -> None:
    assert spread_after(8, ReLU, "he") == pytest.approx(2**0.5, rel=0.2)
    assert spread_after(8, Tanh, "glorot") == pytest.approx(1, rel=0.2)
    assert spread_after(8, ReLU, "default") < 0.01


def test_an_unknown_scheme_is_refused_with_those_that_there_are() -> None:
    network = MLP((2, 1), np.random.default_rng(0))
    message = r"scheme is 'best', expected one of \['default', 'glorot', 'he'\]"
    with pytest.raises(ValueError, match=message):
        initialise(network, "best", np.random.default_rng(0))
