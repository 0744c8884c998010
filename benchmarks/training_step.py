"""One training step, ours and others: forward pass, mean squared error, backward pass, update.

``nox -s bench -- training_step`` runs this in an environment of its own, on one thread.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch

from benchmarks import pictures
from benchmarks.agreement import LABELS, REFERENCE, check
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.other_libraries import Autograd, ScikitLearn
from benchmarks.contenders.problem import Contender, Problem
from benchmarks.contenders.pytorch import PyTorch, fused
from benchmarks.contenders.scalars import Manual, Micrograd
from benchmarks.record import SPREAD, publish, ratio, where
from benchmarks.timing import compare, take_turns

ROUNDS, SECONDS = 21, 0.02
"""The length of a turn, unless one step of a large network takes longer."""

SIZES: tuple[tuple[tuple[int, ...], int, str, float], ...] = (
    ((3, 2, 1), 1, "float64", 12),
    ((1, 50, 50, 1), 32, "float64", 5),
    ((1, 100, 100, 1), 32, "float64", 4),
    ((1, 50, 50, 1), 200, "float64", 2.5),
    ((784, 256, 10), 128, "float32", 1.2),
    ((1000, 1000, 1000, 1), 256, "float32", 0.9),
)
"""Widths, batch, type, and the goal for the speed as a multiple of PyTorch's."""

CONTENDERS: dict[str, Callable[[Problem], Contender]] = {
    REFERENCE: PyTorch,
    "pytorch_fused": fused,
    "numpy": NumpyNetwork,
    "autograd": Autograd,
    "scikit-learn": ScikitLearn,
}
SCALARS: dict[str, Callable[[Problem], Contender]] = {
    "manual": Manual,
    "micrograd": Micrograd,
}
SCALARS_GOAL = 3
"""The goal for the speed of the first of these, as a multiple of the second's."""


def measure() -> Iterator[dict[str, Any]]:
    """Time every contender at every size."""
    for sizes, batch, dtype, goal in SIZES:
        for optimizer in ("SGD", "Adam"):
            problem = Problem(sizes, batch, dtype, optimizer)
            contenders = entered(problem)
            check(problem, contenders)
            steps = {name: each.step for name, each in contenders.items()}
            timings = compare(take_turns(steps, ROUNDS, SECONDS), REFERENCE)
            for name, timing in timings.items():
                yield {
                    "size": problem.name,
                    "batch": batch,
                    "dtype": dtype,
                    "optimizer": optimizer,
                    "contender": name,
                    "goal": goal if name == "numpy" else None,
                    **timing._asdict(),
                }


def entered(problem: Problem) -> dict[str, Contender]:
    """Build the contenders for a problem."""
    small = problem.sizes == (3, 2, 1) and problem.optimizer == "SGD"
    makers = CONTENDERS | (SCALARS if small else {})
    return {name: make(problem) for name, make in makers.items()}


def table(rows: list[dict[str, Any]]) -> str:
    """Return the ratios as Markdown, with a row for each size and a column for each contender."""
    scalars = {row["contender"]: row for row in rows if row["contender"] in SCALARS}
    rows = [row for row in rows if row["contender"] not in SCALARS]
    lines = []
    for optimizer in dict.fromkeys(row["optimizer"] for row in rows):
        own = [row for row in rows if row["optimizer"] == optimizer]
        lines += [f"With {optimizer}:", "", *_ratios(own), ""]
    how = (
        f"Times as fast as PyTorch eager, whose microseconds stand in its column; the median of "
        f"{ROUNDS} rounds in turns, one thread. {SPREAD} {where('training_step')}"
    )
    manual, micrograd = (scalars[name] for name in SCALARS)
    faster = micrograd["microseconds"] / manual["microseconds"]
    alone = (
        f"One number at a time, on {manual['size']} with SGD: pure Python {ratio(manual)}, "
        f"micrograd {ratio(micrograd)}. So pure Python is {faster:.2f} times as fast as "
        f"micrograd; the goal is {SCALARS_GOAL}."
    )
    return "\n".join([*lines, how, "", alone, ""])


def _ratios(rows: list[dict[str, Any]]) -> list[str]:
    """Return the lines of the table for one optimizer."""
    names = sorted(dict.fromkeys(row["contender"] for row in rows), key=_place)
    heads = ["network", "batch", "goal", *(LABELS.get(name, name) for name in names)]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    for size, batch in dict.fromkeys((row["size"], row["batch"]) for row in rows):
        here = {
            row["contender"]: row
            for row in rows
            if (row["size"], row["batch"]) == (size, batch)
        }
        cells = [size, str(batch), f"{here['numpy']['goal']:g}"]
        cells += [_cell(here[name]) for name in names]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _place(contender: str) -> tuple[bool, bool]:
    """Return a sort key that puts our network first and the reference last."""
    return contender == REFERENCE, contender != "numpy"


def _cell(row: dict[str, Any]) -> str:
    if row["contender"] == REFERENCE:
        microseconds = row["microseconds"]
        digits = 1 if microseconds < 100 else 0
        return f"{microseconds:.{digits}f}\N{NO-BREAK SPACE}µs"
    return ratio(row)


def main() -> None:
    """Measure, and write the table, its rows and its figure."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="sklearn")
    rows = list(measure())
    target = publish("training_step", rows, table(rows))
    pictures.write(pictures.of_training_step(rows), target.with_suffix(".svg"))


if __name__ == "__main__":
    main()
