"""Points go where they belong, whoever is not certain is told, and nothing else changes."""

import errno
import shlex
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.__main__ import main
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.gradebooks import gradebook
from mlp_exercise.classroom.gradebooks.matching import person
from mlp_exercise.classroom.gradebooks.roster import class_lists, in_class
from mlp_exercise.classroom.standing import standings
from mlp_exercise.submission.mark import Exercise
from tests.mlp_exercise.classroom.gradebooks import malformed_sheets
from tests.mlp_exercise.classroom.gradebooks.sheets import (
    CANVAS,
    CANVAS_SEMICOLON,
    MOODLE,
    MOODLE_GERMAN,
    PLAIN,
    SHEETS,
)
from tests.mlp_exercise.classroom.test_tables import (
    FIRST,
    SECOND,
    THIRD,
    marked,
    unreadable,
)
from tests.mlp_exercise.submission.conftest import answering, right_answers, save


def moodle(
    name: str,
    number: int,
    points: float,
    exercise: Exercise = SECOND,
    lab: str = "lab2",
) -> Result:
    file = f"class/{lab}/{name}_{number}_assignsubmission_file/x.ipynb"
    return marked(file, points, exercise)


def canvas(
    name: str, number: int, points: float, exercise: Exercise = SECOND
) -> Result:
    return marked(f"class/{name}_{number}_991_x.ipynb", points, exercise)


def named(name: str, points: float, exercise: Exercise = SECOND) -> Result:
    return marked(f"class/{name}/{exercise.name}.ipynb", points, exercise)


class Filled:
    """What came of a sheet."""

    def __init__(
        self,
        folder: Path,
        sheet: str | bytes,
        results: Sequence[Result],
        **options: Any,
    ) -> None:
        file = folder / "sheet.csv"
        before = sheet if isinstance(sheet, bytes) else sheet.encode()
        file.write_bytes(before)
        told = gradebook.fill(file, standings(results), **options)
        self.status = told.status
        self.lines = [line.removeprefix(f"{file}: ") for line in told.lines]
        self.content = file.read_bytes()
        self.unchanged = self.content == before
        assert all(line.startswith(f"{file}: ") for line in told.lines)


MOODLE_CLASS = [
    moodle("Ada Lovelace", 105, 9.5),
    moodle("Max Müller", 106, 8),
    moodle("Max Müller", 107, 7),
    # Another assignment numbers them anew.
    moodle("Ada Lovelace", 205, 5.5, FIRST, "lab1"),
    moodle("Max Müller", 206, 4, FIRST, "lab1"),
]

CANVAS_CLASS = [
    canvas("lovelaceada", 4021, 9.5),
    canvas("müllermax", 4023, 9),
    canvas("hoppergrace", 4022, 8),
]


def test_moodles_worksheet_takes_what_was_handed_in_for_its_assignment(
    tmp_path: Path,
) -> None:
    filled = Filled(tmp_path, MOODLE, MOODLE_CLASS)
    expected = MOODLE.replace('grading",,10.00,Yes', 'grading",9.5,10.00,Yes', 1)
    expected = expected.replace("4.00,10.00", "8,10.00")
    assert filled.content.decode() == expected
    assert filled.lines == [
        "Grade takes ex1_02",
        "Max Müller_106: 8 was 4",
        "Max Müller_107: left alone: the platform lets nobody change this grade",
        "2 filled, 0 unchanged, 1 handed in nothing, 1 left alone",
    ]
    assert filled.status == 1


def test_a_worksheet_in_another_language_is_filled_as_it_writes_numbers(
    tmp_path: Path,
) -> None:
    results = [*MOODLE_CLASS[:4], moodle("Max Müller", 206, 4.5, FIRST, "lab1")]
    filled = Filled(tmp_path, MOODLE_GERMAN, results)
    expected = MOODLE_GERMAN.replace(',,"6,00"', ',"4,5","6,00"')
    assert filled.content.decode() == expected
    assert filled.lines == [
        "Bewertung takes ex1_01",
        "1 filled, 1 unchanged, 0 handed in nothing, 0 left alone",
    ]
    assert filled.status == 0


SPANISH = (
    "Identificador,Nombre completo,Estado,Grupo,Calif.,Máx.,Se puede cambiar,Fecha\n"
    "Participante 105,Ada Lovelace,Enviado,1,,10.00,Sí,-\n"
    "Participante 106,Max Müller,Enviado,2,,10.00,No,-\n"
)


