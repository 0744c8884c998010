from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mlp_reference.exercises.pytorch_regression import material, networks


def test_leaves_are_what_backward_reaches_registered_or_not() -> None:
    layer, stray = nn.Linear(1, 3), torch.ones(3, 1, requires_grad=True)
    constant = torch.ones(1)
    output = torch.tanh(layer(torch.ones(2, 1))) @ stray + constant
    found = networks.leaves(output)
    assert {id(leaf) for leaf in found} == {id(layer.weight), id(layer.bias), id(stray)}


def test_what_has_no_record_has_no_leaves() -> None:
    assert networks.leaves(torch.ones(1)) == []


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.Sigmoid])
def test_a_network_is_trained_far_below_the_threshold(
    activation: type[nn.Module], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "UPDATES", 600)
    training, validation = material.given()

    def make() -> nn.Module:
        return nn.Sequential(nn.Linear(1, 24), activation(), nn.Linear(24, 1))

    Y = networks.outputs(networks.train(make, *training), validation.X).numpy()
    assert np.mean((Y - validation.T) ** 2) < 0.7 * material.THRESHOLD


def test_the_best_of_several_starts_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "STARTS", 3)
    monkeypatch.setattr(networks, "UPDATES", 1)
    made: list[nn.Linear] = []

    def make() -> nn.Module:
        made.append(nn.Linear(1, 1))
        if len(made) == 1:
            nn.init.constant_(made[0].weight, float("nan"))
        return made[-1]

    best = networks.train(make, *material.given()[0])
    assert best in made[1:]


def test_a_network_that_is_slow_is_trained_for_some_seconds_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(networks, "STARTS", 3)
    monkeypatch.setattr(networks, "LONGEST", 0.0)
    made: list[nn.Linear] = []

    def make() -> nn.Module:
        made.append(nn.Linear(1, 1))
        return made[-1]

    assert networks.train(make, *material.given()[0]) is made[0]
    assert len(made) == 1
