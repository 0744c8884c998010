"""What went wrong while a notebook ran is told; what the marker lacks is not charged."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.check import StepMark
from mlp_exercise.handout.notebook import student
from mlp_exercise.submission import run
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.submission.run import History, Problem
from mlp_exercise.submission.troubles import (
    explained,
    refuse_what_is_lacking_here,
    remarks,
)
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.submission.conftest import (
    answering,
    code_cell,
    right_answers,
    save,
)

NAME = "ex1_01_pen_and_paper.ipynb"


@pytest.fixture
def hand_in(tmp_path: Path) -> Any:
    """Write a notebook whose first two answers are computed from what a cell gives."""

    def write(first: str, learner: str = "ada", last: str = "") -> Path:
        computed = right_answers(a="a = list(numbers)", z="z = list(others)")
        notebook = answering(computed, last)
        notebook["cells"].insert(1, code_cell(first))
        save(tmp_path / "class" / learner / NAME, notebook)
        return tmp_path / "class"

    return write


GIVES = "numbers, others = (0.3, 0.24), (0.29, 0.24)\n"


def read(
    capsys: pytest.CaptureFixture[str], folder: Path, *words: str
) -> tuple[int, list[Any]]:
    status = main(["mark", str(folder), "--format", "json", "--timeout", "1", *words])
    return status, json.loads(capsys.readouterr().out)


def steps(result: Any) -> dict[str, Any]:
    return {step["name"]: step for step in result["steps"]}


def test_a_cell_that_raises_is_named_with_its_error_in_every_format(
    hand_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in("1 / 0\n" + GIVES)
    status, (result,) = read(capsys, folder)
    assert (status, result["points"]) == (0, 3.5)  # three others are blocked
    own = "Code cell 3 raised NameError: name 'numbers' is not defined."
    assert steps(result)["a"]["feedback"] == own
    first = "Code cell 2 raised ZeroDivisionError: division by zero."
    assert result["remarks"][0] == first
    assert main(["mark", str(folder), "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert first in row["remarks"]
    assert main(["mark", str(folder)]) == 0
    table = capsys.readouterr().out
    assert first in table
    assert own in table
    assert main(["mark", str(folder), str(folder), "--by", "learner"]) == 0
    assert first[:-1] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Loss = (y[0] - T[0]) ** 2", "raised NameError: name 'T' is not defined."),
        ("raise ValueError('later')\nloss = 1", "raised ValueError: later."),
        ("loss = None\nprint(lossx)", "raised NameError: name 'lossx' is not defined."),
        ("loss = (y[0] - t[0]", "is not valid Python, so it never runs"),
    ],
)
def test_an_answer_that_its_cell_never_gives_is_told_why(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    source: str,
    words: str,
) -> None:
    notebook = answering(right_answers(loss=source))
    save(tmp_path / NAME, notebook)
    _, (result,) = read(capsys, tmp_path)
    assert words in steps(result)["loss"]["feedback"]
    assert any(words in remark for remark in result["remarks"])
    assert result["points"] == 5.5


def test_a_cell_that_is_blank_is_run_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "run", None)
    stub = "# Loss\nloss = None\n# YOUR CODE HERE\nraise NotImplementedError()"
    notebook = answering(right_answers(loss=stub, z="'todo'\npass"))
    assert main(["mark", save(tmp_path / NAME, notebook)]) == 0


def test_what_was_not_to_be_run_is_told(
    hand_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (result,) = read(capsys, hand_in(GIVES), "--no-execute")
    assert (status, result["points"]) == (1, 3.5)
    assert result["remarks"] == [
        "Some answers are computed, and nothing was to be executed."
    ]


def test_an_error_that_costs_nothing_is_nobodys_business(
    hand_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (result,) = read(capsys, hand_in(GIVES + "1 / 0"))
    assert (status, result["points"]) == (0, 6)
    assert "remarks" not in result


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("while True: pass", "time limit", "longer than 1 s of processor time"),
        ("x = bytes(10**12)", "memory limit", "used up its memory"),
        ("import os\nwhile True: os.write(3, bytes(9**5))", "report limit", "16 MiB"),
    ],
)
def test_a_limit_that_was_met_is_told_everywhere(
    hand_in: Any,
    capsys: pytest.CaptureFixture[str],
    source: str,
    kind: str,
    words: str,
) -> None:
    folder = hand_in(f"{source}\n{GIVES}")
    status, (result,) = read(capsys, folder)
    assert status == 1
    verdict = "timed-out" if kind == "time limit" else "missing"
    for name in ("a", "z"):
        assert steps(result)[name]["verdict"] == verdict
        assert steps(result)[name]["flags"] == [kind]
    (remark, *_) = result["remarks"]
    assert remark.startswith("Code cell 2 was left out: ")
    assert words in remark
    status, (row,) = read(capsys, folder, "--by", "learner")
    assert status == 1
    assert any(remark[:-1] in told for told in row["remarks"])
    assert f"look at ex1_01 a {kind}, ex1_01 z {kind}" in row["remarks"]


def test_a_limit_that_cost_nothing_is_told_as_well(
    hand_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (result,) = read(capsys, hand_in(GIVES, last="while True: pass"))
    assert (status, result["points"]) == (1, 6)
    (remark,) = result["remarks"]
    assert remark.startswith("Code cell 27 was left out: it took longer than 1 s")


@pytest.mark.parametrize(
    "missing", ["library_of_tomorrow", "library_of_tomorrow.part as p"]
)
def test_a_library_that_is_not_installed_here_costs_nobody_a_point(
    hand_in: Any, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    hand_in(f"import {missing}\n{GIVES}", "ada")
    folder = hand_in(GIVES, "bob")
    status, (ada, bob) = read(capsys, folder)
    assert status == 1
    assert (ada["status"], ada["points"], ada["steps"]) == ("not marked", None, [])
    assert "needs library_of_tomorrow, which is not installed" in ada["reason"]
    assert (bob["status"], bob["points"]) == ("marked", 6)
    status, rows = read(capsys, folder, "--by", "learner")
    assert status == 1
    assert rows[0]["ex1_01_pen_and_paper"] is None
    assert rows[0]["remarks"][0].startswith("ex1_01: not marked: code cell 2 needs lib")


def test_a_library_that_was_not_needed_is_no_reason(
    hand_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (result,) = read(capsys, hand_in(f"{GIVES}import library_of_tomorrow"))
    assert (status, result["status"], result["points"]) == (0, "marked", 6)


@pytest.mark.parametrize(
    "error",
    [
        "ModuleNotFoundError: No module named 'numpy.of_tomorrow'",
        "ModuleNotFoundError: No module named 'mlp_reference.of_yesterday'",
        "ModuleNotFoundError: No module named 'sys.of_tomorrow'; 'sys' is not a package",
        "ImportError: cannot import name 'of_tomorrow' from 'numpy'",
        "NameError: name 'x' is not defined",
    ],
)
def test_a_part_that_no_library_has_is_the_learners_slip(error: str) -> None:
    refuse_what_is_lacking_here({0: error}, [error])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("OSError: [Errno 28] No space left on device", "has no space here"),
        ("ModuleNotFoundError: No module named 'seaborn_of_tomorrow'", "needs seaborn"),
    ],
)
def test_what_is_lacking_here_is_named(error: str, reason: str) -> None:
    with pytest.raises(NotMarked, match=rf"^code cell 8 {reason}"):
        refuse_what_is_lacking_here({2: "NameError", 7: error})
    with pytest.raises(NotMarked, match=f"^it {reason}"):
        refuse_what_is_lacking_here({}, ["NameError", error])


def test_a_module_that_lies_beside_the_submissions_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "helpers_of_bob.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    error = "ModuleNotFoundError: No module named 'helpers_of_bob'"
    with pytest.raises(NotMarked, match="needs helpers_of_bob"):
        refuse_what_is_lacking_here({0: error})


def test_a_value_that_time_cut_short_is_not_called_wrong() -> None:
    late = Problem("time limit", "it took longer than 3 s")
    words = "Train it longer."
    wrong = StepMark("error", "wrong", 0.0, 1.0, (), words, None, slip=words)
    history = History(left_out={2: late})
    own = {"error": [4]}
    (value,) = explained([wrong], own, history, ["error"])
    assert (value.verdict, value.flags) == ("timed-out", ("time limit",))
    assert value.slip == ""
    assert value.feedback == "Code cell 3 was left out: it took longer than 3 s."
    (code,) = explained([wrong], own, history, [])
    assert (code.verdict, code.feedback) == ("wrong", "Train it longer.")
    (before,) = explained([wrong], {"error": [1]}, history, ["error"])
    assert before.verdict == "wrong"
    blocked = replace(wrong, verdict="blocked")
    (same,) = explained([blocked], own, history, ["error"])
    assert (same.verdict, same.flags) == ("blocked", ("time limit",))


def test_not_more_cells_are_named_than_one_reads() -> None:
    history = History(raised=dict.fromkeys(range(9), "KeyError: 1"))
    told = remarks(history, lost=True, passed_over=[1])
    assert [text.split(" raised")[0] for text in told[:3]] == [
        "Code cell 1",
        "Code cell 3",
        "Code cell 4",
    ]
    assert told[3:] == ["5 more cells raised errors."]
    assert remarks(history, lost=False) == []


def test_a_check_that_finds_no_answer_is_not_named_beside_the_cell_that_gave_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    notebook = student("ex1_01_pen_and_paper", EXERCISE)
    (own,) = (
        c for c in notebook["cells"] if c["id"] == "a" and c["cell_type"] == "code"
    )
    own["source"] = "del a_of_mine\na = W1 @ x"
    (tmp_path / NAME).write_text(json.dumps(notebook), "utf-8")
    _, (result,) = read(capsys, tmp_path)
    assert result["remarks"] == [
        "Code cell 3 raised NameError: name 'a_of_mine' is not defined."
    ]


def test_trials_that_were_given_up_are_named() -> None:
    history = History(failed={"fit": Problem("time limit", "it took longer than 3 s")})
    assert remarks(history, lost=False) == [
        "The trial of fit was given up: it took longer than 3 s."
    ]


def test_a_notebook_that_waits_is_not_marked_and_says_where(
    hand_in: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "PATIENCE", 1)
    status, (result,) = read(capsys, hand_in(f"import time; time.sleep(999)\n{GIVES}"))
    assert (status, result["status"]) == (1, "not marked")
    assert result["reason"].startswith(
        "code cell 2 was not done after 1 s by the clock"
    )
