"""Lessons are carried into the project, and every page that holds code is found and read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from course.sources import Page, carry_lessons, executable_pages
from myst_parser.config.main import MdParserConfig

CODE = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# Title\n\n"
CELL = "```{code-cell} python\n1 + 1\n```\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Make a folder of two lessons and an empty Sphinx project."""
    lessons, project = tmp_path / "tutorials_src", tmp_path / "docs"
    lessons.mkdir()
    project.mkdir()
    for name in ("01_first.md", "02_second.md"):
        (lessons / name).write_text(CODE + CELL, "utf-8")
    return lessons, project


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def pages(lessons: Path, project: Path) -> dict[str, Page]:
    found = executable_pages(lessons, project, MdParserConfig())
    assert [page.docname for page in found] == sorted(page.docname for page in found)
    return {page.docname: page for page in found}


def test_lessons_are_carried_byte_by_byte(folders: tuple[Path, Path]) -> None:
    lessons, project = folders
    (lessons / "02_second.md").write_bytes("# η ≠ 0\r\n".encode())
    carry_lessons(lessons, project)
    assert contents(project / "tutorials") == contents(lessons)


def test_exercises_are_no_lessons(folders: tuple[Path, Path]) -> None:
    lessons, project = folders
    (lessons / "ex1_01_first.md").write_text(CODE + CELL, "utf-8")
    (lessons / "extra.md").write_text(CODE + CELL, "utf-8")
    carry_lessons(lessons, project)
    names = {"01_first.md", "02_second.md", "extra.md"}
    assert contents(project / "tutorials").keys() == names


def test_an_unchanged_lesson_keeps_its_time_and_a_changed_one_gets_a_new_text(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    carry_lessons(lessons, project)
    before = (project / "tutorials/01_first.md").stat().st_mtime_ns
    (lessons / "01_first.md").touch()
    (lessons / "02_second.md").write_text("# Changed\n", "utf-8")
    carry_lessons(lessons, project)
    assert (project / "tutorials/01_first.md").stat().st_mtime_ns == before
    assert contents(project / "tutorials") == contents(lessons)


def test_what_is_no_lesson_any_more_is_removed(folders: tuple[Path, Path]) -> None:
    lessons, project = folders
    carry_lessons(lessons, project)
    (lessons / "02_second.md").rename(lessons / "03_third.md")
    carry_lessons(lessons, project)
    assert sorted(contents(project / "tutorials")) == ["01_first.md", "03_third.md"]


def test_a_folder_that_an_editor_left_among_the_lessons_is_removed(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    (project / "tutorials/.ipynb_checkpoints").mkdir(parents=True)
    (project / "tutorials/.ipynb_checkpoints/01_first-checkpoint.md").touch()
    carry_lessons(lessons, project)
    assert {path.name for path in (project / "tutorials").iterdir()} == contents(
        lessons
    ).keys()


def test_a_folder_without_lessons_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing_here holds no lesson"):
        carry_lessons(tmp_path / "nothing_here", tmp_path)


def test_a_lesson_leads_back_to_the_file_a_contributor_edits(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    carry_lessons(lessons, project)
    found = pages(lessons, project)
    assert sorted(found) == ["tutorials/01_first", "tutorials/02_second"]
    assert found["tutorials/01_first"].source == lessons / "01_first.md"
    assert found["tutorials/01_first"].is_lesson


def test_a_hand_written_page_of_code_is_found_but_is_no_lesson(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    (project / "guides").mkdir()
    (project / "guides/by_hand.md").write_text(CODE + CELL, "utf-8")
    page = pages(lessons, project)["guides/by_hand"]
    assert page.source == project / "guides/by_hand.md"
    assert not page.is_lesson


def test_plain_pages_and_what_the_build_writes_are_left_out(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    (project / "plain.md").write_text("# Plain\n\n```python\n1 + 1\n```\n", "utf-8")
    (project / "_build").mkdir()
    (project / "_build/copy.md").write_text(CODE + CELL, "utf-8")
    (project / "real.md").write_text(CODE + CELL, "utf-8")
    assert list(pages(lessons, project)) == ["real"]


def test_the_cells_of_a_page_are_read_with_their_metadata(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    cell = "```{code-cell} python\n:tags: [remove-cell]\nx = 1\n```\n"
    (project / "page.md").write_text(CODE + cell + "\nMore.\n", "utf-8")
    cells = pages(lessons, project)["page"].notebook.cells
    assert [(cell.cell_type, cell.source) for cell in cells] == [
        ("markdown", "# Title"),
        ("code", "x = 1"),
        ("markdown", "More."),
    ]
    assert cells[1].metadata == {"tags": ["remove-cell"]}


def test_a_cell_is_named_by_its_number_and_the_line_below_its_fence(
    lesson: Callable[..., Page],
) -> None:
    page = lesson(
        f"# Title\n\n{CELL}\nWords.\n\n{CELL.replace('1 + 1', '2 + 2')}", "07_seven"
    )
    lines = page.source.read_text("utf-8").splitlines()
    assert page.where(1) == f"07_seven.md, cell 2 (line {lines.index('1 + 1') + 1})"
    assert page.where(3) == f"07_seven.md, cell 4 (line {lines.index('2 + 2') + 1})"
