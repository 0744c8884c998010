"""A loader with workers gives, in one process, what its workers would have given."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("torch")

EPOCHS = """
import json, sys
import torch
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from mlp_exercise.submission.editors import _load_batches_in_this_process

class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(7))

def epochs(shuffle, persistent_workers, own_generator, **more):
    torch.manual_seed(3)
    order = torch.Generator().manual_seed(5) if own_generator else None
    loader = DataLoader(
        TensorDataset(torch.arange(11)), 4, shuffle, num_workers=2, generator=order,
        persistent_workers=persistent_workers, prefetch_factor=3, timeout=60,
        worker_init_fn=str, **more,
    )
    seen = [[batch.tolist() for batch, in loader] for _ in range(3)]
    return [*seen, torch.rand(2).tolist(), loader.num_workers]

def stream():
    loader = DataLoader(Stream(), 4, num_workers=1, persistent_workers=True)
    return [[batch.tolist() for batch in loader] for _ in range(2)]

def everything():
    fork = {"multiprocessing_context": "fork"}
    return [
        epochs(True, True, False), epochs(True, True, True, **fork),
        epochs(True, False, False), epochs(False, False, True, **fork), stream(),
    ]

by_workers = everything()
_load_batches_in_this_process()
json.dump([by_workers, everything()], sys.stdout)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forks")
def test_one_process_gives_the_batches_of_workers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EPOCHS], capture_output=True, text=True, check=True
    )
    by_workers, in_one_process = json.loads(done.stdout)
    assert in_one_process == by_workers
    assert all(by_workers)


def test_nothing_happens_without_pytorch() -> None:
    code = (
        "import sys; from mlp_exercise.submission import editors; "
        "editors._load_batches_in_this_process(); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
