"""The gain of each step from the textbook to the network of this course.

``nox -s bench -- what_it_buys`` runs this in an environment of its own, on one thread.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch

from benchmarks.agreement import REFERENCE, check
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Contender, Problem
from benchmarks.contenders.pytorch import PyTorch
from benchmarks.contenders.textbook import OneVector, StopsAtTheFirstLayer, Textbook
from benchmarks.record import SPREAD, publish, ratio, where
from benchmarks.timing import compare, take_turns
from benchmarks.training_step import ROUNDS, SECONDS, SIZES

STAGES: dict[str, Callable[[Problem], Contender]] = {
    REFERENCE: PyTorch,
    "textbook": Textbook,
    "no_data_gradient": StopsAtTheFirstLayer,
    "one_vector": OneVector,
    "numpy": NumpyNetwork,
}
"""The stages, each of which includes all before it."""

LABELS = {
    "textbook": "as in a textbook",
    "no_data_gradient": "no gradient of the data",
    "one_vector": "one flat vector",
    "numpy": "cheap spellings: this course",
}


def measure() -> Iterator[dict[str, Any]]:
    """Time every stage at every size, with SGD."""
    for sizes, batch, dtype, _ in SIZES:
        problem = Problem(sizes, batch, dtype, "SGD")
        contenders = {name: make(problem) for name, make in STAGES.items()}
        check(problem, contenders)
        steps = {name: each.step for name, each in contenders.items()}
        for name, timing in compare(
            take_turns(steps, ROUNDS, SECONDS), REFERENCE
        ).items():
            yield {
                "size": problem.name,
                "batch": batch,
                "dtype": dtype,
                "stage": name,
                **timing._asdict(),
            }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the ratios as Markdown."""
    lines = [
        f"| network | batch | {' | '.join(LABELS.values())} |",
        f"| --- | --- | {' | '.join('---' for _ in LABELS)} |",
    ]
    for size, batch in dict.fromkeys((row["size"], row["batch"]) for row in rows):
        ratios = {
            row["stage"]: ratio(row)
            for row in rows
            if (row["size"], row["batch"]) == (size, batch)
        }
        cells = [size, str(batch), *(ratios[name] for name in LABELS)]
        lines.append(f"| {' | '.join(cells)} |")
    how = (
        f"Times as fast as PyTorch eager, with SGD on one thread. {SPREAD} "
        f"{where('what_it_buys')}"
    )
    return "\n".join([*lines, "", how, ""])


if __name__ == "__main__":
    torch.set_num_threads(1)
    measured = list(measure())
    publish("what_it_buys", measured, table(measured))
