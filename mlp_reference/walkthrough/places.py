"""The places of the network's picture: which value and gradient each shows, and how it is reached."""

from typing import NamedTuple

from mlp_reference.walkthrough.quantities import symbol
from mlp_reference.worked_example import WorkedExample


class Place(NamedTuple):
    """A node or an edge of the picture that `mlp_reference.network_graph` draws.

    Attributes
    ----------
    symbol : str
        What it is called, as HTML.
    value : str
        The element that it shows, such as ``"W1[1][2]"``.
    gradient : str
        The gradient below it, such as ``"dL_dw1[1][2]"``; empty at the loss, where it is 1.
    path : list of str
        The places and arrows between the loss and this place, itself included.
    """

    symbol: str
    value: str
    gradient: str
    path: list[str]


def places(example: WorkedExample) -> dict[str, Place]:
    """List the places by their names in the picture.

    Parameters
    ----------
    example : WorkedExample
        The network; only its shapes matter. It has one output.

    Returns
    -------
    dict of str to Place
        Such as ``"W1_23"``, ``"b1_2"``, ``"a2"`` or ``"L"``.
    """
    inputs, hidden = range(len(example.x)), range(len(example.b1))
    found = {"L": Place(symbol("loss"), "loss", "", ["L"])}

    def add(name: str, value: str, *path: str) -> None:
        gradient = "dL_d" + value.replace("W", "w")
        found[name] = Place(symbol(value), value, gradient, [*path, name])

    to_y = ["L", "y"]
    add("y", "y[0]", "L")
    add("b2_1", "b2[0]", *to_y)
    to_inputs: list[str] = []
    for j in hidden:
        weight, z, a = f"W2_1{j + 1}", f"z{j + 1}", f"a{j + 1}"
        to_z = [*to_y, weight, z]
        add(weight, f"W2[0][{j}]", *to_y)
        add(z, f"z[{j}]", *to_y, weight)
        add(a, f"a[{j}]", *to_z)
        add(f"b1_{j + 1}", f"b1[{j}]", *to_z, a)
        to_inputs += [*to_z, a]
        for k in inputs:
            add(f"W1_{j + 1}{k + 1}", f"W1[{j}][{k}]", *to_z, a)
    for k in inputs:
        arrows = [f"W1_{j + 1}{k + 1}" for j in hidden]
        add(f"x{k + 1}", f"x[{k}]", *dict.fromkeys(to_inputs), *arrows)
    return found
