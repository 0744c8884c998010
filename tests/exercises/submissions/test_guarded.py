from __future__ import annotations

import pytest

from mlp_reference.exercises.submissions import guarded, processes
from mlp_reference.exercises.submissions.guarded import History, Limits


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
        },
        (),
    )


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\n1 / 0",
        "a = 1\nimport sys\nsys.exit()",
        "a = 1\nexit()",
        "a = 1\nraise KeyboardInterrupt",
        "a = 1\ninput()",
        "a = 1\ndef f(): f()\nf()",
        "a = 1\nfor _ in range(100): print('flood' * 100_000)",
        "a = 1\nimport os\nos.write(1, b'{}' * 99_999)\nos.write(2, b'x' * 99_999)",
        "a = 1\nimport atexit, time\natexit.register(time.sleep, 99)",
        "a = 1\nimport threading as t, time\nt.Thread(target=time.sleep, args=[99]).start()",
        "a = 1\ndisplay(a)\nget_ipython().run_line_magic('pip', 'install')",
        "from __future__ import annotations\na = 1",
        "import sys\na = int(__name__ == '__main__' and vars(sys.modules[__name__]) is globals())",
    ],
)
def test_what_a_cell_does_ends_no_more_than_that_cell(source: str) -> None:
    assert run(source, "z = 2") == History({0: {"a": 1}, 1: {"z": 2}}, ())


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.abort()",
        "import os\nos.closerange(3, 99)",
        "x = []\nwhile True: x.append(bytes(10**8))",
        "x = 'x' * 10**12",
        "import os\nfor fd in range(3, 20):\n"
        "  try: os.write(fd, b'x\\n' * 2**20)\n  except OSError: pass",
    ],
)
def test_a_cell_that_ends_the_process_is_left_out(source: str) -> None:
    problem = "Code cell 2 was left out: it ended the process or used up its memory."
    history = run("a = 1", source, "z = 2")
    assert history == History({0: {"a": 1}, 2: {"z": 2}}, (problem,))


@pytest.mark.parametrize("source", ["while True: pass", "import time; time.sleep(99)"])
def test_a_cell_that_never_ends_is_left_out(source: str) -> None:
    problem = "Code cell 2 was left out: it took longer than 1 s."
    assert run("a = 1", source, "z = 2") == History(
        {0: {"a": 1}, 2: {"z": 2}}, (problem,)
    )


def test_a_notebook_begins_again_without_each_cell_that_ends_it() -> None:
    deadly = "import os\nos._exit(1)"
    history = run("a = 1", deadly, deadly, deadly, "a = 2", deadly, "a = 3")
    assert history.changes == {0: {"a": 1}, 4: {"a": 2}, 6: {"a": 3}}
    assert len(history.left_out) == 4


def test_all_cells_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "ALL_CELLS", 0.01)
    history = run("a = 1", "while True: pass", "z = 2", seconds=50.0)
    assert history.changes == {0: {"a": 1}}
    assert history.left_out == (
        "Code cell 2 was left out: all together took longer than 0.5 s.",
    )


def test_the_attempt_that_got_furthest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = iter(
        [
            guarded._Attempt({0: {"a": 1}, 1: {"z": 2}}, {}, 2, "it ended"),
            guarded._Attempt({0: {"a": 3}}, {}, 1, "no time was left"),
            guarded._Attempt({}, {}),
        ]
    )
    monkeypatch.setattr(guarded, "_attempt", lambda *_arguments: next(attempts))
    assert run("a = 1", "z = 2", "f()") == History(
        {0: {"a": 1}, 1: {"z": 2}},
        (
            "Code cell 3 was left out: it ended.",
            "Code cell 2 was left out: no time was left.",
        ),
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
    problem = "The process that runs cells did not start."
    assert run("a = 1") == History({}, (problem,))


def test_a_notebook_without_cells_has_no_history() -> None:
    assert run() == run(None) == History({}, ())


def test_no_child_begins_again_when_none_is_wanted() -> None:
    with processes.none_wanted():
        assert run("while True: pass", "a = 1", seconds=500.0).changes == {}
    assert run("a = 1").changes == {0: {"a": 1}}
