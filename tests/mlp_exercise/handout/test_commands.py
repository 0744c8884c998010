"""``python -m mlp_exercise variant`` and ``notebooks`` write all that was asked for, or nothing."""

import csv
import json
from pathlib import Path

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.handout import notebook
from mlp_exercise.handout.source import names
from mlp_exercise.part1.variants import variant
from mlp_reference.worked_example import EXERCISE

NAME = "ex1_01_pen_and_paper"
FILE = f"{NAME}.ipynb"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_seed_gives_the_notebook_of_its_variant_in_this_folder(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["variant", "17"]) == 0
    assert capsys.readouterr().out == f"{FILE}\n"
    assert files(empty_folder) == {FILE}
    made = notebook.student(NAME, variant(17), 17)
    assert (empty_folder / FILE).read_bytes() == notebook.as_text(made).encode()


def test_a_solved_one_does_not_lie_where_learners_work(empty_folder: Path) -> None:
    assert main(["variant", "17", "--solved"]) == 0
    assert files(empty_folder) == {f"solved/{FILE}"}
    assert "BEGIN SOLUTION" in (empty_folder / "solved" / FILE).read_text("utf-8")


def test_it_goes_where_it_is_wanted_and_links_to_the_site(empty_folder: Path) -> None:
    assert (
        main(["variant", "1", "--output", "new/mine.ipynb", "--site", "https://c.org"])
        == 0
    )
    (empty_folder / "there").mkdir()
    assert main(["variant", "1", "--output", "there"]) == 0
    assert files(empty_folder) == {"new/mine.ipynb", f"there/{FILE}"}
    assert "https://c.org/downloads/" in Path("new/mine.ipynb").read_text("utf-8")
    assert "https://" not in (empty_folder / "there" / FILE).read_text("utf-8")


def test_what_a_learner_has_written_is_not_overwritten_unasked(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / FILE).write_text("my work")
    assert main(["variant", "1"]) == 2
    assert (
        f"already and differ: {FILE}; nothing was written, --force"
        in capsys.readouterr().err
    )
    assert (empty_folder / FILE).read_text() == "my work"
    assert main(["variant", "1", "--force"]) == 0
    assert json.loads((empty_folder / FILE).read_text("utf-8"))["nbformat"] == 4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give a SEED, or a class list"),
        (["-1"], "seed is -1, expected a whole number from 0"),
        ([str(2**60)], "expected a whole number from 0"),
        (["1", "--salt", "x"], "--salt goes with --class-list"),
        (["--class-list", "names.csv"], "--output FOLDER"),
        (["1", "--class-list", "names.csv", "--output", "c"], "either a SEED or"),
        (["--class-list", "nothing.csv", "--output", "c"], "nothing.csv"),
        (["--class-list", ".", "--output", "c"], "cannot be read"),
        (
            ["--class-list", "twins.csv", "--output", "c"],
            "'Ann' and 'ann' are the same",
        ),
        (["--class-list", "names.csv", "--output", "names.csv"], "names.csv"),
        (["1", "--output", "names.csv/x.ipynb"], "names.csv"),
    ],
)
def test_wrong_usage_is_explained_and_writes_nothing(
    empty_folder: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    Path("names.csv").write_text("Ann\nBob\n")
    Path("twins.csv").write_text("Ann\nann\n")
    assert main(["variant", *words]) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""
    assert files(empty_folder) == {"names.csv", "twins.csv"}


@pytest.mark.parametrize("words", [["one"], ["1.5"], ["1", "2"]])
def test_a_seed_that_is_no_number_is_wrong_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["variant", *words])
    assert end.value.code == 2


def hand_out(*words: str) -> int:
    return main(["variant", "--class-list", "names.csv", "--output", "class", *words])


