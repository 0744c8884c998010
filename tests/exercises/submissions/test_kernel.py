"""The kernel's own fence holds where Python is not asked, and only where it is told to."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlp_reference.exercises.submissions import kernel
from tests.exercises.submissions.landlock import needs_landlock

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    head = "import os, sys; from mlp_reference.exercises.submissions import kernel; "
    command = [sys.executable, "-c", head + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_landlock
@pytest.mark.parametrize(
    "change",
    [
        "open(outside + '/a', 'w')",
        "open(outside + '/kept', 'a')",
        "os.truncate(outside + '/kept', 0)",
        "os.remove(outside + '/kept')",
        "os.mkdir(outside + '/d')",
        "os.rename(inside + '/mine', outside + '/mine')",
    ],
)
def test_nothing_changes_outside_the_folder(tmp_path: Path, change: str) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "mine").write_text("mine")
    (outside / "kept").write_text("kept")
    code = (
        "inside, outside = sys.argv[1:]; held = kernel.write_only_below(inside); "
        f"print(held, flush=True); {change}"
    )
    done = run(code, str(inside), str(outside))
    assert done.stdout.strip() == "True"
    assert "PermissionError" in done.stderr or "OSError" in done.stderr
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_text() == "kept"


@linux
def test_the_folder_itself_can_be_used(tmp_path: Path) -> None:
    code = (
        "os.chdir(sys.argv[1]); kernel.write_only_below(sys.argv[1]); "
        "open('a', 'w').write('x'); os.rename('a', 'b'); os.mkdir('c'); os.rmdir('c'); "
        "os.truncate('b', 0); os.remove('b'); open(os.devnull, 'w').write('x')"
    )
    assert run(code, str(tmp_path)).stderr == ""
    assert list(tmp_path.iterdir()) == []


@linux
def test_a_kernel_without_landlock_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Without:
        def syscall(self, *arguments: object) -> int:
            asked.append(arguments)
            return -1

    monkeypatch.setattr("ctypes.CDLL", lambda _name: Without())
    assert kernel.write_only_below("nowhere") is False
    assert len(asked) == 1  # its version, and then it is left alone


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert kernel.write_only_below("nowhere") is False
    kernel.end_with_parent()


@linux
def test_a_child_ends_with_its_parent() -> None:
    grandchild = (
        "import time; from mlp_reference.exercises.submissions import kernel; "
        "kernel.end_with_parent(); print('ready', flush=True); time.sleep(60)"
    )
    parent = (
        "import os, subprocess, sys; "
        f"child = subprocess.Popen([sys.executable, '-c', {grandchild!r}], "
        "stdout=subprocess.PIPE); child.stdout.readline(); "
        "print(child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", parent], capture_output=True, text=True
    )
    status = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(100):
        # Nobody may be left to collect it; then it stays as a zombie, Z.
        if not status.exists() or status.read_text().split(") ")[1][0] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the child outlived its parent")
