"""Where feedback goes: as the platform takes it back, and never where another's goes."""

import unicodedata
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.files import FEEDBACK_NOTE
from mlp_exercise.classroom.for_learners.returned import Delivery, deliveries
from mlp_exercise.classroom.standing import Standing, standings
from mlp_exercise.handout.class_list import folder_of
from mlp_exercise.submission.mark import EXERCISES

FIRST, SECOND = EXERCISES[0].name, EXERCISES[1].name


def came(file: str, exercise: str = FIRST) -> Result:
    return Result(file, "marked", exercise=exercise, path="class")


def returned(*files: str) -> list[Delivery]:
    return list(deliveries(standings([came(file) for file in files])))


@pytest.mark.parametrize(
    ("file", "page", "notebook"),
    [
        (
            "class/Lab 1/Ada Lovelace_105_assignsubmission_file/x.ipynb",
            "Lab 1/Ada Lovelace_105_assignsubmission_file/feedback.html",
            f"Lab 1/Ada Lovelace_105_assignsubmission_file/{FIRST}_feedback.ipynb",
        ),
        (  # before Moodle 4.1, in an archive, below a folder of the learner's own
            "class/Lab 1.zip/Ada Lovelace_105_assignsubmission_file_/src/x.ipynb",
            "Lab 1/Ada Lovelace_105_assignsubmission_file_/feedback.html",
            f"Lab 1/Ada Lovelace_105_assignsubmission_file_/{FIRST}_feedback.ipynb",
        ),
        (
            "class/Lab 1/Participant_105_assignsubmission_file_x_1.ipynb",
            "Lab 1/Participant_105_assignsubmission_file_feedback.html",
            f"Lab 1/Participant_105_assignsubmission_file_{FIRST}_feedback.ipynb",
        ),
        (
            "class/Lab 1/Ada Lovelace_105_assignsubmission_onlinetext/onlinetext.html",
            "Lab 1/Ada Lovelace_105_assignsubmission_file/feedback.html",
            f"Lab 1/Ada Lovelace_105_assignsubmission_file/{FIRST}_feedback.ipynb",
        ),
        (
            "class/lab1.zip/lovelaceada_LATE_4021_99812_lab1-1.ipynb",
            "lab1-pages/Ada/feedback.html",
            "lab1/lovelaceada_LATE_4021_99812_lab1-1.ipynb",
        ),
        (
            "class/Lab 1/Lovelace_Ada_alove_123/x.ipynb",
            "multi_feedback_Lab_1/Lovelace_Ada_alove_123/feedback.html",
            f"multi_feedback_Lab_1/Lovelace_Ada_alove_123/{FIRST}_feedback.ipynb",
        ),
        (
            "class/submitted/bitdiddle/ps1/problem1.ipynb",
            "feedback/bitdiddle/ps1/problem1.html",
            f"feedback/bitdiddle/ps1/problem1_{FIRST}_feedback.ipynb",
        ),
        ("class/ada/src/x.ipynb", "Ada/feedback.html", f"Ada/{FIRST}_feedback.ipynb"),
    ],
)
def test_each_platform_has_a_tree_of_its_own(
    file: str, page: str, notebook: str
) -> None:
    (delivery,) = deliveries([Standing("Ada", {}, (came(file),))])
    (result,) = delivery.results
    assert delivery.page == PurePath(page)
    assert delivery.notebook(result) == PurePath(notebook)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Ada_105_assignsubmission_file_my_x_1.ipynb", "my_x_1.ipynb"),
        ("Ada_105_assignsubmission_file/my_x_1.ipynb", "my_x_1.ipynb"),
        ("lovelaceada_LATE_4021_99812_lab1_2_x.ipynb", "lab1_2_x.ipynb"),
        ("submitted/bitdiddle/ps1/problem1.ipynb", "problem1.ipynb"),
    ],
)
def test_a_learner_knows_a_file_by_its_own_name(file: str, name: str) -> None:
    (delivery,) = returned(f"class/{file}")
    (result,) = delivery.results
    assert delivery.own_name(result) == name


def test_a_page_belongs_to_one_assignment_where_the_platform_has_them() -> None:
    one, two = returned(
        "class/Lab 1/Ada_105_assignsubmission_file/x.ipynb",
        "class/Lab 2/Ada_305_assignsubmission_file/x.ipynb",
    )
    assert [one.page.parts[0], two.page.parts[0]] == ["Lab 1", "Lab 2"]
    assert [len(one.results), len(two.results)] == [1, 1]
    (both,) = returned("class/ada/x.ipynb", "class/ada/y.ipynb")
    assert len(both.results) == 2


