"""What was marked is kept: after Ctrl-C anywhere, on a full disk, when nobody reads on."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlp_exercise.__main__ import main
from mlp_exercise.classroom import tables
from mlp_exercise.classroom.batches import batch, marking
from mlp_exercise.classroom.batches.batch import Result, mark_one
from mlp_exercise.classroom.collecting.collect import Handed
from mlp_exercise.classroom.for_instructors import class_page
from mlp_exercise.classroom.for_learners import feedback
from mlp_exercise.classroom.gradebooks import gradebook
from mlp_exercise.submission import kernel, process
from mlp_exercise.submission.mark import Settings
from tests.mlp_exercise.submission.conftest import answering, right_answers, save

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

ATTENTIVE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from mlp_exercise.__main__ import run; sys.exit(run())"  # as the console script
)
"""Where tests run in the background, SIGINT is ignored, and so by their children."""

FULL = Path("/dev/full")

OLD = '[{"file": "old"}]'
"""A report that is there already."""


@pytest.fixture(autouse=True)
def attentive() -> Iterator[None]:
    """Hear SIGINT in this process, too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Make a folder of six notebooks whose answers are read."""
    folder = tmp_path / "handed_in"
    for number in range(6):
        file = folder / str(number) / "ex1_01_pen_and_paper.ipynb"
        save(file, answering(right_answers()))
    return folder


def interrupt(*_: object, **__: object) -> None:
    signal.raise_signal(signal.SIGINT)


def files(report: Path) -> list[str]:
    return [one["file"] for one in json.loads(report.read_text("utf-8"))]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_the_report_and_nothing_else_behind(
    tmp_path: Path, right: str, number: signal.Signals
) -> None:
    endless = "open('started', 'w').close()\nwhile True: a = 1"
    slow = save(tmp_path / "x.ipynb", answering(right_answers(a=endless)))
    other = save(tmp_path / "y.ipynb", answering(right_answers()))
    folder = tmp_path / "temporary"
    folder.mkdir()
    report = folder / "report"
    for paths, said in (
        ([slow], f"Interrupted: no notebook was marked; {report} is as it was."),
        (
            [right, slow, other],
            "Interrupted: 2 of 3 notebooks were marked; they are in "
            f"{report}. Go on with --previous {report}.",
        ),
    ):
        options = ["--timeout", "99", "--format", "json", "--output", str(report)]
        with subprocess.Popen(
            [sys.executable, "-c", ATTENTIVE, "mark", *paths, *options, "--jobs", "2"],
            env=os.environ | {"TMPDIR": str(folder)},
            stderr=subprocess.PIPE,
        ) as run:
            while not list(folder.glob("*/started")):
                assert run.poll() is None
            run.send_signal(number)
            assert run.wait() == 130
            assert run.stderr is not None
            told = run.stderr.read().decode().splitlines()
        assert told == [*filter(None, [kernel.what_is_left()]), said]
        assert [*folder.iterdir()] == ([report] if len(paths) > 1 else [])
    assert files(report) == [right, other]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (marking, "find"),
        (batch, "mark_one"),
        (tables, "written"),
        (json, "dumps"),
        (os, "replace"),
    ],
)
@pytest.mark.parametrize("call", [1, 4])
def test_wherever_ctrl_c_comes_the_report_is_whole_or_as_it_was(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int
) -> None:
    function, calls = getattr(module, name), 0

    def interrupted(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            interrupt()
        return function(*arguments, **options)

    monkeypatch.setattr(module, name, interrupted)
    report = handed_in.parent / "report"
    report.write_text(OLD)
    words = [str(handed_in), "--format", "json", "--output", str(report)]
    status = main(["mark", *words])
    assert status == (130 if calls >= call else 0)
    every = sorted(str(file) for file in handed_in.rglob("*.ipynb"))
    found = files(report)
    assert found == ["old"] or found == [file for file in every if file in found] != []
    if module in (tables, json):  # it came as the report was written
        assert len(found) >= call
    assert {*handed_in.parent.iterdir()} == {handed_in, report}


@given(st.integers(0, 3000))
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_at_any_line_that_runs_ctrl_c_does_no_harm(handed_in: Path, line: int) -> None:
    """Count the lines of this room as they run, and interrupt at one of them."""
    report = handed_in.parent / "report"
    report.write_text(OLD)
    room, left = str(Path(batch.__file__).parent), line

    def trace(frame: types.FrameType, event: str, _: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(room):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                sys.settrace(None)
                interrupt()
                return None
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        words = [str(handed_in), "--format", "json", "--output", str(report)]
        status = main(["mark", *words])
    finally:
        sys.settrace(before)
    found = files(report)
    every = sorted(str(file) for file in handed_in.rglob("*.ipynb"))
    assert found == ["old"] or found == [file for file in every if file in found] != []
    assert status == 130 or len(found) == len(every)
    assert {*handed_in.parent.iterdir()} == {handed_in, report}


def test_a_second_ctrl_c_ends_at_once(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write(*_: object, **__: object) -> NoReturn:
        interrupt()
        interrupt()
        raise AssertionError

    monkeypatch.setattr(tables, "write", write)
    monkeypatch.setattr(process, "unwanted", threading.Event())  # it stays set
    report = handed_in.parent / "report"
    assert main(["mark", str(handed_in), "--output", str(report)]) == 130
    assert not report.exists()
    assert "no notebook was marked" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "csv", "--output", "report"], "not possible to go on"),
        (["--output", "report"], "not possible to go on"),
        (["--format", "json", "--by", "learner"], "not possible to go on"),
        (["--format", "json"], "if you have written it to a file"),
        (["--gradebook", "x", "--feedback", "y"], "for --gradebook and --feedback"),
    ],
)
def test_the_message_says_how_to_go_on_where_one_can(
    handed_in: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(handed_in.parent)
    of_each = iter(range(9))

    def first(item: Handed, settings: Settings) -> Result:
        if next(of_each) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return mark_one(item, settings)

    monkeypatch.setattr(batch, "mark_one", first)
    assert main(["mark", str(handed_in), "--jobs", "1", *words]) == 130
    told = capsys.readouterr().err
    assert said in told
    assert "of 6 notebooks were marked" in told


def test_whoever_interrupts_outside_the_command_is_heard(
    right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch.Cores, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(batch.mark_all([right], Settings()))


# A full disk, and a reader who has enough.


def with_pages(
    monkeypatch: pytest.MonkeyPatch,
    page: Callable[..., str] = lambda *_, **__: "a page",
) -> None:
    monkeypatch.setattr(class_page, "class_page", page)


@pytest.mark.skipif(not FULL.exists(), reason="no such device")
def test_where_the_disk_is_full_the_report_is_shown_and_the_rest_is_tried(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_pages(monkeypatch)
    page = handed_in.parent / "page"
    words = [str(handed_in), "--output", str(FULL), "--report", str(page)]
    assert main(["mark", *words]) == 2
    shown = capsys.readouterr()
    assert "6 marked, 6.00 points on average" in shown.out
    assert f"{FULL} cannot be written: [Errno 28]" in shown.err
    assert "The report is shown instead." in shown.err
    assert page.read_text() == "a page"


def test_what_does_not_fit_leaves_what_was_there(handed_in: Path) -> None:
    report = handed_in.parent / "report"
    report.write_text("old")

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    words = ["mark", str(handed_in), "--output", str(report), "--format", "json"]
    run = subprocess.run(
        [sys.executable, "-B", "-m", "mlp_exercise", *words],
        preexec_fn=small_files_only,
        capture_output=True,
    )
    assert run.returncode == 2
    assert len(json.loads(run.stdout)) == 6
    assert report.read_text() == "old"
    assert {*handed_in.parent.iterdir()} == {handed_in, report}


@pytest.mark.skipif(not FULL.exists(), reason="no such device")
@pytest.mark.parametrize("reader", ["full", "gone"])
def test_without_a_reader_what_else_was_asked_for_is_written(
    handed_in: Path, reader: str
) -> None:
    page = handed_in.parent / "page"
    code = (
        "import sys; from mlp_exercise.classroom.for_instructors import class_page; "
        "class_page.class_page = lambda *_, **__: 'a page'; "
        "from mlp_exercise.__main__ import run; sys.exit(run())"
    )
    ours, theirs = os.pipe()
    os.close(ours)
    with FULL.open("w") as full:
        run = subprocess.run(
            [sys.executable, "-c", code, "mark", str(handed_in), "--report", str(page)],
            stdout=full if reader == "full" else theirs,
            stderr=subprocess.PIPE,
            text=True,
        )
    os.close(theirs)
    assert run.returncode == (2 if reader == "full" else 1)
    assert ("The report cannot be written" in run.stderr) is (reader == "full")
    assert page.read_text() == "a page"


def test_one_thing_that_cannot_be_written_keeps_no_other_from_it(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    page = handed_in.parent / "page"
    with_pages(monkeypatch)
    monkeypatch.setattr(gradebook, "fill", fail)
    monkeypatch.setattr(feedback, "give_back", fail)
    words = ["--gradebook", "x", "--feedback", "y", "--report", str(page)]
    assert main(["mark", str(handed_in), *words]) == 2
    assert capsys.readouterr().err.count("No space left on device") == 2
    assert page.read_text() == "a page"


def test_collecting_that_is_interrupted_writes_nothing(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "walk", interrupt)
    assert main(["mark", str(handed_in), "--output", str(handed_in / "report")]) == 130
    assert not (handed_in / "report").exists()
    assert "no notebook was marked" in capsys.readouterr().err
