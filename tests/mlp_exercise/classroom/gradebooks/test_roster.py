"""Who has handed in nothing has a row, and who is in no list is told."""

from collections.abc import Sequence
from pathlib import Path

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.collecting.learners import Learner
from mlp_exercise.classroom.for_instructors.attention import groups
from mlp_exercise.classroom.gradebooks.roster import class_lists, in_class
from mlp_exercise.classroom.standing import Standing, standings
from mlp_exercise.handout.class_list import folder_of
from tests.mlp_exercise.classroom.gradebooks.sheets import CANVAS, MOODLE
from tests.mlp_exercise.classroom.gradebooks.test_gradebook import (
    MOODLE_CLASS,
    brightspace,
    canvas,
    moodle,
    named,
)
from tests.mlp_exercise.classroom.test_tables import FIRST, SECOND, THIRD, marked


def class_of(
    tmp_path: Path, text: str, results: Sequence[Result]
) -> dict[str, Standing]:
    file = tmp_path / "class.csv"
    file.write_text(text, encoding="utf-8")
    found = in_class(standings(results), class_lists(str(file), []))
    return {one.name: one for one in found}


def test_who_has_handed_in_nothing_has_a_row_and_who_is_not_listed_is_told(
    tmp_path: Path,
) -> None:
    results = [named("lovelace ada", 9), named("Bob", 8), named("Max Müller", 7)]
    text = "name\nAda Lovelace\nZoë\nMax Mueller\nMax Müller\n"
    found = class_of(tmp_path, text, results)
    assert {name: one.remarks for name, one in found.items()} == {
        "Ada Lovelace": (),
        "Bob": ("not in the class list",),
        "Max Müller": ("not certain who this is in the class list",),
        "Zoë": (),
    }
    assert found["Zoë"].results == ()
    assert found["Zoë"].points == dict.fromkeys(found["Zoë"].points)


def test_namesakes_of_a_list_have_rows_of_their_own(tmp_path: Path) -> None:
    found = class_of(tmp_path, "name\nMax\nMax\nAda\n", [named("Ada", 9)])
    assert list(found) == ["Ada", "Max", "Max (2)"]


def test_a_list_tells_that_two_platforms_have_the_same_learner(tmp_path: Path) -> None:
    results = [
        *(moodle("Ada Lovelace", 105, 9.5), canvas("lovelaceada", 4021, 4.0, THIRD)),
        # Two of one platform are two, and so are two with other numbers.
        *(moodle("Max Müller", 106, 8.0), moodle("Max Müller", 107, 7.0)),
        canvas("müllermax", 4023, 3.0, THIRD),
    ]
    found = class_of(tmp_path, 'name\n"Lovelace, Ada"\nMax Müller\n', results)
    assert found["Lovelace, Ada"].total == 13.5
    assert {name: one.remarks for name, one in found.items()} == {
        "Lovelace, Ada": (),
        **dict.fromkeys(
            ("Max Müller_106", "Max Müller_107", "müllermax_4023"),
            ("not certain who this is in the class list",),
        ),
    }
    # A gradebook may be that of a group: somebody else may have the name.
    (tmp_path / "canvas").write_text(CANVAS, encoding="utf-8")
    lists = class_lists(None, [str(tmp_path / "canvas")])
    apart = {one.name for one in in_class(standings(results), lists)}
    assert apart > {"Ada Lovelace", "Lovelace, Ada"}


def test_namesakes_on_two_platforms_are_one_if_a_list_has_the_name_once(
    tmp_path: Path,
) -> None:
    results = [moodle("Ada Lovelace", 105, 9.5), brightspace("Ada Lovelace", 4, THIRD)]
    found = class_of(tmp_path, "name\nAda Lovelace\n", results)
    assert {name: one.total for name, one in found.items()} == {"Ada Lovelace": 13.5}
    found = class_of(tmp_path, "name\nAda Lovelace\nAda Lovelace\n", results)
    assert {name: one.total for name, one in found.items()} == {
        "Ada Lovelace (brightspace)": 4,
        "Ada Lovelace (moodle)": 9.5,
    }


