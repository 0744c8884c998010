"""A notebook gets a report, or an error that says why, and never a process that stays."""

import functools
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlp_reference import launcher
from tests.leftovers import marked, still_there
from tests.mlp_reference.processes import PATIENCE


def test_a_failure_is_told_with_what_the_processes_said() -> None:
    with pytest.raises(RuntimeError, match="invalid choice: 'pigeon'"):
        launcher.torchrun(
            "mlp_reference.data_parallel", "--backend", "pigeon", processes=1
        )


def test_a_program_has_to_write_a_report() -> None:
    with pytest.raises(RuntimeError, match="this wrote no report"):
        launcher.torchrun("this", processes=1)


def test_on_windows_processes_meet_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its PyTorch has no libuv; that the other way works can be seen on any system."""
    on_windows = functools.partial(launcher._meeting_place, system="nt")
    monkeypatch.setattr(launcher, "_meeting_place", on_windows)
    monkeypatch.setenv("USE_LIBUV", "0")
    found = launcher.torchrun("mlp_reference.recovery", processes=2)
    assert found["processes"] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_an_interrupt_ends_all_processes(tmp_path: Path) -> None:
    """As it reaches a notebook's kernel while a cell waits."""
    (tmp_path / "sleeper.py").write_text(
        "import os, pathlib, time\n"
        "pathlib.Path('awake' + os.environ['RANK']).touch()\n"
        f"time.sleep({2 * PATIENCE})\n",
        "utf-8",
    )
    script = "from mlp_reference import launcher; "
    script += "launcher.torchrun('sleeper', processes=2)"
    with marked() as mark:
        waiting = subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + PATIENCE
        while len(list(tmp_path.glob("awake*"))) < 2 and waiting.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        waiting.send_signal(signal.SIGINT)
        _, errors = waiting.communicate(timeout=PATIENCE)
        assert b"KeyboardInterrupt" in errors
        assert still_there(mark) == []
