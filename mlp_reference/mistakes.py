"""Typical mistakes, made on purpose: slips with pen and paper, and layers that are wrong.

A page of the course shows them. The tests see that a gradient check or the marking finds each.
The marking takes its hints from here and draws fresh numbers for which their results differ.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.manual import (
    FORMULAS,
    linear_backward_input,
    linear_backward_weight,
    linear_forward,
    mse_forward,
    tanh_forward,
    update_matrix,
    work_out,
)
from mlp_reference.numpy_mlp import Linear, MSELoss
from mlp_reference.worked_example import Formula, Matrix, Values, WorkedExample


class Slip(NamedTuple):
    """A slip with pen and paper: one formula of the chain replaced by a wrong one."""

    answer: str  # the first answer of the exercise that it affects
    quantity: str  # whose formula is wrong; for ∂L/∂W1, perhaps one not asked for
    name: str  # what the learner did
    formula: Formula  # what the learner computed instead

    def made_in(self, example: WorkedExample, given: Values | None = None) -> Any:
        """Return the wrong answer, computed from `given` values or else from right ones."""
        return self.made_among(example, work_out(example, given=given))

    def made_among(self, example: WorkedExample, values: Values) -> Any:
        """Return the wrong answer, with all other values from `work_out`."""
        wrong = {**values, self.quantity: self.formula(example, values)}
        for name in _between(self.quantity, self.answer):
            wrong[name] = FORMULAS[name](example, wrong)
        return wrong[self.answer]


@cache
def _between(quantity: str, answer: str) -> list[str]:
    """Return the quantities computed after a quantity, up to an answer."""
    names = list(FORMULAS)
    return names[names.index(quantity) + 1 : names.index(answer) + 1]


def _each(function: Callable[..., float], *values: Any) -> Any:
    """Apply a function to numbers, vectors or matrices of one shape, element by element."""
    if not isinstance(values[0], list):
        return function(*values)
    return [_each(function, *items) for items in zip(*values, strict=True)]


def _times(factor: float, quantity: str) -> Formula:
    """Return a formula that is right except for a factor."""
    return lambda e, v: _each(lambda right: factor * right, FORMULAS[quantity](e, v))


def _slope(slope: Callable[[float], float], of: str = "z") -> Formula:
    """Return a backward step through tanh with a slope other than 1 − z²."""
    return lambda e, v: _each(lambda g, value: g * slope(value), v["dL_dz"], v[of])


def _update(parameter: str, change: Callable[[float, float, float], float]) -> Formula:
    """Return a wrong update; `change` takes parameter, gradient and learning rate."""
    gradient = f"dL_d{parameter.lower()}"
    return lambda e, v: _each(
        lambda old, slope: change(old, slope, e.learning_rate),
        getattr(e, parameter),
        v[gradient],
    )


def _without_signs(e: WorkedExample, _: Values) -> Any:
    return linear_forward(_each(abs, e.W1), _each(abs, e.x), _each(abs, e.b1))


def _with_updated_w2(e: WorkedExample, v: Values) -> Any:
    W2_updated = update_matrix(e.W2, v["dL_dw2"], e.learning_rate)
    return linear_backward_input(W2_updated, v["dL_dy"])


_FORMULAS: list[tuple[str, str, dict[str, Formula]]] = [
    ("a", "a", {
        "left the biases out": lambda e, v: linear_forward(e.W1, e.x, [0.0, 0.0]),
        "dropped the minus signs": _without_signs,
    }),
    ("z", "z", {
        "copied a": lambda e, v: v["a"],
        "took the sigmoid for tanh": lambda e, v: _each(
            lambda a: 0.5 + 0.5 * math.tanh(a / 2), v["a"]
        ),
        "took tan for tanh": lambda e, v: _each(math.tan, v["a"]),
    }),
    ("y", "y", {
        "left the bias out": lambda e, v: linear_forward(e.W2, v["z"], [0.0]),
        "took a for z": lambda e, v: linear_forward(e.W2, v["a"], e.b2),
        "put tanh on the output too": lambda e, v: tanh_forward(
            linear_forward(e.W2, v["z"], e.b2)
        ),
    }),
    ("loss", "loss", {
        "did not square": lambda e, v: v["y"][0] - e.t[0],
        "halved the square": _times(0.5, "loss"),
        "took the difference of squares": lambda e, v: (
            v["y"][0] * v["y"][0] - e.t[0] * e.t[0]
        ),
    }),
    ("dL_dy", "dL_dy", {
        "forgot the factor 2": _times(0.5, "dL_dy"),
        "took t − y for y − t": _times(-1.0, "dL_dy"),
        "squared the difference": lambda e, v: [2 * mse_forward(v["y"], e.t)],
    }),
    ("dL_dw2", "dL_dw2", {
        "turned the sign round": _times(-1.0, "dL_dw2"),
        "took a for z": lambda e, v: linear_backward_weight(v["dL_dy"], v["a"]),
        "left ∂L/∂y out": lambda e, v: [list(v["z"])],
        "took W2 for z": lambda e, v: linear_backward_weight(v["dL_dy"], e.W2[0]),
    }),
    ("dL_db2", "dL_db2", {
        "turned the sign round": _times(-1.0, "dL_db2"),
        "left ∂L/∂y out": lambda e, v: [1.0],
        "multiplied by the bias": lambda e, v: _each(
            lambda g, b: g * b, v["dL_dy"], e.b2
        ),
    }),
    ("dL_dw1", "dL_dw1", {"turned the sign round": _times(-1.0, "dL_dw1")}),
    ("dL_dw1", "dL_da", {
        "forgot tanh′": lambda e, v: v["dL_dz"],
        "took 1 − tanh²(z) for 1 − z²": _slope(lambda z: 1 - math.tanh(z) ** 2),
        "took 1 − a² for 1 − z²": _slope(lambda a: 1 - a * a, of="a"),
        "took 1 − z for 1 − z²": _slope(lambda z: 1 - z),
        "took the sigmoid’s z(1 − z)": _slope(lambda z: z * (1 - z)),
    }),
    ("dL_dw1", "dL_dz", {
        "forgot W2": lambda e, v: [v["dL_dy"][0] for _ in v["z"]],
        "used the updated W2": _with_updated_w2,
        "left ∂L/∂y out": lambda e, v: list(e.W2[0]),
    }),
    ("dL_dw1", "dL_dw1", {
        "left x out": lambda e, v: [[g for _ in e.x] for g in v["dL_da"]],
    }),
    *(
        (f"{parameter}_updated", f"{parameter}_updated", {
            "added the step": _update(parameter, lambda old, g, rate: old + rate * g),
            "left the learning rate out": _update(parameter, lambda old, g, _: old - g),
            "gave the step alone": _update(parameter, lambda _, g, rate: -rate * g),
        })
        for parameter in ("W2", "b2", "W1", "b1")
    ),
    ("b1_updated", "dL_db1", {"forgot tanh′": lambda e, v: v["dL_dz"]}),
]  # fmt: skip

PEN_AND_PAPER = tuple(
    Slip(answer, quantity, name, formula)
    for answer, quantity, formulas in _FORMULAS
    for name, formula in formulas.items()
)
"""All slips, in the order of the answers that they affect first."""


def transposed_outer_product(example: WorkedExample, values: Values) -> Matrix:
    """Compute ∂L/∂W1 as x (∂L/∂a)ᵀ: the right numbers in the wrong shape."""
    return linear_backward_weight(example.x, values["dL_da"])


class BiasNotSummed(Linear):
    """A layer whose bias gradient is that of the last sample, not the sum over the batch."""

    def backward_parameters(self, G: Array) -> None:
        """Compute a bias gradient that is wrong for more than one sample."""
        super().backward_parameters(G)
        self.bias_gradient[:] = G[-1]


class WeightNotTransposed(Linear):
    """A layer that goes back with Wᵀ where the batch rule has W; no error if W is square."""

    def backward_input(self, G: Array) -> Array:
        """Compute a gradient that is wrong; this fails if W is not square."""
        gradient: Array = G.dot(self.weight.T)
        return gradient


class MeanTakenTwice(MSELoss):
    """A loss whose gradient is divided by N once too often."""

    def backward(self) -> Array:
        """Compute a gradient that is too small by the factor N."""
        return super().backward() / len(self.error)


class BroadcastingLoss:
    """A mean squared error that does not check shapes."""

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the mean over whatever shape y − t is broadcast to."""
        return float(np.mean((y - t) ** 2))