def test_a_learner_gets_the_name_that_a_list_has_and_is_known_by_the_old_one_too(
    tmp_path: Path,
) -> None:
    found = class_of(tmp_path, "name\nAnn Lee\n", [named("ann lee", 9)])
    assert [*found] == ["Ann Lee"]
    (tmp_path / "canvas").write_text(CANVAS, encoding="utf-8")
    lists = class_lists(None, [str(tmp_path / "canvas")])
    results = [canvas("hoppergrace", 4022, 8), canvas("müllermax", 4023, 3)]
    one, two = (one for one in in_class(standings(results), lists) if one.results)
    assert (one.name, two.name) == ("Hopper, Grace", "Müller, Max")
    assert "hoppergrace" in one.known_as().names
    # Of namesakes, the platform's number tells more; and nobody takes another's name.
    twice = CANVAS.replace("Müller, Max", "Hopper, Grace")
    (tmp_path / "canvas").write_text(twice, encoding="utf-8")
    lists = class_lists(None, [str(tmp_path / "canvas")])
    names = [one.name for one in in_class(standings(results), lists) if one.results]
    assert names == ["hoppergrace_4022", "müllermax_4023"]
    both = [canvas("hoppergrace", 4022, 8), named("Hopper, Grace", 3)]
    (tmp_path / "canvas").write_text(CANVAS, encoding="utf-8")
    lists = class_lists(None, [str(tmp_path / "canvas")])
    names = [one.name for one in in_class(standings(both), lists) if one.results]
    assert names == ["Hopper, Grace", "hoppergrace_4022"]


def test_the_folder_of_a_handed_out_notebook_is_its_learners(tmp_path: Path) -> None:
    name = "Dr. " + "Anna " * 10 + "Lee"
    found = class_of(tmp_path, f"name\n{name}\n", [named(folder_of(name), 9)])
    assert [one.remarks for one in found.values()] == [()]


def test_gradebooks_are_class_lists_too(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("moodle", "canvas", "broken", "absent")]
    for file, text in zip(files, (MOODLE, CANVAS, '"'), strict=False):
        file.write_text(text, encoding="utf-8")
    lists = class_lists(None, [str(file) for file in files])
    found = [one.name for one in in_class(standings(MOODLE_CLASS[:1]), lists)]
    assert found == [
        *("=Evil, Name", "Ada Lovelace", "Grace O'Hopper", "Hopper, Grace"),
        *("Max Müller", "Max Müller (2)"),
    ]


def test_a_worksheet_of_another_assignment_has_nobody_twice(tmp_path: Path) -> None:
    (tmp_path / "lab2").write_text(MOODLE, encoding="utf-8")
    lists = class_lists(None, [str(tmp_path / "lab2")])
    results = [moodle("Ada Lovelace", 205, 5.5, FIRST, "lab1")]
    found = [one.name for one in in_class(standings(results), lists)]
    assert found.count("Ada Lovelace") == 1
    assert len(found) == 4


def test_a_gradebook_tells_by_numbers_and_logins_what_names_do_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "canvas").write_text(CANVAS, encoding="utf-8")
    (tmp_path / "names").write_text("name\nAda Lovelace\nMax Müller\n")
    login = Learner("alovelace", platform="nbgrader", ids={"login": "alovelace"})
    results = [
        canvas("lovelaceada", 4021, 9.5),
        marked("class/alovelace/ps1/x.ipynb", 4.0, THIRD)._replace(learner=login),
        moodle("Ada Lovelace", 205, 5.5, FIRST, "lab1"),
    ]
    sheet = [str(tmp_path / "canvas")]
    by_id = in_class(standings(results), class_lists(None, sheet))
    assert {one.name: one.total for one in by_id if one.results} == {
        "Lovelace, Ada": 13.5,
        "Ada Lovelace": 5.5,
    }
    lists = class_lists(str(tmp_path / "names"), sheet)
    listed = in_class(standings(results), lists)
    assert [(one.name, one.total) for one in listed] == [
        ("Ada Lovelace", 19.0),
        ("Max Müller", 0.0),
    ]


def test_numbers_that_were_given_to_somebody_else_are_told(tmp_path: Path) -> None:
    text = "name,seed,file\nAda,3,\nBen,5,\nCid,7,\nDora,,\nEve,9,\n"
    results = [
        marked(f"class/{name}/x.ipynb", variant=seed)
        for name, seed in (("Ada", 3), ("Ben", 3), ("Cid", None), ("Dora", 4))
    ]
    results.append(marked("class/Eve/y.ipynb", 9, SECOND))  # has no numbers of its own
    found = class_of(tmp_path, text, results)
    assert {name: one.remarks for name, one in found.items()} == {
        "Ada": (),
        "Ben": ("ex1_01: numbers of seed 3 came, those of seed 5 were given out",),
        "Cid": ("ex1_01: the original numbers came, those of seed 7 were given out",),
        "Dora": (),
        "Eve": (),
    }
    (group,) = groups(list(found.values()))
    assert [look.learner for look in group.looks] == ["Ben", "Cid"]
