"""The instructor's notebook: the solved one, and in each check cell a hidden test."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mlp_exercise.handout import notebook
from mlp_exercise.handout.cells import SourceError
from mlp_exercise.handout.instructor import instructor, write_instructor
from mlp_exercise.handout.source import names
from mlp_exercise.handout.stubs import stub
from mlp_exercise.part1.variants import variant
from mlp_reference.worked_example import EXERCISE

NAME = "ex1_01_pen_and_paper"
REGION = re.compile(r"\n### BEGIN HIDDEN TESTS\n(.*)\n### END HIDDEN TESTS$", re.DOTALL)


def is_check(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"]["nbgrader"]["grade"])


@pytest.mark.parametrize("name", names())
def test_without_solutions_and_hidden_tests_it_is_the_students_notebook(
    name: str,
) -> None:
    cells = instructor(name, EXERCISE)["cells"]
    left = [REGION.sub("", stub(cell["source"])) for cell in cells]
    students = notebook.student(name, EXERCISE)["cells"]
    assert left == [cell["source"] for cell in students]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in students]


@pytest.mark.parametrize("name", names())
def test_hidden_tests_stand_in_check_cells_and_nowhere_else(name: str) -> None:
    cells = instructor(name, EXERCISE)["cells"]
    for cell, solved in zip(
        cells, notebook.solved(name, EXERCISE)["cells"], strict=True
    ):
        assert cell == solved | {"source": cell["source"]}
        assert bool(REGION.search(cell["source"])) == is_check(solved)
        assert REGION.sub("", cell["source"]) == solved["source"]
    assert any(map(is_check, cells))


@pytest.mark.parametrize("name", names())
def test_it_is_valid_and_the_same_every_time(name: str) -> None:
    text = notebook.as_text(instructor(name, EXERCISE))
    assert text == notebook.as_text(instructor(name, EXERCISE))
    nbformat.validate(nbformat.reads(text, nbformat.NO_CONVERT))


@pytest.mark.parametrize("seed", [None, 17])
def test_the_last_expression_of_each_check_is_its_points_as_a_float(
    seed: int | None,
) -> None:
    made = instructor(NAME, EXERCISE if seed is None else variant(seed), seed)
    scope: dict[str, Any] = {}
    found, full = [], []
    for cell in made["cells"]:
        if cell["cell_type"] != "code" or cell["id"] == "installation":
            continue
        code, _, last = cell["source"].rpartition("\ncheck.points(")
        exec(code or cell["source"], scope)  # noqa: S102 - our own words
        if is_check(cell):
            expression = "check.points(" + last.split("\n")[0]
            found.append(eval(expression, scope))  # noqa: S307 - our own words
            full.append(cell["metadata"]["nbgrader"]["points"])
    assert found == full == [0.5] * 12
    assert {type(points) for points in found} == {float}


def test_warnings_are_cleared_before_the_points_are_put_out() -> None:
    for cell in filter(is_check, instructor(NAME, EXERCISE)["cells"]):
        hidden = REGION.search(cell["source"])
        assert hidden
        step = cell["id"].removeprefix("check_")
        assert hidden[1].endswith(f'\n\nclear_output()\ncheck.points("{step}")')


def test_a_check_cell_whose_name_tells_no_step_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ex9_02_other.md").write_text(
        "# Other\n\n"
        "```{code-cell} python\n:tags: [check]\n:grade_id: last\n:points: 2\n"
        'check("forward")\n```\n',
        "utf-8",
    )
    with pytest.raises(SourceError, match="a check cell is called last, expected chec"):
        instructor("ex9_02_other", folder=tmp_path)


def test_every_exercise_is_an_assignment_in_the_folder_of_a_course(
    tmp_path: Path,
) -> None:
    write_instructor(tmp_path / "course", EXERCISE, "https://c.org")
    files = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    assert files == {Path(f"course/source/{n}/{n}.ipynb") for n in names()}
    text = (tmp_path / f"course/source/{NAME}/{NAME}.ipynb").read_text("utf-8")
    made = instructor(NAME, EXERCISE, base_address="https://c.org")
    assert text == notebook.as_text(made)
    assert "https://c.org/downloads/mlp_reference-" in text
