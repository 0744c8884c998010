"""The first cell of a notebook, in an environment of its own, with pip and an index beside it.

What it prints is what a learner reads. The libraries of the index are empty.
"""

import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlp_exercise.handout.first_cell import installation
from mlp_reference._version import ROOT, content
from tests.serving import serve, server

BIN = "Scripts" if os.name == "nt" else "bin"

LIBRARIES = ("numpy-9.9", "matplotlib-9.9", "torch-9.9", "torch-9.9+cpu")

OFFICIAL = "https://download.pytorch.org/whl/cpu"

KERNEL = """\
import sys
from IPython.core.error import UsageError

for module in sys.argv[1:]:
    __import__(module)
try:
    exec(open("cell.py", encoding="utf-8").read())
except UsageError as error:
    print(f"UsageError: {error}")
"""
"""Runs a cell as a kernel does that has imported some modules."""

LOOK = """\
import mlp_reference, importlib.metadata as metadata
from mlp_reference import manual
print(mlp_reference.__version__, manual.__doc__[:5], metadata.version("torch"))
"""


class Learner:
    """A folder with an environment, in which a notebook's first cell is run."""

    def __init__(self, folder: Path, environment: Path, index: str) -> None:
        self.folder = folder
        shutil.copytree(environment, folder / "env", symlinks=True)
        known = {"PATH", "HOME", "SYSTEMROOT", "TEMP"} & os.environ.keys()
        self.environment = {name: os.environ[name] for name in known} | {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_CACHE_DIR": "1",
            "PIP_INDEX_URL": f"{index}/simple",
            "PIP_RETRIES": "0",
            "FORCE_COLOR": "1",  # as kernels set it
            "PYTHONIOENCODING": "utf-8",
        }

    def run(self, cell: str, *loaded: str, look: bool = False, **given: str) -> str:
        """Run a cell where modules are loaded, and return all that is printed."""
        (self.folder / "cell.py").write_text(cell, "utf-8")
        done = subprocess.run(
            [self.folder / "env" / BIN / "python", "-c", KERNEL + LOOK * look, *loaded],
            cwd=self.folder,
            env=self.environment | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        assert "\x1b" not in done.stdout, "colours of a terminal"
        assert done.returncode == 0, done.stdout
        return done.stdout

    def has(self, module: str) -> bool:
        return any((self.folder / "env").rglob(f"{module}/__init__.py"))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve libraries, and PyTorch's small build in a place of its own."""
    folder = tmp_path_factory.mktemp("index")
    for library in LIBRARIES:
        name, version = library.split("-")
        place = folder / ("cpu" if "+" in version else "simple") / name
        place.mkdir(parents=True)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(place / f"{library}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", "")
            wheel.writestr(f"{library}.dist-info/METADATA", about)
            wheel.writestr(f"{library}.dist-info/WHEEL", tags)
            wheel.writestr(f"{library}.dist-info/RECORD", "")
    (folder / "no_matplotlib/simple").mkdir(parents=True)
    shutil.copytree(folder / "simple/numpy", folder / "no_matplotlib/simple/numpy")
    with server() as (serving, address):
        serve(serving, folder)
        yield address


@pytest.fixture(scope="module")
def nowhere() -> Iterator[str]:
    """Return an address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build the wheel of this checkout, and of one in which one line is another."""
    built = {}
    for name in ("older", "newer"):
        copy = tmp_path_factory.mktemp(name)
        names = ("LICENSE*", "README.md", "hatch_build.py", "pyproject.toml")
        others = [path for name in names for path in ROOT.glob(name)]
        for path in (*content(ROOT), *others):
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        manual = copy / "mlp_reference/manual.py"
        marked = f'"""{name}: ' + manual.read_text("utf-8").removeprefix('"""')
        manual.write_text(marked, "utf-8")
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "."]
        subprocess.run(build, cwd=copy, check=True, capture_output=True)
        (built[name],) = copy.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment in which there is nothing but pip, and how IPython says no."""
    folder = tmp_path_factory.mktemp("empty") / "env"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    (packages,) = folder.rglob("site-packages")
    core = packages / "IPython/core"
    core.mkdir(parents=True)
    (core / "error.py").write_text("class UsageError(Exception):\n    pass\n")
    return folder


@pytest.fixture
def learner(tmp_path: Path, empty: Path, index: str) -> Learner:
    folder = tmp_path / "my folder, with ü"
    folder.mkdir()
    return Learner(folder, empty, index)


def cell(wheel: Path, index: str) -> str:
    """Return a notebook's first cell, with the line for PyTorch as a learner may change it."""
    text = installation(wheel.name, "", "plot,torch")
    assert text.count(OFFICIAL) == 1
    return text.replace(OFFICIAL, f"{index}/cpu")


