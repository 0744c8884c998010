"""The same marks on a busy machine: solved notebooks get all points, however long they wait."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from mlp_exercise.handout.notebook import solved
from mlp_exercise.submission.mark import EXERCISES
from mlp_reference.worked_example import EXERCISE

NUMBERS = (
    "a = [W1[j][0] * x[0] + W1[j][1] * x[1] + W1[j][2] * x[2] + b1[j] for j in (0, 1)]"
)
"""An answer that has to be computed."""


@pytest.fixture
def two_cores() -> Callable[[], None]:
    """Keep what is started to two cores, however many this machine has."""
    if not hasattr(os, "sched_setaffinity"):
        return lambda: None
    few = sorted(os.sched_getaffinity(0))[:2]
    return lambda: os.sched_setaffinity(0, few)


@contextmanager
def busy_loops(number: int, prepare: Callable[[], None]) -> Iterator[None]:
    """Keep the cores busy, as others do who share the machine."""
    command = [sys.executable, "-c", "while True: pass"]
    with ExitStack() as running:
        for _ in range(number):
            process = running.enter_context(
                subprocess.Popen(command, preexec_fn=prepare)
            )
            running.callback(process.kill)
        yield


def hand_in(folder: Path, copies: int) -> int:
    """Write solved notebooks of all three parts; return how many."""
    for number in range(copies):
        for part in EXERCISES:
            notebook = solved(part.name, EXERCISE)
            for cell in notebook["cells"]:
                if cell["id"] == "a" and part is EXERCISES[0]:
                    cell["source"] = NUMBERS
            file = folder / f"learner_{number}" / f"{part.name}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(notebook), "utf-8")
    return copies * len(EXERCISES)


def mark(folder: Path, prepare: Callable[[], None], *words: str) -> list[Any]:
    command = [sys.executable, "-m", "mlp_exercise", "mark", str(folder), *words]
    command += ["--format", "json"]
    done = subprocess.run(
        command, preexec_fn=prepare, capture_output=True, text=True, check=False
    )
    results: list[Any] = json.loads(done.stdout)
    lost = [r for r in results if not r["max_points"] or r["points"] < r["max_points"]]
    assert (done.returncode, lost) == (0, [])
    return results


@pytest.mark.skipif(os.name != "posix", reason="keeps processes to some cores")
@pytest.mark.parametrize(
    ("loops", "copies", "words"), [(8, 1, ()), (0, 8, ("--jobs", "24"))]
)
def test_solved_notebooks_get_all_points_beside_loops_and_with_more_workers_than_cores(
    tmp_path: Path,
    two_cores: Callable[[], None],
    loops: int,
    copies: int,
    words: tuple[str, ...],
) -> None:
    pytest.importorskip("torch")  # the third notebook needs it
    number = hand_in(tmp_path, copies)
    with busy_loops(loops, two_cores):
        assert len(mark(tmp_path, two_cores, *words)) == number == 3 * copies
