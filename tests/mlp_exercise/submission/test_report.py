from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, NoReturn

import pytest

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.submission import report
from mlp_exercise.submission.records import Exercise, Result, Sheet

STEPS = ("a", "z")


def nobody_marks(*_args: object) -> NoReturn:
    raise AssertionError


EXERCISES = (
    Exercise("ex1", STEPS, 1.0, STEPS, nobody_marks),
    Exercise("ex2", ("z",), 0.5, ("z",), nobody_marks),
)


def step(name: str, verdict: Verdict, *flags: str) -> StepMark:
    points = 0.5 if verdict in ("correct", "follow-through") else 0.0
    return StepMark(name, verdict, points, 0.5, flags, f"About {name}.", [0.25])


def marked(file: str = "me.ipynb", note: str = "") -> Result:
    marks = (step("a", "correct"), step("z", "wrong", "invalid"))
    sheet = Sheet(17, marks, {"z": note} if note else {})
    return Result(file, "ex1", sheet)


def of_second(file: str) -> Result:
    return Result(file, "ex2", Sheet(None, (step("z", "correct"),)))


UNREADABLE = Result("you.ipynb", reason="broken JSON")


def as_json(*results: Result, expected: bool = False) -> Any:
    stream = io.StringIO()
    report.write_json(results, stream, expected=expected)
    return json.loads(stream.getvalue())


def as_csv(*results: Result) -> list[dict[str, str]]:
    stream = io.StringIO()
    report.write_csv(results, stream, steps=STEPS)
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def as_table(results: Sequence[Result], *, expected: bool = False) -> list[str]:
    stream = io.StringIO()
    report.write_table(results, stream, expected=expected, exercises=EXERCISES)
    return stream.getvalue().split("\n")


def test_json_is_what_the_contract_says() -> None:
    first, second = as_json(marked(note="Left out."), UNREADABLE)
    assert first == {
        "file": "me.ipynb",
        "exercise": "ex1",
        "variant": 17,
        "status": "marked",
        "points": 0.5,
        "max_points": 1.0,
        "steps": [
            {
                "name": "a",
                "verdict": "correct",
                "points": 0.5,
                "max_points": 0.5,
                "flags": [],
                "feedback": "About a.",
            },
            {
                "name": "z",
                "verdict": "wrong",
                "points": 0.0,
                "max_points": 0.5,
                "flags": ["invalid"],
                "feedback": "About z. Left out.",
            },
        ],
    }
    assert second == {
        "file": "you.ipynb",
        "exercise": None,
        "variant": None,
        "status": "unreadable",
        "points": 0,
        "max_points": 0,
        "reason": "broken JSON",
        "steps": [],
    }


LIMITED = Result(
    "late.ipynb",
    "ex1",
    Sheet(
        None,
        (step("a", "correct"), step("z", "timed-out", "time limit")),
        {},
        ("Code cell 4 was left out: it took longer than 10 s of processor time.",),
        limited=True,
    ),
)
NOT_MARKED = Result("me.ipynb", "ex1", reason="it needs PyTorch", lacking=True)


def test_a_limit_that_was_met_is_told_in_every_format() -> None:
    (remark,) = LIMITED.remarks
    (as_object,) = as_json(LIMITED)
    assert as_object["remarks"] == [remark]
    assert as_object["steps"][1]["verdict"] == "timed-out"
    (row,) = as_csv(LIMITED)
    assert (row["remarks"], row["flags"]) == (remark, "z: time limit")
    assert row["z"] == "timed-out"
    assert f"  {remark}" in as_table([LIMITED])
    line = as_table([LIMITED, LIMITED])[0]
    assert line.endswith(f"z timed-out; look at z time limit; {remark}")


def test_a_notebook_that_could_not_be_marked_has_no_points_not_zero() -> None:
    (as_object,) = as_json(NOT_MARKED)
    assert as_object["status"] == "not marked"
    assert as_object["points"] is as_object["max_points"] is None
    assert as_object["reason"] == "it needs PyTorch"
    (row,) = as_csv(NOT_MARKED)
    assert (row["status"], row["points"]) == ("not marked", "")
    first, _, summary, *_ = as_table([NOT_MARKED, marked("b.ipynb")])
    assert first == "not marked  me.ipynb: it needs PyTorch"
    assert summary.endswith("0 unreadable, 1 not marked")


