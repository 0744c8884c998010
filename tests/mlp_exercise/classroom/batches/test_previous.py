"""What still holds of an earlier marking is taken over; what has changed is told, and why."""

import json
import operator
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlp_exercise.__main__ import main
from mlp_exercise.classroom.batches import batch, identity
from mlp_exercise.classroom.batches.batch import Result, mark_one
from mlp_exercise.classroom.collecting.collect import Handed
from mlp_exercise.classroom.for_instructors import class_page
from mlp_exercise.submission.mark import Settings
from mlp_reference import __version__
from tests.mlp_exercise.submission.conftest import answering, right_answers, save

FILE = "ex1_01_pen_and_paper.ipynb"


def other(number: int) -> dict[str, Any]:
    """Return a right notebook unlike the others."""
    return answering(right_answers(), f"number = {number}")


WORSE = answering(right_answers(z="z = [9.0, 9.0]"))
RIGHT = other(0)


class Class:
    """A folder of three learners, and what was marked of it before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.report = folder / "handed_in", folder / "marks.json"
        self.marked: list[str] = []
        for name, notebook in (("ada", WORSE), ("bob", RIGHT), ("carl", {})):
            self.hand_in(name, notebook)

    def hand_in(self, name: str, notebook: dict[str, Any], file: str = FILE) -> str:
        return save(self.folder / name / file, notebook)

    def mark(self, *words: str, status: int = 1) -> list[dict[str, Any]]:
        """Mark anew, and note which files were marked."""
        self.marked.clear()
        options = ["--format", "json", "--output", str(self.report)]
        assert main(["mark", str(self.folder), *options, *words]) == status
        found: list[dict[str, Any]] = json.loads(self.report.read_text("utf-8"))
        return found

    def mark_again(self, *words: str, status: int = 1) -> list[dict[str, Any]]:
        return self.mark("--previous", str(self.report), *words, status=status)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    course = Class(tmp_path)

    def noted(item: Handed, settings: Settings) -> Result:
        course.marked.append(Path(item.file).parent.name)
        return mark_one(item, settings)

    monkeypatch.setattr(batch, "mark_one", noted)
    return course


def test_what_was_marked_is_taken_over_and_the_rest_marked(course: Class) -> None:
    first = course.mark()
    assert course.mark_again() == first
    assert course.marked == ["carl"]  # it was unreadable
    course.hand_in("dora", other(1))
    *others, new = course.mark_again()
    assert others == first
    assert new.pop("previous") is None
    assert sorted(course.marked) == ["carl", "dora"]


@pytest.mark.parametrize("words", [[], ["--expected"]])
def test_pages_are_made_of_the_same_whether_it_was_taken_over_or_not(
    course: Class, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[Result]] = []

    def page(_: object, results: list[Result], **__: object) -> str:
        seen.append([result._replace(handed=None) for result in results])
        return ""

    monkeypatch.setattr(class_page, "class_page", page)
    course.hand_in("dora", answering(right_answers(a="a = [sum([9.0]), 9.0]")))
    words = ["--report", str(course.folder.parent / "page"), *words]
    course.mark(*words)
    course.mark_again(*words)
    assert course.marked == ["carl"]
    assert seen[0] == seen[1]


def test_content_is_known_again_wherever_it_lies(course: Class) -> None:
    course.mark()
    (course.folder / "ada").rename(course.folder / "eve")
    (course.folder / "bob" / FILE).rename(course.folder / "bob" / "x.ipynb")
    again = course.mark_again()
    assert not any("previous" in one for one in again)
    assert {Path(one["file"]).parent.name for one in again} == {"bob", "carl", "eve"}


def test_what_the_record_lacks_is_marked_anew(course: Class) -> None:
    course.mark()
    assert '"expected"' not in course.report.read_text()
    with_values = course.mark_again("--expected")
    assert sorted(course.marked) == ["ada", "bob", "carl"]
    assert with_values[0]["steps"][0]["expected"]
    course.mark_again("--expected")
    assert course.marked == ["carl"]


def test_a_limited_notebook_is_marked_anew(course: Class) -> None:
    course.hand_in("dora", answering(right_answers(a="a = [sum([9.0]), 9.0]")))
    course.mark("--no-execute")
    course.mark_again("--no-execute")
    assert sorted(course.marked) == ["carl", "dora"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": "9"}, f"version {__version__} → 9"),
        ({"NumPy": "9"}, "→ 9"),
        ({"PyTorch": "9"}, "→ 9"),
    ],
)
def test_another_marker_marks_anew_and_says_so(
    course: Class, change: dict[str, Any], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.mark()
    another = {**identity.marker(), **change}
    monkeypatch.setattr(identity, "marker", lambda: another)
    edit(course.report, lambda one: one["steps"][1].update(verdict="correct"))
    ada = course.mark_again()[0]
    assert sorted(course.marked) == ["ada", "bob", "carl"]
    (because,) = ada["previous"]["because"]
    assert because.endswith(why)
    assert ada["previous"]["steps"] == {"z": "correct"}


def edit(report: Path, change: Callable[[dict[str, Any]], object]) -> None:
    objects = json.loads(report.read_text("utf-8"))
    for one in objects:
        if one["steps"]:
            change(one)
    report.write_text(json.dumps(objects), "utf-8")


def told(capsys: pytest.CaptureFixture[str], course: Class, *words: str) -> list[str]:
    course.marked.clear()
    main(["mark", str(course.folder), "--previous", str(course.report), *words])
    out = capsys.readouterr().out
    return out[out.index("Since") :].splitlines()


def test_what_changed_is_told_at_the_end_and_why(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.mark()
    assert told(capsys, course) == [f"Since {course.report}: 0 changed, 0 new"]
    ada = course.hand_in("ada", RIGHT)
    dora = course.hand_in("dora", other(1))
    shutil.rmtree(course.folder / "bob")
    bob = course.folder / "bob" / FILE
    assert told(capsys, course) == [
        f"Since {course.report}: 1 changed, 1 new, 1 no longer there",
        f"{ada}: 5.5 of 6 points → 6 of 6 points (z wrong → correct); another notebook",
        f"new: {dora}",
        f"no longer there: {bob}",
    ]


def test_points_that_change_because_another_notebook_counts_are_told(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.mark()
    again = course.hand_in("bob", answering(right_answers(y="y = [9.0]")), "z.ipynb")
    _, line, new = told(capsys, course)
    assert (
        line
        == f"bob, ex1_01: 6 of 6 points → 5.5 of 6 points, because {again} counts now"
    )
    assert new == f"new: {again}"
    assert len(told(capsys, course, "--best")) == 2  # the same one counts as before


def test_a_second_notebook_in_place_of_the_first_is_known_by_its_learner(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.mark()
    (course.folder / "ada" / FILE).unlink()
    again = course.hand_in("ada", RIGHT, "again.ipynb")
    line = told(capsys, course)[1]
    assert line.startswith(f"{again}: 5.5 of 6 points → 6 of 6 points")


def test_whom_a_platform_tells_apart_from_its_names_is_known_again(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gradescope has a new folder for each time that somebody hands in."""

    def hand_in(place: str, notebook: dict[str, Any]) -> str:
        shutil.rmtree(course.folder)
        file = course.hand_in(place, notebook)
        (course.folder / "submission_metadata.yml").write_text(
            f"---\n{place}:\n  :submitters:\n  - :name: Ada\n"
        )
        return file

    hand_in("submission_7", WORSE)
    course.mark(status=0)
    file = hand_in("submission_9", RIGHT)
    counts, line = told(capsys, course)
    assert counts.endswith(": 1 changed, 0 new")
    assert line.startswith(f"{file}: 5.5 of 6 points → 6 of 6 points")


