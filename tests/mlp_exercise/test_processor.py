"""Whatever device a notebook names, its tensors stay with the processor."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from mlp_exercise.processor import NAMED, OnProcessor

Moved = torch.Tensor | nn.Module
CARD = torch.device("cuda", 1)


def layer(**options: Any) -> nn.Module:
    return nn.Linear(1, 2, **options)


def ones(**options: Any) -> torch.Tensor:
    return torch.ones(2, **options)


@pytest.mark.parametrize(
    "move",
    [
        lambda: layer().to("cuda"),
        lambda: layer().to(device=CARD, dtype=torch.float64),
        lambda: layer().cuda(),
        lambda: layer(device="mps"),
        lambda: ones().to("cuda:1", torch.float64),
        lambda: ones().to(0),
        lambda: ones().to(ones(), non_blocking=True),
        lambda: ones().cuda(non_blocking=True),
        lambda: ones().pin_memory(),
        lambda: ones(device=CARD),
        lambda: ones().new_zeros(2, device="xpu"),
        lambda: torch.tensor([1.0, 1.0], device="cuda"),
    ],
)
def test_what_is_moved_stays_and_is_the_same(move: Callable[[], Moved]) -> None:
    with OnProcessor():
        moved = move()
    tensors = moved.parameters() if isinstance(moved, nn.Module) else [moved]
    assert {tensor.device.type for tensor in tensors} == {"cpu"}


def test_types_are_converted_and_shapes_alone_have_no_place() -> None:
    with OnProcessor():
        assert ones().to(torch.float64).dtype == torch.float64
        assert ones().to("cuda", torch.float64).dtype == torch.float64
        assert ones(device="meta").device.type == "meta"


def test_a_default_device_is_not_used() -> None:
    with OnProcessor(), torch.device("cuda"):
        assert ones().device.type == layer().weight.device.type == "cpu"


@pytest.mark.parametrize(
    ("source", "names_one"),
    [
        ("model.to(device)", True),
        ("model.cuda()", True),
        ("torch.set_default_device(d)", True),
        ("x.to('mps')", True),
        ("DataLoader(data, pin_memory=True)", True),
        ("model(x)", False),
        ("x.to(torch.float32)", False),
    ],
)
def test_code_that_names_a_device_is_recognised(source: str, names_one: bool) -> None:
    assert bool(NAMED.search(source)) == names_one