def test_a_learner_gets_the_wheel_of_each_notebook_and_reads_what_is_loaded(
    learner: Learner, wheels: dict[str, Path], index: str
) -> None:
    older, newer = wheels["older"], wheels["newer"]
    assert older.name != newer.name
    for wheel in wheels.values():
        shutil.copy(wheel, learner.folder)

    said = learner.run(cell(older, index)).splitlines()
    assert said[0] == f"Installing {older.name} with what it needs."
    if sys.platform == "linux":
        assert said[1].startswith("This loads PyTorch, about 200 MB, from http")
        assert any("torch-9.9" in line and "cpu" in line for line in said)
    assert any(line.startswith("Downloading") and "matplotlib" in line for line in said)
    assert said[-1].startswith("Successfully installed")
    assert not any(line.startswith(("Collecting", "Requirement")) for line in said)
    assert learner.run(cell(older, index)) == ""

    loaded = learner.run(cell(newer, index), "mlp_reference.manual")
    assert loaded.endswith(
        f"UsageError: {newer.name} is installed. "
        "Restart the kernel and run this cell again.\n"
    )
    learner.run(cell(older, index))

    *said, now = learner.run(cell(newer, index), look=True).splitlines()
    assert said[0] == f"Installing {newer.name} with what it needs."
    assert not {"PyTorch", "UsageError:"} & {*" ".join(said).split()}
    assert now.split()[:2] == [newer.name.split("-")[1], "newer"]
    assert now.endswith("+cpu") == (sys.platform == "linux")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PyTorch is small")
def test_a_learner_who_asks_for_the_large_pytorch_is_told_of_it(
    learner: Learner, wheels: dict[str, Path]
) -> None:
    wheel = wheels["newer"]
    shutil.copy(wheel, learner.folder)
    large = installation(wheel.name, "", "torch").replace(OFFICIAL, "")
    said = learner.run(large, look=True).splitlines()
    assert said[1] == "This loads PyTorch for GPUs, of several GB."
    assert said[-1].endswith("newer 9.9")


def test_a_cell_that_cannot_install_says_what_to_do_and_shows_no_traceback(
    learner: Learner, wheels: dict[str, Path], index: str, nowhere: str
) -> None:
    wheel = wheels["newer"]
    first = cell(wheel, index)
    assert learner.run(first, NBGRADER_EXECUTION="autograde") == ""

    absent = learner.run(first)
    assert absent == (
        f"UsageError: {wheel.name}\nis not in {learner.folder}, or not whole:\n"
        "save it there from the page “Run it yourself” and run this cell again.\n"
    )
    (learner.folder / wheel.name).write_bytes(wheel.read_bytes()[:-999])
    assert learner.run(first) == absent

    shutil.copy(wheel, learner.folder)
    offline = learner.run(cell(wheel, nowhere), PIP_INDEX_URL=nowhere, PIP_RETRIES="1")
    assert f"UsageError: {wheel.name} could not be installed:\n  ERROR: " in offline
    advice = "\nConnect this computer to the network, and run this cell again.\n"
    assert offline.endswith(advice)
    assert "Retrying" not in offline

    lacking = learner.run(first, PIP_INDEX_URL=f"{index}/no_matplotlib/simple")
    assert "\n  ERROR: No matching distribution found for matplotlib" in lacking
    advice = "\nShow these lines to your instructor, and run this cell again.\n"
    assert lacking.endswith(advice)
    assert not learner.has("mlp_reference")

    # Where only PyTorch's own index is out of reach, its usual build will do.
    now = learner.run(cell(wheel, nowhere), look=True).splitlines()[-1]
    assert now.split()[1:] == ["newer", "9.9"]
