"""What was marked is kept: after Ctrl-C anywhere, on a full disk, when nobody reads on."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.__main__ import main
from mlp_exercise.classroom import files, going_back, screen, tables
from mlp_exercise.classroom.batches import batch, interruption, marking, record
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


def files_in(report: Path) -> list[str]:
    return [one["file"] for one in json.loads(report.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("number", "some"), [(signal.SIGINT, False), (signal.SIGTERM, True)]
)
def test_an_interruption_leaves_the_report_and_nothing_else_behind(
    tmp_path: Path, right: str, number: signal.Signals, some: bool
) -> None:
    report = tmp_path / "folder" / "report"
    report.parent.mkdir()
    endless = "open('started', 'w').close()\nwhile True: a = 1"
    slow = save(tmp_path / "x.ipynb", answering(right_answers(a=endless)))
    other = save(tmp_path / "other.ipynb", answering(right_answers()))
    options = ["--timeout", "99", "--jobs", "1"]
    options += ["--format", "json", "--output", str(report)]
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            ATTENTIVE,
            "mark",
            *[right, other] * some,
            slow,
            *options,
        ],
        env=os.environ | {"TMPDIR": str(report.parent)},
        stderr=subprocess.PIPE,
    ) as run:
        while not [*report.parent.glob("*/started")]:
            assert run.poll() is None
            time.sleep(0.01)
        run.send_signal(number)
        assert run.stderr is not None
        told = run.stderr.read().decode().splitlines()
        assert run.wait() == 130
    said = "Interrupted: no notebook was marked."
    if some:
        said = (
            "Interrupted: 2 of 3 notebooks were marked; they are in "
            f"{report}. Go on with --previous {report}."
        )
        assert set(files_in(report)) == {right, other}
    assert told == [*filter(None, [kernel.what_is_left()]), said]
    assert [*report.parent.iterdir()] == [report] * some


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
    found = files_in(report)
    assert found == ["old"] or found == [file for file in every if file in found] != []
    if module in (tables, json):  # it came as the report was written
        assert len(found) >= call
    assert {*handed_in.parent.iterdir()} == {handed_in, report}


ROOM = {
    module.__file__
    for module in (
        *(batch, files, going_back, interruption),
        *(marking, record, screen, tables),
    )
}
"""Where what was marked is kept and written."""


# Between opening a file and entering its context, only Python can close it.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_at_any_line_that_runs_ctrl_c_does_no_harm(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Count the lines of these modules as they run, and interrupt at one of them."""
    with_pages(monkeypatch)
    report, page = handed_in.parent / "report", handed_in.parent / "page"
    words = [str(handed_in), "--format", "json", "--output", str(report)]
    words += ["--report", str(page)]
    every = sorted(str(file) for file in handed_in.rglob("*.ipynb"))
    ran = 0

    def status_after(line: int | None) -> int:
        nonlocal ran
        ran = 0

        def trace(frame: types.FrameType, event: str, _: object) -> Any:
            nonlocal ran
            if frame.f_code.co_filename not in ROOM:
                return None
            ran += event == "line"
            if ran == line:
                sys.settrace(None)
                interrupt()
                return None
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            return main(["mark", *words])
        finally:
            sys.settrace(before)

    assert status_after(None) == 0

    @given(st.integers(1, ran))
    @settings(max_examples=60, deadline=None)
    def does_no_harm(line: int) -> None:
        report.write_text(OLD)
        page.unlink(missing_ok=True)
        status = status_after(line)
        told = capsys.readouterr().err
        found = files_in(report)
        assert found == ["old"] or found == [f for f in every if f in found] != []
        assert status == 130 or len(found) == len(every)
        assert {*handed_in.parent.iterdir()} <= {handed_in, report, page}
        if page.exists():
            assert page.read_text() == "a page"
        elif found != ["old"]:
            assert "ritten" in told
            assert f"--report {page}" in told

    does_no_harm()


def test_a_second_ctrl_c_ends_at_once(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write(*_: object, **__: object) -> NoReturn:
        interrupt()
        interrupt()
        raise AssertionError

    monkeypatch.setattr(interruption, "AT_ONCE", 0.0)
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
        (["--report", "x", "--feedback", "y"], "for --report x and --feedback y"),
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


def test_signals_that_come_at_once_are_one(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_each = iter(range(9))

    def first(item: Handed, settings: Settings) -> Result:
        if next(of_each) == 3:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
        return mark_one(item, settings)

    monkeypatch.setattr(batch, "mark_one", first)
    report = handed_in.parent / "report"
    words = [str(handed_in), "--format", "json", "--output", str(report)]
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as `run` does
    try:
        assert main(["mark", *words, "--jobs", "1"]) == 130
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(files_in(report)) >= 3


def test_an_interruption_while_things_go_back_says_what_was_written(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_pages(monkeypatch)
    monkeypatch.setattr(feedback, "give_back", interrupt)
    monkeypatch.chdir(handed_in.parent)
    Path("sheet").write_text("name,ex1_01\n")
    words = ["--gradebook", "sheet", "--report", "page", "--feedback", "pages"]
    words += ["--format", "json", "--output", "marks"]
    assert main(["mark", "handed_in", *words]) == 130
    told = capsys.readouterr().err
    assert "Not all of" not in told
    assert told.splitlines()[-1] == (
        "Interrupted: 6 of 6 notebooks were marked; they are in marks. "
        "Go on with --previous marks. Written: --gradebook sheet, --report page. "
        "Not written, or not all of it: --feedback pages."
    )


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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), ": [Errno 28] No space"),
        (KeyError("x"), ": this should not have happened: KeyError: 'x'"),
    ],
)
def test_one_thing_that_cannot_be_written_keeps_no_other_from_it(
    handed_in: Path,
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    with_pages(monkeypatch)
    monkeypatch.chdir(handed_in.parent)
    monkeypatch.setattr(gradebook, "fill", fail)
    monkeypatch.setattr(feedback, "give_back", fail)
    monkeypatch.setattr(tables, "write", fail)
    Path("sheet").write_text("name,ex1_01\n")
    words = ["--gradebook", "sheet", "--feedback", "y", "--report", "page"]
    assert main(["mark", "handed_in", *words, "--output", "report"]) == 2
    told = capsys.readouterr().err
    for what in ("--gradebook sheet", "--feedback y"):
        assert f"Not all of {what} can be written{said}" in told
    assert f"The report cannot be written{said}" in told
    assert "--previous" not in told
    assert Path("page").read_text() == "a page"
    monkeypatch.undo()
    with_pages(monkeypatch)
    monkeypatch.chdir(handed_in.parent)
    monkeypatch.setattr(gradebook, "fill", fail)
    assert main(["mark", "handed_in", *words, "--format", "json", "--output", "m"]) == 2
    assert "can be written with --previous m:" in capsys.readouterr().err


def test_what_cannot_be_opened_has_the_name_that_was_given(tmp_path: Path) -> None:
    file = tmp_path / "no folder" / "report"
    with pytest.raises(FileNotFoundError, match=r"report'$"), files.opened(str(file)):
        pass


def test_collecting_that_is_interrupted_writes_nothing(
    handed_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "walk", interrupt)
    assert main(["mark", str(handed_in), "--output", str(handed_in / "report")]) == 130
    assert not (handed_in / "report").exists()
    assert "no notebook was marked" in capsys.readouterr().err
