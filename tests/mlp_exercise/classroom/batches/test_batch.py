import concurrent.futures
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import NoReturn

import pytest

from mlp_exercise.classroom.batches import batch
from mlp_exercise.classroom.batches.batch import Result, mark_all
from mlp_exercise.classroom.collecting.collect import Found, Handed, NoNotebook
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


def test_one_bad_file_does_not_stop_the_others(right: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"\x89PNG")
    (tmp_path / "b.ipynb").write_text("{}")
    (tmp_path / "c.ipynb").symlink_to(tmp_path / "nowhere")
    results = mark(tmp_path)
    assert [r.status for r in results] == ["unreadable"] * 3 + ["marked"]
    assert [r.file for r in results][3] == right
    assert all(r.reason and r.sheet.points == 0 for r in results[:3])


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


def test_a_file_that_may_not_be_read_here_costs_nobody_points(
    right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", right)

    monkeypatch.setattr(Path, "open", refuse)
    (result,) = mark(right)
    assert result.status == "not marked"
    assert "the file cannot be read here" in str(result.reason)
