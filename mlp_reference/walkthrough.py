"""The worked example step by step: each quantity, and how each of its elements is computed.

A *working* is a line for a calculator with names in braces, such as ``{dL_da[1]} · {x[2]}``;
a *chain* is a gradient as a product of local gradients. Both are for networks with one output.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from mlp_reference.worked_example import WorkedExample


class Quantity(NamedTuple):
    """One of the quantities of an iteration."""

    name: str  # its field in `Solution`
    title: str
    rule: str  # the formula for all its elements at once
    stage: Literal["forward", "backward", "update"]


QUANTITIES = (
    Quantity("a", "pre-activation of the hidden layer", "a = W₁ x + b₁", "forward"),
    Quantity("z", "activation of the hidden layer", "z = tanh(a)", "forward"),
    Quantity("y", "output", "y = W₂ z + b₂", "forward"),
    Quantity("loss", "loss", "L = (y − t)²", "forward"),
    Quantity("dL_dy", "gradient at the output", "∂L/∂y = 2 (y − t)", "backward"),
    Quantity("dL_dw2", "gradient of the output weights", "∂L/∂W₂ = ∂L/∂y zᵀ", "backward"),
    Quantity("dL_db2", "gradient of the output bias", "∂L/∂b₂ = ∂L/∂y", "backward"),
    Quantity("dL_dz", "gradient at the activation", "∂L/∂z = W₂ᵀ ∂L/∂y", "backward"),
    Quantity("dL_da", "gradient at the pre-activation", "∂L/∂a = ∂L/∂z ⊙ (1 − z²)", "backward"),
    Quantity("dL_dw1", "gradient of the hidden weights", "∂L/∂W₁ = ∂L/∂a xᵀ", "backward"),
    Quantity("dL_db1", "gradient of the hidden biases", "∂L/∂b₁ = ∂L/∂a", "backward"),
    Quantity("dL_dx", "gradient at the input", "∂L/∂x = W₁ᵀ ∂L/∂a", "backward"),
    Quantity("W2_updated", "updated output weights", "W₂ ← W₂ − η ∂L/∂W₂", "update"),
    Quantity("b2_updated", "updated output bias", "b₂ ← b₂ − η ∂L/∂b₂", "update"),
    Quantity("W1_updated", "updated hidden weights", "W₁ ← W₁ − η ∂L/∂W₁", "update"),
    Quantity("b1_updated", "updated hidden biases", "b₁ ← b₁ − η ∂L/∂b₁", "update"),
)  # fmt: skip
"""The quantities in the order of `Solution`."""


def elements(name: str, value: Any) -> dict[str, float]:
    """Name every element of a quantity as Python would reach it, such as ``dL_dw1[0][1]``."""
    if not isinstance(value, list):
        return {name: value}
    parts = (elements(f"{name}[{place}]", item) for place, item in enumerate(value))
    return {name: number for part in parts for name, number in part.items()}


def with_minus(number: str) -> str:
    """Write a number with a true minus, U+2212, in place of each hyphen."""
    return number.replace("-", "−")


def symbol(name: str) -> str:
    """Write the name of an element in HTML: ``dL_dw1[1][2]`` is ``∂L/∂W<sub>1,23</sub>``."""
    if name in ("loss", "learning_rate"):
        return {"loss": "L", "learning_rate": "η"}[name]
    letters, *places = re.findall(r"\w+", name)
    letters = letters.removesuffix("_updated")
    if letters.startswith("dL_d"):
        inner = letters.removeprefix("dL_d").replace("w", "W")
        return "∂L/∂" + symbol(name.replace(letters, inner))
    # The output layer has one neuron, so its bias and its output need no index.
    places = [] if letters in ("b2", "y", "t") else places
    index = "".join(str(int(place) + 1) for place in places)
    low = ",".join(filter(None, (letters[1:], index)))
    return f"{letters[0]}<sub>{low}</sub>" if low else letters[0]


def workings(example: WorkedExample) -> dict[str, str]:
    """Return the working of every element; only the shapes of the network matter."""
    inputs, hidden = range(len(example.x)), range(len(example.b1))
    lines = {}
    for j in hidden:
        products = [f"{{W1[{j}][{k}]}} · {{x[{k}]}}" for k in inputs]
        lines[f"a[{j}]"] = " + ".join([*products, f"{{b1[{j}]}}"])
    lines |= {f"z[{j}]": f"tanh({{a[{j}]}})" for j in hidden}
    products = [f"{{W2[0][{j}]}} · {{z[{j}]}}" for j in hidden]
    lines["y[0]"] = " + ".join([*products, "{b2[0]}"])
    lines["loss"] = "({y[0]} − {t[0]})²"
    lines["dL_dy[0]"] = "2 · ({y[0]} − {t[0]})"
    lines |= {f"dL_dw2[0][{j}]": f"{{dL_dy[0]}} · {{z[{j}]}}" for j in hidden}
    lines["dL_db2[0]"] = "{dL_dy[0]} · 1"
    lines |= {f"dL_dz[{j}]": f"{{dL_dy[0]}} · {{W2[0][{j}]}}" for j in hidden}
    lines |= {f"dL_da[{j}]": f"{{dL_dz[{j}]}} · (1 − {{z[{j}]}}²)" for j in hidden}
    for j in hidden:
        lines |= {f"dL_dw1[{j}][{k}]": f"{{dL_da[{j}]}} · {{x[{k}]}}" for k in inputs}
    lines |= {f"dL_db1[{j}]": f"{{dL_da[{j}]}} · 1" for j in hidden}
    for k in inputs:
        products = [f"{{dL_da[{j}]}} · {{W1[{j}][{k}]}}" for j in hidden]
        lines[f"dL_dx[{k}]"] = " + ".join(products)
    for parameter in ("W2", "b2", "W1", "b1"):
        for name in elements(parameter, getattr(example, parameter)):
            place = name.removeprefix(parameter)
            step = f"{{learning_rate}} · {{dL_d{parameter.lower()}{place}}}"
            lines[f"{parameter}_updated{place}"] = f"{{{name}}} − {step}"
    return lines


def fill(working: str, write: Callable[[str], str]) -> str:
    """Return a working with numbers; a negative one gets brackets, unless it comes first."""

    def _number(match: re.Match[str]) -> str:
        written = write(match[1])
        bare = match.start() == 0 or written[0] not in "-−"
        return written if bare else f"({written})"

    return re.sub(r"\{([^}]+)\}", _number, working)


class Factor(NamedTuple):
    """One factor of a chain."""

    symbol: str  # the derivative, as HTML
    working: str
    number: str  # the name of its value; "dz_da[1]" is the slope of tanh there, "1" the number one


Chain = list[list[Factor]]
"""Paths from the loss, to be added up; each is a product of factors, beginning at the loss."""


def chains(example: WorkedExample) -> dict[str, Chain]:
    """Return the chain of every gradient; that of an input has a path through each neuron."""
    inputs, hidden = range(len(example.x)), range(len(example.b1))
    at_output = Factor("∂L/∂y", "{dL_dy[0]}", "dL_dy[0]")
    written: dict[str, Chain] = {
        "dL_dy[0]": [[at_output._replace(working="2 · ({y[0]} − {t[0]})")]],
        "dL_db2[0]": [[at_output, _bias("y", "b2")]],
    }
    for j in hidden:
        y, z, a, W2 = "y", f"z[{j}]", f"a[{j}]", f"W2[0][{j}]"
        to_z = [at_output, _factor(y, z, W2)]
        slope = Factor(_derivative(z, a), f"(1 − {{{z}}}²)", f"dz_da[{j}]")
        to_a = [*to_z, slope]
        written[f"dL_dw2[0][{j}]"] = [[at_output, _factor(y, W2, z)]]
        written[f"dL_dz[{j}]"] = [to_z]
        written[f"dL_da[{j}]"] = [to_a]
        written[f"dL_db1[{j}]"] = [[*to_a, _bias(a, f"b1[{j}]")]]
        for k in inputs:
            W1, x = f"W1[{j}][{k}]", f"x[{k}]"
            written[f"dL_dw1[{j}][{k}]"] = [[*to_a, _factor(a, W1, x)]]
            path = [*to_a, _factor(a, x, W1)]
            written.setdefault(f"dL_dx[{k}]", []).append(path)
    return written


def _factor(of: str, by: str, number: str) -> Factor:
    return Factor(_derivative(of, by), f"{{{number}}}", number)


def _bias(of: str, bias: str) -> Factor:
    return Factor(_derivative(of, bias), "1", "1")


def _derivative(of: str, by: str) -> str:
    return f"∂{symbol(of)}/∂{symbol(by)}"


class Place(NamedTuple):
    """A node or an edge of the picture that `mlp_reference.network_graph` draws."""

    symbol: str  # as HTML
    value: str  # the element that it shows, such as "W1[1][2]"
    gradient: str  # that of the gradient below it; empty at the loss, where it is 1
    path: list[str]  # the places and arrows from the loss to this place


def places(example: WorkedExample) -> dict[str, Place]:
    """Return the places by their names in the picture, such as ``"W1_23"`` or ``"L"``."""
    inputs, hidden = range(len(example.x)), range(len(example.b1))
    found = {"L": Place(symbol("loss"), "loss", "", ["L"])}

    def _add(name: str, value: str, *path: str) -> None:
        gradient = "dL_d" + value.replace("W", "w")
        found[name] = Place(symbol(value), value, gradient, [*path, name])

    to_y = ["L", "y"]
    _add("y", "y[0]", "L")
    _add("b2_1", "b2[0]", *to_y)
    to_inputs: list[str] = []
    for j in hidden:
        weight, z, a = f"W2_1{j + 1}", f"z{j + 1}", f"a{j + 1}"
        to_z = [*to_y, weight, z]
        _add(weight, f"W2[0][{j}]", *to_y)
        _add(z, f"z[{j}]", *to_y, weight)
        _add(a, f"a[{j}]", *to_z)
        _add(f"b1_{j + 1}", f"b1[{j}]", *to_z, a)
        to_inputs += [*to_z, a]
        for k in inputs:
            _add(f"W1_{j + 1}{k + 1}", f"W1[{j}][{k}]", *to_z, a)
    for k in inputs:
        arrows = [f"W1_{j + 1}{k + 1}" for j in hidden]
        _add(f"x{k + 1}", f"x[{k}]", *dict.fromkeys(to_inputs), *arrows)
    return found


def latex(value: Any, *, spec: str = "") -> str:
    r"""Write a number, a vector or a matrix as LaTeX.

    Parameters
    ----------
    value : float, sequence of float, or sequence of sequences of float
        A vector becomes a column, a matrix a matrix.
    spec : str, optional
        Format of each number, such as ``".2f"``. By default it has four decimals, or fewer
        where fewer are exact. This rounds for display only.

    Returns
    -------
    str
        LaTeX, such as ``0.5`` or ``\begin{bmatrix} 0.1 \\ -0.25 \end{bmatrix}``.
    """
    if isinstance(value, Sequence):
        rows = [row if isinstance(row, Sequence) else [row] for row in value]
        body = r" \\ ".join(
            " & ".join(latex(item, spec=spec) for item in row) for row in rows
        )
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"
    exact = str(value)  # NumPy's repr has a type around the number
    short = "e" not in exact and len(exact.partition(".")[2]) < 4
    written = exact if short and not spec else f"{value:{spec or 'z.4f'}}"
    digits, power, exponent = written.partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if power else written


WORDS = {
    "place": "{symbol}: value {value}, gradient {gradient}",
    "covered": "covered",
    "graph": "The network. A chosen place shows how its gradient is computed. The up and down "
    "keys go from place to place, left and right move a number that is given.",
    "step": "Step {step} of {steps}, {stage}: {title}.",
    "forward": "forward",
    "backward": "backward",
    "update": "update",
    "given": "Before the first step there are only the numbers that are given.",
    "all": "Passes and update are worked out. Go through their {steps} steps one by one, "
    "or choose a place.",
    "invitation": "Drag the number of an input, a weight or a bias sideways, "
    "or open an experiment.",
    "choose": "Choose a number in the picture to see where its gradient comes from.",
    "handle": "A chosen number is moved here.",
    "computed": "{symbol} is computed: it moves with the numbers before it.",
    "upstream": "upstream",
    "local": "local",
    "paths": "Each path to the loss adds its part.",
    "loss": "The gradient starts here: ∂L/∂L = 1.",
    "saturated": "tanh is saturated here: {a} = {value}, and its slope 1 − {z}² is only "
    "{slope}. The upstream gradient is multiplied by that.",
    "zero": "One factor is zero, so the whole product is zero.",
    "notANumber": "Enter a number from {least} to {most}, such as {example}. "
    "The network stays as it was.",
    "numberExample": "0.25",
    "start": "No update yet: the loss is {loss}. The next one would make it {next}.",
    "fell": "Update {updates} with η = {rate}: the loss fell from {before} to {after}.",
    "rose": "Update {updates} with η = {rate}: the loss rose from {before} to {after}. "
    "The step was too long: it went past the lowest point on its way. Try a smaller η.",
    "stayed": "Update {updates} with η = {rate}: the loss stays at {after}.",
    "enough": "{updates} updates are as many as the curve holds. Go back to the start to go on.",
    "curveFell": "It fell at every update.",
    "predict": "What is {gradient}? Guess its sign or its value.",
    "choosePredict": "Choose a place in the picture and guess its gradient.",
    "guessFirst": "Choose a sign or enter a value first.",
    "right": "Yes, {gradient} is {number}.",
    "wrong": "Not quite: {gradient} is {number}.",
    "noMinus": "Its factors are {factors}: none is negative, so the product is positive.",
    "oneMinus": "Its factors are {factors}: one is negative, so the product is negative.",
    "evenMinus": "Its factors are {factors}: {count} are negative, so the product is positive.",
    "oddMinus": "Its factors are {factors}: {count} are negative, so the product is negative.",
    "hasZero": "Its factors are {factors}: one is zero, so the product is zero.",
    "sum": "It adds up {parts}, one for each path.",
    "score": "{right} of {guessed} right",
    "play": "Play",
    "pause": "Pause",
}
"""The texts of the explorer, by occasion."""

COUNTED = {
    "diverged": {
        "one": "Stopped after {updates} update, because the loss has become very large "
        "({after}). Go back to the start and try a smaller η.",
        "other": "Stopped after {updates} updates, because the loss has become very large "
        "({after}). Go back to the start and try a smaller η.",
    },
    "curve": {
        "one": "Loss over {updates} update, from {first} to {last}.",
        "other": "Loss over {updates} updates, from {first} to {last}.",
    },
    "curveRose": {
        "one": "It rose at {rises} update.",
        "other": "It rose at {rises} updates.",
    },
}
"""More of them: what is said of one thing, and of any other number."""
