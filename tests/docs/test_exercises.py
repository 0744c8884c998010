"""An exercise's text becomes a page: the stub is shown, the solution folded away and executed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from course.exercises import carry, page
from sphinx.errors import ExtensionError

from mlp_exercise.handout.reader import read

if TYPE_CHECKING:
    from tests.docs.conftest import Course

TEXT = """\
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

```{code-cell} python
:grade_id: given
t = %t%
seen = []
```

<details><summary>Hint: how?</summary>

Add $1$ and `1`.

</details>

```{code-cell} python
:tags: [answer]
:grade_id: a
# The sum (a)
a = None
### BEGIN SOLUTION
a = 1 + 1
### END SOLUTION
```

```{code-cell} python
:tags: [check]
:grade_id: check_a
:points: 0.5
# Checks the sum. Do not delete this cell.
print("the sum is", a, "and t is", t)
```

```{code-cell} python
print("the end")
```
"""


@pytest.fixture
def written() -> str:
    return page(read(TEXT, "ex9_01_tiny"))


def test_the_stub_is_shown_as_the_learner_finds_it(written: str) -> None:
    stub = "# The sum (a)\na = None\n# YOUR CODE HERE\nraise NotImplementedError()"
    assert f"```python\n{stub}\n```" in written


def test_solution_and_check_are_one_folded_cell_without_markers(written: str) -> None:
    call = 'print("the sum is", a, "and t is", t)'
    cell = f"---\n# The sum (a)\na = 1 + 1\n\n{call}\n```"
    assert cell in written
    assert "tags: [hide-cell]" in written
    assert 'code_prompt_show: "Show a solution"' in written
    assert written.count("the sum is") == 1
    assert "SOLUTION" not in written


def test_numbers_stand_in_text_and_code(written: str) -> None:
    assert "exercise's own: $t = \\begin{bmatrix} 0.5 \\end{bmatrix}$" in written
    assert "```{code-cell} python\nt = [0.5]\nseen = []\n```" in written


def test_hints_and_figures_look_like_those_of_lessons(written: str) -> None:
    assert (
        ":::{admonition} Hint: how?\n:class: hint\n:collapsible: closed\n\n"
        "Add $1$ and `1`.\n\n:::"
    ) in written
    assert (
        "```{figure} network.svg\n:name: fig-network\n"
        ":alt: A graph of the network with symbols\n\nFigure 1: Both passes.\n```"
    ) in written
    assert "<details>" not in written


def test_a_check_with_no_answer_above_it_is_a_cell_like_others() -> None:
    check = TEXT[TEXT.index("```{code-cell} python\n:tags: [check]") :]
    written = page(read(f"# Title\n\n{check.replace(', t)', ')')}", "ex"))
    assert "```{code-cell} python\n# Checks the sum." in written


def test_of_several_checks_all_are_printed() -> None:
    check = TEXT[TEXT.index("```{code-cell} python\n:tags: [check]") :].split("```\n")[
        0
    ]
    second = check.replace("check_a", "check_b").replace("print(", "str(")
    first = check.replace('print("the sum is", a, "and t is", t)', "str(a)")
    text = TEXT.replace(check, f"{first}```\n\n{second}")
    written = page(read(text, "ex9_01_tiny"))
    assert 'a = 1 + 1\n\nprint(str(a))\nprint(str("the sum is", a' in written
    assert "check_b" not in written


def test_a_drawn_figure_has_its_texts() -> None:
    options = ':grade_id: fit\n:alt: Curves: "both" fall.\n:caption: Left, the loss.\n'
    text = TEXT.replace('python\nprint("the end")', f"python\n{options}plot()")
    metadata = (
        '{"mystnb": {"image": {"alt": "Curves: \\"both\\" fall."}, '
        '"figure": {"name": "fig-fit", "caption": "Left, the loss."}}}'
    )
    assert f"---\n{metadata}\n---\nplot()" in page(read(text, "ex9_01_tiny"))


def test_what_is_for_the_page_alone_stands_there_as_any_other_text() -> None:
    only = "## Here\n\n```{worksheet}\n```"
    text = f"# Title\n\n:::{{page-only}}\n{only}\n:::\n\nAfter.\n"
    assert page(read(text, "ex")).endswith(f"# Title\n\n{only}\n\nAfter.\n")


def test_an_answer_without_a_check_is_folded_alone() -> None:
    start = TEXT.index("```{code-cell} python\n:tags: [answer]")
    answer = TEXT[start : TEXT.index("```{code-cell} python\n:tags: [check]")]
    written = page(read(f"# Title\n\n{answer}\nMore.\n", "ex"))
    assert written.endswith("# The sum (a)\na = 1 + 1\n```\n\nMore.\n")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    lessons, project = tmp_path / "tutorials_src", tmp_path / "docs"
    lessons.mkdir()
    project.mkdir()
    (lessons / "01_lesson.md").write_text("# A lesson\n", "utf-8")
    (lessons / "ex9_01_tiny.md").write_text(TEXT, "utf-8")
    return lessons, project


def test_pages_and_their_figures_are_carried_and_stale_ones_removed(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    carry(lessons, project)
    target = project / "exercises"
    assert {path.name for path in target.iterdir()} == {"ex9_01_tiny.md", "network.svg"}
    before = (target / "ex9_01_tiny.md").stat().st_mtime_ns
    carry(lessons, project)
    assert (target / "ex9_01_tiny.md").stat().st_mtime_ns == before
    (lessons / "ex9_01_tiny.md").unlink()
    carry(lessons, project)
    assert list(target.iterdir()) == []


def test_a_text_that_is_not_understood_stops_the_build(
    folders: tuple[Path, Path],
) -> None:
    lessons, project = folders
    wrong = TEXT.replace(":points: 0.5\n", "")
    (lessons / "ex9_01_tiny.md").write_text(wrong, "utf-8")
    with pytest.raises(ExtensionError, match=r"ex9_01_tiny.md, line \d+: a check"):
        carry(lessons, project)


@pytest.fixture(scope="module")
def with_exercise(fresh_course: Callable[[], Course]) -> Course:
    course = fresh_course()
    (course.root / "tutorials_src/ex9_01_tiny.md").write_text(TEXT, "utf-8")
    course.edit("docs/index.md", "tutorials/*\n", "tutorials/*\nexercises/*\n")
    course.build_well()
    return course


def test_the_verdict_in_a_folded_solution_is_computed(with_exercise: Course) -> None:
    body = with_exercise.page("exercises/ex9_01_tiny")
    (folded,) = body.select("details.above-input")
    assert "Show a solution" in folded.text
    assert "the sum is 2 and t is [0.5]" in folded.text
    assert "NotImplementedError" not in folded.text
    assert "the end" in body.text


def test_an_exercise_offers_the_students_notebook_below_its_title(
    with_exercise: Course,
) -> None:
    body = with_exercise.page("exercises/ex9_01_tiny")
    (link,) = body.select("h1 + p.lesson-links > a[download]")
    assert link["href"] == "../downloads/ex9_01_tiny.ipynb"
    cells = with_exercise.notebook("ex9_01_tiny").cells
    code = "\n".join(cell.source for cell in cells)
    assert "raise NotImplementedError()" in code
    assert "1 + 1" not in code
    assert "./tiny_package-1.2.0-" in cells[1].source
    lessons = {path.name for path in (with_exercise.site / "tutorials").iterdir()}
    assert lessons == {"01_alpha.html", "02_beta.html"}
