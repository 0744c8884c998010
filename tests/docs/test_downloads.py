"""Notebooks to download: they run anywhere, and hold what the page says in plain Markdown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from course.downloads import build_wheel, lesson_notebook, place_of, zip_folder
from course.sources import Page
from nbformat.v4 import new_code_cell, new_output
from sphinx.errors import ExtensionError

from mlp_exercise.handout.first_cell import installation
from mlp_exercise.handout.notebook import LICENCE, Notebook
from mlp_exercise.handout.plain import plain
from mlp_exercise.handout.source import SourceError

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Course

Lesson = Callable[..., Page]
Cells = Callable[[str], list[Notebook]]

LESSONS = ["01_alpha", "02_beta"]
CELL = "```{code-cell} python\n1 + 1\n```\n\n"
WHEEL = "tiny_package-1.2.0-py3-none-any.whl"


def wheel_of(site: Path) -> Path:
    (wheel,) = (site / "downloads").glob("*.whl")
    return wheel


def test_the_site_offers_each_lesson_and_one_wheel_that_holds_the_package(
    built: CleanBuild,
) -> None:
    offered = {path.name for path in (built.course.site / "downloads").iterdir()}
    wheel = wheel_of(built.course.site)
    notebooks = {f"{name}.ipynb" for name in LESSONS}
    assert offered == notebooks | {wheel.name, "tiny-course.zip"}
    assert wheel.name.startswith("tiny_package-1.2.0-")
    with zipfile.ZipFile(wheel) as archive:
        held = archive.read("tiny_package/numbers.py").decode()
    assert held == (built.course.root / "tiny_package/numbers.py").read_text("utf-8")


@pytest.mark.parametrize("name", LESSONS)
def test_the_download_link_stands_right_below_the_title(
    built: CleanBuild, name: str
) -> None:
    page = built.course.page(f"tutorials/{name}")
    (link,) = page.select("h1 + p.lesson-links > a[download]")
    assert (link.text, link["href"]) == (
        "Download notebook",
        f"../downloads/{name}.ipynb",
    )
    for other in ("index", "by_hand"):
        assert built.course.page(other).select("a[download]") == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_notebook_is_valid_and_holds_no_outputs(built: CleanBuild, name: str) -> None:
    notebook = built.course.notebook(name)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [f"{name}-{place}" for place in range(len(notebook.cells))]
    assert [cell.id for cell in notebook.cells] == ids
    wheel = wheel_of(built.course.site).name
    assert notebook.cells[0].source.startswith("# ")
    assert code[0].source == installation(wheel, "", "plot")


def test_a_notebook_says_what_the_page_says_in_plain_markdown(
    built: CleanBuild,
) -> None:
    notebook = built.course.notebook("01_alpha")
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    text = "\n".join(cell.source for cell in cells)
    assert "Its value is 2.50." in text
    assert "```python\ndef double(x: float) -> float:\n    return 2 * x\n```" in text
    assert "More of `double` in [the second lesson](02_beta.ipynb)." in text
    assert "glue" not in str(notebook), "a cell tagged remove-cell is the page's alone"
    numbers = [
        eq.text for eq in built.course.page("tutorials/01_alpha").select(".eqno")
    ]
    assert [re.sub(r"\D", "", number) for number in numbers] == ["1", "2"]
    assert re.findall(r"\\tag\{(\d+)\}", text) == ["1", "2"]
    assert "By (2) it is more" in text
    assert not re.search(r"\(first\)|\(second\)", text)


@pytest.mark.parametrize("name", LESSONS)
def test_a_notebook_runs_from_top_to_bottom_where_the_wheel_is_installed(
    built: CleanBuild, name: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel_of(built.course.site)) as archive:
        archive.extractall(tmp_path / "packages")
    notebook = built.course.site / f"downloads/{name}.ipynb"
    code = "import nbclient, nbformat, sys; nbclient.execute(nbformat.read(sys.argv[1], 4))"
    paths = {
        "PYTHONPATH": str(tmp_path / "packages"),
        "EXECUTIONS": str(tmp_path / "ran"),
    }
    ran = subprocess.run(
        [sys.executable, "-c", code, str(notebook)],
        cwd=tmp_path,
        env=os.environ | paths,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "ran").read_text().split() == [name]


def test_with_an_address_the_first_cell_and_links_lead_to_the_site(
    course: Course,
) -> None:
    site = "https://example.org/course"
    course.build_well(COURSE_BASE_ADDRESS=f"{site}/")
    assert course.executed() == []
    cells = course.notebook("01_alpha").cells
    assert cells[1].source == installation(wheel_of(course.site).name, site, "plot")
    assert f"[the second lesson]({site}/tutorials/02_beta.html#a-part)" in (
        cells[4].source
    )


def test_one_zip_holds_all_notebooks_and_the_wheel(built: CleanBuild) -> None:
    downloads = built.course.site / "downloads"
    with zipfile.ZipFile(downloads / "tiny-course.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    loose = [path for path in downloads.iterdir() if path.suffix != ".zip"]
    assert held == {f"tiny-course/{path.name}": path.read_bytes() for path in loose}


def test_a_zip_has_the_same_bytes_whenever_it_is_made(tmp_path: Path) -> None:
    made = []
    for name, order in (("one", "ab"), ("two", "ba")):
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        for letter in order:
            (folder / letter).write_text(letter)
        (folder / "a").chmod(0o600 if name == "one" else 0o664)
        zip_folder(folder, "all")
        made.append((folder / "all.zip").read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "two/all.zip") as archive:
        assert archive.namelist() == ["all/a", "all/b"]
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_wheel_that_cannot_be_built_passes_on_the_words_of_the_backend(
    tmp_path: Path,
) -> None:
    settings = '[project]\nname = "tiny"\nversion = "one"\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    with pytest.raises(ExtensionError, match=r"could not be built(?s:.*)one"):
        build_wheel(tmp_path, tmp_path / "wheels")


# -- One lesson


@pytest.fixture
def cells(lesson: Lesson) -> Cells:
    def cells(text: str) -> list[Notebook]:
        page = lesson(text, "07_seven")
        made: list[Notebook] = lesson_notebook(page, page.notebook, WHEEL, "")["cells"]
        return made

    return cells


@pytest.mark.parametrize("words", ["", "Words."])
def test_the_title_comes_first_and_the_text_after_it_follows_the_installation(
    cells: Cells, words: str
) -> None:
    made = cells(f"# Title\n\n{words}\n\n{CELL}More.\n")
    first = installation(WHEEL, "", "plot")
    sources = ["# Title", first, *filter(None, [words]), "1 + 1", "More.", LICENCE]
    assert [cell["source"] for cell in made] == sources
    code = [cell["source"] for cell in made if cell["cell_type"] == "code"]
    assert code == [first, "1 + 1"]


def test_a_lesson_asks_for_pytorch_only_where_a_cell_uses_it(cells: Cells) -> None:
    with_torch = CELL.replace("1 + 1", "import torch")
    assert '(wheel, "plot,torch"' in cells(f"# Title\n\n{with_torch}")[1]["source"]
    hidden = with_torch.replace("import", ":tags: [remove-cell]\nimport")
    for text in (CELL, hidden):
        assert "torch" not in cells(f"# Title\n\n{text}")[1]["source"]


@pytest.mark.parametrize(
    ("code", "extras"),
    [
        ("X, t = datasets.digits()", "plot,data"),
        ("import torch\nimport sklearn", "plot,torch,data"),
        ("digits = 3", "plot"),
    ],
)
def test_a_lesson_asks_for_data_only_where_a_cell_takes_it(
    cells: Cells, code: str, extras: str
) -> None:
    text = CELL.replace("1 + 1", code)
    assert f'(wheel, "{extras}"' in cells(f"# Title\n\n{text}")[1]["source"]


def test_the_caption_of_a_figure_stands_below_its_cell(cells: Cells) -> None:
    head = "---\nmystnb:\n  figure:\n    name: fig-line\n    caption: |\n"
    text = f"{head}      A line.\n      It rises.\n---\n1 + 1"
    *_, drawn, caption, _ = cells("# Title\n\n" + CELL.replace("1 + 1", text))
    assert (drawn["cell_type"], drawn["source"]) == ("code", "1 + 1")
    assert caption["cell_type"] == "markdown"
    assert caption["source"] == "**Figure:** A line. It rises."


def test_only_cells_for_the_page_alone_are_left_out(cells: Cells) -> None:
    tags = ("remove-cell", "hide-input", "remove-input", "remove-output")
    texts = [CELL.replace("1 + 1", f":tags: [{tag}]\nx = '{tag}'") for tag in tags]
    left = cells("# Title\n\n" + "".join(texts))[2:-1]
    assert [cell["source"] for cell in left] == [f"x = '{tag}'" for tag in tags[1:]]


def test_a_solution_is_hidden_until_a_reader_opens_it(cells: Cells) -> None:
    texts = [CELL.replace("1 + 1", f":tags: [{tag}]\n1") for tag in ("hide-cell", "x")]
    _, installed, solution, other, _ = cells("# Title\n\n" + "".join(texts))
    assert solution["metadata"] == {"jupyter": {"source_hidden": True}}
    assert installed["metadata"] == other["metadata"] == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"Words.\n\n{CELL}", "a lesson begins with its title"),
        (f"## Too deep\n\n{CELL}", "a lesson begins with its title"),
        (CELL, "a lesson begins with its title"),
        (f"# T\n\n{CELL}```{{raw-cell}}\nx\n```\n", "on line 14: a raw cell has no"),
        (f"# T\n\n{CELL}\nFirst.\n\nPress {{kbd}}`x`.", "on line 12: {kbd}`x` has no"),
        (
            f"# T\n\n{CELL}\n```{{source}} tiny.no\n```",
            "on line 12: no module .* tiny.no",
        ),
    ],
)
def test_what_has_no_plain_form_stops_the_build_and_is_named_with_its_line(
    cells: Cells, text: str, message: str
) -> None:
    with pytest.raises(SourceError, match=rf"07_seven\.md.*{message}"):
        cells(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{glue:text}`loss`", "0.2349"),
        ("{glue:text}`loss:.2f`", "0.23"),
        ("{glue:text}`loss:.1%`", "23.5%"),
        ("{glue:text}`steps:d`", "12"),
        ("{glue:text}`name`", "tanh"),
        ("By {eq}`one`.", "By (1)."),
        ("[here](#part)", "[here](https://c.org/tutorials/01_lesson.html#part)"),
        (
            "```{source} tiny.a tiny.b\n```",
            "```python\ndef a():\n    return 1\n\ndef b():\n    return 2\n```",
        ),
    ],
)
def test_a_lesson_refers_to_its_numbers_its_site_and_the_package(
    lesson: Lesson, text: str, shown: str
) -> None:
    page = lesson("# Any\n\n$$a$$ (one)")
    code = 'def a():\n    """Say."""\n    return 1\n\n\ndef b():\n    return 2\n'
    (page.source.parents[1] / "tiny.py").write_text(code, "utf-8")
    for name, number in {"loss": "0.2349", "steps": "12", "name": "'tanh'"}.items():
        data = {"application/papermill.record/text/plain": number}
        record = {"scrapbook": {"name": name}}
        output = new_output("display_data", data=data, metadata=record)
        page.notebook.cells.append(new_code_cell("glue(…)", outputs=[output]))
    assert plain(text, place_of(page, page.notebook, "https://c.org/")) == shown
