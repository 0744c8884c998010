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

LAYERS = "self.a, self.b = nn.Linear(1, 32), nn.Linear(32, 1)"
NO_BIAS = "self.a, self.b = nn.Linear(1, 32), nn.Linear(32, 1, bias=False)"
ZERO = "\nnn.init.zeros_(self.b.weight); nn.init.zeros_(self.b.bias)"
ALL_ZERO = "\nfor p in self.parameters(): nn.init.zeros_(p)"
SCALE = "\nself.scale = nn.Parameter(torch.ones(1))"
TANH = "h = torch.tanh(self.a(x)); "
NORMS = "nn.utils.parametrizations"

FREE = {
    "tanh": (LAYERS, TANH + "return self.b(h)"),
    "ReLU": (LAYERS, "return self.b(torch.relu(self.a(x)))"),
    "sine": (LAYERS, "return self.b(torch.sin(30 * self.a(x)))"),
    "no bias": (NO_BIAS, TANH + "return self.b(h)"),
    "one for all": (
        "self.n = nn.Sequential(nn.Linear(1, 9), nn.PReLU(), nn.Linear(9, 1))",
        "return self.n(x)",
    ),
    "fourteen layers": (
        "hidden = [m for _ in range(12) for m in (nn.Linear(64, 64), nn.ReLU())]\n"
        "self.n = nn.Sequential(nn.Linear(1, 64), *hidden, nn.Linear(64, 1))",
        "return self.n(x)",
    ),
    "batch normalization": (
        LAYERS + "; self.n = nn.BatchNorm1d(32)",
        "return self.b(torch.relu(self.n(self.a(x))))",
    ),
    "batch normalization of the output": (
        LAYERS + "; self.n = nn.BatchNorm1d(1)",
        TANH + "return self.n(self.b(h))",
    ),
    "layer normalization": (
        LAYERS + "; self.n = nn.LayerNorm(32)",
        TANH + "return self.b(self.n(h))",
    ),
    "dropout": (
        LAYERS + "; self.n = nn.Dropout(0.3)",
        TANH + "return self.b(self.n(h))",
    ),
    "spectral norm": (
        NO_BIAS + f"; self.c = {NORMS}.spectral_norm(self.b)",
        TANH + "return self.c(h)",
    ),
    "spectral norm, scaled": (
        NO_BIAS + f"; self.c = {NORMS}.spectral_norm(self.b)",
        TANH + "return 1.5 * self.c(h) / 3",
    ),
    "weight norm": (
        NO_BIAS + f"; self.c = {NORMS}.weight_norm(self.b)",
        TANH + "return self.c(h)",
    ),
    "orthogonal": (
        NO_BIAS + f"; self.c = {NORMS}.orthogonal(self.b)",
        TANH + "return self.c(h)",
    ),
    "clamped weights": (
        NO_BIAS,
        TANH + "return nn.functional.linear(h, self.b.weight.clamp(-2, 2))",
    ),
    "frozen output layer": (
        LAYERS + "; self.b.requires_grad_(False)",
        TANH + "return self.b(h)",
    ),
    "output layer in a buffer": (
        "self.a = nn.Linear(1, 32); self.register_buffer('w', torch.randn(32, 1))",
        TANH + "return h @ self.w",
    ),
    "tied weights": (
        "self.a = nn.Linear(1, 32)",
        TANH + "return nn.functional.linear(h, self.a.weight.T)",
    ),
    "a shortcut": (LAYERS, TANH + "return x + self.b(h)"),
    "bilinear": (
        "self.a, self.b = nn.Linear(1, 32), nn.Bilinear(32, 32, 1)",
        TANH + "return self.b(h, h)",
    ),
    "an ensemble": (
        "self.n = nn.ModuleList(nn.Sequential(nn.Linear(1, 9), nn.Tanh(), "
        "nn.Linear(9, 1)) for _ in range(5))",
        "return torch.stack([n(x) for n in self.n]).mean(0)",
    ),
    "a mixture of experts": (
        "self.g, self.a, self.b = nn.Linear(1, 4), nn.Linear(1, 32), nn.Linear(32, 4)",
        TANH + "return (self.g(x).softmax(1) * self.b(h)).sum(1, keepdim=True)",
    ),
    "a mean of four": (
        "self.a, self.b = nn.Linear(1, 32), nn.Linear(32, 4)",
        TANH + "return self.b(h).mean(1, keepdim=True)",
    ),
    "scaled and moved": (
        LAYERS + "; self.register_buffer('s', torch.tensor(0.7))",
        TANH + "return 0.1 - self.b(h) * self.s",
    ),
    "a scale that is learned": (LAYERS + SCALE, TANH + "return self.scale * self.b(h)"),
    "a positive scale": (LAYERS + SCALE, TANH + "return self.scale.exp() * self.b(h)"),
    "parameters of one's own": (
        "self.v, self.w = nn.Parameter(torch.randn(32)), nn.Parameter(torch.randn(32))",
        "return (torch.tanh(x * self.v + 1) * self.w).sum(1, keepdim=True)",
    ),
    "radial basis functions": (
        "self.c, self.w = nn.Parameter(torch.randn(9)), nn.Parameter(torch.randn(9))",
        "return (torch.exp(-((x - self.c) ** 2)) * self.w).sum(1, keepdim=True)",
    ),
    "waves": (
        "self.b = nn.Linear(6, 1)",
        "return self.b(torch.cat([torch.sin(k * x) for k in range(1, 7)], 1))",
    ),
    "powers": (
        "self.b = nn.Linear(5, 1)",
        "return self.b(torch.cat([x**k for k in range(1, 6)], 1))",
    ),
    "convolutions": (
        "self.a, self.b = nn.Conv1d(1, 16, 1), nn.Conv1d(16, 1, 1)",
        "return self.b(torch.tanh(self.a(x[:, :, None])))[:, :, 0]",
    ),
    "recurrent": (
        "self.a, self.b = nn.GRU(1, 16, batch_first=True), nn.Linear(16, 1)",
        "return self.b(self.a(x[:, None])[0][:, 0])",
    ),
    "a transformer": (
        "self.a, self.b = nn.Linear(1, 16), nn.Linear(16, 1)\n"
        "self.n = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)",
        "return self.b(self.n(self.a(x)[:, None])[:, 0])",
    ),
    "row by row": (LAYERS, "return torch.stack([self.b(self.a(r).tanh()) for r in x])"),
    "double precision": (
        LAYERS + "; self.double()",
        "return self.b(torch.tanh(self.a(x.double()))).float()",
    ),
    "odd": (
        LAYERS,
        "return (self.b(self.a(x).tanh()) - self.b(self.a(-x).tanh())) / 2",
    ),
    "einsum": (
        "self.a, self.w = nn.Linear(1, 32), nn.Parameter(torch.randn(1, 32))",
        TANH + "return torch.einsum('ni,oi->no', h, self.w)",
    ),
    "an output layer that starts at zero": (LAYERS + ZERO, TANH + "return self.b(h)"),
    "ReLU and an output layer that starts at zero": (
        LAYERS + ZERO,
        "return self.b(torch.relu(self.a(x)))",
    ),
    "tiny weights": (
        LAYERS + "\nfor p in self.parameters(): nn.init.normal_(p, std=1e-4)",
        TANH + "return self.b(h)",
    ),
}
"""By name: what `__init__` makes, and what `forward` does."""

