"""A training step whose batch is shared, and the sum alone: the program of each process."""

import itertools
from collections.abc import Callable, Iterator
from statistics import quantiles
from time import perf_counter
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from mlp_reference.data_parallel import arguments, gradient, joined, total, write
from mlp_reference.torch_mlp import MLP

SIZES = ((64, 64, 64, 1), (256, 256, 256, 1), (1000, 1000, 1000, 1))
BATCHES = (16, 128, 1024)
KILOBYTES = (1, 10, 100, 1000, 10000)
ROUNDS, SECONDS = 11, 0.1
"""The number of turns, and the length of one, unless a call takes longer."""

Call = Callable[[], object]


class Contender(NamedTuple):
    """What so many processes do together, each of them on so many threads."""

    processes: int
    call: Call
    threads: int = 1


def step(sizes: tuple[int, ...], batch: int, R: int, group: Any) -> Call:
    """Return the step of one of R processes: its share's gradient, the sum, the update."""
    torch.manual_seed(0)
    model: nn.Module = MLP(sizes)
    x, t = torch.randn(batch // R, sizes[0]), torch.randn(batch // R, sizes[-1])

    def call() -> None:
        mean = gradient(model, (x, t))
        if R > 1:
            mean = total(mean, group) / R
        theta = parameters_to_vector(model.parameters()).detach()
        vector_to_parameters(theta - 1e-3 * mean, model.parameters())

    return call


def sum_of(kilobytes: int, group: Any) -> Call:
    """Return the sum of a vector of this length over the processes of a group."""
    vector = torch.zeros(250 * kilobytes)
    return lambda: total(vector, group)


def take_turns(contenders: dict[str, Contender]) -> dict[str, list[float]]:
    """Time calls that some processes make together, while the other processes wait."""
    rank, counts = dist.get_rank(), dict.fromkeys(contenders, 3)
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(
        -1, ROUNDS
    ):  # the one before the first says how many calls fill it
        for name, (R, call, threads) in contenders.items():
            torch.set_num_threads(threads)
            dist.barrier()
            count, start = counts[name], perf_counter()
            for _ in range(count if rank < R else 0):
                call()
            seconds = torch.tensor((perf_counter() - start) / count)
            dist.broadcast(seconds, 0)
            if turn < 0:
                counts[name] = max(1, round(SECONDS / seconds.item()))
            else:
                taken[name].append(1e6 * seconds.item())
    return taken


def rows(groups: dict[int, Any]) -> Iterator[dict[str, Any]]:
    """Yield the microseconds of every step and of every sum."""
    for sizes in SIZES:
        for batch in BATCHES:
            alone = step(sizes, batch, 1, None)
            calls = {"1": Contender(1, alone), "2 threads": Contender(1, alone, 2)}
            for R in (2, 4):
                calls[str(R)] = Contender(R, step(sizes, batch, R, groups[R]))
            parameters = sum(a * b + b for a, b in itertools.pairwise(sizes))
            name = "-".join(map(str, sizes))
            about = {"size": name, "batch": batch, "parameters": parameters}
            yield {"what": "step", **about, **spread(take_turns(calls))}
    for kilobytes in KILOBYTES:
        sums = {str(R): Contender(R, sum_of(kilobytes, groups[R])) for R in (2, 4)}
        yield {"what": "sum", "kilobytes": kilobytes, **spread(take_turns(sums))}


def spread(taken: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the quartiles of each, and of how many times as fast as one process it is."""
    found = {name: quantiles(times, n=4) for name, times in taken.items()}
    for name in taken if "1" in taken else ():
        ratios = [a / b for a, b in zip(taken["1"], taken[name], strict=True)]
        found[f"{name} faster"] = quantiles(ratios, n=4)
    return found


def main() -> None:
    """Take turns, and write what was measured."""
    options = arguments(__doc__).parse_args()
    with joined(options):
        groups = {R: dist.new_group(range(R)) for R in (2, 4)}
        measured = list(rows(groups))
        if dist.get_rank() == 0:
            write({"rows": measured}, options.report)


if __name__ == "__main__":
    main()
