"""Pen and paper: one iteration of a small network in pure Python, one function per step.

Vectors are lists and stand for columns, matrices are lists of rows, every sum is written out.
Each backward step stands right below its forward step; `FORMULAS` puts them in order.

A layer has a weight W of shape (D_out, D_in) and a bias b of shape (D_out,); from z_prev of
shape (D_in,) it computes a, and from a it computes z, both of shape (D_out,). Prediction y and
target t have the shape of the last layer's a. A gradient dL_dv has the shape of v.
Lists whose lengths do not fit together raise a ValueError that names both lengths.
"""

import math

from mlp_reference.worked_example import (
    Formula,
    Matrix,
    Solution,
    Values,
    Vector,
    WorkedExample,
)


def linear_forward(W: Matrix, z_prev: Vector, b: Vector) -> Vector:
    """Compute the pre-activation a = W z_prev + b."""
    if len(W) != len(b):
        raise _unequal("rows of W", W, "b", b)
    a = []
    for row, bias in zip(W, b):
        if len(row) != len(z_prev):
            raise _unequal("a row of W", row, "z_prev", z_prev)
        total = 0.0
        for weight, value in zip(row, z_prev):
            total = total + weight * value
        a.append(total + bias)
    return a


def linear_backward_weight(dL_da: Vector, z_prev: Vector) -> Matrix:
    """Compute ∂L/∂W = ∂L/∂a z_prevᵀ, an outer product."""
    return [[upstream * value for value in z_prev] for upstream in dL_da]


def linear_backward_bias(dL_da: Vector) -> Vector:
    """Compute ∂L/∂b = ∂L/∂a: the bias is added, so its local gradient is 1."""
    return list(dL_da)


def linear_backward_input(W: Matrix, dL_da: Vector) -> Vector:
    """Compute ∂L/∂z_prev = Wᵀ ∂L/∂a: sum over every path that leaves an input."""
    if len(W) != len(dL_da):
        raise _unequal("rows of W", W, "dL_da", dL_da)
    if not W:
        raise ValueError("W has no rows, expected at least one")
    dL_dz_prev = [0.0 for _ in W[0]]
    for row, upstream in zip(W, dL_da):
        if len(row) != len(W[0]):
            raise _unequal("a row of W", row, "the first", W[0])
        for k, weight in enumerate(row):
            dL_dz_prev[k] = dL_dz_prev[k] + weight * upstream
    return dL_dz_prev


def tanh_forward(a: Vector) -> Vector:
    """Compute the activation z = tanh(a), element by element."""
    return [math.tanh(value) for value in a]


def tanh_backward(dL_dz: Vector, z: Vector) -> Vector:
    """Compute ∂L/∂a = ∂L/∂z ⊙ (1 − z²), because tanh′(a) = 1 − tanh²(a)."""
    if len(dL_dz) != len(z):
        raise _unequal("dL_dz", dL_dz, "z", z)
    return [upstream * (1.0 - out * out) for upstream, out in zip(dL_dz, z)]


def mse_forward(y: Vector, t: Vector) -> float:
    """Compute the mean squared error; with one output it is L = (y − t)²."""
    if len(y) != len(t):
        raise _unequal("y", y, "t", t)
    total = 0.0
    for prediction, target in zip(y, t):
        total = total + (prediction - target) * (prediction - target)
    return total / len(t)


def mse_backward(y: Vector, t: Vector) -> Vector:
    """Compute ∂L/∂y = 2 (y − t) / D_out; with one output, 2 (y − t)."""
    if len(y) != len(t):
        raise _unequal("y", y, "t", t)
    return [2.0 * (prediction - target) / len(t) for prediction, target in zip(y, t)]


def update_vector(parameter: Vector, gradient: Vector, learning_rate: float) -> Vector:
    """Take one step of gradient descent, b ← b − η ∂L/∂b, into a new list."""
    if len(parameter) != len(gradient):
        raise _unequal("the parameter", parameter, "its gradient", gradient)
    return [value - learning_rate * slope for value, slope in zip(parameter, gradient)]


def update_matrix(parameter: Matrix, gradient: Matrix, learning_rate: float) -> Matrix:
    """Take one step of gradient descent, W ← W − η ∂L/∂W, row by row."""
    if len(parameter) != len(gradient):
        raise _unequal(
            "rows of the parameter", parameter, "rows of its gradient", gradient
        )
    return [
        update_vector(row, slopes, learning_rate)
        for row, slopes in zip(parameter, gradient)
    ]


FORMULAS: dict[str, Formula] = {
    "a": lambda e, v: linear_forward(e.W1, e.x, e.b1),
    "z": lambda e, v: tanh_forward(v["a"]),
    "y": lambda e, v: linear_forward(e.W2, v["z"], e.b2),
    "loss": lambda e, v: mse_forward(v["y"], e.t),
    "dL_dy": lambda e, v: mse_backward(v["y"], e.t),
    "dL_dw2": lambda e, v: linear_backward_weight(v["dL_dy"], v["z"]),
    "dL_db2": lambda e, v: linear_backward_bias(v["dL_dy"]),
    "dL_dz": lambda e, v: linear_backward_input(e.W2, v["dL_dy"]),
    "dL_da": lambda e, v: tanh_backward(v["dL_dz"], v["z"]),
    "dL_dw1": lambda e, v: linear_backward_weight(v["dL_da"], e.x),
    "dL_db1": lambda e, v: linear_backward_bias(v["dL_da"]),
    "dL_dx": lambda e, v: linear_backward_input(e.W1, v["dL_da"]),
    "W2_updated": lambda e, v: update_matrix(e.W2, v["dL_dw2"], e.learning_rate),
    "b2_updated": lambda e, v: update_vector(e.b2, v["dL_db2"], e.learning_rate),
    "W1_updated": lambda e, v: update_matrix(e.W1, v["dL_dw1"], e.learning_rate),
    "b1_updated": lambda e, v: update_vector(e.b1, v["dL_db1"], e.learning_rate),
}
"""One formula for each field of `Solution`, in order: forward, loss, backward, update.

Each takes the example and the values computed before it.
"""


def solve(example: WorkedExample) -> Solution:
    """Compute one whole iteration."""
    values: Values = {}
    for name, formula in FORMULAS.items():
        values[name] = formula(example, values)
    return Solution(*values.values())


def work_out(
    example: WorkedExample,
    slips: dict[str, Formula] | None = None,
    given: Values | None = None,
) -> Values:
    """Compute one iteration, with `slips` in place of formulas and `given` in place of values."""
    values: Values = {}
    given = given or {}
    for name, formula in (FORMULAS | (slips or {})).items():
        values[name] = given[name] if name in given else formula(example, values)
    return values


def _unequal(
    name: str, values: Vector | Matrix, other_name: str, others: Vector | Matrix
) -> ValueError:
    return ValueError(
        f"{name} and {other_name} have lengths {len(values)} and {len(others)}, "
        "expected the same"
    )
