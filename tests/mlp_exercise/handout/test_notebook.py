"""The notebooks of the exercise: valid, the same every time, no solution in a learner's."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mlp_exercise.handout import notebook
from mlp_exercise.handout.first_cell import WHEEL, installation
from mlp_exercise.handout.notebook import LICENCE, fill
from mlp_exercise.handout.source import ANSWER, Cell, SourceError, load, names, stub
from mlp_exercise.part1.variants import variant
from mlp_reference import __version__, manual
from mlp_reference.worked_example import EXERCISE, WorkedExample

NAME = "ex1_01_pen_and_paper"
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
"""The exercise's own, to the letter, in the order of its steps."""

STEPS = list(PLACEHOLDERS)
SEEDS = (None, 0, 17, 123456789)
MAKERS = (notebook.student, notebook.solved, notebook.instructor)

Cells = dict[str, Any]
Maker = Callable[..., dict[str, Any]]


def numbers(seed: int | None) -> WorkedExample:
    return EXERCISE if seed is None else variant(seed)


def by_name(made: dict[str, Any]) -> Cells:
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in made["cells"]}


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.md").write_text(text, "utf-8")


@pytest.fixture
def student() -> Cells:
    return by_name(notebook.student(NAME, EXERCISE))


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.parametrize("make", MAKERS)
def test_every_notebook_is_valid_and_the_same_every_time(
    make: Maker, seed: int, name: str
) -> None:
    made, again = (make(name, numbers(seed), seed) for _ in range(2))
    text = notebook.as_text(made)
    assert text == notebook.as_text(again)
    node = nbformat.reads(text, nbformat.NO_CONVERT)
    assert text == nbformat.writes(node, nbformat.NO_CONVERT) + "\n", "as Jupyter does"
    nbformat.validate(node)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    for cell in node.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert nbformat.from_dict(made) == node


def test_the_answers_and_their_checks_stand_in_order_with_points(
    student: Cells,
) -> None:
    order = list(student)
    assert [name for name in order if name in STEPS] == STEPS
    for name in STEPS:
        header, rest = student[name]["source"].split("\n", 1)
        assert header.startswith("# ")
        stub = "# YOUR CODE HERE\nraise NotImplementedError()"
        assert rest == f"{PLACEHOLDERS[name]}\n{stub}"
        assert order[order.index(name) + 1] == f"check_{name}"
        comment, call = student[f"check_{name}"]["source"].split("\n")
        assert re.fullmatch(r"# Checks .*\. Do not delete this cell\.", comment)
        assert call == f'check("{name}", {name})'
    metadata = [cell["metadata"]["nbgrader"] for cell in student.values()]
    points = {m["grade_id"]: m["points"] for m in metadata if "points" in m}
    assert points == {f"check_{name}": 0.5 for name in STEPS}
    code = [name for name, cell in student.items() if cell["cell_type"] == "code"]
    assert code[-1] == "report"
    assert "Do not delete this cell" in student["report"]["source"]


def test_only_answers_can_be_edited_and_nbgrader_finds_what_its_schema_asks_for(
    student: Cells,
) -> None:
    for name, cell in student.items():
        metadata = cell["metadata"]["nbgrader"]
        is_answer, is_check = name in STEPS, name.removeprefix("check_") in STEPS
        assert metadata["solution"] is is_answer
        assert metadata["grade"] is (is_check and not is_answer)
        assert metadata["locked"] is not is_answer
        assert (metadata["schema_version"], metadata["task"]) == (3, False)
        assert re.fullmatch(r"[\w-]+", name)
        assert cell["id"] == name
        assert cell["metadata"]["deletable"] is False
        assert cell["metadata"].get("editable", True) == is_answer


