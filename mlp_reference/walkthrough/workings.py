"""How each element is worked out from those before it, as a line for a calculator.

A *working* is arithmetic with names in braces, such as ``{dL_da[1]} · {x[2]}``.
"""

import re
from collections.abc import Callable

from mlp_reference.walkthrough.quantities import elements
from mlp_reference.worked_example import WorkedExample

_NAME_IN_BRACES = re.compile(r"\{([^}]+)\}")


def workings(example: WorkedExample) -> dict[str, str]:
    """Write down how each element is worked out from those before it.

    Parameters
    ----------
    example : WorkedExample
        The network; only its shapes matter. It has one output.

    Returns
    -------
    dict of str to str
        A working for every element of every quantity, in the order of `QUANTITIES`.
    """
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
        lines[f"dL_dx[{k}]"] = " + ".join(
            f"{{dL_da[{j}]}} · {{W1[{j}][{k}]}}" for j in hidden
        )
    for parameter in ("W2", "b2", "W1", "b1"):
        for name in elements(parameter, getattr(example, parameter)):
            place = name.removeprefix(parameter)
            gradient = f"dL_d{parameter.lower()}{place}"
            lines[f"{parameter}_updated{place}"] = (
                f"{{{name}}} − {{learning_rate}} · {{{gradient}}}"
            )
    return lines


def fill(working: str, write: Callable[[str], str]) -> str:
    """Put numbers into a working.

    Parameters
    ----------
    working : str
        The line with names in braces.
    write : callable
        Writes the number of a name. One with a minus is put into brackets, unless it comes first.

    Returns
    -------
    str
        The line with numbers.
    """

    def number(match: re.Match[str]) -> str:
        """Write one number."""
        written = write(match[1])
        bare = match.start() == 0 or written[0] not in "-−"
        return written if bare else f"({written})"

    return _NAME_IN_BRACES.sub(number, working)
