"""What bounds a step of the NumPy network: the cost of calls, and the matrix products.

``nox -s bench -- limits`` runs this in an environment of its own, on one thread.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from benchmarks.agreement import REFERENCE, check
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Contender, Problem
from benchmarks.contenders.pytorch import PyTorch
from benchmarks.contenders.recorded import Recorded
from benchmarks.record import SPREAD, publish, ratio, where, with_spread
from benchmarks.timing import compare, take_turns
from benchmarks.training_step import ROUNDS, SECONDS, SIZES
from mlp_reference.arrays import Array


def products_alone(
    problem: Problem, array: Callable[[Array], Any], product: Callable[[Any, Any], Any]
) -> Callable[[], None]:
    """Return a function that does only the matrix products of a step."""
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> Any:
        return array(rng.normal(size=shape).astype(problem.dtype))

    layers = [
        (draw(problem.batch, below), draw(above, below), draw(problem.batch, above))
        for below, above in zip(problem.sizes, problem.sizes[1:], strict=False)
    ]

    def step() -> None:
        for x, weight, G in layers:
            product(x, weight.T)
            product(G.T, x)
        for _, weight, G in layers[1:]:
            product(G, weight)

    return step


def measure() -> Iterator[dict[str, Any]]:
    """Time a step, and the parts that it cannot do without."""
    for sizes, batch, dtype, goal in SIZES:
        problem = Problem(sizes, batch, dtype, "SGD")
        pair = Problem((2,) * len(sizes), 1, dtype, "SGD")
        contenders: dict[str, Contender] = {
            REFERENCE: PyTorch(problem),
            "step": NumpyNetwork(problem),
            "recorded": Recorded(problem),
        }
        check(problem, contenders)
        calls = {name: contender.step for name, contender in contenders.items()}
        calls["pair"] = NumpyNetwork(pair).step
        calls["products"] = products_alone(problem, np.asarray, np.ndarray.dot)
        calls["pytorch_products"] = products_alone(
            problem, torch.from_numpy, torch.Tensor.mm
        )
        timings = compare(take_turns(calls, ROUNDS, SECONDS), REFERENCE)
        yield {
            "size": problem.name,
            "batch": batch,
            "dtype": dtype,
            "goal": goal,
            **{name: timing.microseconds for name, timing in timings.items()},
            "ratio": timings["step"].ratio,
            "ratio_low": timings["step"].ratio_low,
            "ratio_high": timings["step"].ratio_high,
            "most": timings["recorded"].ratio,
            "most_low": timings["recorded"].ratio_low,
            "most_high": timings["recorded"].ratio_high,
        }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown."""
    lines = [
        "| network × batch | a step, µs | the same calls, tiny | matrix products alone | "
        "those of PyTorch | array calls alone | times as fast | at most | goal |",
        f"| {' | '.join('---' for _ in range(9))} |",
    ]
    for row in rows:
        parts = [
            f"{row[part]:.1f} ({row[part] / row['step']:.0%})"
            for part in ("pair", "products", "pytorch_products", "recorded")
        ]
        most = with_spread(row["most"], row["most_low"], row["most_high"])
        ratios = [ratio(row), most, f"{row['goal']:g}"]
        cells = [
            f"{row['size']} × {row['batch']}",
            f"{row['step']:.1f}",
            *parts,
            *ratios,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    beyond = [
        f"{row['size']} × {row['batch']}" for row in rows if row["most"] < row["goal"]
    ]
    how = (
        f"Goals out of reach here: {', '.join(beyond) or 'none'}. With SGD on one thread, in "
        f"brackets the share of a step. {SPREAD} {where('limits')}"
    )
    return "\n".join([*lines, "", how, ""])


if __name__ == "__main__":
    torch.set_num_threads(1)
    measured = list(measure())
    publish("limits", measured, table(measured))
