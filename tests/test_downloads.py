"""A downloaded notebook runs with Jupyter's kernel alone, because its first cell installs the rest.

Everything is downloaded from the served site over HTTP, through the links on its pages.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urljoin
from urllib.request import urlopen

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient

from mlp_exercise.handout.notebook import as_text, solved, student
from mlp_exercise.handout.source import names
from mlp_exercise.submission.mark import EXERCISES
from mlp_reference import __version__
from mlp_reference.worked_example import EXERCISE
from tests.serving import serve, server

ROOT = Path(__file__).parents[1]
BIN = "Scripts" if os.name == "nt" else "bin"
LESSONS = sorted(path.stem for path in ROOT.glob("tutorials_src/[0-9]*.md"))
NOTEBOOKS = [f"tutorials/{name}" for name in LESSONS] + [
    f"exercises/{name}" for name in names()
]


def fetch(address: str) -> bytes:
    with urlopen(address) as response:  # noqa: S310 - this machine's server
        data: bytes = response.read()
    return data


def save(address: str, page: str, ending: str, folder: Path) -> Path:
    """Save the file behind the only download link of a page."""
    soup = BeautifulSoup(fetch(f"{address}/{page}.html"), "html.parser")
    (target,) = {
        str(link["href"])
        for link in soup.select("a[download]")
        if str(link["href"]).endswith(ending)
    }
    path = folder / unquote(target.rpartition("/")[2])
    path.write_bytes(fetch(urljoin(f"{address}/{page}.html", target)))
    return path


@pytest.fixture(scope="module")
def downloads(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save all notebooks and the wheel into one folder, as "Run it yourself" describes."""
    folder = tmp_path_factory.mktemp("reader")
    with server() as (serving, address):
        serve(serving, site)
        save(address, "run_it_yourself", ".whl", folder)
        for page in NOTEBOOKS:
            save(address, page, ".ipynb", folder)
    return folder


def fresh_kernel(folder: Path) -> str:
    """Make an environment with a kernel and without this project."""
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / BIN / "python"
    pins = ("--constraint", ROOT / "constraints.txt")
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "ipykernel", *pins], check=True
    )
    imports = [str(python), "-c", "import mlp_reference"]
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    absent = subprocess.run(
        imports, cwd=folder, env=bare, check=False, capture_output=True
    )
    assert b"ModuleNotFoundError" in absent.stderr
    spec = folder / "share" / "kernels" / "fresh"
    spec.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "fresh", "language": "python"})
    )
    return str(folder / "share")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fresh_kernel(tmp_path_factory.mktemp("fresh"))


@pytest.fixture
def run(
    downloads: Path, kernel: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., nbformat.NotebookNode]:
    """Run a notebook in the fresh environment, beside the files that a reader saved."""
    monkeypatch.setenv("JUPYTER_PATH", kernel)
    monkeypatch.setenv("PIP_CONSTRAINT", str(ROOT / "constraints.txt"))
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def run(
        path: Path, *, allow_errors: bool = False, beside: Path = downloads
    ) -> nbformat.NotebookNode:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        resources = {"metadata": {"path": str(beside)}}
        client = NotebookClient(
            notebook,
            timeout=None,
            startup_timeout=600,
            kernel_name="fresh",
            resources=resources,
            allow_errors=allow_errors,
        )
        client.execute()
        return notebook

    return run


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def test_every_lesson_runs_from_top_to_bottom(
    downloads: Path, run: Callable[..., nbformat.NotebookNode]
) -> None:
    notebooks = sorted(downloads.glob("[0-9]*.ipynb"))
    assert [path.stem for path in notebooks] == LESSONS
    for path in notebooks:
        shown = outputs(run(path))
        drawn = [o.data for o in shown if "image/svg+xml" in o.get("data", ())]
        assert drawn
        assert all("max-width: 100%" in data.get("text/html", "") for data in drawn)
        assert [o for o in shown if o.get("name") == "stderr"] == [], path.name


def reports(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the outputs of the cell that counts the points."""
    return [o for c in notebook.cells if c.id == "report" for o in c.outputs]


def test_in_a_students_notebook_nothing_fails_but_what_is_still_to_be_done(
    downloads: Path, run: Callable[..., nbformat.NotebookNode]
) -> None:
    notebooks = sorted(downloads.glob("ex*.ipynb"))
    assert [path.stem for path in notebooks] == names()
    for path in notebooks:
        notebook = run(path, allow_errors=True)
        failed = {
            output.ename
            for output in outputs(notebook)
            if output.output_type == "error"
        }
        # Code that needs a missing answer may raise NameError.
        assert failed <= {"NotImplementedError", "NameError"}
        (report,) = reports(notebook)
        assert "\n0.0 of " in report.data["text/plain"]
        assert [o for o in outputs(notebook) if o.get("name") == "stderr"] == []


def test_a_solved_notebook_runs_from_top_to_bottom_and_gets_all_points(
    tmp_path: Path, run: Callable[..., nbformat.NotebookNode]
) -> None:
    for exercise in EXERCISES:
        path = tmp_path / f"{exercise.name}.ipynb"
        path.write_text(as_text(solved(exercise.name, EXERCISE)), "utf-8")
        notebook = run(path)
        (report,) = reports(notebook)
        points = f"{exercise.max_points:.1f}"
        assert f"{points} of {points} points" in report.data["text/plain"]


def test_a_notebook_of_a_hosted_site_needs_no_other_file(
    site: Path,
    kernel: str,
    run: Callable[..., nbformat.NotebookNode],
    tmp_path: Path,
) -> None:
    python = Path(kernel).parent / "env" / BIN / "python"
    subprocess.run(
        [python, "-m", "pip", "uninstall", "-q", "-y", "mlp_reference"], check=True
    )
    with server() as (serving, address):
        serve(serving, site)
        # As `nox -s docs` writes it where it knows the address of the site.
        text = as_text(student(names()[0], EXERCISE, base_address=address))
        path = tmp_path / "alone.ipynb"
        path.write_text(text, "utf-8")
        notebook = run(path, allow_errors=True, beside=tmp_path)
    installed = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert f"{address}/downloads/mlp_reference" in installed.source
    said = {o.name: o.text for o in installed.outputs}
    assert said.keys() == {"stdout"}
    # Some versions of pip write a hyphen in the name.
    done = said["stdout"].replace("mlp-reference", "mlp_reference")
    assert f"Successfully installed mlp_reference-{__version__}" in done
    assert len(outputs(notebook)) > 5


def test_one_zip_brings_the_same_files(site: Path, downloads: Path) -> None:
    with server() as (serving, address):
        serve(serving, site)
        soup = BeautifulSoup(fetch(f"{address}/run_it_yourself.html"), "html.parser")
        (link,) = soup.select('a[download][href$=".zip"]')
        data = fetch(f"{address}/{link['href']}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert held == {path.name: path.read_bytes() for path in downloads.iterdir()}
