"""Notebooks to download: they run anywhere, and hold what the page says in plain Markdown."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import nbformat
import pytest
from course.export import complete_notebook
from course.sources import Page
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from sphinx.errors import ExtensionError

from mlp_exercise.handout.installation import installation

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Course

LESSONS = ["01_alpha", "02_beta"]
CELL = "```{code-cell} python\n1 + 1\n```\n\n"
WHEEL = "tiny_package-1.2.0-py3-none-any.whl"


def wheel_of(site: Path) -> Path:
    (wheel,) = (site / "downloads").glob("*.whl")
    return wheel


@pytest.fixture
def complete(lesson: Callable[..., Page]) -> Callable[[str], nbformat.NotebookNode]:
    def complete(text: str) -> nbformat.NotebookNode:
        page = lesson(text, "07_seven")
        return complete_notebook(page, page.notebook, WHEEL, "")

    return complete


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


def test_the_site_offers_each_lesson_and_one_wheel_that_holds_the_package(
    built: CleanBuild,
) -> None:
    offered = {path.name for path in (built.course.site / "downloads").iterdir()}
    wheel = wheel_of(built.course.site)
    notebooks = {"01_alpha.ipynb", "02_beta.ipynb"}
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
    assert link.text == "Download notebook"
    folder = built.course.site / "tutorials"
    assert (folder / str(link["href"])).resolve() == (
        built.course.site / f"downloads/{name}.ipynb"
    ).resolve()
    assert (folder / str(link["href"])).is_file()


@pytest.mark.parametrize("docname", ["index", "by_hand"])
def test_other_pages_offer_no_notebook(built: CleanBuild, docname: str) -> None:
    assert built.course.page(docname).select("a[download]") == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_notebook_is_valid_and_holds_no_outputs(built: CleanBuild, name: str) -> None:
    notebook = built.course.notebook(name)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in notebook.cells] == [
        f"{name}-{place}" for place in range(len(notebook.cells))
    ]


def test_a_notebook_says_what_the_page_says_in_plain_markdown(
    built: CleanBuild,
) -> None:
    notebook = built.course.notebook("01_alpha")
    text = "\n".join(
        cell.source for cell in notebook.cells if cell.cell_type == "markdown"
    )
    assert "Its value is 2.50." in text
    assert "```python\ndef double(x: float) -> float:\n    return 2 * x\n```" in text
    assert "More of `double` in the second lesson." in text
    assert "glue" not in str(notebook), (
        "a cell tagged remove-cell serves the page alone"
    )


def test_equations_have_the_numbers_of_the_page(built: CleanBuild) -> None:
    shown = [
        number.text
        for number in built.course.page("tutorials/01_alpha").select(".eqno")
    ]
    assert [re.sub(r"\D", "", number) for number in shown] == ["1", "2"]
    text = "\n".join(cell.source for cell in built.course.notebook("01_alpha").cells)
    assert re.findall(r"\\tag\{(\d+)\}", text) == ["1", "2"]
    assert "By (2) it is more" in text
    assert "(first)" not in text
    assert "(second)" not in text


@pytest.mark.parametrize("name", LESSONS)
def test_the_first_code_cell_names_the_wheel_beside_it(
    built: CleanBuild, name: str
) -> None:
    title, first = built.course.notebook(name).cells[:2]
    assert title.source.startswith("# ")
    assert first.cell_type == "code"
    wheel = wheel_of(built.course.site).name
    assert set(re.findall(r"[\w.-]*\w\.whl", first.source)) == {wheel}
    assert installed_by(first.source) == [
        "install",
        "--quiet",
        f"./{wheel}[plot]",
    ]


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
    course.build_well(COURSE_BASE_ADDRESS="https://example.org/course/")
    assert course.executed() == []
    cells = course.notebook("01_alpha").cells
    requirement = Requirement(installed_by(cells[1].source)[-1])
    assert requirement.name == "tiny_package"
    assert requirement.extras == {"plot"}
    wheel = wheel_of(course.site).name
    assert requirement.url == f"https://example.org/course/downloads/{wheel}"
    address = "https://example.org/course/tutorials/02_beta.html#a-part"
    assert f"[the second lesson]({address})" in cells[4].source


def test_the_title_comes_first_and_the_text_after_it_follows_the_installation(
    complete: Callable[[str], nbformat.NotebookNode],
) -> None:
    cells = complete(f"# Title\n\nWords.\n\n{CELL}More.\n").cells
    kinds = [cell.cell_type for cell in cells]
    assert kinds == ["markdown", "code", "markdown", "code", "markdown"]
    sources = [cell.source for cell in cells]
    assert sources[::2] == ["# Title", "Words.", "More."]
    assert sources[1] == installation(WHEEL, "", "plot")
    assert sources[3] == "1 + 1"


def test_a_title_alone_leaves_no_empty_cell(
    complete: Callable[[str], nbformat.NotebookNode],
) -> None:
    cells = complete(f"# Title\n\n{CELL}").cells
    assert [cell.source for cell in cells] == [
        "# Title",
        installation(WHEEL, "", "plot"),
        "1 + 1",
    ]


def test_a_lesson_asks_for_pytorch_only_where_a_cell_uses_it(
    complete: Callable[[str], nbformat.NotebookNode],
) -> None:
    with_torch = CELL.replace("1 + 1", "import torch")
    assert "[plot,torch]" in complete(f"# Title\n\n{with_torch}").cells[1].source
    assert "torch" not in complete(f"# Title\n\n{CELL}").cells[1].source


def test_only_cells_for_the_page_alone_are_left_out(
    complete: Callable[[str], nbformat.NotebookNode],
) -> None:
    tags = ("remove-cell", "hide-input", "remove-input", "remove-output")
    cells = [
        f"```{{code-cell}} python\n:tags: [{tag}]\nx = '{tag}'\n```\n\n" for tag in tags
    ]
    left = complete("# Title\n\n" + "".join(cells)).cells[2:]
    assert [cell.source for cell in left] == [f"x = '{tag}'" for tag in tags[1:]]


@pytest.mark.parametrize("beginning", ["Words.\n\n", "## Too deep\n\n", ""])
def test_a_lesson_without_a_title_at_its_beginning_is_named(
    complete: Callable[[str], nbformat.NotebookNode], beginning: str
) -> None:
    with pytest.raises(Exception, match=r"07_seven.*begins with its title"):
        complete(beginning + CELL)


def test_a_cell_of_another_kind_stops_the_build_and_says_where(
    complete: Callable[[str], nbformat.NotebookNode],
) -> None:
    raw = "```{raw-cell}\nfor a printer\n```\n"
    message = r"07_seven\.md, cell that begins on line 14: a raw cell has no plain form"
    with pytest.raises(ExtensionError, match=message):
        complete(f"# Title\n\n{CELL}{raw}")
