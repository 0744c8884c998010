"""The lessons follow the rules of the course."""

import re
from pathlib import Path

import nbformat
import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from mlp_exercise.handout.source import names
from mlp_exercise.submission.mark import EXERCISES as MARKED

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "tutorials_src").glob("[0-9]*.md"))
EXERCISES = sorted((ROOT / "tutorials_src").glob("ex*.md"))


@pytest.fixture(params=SOURCES, ids=lambda source: source.stem)
def source(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def cells(source: Path) -> list[nbformat.NotebookNode]:
    notebook = read_myst_markdown_notebook(source.read_text("utf-8"), path=source)
    return list(notebook.cells)


def prose(source: Path) -> str:
    text = "\n".join(
        cell.source for cell in cells(source) if cell.cell_type == "markdown"
    )
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`|\{[\w:]+\}`[^`]*`|\([^)]*\d{4}[^)]*\)", "", text)


def test_there_are_the_lessons_of_the_course() -> None:
    assert [source.stem for source in SOURCES] == [
        "00_gradient_descent",
        "01_pen_and_paper",
        "02_numpy_gradient",
        "03_pytorch_regression",
        "04_autograd",
        "05_classification",
        "06_data_parallel",
    ]


def test_every_text_is_a_lesson_or_an_exercise() -> None:
    texts = (ROOT / "tutorials_src").iterdir()
    assert sorted([*SOURCES, *EXERCISES]) == sorted(texts)
    assert [exercise.stem for exercise in EXERCISES] == names()
    assert names() == [exercise.name for exercise in MARKED]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda path: path.stem)
def test_an_exercise_keeps_the_rules_of_lessons_that_apply(exercise: Path) -> None:
    assert re.findall(r"\d+\.\d{2,}|\d[eE]-\d", prose(exercise)) == []
    code = [cell.source for cell in cells(exercise) if cell.cell_type == "code"]
    assert [line for cell in code for line in cell.split("\n") if len(line) > 88] == []


def test_a_lesson_opens_and_closes_as_all_do(source: Path) -> None:
    text = source.read_text("utf-8")
    headings = re.findall(r"^#{1,2} .*", text, flags=re.MULTILINE)
    assert headings[0].startswith("# ")
    assert headings[-3:] == ["## On your own", "## Further reading", "## Go on"]
    opening = text[: text.index(headings[1])]
    for word in ("What you will do", "**You will learn**", "**You need**"):
        assert word in opening


def links_at_the_end(source: Path) -> list[str]:
    """Return the names of the files to which the last section links."""
    _, heading, ending = source.read_text("utf-8").rpartition("\n## ")
    assert heading
    assert ending.startswith("Go on\n")
    return [Path(target).stem for target in re.findall(r"\]\(([^)]+)\)", ending)]


def test_a_lesson_leads_to_the_next_one_and_to_its_exercise(source: Path) -> None:
    links = links_at_the_end(source)
    following = [lesson.stem for lesson in SOURCES if lesson > source][:1]
    parts = [part for part in names() if part == f"ex1_{source.stem}"]
    assert {*following, *parts} <= set(links)
    assert links


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda path: path.stem)
def test_an_exercise_leads_back_to_its_lesson_and_on(exercise: Path) -> None:
    links = links_at_the_end(exercise)
    lessons = [lesson.stem for lesson in SOURCES]
    place = lessons.index(exercise.stem.removeprefix("ex1_"))
    parts = [part.stem for part in EXERCISES if part > exercise]
    assert {*lessons[place : place + 2], *parts[:1]} <= set(links)


def test_no_result_is_typed_in_prose(source: Path) -> None:
    # A number with two decimals or more is a result; given numbers have one.
    assert re.findall(r"\d+\.\d{2,}|\d[eE]-\d", prose(source)) == []


def test_a_cell_that_serves_the_page_alone_defines_nothing_for_the_others(
    source: Path,
) -> None:
    page_only = [
        c.source for c in cells(source) if "remove-cell" in c.metadata.get("tags", ())
    ]
    others = [
        cell.source
        for cell in cells(source)
        if cell.cell_type == "code"
        and "remove-cell" not in cell.metadata.get("tags", ())
    ]
    names = re.findall(r"^(\w+) =", "\n".join(page_only), flags=re.MULTILINE)
    assert "glue(" not in "\n".join(others)
    for name in names:
        defined_elsewhere = re.search(rf"\b{name} =|\b{name},", "\n".join(others))
        assert defined_elsewhere or not re.search(rf"\b{name}\b", "\n".join(others)), (
            name
        )


def test_code_fits_the_page(source: Path) -> None:
    lines = [
        line
        for c in cells(source)
        if c.cell_type == "code"
        for line in c.source.split("\n")
    ]
    assert [line for line in lines if len(line) > 88] == []
