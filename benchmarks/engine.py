"""A training step with the engine of lesson 4: its time, and what its record keeps.

``nox -s bench -- engine`` runs this in an environment of its own, on one thread.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch

from benchmarks.agreement import LABELS, REFERENCE, check
from benchmarks.contenders.engine import Engine
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Contender, Problem
from benchmarks.contenders.pytorch import PyTorch
from benchmarks.contenders.scalars import Micrograd
from benchmarks.memory import forward_of, kept, saved_by_pytorch
from benchmarks.record import SPREAD, publish, ratio, where
from benchmarks.timing import compare, take_turns
from benchmarks.training_step import ROUNDS, SECONDS, SIZES

CONTENDERS: dict[str, Callable[[Problem], Contender]] = {
    "engine": Engine,
    "numpy": NumpyNetwork,
    REFERENCE: PyTorch,
}
"""Those at every size; micrograd, which has numbers for values, takes part in the smallest."""


def measure() -> Iterator[dict[str, Any]]:
    """Time every contender at every size with SGD, and weigh what it keeps."""
    for sizes, batch, dtype, _ in SIZES:
        problem = Problem(sizes, batch, dtype, "SGD")
        small = {"micrograd": Micrograd} if sizes == (3, 2, 1) else {}
        contenders = {
            name: make(problem) for name, make in (CONTENDERS | small).items()
        }
        check(problem, contenders)
        steps = {name: each.step for name, each in contenders.items()}
        taken = take_turns(steps, ROUNDS, SECONDS)
        of_layers = compare(taken, "numpy")
        for name, timing in compare(taken, REFERENCE).items():
            yield {
                "size": problem.name,
                "batch": batch,
                "dtype": dtype,
                "contender": name,
                "times_as_long": 1 / of_layers[name].ratio,
                "kilobytes": _kept(name, problem) / 1000,
                **timing._asdict(),
            }


def _kept(name: str, problem: Problem) -> int:
    """Return the bytes that the forward pass of a contender keeps."""
    if name == REFERENCE:
        return saved_by_pytorch(PyTorch(problem))
    if name == "engine":
        return kept(lambda: Engine(problem).loss)
    if name == "micrograd":
        return kept(lambda: Micrograd(problem).loss)
    return kept(lambda: forward_of(NumpyNetwork(problem)))


def table(rows: list[dict[str, Any]]) -> str:
    """Return ratios, and what is kept, as Markdown."""
    alone = {row["contender"]: row for row in rows if row["size"] == rows[0]["size"]}
    others = [LABELS[name] for name in CONTENDERS if name != "engine"]
    times = _headed("network", "batch", "engine", *others, "engine against NumPy")
    weights = _headed("network", "batch", "engine", *others)
    for size, batch in dict.fromkeys((row["size"], row["batch"]) for row in rows):
        here = {
            row["contender"]: row
            for row in rows
            if (row["size"], row["batch"]) == (size, batch)
        }
        longer = f"{here['engine']['times_as_long']:.1f}"
        cells = [*(ratio(here[name]) for name in ("engine", "numpy"))]
        cells.append(f"{here[REFERENCE]['microseconds']:.0f}\N{NO-BREAK SPACE}µs")
        times.append(f"| {size} | {batch} | {' | '.join(cells)} | {longer} |")
        kilobytes = [_kilobytes(here[name]) for name in CONTENDERS]
        weights.append(f"| {size} | {batch} | {' | '.join(kilobytes)} |")
    how = (
        f"Times as fast as PyTorch eager, whose microseconds stand in its column; SGD, {ROUNDS} "
        f"rounds in turns, one thread. {SPREAD} {where('engine')}"
    )
    scalars = (
        f"One number at a time, on {rows[0]['size']}: micrograd {ratio(alone['micrograd'])}; "
        f"its record keeps {_kilobytes(alone['micrograd'])} KB."
    )
    kept_here = "Kilobytes that a forward pass keeps for the backward pass:"
    return "\n".join([*times, "", how, "", scalars, "", kept_here, "", *weights, ""])


def _kilobytes(row: dict[str, Any]) -> str:
    kilobytes = row["kilobytes"]
    return f"{kilobytes:.{1 if kilobytes > 1 else 2}f}"


def _headed(*heads: str) -> list[str]:
    return [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]


if __name__ == "__main__":
    torch.set_num_threads(1)
    measured = list(measure())
    publish("engine", measured, table(measured))
