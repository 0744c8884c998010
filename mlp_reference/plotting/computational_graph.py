"""The exercise's network as a picture: a value and a gradient at every node and edge."""

from mlp_reference.network_graph import Label, draw, subscript
from mlp_reference.worked_example import Matrix, Solution, Vector, WorkedExample


def computational_graph(example: WorkedExample, solution: Solution) -> str:
    """Draw a network with three inputs, two hidden units and one output, worked out.

    Parameters
    ----------
    example : WorkedExample
        The network and its sample.
    solution : Solution
        What `manual.solve` returned for it.

    Returns
    -------
    str
        An SVG document. Values stand in blue; gradients stand below them, in orange,
        each after a ∂.

    Raises
    ------
    ValueError
        If the network is not of shape 3-2-1.
    """
    sizes = (len(example.x), len(example.b1), len(example.b2))
    if sizes != (3, 2, 1):
        raise ValueError(f"the network is {sizes}, expected (3, 2, 1)")
    labels = _boxes("x", example.x, solution.dL_dx)
    labels |= _boxes("a", solution.a, solution.dL_da)
    labels |= _boxes("z", solution.z, solution.dL_dz)
    labels |= _weights("W1", example.W1, solution.dL_dw1)
    labels |= _weights("W2", example.W2, solution.dL_dw2)
    labels |= _biases("b1", example.b1, solution.dL_db1)
    labels |= _biases("b2", example.b2, solution.dL_db2)
    labels["y"] = _label(solution.y[0], solution.dL_dy[0], "y")
    labels["L"] = _label(solution.loss, 1.0, "L")
    return draw(labels, f"target {_number(example.t[0])}")


def _boxes(letter: str, values: Vector, gradients: Vector) -> dict[str, Label]:
    pairs = enumerate(zip(values, gradients, strict=True), start=1)
    return {
        f"{letter}{i}": _label(*pair, letter + subscript(f"{i}")) for i, pair in pairs
    }


def _weights(name: str, values: Matrix, gradients: Matrix) -> dict[str, Label]:
    return {
        f"{name}_{j}{k}": _label(*pair, name[0] + subscript(f"{name[1]}_{j}{k}"))
        for j, rows in enumerate(zip(values, gradients, strict=True), start=1)
        for k, pair in enumerate(zip(*rows, strict=True), start=1)
    }


def _biases(name: str, values: Vector, gradients: Vector) -> dict[str, Label]:
    pairs = enumerate(zip(values, gradients, strict=True), start=1)
    return {f"{name}_{j}": _label(*pair, before="bias ") for j, pair in pairs}


def _label(value: float, gradient: float, name: str = "", before: str = "") -> Label:
    return Label(f"{before}{_number(value)}", f"∂ {_number(gradient)}", name)


def _number(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")