def test_a_language_that_nobody_has_foreseen_is_told_by_what_stands_in_columns(
    tmp_path: Path,
) -> None:
    filled = Filled(tmp_path, SPANISH, MOODLE_CLASS)
    assert filled.content.decode() == SPANISH.replace("1,,10", "1,9.5,10")
    assert filled.lines[0] == "Calif. takes ex1_02"
    locked = "left alone: the platform lets nobody change this grade"
    assert f"Max Müller_106: {locked}" in filled.lines


def test_blind_participants_are_known_by_their_numbers(tmp_path: Path) -> None:
    sheet = (
        "Identifier,Status,Grade,Maximum grade,Last modified (grade)\n"
        "Participant 105,x,,10.00,-\nParticipant 106,x,,10.00,-\n"
    )
    results = [moodle("Participant", 106, 8), moodle("Participant", 105, 9.5)]
    filled = Filled(tmp_path, sheet, results)
    assert b"105,x,9.5,10.00" in filled.content
    assert b"106,x,8,10.00" in filled.content
    assert filled.status == 0


def test_folders_without_names_fit_a_worksheet_that_has_them(tmp_path: Path) -> None:
    blind = [moodle("Participant", 105, 9.5), moodle("Participant", 106, 8)]
    filled = Filled(tmp_path, MOODLE, blind)
    assert filled.lines[-1].startswith("2 filled, 0 unchanged, 2 handed in nothing")


def test_an_identifier_may_be_called_as_people_are(tmp_path: Path) -> None:
    sheet = MOODLE_GERMAN.replace("ID,", "Teilnehmer/in,")
    filled = Filled(tmp_path, sheet, MOODLE_CLASS)
    assert (
        filled.lines[-1] == "1 filled, 1 unchanged, 0 handed in nothing, 0 left alone"
    )


def test_a_list_of_numbered_people_is_no_worksheet(tmp_path: Path) -> None:
    sheet = "Name,ex1_01,Most\nStudent 1,,10\nStudent 2,,10\n"
    filled = Filled(tmp_path, sheet, [named("Student 2", 5.5, FIRST)])
    assert b"Student 2,5.5,10" in filled.content


def test_what_was_handed_in_for_other_assignments_does_not_count(
    tmp_path: Path,
) -> None:
    names = {"Ada Lovelace": 105, "Grace O'Hopper": 108}
    results = [
        moodle(name, number + more, 4.5, exercise, lab)
        for name, number in names.items()
        for more, exercise, lab in ((0, SECOND, "lab2"), (100, FIRST, "lab1"))
    ]
    filled = Filled(tmp_path, of("100"), results, scale=True)
    assert filled.lines[0] == "Grade takes ex1_02, converted from 10 to 100 points"


@pytest.mark.parametrize(
    ("results", "line"),
    [
        # The notebook that counts was handed in for another assignment: not these points.
        (
            [*MOODLE_CLASS, moodle("Ada Lovelace", 305, 3, SECOND, "lab3")],
            "Ada Lovelace: left alone: what counts was handed in for another assignment",
        ),
        (
            [*MOODLE_CLASS, moodle("Grace O'Hopper", 308, 3, SECOND, "lab3")],
            "Grace O'Hopper: left alone: nobody here has its name and Moodle's number",
        ),
        # The number is somebody else's.
        (
            [*MOODLE_CLASS, moodle("Eve", 108, 10)],
            "Eve: left alone: nobody here has its name and Moodle's number",
        ),
    ],
)
def test_what_belongs_to_another_assignment_is_left_alone(
    tmp_path: Path, results: list[Result], line: str
) -> None:
    filled = Filled(tmp_path, MOODLE, results)
    assert line in filled.lines
    assert filled.status == 1
    assert b'\n"Participant 108","Grace O\'Hopper",' in filled.content
    assert b',"No submission",,' in filled.content


def test_who_sent_a_notebook_otherwise_is_found_by_name_in_moodle(
    tmp_path: Path,
) -> None:
    results = [*MOODLE_CLASS, named("Grace OHopper", 3)]
    assert b'"No submission",3,' in Filled(tmp_path, MOODLE, results).content
    alone = Filled(tmp_path, MOODLE, [named("Grace OHopper", 3)])
    assert b'"No submission",3,' in alone.content


def of(maximum: str) -> str:
    return MOODLE.replace("10.00", maximum)


