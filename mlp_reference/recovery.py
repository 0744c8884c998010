"""Train in R processes, and go on from the last checkpoint after one of them was killed.

``torchrun`` starts all processes anew when one fails, as often as it is told to. The variable
keeps them from looking for each other where those before them were (PyTorch issue 135712). The
checkpoint lies beside the report, unless told otherwise::

    export TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1
    torchrun --standalone --nproc-per-node 2 --max-restarts 1 -m mlp_reference.recovery
        --report FILE --checkpoint FILE --kill-at 18
"""

import hashlib
import os
import signal
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.functional import mse_loss
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from mlp_reference.data_parallel import (
    arguments,
    data,
    gradient,
    joined,
    network,
    total,
    write,
)

SAMPLES, BATCH_SIZE, EPOCHS, ETA = 50, 8, 10, 0.1


def train(
    device: str,
    checkpoint: Path | None,
    kill_at: int | None,
) -> dict[str, Any]:
    """Train, from the checkpoint on if there is one.

    It is renewed after each epoch.
    """
    model = network(device)
    R, r = dist.get_world_size(), dist.get_rank()
    X, T = data(SAMPLES, device)
    dataset = TensorDataset(X, T)
    # Shares are equal: some samples are taken twice.
    sampler: Any = DistributedSampler(dataset, R, r)
    loader = DataLoader(dataset, BATCH_SIZE, sampler=sampler)
    start = 0
    if checkpoint and checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        start = saved["epochs"]
        model.load_state_dict(saved["model"])
    starts = torch.tensor([start, -start], device=device)
    dist.all_reduce(starts, dist.ReduceOp.MAX)
    if starts.sum():  # the latest and the earliest differ
        raise SystemExit(f"{checkpoint} is not the same for all processes")
    step = resumed = start * len(loader)
    for epoch in range(start, EPOCHS):
        sampler.set_epoch(epoch)  # another order, the same for all
        for batch in loader:
            mean = total(gradient(model, batch)) / R
            theta = vector_of(model) - ETA * mean
            vector_to_parameters(theta, model.parameters())
            step += 1
            if step == kill_at and r == R - 1:
                kill = getattr(signal, "SIGKILL", signal.SIGTERM)
                os.kill(os.getpid(), kill)
        if checkpoint and r == 0:
            new = checkpoint.with_suffix(".new")
            state = model.state_dict()
            torch.save({"epochs": epoch + 1, "model": state}, new)
            new.replace(checkpoint)  # in one go: it is always whole
    theta = vector_of(model).cpu()
    digest = hashlib.sha256(theta.numpy().tobytes()).hexdigest()
    loss = mse_loss(model(X), T).item()
    reached = {"resumed_at": resumed, "steps": step}
    return {**reached, "loss": loss, "digest": digest}


def vector_of(model: nn.Module) -> Tensor:
    """Return all parameters in a row."""
    return parameters_to_vector(model.parameters()).detach()


def main() -> None:
    """Train undisturbed, and again from checkpoints.

    In the second training, a process may be killed once.
    """
    parser = arguments(__doc__)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--kill-at", type=int)
    options = parser.parse_args()
    with joined(options) as device:
        count = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
        restarts = torch.tensor(count, device=device)
        # Each host has its own count.
        dist.all_reduce(restarts, dist.ReduceOp.MAX)
        kill_at = None if restarts else options.kill_at
        beside = options.report.with_suffix(".pt")
        if not restarts and dist.get_rank() == 0:
            beside.unlink(missing_ok=True)  # of an earlier run
        undisturbed = train(device, None, None)
        checkpoint = options.checkpoint or beside
        trained = train(device, checkpoint, kill_at)
        if dist.get_rank() == 0:
            report = {
                "processes": dist.get_world_size(),
                "restarts": restarts.item(),
                "undisturbed": undisturbed,
                "trained": trained,
            }
            write(report, options.report)


if __name__ == "__main__":
    main()
