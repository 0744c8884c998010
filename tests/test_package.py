"""The rules of imports between the packages' parts, and what an import must not load."""

import ast
import subprocess
import sys
import tarfile
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from mlp_reference import manual

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for package in ("mlp_reference", "mlp_exercise")
    for path in (ROOT / package).rglob("*.py")
)
ABOVE = (
    *("part1", "part2", "part3", "handout", "submission"),
    *("classroom.files", "classroom.page", "classroom.collecting"),
    *("classroom.batches.interruption", "classroom.batches.batch"),
    "classroom.batches.record",
    *("classroom.gradebooks.sheet", "classroom.gradebooks.matching"),
    *("classroom.standing", "classroom.for_instructors.counts", "classroom.tables"),
    "classroom.screen",
    *("classroom.gradebooks", "classroom.batches"),
    *("classroom.for_learners", "classroom.for_instructors"),
    *("classroom.beforehand", "classroom.going_back", "classroom.command", "__main__"),
)
"""The parts of the exercise, in an order in which each imports only from those before it."""


def room(name: str) -> int:
    """Return the place of a module in this order; modules that all share come first."""
    assert name.startswith("mlp_exercise")
    inside = f"{name.removeprefix('mlp_exercise').lstrip('.')}."
    found = [part for part in ABOVE if inside.startswith(f"{part}.")]
    return ABOVE.index(max(found, key=len)) if found else -1


def imported(source: Path) -> set[str]:
    """Return the modules that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_from_rooms_before_it_alone(source: Path) -> None:
    name = source.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    exercise = {m for m in imported(source) if m.startswith("mlp_exercise")}
    if name.startswith("mlp_reference"):
        assert not exercise
        return
    later = {m for m in exercise if room(m) > room(name)}
    assert not later
    if name.startswith("mlp_exercise.part"):  # no part imports from another
        assert not {m for m in exercise if -1 < room(m) != room(name)}


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return set(run.stdout.split())


def test_the_wheel_has_a_command_and_the_licences_of_code_and_texts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (command,) = project["scripts"].values()
    module, _, function = command.partition(":")
    assert callable(getattr(import_module(module), function))
    assert project["license"] == "BSD-3-Clause AND CC-BY-4.0"
    for name in project["license-files"]:
        assert (ROOT / name).is_file()


def test_a_wheel_built_from_the_source_distribution_is_that_of_the_checkout(
    tmp_path: Path,
) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,), (source,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert not (unpacked / "tests").exists()
    again = [*build[:-1], str(tmp_path / "again"), "-t", "wheel"]
    subprocess.run(again, cwd=unpacked, check=True, capture_output=True)
    assert (tmp_path / "again" / wheel.name).read_bytes() == wheel.read_bytes()


def test_importing_the_package_imports_none_of_its_rooms() -> None:
    loaded = modules_after("import mlp_reference")
    assert not loaded & {"numpy", "torch", "matplotlib"}
    assert {name for name in loaded if name.startswith("mlp_reference")} == {
        "mlp_reference"
    }


def test_the_numpy_rooms_need_neither_torch_nor_matplotlib_nor_tqdm() -> None:
    rooms = ["numpy_mlp", "autograd", "optimizers", "gradient_check", "datasets"]
    rooms += ["initialisation", "training"]
    loaded = modules_after(
        "import " + ", ".join(f"mlp_reference.{room}" for room in rooms)
    )
    assert {f"mlp_reference.{room}" for room in rooms} < loaded
    assert not loaded & {"torch", "matplotlib", "tqdm", "sklearn"}


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


def test_nothing_of_the_exercise_loads_torch_or_matplotlib_until_it_is_needed() -> None:
    rooms = ["part1", "part2", "part3", "handout.notebook"]
    rooms += ["classroom.command"]
    loaded = modules_after(
        "import " + ", ".join(f"mlp_exercise.{room}" for room in rooms)
    )
    assert {f"mlp_exercise.{room}" for room in rooms} < loaded
    assert not loaded & {"torch", "matplotlib"}
