"""A downloaded notebook runs where only Jupyter's kernel is: its first cell brings the rest."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from mlp_reference.exercises.handouts.notebook import write_solved
from mlp_reference.exercises.handouts.source import names
from mlp_reference.exercises.submissions.batch import EXERCISES
from mlp_reference.worked_example import EXERCISE

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def downloads(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save everything into one folder, as the page "Run it yourself" says."""
    folder = tmp_path_factory.mktemp("reader")
    return Path(shutil.copytree(site / "downloads", folder / "downloads"))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make an environment that holds a kernel and nothing of this project."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pins = ("--constraint", ROOT / "constraints.txt")
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "ipykernel", *pins], check=True
    )
    imports = [str(python), "-c", "import mlp_reference"]
    absent = subprocess.run(imports, cwd=folder, check=False, capture_output=True)
    assert b"ModuleNotFoundError" in absent.stderr
    spec = folder / "share" / "kernels" / "fresh"
    spec.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "fresh", "language": "python"})
    )
    return str(folder / "share")


@pytest.fixture
def run(
    downloads: Path, kernel: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., nbformat.NotebookNode]:
    """Run a notebook in the fresh environment, beside the files that a reader saved."""
    monkeypatch.setenv("JUPYTER_PATH", kernel)
    monkeypatch.setenv("PIP_CONSTRAINT", str(ROOT / "constraints.txt"))
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def run(path: Path, *, allow_errors: bool = False) -> nbformat.NotebookNode:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        resources = {"metadata": {"path": str(downloads)}}
        client = NotebookClient(
            notebook,
            timeout=600,
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
    assert len(notebooks) == 4
    for path in notebooks:
        shown = outputs(run(path))
        assert shown
        assert [o for o in shown if o.get("name") == "stderr"] == [], path.name


def reports(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """List what the cell puts out that counts the points."""
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
        # What builds on an answer that is not there yet may lack a name.
        assert failed <= {"NotImplementedError", "NameError"}
        (report,) = reports(notebook)
        assert "\n0.0 of " in report.data["text/plain"]
        assert [o for o in outputs(notebook) if o.get("name") == "stderr"] == []


def test_a_solved_notebook_runs_from_top_to_bottom_and_gets_all_points(
    tmp_path: Path, run: Callable[..., nbformat.NotebookNode]
) -> None:
    write_solved(tmp_path, EXERCISE)
    for exercise in EXERCISES:
        notebook = run(tmp_path / f"{exercise.name}.ipynb")
        (report,) = reports(notebook)
        points = f"{exercise.max_points:.1f}"
        assert f"{points} of {points} points" in report.data["text/plain"]