def test_a_maximum_that_is_another_one_is_refused_or_converted(tmp_path: Path) -> None:
    refused = Filled(tmp_path, of("100.00"), MOODLE_CLASS)
    assert refused.unchanged
    assert refused.status == 2
    assert refused.lines == [
        "not filled: Grade is out of 100, and ex1_02 of 10: let 10 be its maximum "
        "and download the sheet again, or use --scale"
    ]
    scaled = Filled(tmp_path, of("100.00"), MOODLE_CLASS, scale=True)
    assert scaled.lines[0] == "Grade takes ex1_02, converted from 10 to 100 points"
    assert b",95,100.00,Yes" in scaled.content
    thirds = Filled(tmp_path, of("3.00"), MOODLE_CLASS[:1], scale=True)
    assert b",2.85,3.00,Yes" in thirds.content
    assert Filled(
        tmp_path, CANVAS.replace("10.00", "0"), CANVAS_CLASS, scale=True
    ).unchanged


def test_an_assignment_with_several_notebooks_takes_their_sum(tmp_path: Path) -> None:
    all_three = [
        *MOODLE_CLASS[:3],
        moodle("Ada Lovelace", 105, 5.5, FIRST),
        moodle("Ada Lovelace", 105, 4, THIRD),
        moodle("Max Müller", 106, 3, THIRD),
    ]
    filled = Filled(tmp_path, of("20.00"), all_three)
    assert filled.lines[0] == "Grade takes the total"
    assert b",19,20.00,Yes" in filled.content
    assert b",11,20.00,Yes" in filled.content
    # One stray notebook of another exercise changes nothing.
    stray = [*MOODLE_CLASS[:3], moodle("Grace O'Hopper", 108, 1, FIRST)]
    assert Filled(tmp_path, MOODLE, stray).lines[0] == "Grade takes ex1_02"
    asked = Filled(tmp_path, of("4"), all_three, columns=["grade=ex1_03"])
    assert asked.lines[0] == "Grade takes ex1_03"


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        (
            MOODLE.replace("10.00", '"good\nbad"').replace("Maximum Grade", "Scale"),
            "it has no maximum grade: let the assignment use points",
        ),
        (
            MOODLE.replace("Participant 1", "Participant 9"),
            "none of its participants has handed in one of these notebooks, "
            "so it is the worksheet of another assignment",
        ),
        ("", "it is empty"),
        ("\n\n ,\n", "it is empty"),
        (
            "a,b\n1,2\n",
            "no column of it says who is who (a, b); "
            "expected a header such as name, email, login or student number",
        ),
        ("name,x\nAda,\n\"Max,\n", "a quote in line 3 is broken"),
        (b"PK\3\4", "an Excel workbook came; save it as CSV"),
        (
            "name,mail\nAda Lovelace,x\n",
            "no column is named after ex1_01, ex1_02: add a column ex1_01",
        ),
        (
            "name,lab ex1_02,your ex1_02\n",
            "several columns are named after ex1_02 "
            '(lab ex1_02, your ex1_02); name the one to fill: --column "lab ex1_02=ex1_02"',
        ),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_filled_says_why(
    tmp_path: Path, sheet: str | bytes, reason: str
) -> None:
    filled = Filled(tmp_path, sheet, MOODLE_CLASS)
    assert filled.lines == [f"not filled: {reason}"]
    assert filled.unchanged
    assert filled.status == 2


def test_canvas_gradebook_takes_points_in_the_column_of_the_exercise(
    tmp_path: Path,
) -> None:
    filled = Filled(tmp_path, CANVAS, CANVAS_CLASS)
    expected = CANVAS.replace(",,87.50,,", ",9.5,87.50,,").replace("7.50,N/A", "9,N/A")
    assert filled.content.decode() == expected
    assert filled.lines == [
        "ex1_02 NumPy gradient (881) takes ex1_02",
        "hoppergrace_4022: left alone: 'EX' stands in the cell",
        "müllermax_4023: 9 was 7.5",
        "2 filled, 0 unchanged, 1 handed in nothing, 1 left alone",
    ]


