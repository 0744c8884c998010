"""Share the gradient of a batch among R processes, and compare it with the whole batch's.

``torchrun`` starts the processes, each of which runs this program; that of rank 0 writes how
far from the gradient of the whole batch each result is, relative and in norm, as JSON::

    torchrun --standalone --nproc-per-node 4 -m mlp_reference.data_parallel --report FILE
"""

import argparse
import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.functional import mse_loss
from torch.nn.parallel import DistributedDataParallel

from mlp_reference import datasets, numpy_mlp
from mlp_reference.torch_mlp import MLP, to_torch

N = 20
"""Samples of the batch that is shared."""
PATIENCE = timedelta(minutes=3)
"""With a process that does not answer."""


def network(device: str) -> MLP:
    """Return the same network in every process."""
    return to_torch(numpy_mlp.MLP((1, 32, 32, 1), np.random.default_rng(0))).to(device)


def data(samples: int, device: str) -> tuple[Tensor, Tensor]:
    """Return the same inputs and targets in every process."""
    X, T = datasets.sine(np.random.default_rng(4), samples)
    return torch.from_numpy(X).to(device), torch.from_numpy(T).to(device)


def gradient(model: nn.Module, *shares: tuple[Tensor, Tensor]) -> Tensor:
    """Return the gradient of the mean loss of all these samples, as one vector."""
    model.zero_grad()
    samples = sum(len(x) for x, _ in shares)
    for x, t in shares:
        (mse_loss(model(x), t) * len(x) / samples).backward()  # adds to .grad
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    return torch.cat([grad.flatten() for grad in grads])


def total(vector: Tensor, group: Any = None) -> Tensor:
    """Return, in every process, the sum of what all processes have."""
    dist.all_reduce(summed := vector.clone(), group=group)
    return summed


def compare(R: int, group: Any, device: str) -> dict[str, Any]:
    """Share a batch among R processes; say how far from its gradient each result is."""
    model, (X, T), r = network(device), data(N, device), dist.get_rank()
    whole = gradient(model, (X, T))

    share = X.chunk(R)[r], T.chunk(R)[r]
    equal = total(gradient(model, share), group) / R
    ddp = gradient(DistributedDataParallel(model, process_group=group), share)

    few = max(1, 3 * N // (5 * R))  # the first process gets what the others leave
    n = [N - (R - 1) * few] + (R - 1) * [few]
    shares = list(zip(X.split(n), T.split(n), strict=True))
    own = gradient(model, shares[r])
    mean = total(own, group) / R
    weighted = total(n[r] * own, group) / N
    in_time = gradient(model, *shares)  # one process takes all shares, one by one

    results = {"equal": equal, "unequal_mean": mean, "unequal_weighted": weighted}
    results |= {"ddp": ddp, "accumulated": in_time}
    scale = whole.norm()
    errors = {how: float((g - whole).norm() / scale) for how, g in results.items()}
    sent = 2 * (R - 1) * whole.nbytes // R  # by each process, where they form a ring
    return {"processes": R, "shares": n, "ring_bytes": sent, **errors}


def readiness(device: str) -> dict[str, int]:
    """Return the sizes of all gradients, in the order in which they are ready."""
    model, ready = network(device), list[Any]()
    names = {p: name for name, p in model.named_parameters()}
    for p in names:
        p.register_post_accumulate_grad_hook(ready.append)
    gradient(model, data(N, device))
    return {names[p]: p.numel() for p in ready}


@contextmanager
def joined(options: argparse.Namespace) -> Iterator[str]:
    """Join the other processes, yield this one's device, and leave them whatever happens."""
    if "RANK" not in os.environ:
        raise SystemExit("start this program with torchrun, as --help shows")
    torch.set_num_threads(1)
    gpus = torch.cuda.device_count() >= int(os.environ["LOCAL_WORLD_SIZE"])
    fits = "nccl" if gpus and dist.is_nccl_available() else "gloo"
    backend, device = options.backend or fits, "cpu"
    if backend == "nccl":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    dist.init_process_group(backend, timeout=PATIENCE)
    try:
        yield device
    finally:
        dist.destroy_process_group()
        gc.freeze()  # looking for garbage once more, at the end, would take half a second


def write(report: dict[str, Any], path: Path) -> None:
    """Write a report in one go, so that there is never half of it."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"backend": dist.get_backend(), **report}), "utf-8")
    new.replace(path)


def arguments(usage: str | None) -> argparse.ArgumentParser:
    """Return the parser of what every program with R processes is told."""
    parser = argparse.ArgumentParser(usage=usage)
    parser.add_argument("--report", type=Path, required=True, help="file to write")
    parser.add_argument("--backend", choices=("gloo", "nccl"))
    return parser


def main() -> None:
    """Compare within groups of 1, 2 and 4 processes, as far as there are so many."""
    options = arguments(__doc__).parse_args()
    with joined(options) as device:
        R, r, groups = dist.get_world_size(), dist.get_rank(), []
        if N % R:
            raise SystemExit(f"{N} samples have no equal shares for {R} processes")
        for size in [size for size in (1, 2, 4) if size < R] + [R]:
            group = dist.new_group(range(size), timeout=PATIENCE)  # all call this
            if r < size:
                groups.append(compare(size, group, device))
        if r == 0:
            found = {**groups[-1], "groups": groups, "ready": readiness(device)}
            write(found, options.report)


if __name__ == "__main__":
    main()
