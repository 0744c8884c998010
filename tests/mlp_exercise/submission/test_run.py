"""A run of a notebook believes nothing, and no cell costs another its answers."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.handout.first_cell import installation
from mlp_exercise.submission import process
from mlp_exercise.submission import run as runs
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.submission.run import History, Limits, Problem, StoppedByClock, Trials
from mlp_exercise.values import PHRASES, plain

TOO_LONG = Problem("time limit", "it took longer than 1 s of processor time")
FULL = Problem("memory limit", "it used up its memory")
ENDED = Problem("ended", "it ended the process")
TOO_MUCH = Problem("report limit", "it reported more than the 16 MiB that are read")


def run(*sources: str | None, seconds: float = 1.0) -> History:
    return runs.run(sources, ("a", "z"), Limits(seconds=seconds, memory=2**29))


def choose(monkeypatch: pytest.MonkeyPatch, *, fork: bool) -> None:
    """Fork the warm process where that is safe, or never."""
    chosen = fork and process.has_safe_fork()
    monkeypatch.setattr(process, "has_safe_fork", lambda: chosen)


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
    assert run() == run(None) == History()


@pytest.mark.parametrize("extras", ["", "plot,torch"])
def test_the_first_cell_of_another_version_installs_nothing_and_needs_no_ipython(
    extras: str,
) -> None:
    nothing = "import sys\nfor name in ('IPython', 'torch'): sys.modules[name] = None"
    cell = installation("mlp_reference-0.1.0+d0-py3-none-any.whl", "", extras)
    assert run(nothing, cell, "a = 1") == History({0: {}, 1: {}, 2: {"a": 1}})


ODD = "class Odd(Exception):\n  def __str__(self): 1 / 0\nraise Odd"
NO_ERROR = [
    "for _ in range(100): print('flood' * 100_000)",
    "import os\nos.write(1, b'{}' * 99_999)\nos.write(2, b'x' * 99_999)",
    "import atexit, time\natexit.register(time.sleep, 99)",
    "import threading as t, time\nt.Thread(target=time.sleep, args=[99]).start()",
    "display(a)\nget_ipython().run_line_magic('pip', 'install')",
    "import sys\nmodule = sys.modules[__name__]\n"
    "a = int(__name__ == '__main__' and vars(module) is globals())",
    "import asyncio\na = await asyncio.sleep(0, result=1)",
    "def f(): return 1\nimport inspect\na = inspect.getsource(f).count('return')",
    "import argparse\nargparse.ArgumentParser().parse_args()\na = 1",
    "raise NotImplementedError()",
    "import builtins\nvars(builtins).update(dict.fromkeys(\n"
    "    ('exec', 'compile', 'vars', 'BaseException', 'MemoryError', 'SystemExit')))",
]
RAISED = {
    "1 / 0": "ZeroDivisionError: division by zero",
    "import sys\nsys.exit()": "SystemExit",
    "exit()": "SystemExit",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "input()": "EOFError: EOF when reading a line",
    "def f(): f()\nf()": "RecursionError: maximum recursion depth exceeded",
    "raise ValueError('two' + chr(10) + 'lines')": "ValueError: two lines",
    "raise ValueError('x' * 999)": "ValueError: " + "x" * 188,
    ODD: "an error that cannot be read",
}


@pytest.mark.parametrize(
    ("source", "error"), [*dict.fromkeys(NO_ERROR, "").items(), *RAISED.items()]
)
def test_what_a_cell_does_ends_no_more_than_that_cell(source: str, error: str) -> None:
    history = run(f"from __future__ import annotations\na = 1\n{source}", "z = 2")
    assert (history.changes, history.left_out) == ({0: {"a": 1}, 1: {"z": 2}}, {})
    assert history.raised.get(0, "") == error


def test_what_a_cell_imports_from_the_future_holds_in_the_cells_after_it() -> None:
    late = "def f(x: int): pass\na = int(isinstance(f.__annotations__['x'], str))"
    history = run(late, "from __future__ import annotations\n1 / 0", late)
    assert (history.changes[0], history.changes[2]) == ({"a": 0}, {"a": 1})
    assert run(late).changes == {0: {"a": 0}}, "and in no other notebook"


FLOOD = "import os\nwhile True:\n"
FLOOD += "  try: os.write(3, b'x\\n' * 2**20)\n  except OSError: pass"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import os\nos._exit(0)", ENDED),
        ("import ctypes\nctypes.string_at(0)", ENDED),
        ("import os\nos.abort()", ENDED),
        ("import os\nos.close(3)", ENDED),
        ("x = []\nwhile True: x.append(bytes(10**8))", FULL),
        ("x = 'x' * 10**12", FULL),
        (FLOOD, TOO_MUCH),
    ],
)
def test_a_cell_that_ends_the_process_is_left_out(
    source: str, problem: Problem
) -> None:
    history = run("a = 1", source, "z = 2")
    assert history == History({0: {"a": 1}, 2: {"z": 2}}, {1: problem})


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import signal\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\nwhile True: pass",
        "import threading\n"
        "def busy():\n  while True: pass\n"
        "threading.Thread(target=busy, daemon=True).start()\n"
        "threading.Event().wait(999)",
    ],
    ids=["honest", "that holds off the first signal", "in a thread"],
)
@pytest.mark.parametrize("fork", [True, False])
def test_a_cell_that_never_ends_is_left_out(
    monkeypatch: pytest.MonkeyPatch, source: str, fork: bool
) -> None:
    choose(monkeypatch, fork=fork)
    monkeypatch.setattr(runs, "ALL_CELLS", 2)
    monkeypatch.setattr(runs, "PATIENCE", 99)
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
    monkeypatch.setattr(runs, "PATIENCE", 0.5)
    with pytest.raises(StoppedByClock, match=r"code cell 2 .* waits for something"):
        run("a = 1", "import time; time.sleep(999)")


def test_loading_libraries_is_nobodys_time() -> None:
    pytest.importorskip("torch")
    source = "import torch\na = int(torch.ones(2).sum())"
    assert run(source, seconds=0.2) == History({0: {"a": 2}})


def test_a_notebook_begins_again_without_each_cell_that_ends_it() -> None:
    deadly = "import os\nos._exit(1)"
    history = run("a = 1", deadly, deadly, deadly, "a = 2", deadly, "a = 3")
    assert history.changes == {0: {"a": 1}, 4: {"a": 2}, 6: {"a": 3}}
    assert history.left_out == dict.fromkeys((1, 2, 3, 5), ENDED)


def test_all_cells_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ALL_CELLS", 0.01)
    history = run("a = 1", "while True: pass", "z = 2", seconds=50.0)
    assert history.changes == {0: {"a": 1}}
    words = "all together took longer than 0.5 s of processor time"
    assert history.left_out == {1: Problem("time limit", words)}


def test_the_attempt_that_got_furthest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = iter(
        [
            runs._Attempt([0, 1, 2], reports={0: {"a": 1}, 1: {"z": 2}}, problem=ENDED),
            runs._Attempt([0, 1], reports={0: {"a": 3}}, problem=TOO_LONG),
            runs._Attempt([0]),
        ]
    )
    monkeypatch.setattr(runs, "_attempt", lambda *_arguments: (next(attempts), 0.1))
    left_out = {2: ENDED, 1: TOO_LONG}
    assert run("a = 1", "z = 2", "f()") == History({0: {"a": 1}, 1: {"z": 2}}, left_out)


def test_a_cell_cannot_speak_for_another_or_of_what_was_not_asked() -> None:
    forged = """
