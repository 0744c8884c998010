"""Which models put out numbers of any size and sign, and which have something at their end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mlp_exercise.check import CORRECT, Wrong
from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part3 import TRIALS, mark, networks
from mlp_exercise.part3.model import judge_curves
from tests.mlp_exercise.part3.solutions import table

MODELS = table("models")
LAYERS, TANH = MODELS["free"]["tanh"]
SPECTRAL = "spectral norm, scaled"


def namespace(makes: str, forward: str) -> dict[str, Any]:
    lines = "".join(f"\n        {line}" for line in makes.splitlines())
    text = f"""class Regressor(nn.Module):
    def __init__(self):
        super().__init__(){lines}
    def forward(self, x):
        {forward}
model = Regressor()"""
    variables: dict[str, Any] = {"torch": torch, "nn": nn}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        exec(text, variables)  # noqa: S102 - our own text
    return variables


def said(makes: str, forward: str) -> str:
    return mark({"model": TRIALS["model"](namespace(makes, forward))})[0].feedback


def after_the_output(end: str) -> str:
    return said(LAYERS, TANH.replace("return", "z =") + f"; return {end}")


@pytest.mark.parametrize("name", MODELS["free"])
def test_a_model_without_an_activation_at_its_end_is_right(name: str) -> None:
    assert said(*MODELS["free"][name]) == CORRECT


def test_a_model_is_observed_alike_each_time() -> None:
    once, again = (TRIALS["model"](namespace(LAYERS, TANH)) for _ in range(2))
    for label, seen in once.items():
        np.testing.assert_array_equal(again[label].array, seen.array, label)


@pytest.mark.parametrize(("end", "low", "high"), MODELS["bounded"])
def test_a_bounded_output_is_named_with_its_bounds(
    end: str, low: float, high: float
) -> None:
    words = after_the_output(end)
    assert f"Its outputs never leave the range from {low:g} to {high:g}," in words
    assert "is there an activation after the output layer?" in words


@pytest.mark.parametrize("end", MODELS["one-sided"])
def test_an_output_that_is_bounded_on_one_side_is_named(end: str) -> None:
    assert after_the_output(end).startswith("Its outputs can grow to one side only")


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_a_model_that_cannot_begin_to_bend_is_flat(hidden: str) -> None:
    zero = f"{LAYERS}\nfor p in self.parameters(): nn.init.zeros_(p)"
    words = said(zero, f"return self.b(torch.{hidden}(self.a(x)))")
    assert "the same number for every input" in words


@pytest.mark.parametrize(
    ("makes", "forward", "ends"),
    [
        *((*MODELS["free"][n], True) for n in ("tanh", SPECTRAL, "an ensemble")),
        (*MODELS["free"]["parameters of one's own"], True),
        (LAYERS, "return torch.tanh(self.a(x))", False),
        (LAYERS, "return 2 * torch.tanh(self.a(x))", False),
        (LAYERS, "z = self.a(x); return z * (z > 0)", False),
        (LAYERS, "return torch.ones(1) / self.a(x)", False),
        ("", "return x", False),
    ],
)
def test_what_comes_last_is_read_from_the_record(
    makes: str, forward: str, ends: bool
) -> None:
    output = namespace(makes, forward)["model"](torch.ones(5, 1))
    assert networks.ends_in_a_layer(output) == ends


def problem(near: tuple[float, float], far: tuple[float, float], layer: int = 0) -> str:
    seen = Observations(
        {
            "reach": Seen("numbers", "", np.array([near, far])),
            "ends in a layer": Seen("numbers", "", np.array(layer)),
        }
    )
    try:
        judge_curves(seen)
    except Wrong as wrong:
        return str(wrong)
    return ""


def test_what_comes_last_and_how_far_it_reaches_must_both_speak_against_a_model() -> (
    None
):
    assert "from -1 to 1" in problem((-1, 1), (-1, 1))
    assert problem((-1, 1), (-1, 1), layer=1) == ""
    assert problem((-10, 12), (-1000, 1200)) == ""
    assert problem((-np.inf, np.inf), (np.nan, np.nan)) == ""
    assert "one side" in problem((0, 12), (0, 1200))
    assert "one side" in problem((0, np.inf), (0, np.inf))
