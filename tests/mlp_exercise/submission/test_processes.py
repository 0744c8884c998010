from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlp_exercise.submission import guarded, processes
from mlp_exercise.submission.protocol import started
from mlp_exercise.submission.runs import Limits
from mlp_exercise.values import Plain


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Watch where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def running(source: str, seconds: float = 9.0) -> Iterator[processes.Lines]:
    """Let a child run one cell; give what it says once its libraries are loaded."""
    limits = dict.fromkeys(("seconds", "together", "patience"), seconds)
    job = {"cells": [(0, source)], "names": [], "module": "", "trials": []}
    with processes.child({**job, **limits, "memory": 2**30}) as child:
        assert started(child.lines.get() or b"")
        yield child.lines


def answer(source: str, *more: str) -> Plain:
    history = guarded.run([source, *more], ["answer"], Limits(seconds=1.0))
    return history.changes.get(0, {}).get("answer")


@pytest.mark.parametrize(
    "source",
    [
        "open('x', 'w').close()\nimport os\nos.makedirs('d/e')\nos.chmod('d', 0)",
        "import os\nos._exit(1)",
        "open('x', 'w').close()\nwhile True: pass",
    ],
)
def test_no_folder_and_no_process_is_left_behind(temporary: Path, source: str) -> None:
    answer(source)
    assert list(temporary.iterdir()) == []
    assert not processes._running
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_folder_is_empty_and_a_home(temporary: Path) -> None:
    source = "import os, pathlib as p\nhere = p.Path.cwd()\nanswer = ["
    source += (
        "len(os.listdir()), int(p.Path.home() == here), int(str(here).startswith(T))]"
    )
    assert answer(source.replace("T", repr(str(temporary)))) == [0, 1, 1]


def test_the_environment_tells_nothing_of_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "x.py")
    assert (
        answer(
            "import os\nanswer = sum('TOKEN' in k or 'START' in k for k in os.environ)"
        )
        == 0
    )
    assert answer("import os\nanswer = int(os.environ['OMP_NUM_THREADS'])") == 1


def test_modules_beside_the_notebooks_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prank.py").write_text("answer = 3")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert answer("answer = 1\nimport prank\nanswer = 2") == 1


def test_our_own_modules_are_not_taken_for_others() -> None:
    assert answer("answer = 1\nimport protocol\nanswer = 2") == 1


def test_modules_are_found_where_the_parent_finds_them_if_they_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "site-packages", tmp_path / "submissions"):
        folder.mkdir()
        (folder / f"in_{folder.name[:4]}.py").write_text("answer = 3")
        monkeypatch.syspath_prepend(str(folder))
    assert answer("from in_site import answer") == 3
    assert answer("answer = 1\nfrom in_subm import answer") == 1
    assert answer("import mlp_reference.manual\nanswer = 1") == 1


def test_libraries_are_loaded_before_the_guards_if_they_are_mentioned() -> None:
    loaded = "import sys\nanswer = int('numpy' in sys.modules)"
    assert answer(loaded.replace("numpy", "num' + 'py")) == 0
    assert answer(loaded) == 1
    assert answer(loaded.replace("numpy", "num' + 'py"), "import numpy") == 1


def test_standard_output_and_input_lead_nowhere() -> None:
    source = "import sys, os\nprint('x')\nsys.stderr.write('x')\n"
    source += "nowhere = os.path.samestat(os.fstat(1), os.stat(os.devnull))\n"
    source += "answer = [len(sys.stdin.read()), int(nowhere)]"
    assert answer(source) == [0, 1]


def test_a_child_ends_when_none_is_wanted() -> None:
    with running("while True: pass", seconds=9.0) as lines:
        assert lines.get() == b'{"cell": 0}\n'
        with processes.none_wanted():
            assert lines.get() is None


def test_a_child_whose_parent_is_gone_ends_by_itself() -> None:
    with running("import time\ntime.sleep(99)", seconds=1.0) as lines:
        assert lines.get() == b'{"cell": 0}\n'
        assert lines.get() is None


def test_a_flood_of_reports_is_cut_off() -> None:
    flood = "import os\nfor fd in range(3, 9):\n  try:\n"
    flood += "    while True: os.write(fd, b'x\\n' * 9999)\n  except OSError: pass"
    with running(flood, seconds=9.0) as lines:
        count = sum(1 for _ in iter(lines.get, None))
    assert count <= processes.MOST_BYTES / 100
