"""Lessons are carried into the project as they are, exercises become pages of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from course.sources import Page, carry, executable_pages, exercise_page
from myst_parser.config.main import MdParserConfig
from sphinx.errors import ExtensionError

from mlp_exercise.handout.source import read

if TYPE_CHECKING:
    from tests.docs.conftest import Course

CODE = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# Title\n\n"
CELL = "```{code-cell} python\n1 + 1\n```\n"

ANSWER = """\
```{code-cell} python
:tags: [answer]
:grade_id: a
# The sum (a)
a = None
### BEGIN SOLUTION
a = 1 + 1
### END SOLUTION
```
"""
CHECK = """\
```{code-cell} python
:tags: [check]
:grade_id: check_a
:points: 0.5
# Checks the sum. Do not delete this cell.
print("the sum is", a, "and t is", t)
```
"""
EXERCISE = f"""\
---
file_format: mystnb
kernelspec:
  name: python3
---

# Tiny exercise

See [the first lesson](../tutorials/01_alpha.md).
The numbers are %VARIANT%: $t = %t%$.

![A graph of the network with symbols](network.svg)

*Figure 1: Both passes.*

```{{code-cell}} python
:grade_id: given
t = %t%
seen = []
```

<details><summary>Hint: how?</summary>

Add $1$ and `1`.

</details>

