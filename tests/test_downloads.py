"""A downloaded notebook runs where only Jupyter's kernel is: its first cell brings the rest."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

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


def test_every_notebook_runs_from_top_to_bottom(
    downloads: Path, kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", kernel)
    monkeypatch.setenv("PIP_CONSTRAINT", str(ROOT / "constraints.txt"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    notebooks = sorted(downloads.glob("*.ipynb"))
    assert len(notebooks) == 4
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        resources = {"metadata": {"path": str(downloads)}}
        client = NotebookClient(
            notebook, timeout=600, kernel_name="fresh", resources=resources
        )
        client.execute()
        errors = [
            output
            for cell in notebook.cells
            for output in cell.get("outputs", ())
            if output.get("name") == "stderr"
        ]
        assert errors == [], path.name
        assert any(cell.get("outputs") for cell in notebook.cells)
