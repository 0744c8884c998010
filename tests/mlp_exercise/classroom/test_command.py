import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.classroom import tables
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import kernel
from tests.mlp_exercise.submission.conftest import (
    answering,
    right_answers,
    save,
)

COMMAND = [sys.executable, "-m", "mlp_exercise"]


def out(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """Mark, and return what comes to the screen."""
    assert main(["mark", *words]) == status
    return capsys.readouterr().out


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "mark notebooks" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("--version", 0, "mlp_exercise 0.1.0"),
        *(
            (words, 2, "usage:")
            for words in (
                *("bogus", "mark", "mark x --format html", "mark x --by step"),
                *("mark x --missing x", "mark x --timeout 0", "mark x --timeout nan"),
                *(
                    "mark x --timeout soon",
                    "mark x --variant -1",
                    "mark x --variant 1.5",
                ),
            )
        ),
    ],
)
def test_wrong_usage_is_status_2(
    words: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == status
    shown = capsys.readouterr()
    assert (shown.err if status else shown.out).startswith(said)


def test_the_formats_and_the_status(
    right: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "6 of 6 points" in out(capsys, right)
    table = out(capsys, right, "nowhere.ipynb", status=1)
    assert "unreadable  nowhere.ipynb: no such file or folder" in table
    assert "1 marked, 6.00 points on average; 1 unreadable" in table
    (result,) = json.loads(out(capsys, right, "--format", "json"))
    assert (result["points"], len(result["steps"])) == (6, 12)
    assert "expected" not in result["steps"][0]
    (row,) = csv.DictReader(io.StringIO(out(capsys, right, "--format", "csv")))
    assert row["b1_updated"] == "correct"


@pytest.fixture
def handed_in(tmp_path: Path) -> str:
    """Make a folder: one hands in twice, one something unreadable, one as Moodle packs it."""
    folder, file = tmp_path / "handed_in", "ex1_01_pen_and_paper.ipynb"
    right = answering(right_answers())
    worse = answering(right_answers(z="z = [9.0, 9.0]"))
    save(folder / "ada" / file, worse)
    save(folder / "ada" / "again" / file, right)
    save(folder / "Bob_17_assignsubmission_file_" / "x.ipynb", right)
    save(folder / f"carl_{file}", {})
    return str(folder)


def test_by_learner_the_class_table_is_all(
    handed_in: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (handed_in, "--by", "learner")
    heading, _, ada, *others = out(capsys, *words, status=1).splitlines()
    assert heading.split()[:2] == ["learner", "ex1_01"]
    assert ada.split()[:2] == ["ada", "6"]
    assert ada.endswith("ex1_01: last of 2")
    assert len(others) == 2
    rows = json.loads(out(capsys, *words, "--format", "json", status=1))
    by_learner = {row["learner"]: row for row in rows}
    assert by_learner["Bob"]["ex1_01_pen_and_paper"] == 6
    assert by_learner["carl"]["remarks"] == ["ex1_01: 1 unreadable"]
    output = tmp_path / "points.csv"
    to_file = ("--format", "csv", "--output", str(output))
    assert out(capsys, *words, *to_file, status=1) == ""
    rows = list(csv.DictReader(io.StringIO(output.read_text("utf-8"))))
    assert [row["learner"] for row in rows] == ["ada", "Bob", "carl"]
    assert [row["ex1_01_pen_and_paper"] for row in rows] == ["6", "6", ""]


def test_learners_may_be_named_folder_by_folder(
    handed_in: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(handed_in)
    Path("ada", "again").rename("dora")
    everybody = ["ada", "Bob", "carl", "dora"]
    for paths, expected in ((["."], everybody), (["dora", "ada"], ["ada", "dora"])):
        main(["mark", *paths, "--by", "learner", "--format", "json"])
        rows = json.loads(capsys.readouterr().out)
        assert [row["learner"] for row in rows] == expected


def test_the_options_reach_the_marking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = right_answers(
        variant(17), z="z = [None, None]", a="a = [sum([9.0]), 9.0]"
    )
    file = save(tmp_path / "x.ipynb", answering(sources))

    def verdicts(*words: str) -> dict[str, str]:
        main(["mark", file, "--format", "json", "--variant", "17", *words])
        (result,) = json.loads(capsys.readouterr().out)
        return {step["name"]: step["verdict"] for step in result["steps"]}

    assert (verdicts()["a"], verdicts()["y"]) == ("wrong", "blocked")
    assert verdicts("--no-execute")["a"] == "missing"
    assert verdicts("--missing", "original")["y"] == "correct"
    main(["mark", file, "--expected", "--format", "json"])
    assert json.loads(capsys.readouterr().out)[0]["steps"][0]["expected"]


def test_the_output_appears_when_it_is_complete(
    right: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "marks.json"
    output.write_text("old")
    words = ["mark", right, "--format", "json", "--output", str(output)]
    before = set(tmp_path.iterdir())
    with monkeypatch.context() as patch:

        def fail(*_args: object, **_options: object) -> NoReturn:
            assert len(set(tmp_path.iterdir()) - before) == 1
            raise KeyboardInterrupt

        patch.setattr(tables, "write", fail)
        assert main(words) == 130
    assert set(tmp_path.iterdir()) == before
    assert output.read_text() == "old"
    assert main(words) == 0
    assert set(tmp_path.iterdir()) == before
    assert json.loads(output.read_text())[0]["points"] == 6


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no such device")
def test_the_output_may_be_a_device(right: str) -> None:
    command = [*COMMAND, "mark", right, "--output", "/dev/stdout"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "6 of 6 points" in run.stdout


def test_nothing_comes_to_the_screen_but_the_report(tmp_path: Path) -> None:
    odd = answering(right_answers(a="a = [1 is 1, '\\d']"))
    file = save(tmp_path / "x\udcff.ipynb", odd)
    command = [*COMMAND, "mark", file, "--format", "csv"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": "always"}
    run = subprocess.run(command, check=True, capture_output=True, env=environment)
    assert run.stderr.decode().strip() == kernel.what_is_left()
    assert run.stdout.isascii()


def test_a_reader_who_has_enough_is_no_problem(right: str, tmp_path: Path) -> None:
    content = Path(right).read_bytes()
    (folder := tmp_path / "class").mkdir()
    for number in range(3000):
        (folder / f"{number} {Path(right).name}").write_bytes(content)
    command = [*COMMAND, "mark", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read().decode().strip() == kernel.what_is_left()
        assert run.wait() == 1


@pytest.mark.parametrize(
    "left", ["", "This system does not keep notebooks from reading."]
)
def test_what_this_machine_does_not_refuse_is_said_where_notebooks_may_run(
    right: str,
    left: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(kernel, "what_is_left", lambda: left)
    assert main(["mark", right]) == 0
    assert capsys.readouterr().err == (f"{left}\n" if left else "")
    assert main(["mark", right, "--no-execute"]) == 0
    assert capsys.readouterr().err == ""


def test_marking_loads_none_of_the_large_libraries(right: str) -> None:
    code = (
        "import sys; from mlp_exercise.__main__ import main; "
        f"main(['mark', {right!r}]); "
        "sys.exit(' '.join({'torch', 'matplotlib'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stderr.strip() == kernel.what_is_left()


def test_an_output_that_is_a_link_stays_one(right: str, tmp_path: Path) -> None:
    report, link = tmp_path / "report", tmp_path / "link"
    report.write_text("old")
    report.chmod(0o600)
    link.symlink_to(report)
    assert main(["mark", right, "--output", str(link)]) == 0
    assert link.is_symlink()
    assert "6 of 6 points" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
@pytest.mark.parametrize(
    ("words", "report_shown", "progress"),
    [
        (["--output", "report"], False, True),
        (["--by", "learner"], True, True),
        ([], True, False),
        ([], False, True),
    ],
)
def test_progress_is_shown_on_a_terminal_that_the_report_leaves_alone(
    right: str, tmp_path: Path, words: list[str], report_shown: bool, progress: bool
) -> None:
    ours, theirs = os.openpty()
    command = [*COMMAND, "mark", right, "nowhere.ipynb", *words]
    stdout = theirs if report_shown else subprocess.DEVNULL
    run = subprocess.run(command, cwd=tmp_path, stdout=stdout, stderr=theirs)
    assert run.returncode == 1
    shown = os.read(ours, 10_000)
    os.close(theirs)
    os.close(ours)
    assert shown.startswith(b"\r1 of 2 notebooks\r2 of 2 notebooks\r\n") is progress
    assert (b"notebooks\r" in shown) is progress


def test_what_lies_below_two_paths_counts_once(
    right: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(right).parents[1])
    words = (".", right, right, Path(right).parent.name, "--format", "json")
    assert len(json.loads(out(capsys, *words))) == 1


# Who reads nothing of what is told beside the report.


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(
    "closed", ["2>&-", "2>/dev/full", ">&-", "<&- >&- 2>&-", "2>&1 | head -c 1"]
)
def test_nothing_depends_on_somebody_who_reads_what_is_told(
    right: str, tmp_path: Path, closed: str
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("name,ex1_01\nany name,\n" + "Eve,\n" * 3)
    words = [right, "--gradebook", str(sheet), "--feedback", str(tmp_path / "pages")]
    words += ["--report", str(tmp_path / "page.html")]
    words += ["--output", str(tmp_path / "report")] * (">&-" not in closed.split()[:1])
    command = f"{shlex.join([*COMMAND, 'mark', *words])} {closed}"
    status = f"{command}; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", status], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert sheet.read_text().splitlines()[1] == "any name,6"
    assert "</html>" in (tmp_path / "page.html").read_text("utf-8")
    assert len([*(tmp_path / "pages").rglob("*.html")]) == 1
    assert not [*tmp_path.rglob("*.part")]
