"""The worked example as a chain: every quantity by its name, computed from those before it.

The formulas are those of `manual`. Here each can be asked for by name, replaced by a slip,
or started from somebody's own earlier values; the marking of the exercise lives on that.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mlp_reference import manual
from mlp_reference.worked_example import Matrix, Vector, WorkedExample

Value = float | Vector | Matrix
Values = Mapping[str, Any]
"""Quantities by name, each a `Value` in its own shape."""

Formula = Callable[[WorkedExample, Values], Value]

FORMULAS: dict[str, Formula] = {
    "a": lambda e, v: manual.linear_forward(e.W1, e.x, e.b1),
    "z": lambda e, v: manual.tanh_forward(v["a"]),
    "y": lambda e, v: manual.linear_forward(e.W2, v["z"], e.b2),
    "loss": lambda e, v: manual.mse_forward(v["y"], e.t),
    "dL_dy": lambda e, v: manual.mse_backward(v["y"], e.t),
    "dL_dw2": lambda e, v: manual.linear_backward_weight(v["dL_dy"], v["z"]),
    "dL_db2": lambda e, v: manual.linear_backward_bias(v["dL_dy"]),
    "dL_dz": lambda e, v: manual.linear_backward_input(e.W2, v["dL_dy"]),
    "dL_da": lambda e, v: manual.tanh_backward(v["dL_dz"], v["z"]),
    "dL_dw1": lambda e, v: manual.linear_backward_weight(v["dL_da"], e.x),
    "dL_db1": lambda e, v: manual.linear_backward_bias(v["dL_da"]),
    "dL_dx": lambda e, v: manual.linear_backward_input(e.W1, v["dL_da"]),
    "W2_updated": lambda e, v: manual.update_matrix(e.W2, v["dL_dw2"], e.learning_rate),
    "b2_updated": lambda e, v: manual.update_vector(e.b2, v["dL_db2"], e.learning_rate),
    "W1_updated": lambda e, v: manual.update_matrix(e.W1, v["dL_dw1"], e.learning_rate),
    "b1_updated": lambda e, v: manual.update_vector(e.b1, v["dL_db1"], e.learning_rate),
}
"""One formula for each field of `Solution`, in the same order."""


def work_out(
    example: WorkedExample,
    slips: Mapping[str, Formula] | None = None,
    given: Values | None = None,
) -> dict[str, Any]:
    """Go through the whole chain, as `manual.solve` does, with slips and given values.

    Parameters
    ----------
    example : WorkedExample
        The network.
    slips : mapping of str to callable, optional
        Formulas that replace the right ones, by quantity.
    given : mapping of str to Value, optional
        Values that stand in place of computed ones, by quantity, such as earlier answers.

    Returns
    -------
    dict
        Every quantity by name.
    """
    values: dict[str, Any] = {}
    formulas = FORMULAS | dict(slips or {})
    for name, formula in formulas.items():
        given_here = given is not None and name in given
        values[name] = given[name] if given_here else formula(example, values)  # type: ignore[index]
    return values
