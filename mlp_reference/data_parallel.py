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
"""Samples of the batch that is shared; a few less where R processes cannot share them equally."""
PATIENCE = timedelta(minutes=3)
"""With a process that does not answer."""


def network(device: str) -> MLP:
    """Return the same network in every process."""
    rng = np.random.default_rng(0)
    return to_torch(numpy_mlp.MLP((1, 32, 32, 1), rng)).to(device)


def data(samples: int, device: str) -> tuple[Tensor, Tensor]:
    """Return the same inputs and targets in every process."""
    arrays = datasets.sine(np.random.default_rng(4), samples)
    X, T = (torch.from_numpy(array).to(device) for array in arrays)
    return X, T


def gradient(
    model: nn.Module,
    *shares: tuple[Tensor, Tensor],
    weight: float = 1,
) -> Tensor:
    """Return, as one vector, the gradient of the mean loss.

    The mean is over all samples of all shares; `weight` is
    what it is multiplied by.
    """
    model.zero_grad()
    samples = sum(len(x) for x, _ in shares)
    for x, t in shares:
        part = weight * len(x) / samples
        (part * mse_loss(model(x), t)).backward()  # adds to .grad
    grads = [p.grad for p in model.parameters()]
    return torch.cat([g.flatten() for g in grads if g is not None])


def total(vector: Tensor, group: Any = None) -> Tensor:
    """Return, in every process, the sum of what all have."""
    summed = vector.clone()
    dist.all_reduce(summed, group=group)
    return summed


def compare(R: int, group: Any, device: str) -> dict[str, Any]:
    """Share a batch among R processes, in several ways.

    Return how far from its gradient each result is.
    """
    model, r = network(device), dist.get_rank()
    samples = N - N % R  # so that there are equal shares
    X, T = data(samples, device)
    whole = gradient(model, (X, T))

    share = X.chunk(R)[r], T.chunk(R)[r]
    equal = total(gradient(model, share), group) / R
    wrapped = DistributedDataParallel(model, process_group=group)
    ddp = gradient(wrapped, share)

    few = max(1, 3 * samples // (5 * R))
    n = [samples - (R - 1) * few] + (R - 1) * [few]
    shares = [*zip(X.split(n), T.split(n), strict=True)]
    own, weight = gradient(model, shares[r]), R * n[r] / samples
    mean = total(own, group) / R
    weighted = total(n[r] * own, group) / samples
    weighted_ddp = gradient(wrapped, shares[r], weight=weight)
    in_time = gradient(model, *shares)  # all of them, in one process

    def error(result: Tensor) -> float:
        return float((result - whole).norm() / whole.norm())

    return {
        "processes": R,
        "equal": error(equal),
        "ddp": error(ddp),
        "shares": n,
        "unequal_mean": error(mean),
        "unequal_weighted": error(weighted),
        "weighted_ddp": error(weighted_ddp),
        "accumulated": error(in_time),
        "ring_bytes": 2 * (R - 1) * whole.nbytes // R,
    }


def readiness(device: str) -> dict[str, Any]:
    """Return the order of the parameters in the network.

    And their sizes, in the order in which gradients are ready.
    """
    model = network(device)
    names = {p: name for name, p in model.named_parameters()}
    ready: list[Any] = []
    for p in names:
        p.register_post_accumulate_grad_hook(ready.append)
    gradient(model, data(N, device))
    sizes = {names[p]: p.numel() for p in ready}
    return {"order": [*names.values()], "ready": sizes}


@contextmanager
def joined(options: argparse.Namespace) -> Iterator[str]:
    """Join the other processes, and leave them at the end.

    What it yields is the device that this process is to use.
    """
    told = os.environ
    if "RANK" not in told:
        raise SystemExit("start this program with torchrun, as --help shows")
    torch.set_num_threads(1)
    enough = torch.cuda.device_count() >= int(told["LOCAL_WORLD_SIZE"])
    nccl = enough and dist.is_nccl_available()
    backend = options.backend or ("nccl" if nccl else "gloo")
    device = "cpu"
    if backend == "nccl":
        device = f"cuda:{told['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    dist.init_process_group(backend, timeout=PATIENCE)
    try:
        yield device
    finally:
        dist.destroy_process_group()
        gc.freeze()  # saves half a second of looking for garbage


def write(report: dict[str, Any], path: Path) -> None:
    """Write a report in one go: there is never half of it."""
    new, backend = path.with_suffix(".new"), dist.get_backend()
    text = json.dumps({"backend": backend, **report})
    new.write_text(text, "utf-8")
    new.replace(path)


def arguments(usage: str | None) -> argparse.ArgumentParser:
    """Return the parser of what each such program is told."""
    parser = argparse.ArgumentParser(usage=usage)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--backend", choices=("gloo", "nccl"))
    return parser


def main() -> None:
    """Compare in groups of 1, 2, 4 and all processes."""
    options = arguments(__doc__).parse_args()
    with joined(options) as device:
        R, r = dist.get_world_size(), dist.get_rank()
        if R > N:
            raise SystemExit(f"{N} samples are too few for {R} processes")
        groups = []
        for size in [size for size in (1, 2, 4) if size < R] + [R]:
            group = dist.new_group(range(size), timeout=PATIENCE)
            if r < size:
                groups.append(compare(size, group, device))
        if r == 0:
            found = {**groups[-1], "groups": groups}
            write({**found, **readiness(device)}, options.report)


if __name__ == "__main__":
    main()