def test_canvas_with_decimal_commas(tmp_path: Path) -> None:
    sheet = CANVAS_SEMICOLON.encode("utf-8-sig")
    results = [*CANVAS_CLASS[:2], canvas("hoppergrace", 4022, 8.5)]
    filled = Filled(tmp_path, sheet, results)
    expected = CANVAS_SEMICOLON.replace("22;ghopper;IN1;", "22;ghopper;IN1;8,5")
    expected = expected.replace("mmueller;IN1;", "mmueller;IN1;9")
    assert filled.content == expected.encode("utf-8-sig")
    assert (
        filled.lines[-1] == "2 filled, 1 unchanged, 0 handed in nothing, 0 left alone"
    )


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (["Exercise 1 in all=total"], "Exercise 1 in all (883) takes the total"),
        (["Exercise 1 in all (883)=total"], "Exercise 1 in all (883) takes the total"),
        (["EX1_02 numpy  gradient"], "ex1_02 NumPy gradient (881) takes ex1_02"),
        (["Essay=ex1_02"], "not filled: Essay (882) is out of 100, and ex1_02 of 10: let 10 "
         "be its maximum and download the sheet again, or use --scale"),
        (["Essay"], "not filled: Essay does not say what it takes: use "
         '--column "Essay=ex1_01" or --column "Essay=ex1_02" or --column "Essay=ex1_03" '
         'or --column "Essay=total"'),
        (["Exercise 1 in all"], "not filled: Exercise 1 in all does not say what it takes: "
         'use --column "Exercise 1 in all=total"'),
        (["Essay=ex1_02", "Essay=ex1_03"], "not filled: Essay (882) is named twice"),
        # It is in another sheet.
        (["Lab=total"], "ex1_02 NumPy gradient (881) takes ex1_02"),
    ],
)  # fmt: skip
def test_a_column_can_be_named(tmp_path: Path, columns: list[str], line: str) -> None:
    filled = Filled(tmp_path, CANVAS, CANVAS_CLASS, columns=columns)
    assert filled.lines[0] == line


def test_any_sheet_takes_points_in_columns_named_after_exercises(
    tmp_path: Path,
) -> None:
    filled = Filled(tmp_path, PLAIN.encode("cp1252"), CANVAS_CLASS)
    expected = PLAIN.replace("Grace;1;", "Grace;1;8").replace("Max;2;", "Max;2;9")
    assert filled.content == expected.encode("cp1252")
    sheet = "Name,ex1_01 Pen and paper,EX1-02,Max. points,Total\nLovelace Ada,,,20,\n"
    results = [named("Ada Lovelace", 9.5), named("Ada Lovelace", 5.5, FIRST)]
    filled = Filled(tmp_path, sheet, results)
    assert filled.content.splitlines()[1] == b"Lovelace Ada,5.5,9.5,20,15"
    missing = Filled(tmp_path, "name,ex1_02\nAda Lovelace,\n", results)
    assert missing.content.splitlines()[1] == b"Ada Lovelace,9.5"
    assert missing.lines[1] == "no column is named after ex1_01: add a column ex1_01"
    assert missing.status == 1


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("E-Mail,ex1_02", "ada@example.org,"),
        ("First name,Surname,ex1_02", "Ada,Lovelace,"),
        ("Nachname;Vorname;ex1_02", "Lovelace;Ada;"),
        ("Student ID\tex1_02", "ada@example.org\t"),
        ("OrgDefinedId,Username,ex1_02 Points Grade <Numeric MaxPoints:10 Weight:5>,End",
         "#7,#ada@example.org,,#"),
        ('"Username","ex1_02 [Total Pts: 10 Score] |664"', '"ada@example.org",""'),
        ("Name,SID,ex1_02,ex1_02 - Max Points,ex1_02 - Submission Time", "Ada Lovelace,1,,10,"),
    ],
)  # fmt: skip
def test_the_headers_of_other_platforms_are_known(
    tmp_path: Path, header: str, row: str
) -> None:
    result = named("Ada Lovelace" if "ada@" not in row else "ada@example.org", 9.5)
    filled = Filled(tmp_path, f"{header}\n{row}\n", [result])
    assert (
        filled.lines[-1] == "1 filled, 0 unchanged, 0 handed in nothing, 0 left alone"
    )
    assert filled.content.count(b"9.5") == 1


def test_what_could_not_be_marked_leaves_its_cell(tmp_path: Path) -> None:
    sheet = "name,ex1_01,ex1_02,total\nAda,4,3,2\nBob,,,\n"
    results = [unreadable(f"class/Ada/{SECOND.name}.ipynb"), named("Ada", 5.5, FIRST)]
    filled = Filled(tmp_path, sheet, results)
    assert filled.content == sheet.replace("Ada,4", "Ada,5.5").encode()
    assert filled.lines[3:] == [
        "Ada: ex1_01: 5.5 was 4",
        "Ada: ex1_02: a notebook could not be marked, so the cell stays as it is",
        "Ada: the total: a notebook could not be marked, so the cell stays as it is",
        "1 filled, 0 unchanged, 1 handed in nothing, 0 left alone, 2 not marked",
    ]


