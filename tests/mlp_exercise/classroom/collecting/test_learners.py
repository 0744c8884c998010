import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.classroom.collecting.learners import Learner, exercise_in, learner_of

FIRST, SECOND = "ex1_01_pen_and_paper", "ex1_02_numpy_gradient"
EXERCISES = (FIRST, SECOND)


def name_of(file: str, path: str) -> str:
    return learner_of(file, path, EXERCISES).name


@pytest.mark.parametrize(
    "file",
    [
        *(f"ada/{FIRST}.ipynb", "ada/any name.ipynb", f"ada/ex1/{FIRST}.ipynb"),
        *(f"ada/{FIRST}/bob.ipynb", f"{FIRST}/ada/x.ipynb", f"{FIRST} (1)/ada/x.ipynb"),
        *("part1/ada/final/x.ipynb", "Exercise 1 - Pen and paper/ada/x.ipynb"),
        *("numpy_gradient/ada/x.ipynb", "submitted/ada/ps1/x.ipynb"),
        f"ada_{FIRST}/x.ipynb",
    ],
)
def test_the_first_folder_that_is_no_exercise_is_the_learner(file: str) -> None:
    assert name_of(f"submissions/{file}", "submissions") == "ada"


@pytest.mark.parametrize(
    ("learner", "files"),
    [
        ("ada", [f"ada_{FIRST}.ipynb", f"{FIRST}_ada.ipynb", f"ada_{FIRST} (1).IPYNB"]),
        ("ada", [f"ada_{FIRST}-Copy1.ipynb", f"ada_{FIRST} - Copy (2).ipynb"]),
        ("ada", ["ada-Ex1 01 Pen and Paper.ipynb", "ada_numpy_gradient.ipynb"]),
        ("ada", [f"ada.{FIRST}.ipynb", "ada.ipynb", f"{FIRST}/ada.ipynb"]),
        ("Ada Lovelace", [f"{FIRST}-Ada Lovelace (1).ipynb"]),
        ("group1_ada", [f"group1_{FIRST}_ada.ipynb"]),
        ("12345678", [f"12345678_{SECOND}.ipynb"]),
        ("philcopy (1)", ["philcopy (1).ipynb"]),
        ("class", [f"{FIRST}.ipynb", f"{FIRST} (1).ipynb", f"{FIRST}(1).ipynb"]),
        ("class", [f"{FIRST}_v2.ipynb", f"ex1/{FIRST}.ipynb", "solution.ipynb"]),
    ],
)
def test_a_file_without_such_a_folder_tells_by_its_name_or_by_where_it_lies(
    learner: str, files: list[str]
) -> None:
    for file in files:
        assert name_of(f"class/{file}", "class") == learner, file


@pytest.mark.parametrize("who", ["zoe", "zoe.k", "zoe.k (1)"])
@given(
    endings=st.lists(
        st.sampled_from([".ipynb", ".PDF", ".htm", ".tar", ".gz", ".7z"]), max_size=3
    ).map("".join)
)
def test_no_ending_of_a_file_is_part_of_a_name(who: str, endings: str) -> None:
    assert name_of(f"class/{who}{endings}", "class") == who
    assert name_of(f"class/{FIRST}{endings}", "class") == "class"
    # A folder has a name, and no ending; an archive has.
    assert name_of(f"class/{who}{endings}.zip/{FIRST}.ipynb", "class") == who
    assert name_of(f"class/{who}.py/{FIRST}.ipynb", "class") == f"{who}.py"


def test_a_file_that_is_named_itself_tells_as_in_its_folder() -> None:
    file = f"submissions/ada/ex1/{FIRST}.ipynb"
    assert name_of(file, file) == "ada"
    assert name_of(file, "submissions/ada/ex1") == "ada"
    assert name_of(f"ada/{FIRST}_bob.ipynb", f"ada/{FIRST}_bob.ipynb") == "bob"
    assert name_of("submissions/ada", "submissions/ada") == "ada"


