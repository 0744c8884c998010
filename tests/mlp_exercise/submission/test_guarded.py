from __future__ import annotations

import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from mlp_exercise.submission import guarded, processes
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.submission.runs import (
    History,
    Limits,
    Problem,
    StoppedByClock,
    Trials,
)

TOO_LONG = Problem("time limit", "it took longer than 1 s of processor time")
FULL = Problem("memory limit", "it used up its memory")
ENDED = Problem("ended", "it ended the process")


def run(*sources: str | None, seconds: float = 1.0) -> History:
    return guarded.run(sources, ("a", "z"), Limits(seconds=seconds, memory=2**29))


def test_each_cell_reports_what_it_changed() -> None:
    history = run("a = [1, 2]", "b = 3", None, "a = [1, b]; z = (a, None)", "del a")
    assert history == History(
        {
            0: {"a": [1, 2]},
            1: {},
            3: {"a": [1, 3], "z": [[1, 3], None]},
            4: {"a": None},
        }
    )


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("a = 1\n1 / 0", "ZeroDivisionError: division by zero"),
        ("a = 1\nimport sys\nsys.exit()", "SystemExit"),
        ("a = 1\nexit()", "SystemExit"),
        ("a = 1\nraise KeyboardInterrupt", "KeyboardInterrupt"),
        ("a = 1\ninput()", "EOFError: EOF when reading a line"),
        (
            "a = 1\ndef f(): f()\nf()",
            "RecursionError: maximum recursion depth exceeded",
        ),
        ("a = 1\nfor _ in range(100): print('flood' * 100_000)", ""),
        (
            "a = 1\nimport os\nos.write(1, b'{}' * 99_999)\nos.write(2, b'x' * 99_999)",
            "",
        ),
        ("a = 1\nimport atexit, time\natexit.register(time.sleep, 99)", ""),
        (
            "a = 1\nimport threading as t, time\nt.Thread(target=time.sleep, args=[99]).start()",
            "",
        ),
        ("a = 1\ndisplay(a)\nget_ipython().run_line_magic('pip', 'install')", ""),
        ("from __future__ import annotations\na = 1", ""),
        (
            "import sys\nmodule = sys.modules[__name__]\n"
            "a = int(__name__ == '__main__' and vars(module) is globals())",
            "",
        ),
        ("import asyncio\na = await asyncio.sleep(0, result=1)", ""),
        (
            "def f(): return 1\nimport inspect\na = inspect.getsource(f).count('return')",
            "",
        ),
        (
            "a = 1\nraise ValueError('two' + chr(10) + 'lines')",
            "ValueError: two lines",
        ),
        ("a = 1\nraise NotImplementedError()", ""),
        (
            "a = 1\nclass Odd(Exception):\n  def __str__(self): 1 / 0\nraise Odd",
            "an error that cannot be read",
        ),
    ],
)
def test_what_a_cell_does_ends_no_more_than_that_cell(source: str, error: str) -> None:
    history = run(source, "z = 2")
    assert (history.changes, history.left_out) == ({0: {"a": 1}, 1: {"z": 2}}, {})
    assert history.raised.get(0, "") == error


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import os\nos._exit(0)", ENDED),
        ("import ctypes\nctypes.string_at(0)", ENDED),
        ("import os\nos.abort()", ENDED),
        ("import os\nos.closerange(3, 99)", ENDED),
        ("x = []\nwhile True: x.append(bytes(10**8))", FULL),
        ("x = 'x' * 10**12", FULL),
        (
            "import os\nfor fd in range(3, 20):\n"
            "  try: os.write(fd, b'x\\n' * 2**20)\n  except OSError: pass",
            ENDED,
        ),
    ],
)
def test_a_cell_that_ends_the_process_is_left_out(
    source: str, problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    if problem == ENDED and "os._exit" not in source:
        monkeypatch.setattr(processes, "LAST_BREATH", 0.5)  # some only fall silent
    history = run("a = 1", source, "z = 2")
    assert history == History({0: {"a": 1}, 2: {"z": 2}}, {1: problem})


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import signal\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\nwhile True: pass",
    ],
    ids=["honest", "that holds off the first signal"],
)
def test_a_cell_that_never_ends_is_left_out(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(guarded, "ALL_CELLS", 2)
    history = run("a = 1", source, "z = 2")
    assert history.changes[0] == {"a": 1}
    assert [p.kind for p in history.left_out.values()] == ["time limit"]


def test_a_cell_may_wait_longer_than_it_may_compute() -> None:
    """Time that a cell does not compute is the machine's, however much of it there is."""
    slow = "import time\nfor _ in range(4): time.sleep(0.1)"
    assert run(slow, "a = 1", seconds=0.2) == History({0: {}, 1: {"a": 1}})


def test_what_the_clock_stops_is_not_held_against_a_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guarded, "PATIENCE", 0.5)
    with pytest.raises(StoppedByClock, match=r"code cell 2 .* waits for something"):
        run("a = 1", "import time; time.sleep(999)")


