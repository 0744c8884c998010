"""``variant`` and ``notebooks`` write all that was asked for, or nothing."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.handout.notebook import as_text, instructor, solved, student
from mlp_exercise.handout.source import names
from mlp_exercise.part1.variants import variant
from mlp_reference.worked_example import EXERCISE

NAME = "ex1_01_pen_and_paper"
FILE = f"{NAME}.ipynb"

Files = Callable[[], dict[str, str]]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Work in an empty folder, and read what is in it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    def files() -> dict[str, str]:
        found = [path for path in here.rglob("*") if path.is_file()]
        return {p.relative_to(here).as_posix(): p.read_text("utf-8") for p in found}

    return files


def of_seed(seed: int, site: str = "") -> str:
    return as_text(student(NAME, variant(seed), seed, base_address=site))


def test_a_seed_gives_the_notebook_of_its_variant_where_it_is_wanted(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["variant", "17"]) == 0
    assert capsys.readouterr().out == f"{FILE}\n"
    assert main(["variant", "17"]) == 0, "the same again is in nobody's way"
    site = "https://c.org"
    assert main(["variant", "1", "--output", "new/mine.ipynb", "--site", site]) == 0
    Path("there").mkdir()
    assert main(["variant", "2", "--output", "there"]) == 0
    assert files() == {
        FILE: of_seed(17),
        "new/mine.ipynb": of_seed(1, site),
        f"there/{FILE}": of_seed(2),
    }


def test_a_name_that_the_console_cannot_show_is_written_all_the_same(
    files: Files,
) -> None:
    words = [
        sys.executable,
        "-m",
        "mlp_exercise",
        "variant",
        "3",
        "--output",
        "Ł.ipynb",
    ]
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "1"}
    run = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert (run.stdout, run.stderr) == ("\\u0141.ipynb\n", "")
    assert files() == {"Ł.ipynb": of_seed(3)}


def test_a_solved_one_does_not_lie_where_learners_work_and_gets_all_points(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["variant", "17", "--solved"]) == 0
    assert files() == {f"solved/{FILE}": as_text(solved(NAME, variant(17), 17))}
    capsys.readouterr()
    assert main(["mark", f"solved/{FILE}", "--format", "json"]) == 0
    (sheet,) = json.loads(capsys.readouterr().out)
    assert (sheet["exercise"], sheet["points"]) == (NAME, 6.0)


def test_notebooks_link_to_those_that_lie_beside_them(files: Files) -> None:
    Path("all").mkdir()
    lesson = Path("all/01_pen_and_paper.ipynb")
    lesson.write_text("[the exercise](ex1_01_pen_and_paper.ipynb)")
    assert main(["notebooks", "all"]) == 0
    assert f"]({lesson.name})" in files()[f"all/{FILE}"]
    assert "](ex1_02_numpy_gradient.ipynb)" in files()[f"all/solved/{FILE}"]
    for path, text in files().items():
        found = set(re.findall(r"\]\((\w+\.ipynb)\)", text))
        beside = {other.name for other in Path(path).parent.glob("*.ipynb")}
        assert found <= beside - {Path(path).name}


@pytest.mark.parametrize(
    ("words", "path", "number"),
    [
        ("variant 1", FILE, 1),
        ("notebooks all", f"all/{FILE}", 9),
        ("notebooks all", f"all/solved/{FILE}", 9),
    ],
)
def test_what_a_learner_has_written_is_not_overwritten_unasked(
    files: Files, capsys: pytest.CaptureFixture[str], words: str, path: str, number: int
) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("my work")
    assert main(words.split()) == 2
    said = f"1 of {number} files are there already and differ: {path}; nothing was"
    assert said in capsys.readouterr().err
    assert files() == {path: "my work"}
    assert main([*words.split(), "--force"]) == 0
    assert len(files()) == number
    assert json.loads(files()[path])["nbformat"] == 4


@pytest.mark.parametrize(
    "words",
    ["variant 1", "notebooks all", "variant --class-list names.csv --output class"],
)
def test_where_not_all_can_be_written_nothing_is(
    files: Files, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    resource = pytest.importorskip("resource")
    Path("names.csv").write_text("Ann\nBob\n")
    assert main(words.split()) == 0
    written = [*Path().rglob("*.ipynb")]
    too_few = max(path.stat().st_size for path in written) - 1
    for path in written:
        path.write_text("as it was")
    before = files()
    bounds = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (too_few, bounds[1]))
    try:
        assert main([*words.split(), "--force"]) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, bounds)
    assert "a file cannot be read or written" in capsys.readouterr().err
    assert files() == before
    assert main([*words.split(), "--force"]) == 0


def test_a_file_where_a_folder_is_to_be_is_told_before_anything_is_written(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("class").mkdir()
    Path("class/Bob").write_text("mine")
    assert hand_out("Ann\nBob\n") == 2
    assert "class/Bob" in capsys.readouterr().err
    assert files() == {"class/Bob": "mine", "names.csv": "Ann\nBob\n"}


def test_a_link_stays_and_what_it_leads_to_is_written(files: Files) -> None:
    Path("theirs").write_text("old")
    Path(FILE).symlink_to("theirs")
    assert main(["variant", "1", "--force"]) == 0
    assert Path(FILE).is_symlink()
    assert files()["theirs"] == of_seed(1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "give a SEED, or a class list"),
        ("-1", "seed is -1, expected a whole number from 0"),
        (f"{2**60}", "expected a whole number from 0"),
        ("1 --salt x", "--salt goes with --class-list"),
        ("--class-list names.csv", "--output FOLDER"),
        ("1 --class-list names.csv --output c", "either a SEED or"),
        ("--class-list nothing.csv --output c", "nothing.csv"),
        ("--class-list . --output c", "cannot be read"),
        ("--class-list twins.csv --output c", "'Ann' and 'ann' are the same"),
        ("--class-list names.csv --output names.csv", "names.csv"),
        ("1 --output names.csv/x.ipynb", "names.csv"),
    ],
)
def test_wrong_usage_is_explained_and_writes_nothing(
    files: Files, capsys: pytest.CaptureFixture[str], words: str, message: str
) -> None:
    Path("names.csv").write_text("Ann\nBob\n")
    Path("twins.csv").write_text("Ann\nann\n")
    assert main(["variant", *words.split()]) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert (output.err.count("\n"), output.out) == (1, "")
    assert files().keys() == {"names.csv", "twins.csv"}


@pytest.mark.parametrize("words", ["one", "1.5", "1 2"])
def test_a_seed_that_is_no_number_is_wrong_usage(words: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["variant", *words.split()])


def hand_out(names: str, *words: str) -> int:
    Path("names.csv").write_text(names, "utf-8")
    return main(["variant", "--class-list", "names.csv", "--output", "class", *words])


def test_every_learner_of_a_list_gets_a_variant(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hand_out("name;mail\nAnn;a\nBob;b\n../x;c\n") == 0
    assert capsys.readouterr().out == "3 notebooks and variants.csv are in class\n"
    written = files()
    rows = list(csv.DictReader(written["class/variants.csv"].splitlines()))
    assert [row["name"] for row in rows] == ["Ann", "Bob", "../x"]
    assert rows[0]["file"] == f"Ann/{FILE}"
    notebooks = {f"class/{row['file']}": of_seed(int(row["seed"])) for row in rows}
    assert notebooks.items() <= written.items()
    assert written.keys() - notebooks.keys() == {"names.csv", "class/variants.csv"}
    assert hand_out("Ann\n", "--salt", "2027", "--force") == 0
    assert rows[0]["seed"] not in files()["class/variants.csv"]


def test_who_joins_later_gets_a_notebook_and_the_others_keep_theirs() -> None:
    assert hand_out("Ann\nBob\n") == 0
    before = {path: path.stat().st_mtime_ns for path in Path("class").glob("*/*")}
    assert hand_out("Al\nAnn\nBob\n") == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (Path("class/Al") / FILE).is_file()


@pytest.mark.parametrize("path", [f"class/Bob/{FILE}", "class/variants.csv"])
def test_a_class_in_which_work_has_begun_is_left_alone(
    files: Files, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    assert hand_out("Ann\nBob\n") == 0
    Path(path).write_text("somebody's work")
    before = files()
    assert hand_out("Al\nAnn\nBob\n") == 2
    assert path in capsys.readouterr().err
    assert files() == before | {"names.csv": "Al\nAnn\nBob\n"}, "not even Al's"
    assert hand_out("Al\nAnn\nBob\n", "--force") == 0
    assert "somebody's work" not in files()[path]


def test_every_notebook_is_written_for_learners_teachers_and_nbgrader(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    site = "https://c.org"
    assert main(["notebooks", "all", "--site", site]) == 0
    assert capsys.readouterr().out == "9 notebooks are in all\n"
    assert files() == {
        f"all/{folder.format(name)}{name}.ipynb": as_text(
            make(name, EXERCISE, base_address=site)
        )
        for name in names()
        for folder, make in (
            ("", student),
            ("solved/", solved),
            ("instructor/source/{}/", instructor),
        )
    }
