"""Whatever can be known to be wrong is told before anything is marked, and nothing is written."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.classroom.batches import marking
from tests.mlp_exercise.submission.conftest import answering, right_answers, save

FILE = "ex1_01_pen_and_paper.ipynb"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Path, bytes]:
    """Make what a command names, in the folder where it is started; nothing may be marked."""

    def find(*_: object) -> NoReturn:
        raise AssertionError("it has begun")

    monkeypatch.setattr(marking, "find", find)
    (folder := tmp_path / "course").mkdir()
    monkeypatch.chdir(folder)
    for learner in ("ada", "bob"):
        save(Path("class", learner, FILE), answering(right_answers()))
    Path("class.zip").write_bytes(b"an archive")
    Path("sheet.csv").write_text("name,ex1_01\nada,\n")
    Path("other.csv").symlink_to("sheet.csv")
    Path("names.csv").write_text("name\nada\n")
    Path("marks.json").write_text("[]")
    Path("folder").mkdir()
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        # One would overwrite the other.
        ("--output o --report o", "--output o and --report o are the same"),
        ("--output o --report ./folder/../o", "are the same"),
        ("--output sheet.csv --gradebook sheet.csv", "--gradebook sheet.csv and"),
        ("--report other.csv --gradebook sheet.csv", "are the same"),
        ("--gradebook other.csv --gradebook sheet.csv", "are the same"),
        ("--output names.csv --class-list names.csv", "--class-list names.csv and"),
        ("--report names.csv --class-list names.csv", "are the same"),
        ("--report marks.json --previous marks.json", "are the same"),
        ("--feedback class", "PATH class and --feedback class are the same"),
        ("--feedback o --report o", "are the same"),
        ("class.zip --output class.zip", "the name of an archive"),
        ("names.csv --report names.csv", "PATH names.csv and --report names.csv"),
        (f"--output class/ada/{FILE}", "the name of a notebook"),
        (f"--report class/ada/{FILE}", "the name of a notebook"),
        # It cannot be written.
        ("--output folder", "--output folder cannot be written: it is a folder"),
        ("--report folder", "it is a folder"),
        ("--output no/o", "/no is no folder that is there"),
        ("--report no/o", "/no is no folder that is there"),
        ("--feedback names.csv/x", "/names.csv is no folder that is there"),
        ("--feedback names.csv", "/names.csv is no folder that is there"),
        # It cannot be read.
        ("--gradebook no.csv", "no.csv: No such file"),
        ("--gradebook marks.json", "marks.json: "),
        ("--gradebook class.zip", "class.zip cannot be written: that is the name of"),
        ("--class-list no.csv", "no.csv: "),
        ("--previous no.json", "no.json cannot be read"),
        # It has no use.
        ("--annotate", "--annotate needs --feedback."),
        ("--scale", "--scale needs --gradebook."),
        ("--site https://a.example", "--site needs --feedback or --report."),
        ("--column Lab=total", "name its sheet with --gradebook"),
    ],
)
def test_it_is_status_2(
    course: Mapping[Path, bytes],
    words: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["mark", "class", *words.split()]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert ".part" not in told
    assert {f: f.read_bytes() for f in Path.cwd().rglob("*") if f.is_file()} == course


def test_what_may_not_be_written_is_told(
    course: Mapping[Path, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert course
    monkeypatch.setattr(os, "access", lambda *_: False)
    words = ["--output", "marks.json", "--report", "new.html", "--feedback", "new"]
    assert main(["mark", "class", *words, "--gradebook", "sheet.csv"]) == 2
    told = capsys.readouterr().err
    assert "--output marks.json cannot be written: it is read-only" in told
    assert "--gradebook sheet.csv cannot be written: it is read-only" in told
    assert told.count("nothing can be written in the folder") == 2


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no such device")
def test_a_pipe_can_be_written_though_nobody_may_write_where_it_lies(
    course: Mapping[Path, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert course
    monkeypatch.setattr(os, "access", lambda *_: False)
    ends = os.pipe()
    with pytest.raises(AssertionError, match="it has begun"):
        main(["mark", "class", "--output", f"/dev/fd/{ends[1]}"])
    for end in ends:
        os.close(end)


@pytest.mark.parametrize(
    "words",
    [
        "--previous marks.json --output marks.json --format json",
        "--class-list names.csv --gradebook sheet.csv",
        "--gradebook sheet.csv --class-list sheet.csv",
        "class --feedback new/pages --report class.html",
        "--output /dev/null --report /dev/null",
    ],
)
def test_what_goes_well_together_begins(
    course: Mapping[Path, bytes], words: str
) -> None:
    assert course
    with pytest.raises(AssertionError, match="it has begun"):
        main(["mark", "class", *words.split()])
