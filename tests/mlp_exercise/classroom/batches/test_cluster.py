"""A scheduler and its workers, as processes of their own, give what one machine gives."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.classroom.batches import cluster, identity, worker
from mlp_exercise.submission import kernel
from mlp_exercise.submission.mark import Settings
from tests.mlp_exercise.submission.conftest import answering, right_answers, save

pytest.importorskip("distributed", reason="the extra cluster is not installed")

FILE = "ex1_01_pen_and_paper.ipynb"

PRELOADED = '''\
"""What some notebooks do to the worker that marks them, or to the scheduler."""

import os
import signal
from pathlib import Path

from mlp_exercise.classroom.batches import worker
from mlp_exercise.classroom.batches.batch import mark_content

folder = Path(FOLDER)
once = folder / "killed once"


def mark(file, content, settings):
    if b"kills the scheduler" in content:
        os.kill(int((folder / "scheduler").read_text()), signal.SIGKILL)
    if b"kills its worker" in content or (
        b"kills one worker" in content and not once.exists()
    ):
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark_content(file, content, settings)


worker.mark_content = mark
'''


@contextmanager
def started(folder: Path, *options: str) -> Iterator[str]:
    """Start a scheduler and workers on this machine; return its address."""
    environment = os.environ | {
        # One worker that is lost is enough to suspect what it marked.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        "PYTHONPATH": str(Path(__file__).parents[4]),
    }
    preloaded, about = folder / "preloaded.py", folder / "scheduler.json"
    preloaded.write_text(PRELOADED.replace("FOLDER", repr(str(folder))))
    with (folder / "log").open("w") as log:

        def start(*words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", *words, "--no-dashboard"]
            return subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )

        place = ("--host", "127.0.0.1", "--port", "0")
        there = ("--scheduler-file", str(about))
        marks = ("--nthreads", "1", "--preload", str(preloaded), *options)
        # If nobody is left to end it, it ends by itself, and its workers with it.
        idle = ("--idle-timeout", "120s")
        running = [start("distributed.cli.dask_scheduler", *place, *there, *idle)]
        (folder / "scheduler").write_text(str(running[0].pid))
        try:
            running.append(start("distributed.cli.dask_worker", *there, *marks))
            while not (about.exists() and about.read_text().strip().endswith("}")):
                assert running[0].poll() is None, (folder / "log").read_text()
                time.sleep(0.01)
            address = json.loads(about.read_text())["address"]
            yield address
        finally:
            for process in running:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start two workers that a nanny starts anew whenever they are lost."""
    folder = tmp_path_factory.mktemp("cluster")
    with started(folder, "--nanny", "--nworkers", "2") as address:
        yield address


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Make what Gradescope gives: answers that are read, that are run, and what is unreadable."""
    folder = tmp_path / "handed_in"
    for number in range(6):
        answers = right_answers()
        if number % 3 == 1:
            answers["a"] = answers["a"].replace("= ", "= list(") + ")"
        notebook = answering(answers, f"# learner {number}")
        save(folder / f"submission_{number}" / FILE, notebook)
    save(folder / "submission_6" / FILE, {})
    (folder / "submission_7").mkdir()
    (folder / "submission_7" / "report.pdf").touch()
    names = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: Learner {number}\n"
        for number in range(8)
    )
    (folder / "submission_metadata.yml").write_text(f"---\n{names}")
    return folder


def mark(folder: Path, *words: str, status: int = 1) -> list[dict[str, Any]]:
    report = folder.parent / "report.json"
    options = ["--format", "json", "--output", str(report)]
    assert main(["mark", str(folder), *options, *words]) == status
    found: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))
    return found


def test_the_table_is_the_same_as_alone_though_workers_are_killed(
    handed_in: Path, two_workers: str
) -> None:
    once = answering(right_answers(), "# kills one worker")
    always = answering(right_answers(), "# kills its worker")
    save(handed_in / "submission_2" / FILE, once)
    save(handed_in / "submission_5" / FILE, always)
    alone = mark(handed_in)
    assert [one["status"] for one in alone] == ["marked"] * 6 + ["unreadable"] * 2
    found = mark(handed_in, "--cluster", two_workers)
    assert (found[5]["status"], found[5]["reason"]) == ("not marked", cluster.LETHAL)
    assert [*found[:5], *found[6:]] == [*alone[:5], *alone[6:]]
    assert [one["whose"]["name"] for one in found] == [f"Learner {n}" for n in range(8)]


def test_workers_that_mark_otherwise_are_refused_by_name(
    handed_in: Path,
    two_workers: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = {**identity.marker(), "PyTorch": "9"}
    monkeypatch.setattr(identity, "marker", lambda: other)
    assert main(["mark", str(handed_in), "--cluster", two_workers]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == f"No worker of {two_workers} marks as this machine does"
    for line in lines[:-1]:
        assert line.startswith("The worker tcp://127.0.0.1:")
        assert "is not used: PyTorch " in line
        assert line.endswith(" → 9 (there → here)")
    assert lines[:-1]


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("kills its worker", "No worker has been there"),
        ("kills the scheduler", "The scheduler at"),
    ],
)
def test_what_was_marked_is_kept_when_all_are_gone(
    handed_in: Path,
    tmp_path: Path,
    deed: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alone = mark(handed_in)
    save(handed_in / "submission_5" / FILE, answering(right_answers(), f"# {deed}"))
    capsys.readouterr()
    with started(tmp_path, "--no-nanny") as address:
        monkeypatch.setattr(cluster, "LOOK", 0.1)
        cluster_ = cluster.Cluster
        # From the first worker on, there is no time to wait for another.
        found_one = cluster_.begin

        def begin(self: cluster.Cluster, item: Any) -> Any:
            monkeypatch.setattr(cluster, "PATIENCE", 0.0)
            return found_one(self, item)

        monkeypatch.setattr(cluster_, "begin", begin)
        found = mark(handed_in, "--cluster", address, status=130)
    assert found
    assert found == [one for one in alone if one in found]
    told = capsys.readouterr().err
    assert reason in told
    assert "Go on with --previous" in told


def test_a_wrong_address_is_said_before_anything_is_marked(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 0.1)
    for address in ("tcp://127.0.0.1:9", "nonsense", "tls://127.0.0.1:9"):
        assert main(["mark", str(handed_in), "--cluster", address]) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"No Dask scheduler answers at {address}, expected one")


def test_what_is_not_installed_is_named(
    right: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["mark", right, "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert 'pip install "mlp_reference[cluster]"' in capsys.readouterr().err
    assert main(["mark", right]) == 0
    assert capsys.readouterr().err.strip() == kernel.what_is_left()


def test_the_threads_that_mark_have_a_deep_stack_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Threads:
        def submit(self, *_: object) -> Future[int]:
            (future := Future[int]()).set_result(threading.stack_size())
            return future

    monkeypatch.setattr(worker, "_threads", Threads)
    before = threading.stack_size()
    deep: object = worker.mark_there("x", b"", Settings())
    assert deep == worker.STACK
    assert threading.stack_size() == before
