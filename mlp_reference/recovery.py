"""Train in R processes, and go on from the last checkpoint after one of them was killed.

``torchrun`` starts all processes anew when one fails, as often as it is told to. The variable
keeps them from looking for each other where those before them were (PyTorch issue 135712)::

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


def train(device: str, checkpoint: Path | None, kill_at: int | None) -> dict[str, Any]:
    """Train, from the checkpoint on if there is one, and renew it after each epoch."""
    model, R, r = network(device), dist.get_world_size(), dist.get_rank()
    dataset = TensorDataset(*data(SAMPLES, device))
    # Shares are equal: it repeats samples until their number is a multiple of R.
    sampler = DistributedSampler[Any](dataset, R, r)
    loader, start = DataLoader(dataset, BATCH_SIZE, sampler=sampler), 0
    if checkpoint and checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        start = saved["epochs"]
        model.load_state_dict(saved["model"])
    step = resumed = start * len(loader)
    for epoch in range(start, EPOCHS):
        sampler.set_epoch(epoch)  # another order, which is the same in every process
        for batch in loader:
            mean = total(gradient(model, batch)) / R
            theta = parameters_to_vector(model.parameters()).detach()
            vector_to_parameters(theta - ETA * mean, model.parameters())
            step += 1
            if step == kill_at and r == R - 1:
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if checkpoint and r == 0:
            new = checkpoint.with_suffix(".new")
            torch.save({"epochs": epoch + 1, "model": model.state_dict()}, new)
            new.replace(checkpoint)  # in one go, so that it is whole at any time
    theta = parameters_to_vector(model.parameters()).detach().cpu()
    loss = mse_loss(model(dataset.tensors[0]), dataset.tensors[1]).item()
    digest = hashlib.sha256(theta.numpy().tobytes()).hexdigest()
    return {"resumed_at": resumed, "steps": step, "loss": loss, "digest": digest}


def main() -> None:
    """Train twice, undisturbed and from checkpoints, where a process may be killed once."""
    parser = arguments(__doc__)
    parser.add_argument("--checkpoint", type=Path, help="default: beside the report")
    parser.add_argument("--kill-at", type=int, help="step after which a process dies")
    options = parser.parse_args()
    with joined(options) as device:
        count = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
        restarts = torch.tensor(count, device=device)
        dist.all_reduce(restarts, dist.ReduceOp.MAX)  # each host has its own count
        kill_at = None if restarts else options.kill_at  # one accident is enough
        undisturbed = train(device, None, None)
        checkpoint = options.checkpoint or options.report.with_suffix(".pt")
        trained = train(device, checkpoint, kill_at)
        if dist.get_rank() == 0:
            runs = {"undisturbed": undisturbed, "trained": trained}
            facts = {"processes": dist.get_world_size(), "restarts": restarts.item()}
            write({**facts, **runs}, options.report)


if __name__ == "__main__":
    main()