import json, os
for line in ({"task": 0, "changes": {"a": 9}, "error": ""}, {"task": "x"}, [],
             {"task": 2, "changes": {"z": 9}, "error": ""}, {"task": 1, "changes": {"a": 9}}):
    os.write(3, json.dumps(line).encode() + b"\\n")
os.write(3, b'{"task": 1, "changes": {"b": 9}, "error": ""}\\n')
"""
    assert run("a = 1", forged, "z = 2").changes == {0: {"a": 1}, 1: {}, 2: {"z": 2}}


def told(line: bytes) -> runs._Attempt:
    attempt = runs._Attempt([0, 1], ("a", "z"))
    attempt.note(line)
    return attempt


def nested(depth: int, value: Any) -> Any:
    return [nested(depth - 1, value)] if depth else value


FORGED = b'{"task": 0, "changes": {"a": ' + b"[" * 5000 + b"]" * 5000


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"\xff", b"hello", b"[]", b"3", b"{", b"[" * 99_999, b"null"),
        *(b'{"task": "0"}', b'{"task": 0}', b'{"task": 1, "full": true}'),
        *(FORGED + b"}}", b'{"task": 0, "observed": {"output": 1}}'),
    ],
)
def test_what_makes_no_sense_is_passed_over(line: bytes) -> None:
    assert told(line) == runs._Attempt([0, 1], ("a", "z"))


@pytest.mark.parametrize(
    ("value", "understood"),
    [
        ("true", "the truth value True"),
        *(
            (odd, "a number that is not finite")
            for odd in ("NaN", "-Infinity", "1e999")
        ),
        ("1" * 400, "a number that is not finite"),
        ('{"x": 1}', "a value of type dict"),
        (f"{'[' * 51}1{']' * 51}", nested(50, PHRASES["too deep"])),
        (json.dumps([0] * 1000), PHRASES["too many"]),
        (json.dumps("x" * 1000), "x" * 100),
    ],
)
def test_a_value_that_the_child_would_not_send_does_no_harm(
    value: str, understood: Any
) -> None:
    line = f'{{"task": 0, "changes": {{"a": {value}, "b": 1}}, "error": ""}}'
    assert told(line.encode()).reports == {0: {"a": understood}}


@given(st.recursive(st.none() | st.floats() | st.integers(), st.lists))
def test_plain_values_arrive_as_they_were(value: Any) -> None:
    sent = plain(value)
    line = json.dumps({"task": 0, "changes": {"a": sent}, "error": ""})
    assert told(line.encode()).reports == {0: {"a": sent}}


def test_a_machine_without_a_process_or_a_folder_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    process.close()
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", refuse)
        with pytest.raises(NotMarked, match="no process can be started"):
            run("a = 1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(NotMarked, match="no process can be started"):
        run("a = 1")


@pytest.mark.parametrize("fork", [True, False])
def test_a_child_that_does_not_start_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fork: bool
) -> None:
    choose(monkeypatch, fork=fork)
    monkeypatch.setattr(process, "_HOME", tmp_path)
    with pytest.raises(NotMarked, match=r"did not start .*it ended with status 2"):
        run("a = 1")


def test_trials_without_their_library_are_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    trials = folder / "trials_of_what_is_not_there.py"
    trials.write_text("LIBRARIES = ['torch_of_tomorrow']\nTRIALS = {}")
    monkeypatch.syspath_prepend(str(folder))
    with pytest.raises(NotMarked, match="torch_of_tomorrow, which is not installed"):
        runs.run(["a = 1"], (), Limits(), Trials(trials.stem, ("model",)))


@pytest.mark.skipif(not process.has_safe_fork(), reason="asks for the end of a fork")
def test_a_process_that_the_system_ends_is_no_mistake_of_a_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Linux does where memory runs out."""
    monkeypatch.setattr(process._Fork, "wait", lambda *_: (runs.OUT_OF_MEMORY, 0.0))
    with pytest.raises(StoppedByClock, match="the system ended the process"):
        run("import os\nos._exit(0)")


def test_no_child_begins_again_when_none_is_wanted() -> None:
    with runs.none_wanted(), pytest.raises(NotMarked):
        run("while True: pass", "a = 1", seconds=500.0)
    assert run("a = 1").changes == {0: {"a": 1}}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 16),
        ({"cpu.max": "150000 100000"}, 2),
        ({"cpu.max": "10000 100000"}, 1),
        *(({"cpu.max": odd}, 16) for odd in ("max 1", "99 1", "", "1 0", "-1 1")),
        ({"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000"}, 3),
        ({"cpu/cpu.cfs_quota_us": "250000", "cpu/cpu.cfs_period_us": "100000"}, 3),
    ],
)
def test_the_cores_that_may_be_used_are_counted(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    files: dict[str, str],
    expected: int,
) -> None:
    """Affinity counts, and the quota of a container or of a group above its own."""
    for name, quota in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(quota)
    read = Path.read_text

    def text(path: Path, *rest: str) -> str:
        return "0::/a/b\n" if path.name == "cgroup" else read(path, *rest)

    monkeypatch.setattr(Path, "read_text", text)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert runs.usable_cores(tmp_path) == expected
