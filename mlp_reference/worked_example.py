"""Two 3-2-1 networks as data, the exercise's and lesson 1's, and the quantities of one iteration.

Plain lists and floats, so that it can be read without knowing NumPy.
Names and shapes are those of the exercise: W1 is (2, 3), b1 (2,), W2 (1, 2), b2 (1,).
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

Vector = list[float]
Matrix = list[list[float]]
Value = float | Vector | Matrix
Values = dict[str, Any]  # quantities by name, each in its own shape
Formula = Callable[["WorkedExample", Values], Any]


class Solution(NamedTuple):
    """Every quantity of one iteration, in the order in which it is computed.

    The exercise asks for twelve of them.
    The other four lie between these: ``dL_dz``, ``dL_da`` and ``dL_db1`` are intermediate
    results; from ``dL_dx``, the backward pass would go on into a layer before this one.
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
    W1, W2 : Matrix, shapes (D_hidden, D_in) and (D_out, D_hidden)
        Weights of the hidden layer and of the output layer.
    b1, b2 : Vector, shapes (D_hidden,) and (D_out,)
        Their biases.
    x : Vector, shape (D_in,)
        Input.
    t : Vector, shape (D_out,)
        Target.
    learning_rate : float
        Step length of the update.

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
        vectors = {"b1": self.b1, "b2": self.b2, "x": self.x, "t": self.t}
        rows = [*self.W1, *self.W2, *vectors.values(), [self.learning_rate]]
        if not all(map(math.isfinite, itertools.chain(*rows))):
            names = ["W1"] * d_hidden + ["W2"] * d_out + [*vectors, "learning_rate"]
            for name, row in zip(names, rows, strict=True):
                for bad in itertools.filterfalse(math.isfinite, row):
                    raise ValueError(f"{name} holds {bad}, expected finite numbers")

    def after_update(self, solution: Solution) -> "WorkedExample":
        """Return the network after the update in `solution`."""
        return WorkedExample(
            solution.W1_updated,
            solution.b1_updated,
            solution.W2_updated,
            solution.b2_updated,
            self.x,
            self.t,
            self.learning_rate,
        )


def _check_matrix(
    name: str, matrix: Matrix, expected: tuple[int, int], meaning: str
) -> None:
    widths = {*map(len, matrix)}
    if len(matrix) != expected[0] or widths != {expected[1]}:
        raise ValueError(
            f"{name} has {len(matrix)} rows of length {sorted(widths)}, "
            f"expected shape {expected} = {meaning}"
        )


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

LESSON = WorkedExample(
    W1=[[0.3, -0.2, 0.8], [-0.1, 0.5, 0.7]],
    b1=[0.5, -0.5],
    W2=[[1.1, -0.7]],
    b2=[0.5],
    x=[1.5, 1.3, 0.6],
    t=[0.9],
    learning_rate=0.3,
)
"""The numbers of lesson 1, none of them the exercise's.

Every mistake that `mistakes.PEN_AND_PAPER` names shows at two decimals. The first three updates
make the loss rise, because K = ‖∂y/∂θ‖² falls below 1/η only at the third landing.
"""
