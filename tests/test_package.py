import ast
import subprocess
import sys
from pathlib import Path

import pytest

from mlp_reference import manual


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return set(run.stdout.split())


def test_importing_the_package_imports_none_of_its_rooms() -> None:
    loaded = modules_after("import mlp_reference")
    assert not loaded & {"numpy", "torch", "matplotlib"}
    assert {name for name in loaded if name.startswith("mlp_reference")} == {
        "mlp_reference"
    }


def test_the_numpy_rooms_need_neither_torch_nor_matplotlib_nor_tqdm() -> None:
    rooms = ["numpy_mlp", "optimizers", "gradient_check", "datasets", "training"]
    loaded = modules_after(
        "import " + ", ".join(f"mlp_reference.{room}" for room in rooms)
    )
    assert {f"mlp_reference.{room}" for room in rooms} < loaded
    assert not loaded & {"torch", "matplotlib", "tqdm"}


def test_pen_and_paper_needs_no_numpy() -> None:
    assert not modules_after("import mlp_reference.manual") & {
        "numpy",
        "torch",
        "matplotlib",
    }


@pytest.fixture
def pen_and_paper() -> ast.Module:
    return ast.parse(Path(manual.__file__).read_text(encoding="utf-8"))


def test_pen_and_paper_imports_only_math_and_the_worked_example(
    pen_and_paper: ast.Module,
) -> None:
    imported: set[str | None] = set()
    for node in ast.walk(pen_and_paper):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported == {"math", "mlp_reference.worked_example"}


def test_pen_and_paper_writes_its_sums_out(pen_and_paper: ast.Module) -> None:
    # sum() compensates rounding from Python 3.12 on: results would depend on the version.
    names = {node.id for node in ast.walk(pen_and_paper) if isinstance(node, ast.Name)}
    assert "sum" not in names