@pytest.mark.parametrize("seed", SEEDS)
def test_no_solution_is_anywhere_in_a_students_file(seed: int | None) -> None:
    made = notebook.student(NAME, numbers(seed), seed)
    assert "SOLUTION" not in notebook.as_text(made)
    shown = {line.strip() for c in made["cells"] for line in c["source"].splitlines()}
    solutions = [c.text for c in load(NAME).cells if ANSWER in c.tags]
    assert len(solutions) == 12
    for cell in solutions:
        assert cell.count("### BEGIN SOLUTION") == cell.count("### END SOLUTION") == 1
        region = re.search(r"### BEGIN SOLUTION\n(.*)\n### END", cell, re.DOTALL)
        assert region is not None
        lines = {line.strip() for line in region[1].splitlines()} - {"]"}
        assert not lines & shown


def flat(value: Any) -> list[float]:
    return [v for x in value for v in flat(x)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("seed", SEEDS)
def test_solutions_give_what_manual_gives_and_hidden_tests_full_points(
    seed: int | None,
) -> None:
    """Run the instructor's cells as a kernel would; the last expression is a float."""
    made = notebook.instructor(NAME, numbers(seed), seed)
    scope: dict[str, Any] = {}
    for cell in made["cells"]:
        if cell["cell_type"] == "code" and cell["id"] not in ("installation", "report"):
            code, hidden, test = cell["source"].partition("\n### BEGIN HIDDEN TESTS\n")
            exec(code, scope)  # noqa: S102 - our own words
            if hidden:
                call = re.search(r"^check\.points\(.*\)", test, re.MULTILINE)
                assert call is not None
                assert repr(eval(call[0], scope)) == "0.5"  # noqa: S307 - our own words
    expected = manual.solve(numbers(seed))._asdict()
    for name in [*STEPS, "dL_dz", "dL_da", "dL_db1"]:
        right = pytest.approx(flat(expected[name]), rel=1e-12)
        assert flat(scope[name]) == right, name
    assert str(scope["check"].report()).count("correct") == 12
    assert "6.0 of 6.0 points" in str(scope["check"].report())


@pytest.mark.parametrize("name", names())
def test_an_instructors_notebook_is_the_students_with_solutions_and_hidden_tests(
    name: str,
) -> None:
    made, solved, student = (
        make(name, EXERCISE)["cells"]
        for make in (notebook.instructor, notebook.solved, notebook.student)
    )
    for cell, with_solution, without in zip(made, solved, student, strict=True):
        assert "deletable" not in cell["metadata"]
        assert cell == with_solution | {"source": cell["source"]}
        text, hidden, test = cell["source"].partition("\n### BEGIN HIDDEN TESTS\n")
        assert text == with_solution["source"]
        assert stub(text) == without["source"]
        assert bool(hidden) == cell["metadata"]["nbgrader"]["grade"]
        if hidden:  # warnings are cleared before the points are put out
            step = cell["id"].removeprefix("check_")
            end = f'\n\nclear_output()\ncheck.points("{step}")\n### END HIDDEN TESTS'
            assert test.endswith(end)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_numbers_of_a_notebook_are_those_of_its_seed(seed: int | None) -> None:
    example = numbers(seed)
    made = notebook.student(NAME, example, seed)
    scope: dict[str, Any] = {}
    exec(by_name(made)["given"]["source"], scope)  # noqa: S102 - our own words
    for name in ("W1", "b1", "W2", "b2", "x", "t", "learning_rate"):
        assert scope[name] == getattr(example, name)
    about = {"exercise": NAME, "variant": seed, "version": __version__}
    assert made["metadata"]["mlp_reference"] == about
    words = "the exercise's own" if seed is None else f"those of variant {seed}"
    text = notebook.as_text(made)
    assert f"The numbers are {words}." in text
    assert not re.search(r"%\w+%", text)


def test_the_title_comes_first_and_the_installation_second() -> None:
    made = notebook.student(NAME, EXERCISE, base_address="https://c.org")
    title, first, text = made["cells"][:3]
    assert re.fullmatch("# .+", title["source"])
    assert first["source"] == installation(WHEEL, "https://c.org")
    assert f"mlp_reference-{__version__}-py3-none-any.whl" == WHEEL
    assert "](https://c.org/tutorials/01_pen_and_paper.html)" in text["source"]


def test_a_learner_is_told_the_rules(student: Cells) -> None:
    cells = [cell for cell in student.values() if cell["cell_type"] == "markdown"]
    text = " ".join(cell["source"] for cell in cells)
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


CODE = "```{{code-cell}} python\n:tags: [{}]\n:grade_id: {}\n{}\n```\n"


def test_an_exercise_without_numbers_uses_the_same_mechanism(tmp_path: Path) -> None:
    solution = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
    answer = CODE.format("answer", "f", solution)
    check = CODE.format("check", "last", ":points: 2\nf(1)")
    text = f"---\nextras: plot,torch\n---\n# Other\n\n{answer}{check}"
    write(tmp_path, "ex9_02_other", text)
    made = notebook.student("ex9_02_other", folder=tmp_path)
    cells = by_name(made)
    assert list(cells) == ["title", "installation", "f", "last", "licence"]
    assert cells["installation"]["source"] == installation(WHEEL, "", "plot,torch")
    assert cells["f"]["source"].endswith("    raise NotImplementedError()")
    assert cells["last"]["metadata"]["nbgrader"]["points"] == 2
    assert made["metadata"]["mlp_reference"]["variant"] is None
    with pytest.raises(SourceError, match="a check cell is called last, expected chec"):
        notebook.instructor("ex9_02_other", folder=tmp_path)


@pytest.mark.parametrize("make", MAKERS)
def test_what_is_for_the_page_alone_is_in_no_notebook_and_renames_no_cell(
    tmp_path: Path, make: Maker
) -> None:
    only = ":::{page-only}\n## Here alone\n\n```{worksheet}\n```\n:::\n"
    for name, between in (("ex9_03_with", only), ("ex9_04_without", "")):
        cell = "```{code-cell} python\n1 + 1\n```\n"
        write(tmp_path, name, f"# Title\n\nBefore.\n\n{cell}\n{between}\nAfter.\n")
    with_it = make("ex9_03_with", folder=tmp_path)["cells"]
    assert with_it == make("ex9_04_without", folder=tmp_path)["cells"]
    assert [cell["source"] for cell in with_it[-2:]] == ["After.", LICENCE]


# -- Numbers in texts


@pytest.mark.parametrize(
    ("text", "seed", "words", "code"),
    [
        ("%VARIANT%", None, "the exercise's own", ""),
        ("%VARIANT%", 0, "those of variant 0", "variant=0"),
        ("%learning_rate%", None, "0.5", "0.5"),
        ("%W2%", 1, r"\begin{bmatrix} 0.7 & -0.8 \end{bmatrix}", "[[0.7, -0.8]]"),
        ("%t%", 1, r"\begin{bmatrix} 0.5 \end{bmatrix}", "[0.5]"),
        *((text, 1, text, text) for text in ("%pip install", "'%d' % 3, 5 % 2")),
    ],
)
def test_a_token_becomes_a_formula_in_words_and_a_literal_in_code(
    text: str, seed: int | None, words: str, code: str
) -> None:
    assert fill(Cell(f"({text})", 1), EXERCISE, seed) == f"({words})"
    assert fill(Cell(f"({text})", 1, is_code=True), EXERCISE, seed) == f"({code})"


def test_an_unknown_token_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"unknown token %W3% in line 12, .* W1, b1"):
        fill(Cell("a\n\n%W3%", 10), EXERCISE, None)
    assert fill(Cell("%VARIANT%", 1, is_code=True), None, None) == ""
    write(tmp_path, "ex9_01_bad", "# Title\n\n+++\n\nA %W1%\n")
    where = r"ex9_01_bad\.md, cell that begins on line 5: unknown token %W1% .* alone"
    with pytest.raises(SourceError, match=where):
        notebook.student("ex9_01_bad", folder=tmp_path)