def test_expected_values_are_given_away_only_when_asked_for() -> None:
    assert as_json(marked(), expected=True)[0]["steps"][1]["expected"] == [0.25]
    assert not any("0.25" in line for line in as_table([marked()]))
    assert "      expected [0.25]" in as_table([marked()], expected=True)


def test_no_result_is_an_empty_array() -> None:
    assert as_json() == []


def test_csv_has_a_row_for_each_notebook() -> None:
    first, second = as_csv(marked(), UNREADABLE)
    assert first == {
        "file": "me.ipynb",
        "exercise": "ex1",
        "variant": "17",
        "status": "marked",
        "points": "0.5",
        "max_points": "1.0",
        "reason": "",
        "flags": "z: invalid",
        "remarks": "",
        "a": "correct",
        "z": "wrong",
    }
    assert (second["status"], second["reason"]) == ("unreadable", "broken JSON")
    assert second["a"] == second["variant"] == ""


@pytest.mark.parametrize(
    "file",
    [
        *("=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1"),
        *("＝1+1", "＋1", "－1", "＠x", "\u3000＝1", "﹦1", "−1", "\u00a0=1"),
    ],
)
def test_no_cell_is_a_formula(file: str) -> None:
    (row,) = as_csv(marked(file))
    blank = "'\N{REPLACEMENT CHARACTER} \t\n\u3000"
    assert row["file"].lstrip(blank) == file.lstrip()
    assert row["file"][0] in "'\N{REPLACEMENT CHARACTER}"


def test_no_part_of_a_cell_is_a_formula_where_semicolons_part_cells() -> None:
    (row,) = as_csv(marked("a;=1+1; ＝2;b"))
    assert row["file"] == "a;'=1+1;' ＝2;b"


def test_the_table_of_one_notebook_shows_its_steps() -> None:
    assert as_table([marked(note="Left out.")]) == [
        "me.ipynb: ex1, variant 17",
        "  a           correct         0.5 / 0.5",
        "  z           wrong           0 / 0.5  [invalid]",
        "      About z. Left out.",
        "  0.5 of 1 points",
        "",
    ]
    assert as_table([UNREADABLE]) == ["unreadable  you.ipynb: broken JSON", ""]


def test_the_table_of_many_has_a_line_for_each_and_a_summary() -> None:
    assert as_table([marked(), UNREADABLE, marked("b.ipynb")]) == [
        "0.5 / 1     me.ipynb  variant 17; z wrong; look at z invalid",
        "unreadable  you.ipynb: broken JSON",
        "0.5 / 1     b.ipynb  variant 17; z wrong; look at z invalid",
        "2 marked, 0.50 points on average; 1 unreadable",
        "Not paid: z (2)",
        "",
    ]
    assert as_table([UNREADABLE, UNREADABLE])[2] == "0 marked; 2 unreadable"


def test_the_class_table_follows_where_it_says_more_than_the_lines() -> None:
    assert as_table([marked("ada_ex1.ipynb"), of_second("ada_ex2.ipynb")]) == [
        "0.5 / 1     ada_ex1.ipynb  variant 17; z wrong; look at z invalid",
        "0.5 / 0.5   ada_ex2.ipynb",
        "2 marked; 0 unreadable",
        "",
        "learner   ex1     ex2   total  remarks",
        "         of 1  of 0.5  of 1.5",
        "ada       0.5     0.5       1  look at ex1 z invalid",
        "",
    ]


def test_exercises_may_share_the_name_of_a_step() -> None:
    stream = io.StringIO()
    steps = [step for exercise in EXERCISES for step in exercise.steps]
    report.write_csv([marked(), of_second("x.ipynb")], stream, steps=steps)
    heading, *rows = csv.reader(io.StringIO(stream.getvalue()))
    assert heading[-2:] == ["a", "z"]
    assert [row[-2:] for row in rows] == [["correct", "wrong"], ["", "correct"]]


def test_a_name_cannot_move_the_cursor() -> None:
    result = marked("a\x1b[2J\nb\udcff.ipynb")
    assert as_table([result])[0] == "a�[2J�b�.ipynb: ex1, variant 17"
    assert as_csv(result)[0]["file"] == "a�[2J�b�.ipynb"
    assert as_json(result)[0]["file"] == result.file


def test_results_are_written_as_they_come() -> None:
    stream = io.StringIO()

    def results() -> Any:
        for number in range(3):
            yield marked(f"{number}.ipynb")
            assert f"{number}.ipynb" in stream.getvalue()

    report.write_json(results(), stream, expected=False)
    report.write_csv(results(), stream, steps=STEPS)
