import sys
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn

from mlp_reference import torch_mlp, training
from mlp_reference.arrays import Array
from mlp_reference.datasets import sine, three_arms
from mlp_reference.numpy_mlp import MLP, CrossEntropyLoss, Linear, Module, ReLU, Tanh
from mlp_reference.optimizers import SGD
from mlp_reference.torch_mlp import (
    copy_to_numpy,
    copy_to_torch,
    flat_gradient,
    to_torch,
)
from mlp_reference.training import History
from tests.mlp_reference.helpers import batch_for


def flat_parameters(module: nn.Module) -> Any:
    return nn.utils.parameters_to_vector(module.parameters()).detach().numpy()


def network_of(*sizes: int, **settings: Any) -> MLP:
    return MLP(sizes, np.random.default_rng(0), **settings)


def seeded() -> np.random.Generator:
    return np.random.default_rng(1)


def run(module: nn.Module, **changes: Any) -> History:
    X, T = sine(np.random.default_rng(0), 10)
    settings: dict[str, Any] = {
        "optimizer": torch.optim.SGD(module.parameters(), lr=0.1),
        "X": X,
        "T": T,
        "epochs": 3,
        "batch_size": 4,
        "rng": seeded(),
    }
    return torch_mlp.fit(module, **(settings | changes))


@given(...)
def test_there_and_back_the_parameters_are_the_same(network: MLP) -> None:
    there = to_torch(network)
    back = network.astype(network.parameters.dtype)
    back.parameters[:] = 0
    copy_to_numpy(there, back)
    np.testing.assert_array_equal(back.parameters, network.parameters)


@given(...)
def test_a_network_and_its_torch_twin_agree_forward(
    network: MLP, rng: np.random.Generator
) -> None:
    X, _ = batch_for(network, rng, 3)
    output = to_torch(network)(torch.from_numpy(X)).detach().numpy()
    np.testing.assert_allclose(output, network(X), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("activation", "theirs"), [(Tanh, nn.Tanh), (ReLU, nn.ReLU)], ids=["tanh", "relu"]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_torch_twin_has_the_layers_the_weights_and_the_type(
    activation: type[Module], theirs: type[nn.Module], dtype: type[Any]
) -> None:
    network = network_of(3, 2, 4, 1, activation=activation, dtype=dtype)
    twin = to_torch(network)
    assert type(twin.activation) is theirs
    linear = [layer for layer in network.layers if isinstance(layer, Linear)]
    for ours, its in zip(linear, [*twin.hidden, twin.output], strict=True):
        assert isinstance(its, nn.Linear)
        np.testing.assert_array_equal(its.weight.detach().numpy(), ours.weight)
        np.testing.assert_array_equal(its.bias.detach().numpy(), ours.bias)
    assert flat_parameters(twin).dtype == dtype


def test_a_copy_shares_no_memory_in_either_direction() -> None:
    network = network_of(2, 3, 1)
    values, twin = network.parameters.copy(), to_torch(network)
    network.parameters[:] = 0
    np.testing.assert_array_equal(flat_parameters(twin), values)
    copy_to_numpy(twin, network)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    np.testing.assert_array_equal(network.parameters, values)


def test_a_copy_takes_the_type_of_where_it_goes() -> None:
    network = network_of(2, 3, 1)
    narrow = to_torch(network.astype(np.float32))
    with torch.no_grad():
        for parameter in narrow.parameters():
            parameter.zero_()
    copy_to_torch(network, narrow)
    rounded = network.parameters.astype(np.float32)
    assert flat_parameters(narrow).dtype == np.float32
    np.testing.assert_array_equal(flat_parameters(narrow), rounded)
    copy_to_numpy(narrow, network)
    assert network.parameters.dtype == np.float64
    np.testing.assert_array_equal(network.parameters, rounded)


def test_the_flat_gradient_is_ordered_as_the_flat_parameters() -> None:
    twin = to_torch(network_of(2, 3, 1))
    with pytest.raises(
        ValueError, match=r"no gradient, expected .* loss\.backward\(\)"
    ):
        flat_gradient(twin)
    parameters = nn.utils.parameters_to_vector(twin.parameters())
    loss: Any = (parameters * torch.arange(13)).sum()
    loss.backward()
    np.testing.assert_array_equal(flat_gradient(twin), np.arange(13))


def test_networks_of_other_sizes_are_not_copied() -> None:
    network, other = network_of(2, 3, 1), to_torch(network_of(2, 4, 1))
    message = r"shapes \[\(4, 2\), .*, expected \[\(3, 2\), "
    with pytest.raises(ValueError, match=message):
        copy_to_torch(network, other)
    with pytest.raises(ValueError, match=message):
        copy_to_numpy(other, network)


def test_an_activation_that_torch_does_not_have_here_is_named() -> None:
    class Swish(Tanh):
        pass

    with pytest.raises(TypeError, match="Swish has no counterpart, expected Tanh or"):
        to_torch(network_of(2, 3, 1, activation=Swish))


def test_building_the_twin_draws_no_random_number() -> None:
    before = torch.get_rng_state()
    to_torch(network_of(3, 4, 1))
    assert torch.equal(before, torch.get_rng_state())


# In float32, NumPy's tanh and PyTorch's may each be four last digits off on some processors.
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float32, 3e-5), (np.float64, 1e-12)]
)
def test_the_same_seed_gives_the_history_of_the_numpy_loop(
    momentum: float, dtype: type[Any], tolerance: float
) -> None:
    rng = np.random.default_rng(0)
    X, T, *validation = (
        values.astype(dtype) for values in (*sine(rng, 22), *sine(rng, 7))
    )
    network = MLP((1, 8, 1), rng, dtype=dtype)
    twin = to_torch(network)
    settings: dict[str, Any] = {"epochs": 3, "batch_size": 4, "validation": validation}
    step = torch.optim.SGD(twin.parameters(), lr=0.1, momentum=momentum)
    ours = training.fit(
        network, SGD(network, 0.1, momentum), X, T, rng=seeded(), **settings
    )
    theirs = torch_mlp.fit(twin, step, X, T, rng=seeded(), **settings)
    assert len(theirs.train_loss) == len(theirs.validation_loss) == 3
    assert asdict(theirs) == {
        name: pytest.approx(losses, rel=tolerance)
        for name, losses in asdict(ours).items()
    }
    np.testing.assert_allclose(
        flat_parameters(twin), network.parameters, rtol=tolerance, atol=tolerance / 10
    )


