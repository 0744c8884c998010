import os
import re
from pathlib import Path
from typing import NoReturn

import pytest

from mlp_exercise.classroom import listing
from mlp_exercise.classroom.batch import Result, mark_all
from mlp_exercise.classroom.collect import find
from mlp_exercise.submission.mark import Settings


def mark(*paths: str | Path) -> list[Result]:
    return list(mark_all(map(str, paths), Settings(timeout=1.0)))


def test_folders_are_searched_in_sorted_order(tmp_path: Path) -> None:
    names = ["b/2.ipynb", "a.ipynb", "b/1.IPYNB", "b/c/é.ipynb"]
    skipped = [".ipynb_checkpoints/a.ipynb", "b/__MACOSX/a.ipynb", "b/._2.ipynb"]
    for name in [*names, *skipped, "b/notes.csv", "names.csv", "b/.DS_Store"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [str(tmp_path / n) for n in ("a.ipynb", "b/1.IPYNB", "b/2.ipynb", names[3])]
    assert [item.file for item in find(str(tmp_path))] == found


@pytest.mark.parametrize("ending", ["ipynb.txt", "zip", "tar.gz", "PY", "html"])
def test_what_may_have_been_handed_in_and_is_no_notebook_has_a_line(
    right: str, ending: str
) -> None:
    file = Path(right).with_name(f"work.{ending}")
    file.touch()
    found = {result.file: result for result in mark(file.parent)}
    assert set(found) == {right, str(file)}
    assert found[str(file)].status == "unreadable"
    assert str(found[str(file)].reason).startswith(f"a .{ending.lower()} file came")


def test_a_folder_of_a_learner_without_a_notebook_has_a_line_for_all_it_holds(
    right: str, tmp_path: Path
) -> None:
    own = Path(right).parent
    names = ("bob/photo.heic", "bob/.hidden", "carl/sub/x.heic", "names.csv")
    for file in (own / "figures/plot.png", *(tmp_path / name for name in names)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "carl" / "empty").mkdir()
    (tmp_path / "dora" / ".ipynb_checkpoints").mkdir(parents=True)
    (tmp_path / "emil").symlink_to(own)
    (tmp_path / "fay").mkdir()
    (tmp_path / "fay" / "mine.ipynb").symlink_to(right)
    (tmp_path / "link.ipynb").symlink_to(right)  # is no notebook of those below
    found = {result.file: result.reason for result in mark(tmp_path)}
    assert {str(Path(file).relative_to(tmp_path)) for file in found} == {
        *("bob/photo.heic", "carl/sub/x.heic", "carl/empty", "dora"),
        # A link may lead to the work of others.
        *("emil", "fay/mine.ipynb", "link.ipynb"),
        str(Path(right).relative_to(tmp_path)),
    }
    empty = "a folder without notebooks (*.ipynb) came"
    assert found[str(tmp_path / "dora")] == found[str(tmp_path / "carl/empty")] == empty
    for link in ("emil", "fay/mine.ipynb"):
        assert found[str(tmp_path / link)] == "a link came, a notebook was expected"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere.ipynb", "no such file or folder"),
        ("null\0.ipynb", "no such file|the file cannot be read"),
        ("empty", "a folder without notebooks"),
        ("pipe.ipynb", "neither a file nor a folder"),
    ],
)
def test_a_path_without_a_notebook_is_named(
    tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "empty").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.ipynb")  # to open it would wait for ever
    (result,) = mark(f"{tmp_path}/{path}")
    assert (result.status, result.file) == ("unreadable", f"{tmp_path}/{path}")
    assert re.match(reason, str(result.reason))


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: str) -> NoReturn:
        raise PermissionError(13, "Permission denied", "locked")

    monkeypatch.setattr(os, "scandir", refuse)
    (result,) = mark(tmp_path)
    assert result.file == "locked"
    assert "the folder cannot be read" in (result.reason or "")


def test_folders_without_end_do_not_end_the_batch(right: str, tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.joinpath(*["d"] * (listing.DEEPEST + 5)).mkdir(parents=True)
    found = list(mark_all([str(deep), right], Settings()))
    assert found[0].reason == "folders too deep within folders came"
    assert found[-1].sheet.points == 6
