"""The model: what it is and what it puts out, and which of it is wrong."""

from functools import partial
from typing import Any

import numpy as np

from mlp_exercise.check import BLANK, RIGHT, Judgement, require
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look
from mlp_exercise.part3.material import FEW, TOLERANCE
from mlp_reference.arrays import Array

GRID = np.linspace(-1, 1, 101, dtype=np.float32)[:, np.newaxis]
"""Inputs at which a model draws its curve."""

SEEDS = range(3)
"""Of new models, and of parameters that are drawn anew."""

FIRST_UPDATES = 5
"""How long a new model is trained: does it begin to bend, though it is flat at first?"""

SCALES, DRAWS_AT_LARGE, GROWTH = (1e2, 1e4), 8, 1.2
"""What is not bounded grows by more when parameters are a hundred times as large."""

FEWEST = 4
"""Numbers to learn: a hidden layer of one neuron has two, and so has the output layer."""

HINTS = {
    "shapes cannot be multiplied": (
        " Does each layer take as many numbers as the one before puts out?"
    ),
    "Module.__init__": " Call super().__init__() first.",
    "no attribute '_parameters'": " Call super().__init__() first.",
    "already exists": " nn.Module has a method of this name: choose another.",
}
"""By what stands in the words of an error."""


def try_model(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Look at the class and at its model: as it is, made anew, trained a little, drawn at large."""
    import torch
    from torch import nn

    from mlp_exercise.part3 import networks

    regressor: Any = namespace.get("Regressor")
    model: Any = namespace.get("model")
    if regressor is None and model is None:
        return {"": MISSING}
    is_class = isinstance(regressor, type)
    seen = {
        "is a class": look(int(is_class)),
        "is a module": look(int(is_class and issubclass(regressor, nn.Module))),
        "is of the class": look(int(is_class and isinstance(model, regressor))),
        "made": attempt(regressor) if callable(regressor) else MISSING,
        "model": MISSING if model is None else look(model),
    }
    if not isinstance(model, nn.Module):
        return seen
    seen |= {
        "model.eval()": attempt(model.eval),
        "model.parameters()": attempt(networks.given_parameters, model),
        "hidden": Seen("other", " ".join(networks.hidden(model))),
        "overridden": Seen("other", " ".join(networks.overridden(model))),
    }
    networks.set_mode(model, training=False)
    own = {id(p): p.numel() for p in networks.parameters(model) if p.requires_grad}

    def reached(registered: bool) -> int:
        found = networks.leaves(networks.record(model))
        return sum(p.numel() for p in found if (id(p) in own) == registered)

    def new(seed: int) -> Any:
        torch.manual_seed(seed)
        made = regressor()
        networks.set_mode(made, training=False)
        return networks.outputs(made, GRID)

    def trained() -> Any:
        return networks.outputs(networks.train(regressor, 1, FIRST_UPDATES), GRID)

    outputs, few, many = (
        partial(attempt, networks.outputs, model),
        FEW[:, None],
        DRAWS_AT_LARGE,
    )
    return seen | {
        "a batch": outputs(FEW),
        "again": outputs(FEW),
        "one sample": outputs(FEW[:1]),
        "singly": attempt(lambda: torch.cat([networks.outputs(model, x) for x in few])),
        "parameters": look(sum(own.values())),
        "in use": attempt(reached, True),
        "not registered": attempt(reached, False),
        "ends in a layer": attempt(
            lambda: int(networks.ends_in_a_layer(networks.record(model)))
        ),
        "as it is": outputs(GRID),
        "trained": attempt(trained),
        **{f"new {seed}": attempt(new, seed) for seed in SEEDS},
        **{f"drawn {s}": attempt(networks.drawn, model, GRID, 1.0, s) for s in SEEDS},
        "reach": attempt(
            lambda: torch.stack(
                [networks.extremes(model, GRID, s, many) for s in SCALES]
            )
        ),
    }


def judge_model(seen: Observations) -> Judgement:
    """Judge the model by the first thing that is wrong."""
    made = seen["made"]
    require(made.kind != "error", f"Regressor() {_raised(seen, 'made')}")
    if seen["model"].kind == "missing":
        no_model = "There is no `model` of it yet."
        return "missing", BLANK if made.kind == "missing" else no_model
    is_module, hides = seen["is a module"].number == 1, _in_the_way(seen, "hidden")
    if seen["a batch"].kind == "missing" and is_module:
        no_answer = f"`forward` has no answer yet.{hides}"
        require(not hides, no_answer)
        return "missing", no_answer
    no_class = "`Regressor` is no class: begin with class Regressor(nn.Module)."
    require(seen["is a class"].number == 1, no_class)
    require(is_module, "`Regressor` does not inherit from nn.Module.")
    other = (
        "`model` was not made of this `Regressor`: make it again, model = Regressor()."
    )
    require(seen["is of the class"].number == 1, other)
    for call in ("model.parameters()", "model.eval()"):
        words = _raised(seen, call, "hidden", "overridden")
        require(seen[call].kind != "error", f"{call} {words}")
    batch = _predictions(seen, "a batch", f"For a batch of {len(FEW)}", FEW.shape)
    _predictions(seen, "one sample", "For a single sample", (1, 1))
    stray, count = seen["not registered"].number, seen["parameters"].number
    for words, is_so in {
        "The same input gives something else each time, even after model.eval(). "
        "Does dropout know when training is over?": (
            seen["again"].is_close(batch, TOLERANCE)
        ),
        "The prediction for a sample depends on which others are in its batch.": (
            seen["singly"].is_close(batch, TOLERANCE)
        ),
        f"{stray:.0f} of its weights and biases are not among model.parameters(), "
        f"so no optimizer will find them. Does a plain list hold the layers?{hides}": (
            not stray > 0
        ),
        "model.parameters() is empty: there is nothing to learn.": count > 0,
        "No gradient finds its way from the output back to the parameters.": (
            seen["in use"].number > 0
        ),
        "There is no hidden layer: one layer alone has too few parameters.": (
            count >= FEWEST
        ),
    }.items():
        require(is_so, words)
    judge_curves(seen)
    return RIGHT


def _predictions(
    seen: Observations, label: str, where: str, shape: tuple[int, ...]
) -> Array:
    output = seen[label]
    for kind, words in {
        "error": _raised(seen, label, "hidden"),
        "nothing": "returns None: does `forward` end with a return?",
        "other": f"returns {output}; expected a tensor.",
        "missing": "returns nothing; expected a tensor.",
    }.items():
        require(output.kind != kind, f"{where}, it {words}")
    came = f"its output has the shape {output.array.shape}; expected {shape}"
    require(
        output.array.shape == shape, f"{where}, {came}: one row a sample, one column."
    )
    return output.array


def judge_curves(seen: Observations) -> None:
    """Refuse a model that cannot follow every curve."""
    curves = {
        label: found.array
        for label, found in seen.items()
        if found.array.shape == GRID.shape and np.isfinite(found.array).all()
    }
    trainable = [c for label, c in curves.items() if not label.startswith("drawn ")]
    is_flat = all(np.ptp(c) <= TOLERANCE * abs(c).max() for c in trainable)
    require(
        not trainable or not is_flat,
        "It puts out the same number for every input. Are weights set to zero, "
        "or is there a softmax over a single output?",
    )
    require(
        not curves or not all(is_straight(GRID, curve) for curve in curves.values()),
        "It is a straight line, whatever its parameters are: "
        "is there a nonlinearity between the layers?",
    )
    reach = seen["reach"].array
    known = reach.shape == (2, 2) and not np.isnan(reach).any()
    if not known or seen["ends in a layer"].number == 1:
        return
    near, far = np.maximum(reach * [-1, 1], 0)
    stuck = far < GROWTH * near + 1
    ends = (reach[:, 0].min(), reach[:, 1].max())
    low, high = (f"{round(end, 2) + 0:g}" for end in ends)
    hint = (
        "whatever its parameters are: is there an activation after the output layer? "
        "There is to be nothing: targets may be negative, and larger than one."
    )
    bounded = f"Its outputs never leave the range from {low} to {high}, {hint}"
    require(not stuck.all(), bounded)
    require(not stuck.any(), f"Its outputs can grow to one side only, {hint}")


def is_straight(X: Array, Y: Array, tolerance: float = TOLERANCE) -> bool:
    """Return whether no point is further off the best line, relative to the largest value."""
    if not np.isfinite(Y).all():
        return False
    A = np.hstack([X, np.ones_like(X)])
    off = Y - A @ np.linalg.lstsq(A, Y, rcond=None)[0]
    return bool(np.abs(off).max() <= tolerance * np.abs(Y).max())


def _raised(seen: Observations, label: str, *names: str) -> str:
    detail = seen[label].detail
    hints = [hint for sign, hint in HINTS.items() if sign in detail]
    return f"raised {detail}.{hints[0] if hints else _in_the_way(seen, *names)}"


def _in_the_way(seen: Observations, *labels: str) -> str:
    """Return what is said of names that hide methods of the base class."""
    found = " ".join(seen[label].detail for label in labels)
    names = [f"`self.{name}`" for name in dict.fromkeys(found.split())]
    if len(names) == 1:
        return f" {names[0]} hides a method of nn.Module: choose another name."
    hide = f" {' and '.join(names)} hide methods of nn.Module: choose other names."
    return hide if names else ""
