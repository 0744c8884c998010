"""What came of notebooks is written by notebook and by learner, as a table, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.standing import Standing, standings
from mlp_exercise.classroom.tables import (
    Row,
    class_rows,
    summary,
    write,
)
from mlp_exercise.submission.mark import EXERCISES, Exercise, Sheet
from tests.mlp_exercise.classroom.collecting.test_learners import PATHS

FIRST, SECOND, THIRD = EXERCISES

BEST = partial(standings, best=True)


def step(
    name: str, verdict: Verdict = "correct", *flags: str, points: float | None = None
) -> StepMark:
    pays = 0.5 if verdict in ("correct", "follow-through") else 0.0
    points = pays if points is None else points
    return StepMark(name, verdict, points, 0.5, flags, f"About {name}.", [0.25])


def of(file: str, *marks: StepMark, exercise: Exercise = FIRST, **sheet: Any) -> Result:
    made = Sheet(marks, **sheet)
    return Result(file, "marked", None, exercise.name, made, path="class")


def marked(
    file: str, points: float = 5.5, exercise: Exercise = FIRST, *flags: str, **more: Any
) -> Result:
    made = of(file, step("z", "correct", *flags, points=points), exercise=exercise)
    sheet = made.sheet._replace(**{k: v for k, v in more.items() if k != "path"})
    return made._replace(sheet=sheet, path=more.get("path", "class"))


def unreadable(file: str, path: str = "class") -> Result:
    return Result(file, reason="broken JSON", path=path)


LOST = of("me.ipynb", step("a"), step("z", "wrong", "invalid"), variant=17)
UNREADABLE = unreadable("you.ipynb")
REMARK = "Code cell 4 was left out: it took longer than 10 s of processor time."
LIMITED = of(
    *("late.ipynb", step("a"), step("z", "timed-out", "time limit")),
    remarks=(REMARK,),
    limited=True,
)
NOT_MARKED = Result("me.ipynb", "not marked", "it needs PyTorch", FIRST.name)


def written(form: str, *results: Result, by: str = "notebook", **options: Any) -> str:
    stream = io.StringIO()
    write(results, stream, form, by, **options)
    return stream.getvalue()


def as_json(*results: Result, **options: Any) -> Any:
    return json.loads(written("json", *results, **options))


def as_csv(
    *results: Result, by: str = "notebook", **options: Any
) -> list[dict[str, str]]:
    text = io.StringIO(written("csv", *results, by=by, **options))
    return list(csv.DictReader(text, strict=True))


def as_table(*results: Result, **options: Any) -> list[str]:
    return written("table", *results, **options).split("\n")


# By notebook.


def test_json_is_what_the_contract_says() -> None:
    first, second = as_json(LOST, UNREADABLE)
    correct = {"name": "a", "verdict": "correct", "points": 0.5, "max_points": 0.5}
    wrong = {"name": "z", "verdict": "wrong", "points": 0.0, "max_points": 0.5}
    added: dict[str, Any] = {
        "path": "class",
        "handed_in": None,
        "late": False,
        "digest": "",
    }
    added |= {"whose": None, "limited": False, "values": {}, "own": {}}
    assert first == added | {
        "file": "me.ipynb",
        "exercise": FIRST.name,
        "variant": 17,
        "status": "marked",
        "points": 0.5,
        "max_points": 1.0,
        "steps": [
            correct | {"flags": [], "feedback": "About a.", "elements": [], "slip": ""},
            wrong
            | {
                "flags": ["invalid"],
                "feedback": "About z.",
                "elements": [],
                "slip": "",
            },
        ],
    }
    assert second == added | {
        "file": "you.ipynb",
        "exercise": None,
        "variant": None,
        "status": "unreadable",
        "points": 0,
        "max_points": 0,
        "reason": "broken JSON",
        "steps": [],
    }


def test_a_limit_that_was_met_is_told_in_every_format() -> None:
    (as_object,) = as_json(LIMITED)
    assert as_object["remarks"] == [REMARK]
    assert as_object["steps"][1]["verdict"] == "timed-out"
    (row,) = as_csv(LIMITED)
    assert (row["remarks"], row["flags"]) == (REMARK, "z: time limit")
    assert row["z"] == "timed-out"
    assert f"  {REMARK}" in as_table(LIMITED)
    line = as_table(LIMITED, LIMITED)[0]
    assert line.endswith(f"z timed-out; look at z time limit; {REMARK}")


def test_a_notebook_that_could_not_be_marked_has_no_points_not_zero() -> None:
    (as_object,) = as_json(NOT_MARKED)
    assert as_object["status"] == "not marked"
    assert as_object["points"] is as_object["max_points"] is None
    assert as_object["reason"] == "it needs PyTorch"
    (row,) = as_csv(NOT_MARKED)
    assert (row["status"], row["points"]) == ("not marked", "")
    first, _, total, *_ = as_table(NOT_MARKED, LOST)
    assert first == "not marked  me.ipynb: it needs PyTorch"
    assert total.endswith("0 unreadable, 1 not marked")


def test_expected_values_are_given_away_only_when_asked_for() -> None:
    assert as_json(LOST, expected=True)[0]["steps"][1]["expected"] == [0.25]
    assert "0.25" not in written("table", LOST) + written("json", LOST)
    assert "      expected [0.25]" in as_table(LOST, expected=True)


def test_csv_has_a_row_for_each_notebook_and_a_column_for_each_step() -> None:
    second = of("x.ipynb", step("train", "wrong"), exercise=SECOND)
    rows = as_csv(LOST, UNREADABLE, second)
    assert {key: value for key, value in rows[0].items() if value} == {
        "file": "me.ipynb",
        "exercise": FIRST.name,
        "variant": "17",
        "status": "marked",
        "points": "0.5",
        "max_points": "1.0",
        "flags": "z: invalid",
        "a": "correct",
        "z": "wrong",
    }
    assert (rows[1]["status"], rows[1]["reason"]) == ("unreadable", "broken JSON")
    assert (rows[2]["a"], rows[2]["train"]) == ("", "wrong")
    assert {step for part in EXERCISES for step in part.steps} < rows[0].keys()


def test_the_table_of_one_notebook_shows_its_steps() -> None:
    assert as_table(LOST) == [
        f"me.ipynb: {FIRST.name}, variant 17",
        "  a           correct         0.5 / 0.5",
        "  z           wrong           0 / 0.5  [invalid]",
        "      About z.",
        "  0.5 of 1 points",
        "",
    ]
    assert as_table(UNREADABLE) == ["unreadable  you.ipynb: broken JSON", ""]


def test_the_table_of_many_has_a_line_for_each_and_a_summary() -> None:
    assert as_table(LOST, UNREADABLE, LOST._replace(file="b.ipynb")) == [
        "0.5 / 1     me.ipynb  variant 17; z wrong; look at z invalid",
        "unreadable  you.ipynb: broken JSON",
        "0.5 / 1     b.ipynb  variant 17; z wrong; look at z invalid",
        "2 marked, 0.50 points on average; 1 unreadable",
        "Not paid: z (2)",
        "",
    ]


def test_whoever_is_not_in_the_class_list_is_told_in_the_class_table() -> None:
    def standing(results: Sequence[Result]) -> list[Standing]:
        said = ("not in the class list",)
        return [one._replace(remarks=said) for one in standings(results)]

    stream = io.StringIO()
    results = [marked("class/ada/a.ipynb"), marked("class/bob/a.ipynb")]
    write(results, stream, "table", standing=standing)
    assert stream.getvalue().count("not in the class list") == 2


def test_the_class_table_follows_where_it_says_more_than_the_lines() -> None:
    ada = LOST._replace(file="class/ada/a.ipynb", path="class")
    assert as_table(ada, marked("class/ada/b.ipynb", 9.5, SECOND))[2:] == [
        "2 marked; 0 unreadable",
        "",
        "learner  ex1_01  ex1_02  ex1_03  total  remarks",
        "           of 6   of 10    of 4  of 20",
        "ada         0.5     9.5       -     10  look at ex1_01 z invalid",
        "",
    ]
    same = [marked(f"class/{name}.ipynb") for name in ("ada", "bob")]
    for others, more in (
        (same, False),
        ([same[0], unreadable("class/bob.ipynb")], False),
        ([same[0], unreadable("class/ada/y.ipynb")], True),
        ([same[0], marked("class/ada/y.ipynb")], True),
        ([same[0], marked("class/b/x.ipynb", 4, SECOND)], True),
    ):
        assert ("learner" in written("table", *others)) is more


def test_results_are_written_as_they_come() -> None:
    stream = io.StringIO()

    def results() -> Iterator[Result]:
        for number in range(3):
            yield LOST._replace(file=f"{number}.ipynb")
            assert f"{number}.ipynb" in stream.getvalue()

    for form in ("json", "csv"):
        write(results(), stream, form)


# The summary.


def missed(exercise: Exercise, lost: str, steps: str = "abcdefgh") -> Result:
    marks = [
        StepMark(s, "wrong" if s in lost else "correct", s not in lost, 1.0, (), "")
        for s in steps
    ]
    return of("x.ipynb", *marks, exercise=exercise)


def test_of_one_exercise_every_step_that_was_not_paid_is_named() -> None:
    results = [missed(FIRST, "abcdef"), missed(FIRST, "fh"), UNREADABLE]
    assert list(summary(results)) == [
        "2 marked, 4.00 points on average; 1 unreadable",
        "Not paid: f (2), a (1), b (1), c (1), d (1), e (1), h (1)",
    ]


def test_several_exercises_have_a_mean_each_and_name_what_was_missed_most() -> None:
    first = [missed(FIRST, "abcdef"), missed(FIRST, "f")]
    second = [missed(SECOND, "", "abc"), missed(SECOND, "c", "abc")]
    assert list(summary([second[0], *first, second[1], UNREADABLE])) == [
        "4 marked; 1 unreadable",
        f"{FIRST.name}: 2 marked, 4.50 of 8 points on average; "
        "not paid: f (2), a (1), b (1), c (1), d (1), and 1 more",
        f"{SECOND.name}: 2 marked, 2.50 of 3 points on average; not paid: c (1)",
    ]
    assert list(summary([first[0], second[0]])) == ["2 marked; 0 unreadable"]
    assert list(summary([UNREADABLE] * 2)) == ["0 marked; 2 unreadable"]


# By learner.


NAMES = [exercise.name for exercise in EXERCISES]


def rows(*results: Result) -> dict[str, Row]:
    return {row["learner"]: row for row in class_rows(standings(results))}


def points(row: Row) -> list[float | None]:
    return [row[name] for name in NAMES]


def row(*results: Result) -> Row:
    (only,) = class_rows(
        standings([r._replace(file=f"class/ada/{r.file}") for r in results], best=True)
    )
    return only


def test_the_notebooks_of_a_learner_come_together_from_everywhere() -> None:
    found = rows(
        marked("class/ada/a.ipynb", 5.5),
        marked("class/bob/a.ipynb", 0.0),
        marked("more/ada/x/b.ipynb", 8.0, SECOND, path="more"),
        marked("part3/ada.ipynb", 4.0, THIRD, path="part3"),
    )
    ada = dict(zip(NAMES, (5.5, 8.0, 4.0), strict=True)) | {"total": 17.5}
    assert found["ada"].items() >= (ada | {"remarks": [], "unmarked": set()}).items()
    assert points(found["bob"]) == [0.0, None, None]  # none is not zero


TRIVIAL = marked("a", 5.5, FIRST, "trivial")


@pytest.mark.parametrize(
    ("results", "remarks"),
    [
        ([marked("a", 4.0), marked("b"), marked("c", 5.0)], ["ex1_01: best of 3"]),
        # Of equal ones that with least to look at counts.
        ([TRIVIAL, marked("b")], ["ex1_01: best of 2"]),
        ([marked("b"), TRIVIAL], ["ex1_01: best of 2"]),
        ([marked("a", 4.0, variant=17), marked("b")],
         ["ex1_01: best of 2, of different numbers"]),
        ([marked("a", 5.5, FIRST, "x", "y"), marked("b", 9.5, SECOND, "late")],
         ["look at ex1_01 z x, ex1_01 z y, ex1_02 z late"]),
        ([marked("a", 5.5, FIRST, "time limit", remarks=(REMARK,))],
         [f"ex1_01: {REMARK[:-1]}", "look at ex1_01 z time limit"]),
        ([marked("a", 5.0, FIRST, "x", remarks=(REMARK,)), marked("b")],
         ["ex1_01: best of 2"]),
    ],
)  # fmt: skip
def test_the_best_counts_and_a_person_is_told_what_to_know(
    results: list[Result], remarks: list[str]
) -> None:
    found = row(*results)
    assert found["remarks"] == remarks
    best = max(r.sheet.points for r in results if r.exercise == FIRST.name)
    assert found[FIRST.name] == best


def test_what_has_no_marks_is_told_beside_the_exercise_if_that_is_known() -> None:
    lacking = Result("x", "not marked", "it needs PyTorch", THIRD.name, path="class")
    named = unreadable(f"{SECOND.name} (1).ipynb")
    unknown = unreadable("x.ipynb")
    found = row(lacking, named, unknown, unknown)
    assert points(found) == [None] * 3
    assert found["unmarked"] == {SECOND.name, THIRD.name, None}
    assert found["remarks"] == [
        "ex1_02: 1 unreadable",
        "ex1_03: not marked: it needs PyTorch",
        "2 unreadable",
    ]
    both = row(named, marked("y", 3.0, SECOND))
    assert (both[SECOND.name], both["unmarked"]) == (3.0, {SECOND.name})


def test_rows_are_sorted_as_in_a_list_of_names() -> None:
    names = ["ada", "Bob", "Émile", "Zoë"]
    found = rows(*(marked(f"class/{name}/x.ipynb") for name in reversed(names)))
    assert list(found) == names


def moodle(name: str, number: int) -> str:
    return f"class/{name}_{number}_assignsubmission_file_/x.ipynb"


@pytest.mark.parametrize(
    ("results", "learners"),
    [
        # Moodle numbers a learner anew in each assignment; namesakes in one are two.
        ([marked(moodle("Max", 1)), marked(moodle("Max", 2), 9.0, SECOND)], ["Max"]),
        ([marked(moodle("Max", 1)), marked("b/" + moodle("Max", 2), path="b")], ["Max"]),
        ([marked(moodle("Max", 1)), marked(moodle("Max", 2))], ["Max_1", "Max_2"]),
        # On two platforms they may be two; what no platform has named may be anybody's.
        ([marked(moodle("Max", 1)),
          marked("class/70620-64 - Max - Nov 24, 2026 1000 AM/x.ipynb", 9.0, SECOND)],
         ["Max (brightspace)", "Max (moodle)"]),
        ([marked(moodle("Max", 1)), marked("class/Max/x.ipynb", 9.0, SECOND)], ["Max"]),
        # Any name will do for a file, so folders keep files of one name apart.
        ([marked("ada/mine.ipynb", path="ada"),
          marked("bob/mine.ipynb", 9.0, SECOND, path="bob"),
          marked("bob/other.ipynb", path="bob")], ["ada/mine", "bob/mine", "other"]),
        ([marked(f"a/b/ada/{FIRST.name}.ipynb", path="")], ["ada"]),
    ],
)  # fmt: skip
def test_namesakes_stay_apart_and_numbers_split_nobody(
    results: list[Result], learners: list[str]
) -> None:
    assert list(rows(*results)) == learners


CLASS = (
    marked("class/ming/a.ipynb", 6.0),
    marked("class/ming/b.ipynb", 10.0, SECOND),
    marked("class/Zoë/a.ipynb", 5.5, FIRST, "trivial"),
    marked("class/Zoë/b.ipynb", 4.0),
    unreadable(f"class/bob/{SECOND.name}.ipynb"),
)


def test_the_table_has_a_row_for_each_learner_and_says_what_all_is_worth() -> None:
    assert as_table(*CLASS, by="learner", standing=BEST) == [
        "learner  ex1_01  ex1_02  ex1_03  total  remarks",
        "           of 6   of 10    of 4  of 20",
        "bob           -       ?       -      0  ex1_02: 1 unreadable",
        "ming          6      10       -     16",
        "Zoë         5.5       -       -    5.5  ex1_01: best of 2; look at ex1_01 z trivial",
        "",
    ]
    long = [marked("class/ada/a.ipynb"), marked(f"class/{'x' * 90}/a.ipynb")]
    lines = as_table(*long, by="learner")
    assert lines[2].startswith("ada" + " " * 37 + "     5.5")  # long names stick out
    assert lines[3].startswith("x" * 90 + "     5.5")


def test_csv_and_json_have_a_row_for_each_learner() -> None:
    bob, ming, zoe = as_csv(*CLASS, by="learner", standing=BEST)
    none = {exercise.name: "" for exercise in EXERCISES}
    totals = {"total": "0", "max_total": "20", "remarks": "ex1_02: 1 unreadable"}
    assert bob == {"learner": "bob", **none, **totals}
    assert (ming["learner"], ming[FIRST.name], ming["total"]) == ("ming", "6", "16")
    assert zoe["remarks"] == "ex1_01: best of 2; look at ex1_01 z trivial"
    bob, _, zoe = as_json(*CLASS, by="learner", standing=BEST)
    nothing = dict.fromkeys(none)
    about = {"total": 0, "max_total": 20, "remarks": ["ex1_02: 1 unreadable"]}
    assert bob == {"learner": "bob", **nothing, **about}
    assert zoe["remarks"] == ["ex1_01: best of 2", "look at ex1_01 z trivial"]


@pytest.mark.parametrize("by", ["notebook", "learner"])
def test_nobody_is_an_empty_array_and_headings(by: str) -> None:
    assert as_json(by=by) == []
    assert as_csv(by=by) == []
    assert len(as_table(by=by)) == {"notebook": 2, "learner": 3}[by]


# Whatever learners call their files.


@pytest.mark.parametrize(
    "name",
    [
        *("=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1"),
        *("＝1+1", "＋1", "－1", "＠x", "\u3000＝1", "﹦1", "−1", "\u00a0=1"),
    ],
)
def test_no_cell_is_a_formula(name: str) -> None:
    (notebook,) = as_csv(LOST._replace(file=name))
    (learner,) = as_csv(marked(f"class/{name}/a.ipynb"), by="learner")
    for text in (notebook["file"], learner["learner"]):
        assert text[0] in "'\N{REPLACEMENT CHARACTER}"
        assert text.lstrip("'\N{REPLACEMENT CHARACTER} \t\n\u3000") == name.lstrip()


def test_no_part_of_a_cell_is_a_formula_where_semicolons_part_cells() -> None:
    (row,) = as_csv(LOST._replace(file="a;=1+1; ＝2;b"))
    assert row["file"] == "a;'=1+1;' ＝2;b"


def test_a_name_cannot_move_the_cursor() -> None:
    name = "a\x1b[2J\nb\udcff"
    result = LOST._replace(file=f"class/{name}/x.ipynb")
    assert as_table(result)[0].startswith("class/a�[2J�b�/x.ipynb: ")
    assert as_csv(result)[0]["file"] == "class/a�[2J�b�/x.ipynb"
    assert as_json(result)[0]["file"] == result.file
    assert "\na�[2J�b�  " in written("table", result, by="learner")
    assert "\na�[2J�b�,0.5," in written("csv", result, by="learner")
    assert as_json(result, by="learner")[0]["learner"] == name


RESULTS = st.builds(
    lambda path, below, exercise, points: (
        unreadable(f"{path}/{below}", path)
        if points is None
        else marked(f"{path}/{below}", points, exercise, path=path)
    ),
    st.sampled_from(["class", ".", "", "part1", "ada"]) | PATHS,
    PATHS,
    st.sampled_from(EXERCISES),
    st.none() | st.integers(0, 20).map(lambda halves: halves / 2),
)


def notebooks_in(row: Row) -> int:
    counted = sum(
        int(n) for r in row["remarks"] for n in re.findall(r"(\d+) unread", r)
    )
    for label, name in zip(("ex1_01", "ex1_02", "ex1_03"), NAMES, strict=True):
        best_of = re.search(
            rf"{label}: (?:best|last) of (\d+)", "; ".join(row["remarks"])
        )
        counted += int(best_of[1]) if best_of else row[name] is not None
    return counted


def best(points: Iterable[float | None]) -> float | None:
    return max((each for each in points if each is not None), default=None)


@given(st.lists(RESULTS, max_size=8))
def test_whatever_comes_stands_in_one_row_of_every_format_and_totals_are_sums(
    results: list[Result],
) -> None:
    found = class_rows(standings(results))
    found_best = class_rows(standings(results, best=True))
    assert len({row["learner"] for row in found} - {""}) == len(found)
    assert sum(map(notebooks_in, found)) == len(results)
    for row in found:
        assert row["total"] == math.fsum(each or 0 for each in points(row))
    for name in NAMES:
        of_one = [r for r in results if r.exercise == name]
        came = best(r.sheet.points for r in of_one if r.status == "marked")
        assert best(row[name] for row in found_best) == came
    assert len(as_table(*results, by="learner")) == len(found) + 3
    assert len(as_json(*results, by="learner")) == len(found)
    assert len(as_csv(*results, by="learner")) == len(found)
