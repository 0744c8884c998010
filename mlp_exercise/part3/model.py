"""The model: what it is and what it puts out, and which of it is wrong."""

from typing import Any

import numpy as np

from mlp_exercise.check import BLANK, Wrong
from mlp_exercise.observations import MISSING, Observations, Seen, attempt, look, number
from mlp_exercise.part3.material import FEW, RIGHT, TOLERANCE, Earlier, Judgement
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

    def singly() -> Any:
        return torch.cat([networks.outputs(model, x) for x in FEW[:, np.newaxis]])

    def reached(registered: bool) -> int:
        found = networks.leaves(networks.record(model))
        return sum(p.numel() for p in found if (id(p) in own) == registered)

    def ends_in_a_layer() -> int:
        return int(networks.ends_in_a_layer(networks.record(model)))

    def trained() -> Any:
        return networks.outputs(networks.train(regressor, 1, FIRST_UPDATES), GRID)

    def new(seed: int) -> Any:
        torch.manual_seed(seed)
        made = regressor()
        networks.set_mode(made, training=False)
        return networks.outputs(made, GRID)

    def reach() -> Array:
        extremes = (networks.extremes(model, GRID, s, DRAWS_AT_LARGE) for s in SCALES)
        return np.stack([*extremes])

    return seen | {
        "a batch": attempt(networks.outputs, model, FEW),
        "again": attempt(networks.outputs, model, FEW),
        "one sample": attempt(networks.outputs, model, FEW[:1]),
        "singly": attempt(singly),
        "parameters": look(sum(own.values())),
        "in use": attempt(reached, True),
        "not registered": attempt(reached, False),
        "ends in a layer": attempt(ends_in_a_layer),
        "as it is": attempt(networks.outputs, model, GRID),
        "trained": attempt(trained),
        **{f"new {seed}": attempt(new, seed) for seed in SEEDS},
        **{f"drawn {s}": attempt(networks.drawn, model, GRID, 1.0, s) for s in SEEDS},
        "reach": attempt(reach),
    }


def judge_model(seen: Observations, _: Earlier) -> Judgement:
    """Judge the model by the first thing that is wrong."""
    made, model = seen.get("made", MISSING), seen.get("model", MISSING)
    if made.kind == "error":
        raise Wrong(f"Regressor() {_raised(seen, 'made')}")
    if model.kind == "missing":
        no_model = "There is no `model` of it yet."
        return "missing", BLANK if made.kind == "missing" else no_model
    is_module, hides = number(seen, "is a module") == 1, _in_the_way(seen, "hidden")
    if seen.get("a batch", MISSING).kind == "missing" and is_module:
        no_answer = "`forward` has no answer yet."
        if hides:
            raise Wrong(no_answer + hides)
        return "missing", no_answer
    if number(seen, "is a class") != 1:
        raise Wrong("`Regressor` is no class: begin with class Regressor(nn.Module).")
    if not is_module:
        raise Wrong("`Regressor` does not inherit from nn.Module.")
    if number(seen, "is of the class") != 1:
        raise Wrong(
            "`model` was not made of this `Regressor`: make it again, model = Regressor()."
        )
    for call in ("model.parameters()", "model.eval()"):
        if seen.get(call, MISSING).kind == "error":
            raise Wrong(f"{call} {_raised(seen, call, 'hidden', 'overridden')}")
    batch = _predictions(seen, "a batch", f"For a batch of {len(FEW)}", FEW.shape)
    _predictions(seen, "one sample", "For a single sample", (1, 1))
    if not seen.get("again", MISSING).is_close(batch, TOLERANCE):
        raise Wrong(
            "The same input gives something else each time, even after model.eval(). "
            "Does dropout know when training is over?"
        )
    if not seen.get("singly", MISSING).is_close(batch, TOLERANCE):
        raise Wrong(
            "The prediction for a sample depends on which others are in its batch."
        )
    stray, count = number(seen, "not registered"), number(seen, "parameters")
    if stray > 0:
        raise Wrong(
            f"{stray:.0f} of its weights and biases are not among model.parameters(), "
            f"so no optimizer will find them. Does a plain list hold the layers?{hides}"
        )
    if not count > 0:
        raise Wrong("model.parameters() is empty: there is nothing to learn.")
    if not number(seen, "in use") > 0:
        raise Wrong("No gradient finds its way from the output back to the parameters.")
    if count < FEWEST:
        raise Wrong("There is no hidden layer: one layer alone has too few parameters.")
    judge_curves(seen)
    return RIGHT


def _predictions(
    seen: Observations, label: str, where: str, shape: tuple[int, ...]
) -> Array:
    output = seen.get(label, MISSING)
    if output.kind == "error":
        raise Wrong(f"{where}, it {_raised(seen, label, 'hidden')}")
    if output.kind == "nothing":
        raise Wrong(f"{where}, it returns None: does `forward` end with a return?")
    if output.kind != "numbers":
        raise Wrong(f"{where}, it returns a {output.detail}; expected a tensor.")
    if output.array.shape != shape:
        came = f"its output has the shape {output.array.shape}; expected {shape}"
        raise Wrong(f"{where}, {came}: one row a sample, one column.")
    return output.array


def judge_curves(seen: Observations) -> None:
    """Refuse a model that cannot follow every curve."""
    curves = {
        label: found.array
        for label, found in seen.items()
        if found.array.shape == GRID.shape and np.isfinite(found.array).all()
    }
    trainable = [c for label, c in curves.items() if not label.startswith("drawn ")]
    if trainable and all(np.ptp(c) <= TOLERANCE * abs(c).max() for c in trainable):
        raise Wrong(
            "It puts out the same number for every input. Are weights set to zero, "
            "or is there a softmax over a single output?"
        )
    if curves and all(is_straight(GRID, curve) for curve in curves.values()):
        raise Wrong(
            "It is a straight line, whatever its parameters are: "
            "is there a nonlinearity between the layers?"
        )
    reach = seen.get("reach", MISSING).array
    known = reach.shape == (2, 2) and not np.isnan(reach).any()
    if not known or number(seen, "ends in a layer") == 1:
        return
    near, far = np.maximum(reach * [-1, 1], 0)
    stuck = far < GROWTH * near + 1
    hint = (
        "whatever its parameters are: is there an activation after the output layer? "
        "There is to be nothing: targets may be negative, and larger than one."
    )
    if stuck.all():
        ends = (reach[:, 0].min(), reach[:, 1].max())
        low, high = (f"{round(end, 2) + 0:g}" for end in ends)
        raise Wrong(f"Its outputs never leave the range from {low} to {high}, {hint}")
    if stuck.any():
        raise Wrong(f"Its outputs can grow to one side only, {hint}")


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
    found = " ".join(seen.get(label, MISSING).detail for label in labels)
    names = [f"`self.{name}`" for name in dict.fromkeys(found.split())]
    if len(names) == 1:
        return f" {names[0]} hides a method of nn.Module: choose another name."
    hide = f" {' and '.join(names)} hide methods of nn.Module: choose other names."
    return hide if names else ""
