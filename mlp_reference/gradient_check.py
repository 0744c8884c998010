"""Numerical gradients, to check a hand-written backward pass.

Each takes a loss as a function of the flat parameter vector θ and varies one element at a time.
"""

import math
from collections.abc import Callable

import numpy as np

from mlp_reference.arrays import Array, are_class_numbers
from mlp_reference.numpy_mlp import Sequential, softmax

# A loss as a function of θ: a float for a real θ, complex for a complex one.
Loss = Callable[[Array], complex]


def forward_difference(loss: Loss, theta: Array, eps: float = 1e-8) -> Array:
    """Estimate the gradient by (L(θ + ε e_i) − L(θ)) / ε, with a truncation error of order ε.

    Parameters
    ----------
    loss : callable
        Maps a vector of shape (P,) to a float.
    theta : ndarray, shape (P,)
        Where the gradient is taken; it is not changed.
    eps : float, optional
        Step ε.

    Returns
    -------
    ndarray, shape (P,)
    """
    steps = _steps(theta, eps)
    here = loss(theta.astype(np.float64))  # as precise as the steps, which are float64
    return np.array([(loss(theta + step) - here) / eps for step in steps])


def central_difference(loss: Loss, theta: Array, eps: float = 1e-5) -> Array:
    """Estimate the gradient by (L(θ + ε e_i) − L(θ − ε e_i)) / 2ε, with an error of order ε².

    Parameters
    ----------
    loss, theta, eps
        As for `forward_difference`.

    Returns
    -------
    ndarray, shape (P,)
    """
    steps = _steps(theta, eps)
    return np.array(
        [(loss(theta + step) - loss(theta - step)) / (2 * eps) for step in steps]
    )


def complex_step(loss: Loss, theta: Array, eps: float = 1e-20) -> Array:
    """Compute the gradient by Im L(θ + iε e_i) / ε, which loses no digits to a subtraction.

    Parameters
    ----------
    loss, theta, eps
        As for `forward_difference`, but the loss maps complex to complex, by analytic
        operations only, and ε may be very small.

    Returns
    -------
    ndarray, shape (P,)

    References
    ----------
    W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions,
    SIAM Review 40 (1998).
    """
    steps = _steps(theta, 1j * eps)
    return np.array([loss(theta + step).imag / eps for step in steps])


def relative_error(gradient: Array, reference: Array) -> float:
    """Return the difference of two gradients in norm, ‖g − r‖ / ‖r‖, or ‖g‖ where r is zero.

    A comparison by element would find a gradient near zero wrong because of its last digit.

    Parameters
    ----------
    gradient, reference : ndarray of the same shape

    Returns
    -------
    float
        NaN if either gradient contains NaN.
    """
    if gradient.shape != reference.shape:
        raise ValueError(
            f"the gradient has shape {gradient.shape}, expected {reference.shape}"
        )
    scale = float(np.linalg.norm(reference))
    return float(np.linalg.norm(gradient - reference)) / (scale or 1.0)


def bound(error: float, floor: float = 1e-14) -> float:
    """Return a power of ten above an error, the same on every processor.

    Processors round differently, so the digits of a rounding error differ too.

    Parameters
    ----------
    error : float
        Not negative.
    floor : float, optional
        A power of ten well above any rounding error.

    Returns
    -------
    float
        The floor, or the next power of ten above an error that is not below the floor.
    """
    if not 0 <= error < math.inf:
        raise ValueError(f"the error is {error}, expected a number from 0 on")
    if error < floor:
        return floor
    exponent = int(f"{error:.17e}".partition("e")[2])
    return float(f"1e{exponent + 1}")


def loss_of_parameters(network: Sequential, X: Array, T: Array) -> Loss:
    """Return the loss of a network on a batch as a function of θ, for the gradients above.

    Parameters
    ----------
    network : Sequential
        It is copied, so it does not change.
    X, T : ndarray, shapes (N, D_in) and (N, D_out), or (N,) for class numbers

    Returns
    -------
    callable
        Mean squared error at θ of shape (P,), or cross-entropy if T has class numbers.
    """

    def _loss(theta: Array) -> complex:
        if theta.shape != network.parameters.shape:
            raise ValueError(
                f"theta has shape {theta.shape}, expected {network.parameters.shape}"
            )
        twin = network.astype(theta.dtype)
        twin.parameters[:] = theta
        y = twin(X.astype(theta.dtype))
        # The losses accept only real numbers, so their definitions are written out here.
        if are_class_numbers(T):
            samples = -np.log(softmax(y)[np.arange(len(T)), T])
        else:
            samples = (y - T) * (y - T)
        loss: complex = samples.mean().item()
        return loss

    return _loss


def _steps(theta: Array, length: complex) -> Array:
    if theta.ndim != 1:  # a column and a step, which is a row, would add up to a matrix
        raise ValueError(f"theta has shape {theta.shape}, expected one axis, (P,)")
    return length * np.eye(theta.size)