BOUNDED = {
    **{name: (f"torch.{name}(z)", (-1, 1)) for name in ("tanh", "erf")},
    "two tanh": ("2 * torch.tanh(z)", (-2, 2)),
    "tanh of a row": ("torch.tanh(z.squeeze(1)).unsqueeze(1)", (-1, 1)),
    "tanh in double precision": ("torch.tanh(z.double()).float()", (-1, 1)),
    "tanh divided": ("torch.tanh(z) / 4 + 0.5", (0.25, 0.75)),
    "sigmoid": ("torch.sigmoid(z)", (0, 1)),
    "sigmoid, scaled and moved": ("3 * torch.sigmoid(z) - 1.5", (-1.5, 1.5)),
    "hardtanh": ("nn.functional.hardtanh(z, -5, 5)", (-5, 5)),
    "clamp": ("z.clamp(-100, 100)", (-100, 100)),
    "softsign": ("nn.functional.softsign(z)", (-1, 1)),
    "softsign by hand": ("z / (1 + z.abs())", (-1, 1)),
    "atan": ("torch.atan(z)", (-1.57, 1.57)),
    "tanh beside a shortcut": ("x + torch.tanh(z)", (-2, 2)),
    "ReLU6": ("nn.functional.relu6(z)", (0, 6)),
    "root": ("z / torch.sqrt(1 + z * z)", (-1, 1)),
}
ONE_SIDED = {
    "ReLU": "torch.relu(z)",
    "ReLU by hand": "z * (z > 0)",
    "ReLU by where": "torch.where(z > 0, z, torch.zeros_like(z))",
    "ReLU by maximum": "torch.maximum(z, torch.zeros_like(z))",
    "softplus": "nn.functional.softplus(z)",
    "ELU": "nn.functional.elu(z)",
    "GELU": "nn.functional.gelu(z)",
    "SiLU": "nn.functional.silu(z)",
    "log of sigmoid": "nn.functional.logsigmoid(z)",
    "exp": "torch.exp(z)",
    "absolute": "z.abs()",
    "square": "z**2",
    "minus square": "-z * z",
    "at most": "z.clamp(max=1.5)",
}