def test_who_is_not_certain_is_left_alone_in_both_directions(tmp_path: Path) -> None:
    sheet = "name,ex1_02\nMax Müller,\nMax Mueller,\nAda,\nEve,1\n"
    came = [named(name, 9) for name in ("Müller Max", "Ada", "ADA", "Bob")]
    filled = Filled(tmp_path, sheet, came)
    assert filled.unchanged
    assert filled.lines[1:] == [
        "ADA: left alone: row 4 could be somebody else's as well",
        "Ada: left alone: row 4 could be somebody else's as well",
        "Bob: left alone: no row has this name or number",
        "Müller Max: left alone: rows 2, 3 could all be theirs",
        "0 filled, 0 unchanged, 1 handed in nothing, 4 left alone",
    ]


def brightspace(name: str, points: float, exercise: Exercise = SECOND) -> Result:
    folder = f"70620-640693 - {name} - Nov 24, 2026 1000 AM"
    return marked(f"class/{folder}/x.ipynb", points, exercise)


def test_namesakes_on_two_platforms_never_get_each_others_points(
    tmp_path: Path,
) -> None:
    other = (
        f"Username,Last Name,First Name,{ITEM},End-of-Line Indicator\n"
        "ada7,Lovelace,Ada,,#\nghop,Hopper,Grace,,#\n"
    ).replace(":20>", ":10>")
    options = {"columns": ["Gradients by hand=ex1_02"]}
    moodles = moodle("Ada Lovelace", 105, 9.5)
    both = [moodles, brightspace("Ada Lovelace", 4)]
    filled = Filled(tmp_path, MOODLE, both)
    assert b'grading",9.5,10.00,Yes' in filled.content
    told = (
        "Ada Lovelace (brightspace): left alone: row 2 could be somebody else's as well"
    )
    assert told in filled.lines
    filled = Filled(tmp_path, other, both, **options)
    assert b"Lovelace,Ada,4,#" in filled.content
    told = "Ada Lovelace (moodle): left alone: row 2 could be somebody else's as well"
    assert told in filled.lines
    # The one of this platform has handed in nothing.
    one = [moodles, brightspace("Grace Hopper", 4)]
    filled = Filled(tmp_path, other, one, **options)
    assert b"Lovelace,Ada,,#" in filled.content
    assert told.replace(" (moodle)", "") in filled.lines
    # A third platform's: nobody knows whose row it is.
    filled = Filled(tmp_path, CANVAS, both)
    assert filled.unchanged
    assert filled.lines[-1].endswith("2 left alone")
    # Nobody has handed in there: it is where all points go.
    filled = Filled(tmp_path, other, [moodles], **options)
    assert b"Lovelace,Ada,9.5,#" in filled.content


def test_an_uncertain_row_is_told_though_another_sheet_has_a_certain_one(
    tmp_path: Path,
) -> None:
    sheet = "name,login,ex1_02\nAnn Lee,alee1,\nAnn Lee,alee2,\n"
    others = [[person("Ann Lee")]]
    filled = Filled(tmp_path, sheet, [named("Ann Lee", 9)], others=others)
    assert "Ann Lee: left alone: rows 2, 3 could all be theirs" in filled.lines
    assert filled.status == 1


@pytest.mark.parametrize("nothing", ["N/A", "#N/A", "-", "0", "None", "", "unknown"])
def test_what_stands_for_no_identity_is_nobodys(tmp_path: Path, nothing: str) -> None:
    results = [canvas("hopperchloé", 4021, 9.5)]
    sheet = CANVAS.replace("Lovelace, Ada", "Hopper, Chloé")
    sheet = sheet.replace("alovelace", nothing).replace("20260003", nothing)
    other = f"Username,Name,ex1_02\n{nothing},Łukasz Nguyễn,\n"
    (tmp_path / "canvas.csv").write_text(sheet, encoding="utf-8")
    (tmp_path / "other.csv").write_text(other, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("canvas.csv", "other.csv")]
    classroom = in_class(standings(results), class_lists(None, files))
    assert gradebook.fill(Path(files[0]), classroom).lines[-1].count("1 filled")
    told = gradebook.fill(Path(files[1]), classroom)
    assert Path(files[1]).read_text(encoding="utf-8") == other
    assert told.lines[-1].endswith("1 handed in nothing, 1 left alone")


