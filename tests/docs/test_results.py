"""Results are kept until something that they use changes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from course import results
from course.results import environment_digest, keep, open_cache
from course.sources import Page


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "package/inner").mkdir(parents=True)
    (tmp_path / "package/__init__.py").write_text("a = 1\n")
    (tmp_path / "package/inner/module.py").write_text("b = 2\n")
    return tmp_path / "package"


def change_a_module(package: Path) -> None:
    (package / "inner/module.py").write_text("b = 3\n")


def rename_a_module(package: Path) -> None:
    (package / "inner/module.py").rename(package / "inner/renamed.py")


def move_a_module(package: Path) -> None:
    (package / "inner/module.py").rename(package / "module.py")


def add_an_empty_module(package: Path) -> None:
    (package / "new.py").touch()


def remove_a_module(package: Path) -> None:
    (package / "__init__.py").unlink()


def move_a_line_to_another_module(package: Path) -> None:
    (package / "__init__.py").write_text("")
    (package / "inner/module.py").write_text("a = 1\nb = 2\n")


@pytest.mark.parametrize(
    "change",
    [
        change_a_module,
        rename_a_module,
        move_a_module,
        add_an_empty_module,
        remove_a_module,
        move_a_line_to_another_module,
    ],
)
def test_any_change_of_the_package_gives_a_new_digest(
    package: Path, change: Callable[[Path], None]
) -> None:
    before = environment_digest(package)
    change(package)
    assert environment_digest(package) != before


@pytest.mark.parametrize("library", ["numpy", "torch", "matplotlib", "ipykernel"])
def test_another_version_of_a_library_gives_a_new_digest(
    package: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(package)
    version = results._version
    monkeypatch.setattr(
        results, "_version", lambda name: version(name) + "+" * (name == library)
    )
    assert environment_digest(package) != before


def test_another_python_gives_a_new_digest(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(package)
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert environment_digest(package) != before


def test_a_library_may_be_absent(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(package)
    monkeypatch.setattr(results, "NUMERICAL_LIBRARIES", ("no_such_library_of_anyone",))
    assert environment_digest(package) != before


def test_files_that_hold_no_code_leave_the_digest_alone(package: Path) -> None:
    before = environment_digest(package)
    (package / "py.typed").touch()
    (package / "__pycache__").mkdir()
    (package / "__pycache__/module.cpython-311.pyc").write_bytes(b"\0")
    (package.parent / "beside.py").write_text("c = 3\n")
    assert environment_digest(package) == before
    assert len(before) == 16
    int(before, 16)


def test_the_digest_does_not_depend_on_where_the_package_lies(package: Path) -> None:
    before = environment_digest(package)
    assert environment_digest(package.rename(package.with_name("elsewhere"))) == before


def test_a_new_cache_drops_those_of_other_environments(
    tmp_path: Path, lesson: Callable[..., Page]
) -> None:
    page = lesson("# Title\n\n" + "```{code-cell} python\n1 + 1\n```\n")
    old = open_cache(tmp_path / "caches", "a" * 16)
    keep(page, page.notebook, 1.0, old)
    again = open_cache(tmp_path / "caches", "a" * 16)
    assert len(again.list_cache_records()) == 1, (
        "the same environment finds its results"
    )
    new = open_cache(tmp_path / "caches", "b" * 16)
    assert new.list_cache_records() == []
    assert {path.name for path in (tmp_path / "caches").iterdir()} <= {"b" * 16}