def model_of(makes: str, forward: str) -> nn.Module:
    model: nn.Module = _namespace(makes, forward)["model"]
    return model


def said(makes: str, forward: str) -> str:
    return mark({"model": TRIALS["model"](_namespace(makes, forward))})[0].feedback


def _namespace(makes: str, forward: str) -> dict[str, Any]:
    text = "class Regressor(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    text += "".join(f"        {line}\n" for line in makes.splitlines())
    text += f"    def forward(self, x):\n        {forward}\nmodel = Regressor()\n"
    namespace: dict[str, Any] = {"torch": torch, "nn": nn}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        exec(text, namespace)  # noqa: S102 - our own text
    return namespace


@pytest.mark.parametrize("name", FREE)
def test_a_model_without_an_activation_at_its_end_is_right(name: str) -> None:
    assert said(*FREE[name]) == CORRECT


@pytest.mark.parametrize("name", BOUNDED)
def test_a_bounded_output_is_named_with_its_bounds(name: str) -> None:
    end, (low, high) = BOUNDED[name]
    words = said(LAYERS, f"{TANH} z = self.b(h); return {end}")
    assert f"Its outputs never leave the range from {low:g} to {high:g}," in words
    assert "is there an activation after the output layer?" in words


@pytest.mark.parametrize("name", ONE_SIDED)
def test_an_output_that_is_bounded_on_one_side_is_named(name: str) -> None:
    words = said(LAYERS, f"{TANH} z = self.b(h); return {ONE_SIDED[name]}")
    assert words.startswith("Its outputs can grow to one side only")


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_a_model_that_cannot_begin_to_bend_is_flat(hidden: str) -> None:
    forward = f"return self.b(torch.{hidden}(self.a(x)))"
    assert "the same number for every input" in said(LAYERS + ALL_ZERO, forward)


def test_what_comes_last_is_read_from_the_record() -> None:
    x = torch.ones(5, 1)
    for name in (
        "tanh",
        "spectral norm, scaled",
        "an ensemble",
        "parameters of one's own",
    ):
        assert networks.ends_in_a_layer(model_of(*FREE[name])(x)), name
    for end in (
        "torch.tanh(z)",
        "2 * torch.tanh(z)",
        "z * (z > 0)",
        "torch.ones(1) / z",
    ):
        model = model_of(LAYERS, f"z = self.b(self.a(x)); return {end}")
        assert not networks.ends_in_a_layer(model(x)), end
    assert not networks.ends_in_a_layer(x)


def problem_of_curve(seen: Observations) -> str:
    try:
        judge_curves(seen)
    except Wrong as wrong:
        return str(wrong)
    return ""


def reaching(near: tuple[float, float], far: tuple[float, float]) -> Observations:
    return {"reach": Seen("numbers", "", np.array([near, far]))}


def test_what_comes_last_and_how_far_it_reaches_must_both_speak_against_a_model() -> (
    None
):
    stuck = reaching((-1, 1), (-1, 1))
    layer = {"ends in a layer": Seen("numbers", "", np.array(1.0))}
    assert "from -1 to 1" in problem_of_curve(stuck)
    assert problem_of_curve({**stuck, **layer}) == ""
    assert problem_of_curve(reaching((-10, 12), (-1000, 1200))) == ""
    assert problem_of_curve(reaching((-np.inf, np.inf), (np.nan, np.nan))) == ""
    assert "one side" in problem_of_curve(reaching((0, 12), (0, 1200)))
    assert "one side" in problem_of_curve(reaching((0, np.inf), (0, np.inf)))
