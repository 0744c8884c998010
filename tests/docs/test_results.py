"""A result is used only as it was written; whatever happened to it, its lesson runs again."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from course.execution import execute
from course.files import write_whole
from course.kernels import Kernels
from course.results import keep, kept, open_results, place
from course.sources import Page
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sphinx.errors import ExtensionError

Lesson = Callable[..., Page]


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").touch()


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)  # a loop: permissions do not hold the superuser back


DISTURBANCES: dict[str, Callable[[Path, Path], object]] = {
    "half of it": lambda path, _: half(path),
    "nothing in it": lambda path, _: path.write_bytes(b""),
    "its first line alone": lambda path, _: path.write_bytes(
        path.read_bytes().partition(b"\n")[0]
    ),
    "its last byte is missing": lambda path, _: path.write_bytes(
        path.read_bytes()[:-1]
    ),
    "not JSON": lambda path, _: path.write_text("hello\nworld\n"),
    "JSON, but no result": lambda path, _: path.write_text("[1]"),
    "a notebook": lambda path, _: path.write_text(json.dumps({"cells": []})),
    "bytes that are no text": lambda path, _: path.write_bytes(b"\xff\xfe\0"),
    "another output": lambda path, _: changed(path, "one(1)", "one(2)"),
    "no output": lambda path, _: changed(path, '"text": "one(1)"', '"text": ""'),
    "that of other code": lambda path, other: shutil.copy(other, path),
    "a folder": lambda path, _: folder(path),
    "a link that leads nowhere": lambda path, _: unreadable(path),
}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return open_results(tmp_path / "results", "0123456789abcdef")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a cell print its own code instead of running; note which notebooks ran."""
    noted: list[str] = []

    def run(_: Kernels, notebook: NotebookNode) -> float:
        (code,) = (cell for cell in notebook.cells if cell.cell_type == "code")
        noted.append(code.source)
        code.outputs = [new_output("stream", text=code.source)]
        return 0.5

    monkeypatch.setattr(Kernels, "run", run)
    return noted


@pytest.fixture
def pages(lesson: Lesson) -> list[Page]:
    return [
        lesson(f"# Title\n\n```{{code-cell}} python\n{name}(1)\n```", name)
        for name in ("one", "two")
    ]


@pytest.mark.parametrize("disturbance", DISTURBANCES)
def test_a_disturbed_result_is_dropped_with_a_line_and_only_its_lesson_runs_again(
    disturbance: str,
    pages: list[Page],
    results: Path,
    runs: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = execute(pages, results)
    assert capsys.readouterr().err == ""
    first, second = (place(page.notebook, results) for page in pages)
    DISTURBANCES[disturbance](first, second)
    assert execute(pages, results) == before
    assert runs == ["one(1)", "two(1)", "one(1)"]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("one.md runs again, because its result is dropped: ")
    assert str(first) in line
    assert execute(pages, results) == before
    assert len(runs) == 3, "now it is whole"
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("runs")
def test_a_result_of_another_environment_is_not_taken_for_one_of_this(
    pages: list[Page], results: Path
) -> None:
    execute(pages, results)
    renamed = results.rename(results.with_name("fedcba9876543210"))
    assert kept(place(pages[0].notebook, renamed), "one.md") is None


def test_a_file_stands_where_results_should(
    tmp_path: Path, pages: list[Page], runs: list[str]
) -> None:
    (tmp_path / "results").write_text("hello")
    execute(pages, open_results(tmp_path / "results", "0123456789abcdef"))
    shutil.rmtree(tmp_path / "results")
    (tmp_path / "results").mkdir()
    (tmp_path / "results/0123456789abcdef").write_text("hello")
    execute(pages, open_results(tmp_path / "results", "0123456789abcdef"))
    assert runs == ["one(1)", "two(1)"] * 2


@pytest.mark.usefixtures("runs")
def test_what_a_killed_build_has_begun_is_deleted(
    tmp_path: Path, pages: list[Page], results: Path
) -> None:
    execute(pages, results)
    (results / ".result.json.1.part").write_text("{")
    open_results(tmp_path / "results", results.name)
    assert len(list(results.iterdir())) == len(pages)


def test_a_full_disk_names_lesson_and_file_and_keeps_the_others(
    pages: list[Page],
    results: Path,
    runs: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = place(pages[0].notebook, results)
    write = Path.write_bytes

    def half_written(path: Path, content: bytes) -> int:
        if first.name not in path.name:
            return write(path, content)
        write(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # names no file

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", half_written)
        with pytest.raises(ExtensionError) as caught:
            execute(pages, results)
    message = str(caught.value)
    assert message.startswith("one.md: its result could not be kept: ")
    assert os.strerror(errno.ENOSPC) in message
    assert str(first) in message
    assert "two.md" not in message
    assert [path.name for path in results.iterdir()] == [
        place(pages[1].notebook, results).name
    ]
    execute(pages, results)
    assert runs == ["one(1)", "two(1)", "one(1)"]


def test_what_stood_there_stays_until_a_file_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_everything_that_a_page_shows_is_kept(lesson: Lesson, results: Path) -> None:
    page = lesson("# Title\n\n```{code-cell} python\nx\n```", "one")
    (cell,) = page.notebook.cells[1:]
    cell.execution_count = 1
    cell.outputs = [
        new_output("stream", text="δ\n\x1b[1m\ud800"),
        new_output("display_data", {"image/svg+xml": "<svg/>\n"}, metadata={"a": {}}),
    ]
    page.notebook.metadata["language_info"] = {"name": "python"}
    path = place(page.notebook, results)
    keep(path, page.docname, page.notebook, 0.5)
    result = kept(path, "one.md")
    assert result is not None
    assert result["cells"] == [[1, cell.outputs]]
    assert result["language"] == {"name": "python"}
    assert (result["page"], result["seconds"]) == ("tutorials/one", 0.5)
