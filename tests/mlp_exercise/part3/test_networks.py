from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mlp_exercise.part3 import networks
from mlp_exercise.part3.material import FEW, THRESHOLD, TRAINING, VALIDATION

X = torch.from_numpy(TRAINING.X)


def test_leaves_are_what_backward_reaches_registered_or_not() -> None:
    layer, stray = nn.Linear(1, 3), torch.ones(3, 1, requires_grad=True)
    output = torch.tanh(layer(torch.ones(2, 1))) @ stray + torch.ones(1)
    found = networks.leaves(output)
    assert {id(leaf) for leaf in found} == {id(layer.weight), id(layer.bias), id(stray)}
    assert networks.leaves(torch.ones(1)) == []


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.Sigmoid])
def test_a_network_is_trained_until_it_is_far_below_the_threshold(
    activation: type[nn.Module],
) -> None:
    made: list[nn.Module] = []
    calls: list[object] = []

    def make() -> nn.Module:
        made.append(nn.Sequential(nn.Linear(1, 24), activation(), nn.Linear(24, 1)))
        made[-1].register_forward_hook(lambda *_: calls.append(_))
        return made[-1]

    Y = networks.outputs(networks.train(make, 3, 600), VALIDATION.X).numpy()
    assert np.mean((Y - VALIDATION.T) ** 2) < 0.7 * THRESHOLD
    assert len(made) == 1
    assert len(calls) < 600


def test_the_best_of_several_starts_is_taken() -> None:
    made: list[nn.Linear] = []

    def make() -> nn.Module:
        made.append(nn.Linear(1, 1))
        if len(made) == 1:
            nn.init.constant_(made[0].weight, float("nan"))
        return made[-1]

    assert networks.train(make, starts=3, updates=1) in made[1:]


@pytest.mark.parametrize(("share", "updates"), [(0, 1), (2.5, 2), (7, 7), (100, 15)])
def test_a_large_network_is_trained_less_by_a_count_that_needs_no_clock(
    share: float, updates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = networks.work(nn.Linear(1, 1)(X))
    monkeypatch.setattr(networks, "MOST_WORK", int(share * each))
    calls: list[torch.Tensor] = []

    class Counted(nn.Linear):
        def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002
            calls.append(input)
            return super().forward(input)

    networks.train(lambda: Counted(1, 1), starts=3, updates=5)
    assert len(calls) - -(-updates // 5) == updates  # one more for each start


def test_work_is_counted_by_operations_parameters_and_neurons() -> None:
    def count(width: int, times: int) -> int:
        layer, output = nn.Linear(width, width), torch.ones(3, 1).expand(3, width)
        for _ in range(times):
            output = layer(output)
        return networks.work(output)

    assert count(8, 1) < count(16, 1) < count(32, 1)
    assert count(8, 3) - count(8, 2) == count(8, 2) - count(8, 1) > 0


def test_what_is_usual_is_trained_to_the_end() -> None:
    usual = nn.Sequential(
        *(nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    )
    assert 3 * 600 * networks.work(usual(X)) < networks.MOST_WORK


@pytest.mark.parametrize("hides", ["train", "eval", "children", "modules"])
def test_modes_are_set_whatever_a_class_hides(hides: str) -> None:
    model = nn.Sequential(nn.Linear(1, 2), nn.Dropout())
    vars(model)[hides] = True
    for training in (False, True):
        networks.set_mode(model, training)
        assert [m.training for m in networks.modules(model)] == [training] * 3


def test_parameters_are_found_whatever_a_class_hides() -> None:
    model = nn.Sequential(nn.Linear(1, 2), nn.BatchNorm1d(2))
    wanted = list(map(id, model.parameters()))
    buffers = list(map(id, model.buffers()))
    for hides in ("parameters", "named_parameters", "modules", "named_modules"):
        vars(model)[hides] = []
        assert list(map(id, networks.parameters(model))) == wanted
        assert list(map(id, networks.registered(model, "_buffers"))) == buffers
    vars(model)["parameters"] = lambda: [97]
    assert list(map(id, networks.parameters(model))) == wanted
    with pytest.raises(TypeError, match="expected parameters, and there is one int"):
        networks.given_parameters(model)
    assert networks.hidden(model) == ["modules", "named_modules", "named_parameters"]
    assert networks.overridden(model) == ["parameters"]


def test_a_network_that_hides_nothing_has_no_names_in_the_way() -> None:
    for model in (nn.Sequential(nn.LSTM(1, 2)), nn.TransformerEncoderLayer(4, 2)):
        assert networks.hidden(model) == networks.overridden(model) == []


class Fixed(nn.Module):
    def __init__(self, *values: float) -> None:
        super().__init__()
        self.values = torch.tensor(values)

    def forward(self, _: torch.Tensor) -> torch.Tensor:
        return self.values


def test_extremes_are_of_what_is_a_number() -> None:
    nan, inf = float("nan"), float("inf")
    assert networks.extremes(Fixed(nan, 2, -1), FEW, 1.0, 2).tolist() == [-1, 2]
    assert networks.extremes(Fixed(nan, inf), FEW, 1.0, 2).tolist() == [inf, inf]
    with pytest.raises(RuntimeError):
        networks.extremes(Fixed(nan), FEW, 1.0, 2)
