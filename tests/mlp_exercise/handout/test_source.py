"""The texts are found in a checkout and in a wheel, and handouts need neither NumPy nor more."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mlp_exercise.handout.source import load, names

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(
        [*command, "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


def run(wheel: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the wheel in its path, and nothing of the checkout."""
    return subprocess.run(
        [sys.executable, "-P", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_exercises_are_listed_and_lessons_are_not() -> None:
    texts = (ROOT / "tutorials_src").glob("ex*.md")
    assert names() == sorted(path.stem for path in texts)
    assert "01_pen_and_paper" not in names()


def test_an_exercise_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no exercise ex7_nothing"):
        load("ex7_nothing")


def test_a_text_of_another_folder_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "ex9_mine.md").write_text("# Mine ∂\n", "utf-8")
    assert load("ex9_mine", tmp_path).cells[0].text == "# Mine ∂"


def test_every_text_is_packed_into_wheel_and_sdist() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    targets = settings["tool"]["hatch"]["build"]["targets"]
    packed = targets["wheel"]["force-include"]
    folder = "mlp_exercise/handout/sources"
    assert packed == {
        f"tutorials_src/{name}.md": f"{folder}/{name}.md" for name in names()
    }
    assert "tutorials_src/ex*.md" in targets["sdist"]["include"]


def test_an_installed_wheel_writes_the_notebook_that_a_checkout_writes(
    wheel: Path, tmp_path: Path
) -> None:
    code = "import mlp_reference; print(mlp_reference.__file__)"
    assert str(wheel) in run(wheel, tmp_path, "-c", code).stdout
    words = ("-m", "mlp_exercise", "variant", "3")
    done = run(wheel, tmp_path, *words)
    assert (done.returncode, done.stdout) == (0, "ex1_01_pen_and_paper.ipynb\n"), (
        done.stderr
    )
    (tmp_path / "checkout").mkdir()
    assert run(ROOT, tmp_path / "checkout", *words).returncode == 0
    texts = [
        (folder / "ex1_01_pen_and_paper.ipynb").read_bytes()
        for folder in (tmp_path, tmp_path / "checkout")
    ]
    assert texts[0] == texts[1]


def test_handouts_need_nothing_but_python(wheel: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from mlp_exercise.handout import class_list, notebook;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = run(wheel, tmp_path, "-S", "-c", code)
    assert done.returncode == 0, done.stderr
    assert not {"numpy", "nbformat", "sphinx", "matplotlib"} & set(done.stdout.split())
