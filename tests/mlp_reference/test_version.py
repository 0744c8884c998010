"""Another content of the wheel is another version, and nothing else is."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.utils import parse_wheel_filename
from packaging.version import Version

from mlp_reference import __version__
from mlp_reference._version import RELEASE, ROOT, computed, content

Copy = Callable[[str], Path]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Copy what the wheel is made of to a folder of this name."""

    def copy(name: str) -> Path:
        names = ("pyproject.toml", "hatch_build.py", "README.md")
        others = [*ROOT.glob("LICENSE*"), *(ROOT / name for name in names)]
        for path in (*content(ROOT), *others):
            target = tmp_path / name / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        return tmp_path / name

    return copy


def build(project: Path, target: str = "wheel") -> Path:
    hatchling = [sys.executable, "-m", "hatchling", "build", "-t", target]
    subprocess.run(
        [*hatchling, "-d", "built"], cwd=project, check=True, capture_output=True
    )
    (built,) = (project / "built").glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_bytes().decode()
    assert before in text
    path.write_bytes(text.replace(before, after).encode())


def test_a_version_is_a_release_and_a_digest_that_stays_as_it_is() -> None:
    assert Version(__version__).public == RELEASE
    assert str(Version(__version__)) == __version__
    assert __version__ == computed()


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("mlp_reference/manual.py", "return", "return "),
        ("mlp_exercise/check.py", '"""', '""" '),
        ("mlp_reference/py.typed", "", "\n"),
        ("tutorials_src/ex1_01_pen_and_paper.md", "# Exercise", "# An exercise"),
        ("pyproject.toml", '"matplotlib>=3.8"', '"matplotlib>=3.7"'),
        ("pyproject.toml", 'requires-python = ">=3.11"', 'requires-python = ">=3.12"'),
    ],
)
def test_whatever_changes_in_the_wheel_makes_another_version(
    copy: Copy, file: str, before: str, after: str
) -> None:
    there = copy("there")
    assert computed(there) == __version__
    replace(there / file, before, after)
    assert computed(there) != __version__


def test_a_file_that_comes_goes_or_moves_makes_another_version(copy: Copy) -> None:
    there = copy("there")
    manual = there / "mlp_reference/manual.py"
    found = {computed(there)}
    manual.rename(there / "mlp_exercise/manual.py")
    found.add(computed(there))
    (there / "mlp_exercise/manual.py").unlink()
    found.add(computed(there))
    assert len(found) == 3


def test_neither_ends_of_lines_nor_other_files_make_another_version(copy: Copy) -> None:
    there = copy("another folder, with a ü")
    for path in content(there):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    replace(there / "pyproject.toml", "[tool.ruff]", "# A comment.\n[tool.ruff]")
    (there / "README.md").write_text("Other words.", "utf-8")
    (there / "tutorials_src/00_lesson.md").write_text("# A lesson", "utf-8")
    assert computed(there) == __version__


def test_each_way_to_the_wheel_gives_the_version_that_the_checkout_has(
    copy: Copy, tmp_path: Path
) -> None:
    direct, again = build(copy("one")), build(copy("two"))
    assert direct.name == again.name
    assert direct.read_bytes() == again.read_bytes()
    assert str(parse_wheel_filename(direct.name)[1]) == __version__
    with tarfile.open(build(copy("three"), "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert build(unpacked).name == direct.name
    with zipfile.ZipFile(direct) as wheel:
        wheel.extractall(tmp_path / "installed")  # noqa: S202 - we have made it
        held = [n for n in wheel.namelist() if ".dist-info/" not in n]
        assert len(held) == len(content(ROOT))
        (about,) = (n for n in wheel.namelist() if n.endswith("/METADATA"))
        assert message_from_bytes(wheel.read(about))["Version"] == __version__
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import mlp_reference; print(mlp_reference.__version__)",
        ],
        cwd=tmp_path / "installed",
        env={"PYTHONPATH": str(tmp_path / "installed")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == __version__
    replace(copy("four") / "mlp_reference/manual.py", "return", "return ")
    assert build(tmp_path / "four").name != direct.name


def test_a_checkout_is_at_another_version_as_soon_as_a_file_is_another(
    copy: Copy,
) -> None:
    there, told = copy("there"), set()
    for after in ("return", "return "):
        replace(there / "mlp_reference/manual.py", "return", after)
        run = subprocess.run(
            [sys.executable, "-m", "mlp_exercise", "--version"],
            cwd=there,
            env={"PYTHONPATH": str(there)},
            check=True,
            capture_output=True,
            text=True,
        )
        told.add(run.stdout.split()[-1])
    assert len(told) == 2
    assert __version__ in told


def test_the_package_has_no_other_names_that_are_computed() -> None:
    import mlp_reference

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        mlp_reference.nothing  # type: ignore[attr-defined]  # noqa: B018 - it is not there