@pytest.mark.parametrize("same", ["N/A", "-", "group@example.org"])
def test_an_identity_that_several_rows_have_is_nobodys(
    tmp_path: Path, same: str
) -> None:
    sheet = MOODLE
    for address in ("ada", "max", "max2", "grace"):
        sheet = sheet.replace(f"{address}@example.org", same)
    filled = Filled(tmp_path, sheet, MOODLE_CLASS)
    assert filled.lines[-1].startswith("2 filled")
    (tmp_path / "moodle.csv").write_text(sheet, encoding="utf-8")
    lists = class_lists(None, [str(tmp_path / "moodle.csv")])
    classroom = in_class(standings(MOODLE_CLASS), lists)
    told = gradebook.fill(tmp_path / "moodle.csv", classroom)
    assert told.lines[-1].endswith(
        "2 filled, 0 unchanged, 1 handed in nothing, 1 left alone"
    )


def test_a_number_in_a_name_takes_nobodys_row(tmp_path: Path) -> None:
    sheet = "name,student number,ex1_02\nMallory,5555555,\nCarl,12345678,\n"
    results = [moodle("12345678 - Mallory", 109, 0), moodle("Carl", 110, 9)]
    filled = Filled(tmp_path, sheet, results)
    assert filled.content.decode() == sheet.replace("12345678,", "12345678,9")
    assert filled.lines[1:] == [
        "Mallory: left alone: row 3 could be somebody else's as well",
        "1 filled, 0 unchanged, 1 handed in nothing, 1 left alone",
    ]


@pytest.mark.parametrize("row", ["Ada", "Ada,1,,2", "Ada,", '"Ada"'])
def test_a_row_of_another_length_is_left_alone(tmp_path: Path, row: str) -> None:
    filled = Filled(tmp_path, f"name,x,ex1_02\n{row}\n", [named("Ada", 9)])
    assert filled.unchanged
    assert "left alone: row 2 has" in filled.lines[1]


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "Needs Grading", "Needs Grading(4)", "3"]
)
def test_a_cell_that_waits_for_points_is_filled(tmp_path: Path, cell: str) -> None:
    filled = Filled(tmp_path, f"name,ex1_02,x\nAda,{cell},y", [named("Ada", 9)])
    assert filled.content == b"name,ex1_02,x\nAda,9,y"


def test_what_is_told_cannot_move_the_cursor(tmp_path: Path) -> None:
    filled = Filled(tmp_path, "name,ex1_02\nAda,\n", [named("\x1b[2J\u202eeve\n", 9)])
    assert filled.lines[1].startswith("�[2J�eve�: left alone")
    filled = Filled(tmp_path, "name,ex1_02\nAda,\n", [named("e" * 200, 9)])
    assert filled.lines[1].startswith("e" * 79 + "…: left alone")


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_filling_twice_changes_nothing_more(tmp_path: Path, sheet: bytes) -> None:
    results = [*MOODLE_CLASS, *CANVAS_CLASS]
    once = Filled(tmp_path, sheet, results)
    twice = Filled(tmp_path, once.content, results)
    assert twice.unchanged
    assert " 0 filled" in f" {twice.lines[-1]}"


def test_a_sheet_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    sheet, link = tmp_path / "sheet.csv", tmp_path / "link.csv"
    sheet.write_text("name,ex1_02\nAda,\n")
    sheet.chmod(0o640)
    link.symlink_to(sheet)
    assert gradebook.fill(link, standings([named("Ada", 9)])).status == 0
    assert link.is_symlink()
    assert sheet.read_text() == "name,ex1_02\nAda,9\n"
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o640
    assert {*tmp_path.iterdir()} == {sheet, link}


def test_a_full_disk_leaves_the_old_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    filled = Filled(tmp_path, "name,ex1_02\nAda,\n", [named("Ada", 9)])
    assert filled.unchanged
    assert filled.status == 2
    assert filled.lines == ["not filled: [Errno 28] No space left on device"]
    assert list(tmp_path.iterdir()) == [tmp_path / "sheet.csv"]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "no file came"), (tmp_path / "x", "No such file")):
        told = gradebook.fill(path, standings([named("Ada", 9)]))
        assert told.status == 2
        assert reason in told.lines[0]


@given(st.integers(0, 2**63))
@settings(max_examples=300, deadline=None)
def test_no_sheet_is_so_wrong_that_anything_else_changes(seed: int) -> None:
    malformed_sheets.run(seed)


def test_a_sheet_of_ten_thousand_rows_is_filled(tmp_path: Path) -> None:
    head, *_ = CANVAS.splitlines()
    rows = [f'"Learner, Nr {n}",{n},S{n},l{n},IN,,,1.5,,0,0' for n in range(1, 10_001)]
    results = [canvas("xlearnernr", n, 1 + n % 9) for n in range(40, 10_001, 40)]
    filled = Filled(tmp_path, "\n".join([head, *rows]), results)
    assert filled.lines[-1].startswith(
        "250 filled, 0 unchanged, 9750 handed in nothing"
    )