def test_options_that_differ_are_named(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.hand_in("ada", answering(right_answers(z="z = None")))
    course.mark()
    _, line = told(capsys, course, "--missing", "original")
    assert line.endswith("; missing block → original")


def test_points_that_changed_for_no_reason_are_told_as_that(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.mark()
    edit(course.report, lambda one: one.update(limited=True))
    edit(course.report, lambda one: one["steps"][0].update(verdict="wrong", points=0))
    lines = told(capsys, course)
    assert len(lines) == 3
    assert lines[1].endswith(
        "(a wrong → correct); although notebook, options and marker are the same: "
        "it depends on chance, or on the machine"
    )


def test_a_report_of_an_earlier_version_is_compared_and_not_taken_over(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.mark()
    added = ("path", "handed_in", "late", "limited", "digest", "values", "own")
    for key in (*added, "marker", "options"):
        edit(course.report, operator.methodcaller("pop", key))
    edit(course.report, lambda one: one["steps"][0].update(verdict="wrong", points=0))
    _, line, _ = told(capsys, course)
    assert "the earlier report does not say how it was marked" in line
    assert sorted(course.marked) == ["ada", "bob", "carl"]


def test_without_room_in_the_format_it_is_told_beside_the_report(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    course.mark()
    course.hand_in("ada", RIGHT)
    capsys.readouterr()
    words = ["mark", str(course.folder), "--previous", str(course.report)]
    main([*words, "--format", "csv"])
    shown = capsys.readouterr()
    assert "Since" not in shown.out
    assert "z wrong → correct" in shown.err


def refused() -> Iterator[tuple[str, bytes]]:
    yield "is no whole JSON", b'[{"file": "x"'
    yield "is no whole JSON", b""
    yield "is no JSON", b"\xff\xff\xff\xff"
    yield "is no JSON", b"[" * 200_000
    yield "is no JSON", b"[" + b"9" * 9999 + b"]"
    yield "is no report of notebooks", b"{}"
    yield "in its object 1", b"[3]"
    yield "points by learner came", b'[{"learner": "ada"}]'


@pytest.mark.parametrize(("said", "content"), [*refused()])
def test_what_is_no_report_is_refused_before_anything_is_marked(
    course: Class, said: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    course.report.write_bytes(content)
    words = ["--previous", str(course.report), "--output", str(course.report)]
    assert main(["mark", str(course.folder), *words]) == 2
    assert not course.marked
    assert said in capsys.readouterr().err
    assert course.report.read_bytes() == content


def test_a_report_that_is_not_there_is_named(
    course: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mark", str(course.folder), "--previous", "nowhere.json"]) == 2
    assert "nowhere.json cannot be read" in capsys.readouterr().err


def test_an_interrupted_marking_goes_on_to_the_same_end(
    course: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        course.hand_in(f"eve{number}", other(number + 1))
    whole = course.mark()
    course.report.unlink()
    stop = batch.Cores.wait

    def stopped(cores: batch.Cores, futures: list[Any]) -> None:
        stop(cores, futures)
        if len(course.marked) >= 3:
            raise batch.Stopped("The scheduler is gone")

    with monkeypatch.context() as patch:
        patch.setattr(batch, "AHEAD", 1)
        patch.setattr(batch.Cores, "wait", stopped)
        part = course.mark("--jobs", "1", status=130)
        assert 0 < len(part) < len(whole)
        # What was known before is not lost, however early the next one ends.
        assert len(course.mark_again("--jobs", "1", status=130)) >= len(part)
    ended = course.mark_again()
    for one in ended:
        one.pop("previous", None)
    assert ended == whole
    assert len(course.marked) < len(whole)
