"""Pen and paper: one iteration of a small network in pure Python, one function per step.

Vectors are lists and stand for columns, matrices are lists of rows, every sum is written out.
Each backward step stands right below its forward step.
Lists whose lengths do not fit together raise a ValueError that names both lengths.
"""

import math

from mlp_reference.worked_example import Matrix, Solution, Vector, WorkedExample


def linear_forward(W: Matrix, z_prev: Vector, b: Vector) -> Vector:
    """Compute the pre-activation a = W z_prev + b.

    Parameters
    ----------
    W : Matrix, shape (D_out, D_in)
    z_prev : Vector, shape (D_in,)
    b : Vector, shape (D_out,)

    Returns
    -------
    Vector, shape (D_out,)
    """
    _check_lengths("rows of W", W, "b", b)
    a = []
    for row, bias in zip(W, b):
        _check_lengths("a row of W", row, "z_prev", z_prev)
        total = 0.0
        for weight, value in zip(row, z_prev):
            total = total + weight * value
        a.append(total + bias)
    return a


def linear_backward_weight(dL_da: Vector, z_prev: Vector) -> Matrix:
    """Compute ∂L/∂W = ∂L/∂a z_prevᵀ, an outer product.

    Parameters
    ----------
    dL_da : Vector, shape (D_out,)
    z_prev : Vector, shape (D_in,)

    Returns
    -------
    Matrix, shape (D_out, D_in)
    """
    return [[upstream * value for value in z_prev] for upstream in dL_da]


def linear_backward_bias(dL_da: Vector) -> Vector:
    """Compute ∂L/∂b = ∂L/∂a: the bias is added, so its local gradient is 1.

    Parameters
    ----------
    dL_da : Vector, shape (D_out,)

    Returns
    -------
    Vector, shape (D_out,)
    """
    return list(dL_da)


def linear_backward_input(W: Matrix, dL_da: Vector) -> Vector:
    """Compute ∂L/∂z_prev = Wᵀ ∂L/∂a: sum over every path that leaves an input.

    Parameters
    ----------
    W : Matrix, shape (D_out, D_in)
    dL_da : Vector, shape (D_out,)

    Returns
    -------
    Vector, shape (D_in,)
    """
    _check_lengths("rows of W", W, "dL_da", dL_da)
    if not W:
        raise ValueError("W has no rows, expected at least one")
    dL_dz_prev = [0.0 for _ in W[0]]
    for row, upstream in zip(W, dL_da):
        _check_lengths("a row of W", row, "the first", W[0])
        for k, weight in enumerate(row):
            dL_dz_prev[k] = dL_dz_prev[k] + weight * upstream
    return dL_dz_prev


def tanh_forward(a: Vector) -> Vector:
    """Compute the activation z = tanh(a), element by element.

    Parameters
    ----------
    a : Vector, shape (D,)

    Returns
    -------
    Vector, shape (D,)
    """
    return [math.tanh(value) for value in a]


def tanh_backward(dL_dz: Vector, z: Vector) -> Vector:
    """Compute ∂L/∂a = ∂L/∂z ⊙ (1 − z²), because tanh′(a) = 1 − tanh²(a).

    Parameters
    ----------
    dL_dz : Vector, shape (D,)
    z : Vector, shape (D,)
        What `tanh_forward` returned.

    Returns
    -------
    Vector, shape (D,)
    """
    _check_lengths("dL_dz", dL_dz, "z", z)
    return [upstream * (1.0 - out * out) for upstream, out in zip(dL_dz, z)]


def mse_forward(y: Vector, t: Vector) -> float:
    """Compute the mean squared error; with one output it is L = (y − t)².

    Parameters
    ----------
    y : Vector, shape (D_out,)
    t : Vector, shape (D_out,)

    Returns
    -------
    float
    """
    _check_lengths("y", y, "t", t)
    total = 0.0
    for prediction, target in zip(y, t):
        total = total + (prediction - target) * (prediction - target)
    return total / len(t)


def mse_backward(y: Vector, t: Vector) -> Vector:
    """Compute ∂L/∂y = 2 (y − t) / D_out; with one output, 2 (y − t).

    Parameters
    ----------
    y : Vector, shape (D_out,)
    t : Vector, shape (D_out,)

    Returns
    -------
    Vector, shape (D_out,)
    """
    _check_lengths("y", y, "t", t)
    return [2.0 * (prediction - target) / len(t) for prediction, target in zip(y, t)]


def update_vector(parameter: Vector, gradient: Vector, learning_rate: float) -> Vector:
    """Take one step of gradient descent, b ← b − η ∂L/∂b, into a new list.

    Parameters
    ----------
    parameter : Vector, shape (D,)
    gradient : Vector, shape (D,)
    learning_rate : float

    Returns
    -------
    Vector, shape (D,)
    """
    _check_lengths("the parameter", parameter, "its gradient", gradient)
    return [value - learning_rate * slope for value, slope in zip(parameter, gradient)]


def update_matrix(parameter: Matrix, gradient: Matrix, learning_rate: float) -> Matrix:
    """Take one step of gradient descent, W ← W − η ∂L/∂W, row by row.

    Parameters
    ----------
    parameter : Matrix, shape (D_out, D_in)
    gradient : Matrix, shape (D_out, D_in)
    learning_rate : float

    Returns
    -------
    Matrix, shape (D_out, D_in)
    """
    _check_lengths("rows of the parameter", parameter, "rows of its gradient", gradient)
    return [
        update_vector(row, slopes, learning_rate)
        for row, slopes in zip(parameter, gradient)
    ]


def solve(example: WorkedExample) -> Solution:
    """Work out one whole iteration: forward, loss, backward, update.

    Parameters
    ----------
    example : WorkedExample

    Returns
    -------
    Solution
        Every quantity, in the order in which it is computed.
    """
    W1, b1, W2, b2 = example.W1, example.b1, example.W2, example.b2
    x, t, learning_rate = example.x, example.t, example.learning_rate

    a = linear_forward(W1, x, b1)
    z = tanh_forward(a)
    y = linear_forward(W2, z, b2)
    loss = mse_forward(y, t)

    dL_dy = mse_backward(y, t)
    dL_dw2 = linear_backward_weight(dL_dy, z)
    dL_db2 = linear_backward_bias(dL_dy)
    dL_dz = linear_backward_input(W2, dL_dy)
    dL_da = tanh_backward(dL_dz, z)
    dL_dw1 = linear_backward_weight(dL_da, x)
    dL_db1 = linear_backward_bias(dL_da)
    dL_dx = linear_backward_input(W1, dL_da)

    W2_updated = update_matrix(W2, dL_dw2, learning_rate)
    b2_updated = update_vector(b2, dL_db2, learning_rate)
    W1_updated = update_matrix(W1, dL_dw1, learning_rate)
    b1_updated = update_vector(b1, dL_db1, learning_rate)

    return Solution(
        *(a, z, y, loss),
        *(dL_dy, dL_dw2, dL_db2, dL_dz, dL_da, dL_dw1, dL_db1, dL_dx),
        *(W2_updated, b2_updated, W1_updated, b1_updated),
    )


def _check_lengths(
    name: str, values: Vector | Matrix, other_name: str, others: Vector | Matrix
) -> None:
    if len(values) != len(others):
        raise ValueError(
            f"{name} and {other_name} have lengths {len(values)} and {len(others)}, "
            "expected the same"
        )
