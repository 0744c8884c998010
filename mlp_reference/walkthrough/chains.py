"""Each gradient as a product of local gradients, written out from the loss on."""

from typing import NamedTuple

from mlp_reference.walkthrough.quantities import symbol
from mlp_reference.worked_example import WorkedExample


class Factor(NamedTuple):
    """One factor of a chain.

    Attributes
    ----------
    symbol : str
        The derivative that it is, as HTML.
    working : str
        Its number, as a working.
    number : str
        The name of its number, such as ``"x[2]"``; ``"dz_da[1]"`` is the slope of tanh there,
        ``"1"`` is one.
    """

    symbol: str
    working: str
    number: str


Chain = list[list[Factor]]
"""Paths from the loss, to be added up; each is a product of factors, the one at the loss first."""

_OUTPUT = Factor("∂L/∂y", "{dL_dy[0]}", "dL_dy[0]")


def chains(example: WorkedExample) -> dict[str, Chain]:
    """Write each gradient out as a product of local gradients, from the loss on.

    Parameters
    ----------
    example : WorkedExample
        As for `workings`.

    Returns
    -------
    dict of str to Chain
        By element; a gradient with respect to an input has a path through each neuron.
    """
    inputs, hidden = range(len(example.x)), range(len(example.b1))
    written: dict[str, Chain] = {
        "dL_dy[0]": [[Factor("∂L/∂y", "2 · ({y[0]} − {t[0]})", "dL_dy[0]")]],
        "dL_db2[0]": [[_OUTPUT, _bias("y", "b2")]],
    }
    for j in hidden:
        y, z, a = "y", f"z[{j}]", f"a[{j}]"
        W2 = f"W2[0][{j}]"
        to_z = [_OUTPUT, _factor(y, z, W2)]
        slope = Factor(_derivative(z, a), f"(1 − {{{z}}}²)", f"dz_da[{j}]")
        to_a = [*to_z, slope]
        written[f"dL_dw2[0][{j}]"] = [[_OUTPUT, _factor(y, W2, z)]]
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