def test_paths_may_say_nothing_as_they_are_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "ada" / "ex1"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert name_of(f"{FIRST}.ipynb", ".") == "ada"
    assert name_of(f"../{FIRST}.ipynb", "..") == "ada"
    assert name_of("../../ada/x.ipynb", "../..") == "ada"
    assert name_of(f"../../bob/{FIRST}.ipynb", ".") == "bob"


MOODLE = "Ada Lovelace_17_assignsubmission_file_"


@pytest.mark.parametrize(
    ("file", "path"),
    [
        (f"{MOODLE}/{FIRST}.ipynb", "."),
        (f"{MOODLE[:-1]}/{FIRST}.ipynb", "."),
        (f"{MOODLE}/src/x.ipynb", "."),
        (f"Course-Week 1-99/{MOODLE}/x.ipynb", "."),
        (f"{MOODLE}{FIRST}.ipynb", "."),
        (f"{MOODLE}/x.ipynb", MOODLE),
    ],
)
def test_moodle_names_the_learner_wherever_it_does(file: str, path: str) -> None:
    learner = learner_of(file, path, EXERCISES)
    assert learner[:2] == ("Ada Lovelace", "Ada Lovelace_17")
    assert learner.place


def test_the_numbers_of_files_do_not_split_a_learner_of_canvas() -> None:
    for name in (
        f"lovelaceada_1234_567890_{FIRST}.ipynb",
        f"lovelaceada_1234_567999_{SECOND}-1.ipynb",
        f"lovelaceada_LATE_1234_568000_{SECOND}.ipynb",
        "lovelaceada_1234_568001_solution.ipynb",
    ):
        ids = {"number": "1234"}
        expected = Learner("lovelaceada_1234", platform="canvas", ids=ids)
        assert learner_of(name, ".", EXERCISES) == expected


def test_a_file_of_any_name_is_told_apart_by_its_folder() -> None:
    assert learner_of("ada/mine.ipynb", "ada", EXERCISES).full == "ada/mine"
    assert learner_of("bob/mine.ipynb", "bob", EXERCISES).full == "bob/mine"
    assert learner_of("c/ex1/mine.ipynb", "c/ex1", EXERCISES).full == "c/mine"
    assert not learner_of(f"ada/mine_{FIRST}.ipynb", "ada", EXERCISES).full


def test_a_name_is_the_same_however_a_system_writes_its_accents() -> None:
    for form in ("NFC", "NFD"):
        assert (
            name_of(f"class/{unicodedata.normalize(form, 'Zoë')}/x.ipynb", "class")
            == "Zoë"
        )


def test_the_exercise_stands_in_a_name_however_its_words_are_joined() -> None:
    for name in (SECOND, "me-EX1-02-Numpy-Gradient (1).ipynb", "numpy gradient"):
        assert exercise_in(name, EXERCISES) == SECOND
    for name in ("numpy_gradients.ipynb", "snumpy_gradient", "gradient"):
        assert exercise_in(name, EXERCISES) is None


PLAIN = [FIRST, SECOND, "ex1", "_", "~", "_7", "é", "final", ".ipynb", "\0", "\udcff"]
TELLING = [" (1)", "-Copy1", "_17_assignsubmission_file_", "_1_234_"]
PIECES = st.sampled_from([*PLAIN, *TELLING, "/", "//", "\\", ".", ".."])
PATHS = st.lists(PIECES | st.text(max_size=5), max_size=8).map("".join)


@given(file=PATHS, path=PATHS)
def test_everything_is_somebody_s(file: str, path: str) -> None:
    for above in (path, file, ""):
        assert learner_of(file, above, EXERCISES).name
        assert learner_of(f"{above}/{file}", above, EXERCISES).name


@given(
    who=st.text(st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"])),
    below=PATHS.filter(lambda path: ".." not in path and "_17_" not in path),
)
def test_all_below_a_learner_s_folder_is_the_learner_s(who: str, below: str) -> None:
    folder = f"~{who}~"
    file = f"class/{folder}/{below}/x.ipynb"
    assert name_of(file, "class") == unicodedata.normalize("NFC", folder)