def test_every_learner_of_a_list_gets_a_variant(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("names.csv").write_text("name;mail\nAnn;a\nBob;b\n../x;c\n", "utf-8")
    assert hand_out() == 0
    assert capsys.readouterr().out == "3 notebooks and variants.csv are in class\n"
    with Path("class/variants.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["Ann", "Bob", "../x"]
    assert rows[0]["file"] == f"Ann/{FILE}"
    written = files(empty_folder) - {"names.csv"}
    assert written == {"class/variants.csv", *(f"class/{row['file']}" for row in rows)}
    for row in rows:
        seed = int(row["seed"])
        made = notebook.student(NAME, variant(seed), seed)
        text = (empty_folder / "class" / row["file"]).read_text("utf-8")
        assert text == notebook.as_text(made)


def test_who_joins_later_gets_a_notebook_and_the_others_keep_theirs() -> None:
    Path("names.csv").write_text("Ann\nBob\n")
    assert hand_out() == 0
    before = {path: path.stat().st_mtime_ns for path in Path("class").glob("*/*")}
    Path("names.csv").write_text("Al\nAnn\nBob\n")
    assert hand_out() == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (Path("class/Al") / FILE).is_file()


def test_a_class_in_which_work_has_begun_is_left_alone(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("names.csv").write_text("Ann\nBob\n")
    assert hand_out() == 0
    (Path("class/Bob") / FILE).write_text("Bob's work")
    Path("names.csv").write_text("Al\nAnn\nBob\n")
    before = files(empty_folder)
    assert hand_out() == 2
    assert "Bob" in capsys.readouterr().err
    assert files(empty_folder) == before, "not even Al's was written"
    assert (Path("class/Bob") / FILE).read_text() == "Bob's work"
    assert hand_out("--force") == 0
    assert "Bob's work" not in (Path("class/Bob") / FILE).read_text("utf-8")


def test_a_table_of_somebody_else_is_left_alone() -> None:
    Path("names.csv").write_text("Ann\n")
    Path("class").mkdir()
    Path("class/variants.csv").write_text("something else\n")
    assert hand_out() == 2
    assert Path("class/variants.csv").read_text() == "something else\n"


def test_another_salt_gives_the_class_other_numbers() -> None:
    Path("names.csv").write_text("Ann\n")
    assert hand_out("--salt", "2026") == 0
    first = Path("class/variants.csv").read_text("utf-8")
    assert hand_out("--salt", "2027", "--force") == 0
    assert Path("class/variants.csv").read_text("utf-8") != first


def test_the_marking_recognises_what_was_handed_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["variant", "17", "--solved"])
    capsys.readouterr()
    assert main(["mark", f"solved/{FILE}", "--format", "json"]) == 0
    (sheet,) = json.loads(capsys.readouterr().out)
    assert (sheet["exercise"], sheet["points"]) == (NAME, 6.0)


def test_every_notebook_is_written_for_learners_teachers_and_nbgrader(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = empty_folder / "all"
    words = ["notebooks", "all", "--site", "https://c.org"]
    assert main(words) == 0
    assert capsys.readouterr().out == "9 notebooks are in all\n"
    for name in names():
        for path, make in (
            (f"{name}.ipynb", notebook.student),
            (f"solved/{name}.ipynb", notebook.solved),
            (f"instructor/source/{name}/{name}.ipynb", notebook.instructor),
        ):
            made = make(name, EXERCISE, base_address="https://c.org")
            assert (folder / path).read_text("utf-8") == notebook.as_text(made)
    assert len(files(folder)) == 9


def test_notebooks_that_differ_are_left_alone_unless_forced(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / "all").mkdir()
    (empty_folder / "all" / FILE).write_text("my work")
    assert main(["notebooks", "all"]) == 2
    assert f"1 of 9 files are there already and differ: all/{FILE}" in (
        capsys.readouterr().err
    )
    assert files(empty_folder) == {f"all/{FILE}"}
    assert main(["notebooks", "all", "--force"]) == 0
    assert main(["notebooks", "all"]) == 0, "the same again is in nobody's way"
