"""The notebooks of the exercise: valid, the same every time, no solution in a learner's."""

import importlib.util
import re
import shlex
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement

from mlp_exercise.handout import notebook
from mlp_exercise.handout.notebook import fill, installation, instructor
from mlp_exercise.handout.source import ANSWER, Cell, SourceError, load, names, stub
from mlp_exercise.part1.variants import variant
from mlp_reference import __version__, manual
from mlp_reference.worked_example import EXERCISE, WorkedExample

NAME = "ex1_01_pen_and_paper"
STEPS = ["a", "z", "y", "loss", "dL_dy", "dL_dw2", "dL_db2", "dL_dw1"]
STEPS += ["W2_updated", "b2_updated", "W1_updated", "b1_updated"]
PLACEHOLDERS = {
    "a": "a = [None, None]",
    "z": "z = [None, None]",
    "y": "y = [None]",
    "loss": "loss = None",
    "dL_dy": "dL_dy = [None]",
    "dL_dw2": "dL_dw2 = [[None, None]]",
    "dL_db2": "dL_db2 = [None]",
    "dL_dw1": "dL_dw1 = [[None, None, None],\n          [None, None, None]]",
    "W2_updated": "W2_updated = [[None, None]]",
    "b2_updated": "b2_updated = [None]",
    "W1_updated": "W1_updated = [[None, None, None],\n              [None, None, None]]",
    "b1_updated": "b1_updated = [None, None]",
}
"""The exercise's own, to the letter."""

SEEDS = (None, 0, 17, 123456789)

Cells = dict[str, Any]
Maker = Callable[..., dict[str, Any]]


def numbers(seed: int | None) -> WorkedExample:
    return EXERCISE if seed is None else variant(seed)


def by_name(made: dict[str, Any]) -> Cells:
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in made["cells"]}


def run(made: dict[str, Any]) -> dict[str, Any]:
    """Run the cells as a kernel would and keep what is assigned; the last result is `_`."""
    scope: dict[str, Any] = {}
    for cell in made["cells"]:
        if cell["cell_type"] == "code" and cell["id"] not in ("installation", "report"):
            exec(cell["source"], scope)  # noqa: S102 - our own words
    return scope


@pytest.fixture
def student() -> Cells:
    return by_name(notebook.student(NAME, EXERCISE))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", [notebook.student, notebook.solved, instructor])
def test_every_notebook_is_valid_and_the_same_every_time(
    make: Maker, seed: int
) -> None:
    made, again = (make(NAME, numbers(seed), seed) for _ in range(2))
    text = notebook.as_text(made)
    assert text == notebook.as_text(again)
    node = nbformat.reads(text, nbformat.NO_CONVERT)
    nbformat.validate(node)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    for cell in node.cells:
        assert cell.cell_type != "code" or cell.outputs == []
        assert cell.get("execution_count") is None
    assert nbformat.from_dict(made) == node


def test_the_file_ends_in_a_line_break_and_keeps_letters_as_they_are() -> None:
    text = notebook.as_text(notebook.student(NAME, EXERCISE))
    assert text.endswith("}\n")
    assert "“Run it yourself”" in text


def test_the_twelve_answers_stand_in_their_order_with_their_placeholders(
    student: Cells,
) -> None:
    answers = [n for n, c in student.items() if c["metadata"]["nbgrader"]["solution"]]
    assert answers == STEPS
    for name in STEPS:
        header, rest = student[name]["source"].split("\n", 1)
        assert header.startswith("# ")
        stub = "# YOUR CODE HERE\nraise NotImplementedError()"
        assert rest == f"{PLACEHOLDERS[name]}\n{stub}"


def test_a_check_that_must_not_be_deleted_follows_each_answer(student: Cells) -> None:
    order = list(student)
    for name in STEPS:
        assert order[order.index(name) + 1] == f"check_{name}"
        comment, call = student[f"check_{name}"]["source"].split("\n")
        assert re.fullmatch(r"# Checks .*\. Do not delete this cell\.", comment)
        assert call == f'check("{name}", {name})'
    code = [name for name, cell in student.items() if cell["cell_type"] == "code"]
    assert code[-1] == "report"
    assert "Do not delete this cell" in student["report"]["source"]