# Before anything is marked.


GRADES = (
    "Student,ID,Section,Paper (71),NumPy (72),Torch (73),Gradients by hand (77)\n"
    "Points Possible,,,6,10,4,20\nLovelace, Ada,4021,B,,,,\n"
)
TWICE = "Student,ID,Section,Lab (1),Lab (2)\nPoints Possible,,,6,10\nLovelace, Ada,4021,B,,\n"
ITEM = "Gradients by hand Points Grade <Numeric MaxPoints:20>"
WHOLE = f"Username,{ITEM},End-of-Line Indicator\n#ada,,#\n"
CANVAS_OF_NONE = "Student,ID,Section,Essay (7)\nPoints Possible,,,100\nAda,4021,B,\n"
DEFAULT = MOODLE.replace("10.00", "100.00")


@pytest.mark.parametrize(
    ("sheets", "columns", "lines"),
    [
        ([MOODLE], [], []),
        ([MOODLE, GRADES, WHOLE], ["Gradients by hand=total"], []),
        ([GRADES], ["Paper=ex1_01", "NumPy=ex1_02", "Torch=ex1_03"], []),
        ([MOODLE], ["Grade=ex1_2"], [
            "--column Grade=ex1_2: ex1_2 came, expected one of ex1_01, ex1_02, ex1_03, total"
        ]),
        ([MOODLE], ["Nonsense"], [
            "--column Nonsense: no column is called Nonsense; there are Grade, out of 10"
        ]),
        ([MOODLE], ["Gradients=totl"], [
            "--column Gradients=totl: no column is called Gradients=totl; "
            "there are Grade, out of 10"
        ]),
        ([GRADES], ["Paper=ex1_01", "Numpie=ex1_02", "Torch=ex1_3"], [
            "--column Numpie=ex1_02: no column is called Numpie; there are Paper (71), out of 6; "
            "NumPy (72), out of 10; Torch (73), out of 4; Gradients by hand (77), out of 20",
            "--column Torch=ex1_3: ex1_3 came, expected one of ex1_01, ex1_02, ex1_03, total",
        ]),
        ([TWICE], ["Lab=total"], [
            "0.csv: 2 columns are called Lab (Lab (1), Lab (2))"
        ]),
        ([TWICE], [], [
            "0.csv: no column is named after ex1_01, ex1_02, ex1_03; there are Lab (1), out of 6; "
            'Lab (2), out of 10: use --column "Lab (1)=ex1_01" --column "Lab (2)=ex1_02"'
        ]),
        ([WHOLE], [], [
            f"0.csv: no column is named after ex1_01, ex1_02, ex1_03; there are {ITEM}, "
            'out of 20: use --column "Gradients by hand=total"'
        ]),
        ([WHOLE.replace(f"{ITEM},", "")], [], [
            "0.csv: no column is named after ex1_01, ex1_02, ex1_03: make one there and "
            "download the sheet again"
        ]),
        ([CANVAS_OF_NONE], [], [
            "0.csv: no column is named after ex1_01, ex1_02, ex1_03; there are Essay (7), "
            "out of 100: use --column NAME=ex1_01"
        ]),
        ([CANVAS_OF_NONE], ["Essay=total"], [
            "0.csv: Essay (7) is out of 100, and the total of 20: let 20 be its maximum and "
            "download the sheet again, or use --scale"
        ]),
        ([DEFAULT], [], [
            "0.csv: Grade is out of 100, and no exercise is: let the points of what is handed "
            "in be its maximum and download the sheet again, or use --scale"
        ]),
        (["name,Lab\nAda,\n"], [], [
            "0.csv: no column is named after ex1_01, ex1_02, ex1_03; there are Lab: use "
            "--column NAME=ex1_01, or add a column ex1_01"
        ]),
        # Only the exercises that are handed in need a column, and nobody knows which.
        (["name,ex1_01\nAda,\n"], [], []),
        (["a,b\n1,2\n", '"'], [], [
            "0.csv: no column of it says who is who (a, b); expected a header such as name, "
            "email, login or student number",
            "1.csv: a quote in line 1 is broken",
        ]),
        ([], ["Lab=total"], [
            "--column Lab=total: no column is called Lab; name its sheet with --gradebook"
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_sheets_and_columns_is_told_before_anything_is_marked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sheets: list[str],
    columns: list[str],
    lines: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    files = [f"{number}.csv" for number in range(len(sheets))]
    for file, text in zip(files, sheets, strict=True):
        Path(file).write_text(text, encoding="utf-8")
    assert gradebook.check(files, columns) == lines


def test_a_maximum_that_is_to_be_converted_is_none_to_tell(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text(DEFAULT, encoding="utf-8")
    assert gradebook.check([str(file)], [], scale=True) == []


def test_a_sheet_that_is_not_there_is_told_by_its_own_name(tmp_path: Path) -> None:
    file = str(tmp_path / "absent.csv")
    assert gradebook.check([file], []) == [f"{file}: No such file or directory"]


def test_what_is_to_be_typed_is_one_word_of_a_command_line(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    header = '"$(x) `y` ""z"" Points Grade <Numeric MaxPoints:20>"'
    file.write_text(f"Username,{header},End-of-Line Indicator\n#ada,,#\n")
    (line,) = gradebook.check([str(file)], [])
    words = shlex.split(line.rpartition("use ")[2])
    assert words == ["--column", '$(x) `y` "z"=total']
    assert gradebook.check([str(file)], words[1:]) == []


# The command.


@pytest.fixture
def course(tmp_path: Path) -> Path:
    right, wrong = right_answers(), right_answers(a="a = [9.0, 9.0]")
    for name, answers in (("Ada Lovelace", right), ("Max", wrong), ("Eve", right)):
        save(tmp_path / "class" / name / "x.ipynb", answering(answers))
    return tmp_path


def marking(course: Path, *words: str) -> int:
    output = (
        "--output",
        str(course / "report.csv"),
        "--format",
        "csv",
        "--by",
        "learner",
    )
    return main(["mark", str(course / "class"), *output, *words])


def test_the_command_fills_each_sheet_and_loses_nothing_for_one_that_is_broken(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # It was whole when it was checked, before anything was marked.
    monkeypatch.setattr(gradebook, "check", lambda *_, **__: [])
    good, bad = course / "good.csv", course / "bad.csv"
    good.write_text("name,ex1_01\nLovelace Ada,\nMax,2.5\nZoë,\n", encoding="utf-8")
    bad.write_text("a,b\n1,2\n")
    status = marking(course, "--gradebook", str(bad), "--gradebook", str(good))
    assert status == 2
    assert good.read_text(encoding="utf-8").splitlines()[1] == "Lovelace Ada,6"
    assert bad.read_text() == "a,b\n1,2\n"
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(f"{bad}: not filled: no column of it says who is who")
    assert told[-1].startswith(f"{good}: ")
    assert "Eve: left alone: no row has this name" in "".join(told)
    report = (course / "report.csv").read_text(encoding="utf-8")
    assert [row.split(",")[:2] for row in report.splitlines()[1:]] == [
        ["Ada Lovelace", "6"],
        ["Eve", "6"],
        ["Max", ANY],
        ["Zoë", ""],
    ]


def test_points_that_were_left_out_are_status_1(course: Path) -> None:
    sheet = course / "sheet.csv"
    sheet.write_text("name,Lab,max\nAda Lovelace,,\nMax,,\n")
    options = ("--gradebook", str(sheet), "--column", "Lab=ex1_01")
    assert marking(course, *options) == 1  # Eve
    sheet.write_text(sheet.read_text() + "Eve,,\n")
    assert marking(course, *options) == 0


def test_a_class_list_that_cannot_be_read_is_wrong_usage(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = course / "names.csv"
    assert marking(course, "--class-list", str(names)) == 2
    names.write_text("a,b\n1,2\n")
    assert marking(course, "--class-list", str(names)) == 2
    assert "none is called name" in capsys.readouterr().err
    names.write_text("Ada Lovelace\nZoe\n")
    assert marking(course, "--class-list", str(names)) == 0
    report = (course / "report.csv").read_text()
    assert "\nZoe,,,,0,20,\n" in report
    assert "Eve,6,,,6,20,not in the class list\n" in report


def test_the_table_of_notebooks_shows_who_has_handed_in_nothing(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "names.csv").write_text("Ada Lovelace\nMax\nEve\n")
    words = ["mark", str(course / "class"), "--class-list", str(course / "names.csv")]
    assert main(words) == 0
    assert "learner  " not in capsys.readouterr().out
    (course / "names.csv").write_text("Ada Lovelace\nMax\nEve\nZoe\n")
    assert main(words) == 0
    assert "Zoe                -       -       -      0\n" in capsys.readouterr().out
