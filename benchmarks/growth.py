"""How the cost of a training step grows with width, depth and batch: time, and memory.

``nox -s bench -- growth`` runs this in an environment of its own, on one thread.
"""

import tracemalloc
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from benchmarks import pictures
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Problem
from benchmarks.record import publish, where
from benchmarks.timing import take_turns

ROUNDS, SECONDS = 7, 0.02
WIDTH, DEPTH, BATCH = 64, 2, 64
"""Where the other two stand while one grows."""

WIDTHS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)
DEPTHS = (1, 2, 4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 256, 1024, 4096)
LAST = 3
"""The exponent is that of the last so many points, where overhead no longer counts."""


def problems() -> Iterator[tuple[str, int, Problem]]:
    """List what is measured.

    Yields
    ------
    str, int, Problem
        What grows, how far, and the step.
    """
    for width in WIDTHS:
        yield "width", width, _problem(width, DEPTH, BATCH)
    for depth in DEPTHS:
        yield "depth", depth, _problem(WIDTH, depth, BATCH)
    for batch in BATCHES:
        yield "batch", batch, _problem(WIDTH, DEPTH, batch)


def measure() -> Iterator[dict[str, Any]]:
    """Time a step of each, and look how much memory it takes.

    Yields
    ------
    dict
        A row of the result; ``peak_kilobytes`` is what a step takes on top of what is there,
        ``held_kilobytes`` what parameters, gradients, data and kept activations take.
    """
    for grows, size, problem in problems():
        tracemalloc.start()
        network = NumpyNetwork(problem)
        network.step()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        network.step()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        taken = take_turns({"step": network.step}, ROUNDS, SECONDS)["step"]
        yield {
            "grows": grows,
            "size": size,
            "parameters": int(network.parameters().size),
            "microseconds": median(taken),
            "held_kilobytes": held / 1000,
            "peak_kilobytes": (peak - held) / 1000,
        }


def exponent(rows: list[dict[str, Any]], what: str) -> float:
    """Fit the exponent p of ``what ∝ size^p`` to the last points.

    Parameters
    ----------
    rows : list of dict
        Rows in which one thing grows.
    what : str
        The column.

    Returns
    -------
    float
        The slope on logarithmic axes.
    """
    sizes = np.log([row["size"] for row in rows[-LAST:]])
    values = np.log([row[what] for row in rows[-LAST:]])
    return float(np.polyfit(sizes, values, 1)[0])


def table(rows: list[dict[str, Any]]) -> str:
    """Write the rows as Markdown.

    Parameters
    ----------
    rows : list of dict
        What `measure` yielded.

    Returns
    -------
    str
        Markdown.
    """
    lines = [
        "| grows | from | to | time of a step | grows like | held | grows like |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for grows in dict.fromkeys(row["grows"] for row in rows):
        own = [row for row in rows if row["grows"] == grows]
        first, last = own[0], own[-1]
        lines.append(
            f"| {grows} | {first['size']} | {last['size']} | "
            f"{first['microseconds']:.0f} to {last['microseconds']:.0f} µs | "
            f"{grows}^{exponent(own, 'microseconds'):.2f} | "
            f"{first['held_kilobytes']:.0f} to {last['held_kilobytes']:.0f} KB | "
            f"{grows}^{exponent(own, 'held_kilobytes'):.2f} |"
        )
    how = (
        f"One thing grows, the others stay at width {WIDTH}, {DEPTH} hidden layers, batch "
        f"{BATCH}. Exponents are fitted to the last {LAST} points. {where('growth')}"
    )
    return "\n".join([*lines, "", how, ""])


def _problem(width: int, depth: int, batch: int) -> Problem:
    return Problem((1, *[width] * depth, 1), batch, "float64", "SGD")


if __name__ == "__main__":
    measured = list(measure())
    target = publish("growth", measured, table(measured))
    pictures.write(pictures.of_growth(measured), target.with_suffix(".svg"))