def test_assignments_of_one_name_are_kept_apart() -> None:
    pages = {
        delivery.page
        for delivery in returned(
            "class/a/Lab/Ada_105_assignsubmission_file/x.ipynb",
            "class/b/lab/Ada_105_assignsubmission_file/x.ipynb",
        )
    }
    assert {page.parts[0] for page in pages} == {"Lab", "lab-2"}


def test_the_folder_of_files_is_taken_where_there_is_a_text_too() -> None:
    (delivery,) = returned(
        "class/Lab/Ada_105_assignsubmission_onlinetext_/onlinetext.html",
        "class/Lab/Ada_105_assignsubmission_file_/x.ipynb",
    )
    assert delivery.page.parts[1] == "Ada_105_assignsubmission_file_"


parts = st.text(
    st.characters(exclude_characters="/\0"), min_size=1, max_size=8
) | st.sampled_from(
    [
        *(
            "..",
            ".",
            "CON",
            "ada",
            "Ada",
            "ADA",
            "a\u0308",
            "\u00e4",
            "x" * 300,
            "\u4e2d" * 90,
        ),
        *("Ada_1_assignsubmission_file", "ada_1_assignsubmission_file_", "submitted"),
        *("Ada_1_assignsubmission_file_x", "ada_1_assignsubmission_file_X", "c:d\\e"),
        *(
            "ada_1_123_x.ipynb",
            "Lab",
            "lab",
            "Lab.zip",
            "Lo_A_al_12",
            "lab-pages",
            f"{'文' * 75}_101_assignsubmission_file_x.ipynb",
            f"{'文' * 78}.ipynb",
            f"{'文' * 75}_Ada_alove_123",
            "\udc80",
        ),
    ]
)
paths = st.lists(parts, min_size=1, max_size=4).map(lambda p: "/".join(["class", *p]))


@settings(max_examples=150)
@given(files=st.lists(paths, min_size=1, max_size=6, unique=True))
def test_no_two_share_a_file_and_none_leaves_the_folder(files: list[str]) -> None:
    made = returned(*files)
    wanted = [
        path
        for delivery in made
        for path in {delivery.page, *map(delivery.notebook, delivery.results)}
    ]
    same = {
        tuple(unicodedata.normalize("NFC", part.casefold()) for part in path.parts)
        for path in wanted
    }
    assert len(same) == len(wanted)
    assert sum(len(delivery.results) for delivery in made) == len(files)
    for delivery in made:
        for path in (delivery.page, *map(delivery.notebook, delivery.results)):
            assert not path.is_absolute()
            for part in path.parts:
                assert folder_of(part, 255) == part
                assert len(part.encode()) <= 255


def test_names_that_no_system_holds_are_not_kept() -> None:
    (delivery,) = returned("class/ada_4021_99812_\x1b[2J.ipynb")
    assert delivery.platform == "Canvas"
    (result,) = delivery.results
    assert "\x1b" not in str(delivery.notebook(result))


def test_a_folder_called_as_canvas_calls_files_is_a_learners() -> None:
    made = returned("class/ada_1_123_x/y.ipynb", "class/bob_2_124_x/y.ipynb")
    assert len({d.notebook(r) for d in made for r in d.results}) == 2


def test_namesakes_never_share_a_file() -> None:
    twins = [
        Standing(name, {}, (came(f"class/{n}/x.ipynb"),))
        for n, name in enumerate(["Ada", "ada", "ADA"])
    ]
    assert [delivery.page.parts[0] for delivery in deliveries(twins)] == [
        "Ada",
        "ada-2",
        "ADA-3",
    ]


def test_what_is_missing_is_what_others_handed_in_at_the_same_place() -> None:
    lab, quiz = "class/Lab", "class/Quiz"
    classroom = standings(
        [
            came(f"{lab}/Ada_105_assignsubmission_file/x.ipynb"),
            came(f"{lab}/Bob_106_assignsubmission_file/x.ipynb", SECOND),
            came(f"{lab}/Bob_106_assignsubmission_file/y.ipynb"),
            came(f"{quiz}/Cid_207_assignsubmission_file/y.ipynb"),
        ]
    )
    lacks = {made.standing.name: made.lacks for made in deliveries(classroom)}
    assert lacks == {"Ada": (SECOND,), "Bob": (), "Cid": ()}


def test_no_learner_takes_the_place_of_the_note() -> None:
    (delivery,) = deliveries([Standing(FEEDBACK_NOTE, {}, (came("class/x.ipynb"),))])
    assert delivery.page.parts[0] == f"{FEEDBACK_NOTE}-2"


def test_whoever_handed_in_nothing_has_no_page() -> None:
    assert list(deliveries([Standing("Ada", {})])) == []
