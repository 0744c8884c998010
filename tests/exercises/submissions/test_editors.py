"""What programs for notebooks bring is stood in for where it is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEAVE_OUT = """
import sys
from mlp_reference.exercises.submissions import editors
for name in ("tqdm", "IPython", "ipywidgets"):
    sys.modules.pop(name, None)
class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tqdm", "IPython", "ipywidgets"):
            return editors._StandIns().find_spec(name)
sys.meta_path.insert(0, NotInstalled())
editors.stand_in()
"""


def run(source: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LEAVE_OUT + source],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "source",
    [
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "import google.colab.files as f\nfor name in f.upload(): print(name)",
        "from IPython.display import HTML, clear_output, display\ndisplay(HTML('x'))",
        "import IPython\nIPython.get_ipython().run_line_magic('matplotlib', 'inline')",
        "import ipywidgets as w\n@w.interact(x=3)\ndef f(x): pass",
        "from tqdm import tqdm\nassert list(tqdm([1, 2], desc='x')) == [1, 2]",
        "from tqdm.auto import trange\nassert list(trange(2, 5)) == [2, 3, 4]",
        "import tqdm.notebook as t\nassert len(t.tqdm(range(9))) == 9",
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


def test_a_module_that_is_installed_is_taken() -> None:
    plain = (
        "from mlp_reference.exercises.submissions import editors\neditors.stand_in()\n"
    )
    source = "import json\nassert json.dumps([1]) == '[1]'\nimport tqdm\nprint(tqdm.__version__)"
    done = subprocess.run(
        [sys.executable, "-c", plain + source],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout[0].isdigit()
