"""The exercise's 3-2-1 network as data: what Part 1 gives, and the quantities it asks for.

Plain lists and floats, so that it can be read without knowing NumPy.
Names and shapes are those of the exercise: W1 is (2, 3), b1 (2,), W2 (1, 2), b2 (1,).
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

Vector = list[float]
Matrix = list[list[float]]


class Solution(NamedTuple):
    """Every quantity of one iteration, in the order in which it is computed.

    The exercise asks for twelve of them.
    Four stand between: ``dL_dz``, ``dL_da`` and ``dL_db1`` are needed on the way,
    ``dL_dx`` is where the backward pass would go on.
    """

    a: Vector
    z: Vector
    y: Vector
    loss: float
    dL_dy: Vector
    dL_dw2: Matrix
    dL_db2: Vector
    dL_dz: Vector
    dL_da: Vector
    dL_dw1: Matrix
    dL_db1: Vector
    dL_dx: Vector
    W2_updated: Matrix
    b2_updated: Vector
    W1_updated: Matrix
    b1_updated: Vector


@dataclass(frozen=True)
class WorkedExample:
    """A network with one hidden tanh layer, one sample and a learning rate.

    Attributes
    ----------
    W1 : Matrix
        Weights of the hidden layer, shape (D_hidden, D_in).
    b1 : Vector
        Biases of the hidden layer, shape (D_hidden,).
    W2 : Matrix
        Weights of the output layer, shape (D_out, D_hidden).
    b2 : Vector
        Biases of the output layer, shape (D_out,).
    x : Vector
        Input, shape (D_in,).
    t : Vector
        Target, shape (D_out,).
    learning_rate : float
        Step length of the parameter update.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a value is NaN or infinite.
    """

    W1: Matrix
    b1: Vector
    W2: Matrix
    b2: Vector
    x: Vector
    t: Vector
    learning_rate: float

    def __post_init__(self) -> None:
        """Refuse a network whose shapes do not fit or whose values are not finite."""
        d_in, d_hidden, d_out = len(self.x), len(self.b1), len(self.t)
        _check_matrix("W1", self.W1, (d_hidden, d_in), "(len(b1), len(x))")
        _check_matrix("W2", self.W2, (d_out, d_hidden), "(len(t), len(b1))")
        if len(self.b2) != d_out:
            raise ValueError(
                f"b2 has {len(self.b2)} elements, expected {d_out}, as t has"
            )
        _check_finite("W1", [value for row in self.W1 for value in row])
        _check_finite("W2", [value for row in self.W2 for value in row])
        for name in ("b1", "b2", "x", "t"):
            _check_finite(name, getattr(self, name))
        _check_finite("learning_rate", [self.learning_rate])

    def after_update(self, solution: Solution) -> "WorkedExample":
        """Put the updated parameters in place, ready for another iteration on the same sample.

        Parameters
        ----------
        solution : Solution
            What `manual.solve` returned for this network.

        Returns
        -------
        WorkedExample
            The network after the step; this one is left as it is.
        """
        return WorkedExample(
            W1=solution.W1_updated,
            b1=solution.b1_updated,
            W2=solution.W2_updated,
            b2=solution.b2_updated,
            x=self.x,
            t=self.t,
            learning_rate=self.learning_rate,
        )


def _check_matrix(
    name: str, matrix: Matrix, expected: tuple[int, int], meaning: str
) -> None:
    widths = {len(row) for row in matrix}
    if len(matrix) != expected[0] or widths != {expected[1]}:
        raise ValueError(
            f"{name} has {len(matrix)} rows of length {sorted(widths)}, "
            f"expected shape {expected} = {meaning}"
        )


def _check_finite(name: str, values: Vector) -> None:
    if not all(map(math.isfinite, values)):
        found = next(value for value in values if not math.isfinite(value))
        raise ValueError(f"{name} holds {found}, expected finite numbers")


EXERCISE = WorkedExample(
    W1=[[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]],
    b1=[0.1, 0.2],
    W2=[[0.7, -0.8]],
    b2=[0.3],
    x=[0.3, 0.4, -0.1],
    t=[0.5],
    learning_rate=0.5,
)
"""The numbers of the exercise."""