def test_the_checks_are_worth_six_points(student: Cells) -> None:
    metadata = [cell["metadata"]["nbgrader"] for cell in student.values()]
    points = {m["grade_id"]: m["points"] for m in metadata if "points" in m}
    assert points == {f"check_{name}": 0.5 for name in STEPS}
    assert sum(points.values()) == 6.0


def test_nbgrader_finds_in_every_cell_what_its_schema_asks_for(student: Cells) -> None:
    for name, cell in student.items():
        metadata = cell["metadata"]["nbgrader"]
        kind = (metadata["grade"], metadata["solution"], metadata["locked"])
        if name in STEPS:
            assert kind == (False, True, False)
        elif name.removeprefix("check_") in STEPS:
            assert kind == (True, False, True)
        else:
            assert kind == (False, False, True)
        assert metadata["schema_version"] == 3
        assert metadata["task"] is False
        assert re.fullmatch(r"[\w-]+", name)
        assert cell["id"] == name


def test_only_the_answers_can_be_edited_and_no_cell_deleted(student: Cells) -> None:
    for name, cell in student.items():
        assert cell["metadata"]["deletable"] is False
        assert cell["metadata"].get("editable", True) == (name in STEPS)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_solution_is_anywhere_in_a_students_file(seed: int | None) -> None:
    made = notebook.student(NAME, numbers(seed), seed)
    assert "SOLUTION" not in notebook.as_text(made)
    shown = {line.strip() for c in made["cells"] for line in c["source"].splitlines()}
    solutions = [c.text for c in load(NAME).cells if ANSWER in c.tags]
    assert len(solutions) == 12
    for cell in solutions:
        region = re.search(r"### BEGIN SOLUTION\n(.*)\n### END", cell, re.DOTALL)
        assert region is not None
        lines = {line.strip() for line in region[1].splitlines()} - {"]"}
        assert not lines & shown


@pytest.mark.parametrize("seed", SEEDS)
def test_solutions_give_what_manual_gives_and_all_checks_say_correct(
    seed: int | None,
) -> None:
    scope = run(notebook.solved(NAME, numbers(seed), seed))
    expected = manual.solve(numbers(seed))._asdict()
    for name in [*STEPS, "dL_dz", "dL_da", "dL_db1"]:
        if name == "loss":
            assert scope[name] == pytest.approx(expected[name], rel=1e-12)
            continue
        flat, right = (
            [v for row in value for v in (row if isinstance(row, list) else [row])]
            for value in (scope[name], expected[name])
        )
        assert flat == pytest.approx(right, rel=1e-12), name
    assert str(scope["check"].report()).count("correct") == 12
    assert "6.0 of 6.0 points" in str(scope["check"].report())


