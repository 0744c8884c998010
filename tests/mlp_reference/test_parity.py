"""The versions of the network, and the numerical checks, against each other."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn

from mlp_reference import manual, torch_mlp, training
from mlp_reference.arrays import Array
from mlp_reference.autograd import Tensor
from mlp_reference.datasets import sine
from mlp_reference.gradient_check import (
    central_difference,
    complex_step,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.numpy_mlp import MLP, MSELoss, Sequential, from_worked_example
from mlp_reference.optimizers import SGD, Adam, Optimizer
from mlp_reference.torch_mlp import flat_gradient, to_torch
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.mlp_reference.helpers import grad, gradient_of, in_one_vector

Quantities = dict[str, Array]


def by_hand(example: WorkedExample) -> Quantities:
    s = manual.solve(example)
    parameters = (s.W1_updated, s.b1_updated, s.W2_updated, s.b2_updated)
    return {
        "y": np.array([s.y]),
        "loss": np.array(s.loss),
        "gradient": in_one_vector(s.dL_dw1, s.dL_db1, s.dL_dw2, s.dL_db2),
        "dL_dx": np.array([s.dL_dx]),
        "updated": in_one_vector(*parameters),
    }


def in_numpy(example: WorkedExample) -> Quantities:
    network, loss = from_worked_example(example), MSELoss()
    y = network(np.array([example.x]))
    value = np.array(loss(y, np.array([example.t])))
    dL_dx = loss.backward()
    network.backward(dL_dx)
    for layer in reversed(network.layers):
        dL_dx = layer.backward_input(dL_dx)
    SGD(network, lr=example.learning_rate).step()
    gradient, updated = network.gradient, network.parameters
    return {
        "y": y,
        "loss": value,
        "gradient": gradient,
        "dL_dx": dL_dx,
        "updated": updated,
    }


def in_torch(example: WorkedExample) -> Quantities:
    module = to_torch(from_worked_example(example))
    x = torch.tensor([example.x], dtype=torch.float64, requires_grad=True)
    y = module(x)
    loss = nn.MSELoss()(y, torch.tensor([example.t], dtype=torch.float64))
    loss.backward()
    torch.optim.SGD(module.parameters(), lr=example.learning_rate).step()
    assert x.grad is not None
    return {
        "y": y.detach().numpy(),
        "loss": loss.detach().numpy(),
        "gradient": flat_gradient(module),
        "dL_dx": x.grad.numpy(),
        "updated": nn.utils.parameters_to_vector(module.parameters()).detach().numpy(),
    }


def in_autograd(example: WorkedExample) -> Quantities:
    given = (example.W1, example.b1, example.W2, example.b2)
    W1, b1, W2, b2 = parameters = [Tensor(values) for values in given]
    x = Tensor([example.x])
    y = (x @ W1.T + b1).tanh() @ W2.T + b2
    loss = ((y - [example.t]) ** 2).mean()
    loss.backward()
    updated = [p.value - example.learning_rate * grad(p) for p in parameters]
    return {
        "y": y.value,
        "loss": loss.value,
        "gradient": in_one_vector(*map(grad, parameters)),
        "dL_dx": grad(x),
        "updated": in_one_vector(*updated),
    }


@pytest.mark.parametrize("version", [in_numpy, in_torch, in_autograd])
def test_the_exercise_comes_out_as_by_hand(
    version: Callable[[WorkedExample], Quantities],
) -> None:
    for quantity, expected in by_hand(EXERCISE).items():
        came = version(EXERCISE)[quantity]
        assert came.shape == expected.shape
        np.testing.assert_allclose(came, expected, rtol=1e-12, err_msg=quantity)


@given(...)
def test_a_batch_of_one_sample_comes_out_as_by_hand(example: WorkedExample) -> None:
    expected = by_hand(example)
    for version in (in_numpy, in_torch, in_autograd):
        for quantity, values in version(example).items():
            assert values.shape == expected[quantity].shape
            np.testing.assert_allclose(
                values, expected[quantity], rtol=1e-12, atol=1e-13
            )


def test_the_first_batch_has_the_gradient_of_torch_and_of_both_checks() -> None:
    rng = np.random.default_rng(0)
    X, T = sine(rng, 20)
    network = MLP((1, 32, 1), rng)
    gradient, twin = gradient_of(network, X, T), to_torch(network)
    loss = nn.MSELoss()(twin(torch.from_numpy(X)), torch.from_numpy(T))
    loss.backward()
    assert MSELoss()(network(X), T) == pytest.approx(loss.item(), rel=1e-12)
    assert np.abs(gradient - flat_gradient(twin)).max() < 1e-14 * np.abs(gradient).max()
    loss_at, theta = loss_of_parameters(network, X, T), network.parameters
    assert relative_error(gradient, central_difference(loss_at, theta, 1e-5)) < 1e-9
    assert relative_error(gradient, complex_step(loss_at, theta)) < 1e-14


@pytest.mark.parametrize(
    ("ours", "theirs", "epochs"),
    [
        (lambda n: SGD(n, 0.1), lambda p: torch.optim.SGD(p, 0.1), 50),
        (lambda n: SGD(n, 0.05, 0.9), lambda p: torch.optim.SGD(p, 0.05, 0.9), 5),
        # No more than 50 steps: long runs of Adam are chaotic, one last digit grows to 1e-4.
        (lambda n: Adam(n, 0.01), lambda p: torch.optim.Adam(p, 0.01), 5),
        (
            lambda n: Adam(n, 0.01, (0.5, 0.9), 1e-4),
            lambda p: torch.optim.Adam(p, 0.01, (0.5, 0.9), 1e-4),
            5,
        ),
    ],
    ids=["500 steps of SGD", "50 with momentum", "50 of Adam", "50 of another Adam"],
)
def test_the_same_batches_lead_to_the_parameters_of_torch(
    ours: Callable[[Sequential], Optimizer],
    theirs: Callable[[Any], torch.optim.Optimizer],
    epochs: int,
) -> None:
    rng = np.random.default_rng(0)
    X, T = sine(rng, 200)
    network = MLP((1, 32, 1), rng)
    twin, start = to_torch(network), network.parameters.copy()
    passes: dict[str, Any] = {"epochs": epochs, "batch_size": 20}
    training.fit(network, ours(network), X, T, rng=np.random.default_rng(1), **passes)
    torch_mlp.fit(
        twin, theirs(twin.parameters()), X, T, rng=np.random.default_rng(1), **passes
    )
    reached = nn.utils.parameters_to_vector(twin.parameters()).detach().numpy()
    assert np.abs(network.parameters - reached).max() < 1e-12
    assert np.abs(network.parameters - start).max() > 0.1
