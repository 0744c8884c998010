"""A loader with workers gives, in one process, what its workers would have given."""

import json
import subprocess
import sys
from itertools import product

import pytest

pytest.importorskip("torch")

EPOCHS = """
import json, sys
import torch
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from mlp_reference.exercises.submissions.one_process import load_in_this_process

class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(7))

if sys.argv[1] == "here":
    load_in_this_process()
options = json.loads(sys.argv[2])
torch.manual_seed(3)
numbers = TensorDataset(torch.arange(11))
order = torch.Generator().manual_seed(5) if options.pop("own_generator") else None
more = {} if options.pop("default_context") else {"multiprocessing_context": "fork"}
loader = DataLoader(
    numbers, 4, num_workers=2, generator=order, timeout=60, prefetch_factor=3,
    worker_init_fn=print, **more, **options,
)
seen = [[batch.tolist() for batch, in loader] for _ in range(3)]
seen.append(torch.rand(2).tolist())  # as many numbers were drawn
stream = DataLoader(Stream(), 4, num_workers=1, persistent_workers=True)
seen += [[batch.tolist() for batch in stream] for _ in range(2)]
sys.stderr.write(json.dumps([*seen, loader.num_workers]))
"""


def epochs(where: str, options: dict[str, bool]) -> object:
    command = [sys.executable, "-c", EPOCHS, where, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stderr)


NAMES = ("shuffle", "persistent_workers", "own_generator")


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forks")
@pytest.mark.parametrize("chosen", product([True, False], repeat=3))
def test_one_process_gives_the_batches_of_workers(chosen: tuple[bool, ...]) -> None:
    options = dict(zip(NAMES, chosen, strict=True))
    options["default_context"] = options["shuffle"]
    assert epochs("here", options) == epochs("workers", options)