{ANSWER}
{CHECK}
```{{code-cell}} python
print("the end")
```
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Make a folder of two lessons and an exercise, and an empty Sphinx project."""
    texts, project = tmp_path / "tutorials_src", tmp_path / "docs"
    texts.mkdir()
    project.mkdir()
    for name in ("01_first.md", "extra.md"):
        (texts / name).write_text(CODE + CELL, "utf-8")
    (texts / "ex9_01_tiny.md").write_text(EXERCISE, "utf-8")
    return texts, project


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def pages(texts: Path, project: Path) -> dict[str, Page]:
    found = executable_pages(texts, project, MdParserConfig())
    assert [page.docname for page in found] == sorted(page.docname for page in found)
    return {page.docname: page for page in found}


def test_lessons_are_carried_byte_by_byte_and_exercises_apart(
    folders: tuple[Path, Path],
) -> None:
    texts, project = folders
    (texts / "extra.md").write_bytes("# η ≠ 0\r\n".encode())
    carry(texts, project)
    lessons = {n: c for n, c in contents(texts).items() if n != "ex9_01_tiny.md"}
    assert contents(project / "tutorials") == lessons
    exercises = contents(project / "exercises")
    figures = {"network.svg", "network-upright.svg"}
    assert exercises.keys() == {"ex9_01_tiny.md"} | figures


def test_what_is_unchanged_keeps_its_time_and_what_is_gone_is_removed(
    folders: tuple[Path, Path],
) -> None:
    texts, project = folders
    carry(texts, project)
    carried = [project / "tutorials/01_first.md", project / "exercises/ex9_01_tiny.md"]
    before = [path.stat().st_mtime_ns for path in carried]
    (project / "tutorials/.ipynb_checkpoints").mkdir()
    (project / "tutorials/.ipynb_checkpoints/01_first-checkpoint.md").touch()
    (texts / "01_first.md").touch()
    (texts / "extra.md").rename(texts / "02_other.md")
    carry(texts, project)
    assert [path.stat().st_mtime_ns for path in carried] == before
    (texts / "01_first.md").write_text("# Changed\n", "utf-8")
    (texts / "ex9_01_tiny.md").unlink()
    carry(texts, project)
    assert contents(project / "tutorials") == contents(texts)
    assert {path.name for path in (project / "tutorials").iterdir()} == {
        "01_first.md",
        "02_other.md",
    }
    assert list((project / "exercises").iterdir()) == []


def test_a_folder_without_lessons_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing_here holds no lesson"):
        carry(tmp_path / "nothing_here", tmp_path)


def test_a_text_that_is_not_understood_stops_the_build(
    folders: tuple[Path, Path],
) -> None:
    texts, project = folders
    wrong = EXERCISE.replace(":points: 0.5\n", "")
    (texts / "ex9_01_tiny.md").write_text(wrong, "utf-8")
    with pytest.raises(ExtensionError, match=r"ex9_01_tiny.md, line \d+: a check"):
        carry(texts, project)


# -- Pages that hold code


def test_a_page_leads_back_to_the_file_a_contributor_edits(
    folders: tuple[Path, Path],
) -> None:
    texts, project = folders
    carry(texts, project)
    (project / "guides").mkdir()
    (project / "guides/by_hand.md").write_text(CODE + CELL, "utf-8")
    (project / "plain.md").write_text("# Plain\n\n```python\n1 + 1\n```\n", "utf-8")
    (project / "_build").mkdir()
    (project / "_build/copy.md").write_text(CODE + CELL, "utf-8")
    found = pages(texts, project)
    assert {name: (page.source, page.is_lesson) for name, page in found.items()} == {
        "exercises/ex9_01_tiny": (project / "exercises/ex9_01_tiny.md", False),
        "guides/by_hand": (project / "guides/by_hand.md", False),
        "tutorials/01_first": (texts / "01_first.md", True),
        "tutorials/extra": (texts / "extra.md", True),
    }


def test_the_cells_of_a_page_are_read_with_their_metadata(
    folders: tuple[Path, Path],
) -> None:
    texts, project = folders
    cell = "```{code-cell} python\n:tags: [remove-cell]\nx = 1\n```\n"
    (project / "page.md").write_text(CODE + cell + "\nMore.\n", "utf-8")
    cells = pages(texts, project)["page"].notebook.cells
    assert [(cell.cell_type, cell.source) for cell in cells] == [
        ("markdown", "# Title"),
        ("code", "x = 1"),
        ("markdown", "More."),
    ]
    assert cells[1].metadata == {"tags": ["remove-cell"]}


def test_a_cell_is_named_by_its_number_and_the_line_below_its_fence(
    lesson: Callable[..., Page],
) -> None:
    second = CELL.replace("1 + 1", "2 + 2")
    page = lesson(f"# Title\n\n{CELL}\nWords.\n\n{second}", "07_seven")
    lines = page.source.read_text("utf-8").splitlines()
    assert page.where(1) == f"07_seven.md, cell 2 (line {lines.index('1 + 1') + 1})"
    assert page.where(3) == f"07_seven.md, cell 4 (line {lines.index('2 + 2') + 1})"


# -- The page of an exercise


def written(text: str) -> str:
    return exercise_page(read(text, "ex9_01_tiny"))


def test_stubs_numbers_hints_and_figures_stand_on_the_page_as_readers_need_them() -> (
    None
):
    page = written(EXERCISE)
    for shown in (
        "```python\n# The sum (a)\na = None\n# YOUR CODE HERE\n"
        "raise NotImplementedError()\n```",
        "exercise's own: $t = \\begin{bmatrix} 0.5 \\end{bmatrix}$",
        "```{code-cell} python\nt = [0.5]\nseen = []\n```",
        ":::{admonition} Hint: how?\n:class: hint\n:collapsible: closed\n\n"
        "Add $1$ and `1`.\n\n:::",
        "```{figure} network.svg\n:name: fig-network\n"
        ":alt: A graph of the network with symbols\n\nFigure 1: Both passes.\n```",
    ):
        assert shown in page
    assert "<details>" not in page


def test_solution_and_check_are_one_folded_cell_without_markers() -> None:
    page = written(EXERCISE)
    call = 'print("the sum is", a, "and t is", t)'
    assert f"---\n# The sum (a)\na = 1 + 1\n\n{call}\n```" in page
    assert "tags: [hide-cell]" in page
    assert 'code_prompt_show: "Show a solution"' in page
    assert page.count("the sum is") == 1
    assert "SOLUTION" not in page


def test_a_check_and_an_answer_may_each_stand_alone() -> None:
    alone = written(f"# Title\n\n{CHECK}")
    assert "```{code-cell} python\n# Checks the sum." in alone
    unchecked = written(f"# Title\n\n{ANSWER}\nMore.\n")
    assert unchecked.endswith("# The sum (a)\na = 1 + 1\n```\n\nMore.\n")


def test_of_several_checks_all_are_printed() -> None:
    call = 'print("the sum is", a, "and t is", t)'
    first = CHECK.replace(call, "str(a)")
    second = CHECK.replace("check_a", "check_b").replace(call, "str(t)")
    page = written(EXERCISE.replace(CHECK, f"{first}\n{second}"))
    assert "a = 1 + 1\n\nprint(str(a))\nprint(str(t))\n```" in page
    assert "check_b" not in page


def test_a_drawn_figure_has_its_texts() -> None:
    options = ':grade_id: fit\n:alt: Curves: "both" fall.\n:caption: Left, the loss.\n'
    text = EXERCISE.replace('python\nprint("the end")', f"python\n{options}plot()")
    metadata = (
        '{"mystnb": {"image": {"alt": "Curves: \\"both\\" fall."}, '
        '"figure": {"name": "fig-fit", "caption": "Left, the loss."}}}'
    )
    assert f"---\n{metadata}\n---\nplot()" in written(text)


def test_beside_the_worksheet_cells_fold_and_none_checks() -> None:
    page = written(f"{EXERCISE}\n:::{{page-only}}\n```{{worksheet}}\n```\n:::\n")
    stub = "# The sum (a)\na = None\n# YOUR CODE HERE\nraise NotImplementedError()"
    assert f"```{{boxes}} a\n{stub}\n```" in page
    assert "---\n# The sum (a)\na = 1 + 1\n```" in page
    assert "the sum is" not in page
    assert "<span data-whose>the exercise's own</span>" in page
    cells = re.findall(r"tags: \[(.+)\]\n.*\n  code_prompt_show: \"(.+)\"", page)
    given = (
        "hide-input, remove-output",
        "The notebook’s cell, with the exercise’s own numbers",
    )
    assert given in cells
    assert ("hide-input, remove-output", "The notebook’s cell") in cells
    assert ("hide-cell", "Show a solution") in cells


def test_what_is_for_the_page_alone_stands_there_as_any_other_text() -> None:
    only = "## Here\n\n```{worksheet}\n```"
    page = written(f"# Title\n\n:::{{page-only}}\n{only}\n:::\n\nAfter.\n")
    assert page.endswith(f"# Title\n\n{only}\n\nAfter.\n")


def test_a_built_exercise_shows_computed_verdicts_and_offers_its_notebook(
    course: Course,
) -> None:
    (course.root / "tutorials_src/ex9_01_tiny.md").write_text(EXERCISE, "utf-8")
    course.edit("docs/index.md", "tutorials/*\n", "tutorials/*\nexercises/*\n")
    course.build_well()
    body = course.page("exercises/ex9_01_tiny")
    (folded,) = body.select("details.above-input")
    assert "Show a solution" in folded.text
    assert "the sum is 2 and t is [0.5]" in folded.text
    assert "NotImplementedError" not in folded.text
    assert "the end" in body.text
    (link,) = body.select("h1 + p.lesson-links > a[download]")
    assert link["href"] == "../downloads/ex9_01_tiny.ipynb"
    cells = course.notebook("ex9_01_tiny").cells
    code = "\n".join(cell.source for cell in cells)
    assert "raise NotImplementedError()" in code
    assert "1 + 1" not in code
    assert '"tiny_package-1.2.0-' in cells[1].source
    lessons = {path.name for path in (course.site / "tutorials").iterdir()}
    assert lessons == {"01_alpha.html", "02_beta.html"}
