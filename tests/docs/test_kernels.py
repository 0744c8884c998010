"""However a notebook ends, its lesson, cell and line are named, and no process is left behind."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGKILL
from subprocess import Popen

import pytest
from course import kernels
from course.execution import execute
from course.results import open_results
from course.sources import Page
from sphinx.errors import ExtensionError

from tests.leftovers import marked, still_there

Lesson = Callable[..., Page]

ENDS: dict[str, tuple[str, str]] = {
    "raises": ("1 / 0", "failed:\n"),
    "asks": ("input('Your name? ')", "failed:\n"),
    "exits": ("import os\nos._exit(3)", "ended its kernel: exit status 3"),
    "is_killed": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "ended its kernel: it was killed by SIGKILL, as by a system that has no memory",
    ),
    "prints_for_ever": (
        "while True:\n    print('x' * 1000)",
        "put out more than 100,000 characters and was stopped",
    ),
}
"""What a cell does, and what is said of it."""

SLEEPER = "import subprocess\nsubprocess.Popen(['sleep', '{}'])\n"
"""A cell that leaves a process behind."""


def text(*cells: str) -> str:
    return "# Title\n\n" + "\n\n".join(
        f"```{{code-cell}} python\n{c}\n```" for c in cells
    )


@pytest.fixture(autouse=True)
def nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kernels, "CHARACTERS_PER_CELL", 100_000)
    with marked() as mark:
        yield
        # Those that were killed may take a moment to go.
        assert still_there(mark, patience=60) == []


def test_each_way_to_end_is_told_with_its_place_and_the_others_are_kept(
    lesson: Lesson, tmp_path: Path
) -> None:
    results = open_results(tmp_path / "results", "0123456789abcdef")
    good = lesson(text("print('well')", SLEEPER.format(98765)), "good")
    pages = [
        lesson(text(SLEEPER.format(98765), end), name)
        for name, (end, _) in ENDS.items()
    ]
    nowhere = lesson(text("1"), "nowhere")
    nowhere.notebook.metadata["kernelspec"]["name"] = "no_such_kernel"
    with pytest.raises(ExtensionError) as caught:
        execute([*pages, nowhere, good], results)
    _, *parts = re.split(r"(?:^|\n\n)(\w+)\.md", str(caught.value))
    told = dict(zip(parts[::2], parts[1::2], strict=True))
    assert list(told) == [*ENDS, "nowhere"], "in their order, without the good one"
    for name, (_, words) in ENDS.items():
        assert told[name].startswith(f", cell 3 (line 16): {words}"), told[name]
    assert "ZeroDivisionError" in str(caught.value)
    assert "StdinNotImplementedError" in str(caught.value)
    assert told["nowhere"].startswith(": no kernel could be started: No such kernel")
    assert "\x1b" not in str(caught.value), "colours of a terminal"
    assert len(list(results.iterdir())) == 1
    assert list(execute([good], results)) == ["tutorials/good"]


def test_a_cell_that_never_ends_is_stopped(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "SECONDS_PER_CELL", 1)  # the only cell needs them all
    page = lesson(text(SLEEPER.format(98765) + "while True:\n    pass"))
    with pytest.raises(ExtensionError, match="did not end, or its outputs") as caught:
        execute([page], open_results(tmp_path / "results", "0123456789abcdef"))
    assert ".md, cell 2 (line 10): " in str(caught.value)


def test_a_kernel_ends_where_processes_have_no_groups(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "killpg")
    client = kernels._Client(kernels.Kernels(), lesson(text("1")).notebook, tmp_path)
    with Popen(["sleep", "98765"]) as client.process:
        client.kill()
    assert client.process.returncode == -SIGKILL
