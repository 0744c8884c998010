"""What a cell printed and drew is looked at before readers see it."""

from collections.abc import Callable
from typing import Any

import pytest
from course.outputs import problems
from course.sources import Page
from nbformat import NotebookNode
from nbformat.v4 import new_output

CELL = "```{code-cell} python\npass\n```\n"

Run = Callable[..., list[str]]


def stream(name: str, text: str) -> NotebookNode:
    output: NotebookNode = new_output("stream", name=name, text=text)
    return output


def picture(kind: str) -> NotebookNode:
    data = {kind: "…", "text/plain": "<Figure>"}
    output: NotebookNode = new_output("display_data", data=data)
    return output


@pytest.fixture
def problems_of(lesson: Callable[..., Page]) -> Run:
    """List the problems of a lesson whose code cells, from the second cell on, gave outputs."""

    def run(
        *cells: list[NotebookNode], metadata: dict[str, Any] | None = None
    ) -> list[str]:
        page = lesson("# Title\n\n" + CELL * len(cells), "07_seven")
        for cell, outputs in zip(page.notebook.cells[1:], cells, strict=True):
            cell.outputs = outputs
            cell.metadata = NotebookNode(metadata or {})
        return problems(page, page.notebook)

    return run


def with_alt(text: object) -> dict[str, Any]:
    return {"mystnb": NotebookNode(image=NotebookNode(alt=text))}


def test_output_on_stderr_is_a_problem_of_its_lesson_and_cell(problems_of: Run) -> None:
    (problem,) = problems_of([], [stream("stderr", "UserWarning: careful\n")])
    assert problem.startswith("07_seven.md, cell 3 (line 13)")
    assert problem.endswith("writes to stderr: UserWarning: careful")


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/png"])
def test_a_picture_without_alternative_text_is_a_problem(
    problems_of: Run, kind: str
) -> None:
    (problem,) = problems_of([], [picture(kind)])
    assert problem.startswith("07_seven.md, cell 3 (line 13)")
    assert "picture without alternative text" in problem
    assert "mystnb: image: alt" in problem, "it tells what to do"


@pytest.mark.parametrize(
    "metadata",
    [{}, {"mystnb": NotebookNode(image=NotebookNode(width="9px"))}]
    + [with_alt(text) for text in ("", " \n", None)],
    ids=["no settings", "other settings", "empty", "blank", "null"],
)
def test_an_empty_alternative_text_is_none(
    problems_of: Run, metadata: dict[str, Any]
) -> None:
    assert len(problems_of([picture("image/png")], metadata=metadata)) == 1


def test_printed_text_values_and_described_pictures_are_no_problem(
    problems_of: Run,
) -> None:
    outputs = [
        stream("stdout", "all is well"),
        new_output("execute_result", data={"text/plain": "1"}, execution_count=1),
        picture("image/svg+xml"),
    ]
    assert problems_of(outputs, metadata=with_alt("A falling curve")) == []


def test_every_problem_is_listed_in_the_order_of_the_cells(problems_of: Run) -> None:
    found = problems_of(
        [stream("stderr", "first"), picture("image/png")],
        [],
        [stream("stderr", "second")],
    )
    assert ["cell 2" in line for line in found] == [True, True, False]
    assert found[0].endswith("first")
    assert "picture" in found[1]
    assert "cell 4" in found[2]
    assert found[2].endswith("second")
