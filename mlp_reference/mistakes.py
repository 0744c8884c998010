"""Typical mistakes, made on purpose: what each does to the exercise's ∂L/∂W1, and to a batch.

A page of the course shows them, and the tests hold every one of them against a gradient check.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlp_reference import manual
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import Linear, MSELoss
from mlp_reference.worked_example import Matrix, Solution, Vector, WorkedExample


class PenAndPaperMistake(NamedTuple):
    """A slip on the way to ∂L/∂W1.

    Attributes
    ----------
    name : str
        What one did.
    dL_dw1 : callable
        Maps a network and its right solution to the wrong ∂L/∂W1.
    """

    name: str
    dL_dw1: Callable[[WorkedExample, Solution], Matrix]


def _outer(dL_da: Vector, example: WorkedExample) -> Matrix:
    return manual.linear_backward_weight(dL_da, example.x)


def _slope_from(values: Vector, dL_dz: Vector, example: WorkedExample) -> Matrix:
    """Go back through tanh with 1 − v², where v is not what it should be."""
    return _outer(manual.tanh_backward(dL_dz, values), example)


def _scaled_output_gradient(
    factor: float, example: WorkedExample, right: Solution
) -> Matrix:
    dL_dy = [factor * value for value in right.dL_dy]
    dL_dz = manual.linear_backward_input(example.W2, dL_dy)
    return _slope_from(right.z, dL_dz, example)


def _sigmoid_slope(example: WorkedExample, right: Solution) -> Matrix:
    dL_da = [g * z * (1 - z) for g, z in zip(right.dL_dz, right.z, strict=True)]
    return _outer(dL_da, example)


def _without_w2(example: WorkedExample, right: Solution) -> Matrix:
    dL_dz = [right.dL_dy[0] for _ in right.z]
    return _slope_from(right.z, dL_dz, example)


def _updated_w2(example: WorkedExample, right: Solution) -> Matrix:
    dL_dz = manual.linear_backward_input(right.W2_updated, right.dL_dy)
    return _slope_from(right.z, dL_dz, example)


def _rounded(values: Vector) -> Vector:
    return [round(value, 2) for value in values]


def _rounding_between_steps(example: WorkedExample, right: Solution) -> Matrix:
    z = _rounded(right.z)
    y = _rounded(manual.linear_forward(example.W2, z, example.b2))
    dL_dz = manual.linear_backward_input(example.W2, manual.mse_backward(y, example.t))
    return _slope_from(z, _rounded(dL_dz), example)


def _transposed(example: WorkedExample, right: Solution) -> Matrix:
    return manual.linear_backward_weight(example.x, right.dL_da)


PEN_AND_PAPER = (
    PenAndPaperMistake(
        "forgot the factor 2", lambda e, s: _scaled_output_gradient(0.5, e, s)
    ),
    PenAndPaperMistake(
        "took t − y for y − t", lambda e, s: _scaled_output_gradient(-1.0, e, s)
    ),
    PenAndPaperMistake("forgot tanh′", lambda e, s: _outer(s.dL_dz, e)),
    PenAndPaperMistake(
        "took 1 − tanh²(z) for 1 − z²",
        lambda e, s: _slope_from(manual.tanh_forward(s.z), s.dL_dz, e),
    ),
    PenAndPaperMistake(
        "took 1 − a² for 1 − z²", lambda e, s: _slope_from(s.a, s.dL_dz, e)
    ),
    PenAndPaperMistake("took the sigmoid’s z(1 − z)", _sigmoid_slope),
    PenAndPaperMistake("forgot W2", _without_w2),
    PenAndPaperMistake("used the updated W2", _updated_w2),
    PenAndPaperMistake(
        "rounded to two decimals between steps", _rounding_between_steps
    ),
    PenAndPaperMistake("transposed the outer product", _transposed),
)
"""Slips with pen and paper, in the order of the mistakes page."""


class BiasNotSummed(Linear):
    """Takes the bias gradient of the last sample instead of the sum over the batch."""

    def backward_parameters(self, G: Array) -> None:
        """Write a bias gradient that is wrong for more than one sample."""
        super().backward_parameters(G)
        self.bias_gradient[:] = G[-1]


class WeightNotTransposed(Linear):
    """Goes back with Wᵀ where the batch rule has W; silent where W is square."""

    def backward_input(self, G: Array) -> Array:
        """Compute a gradient that is wrong, or fails where W is not square."""
        gradient: Array = G.dot(self.weight.T)
        return gradient


class MeanTakenTwice(MSELoss):
    """Divides by N once more than the loss does."""

    def backward(self) -> Array:
        """Compute a gradient that is too small by the factor N."""
        return super().backward() / len(self.error)


class BroadcastingLoss:
    """A mean squared error that does not look at shapes."""

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the mean of whatever y − t broadcasts to."""
        return float(np.mean((y - t) ** 2))
