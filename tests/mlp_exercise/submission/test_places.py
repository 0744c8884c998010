"""Python and its libraries are read, and never a place that may hold other things, too."""

import os
import sys
import sysconfig
from pathlib import Path

import pytest

import mlp_reference
from mlp_exercise.submission.fence import readable


def is_read(path: str | Path) -> bool:
    return any(Path(path).is_relative_to(place) for place in readable())


def test_what_python_needs_is_read() -> None:
    paths = sysconfig.get_paths()
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        assert is_read(paths[name]), name
    assert is_read(sys.executable)
    assert is_read(os.path.realpath(sys.executable))
    assert is_read(mlp_reference.__file__)


@pytest.mark.parametrize(
    "place",
    [
        "/",
        "/etc/passwd",
        "/etc/shadow",
        "/home/ada/ex1.ipynb",
        "/root/.ssh/id_rsa",
        "/var/tmp/other",  # noqa: S108 - nothing is put there
        "/var/spool/x",
        "/srv/nbgrader/exchange",
        "/usr/local/share/nbgrader/exchange",
        "/usr/share/nbgrader",
        "/proc/1/environ",
    ],
)
def test_what_others_keep_is_not_read(place: str) -> None:
    assert not is_read(place)


def test_what_lies_beside_an_environment_or_a_package_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prefix", "base_prefix", "exec_prefix", "base_exec_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "dist-packages")])
    assert is_read(tmp_path / "lib/python3/site-packages/numpy")
    assert is_read(tmp_path / "bin/python")
    assert is_read(tmp_path / "dist-packages/numpy")
    assert is_read(tmp_path / "share/zoneinfo/UTC")
    assert not is_read(tmp_path)
    assert not is_read(tmp_path / "submissions/best.ipynb")
    assert not is_read(tmp_path / "share/nbgrader")
    assert not is_read(Path(mlp_reference.__file__).parents[1] / "submissions")
