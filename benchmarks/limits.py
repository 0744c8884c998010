"""What bounds a step of the NumPy network: the cost of calls, and the matrix products.

``nox -s bench -- limits`` runs this in an environment of its own, on one thread.
"""

from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np

from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Problem
from benchmarks.record import publish, where
from benchmarks.timing import take_turns
from benchmarks.training_step import ROUNDS, SECONDS, SIZES
from mlp_reference.arrays import Array


def products_alone(problem: Problem) -> Callable[[], None]:
    """Prepare the matrix products of a step, with nothing between them.

    Parameters
    ----------
    problem : Problem
        The step.

    Returns
    -------
    callable
        Does one forward product a layer, one for its weights, and one for its input, but
        none for the input of the first.
    """
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> Array:
        drawn: Array = rng.normal(size=shape).astype(problem.dtype)
        return drawn

    layers = [
        (draw(problem.batch, below), draw(above, below), draw(problem.batch, above))
        for below, above in zip(problem.sizes, problem.sizes[1:], strict=False)
    ]

    def step() -> None:
        for x, weight, G in layers:
            x.dot(weight.T)
            G.T.dot(x)
        for _, weight, G in layers[1:]:
            G.dot(weight)

    return step


def measure() -> Iterator[dict[str, Any]]:
    """Time a step, one of the same depth that has nothing to compute, and the products alone.

    Yields
    ------
    dict
        A row of the result, in microseconds.
    """
    for sizes, batch, dtype, _ in SIZES:
        problem = Problem(sizes, batch, dtype, "SGD")
        empty = Problem((1,) * len(sizes), 1, dtype, "SGD")
        taken = take_turns(
            {
                "step": NumpyNetwork(problem).step,
                "calls": NumpyNetwork(empty).step,
                "products": products_alone(problem),
            },
            ROUNDS,
            SECONDS,
        )
        row = {name: median(times) for name, times in taken.items()}
        yield {"size": problem.name, "batch": batch, "dtype": dtype, **row}


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
        "| network | batch | a step, µs | the same calls on single numbers | "
        "matrix products alone |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['size']} | {row['batch']} | {row['step']:.1f} | "
        f"{row['calls']:.1f} ({row['calls'] / row['step']:.0%}) | "
        f"{row['products']:.1f} ({row['products'] / row['step']:.0%}) |"
        for row in rows
    ]
    return "\n".join([*lines, "", where("limits"), ""])


if __name__ == "__main__":
    measured = list(measure())
    publish("limits", measured, table(measured))
