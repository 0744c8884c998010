"""The time of imports: the package compared with NumPy, each in a fresh interpreter.

``nox -s bench -- imports`` runs this in an environment of its own.
"""

import subprocess
import sys
from functools import partial
from typing import Any

from benchmarks.record import SPREAD, publish, where, with_spread
from benchmarks.timing import compare, take_turns

REFERENCE = "numpy"
MODULES = (
    REFERENCE,
    "mlp_reference",
    "mlp_reference.manual",
    "mlp_reference.training",
    "mlp_exercise.part1",
    "mlp_reference.torch_mlp",
)
"""The modules to import; `training` imports the NumPy network and the optimisers."""

ROUNDS = 15
GOAL = 1.3
"""The goal for the time of `import mlp_reference`, as a multiple of `import numpy`."""


def run(module: str) -> None:
    """Start an interpreter that imports a module.

    Parameters
    ----------
    module : str
        Its dotted name.
    """
    command = [sys.executable, "-c", f"import {module}"]
    subprocess.run(command, check=True)  # noqa: S603 - our own words


def measure() -> list[dict[str, Any]]:
    """Time every import.

    Returns
    -------
    list of dict
        The rows of the result; ``times_numpy`` is the time as a multiple of NumPy's.
    """
    calls = {name: partial(run, name) for name in MODULES}
    timings = compare(take_turns(calls, ROUNDS, 0.0), REFERENCE)
    return [
        {"module": name, "times_numpy": 1 / timing.ratio, **timing._asdict()}
        for name, timing in timings.items()
    ]


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown.

    Parameters
    ----------
    rows : list of dict
        What `measure` returned.

    Returns
    -------
    str
        Markdown.
    """
    lines = ["| import | ms | times NumPy's |", "| --- | --- | --- |"]
    for row in rows:
        times = with_spread(
            row["times_numpy"], 1 / row["ratio_high"], 1 / row["ratio_low"]
        )
        milliseconds = row["microseconds"] / 1000
        lines.append(f"| `{row['module']}` | {milliseconds:.0f} | {times} |")
    how = (
        f"Each in a fresh interpreter, its start included. {SPREAD} {where('imports')}"
    )
    return "\n".join([*lines, "", how, ""])


if __name__ == "__main__":
    measured = measure()
    publish("imports", measured, table(measured))