def test_solutions_are_marked_as_nbgrader_marks_them() -> None:
    cells = by_name(notebook.solved(NAME, EXERCISE))
    for name in STEPS:
        assert PLACEHOLDERS[name] in cells[name]["source"]
        lines = cells[name]["source"].splitlines()
        assert lines.count("### BEGIN SOLUTION") == lines.count("### END SOLUTION") == 1
    assert "dL_da = " in cells["dL_dw1"]["source"]
    assert all("deletable" not in cell["metadata"] for cell in cells.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_numbers_of_a_notebook_are_those_of_its_seed(seed: int | None) -> None:
    example = numbers(seed)
    made = notebook.student(NAME, example, seed)
    scope: dict[str, Any] = {}
    exec(by_name(made)["given"]["source"], scope)  # noqa: S102 - our own words
    for name in ("W1", "b1", "W2", "b2", "x", "t", "learning_rate"):
        assert scope[name] == getattr(example, name)
    assert made["metadata"]["mlp_reference"] == {
        "exercise": NAME,
        "variant": seed,
        "version": __version__,
    }
    words = "the exercise's own" if seed is None else f"those of variant {seed}"
    text = notebook.as_text(made)
    assert f"The numbers are {words}." in text
    assert not re.search(r"%\w+%", text)


def test_the_title_comes_first_and_the_installation_second() -> None:
    made = notebook.student(NAME, EXERCISE, base_address="https://c.org")
    title, installation, text = made["cells"][:3]
    assert re.fullmatch("# .+", title["source"])
    wheel = f"mlp_reference-{__version__}-py3-none-any.whl"
    assert (
        f'"mlp_reference @ https://c.org/downloads/{wheel}"' in installation["source"]
    )
    assert "](https://c.org/tutorials/01_pen_and_paper.html)" in text["source"]


def test_a_learner_is_told_the_rules() -> None:
    made = notebook.student(NAME, EXERCISE)
    text = " ".join(c["source"] for c in made["cells"] if c["cell_type"] == "markdown")
    for rule in (
        "**6 points**",
        "`ex1_01_pen_and_paper.ipynb`",
        "not renamed",
        "Do not delete any cell",
        "**Be accurate to two decimals.**",
        "**Keep the shapes.**",
        "**No mistake counts twice.**",
        "Carry full precision",
        "**Remove `raise NotImplementedError()`**",
        "tells you at once whether your answer is right",
        r"No step has asked you for $\partial L / \partial \mathbf{b}_1$",
    ):
        assert rule in text
    assert text.count("<details><summary>Hint") == text.count("</details>") == 3
    assert text.count("<img alt=") == 1
    assert not re.search(
        r"\{[\w:]+\}`|:::|```\{|^:\w+:|\]\((?!http)", text, re.MULTILINE
    )


def test_an_exercise_without_numbers_uses_the_same_mechanism(tmp_path: Path) -> None:
    (tmp_path / "ex9_02_other.md").write_text(
        "---\nextras: plot,torch\n---\n# Other\n\n"
        "```{code-cell} python\n:tags: [answer]\n:grade_id: forward\n"
        "def forward(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n```\n"
        "```{code-cell} python\n:tags: [check]\n:grade_id: check_forward\n:points: 2\n"
        "forward(1)\n```\n",
        "utf-8",
    )
    made = notebook.student("ex9_02_other", folder=tmp_path)
    assert [cell["id"] for cell in made["cells"]] == [
        *("title", "installation", "forward", "check_forward")
    ]
    cells = by_name(made)
    assert ".whl[plot,torch]" in cells["installation"]["source"]
    assert cells["forward"]["source"].endswith("    raise NotImplementedError()")
    assert cells["check_forward"]["metadata"]["nbgrader"]["points"] == 2
    assert made["metadata"]["mlp_reference"]["variant"] is None


def test_what_is_for_the_page_alone_is_in_no_notebook_and_renames_no_cell(
    tmp_path: Path,
) -> None:
    cell = "```{code-cell} python\n1 + 1\n```\n"
    only = ":::{page-only}\n## Here alone\n\n```{worksheet}\n```\n:::\n"
    for name, between in (("ex9_03_with", only), ("ex9_04_without", "")):
        text = f"# Title\n\nBefore.\n\n{cell}\n{between}\nAfter.\n"
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    for make in (notebook.student, notebook.solved):
        with_it = make("ex9_03_with", folder=tmp_path)["cells"]
        assert with_it == make("ex9_04_without", folder=tmp_path)["cells"]
        assert with_it[-1]["source"] == "After."


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


def installed_by(cell: str) -> list[str]:
    """Run the first code cell and return the arguments it gives to `%pip`."""
    given: list[str] = []

    def run_line_magic(name: str, line: str) -> None:
        assert name == "pip"
        given.extend(shlex.split(line))

    ipython = SimpleNamespace(run_line_magic=run_line_magic)
    plain = TransformerManager().transform_cell(cell)  # type: ignore[no-untyped-call]  # IPython's
    exec(plain, {"get_ipython": lambda: ipython})  # noqa: S102 - our own words
    return given


def test_the_wheel_beside_the_notebook_is_installed_where_no_site_is_known() -> None:
    cell = installation("no_such_package-0.1-py3-none-any.whl", "")
    wheel = "./no_such_package-0.1-py3-none-any.whl"
    assert installed_by(cell) == ["install", "--quiet", wheel]


def test_with_an_address_the_wheel_comes_from_the_site() -> None:
    cell = installation(
        "no_such_package-0.1-py3-none-any.whl", "https://example.org/c/", "plot,torch"
    )
    requirement = Requirement(installed_by(cell)[-1])
    wheel = "no_such_package-0.1-py3-none-any.whl"
    assert requirement.url == f"https://example.org/c/downloads/{wheel}"
    assert requirement.extras == {"plot", "torch"}


def test_without_extras_no_further_module_is_asked_for() -> None:
    cell = installation(f"nbformat-{version('nbformat')}-py3-none-any.whl", "")
    assert "find_spec" not in cell
    assert "[" not in cell
    assert installed_by(cell) == []


@pytest.mark.parametrize("address", ["", "https://example.org"])
def test_only_the_very_version_of_the_notebook_is_not_installed_again(
    address: str,
) -> None:
    here = version("nbformat")
    assert (
        installed_by(installation(f"nbformat-{here}-py3-none-any.whl", address)) == []
    )
    assert installed_by(installation("nbformat-0.1-py3-none-any.whl", address)) != []
    assert (
        installed_by(installation("no_such_package-0.1-py3-none-any.whl", address))
        != []
    )


def test_a_package_that_came_without_what_this_notebook_needs_is_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = installation(f"nbformat-{version('nbformat')}-py3-none-any.whl", "", "plot")
    assert installed_by(cell) == []
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert installed_by(cell) != []


def test_in_a_formula_a_vector_is_a_column_and_a_matrix_a_matrix() -> None:
    assert filled("$%x%$") == r"$\begin{bmatrix} 0.3 \\ 0.4 \\ -0.1 \end{bmatrix}$"
    assert filled("$%W2%$") == r"$\begin{bmatrix} 0.7 & -0.8 \end{bmatrix}$"
    assert filled(r"$\eta = %learning_rate%$") == r"$\eta = 0.5$"


def filled(text: str, variant: int | None = None, *, is_code: bool = False) -> str:
    return fill(Cell(text, 1, is_code), EXERCISE, variant)


def test_the_text_says_which_numbers_these_are() -> None:
    assert filled("They are %VARIANT%.") == "They are the exercise's own."
    assert filled("They are %VARIANT%.", 17) == "They are those of variant 17."
    assert filled("Checks(%VARIANT%)", is_code=True) == "Checks()"
    assert filled("Checks(%VARIANT%)", 0, is_code=True) == "Checks(variant=0)"


def test_other_per_cent_signs_stay() -> None:
    text = "%pip install\nprint('%d' % 3, 5 % 2)"
    assert filled(text, is_code=True) == text


def test_an_unknown_token_is_named_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"unknown token %W3% in line 12, .* W1, b1"):
        fill(Cell("a\n\n%W3%", 10), EXERCISE, None)
    with pytest.raises(SourceError, match=r"unknown token %W1% .* VARIANT alone"):
        fill(Cell("%W1%", 1), None, None)
    assert fill(Cell("Checks(%VARIANT%)", 1, is_code=True), None, None) == "Checks()"


def test_a_cell_that_cannot_be_shown_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "ex9_01_bad.md").write_text("# Title\n\n+++\n\nA %nothing%\n", "utf-8")
    where = r"ex9_01_bad\.md, cell that begins on line 5: unknown token %nothing%"
    with pytest.raises(SourceError, match=where):
        notebook.student("ex9_01_bad", folder=tmp_path)
