from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.submission import class_report
from mlp_exercise.submission.class_table import ClassTable
from mlp_exercise.submission.records import Result
from tests.mlp_exercise.submission.test_class_table import (
    RESULTS,
    SECOND,
    THREE,
    marked,
    table_of,
    unreadable,
)

CLASS = (
    marked("class/王小明/a.ipynb", 6.0),
    marked("class/王小明/b.ipynb", 10.0, SECOND),
    marked("class/Zoq\u0308/a.ipynb", 5.5, flags=["trivial"]),
    marked("class/Zoq\u0308/b.ipynb", 4.0),
    unreadable(f"class/bob/{SECOND.name}.ipynb"),
)


def written(form: str, table: ClassTable) -> str:
    stream = io.StringIO()
    class_report.WRITERS[form](table, stream)
    return stream.getvalue()


def as_csv(*results: Result) -> list[dict[str, str]]:
    text = written("csv", table_of(results))
    return list(csv.DictReader(io.StringIO(text), strict=True))


def test_the_table_has_a_row_for_each_learner_and_says_what_all_is_worth() -> None:
    assert written("table", table_of(CLASS)).split("\n") == [
        "learner  ex1_01  ex1_02  ex1_03  total  remarks",
        "           of 6   of 10    of 4  of 20",
        "bob           -       ?       -      0  ex1_02: 1 unreadable",
        "Zoq\u0308         5.5       -       -    5.5  ex1_01: best of 2; look at ex1_01 z trivial",
        "王小明        6      10       -     16",
        "",
    ]


def test_csv_has_a_row_for_each_learner() -> None:
    bob, zoe, ming = as_csv(*CLASS)
    assert bob == {
        "learner": "bob",
        "ex1_01_pen_and_paper": "",
        "ex1_02_numpy_gradient": "",
        "ex1_03_pytorch_regression": "",
        "total": "0",
        "max_total": "20",
        "remarks": "ex1_02: 1 unreadable",
    }
    assert (zoe["ex1_01_pen_and_paper"], zoe["total"]) == ("5.5", "5.5")
    assert zoe["remarks"] == "ex1_01: best of 2; look at ex1_01 z trivial"
    assert (ming["learner"], ming["total"]) == ("王小明", "16")


def test_json_has_an_object_for_each_learner() -> None:
    bob, zoe, _ = json.loads(written("json", table_of(CLASS)))
    assert bob == {
        "learner": "bob",
        "ex1_01_pen_and_paper": None,
        "ex1_02_numpy_gradient": None,
        "ex1_03_pytorch_regression": None,
        "total": 0,
        "max_total": 20,
        "remarks": ["ex1_02: 1 unreadable"],
    }
    assert zoe["remarks"] == ["ex1_01: best of 2", "look at ex1_01 z trivial"]


def test_nobody_is_an_empty_array_and_headings() -> None:
    assert json.loads(written("json", table_of([]))) == []
    assert len(written("csv", table_of([])).splitlines()) == 1
    assert len(written("table", table_of([])).splitlines()) == 2


def test_a_long_name_does_not_widen_the_others_rows() -> None:
    results = [marked("class/ada/a.ipynb"), marked(f"class/{'x' * 90}/a.ipynb")]
    lines = written("table", table_of(results)).split("\n")
    assert lines[2].startswith("ada" + " " * 37 + "     5.5")
    assert lines[3].startswith("x" * 90 + "     5.5")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", " =1"])
def test_no_cell_is_a_formula(name: str) -> None:
    (row,) = as_csv(marked(f"class/{name}/a.ipynb"))
    assert row["learner"] == f"'{name}"


def test_a_name_cannot_move_the_cursor() -> None:
    table = table_of([marked("class/a\x1b[2J\nb\udcff/x.ipynb")])
    assert "\na�[2J�b�  " in written("table", table)
    assert "\na�[2J�b�,5.5," in written("csv", table)
    assert json.loads(written("json", table))[0]["learner"] == "a\x1b[2J\nb\udcff"


@given(st.lists(RESULTS, max_size=6))
def test_whatever_comes_can_be_written_in_every_format(results: list[Result]) -> None:
    table = table_of(results)
    people = len(table.rows())
    assert len(written("table", table).split("\n")) == people + 3
    assert len(written("csv", table).encode().splitlines()) == people + 1
    assert len(json.loads(written("json", table))) == people
    for row in csv.reader(io.StringIO(written("csv", table)), strict=True):
        assert len(row) == len(THREE) + 4
