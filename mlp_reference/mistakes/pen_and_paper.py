"""Slips with pen and paper, in the order of the answers in which they show."""

import math
from collections.abc import Callable
from typing import Any

from mlp_reference import manual
from mlp_reference.chain import FORMULAS, Formula, Values
from mlp_reference.mistakes.slip import Slip
from mlp_reference.worked_example import WorkedExample


def _each(function: Callable[..., float], *values: Any) -> Any:
    """Apply a function to numbers, vectors or matrices of one shape, element by element."""
    if not isinstance(values[0], list):
        return function(*values)
    return [_each(function, *items) for items in zip(*values, strict=True)]


def _times(factor: float, quantity: str) -> Formula:
    """Get a quantity right but for a factor."""
    return lambda e, v: _each(lambda right: factor * right, FORMULAS[quantity](e, v))


def _slope(slope: Callable[[float], float], of: str = "z") -> Formula:
    """Go back through tanh with another slope than 1 − z²."""
    return lambda e, v: _each(lambda g, value: g * slope(value), v["dL_dz"], v[of])


def _step(parameter: str, change: Callable[[float, float, float], float]) -> Formula:
    """Update a parameter wrongly: `change` gets it, its gradient and the learning rate."""
    gradient = f"dL_d{parameter.lower()}"
    return lambda e, v: _each(
        lambda old, slope: change(old, slope, e.learning_rate),
        getattr(e, parameter),
        v[gradient],
    )


def _sigmoid(value: float) -> float:
    return 0.5 + 0.5 * math.tanh(value / 2)


def _mistake(quantity: str, name: str, formula: Formula, shows_in: str = "") -> Slip:
    return Slip(shows_in or quantity, quantity, name, formula)


def _forward_slips() -> list[Slip]:
    return [
        _mistake(
            "a",
            "left the biases out",
            lambda e, v: manual.linear_forward(e.W1, e.x, [0.0, 0.0]),
        ),
        _mistake(
            "a",
            "dropped the minus signs",
            lambda e, v: manual.linear_forward(
                _each(abs, e.W1), _each(abs, e.x), _each(abs, e.b1)
            ),
        ),
        _mistake("z", "copied a", lambda e, v: v["a"]),
        _mistake(
            "z", "took the sigmoid for tanh", lambda e, v: _each(_sigmoid, v["a"])
        ),
        _mistake("z", "took tan for tanh", lambda e, v: _each(math.tan, v["a"])),
        _mistake(
            "y",
            "left the bias out",
            lambda e, v: manual.linear_forward(e.W2, v["z"], [0.0]),
        ),
        _mistake(
            "y",
            "took a for z",
            lambda e, v: manual.linear_forward(e.W2, v["a"], e.b2),
        ),
        _mistake(
            "y",
            "put tanh on the output too",
            lambda e, v: manual.tanh_forward(manual.linear_forward(e.W2, v["z"], e.b2)),
        ),
        _mistake("loss", "did not square", lambda e, v: v["y"][0] - e.t[0]),
        _mistake("loss", "halved the square", _times(0.5, "loss")),
        _mistake(
            "loss",
            "took the difference of squares",
            lambda e, v: v["y"][0] * v["y"][0] - e.t[0] * e.t[0],
        ),
    ]


def _output_slips() -> list[Slip]:
    return [
        _mistake("dL_dy", "forgot the factor 2", _times(0.5, "dL_dy")),
        _mistake("dL_dy", "took t − y for y − t", _times(-1.0, "dL_dy")),
        _mistake(
            "dL_dy",
            "squared the difference",
            lambda e, v: [2 * manual.mse_forward(v["y"], e.t)],
        ),
        _mistake("dL_dw2", "turned the sign round", _times(-1.0, "dL_dw2")),
        _mistake(
            "dL_dw2",
            "took a for z",
            lambda e, v: manual.linear_backward_weight(v["dL_dy"], v["a"]),
        ),
        _mistake("dL_dw2", "left ∂L/∂y out", lambda e, v: [list(v["z"])]),
        _mistake(
            "dL_dw2",
            "took W2 for z",
            lambda e, v: manual.linear_backward_weight(v["dL_dy"], e.W2[0]),
        ),
        _mistake("dL_db2", "turned the sign round", _times(-1.0, "dL_db2")),
        _mistake("dL_db2", "left ∂L/∂y out", lambda e, v: [1.0]),
        _mistake(
            "dL_db2",
            "multiplied by the bias",
            lambda e, v: _each(lambda g, b: g * b, v["dL_dy"], e.b2),
        ),
    ]


def _hidden_slips() -> list[Slip]:
    def hidden(quantity: str, name: str, formula: Formula) -> Slip:
        return _mistake(quantity, name, formula, shows_in="dL_dw1")

    return [
        hidden("dL_dw1", "turned the sign round", _times(-1.0, "dL_dw1")),
        hidden("dL_da", "forgot tanh′", lambda e, v: v["dL_dz"]),
        hidden(
            "dL_da",
            "took 1 − tanh²(z) for 1 − z²",
            _slope(lambda z: 1 - math.tanh(z) ** 2),
        ),
        hidden("dL_da", "took 1 − a² for 1 − z²", _slope(lambda a: 1 - a * a, of="a")),
        hidden("dL_da", "took 1 − z for 1 − z²", _slope(lambda z: 1 - z)),
        hidden("dL_da", "took the sigmoid’s z(1 − z)", _slope(lambda z: z * (1 - z))),
        hidden("dL_dz", "forgot W2", lambda e, v: [v["dL_dy"][0] for _ in v["z"]]),
        hidden(
            "dL_dz",
            "used the updated W2",
            lambda e, v: manual.linear_backward_input(
                manual.update_matrix(e.W2, v["dL_dw2"], e.learning_rate), v["dL_dy"]
            ),
        ),
        hidden("dL_dz", "left ∂L/∂y out", lambda e, v: list(e.W2[0])),
        hidden(
            "dL_dw1", "left x out", lambda e, v: [[g for _ in e.x] for g in v["dL_da"]]
        ),
    ]


def _update_slips() -> list[Slip]:
    changes: dict[str, Callable[[float, float, float], float]] = {
        "added the step": lambda old, slope, rate: old + rate * slope,
        "left the learning rate out": lambda old, slope, rate: old - slope,
        "gave the step alone": lambda old, slope, rate: -rate * slope,
    }
    slips = [
        _mistake(f"{parameter}_updated", name, _step(parameter, change))
        for parameter in ("W2", "b2", "W1", "b1")
        for name, change in changes.items()
    ]
    no_slope = _mistake("dL_db1", "forgot tanh′", lambda e, v: v["dL_dz"], "b1_updated")
    return [*slips, no_slope]


PEN_AND_PAPER = tuple(
    _forward_slips() + _output_slips() + _hidden_slips() + _update_slips()
)
"""All of them."""


def transposed_outer_product(example: WorkedExample, values: Values) -> Any:
    """Compute ∂L/∂W1 as x (∂L/∂a)ᵀ: the right numbers in the wrong shape.

    Parameters
    ----------
    example : WorkedExample
        The network.
    values : mapping of str to Value
        The values so far, ∂L/∂a among them.

    Returns
    -------
    Matrix, shape (D_in, D_hidden)
    """
    return manual.linear_backward_weight(example.x, values["dL_da"])