def test_loading_libraries_is_nobodys_time() -> None:
    history = run("import torch\na = int(torch.ones(2).sum())", seconds=0.2)
    assert history == History({0: {"a": 2}})


def test_threads_of_a_cell_compute_on_its_time() -> None:
    source = """
import threading
def busy():
    while True: pass
threading.Thread(target=busy, daemon=True).start()
threading.Event().wait(999)
"""
    assert run("a = 1", source).left_out == {1: TOO_LONG}


def test_a_notebook_begins_again_without_each_cell_that_ends_it() -> None:
    deadly = "import os\nos._exit(1)"
    history = run("a = 1", deadly, deadly, deadly, "a = 2", deadly, "a = 3")
    assert history.changes == {0: {"a": 1}, 4: {"a": 2}, 6: {"a": 3}}
    assert len(history.left_out) == 4


def test_all_cells_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "ALL_CELLS", 0.01)
    history = run("a = 1", "while True: pass", "z = 2", seconds=50.0)
    assert history.changes == {0: {"a": 1}}
    words = "all together took longer than 0.5 s of processor time"
    assert history.left_out == {1: Problem("time limit", words)}


def test_the_attempt_that_got_furthest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = iter(
        [
            guarded._Attempt({0: {"a": 1}, 1: {"z": 2}}, guilty=2, problem=ENDED),
            guarded._Attempt({0: {"a": 3}}, guilty=1, problem=TOO_LONG),
            guarded._Attempt(),
        ]
    )
    monkeypatch.setattr(guarded, "_attempt", lambda *_arguments: (next(attempts), 0.1))
    assert run("a = 1", "z = 2", "f()") == History(
        {0: {"a": 1}, 1: {"z": 2}}, {2: ENDED, 1: TOO_LONG}
    )


def test_a_cell_cannot_speak_for_another_or_of_what_was_not_asked() -> None:
    forged = """
import json, os
for line in ({"cell": 0, "changes": {"a": 9}}, {"cell": "x"}, [], {"cell": 1, "changes": {"b": 9}}):
    for fd in range(3, 20):
        try: os.write(fd, json.dumps(line).encode() + b"\\n")
        except OSError: pass
"""
    assert run("a = 1", forged).changes == {0: {"a": 1}, 1: {}}


def test_a_child_that_does_not_start_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(processes, "_SCRIPT", f"{tmp_path}/nowhere.py")
    with pytest.raises(NotMarked, match="did not start here"):
        run("a = 1")


def test_a_machine_without_a_process_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(NotMarked, match="no process can be started"):
        run("a = 1")


def test_a_machine_without_a_folder_to_write_in_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(NotMarked, match="no process can be started"):
        run("a = 1")


def test_trials_without_their_library_are_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "trials_of_what_is_not_there.py").write_text("import torch_of_tomorrow")
    monkeypatch.syspath_prepend(str(folder))
    trials = Trials("trials_of_what_is_not_there", ("model",))
    with pytest.raises(NotMarked, match="torch_of_tomorrow, which is not installed"):
        guarded.run(["a = 1"], (), Limits(), trials)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="sends a signal")
def test_a_process_that_the_system_ends_is_no_mistake_of_a_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Linux does where memory runs out."""
    attempts = iter([guarded.OUT_OF_MEMORY])
    monkeypatch.setattr(processes, "_wait", lambda process: (process.wait(), 0.0))
    real = processes._wait

    def ended_by_the_system(process: Any) -> tuple[int, float]:
        real(process)
        return next(attempts), 0.0

    monkeypatch.setattr(processes, "_wait", ended_by_the_system)
    with pytest.raises(StoppedByClock, match="the system ended the process"):
        run("import os\nos._exit(0)")


def test_a_notebook_without_cells_has_no_history() -> None:
    assert run() == run(None) == History()


def test_no_child_begins_again_when_none_is_wanted() -> None:
    with processes.none_wanted(), pytest.raises(NotMarked):
        run("while True: pass", "a = 1", seconds=500.0)
    assert run("a = 1").changes == {0: {"a": 1}}
