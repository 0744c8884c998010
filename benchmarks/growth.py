"""Growth of a training step's time and memory with width, depth and batch.

``nox -s bench -- growth`` runs this in an environment of its own, on one thread.
"""

import tracemalloc
from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks import pictures
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Problem
from benchmarks.record import publish, where
from benchmarks.timing import take_turns

ROUNDS, SECONDS = 7, 0.02
WIDTH, DEPTH, BATCH = 64, 2, 64
"""The sizes of the other two while one grows."""

WIDTHS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)
DEPTHS = (1, 2, 4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 256, 1024, 4096)


def problems() -> Iterator[tuple[str, int, Problem]]:
    """Yield the sizes that are measured."""
    for width in WIDTHS:
        yield "width", width, _problem(width, DEPTH, BATCH)
    for depth in DEPTHS:
        yield "depth", depth, _problem(WIDTH, depth, BATCH)
    for batch in BATCHES:
        yield "batch", batch, _problem(WIDTH, DEPTH, batch)


def measure() -> Iterator[dict[str, Any]]:
    """Measure the time and the memory of a step at each size."""
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
            "kilobytes": peak / 1000,
            "held_kilobytes": held / 1000,
        }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown."""
    lines = [
        "| grows | from | to | time of a step | time grows like | memory at most | "
        "memory grows like |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for grows in dict.fromkeys(row["grows"] for row in rows):
        own = [row for row in rows if row["grows"] == grows]
        first, last = own[0], own[-1]
        lines.append(
            f"| {grows} | {first['size']} | {last['size']} | "
            f"{first['microseconds']:.0f} to {last['microseconds']:.0f} µs | "
            f"{grows}^{pictures.exponent(own, 'microseconds'):.2f} | "
            f"{first['kilobytes']:.0f} to {last['kilobytes']:.0f} KB | "
            f"{grows}^{pictures.exponent(own, 'kilobytes'):.2f} |"
        )
    how = (
        f"One thing grows, the others stay at width {WIDTH}, {DEPTH} hidden layers, batch "
        f"{BATCH}; one thread. Exponents are fitted to the last {pictures.LAST} points. "
        f"{where('growth')}"
    )
    return "\n".join([*lines, "", how, ""])


def _problem(width: int, depth: int, batch: int) -> Problem:
    return Problem((1, *[width] * depth, 1), batch, "float64", "SGD")


if __name__ == "__main__":
    measured = list(measure())
    target = publish("growth", measured, table(measured))
    for cost, unit in (
        ("microseconds", "microseconds for a step"),
        ("kilobytes", "kilobytes, at most"),
    ):
        draw = pictures.of_growth(measured, cost, unit)
        pictures.write(draw, target.with_name(f"growth_{cost}.svg"))
