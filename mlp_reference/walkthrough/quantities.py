"""The quantities of one iteration in their order, and names and symbols of their elements."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Stage = Literal["forward", "backward", "update"]
Value = float | list[float] | list[list[float]]


class Quantity(NamedTuple):
    """One of the quantities of an iteration.

    Attributes
    ----------
    name : str
        Its field in `Solution`.
    title : str
        What it is, in words.
    rule : str
        The formula for all its elements at once.
    stage : {"forward", "backward", "update"}
        The part of the iteration that computes it.
    """

    name: str
    title: str
    rule: str
    stage: Stage


QUANTITIES = (
    Quantity("a", "pre-activation of the hidden layer", "a = W₁ x + b₁", "forward"),
    Quantity("z", "activation of the hidden layer", "z = tanh(a)", "forward"),
    Quantity("y", "output", "y = W₂ z + b₂", "forward"),
    Quantity("loss", "loss", "L = (y − t)²", "forward"),
    Quantity("dL_dy", "gradient at the output", "∂L/∂y = 2 (y − t)", "backward"),
    Quantity(
        "dL_dw2", "gradient of the output weights", "∂L/∂W₂ = ∂L/∂y zᵀ", "backward"
    ),
    Quantity("dL_db2", "gradient of the output bias", "∂L/∂b₂ = ∂L/∂y", "backward"),
    Quantity("dL_dz", "gradient at the activation", "∂L/∂z = W₂ᵀ ∂L/∂y", "backward"),
    Quantity(
        "dL_da",
        "gradient at the pre-activation",
        "∂L/∂a = ∂L/∂z ⊙ (1 − z²)",
        "backward",
    ),
    Quantity(
        "dL_dw1", "gradient of the hidden weights", "∂L/∂W₁ = ∂L/∂a xᵀ", "backward"
    ),
    Quantity("dL_db1", "gradient of the hidden biases", "∂L/∂b₁ = ∂L/∂a", "backward"),
    Quantity("dL_dx", "gradient at the input", "∂L/∂x = W₁ᵀ ∂L/∂a", "backward"),
    Quantity("W2_updated", "updated output weights", "W₂ ← W₂ − η ∂L/∂W₂", "update"),
    Quantity("b2_updated", "updated output bias", "b₂ ← b₂ − η ∂L/∂b₂", "update"),
    Quantity("W1_updated", "updated hidden weights", "W₁ ← W₁ − η ∂L/∂W₁", "update"),
    Quantity("b1_updated", "updated hidden biases", "b₁ ← b₁ − η ∂L/∂b₁", "update"),
)
"""The quantities in the order of `Solution`."""

_SINGLE = {"loss": "L", "learning_rate": "η"}


def elements(name: str, value: Value) -> dict[str, float]:
    """Name every element of a quantity as Python would reach it.

    Parameters
    ----------
    name : str
        The quantity, such as ``"dL_dw1"``.
    value : float, Vector or Matrix
        Its value.

    Returns
    -------
    dict of str to float
        Such as ``{"dL_dw1[0][0]": ..., "dL_dw1[0][1]": ...}``.
    """
    if not isinstance(value, list):
        return {name: value}
    named: dict[str, float] = {}
    items: Sequence[Value] = value
    for place, item in enumerate(items):
        named |= elements(f"{name}[{place}]", item)
    return named


def symbol(name: str) -> str:
    """Write the name of an element as mathematics does, in HTML.

    Parameters
    ----------
    name : str
        Such as ``"W1[1][2]"``, ``"dL_dw1[1][2]"``, ``"W1_updated[1][2]"`` or ``"loss"``.

    Returns
    -------
    str
        Such as ``∂L/∂W<sub>1,23</sub>``.
    """
    if name in _SINGLE:
        return _SINGLE[name]
    letters, *places = re.findall(r"\w+", name)
    letters = letters.removesuffix("_updated")
    if letters.startswith("dL_d"):
        inner = letters.removeprefix("dL_d").replace("w", "W")
        return "∂L/∂" + symbol(name.replace(letters, inner))
    layer = letters[1:]
    # The output layer has one neuron, so its bias and its output need no place of their own.
    places = [] if letters in ("b2", "y", "t") else places
    index = "".join(str(int(place) + 1) for place in places)
    low = ",".join(filter(None, (layer, index)))
    return f"{letters[0]}<sub>{low}</sub>" if low else letters[0]
