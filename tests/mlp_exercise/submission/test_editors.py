"""What programs for notebooks bring is stood in for, whether it is installed or not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

BEFORE = """
from mlp_exercise.submission import editors
display = get_ipython = editors.stand_in()
"""


def run(source: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BEFORE + source]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "source",
    [
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "import google.colab.files as f\nfor name in f.upload(): print(name)",
        "import os\nos.chdir('/content/drive/MyDrive')\nos.makedirs('/kaggle/out')",
        "from IPython.display import HTML, clear_output, display\ndisplay(HTML('x'))",
        "from IPython.display import set_matplotlib_formats as f\nf('svg')",
        "from IPython.core.display import display\ndisplay(1)",
        "import IPython\nIPython.get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "handle = display('x', display_id=True)\nhandle.update('y')",
        "import ipywidgets as w\n@w.interact(x=3)\ndef f(x): pass",
        "from ipywidgets import HBox\nclass Row(HBox): pass\nRow(children=[])",
        "from mlp_reference import plotting\nplotting.use_style()",
        "from tqdm import tqdm\nassert list(tqdm([1, 2], desc='x')) == [1, 2]",
        "from tqdm.auto import trange\nassert list(trange(2, 5)) == [2, 3, 4]",
        "from tqdm.notebook import tqdm\nassert len(tqdm(range(9))) == 9",
        "from tqdm import tqdm_notebook as t\nassert list(t('ab')) == ['a', 'b']",
        "from tqdm import tqdm\nwith tqdm(total=3) as bar: bar.update(); bar.set_postfix(x=1)",
        "from tqdm import tqdm\ntqdm.write('x')",
    ],
)
def test_what_a_cell_does_with_them_goes_on(source: str) -> None:
    done = run(source)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@pytest.mark.parametrize("name", ["pandas_of_tomorrow", "googly", "tqdmx"])
def test_no_other_module_is_stood_in_for(name: str) -> None:
    assert f"No module named '{name}'" in run(f"import {name}").stderr


def test_folders_elsewhere_are_made_and_entered() -> None:
    source = "import os, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n"
    source += "  os.chdir(folder)\n  os.makedirs('a/b')\n  print(os.listdir())\n"
    assert run(source + "  os.chdir('/')").stdout == "['a']\n"


EPOCHS = """
import json, sys
import torch
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from mlp_exercise.submission import editors

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
editors.stand_in()
json.dump([by_workers, everything()], sys.stdout)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forks")
def test_one_process_gives_the_batches_of_workers() -> None:
    pytest.importorskip("torch")
    done = subprocess.run(
        [sys.executable, "-c", EPOCHS], capture_output=True, text=True, check=True
    )
    by_workers, in_one_process = json.loads(done.stdout)
    assert in_one_process == by_workers
    assert all(by_workers)
