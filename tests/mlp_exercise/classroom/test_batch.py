import concurrent.futures
import os
import re
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import NoReturn

import pytest

from mlp_exercise.classroom import batch, collect
from mlp_exercise.classroom.batch import Result, mark_all
from mlp_exercise.classroom.collect import Found, Handed, NoNotebook, find
from mlp_exercise.submission.mark import Settings
from mlp_exercise.submission.run import usable_cores
from tests.mlp_exercise.submission.conftest import (
    answering,
    right_answers,
    save,
)


def mark(*paths: str | Path) -> list[Result]:
    return list(mark_all(map(str, paths), Settings(timeout=1.0)))


def test_a_notebook_is_marked(right: str) -> None:
    (result,) = mark(right)
    assert result.status == "marked"
    assert (result.file, result.exercise) == (right, "ex1_01_pen_and_paper")
    assert (result.sheet.points, result.sheet.max_points) == (6, 6)


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


def test_one_bad_file_does_not_stop_the_others(right: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"\x89PNG")
    (tmp_path / "b.ipynb").write_text("{}")
    (tmp_path / "c.ipynb").symlink_to(tmp_path / "nowhere")
    results = mark(tmp_path)
    assert [r.status for r in results] == ["unreadable"] * 3 + ["marked"]
    assert [r.file for r in results][3] == right
    assert all(r.reason and r.sheet.points == 0 for r in results[:3])


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


def test_what_nobody_foresaw_is_a_result_too(
    right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> NoReturn:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(batch, "mark", fail)
    (result,) = mark(right)
    assert result.status == "not marked"  # it is no fault of the learner's
    assert result.reason == "this should not have happened: ZeroDivisionError: oh"


def test_a_thousand_notebooks_are_not_held_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = given = most = 0

    def many(path: str) -> Iterator[Found]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield NoNotebook(str(number), path, "no notebook")

    monkeypatch.setattr(batch, "find", many)
    for result in mark_all(["folder"], Settings()):
        assert result.file == str(given)
        given += 1
        most = max(most, taken - given)
    assert given == 1000
    assert most <= batch.AHEAD * usable_cores()


def test_what_the_clock_stopped_is_marked_once_more_while_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others run until they are waited for, or until the first is marked beside them."""
    together, released = threading.Barrier(8, timeout=600), threading.Event()
    running: set[str] = set()
    beside: list[set[str]] = []

    def mark_stopped(found: Handed, _settings: Settings) -> Result:
        item, first = found.file, found.file == "0"
        if first and beside:
            beside.append(set(running))
            released.set()
            return Result(item, "marked")
        running.add(item)
        together.wait()
        if first:
            beside.append(set(running))
        else:
            released.wait(600)
        running.remove(item)
        return Result(item, "not marked", alone=first, handed=found)

    def wait(futures: Collection[Future[Result]]) -> object:
        if len(futures) > 1:
            released.set()
        return concurrent.futures.wait(futures)

    monkeypatch.setattr(batch, "mark_one", mark_stopped)
    monkeypatch.setattr(batch, "wait", wait)
    results = list(mark_all("01234567", Settings(jobs=8)))
    assert [result.file for result in results] == list("01234567")
    assert [len(found) for found in beside] == [8, 0]


def test_as_many_are_marked_side_by_side_as_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each waits until the others are there, so that fewer than three would never end."""
    together = threading.Barrier(3, timeout=600)

    def mark_together(item: Handed, _settings: Settings) -> Result:
        together.wait()
        return Result(item.file)

    monkeypatch.setattr(batch, "mark_one", mark_together)
    assert len(list(mark_all("abcdef", Settings(jobs=3)))) == 6


def test_children_end_when_nobody_wants_the_rest(right: str, tmp_path: Path) -> None:
    endless = answering(right_answers(z="while True: z = 1"))
    others = [save(tmp_path / f"{n}.ipynb", endless) for n in range(20)]
    results = mark_all([right, *others], Settings(timeout=1000.0))
    assert next(results).sheet.points == 6
    results.close()  # type: ignore[attr-defined]  # it is a generator; waits 1000 s if broken


def test_folders_without_end_do_not_end_the_batch(right: str, tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.joinpath(*["d"] * (collect.DEEPEST + 5)).mkdir(parents=True)
    found = list(mark_all([str(deep), right], Settings()))
    assert found[0].reason == "folders too deep within folders came"
    assert found[-1].sheet.points == 6
