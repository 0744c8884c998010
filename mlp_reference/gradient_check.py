"""Numerical gradients, to hold a hand-written backward pass against.

Each takes a loss as a function of the flat parameter vector θ and tries one element at a time.
"""

import math
from collections.abc import Callable

import numpy as np

from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import Sequential

# A loss as a function of θ: a float for a real θ, complex for a complex one.
Loss = Callable[[Array], complex]


def forward_difference(loss: Loss, theta: Array, eps: float = 1e-8) -> Array:
    """Estimate the gradient by (L(θ + ε e_i) − L(θ)) / ε; its truncation error falls like ε only.

    Parameters
    ----------
    loss : callable
        Maps a vector of shape (P,) to a float.
    theta : ndarray, shape (P,)
        Where the gradient is taken; it is left as it is.
    eps : float, optional
        Step ε.

    Returns
    -------
    ndarray, shape (P,)
    """
    here = loss(theta.astype(np.float64))  # as precise as the steps, which are float64
    return np.array(
        [(loss(theta + step) - here) / eps for step in eps * np.eye(theta.size)]
    )


def central_difference(loss: Loss, theta: Array, eps: float = 1e-5) -> Array:
    """Estimate the gradient by (L(θ + ε e_i) − L(θ − ε e_i)) / 2ε, off by something like ε².

    Parameters
    ----------
    loss, theta, eps
        As for `forward_difference`.

    Returns
    -------
    ndarray, shape (P,)
    """
    steps = eps * np.eye(theta.size)
    return np.array(
        [(loss(theta + step) - loss(theta - step)) / (2 * eps) for step in steps]
    )


def complex_step(loss: Loss, theta: Array, eps: float = 1e-20) -> Array:
    """Compute the gradient by Im L(θ + iε e_i) / ε: no difference is taken, so no digits are lost.

    Parameters
    ----------
    loss, theta, eps
        As for `forward_difference`, but the loss maps complex to complex, by analytic
        operations only, and ε may be as small as one likes.

    Returns
    -------
    ndarray, shape (P,)

    References
    ----------
    W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions,
    SIAM Review 40 (1998).
    """
    return np.array(
        [loss(theta + step).imag / eps for step in 1j * eps * np.eye(theta.size)]
    )


def relative_error(gradient: Array, reference: Array) -> float:
    """Compare two gradients in norm: ‖g − r‖ / ‖r‖, and ‖g‖ where r is zero.

    Element by element, a gradient near zero would look wrong for its last digit alone.

    Parameters
    ----------
    gradient, reference : ndarray of the same shape

    Returns
    -------
    float
        NaN if either holds NaN.
    """
    if gradient.shape != reference.shape:
        raise ValueError(
            f"the gradient has shape {gradient.shape}, expected {reference.shape}"
        )
    scale = float(np.linalg.norm(reference))
    return float(np.linalg.norm(gradient - reference)) / (scale or 1.0)


def bound(error: float, floor: float = 1e-14) -> float:
    """Find a power of ten that an error lies below, the same on every processor.

    Processors round differently, so the digits of an error that rounding left differ too.

    Parameters
    ----------
    error : float
        Not negative.
    floor : float, optional
        A power of ten that rounding alone stays well below.

    Returns
    -------
    float
        The floor, or for an error that reaches it the next power of ten above the error.
    """
    if not 0 <= error < math.inf:
        raise ValueError(f"the error is {error}, expected a number from 0 on")
    if error < floor:
        return floor
    exponent = int(f"{error:.17e}".partition("e")[2])
    return float(f"1e{exponent + 1}")


def loss_of_parameters(network: Sequential, X: Array, T: Array) -> Loss:
    """Turn a network and a batch into a loss as a function of θ, for the checks above.

    Parameters
    ----------
    network : Sequential
        It is copied, so the checks leave it as it is.
    X, T : ndarray, shapes (N, D_in) and (N, D_out)

    Returns
    -------
    callable
        Mean squared error at θ of shape (P,).
    """

    def _loss(theta: Array) -> complex:
        twin = network.astype(theta.dtype)
        twin.parameters[:] = theta
        error = twin(X.astype(theta.dtype)) - T
        # Not MSELoss: that is for real numbers, and this is its definition once more.
        loss: complex = (error * error).mean().item()
        return loss

    return _loss