@pytest.mark.parametrize("activation", [Tanh, ReLU])
def test_classes_are_learnt_as_by_the_numpy_loop(activation: type[Module]) -> None:
    rng = np.random.default_rng(0)
    X, t, *validation = *three_arms(rng, 60), *three_arms(rng, 30)
    network = MLP((2, 8, 3), rng, activation)
    twin = to_torch(network)
    step = torch.optim.SGD(twin.parameters(), lr=0.3)
    settings: dict[str, Any] = {"epochs": 5, "batch_size": 8, "validation": validation}
    ours = training.fit(
        *(network, SGD(network, 0.3), X, t),
        **settings | {"rng": seeded(), "loss": CrossEntropyLoss()},
    )
    theirs = torch_mlp.fit(
        *(twin, step, X, t),
        **settings | {"rng": seeded(), "loss": nn.CrossEntropyLoss()},
    )
    assert len(theirs.validation_accuracy) == 5
    assert asdict(theirs) == {
        name: pytest.approx(values, rel=1e-12) for name, values in asdict(ours).items()
    }
    difference = np.linalg.norm(flat_parameters(twin) - network.parameters)
    assert difference < 1e-12 * np.linalg.norm(network.parameters)
    assert run(twin, X=X, T=np.ones((60, 3))).validation_accuracy == []


def test_validation_records_nothing_for_a_backward_pass() -> None:
    twin = to_torch(network_of(1, 4, 1))
    recorded: list[bool] = []
    twin.register_forward_hook(lambda _module, _x, y: recorded.append(y.requires_grad))
    assert run(twin, epochs=1).validation_loss == []
    X, T = sine(np.random.default_rng(0), 10)
    run(twin, epochs=2, validation=(X, T))
    assert recorded == [True] * 3 + 2 * [True, True, True, False]


def test_validation_teaches_nothing_and_leaves_each_layer_in_its_mode() -> None:
    frozen = nn.BatchNorm1d(4, dtype=torch.float64).eval()
    twin = nn.Sequential(
        nn.Linear(1, 4), nn.BatchNorm1d(4), frozen, nn.Dropout(), nn.Linear(4, 1)
    ).double()
    X, T = sine(np.random.default_rng(0), 10)
    modes = [each.training for each in twin.modules()]
    with torch.random.fork_rng():
        history = run(twin, epochs=1, validation=(X, T))
    assert [each.training for each in twin.modules()] == modes
    assert (
        twin[1].state_dict()["num_batches_tracked"] == 3
    )  # as many as there are batches
    y = twin.eval()(torch.tensor(X)).detach().numpy()
    assert history.validation_loss == [pytest.approx(((y - T) ** 2).mean())]


def test_divergence_is_a_result_that_the_history_shows() -> None:
    twin = to_torch(network_of(1, 8, 1, activation=ReLU))
    steep: Any = torch.optim.SGD(twin.parameters(), lr=100.0)
    X, T = sine(np.random.default_rng(0), 20)
    settings = {"X": X, "T": T, "epochs": 200, "validation": (X, T)}
    history = run(twin, optimizer=steep, **settings)
    assert not np.isfinite(history.train_loss[-1])
    assert not np.isfinite(history.validation_loss[-1])


def ones(*shape: int, dtype: type[Any] = np.float64) -> Array:
    return np.ones(shape, dtype)


SINGLE = ones(10, 1, dtype=np.float32)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs is 0, expected at least 1"),
        ({"batch_size": 11}, ValueError, "batch_size is 11, expected 1 to 10"),
        (
            {"T": ones(10, 1, dtype=np.int64)},
            TypeError,
            "T is int64, expected an array",
        ),
        (
            {"T": torch.ones(10, 1, dtype=torch.float64)},
            TypeError,
            "T is torch.float64, expected an array of float32 or float64",
        ),
        ({"T": ones(10, 2)}, ValueError, r"y has shape \(4, 1\) and t \(4, 2\)"),
        (
            {"X": SINGLE, "T": SINGLE},
            TypeError,
            "the data is float32, expected float64",
        ),
        # PyTorch itself would train on these: on columns of ones, and on no sample.
        (
            {"loss": nn.CrossEntropyLoss()},
            ValueError,
            r"t has shape \(4, 1\), expected \(4,\)",
        ),
        (
            {"loss": nn.CrossEntropyLoss(), "T": np.full(10, -100)},
            ValueError,
            r"t\[0\] is -100, expected a class number from 0 to 0",
        ),
    ],
)
def test_what_cannot_be_trained_is_refused_before_the_first_step(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    twin = to_torch(network_of(1, 4, 1))
    before = flat_parameters(twin).copy()
    with pytest.raises(error, match=message):
        run(twin, **changes)
    np.testing.assert_array_equal(flat_parameters(twin), before)


def test_progress_is_shown_where_tqdm_is_and_refused_where_it_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = to_torch(network_of(1, 4, 1))
    run(twin, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/3" in err
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(ImportError, match="progress=True needs tqdm"):
        run(twin, progress=True)
