"""Cells tagged `beside` stand in a row, each below the paragraph that names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from tests.docs.conftest import Finished

Sphinx = Callable[[Path], "Finished"]

SETTINGS = """\
import sys

sys.path.insert(0, {extensions!r})
extensions = ["myst_nb", "course.side_by_side"]
exclude_patterns = ["_build"]
nb_execution_mode = "off"
suppress_warnings = ["myst-nb.lexer"]  # it learns the language by executing
html_theme = "basic"
"""

HEADER = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# A title\n\n"


def cell(code: str, tag: str = "beside") -> str:
    return f"```{{code-cell}} python\n:tags: [{tag}]\n{code}\n```\n\n"


PAGE = (
    "An opening.\n\n[**One**](#a-title): by hand\n\n"
    + cell("first = 1")
    + cell("between = 0", "remove-cell")
    + "**Two**: by library\n\n"
    + cell("second = 2")
    + "A closing.\n\n"
    + cell("apart = 3", "other")
    + "## Again\n\n**Three**\n\n"
    + cell("third = 3")
)


def build(folder: Path, page: str, sphinx: Sphinx) -> Finished:
    extensions = str(Path(__file__).parents[2] / "docs/_ext")
    settings = SETTINGS.format(extensions=extensions)
    (folder / "conf.py").write_text(settings, "utf-8")
    (folder / "index.md").write_text(HEADER + page, "utf-8")
    return sphinx(folder)


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory, sphinx: Sphinx) -> Tag:
    folder = tmp_path_factory.mktemp("rows")
    finished = build(folder, PAGE, sphinx)
    assert finished.returncode == 0, finished.stderr
    page = (folder / "_build/html/index.html").read_text("utf-8")
    found = BeautifulSoup(page, "html.parser").select_one("div.body")
    assert found is not None
    return found


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def test_cells_that_follow_each_other_make_one_row(body: Tag) -> None:
    rows = body.select("div.side-by-side")
    columns = [[words(column) for column in row.select("div.beside")] for row in rows]
    assert columns == [
        ["One: by hand first = 1", "Two: by library second = 2"],
        ["Three third = 3"],
    ]


def test_nothing_else_is_drawn_into_a_row(body: Tag) -> None:
    inside = " ".join(words(row) for row in body.select("div.side-by-side"))
    for outside in ("An opening.", "A closing.", "apart = 3", "Again"):
        assert outside in words(body)
        assert outside not in inside


def test_the_order_of_the_source_stays(body: Tag) -> None:
    text = words(body)
    order = ("opening", "One", "first", "Two", "second", "closing", "apart", "third")
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_the_name_of_a_column_keeps_its_link(body: Tag) -> None:
    link = body.select_one("div.beside > p > a")
    assert link is not None
    assert words(link) == "One"


@pytest.mark.parametrize(
    "above", ["", "- a list\n\n", "Named.\n\n" + cell("x = 1", "")]
)
def test_a_cell_without_a_name_is_warned_of(
    tmp_path: Path, sphinx: Sphinx, above: str
) -> None:
    finished = build(tmp_path, above + cell("alone = 1"), sphinx)
    assert finished.returncode == 1
    assert "index.md" in finished.stderr
    assert "needs a paragraph right above it that names it" in finished.stderr
