"""Code of the package without docstrings, tagged cells side by side, a table of versions."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from bs4 import BeautifulSoup, Tag
from course.content import (
    LIBRARIES,
    Definition,
    fold_and_highlight,
    highlight,
    source_of,
    table,
)
from docutils import nodes
from docutils.utils import new_document

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Finished

    Sphinx = Callable[[Path], Finished]

REPOSITORY = Path(__file__).parents[2]
EXTENSIONS = REPOSITORY / "docs/_ext"
PACKAGE = REPOSITORY / "mlp_reference"

MODULE = '''\
"""A module."""

LIMIT = 3


def spaced(x):
    """Say what it does.

    At length.
    """

    y = x  # a comment stays

    return y


def bare(x):
    return x


def outer():
    """Hold another function."""

    def inner():
        """Do the work."""
        return """This is no
    docstring."""

    return inner


class Holder(dict):
    """Hold things."""

    size = 3

    def __init__(self):
        """Begin."""
        self.text = """This is no docstring."""

    class Inner:
        """Be inside."""

        def get(self):
            """Get it."""
            if self:
                """this is a statement"""
            return 1


@staticmethod
def decorated():
    """Be decorated."""
    return 1


class Problem(ValueError):
    """There is nothing but this docstring."""
'''
TINY = "tiny.inner.module"


def definitions(name: str, tree: ast.AST) -> Iterator[tuple[str, Definition]]:
    """Go through every public function, class and method of a module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield f"{name}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from definitions(f"{name}.{node.name}", node)


def of_the_package() -> Iterator[tuple[str, Definition]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "__init__.py":
            parts = path.relative_to(REPOSITORY).with_suffix("").parts
            yield from definitions(".".join(parts), ast.parse(path.read_text("utf-8")))


DEFINITIONS = dict(of_the_package())
ODD = dict(definitions(TINY, ast.parse(MODULE)))


def program(node: ast.AST) -> str:
    """Write a tree without docstrings and without what only stands in for a body."""
    for inner in ast.walk(node):
        if isinstance(inner, Definition):
            if ast.get_docstring(inner) is not None:
                del inner.body[0]
            if [ast.unparse(s) for s in inner.body] in (["pass"], ["..."]):
                del inner.body[0]
    return ast.dump(node)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tiny/inner").mkdir(parents=True)
    (tmp_path / "tiny/__init__.py").touch()
    (tmp_path / "tiny/inner/module.py").write_text(MODULE, "utf-8")
    return tmp_path


def test_there_are_definitions_to_show() -> None:
    assert "mlp_reference.manual.tanh_backward" in DEFINITIONS
    assert len(DEFINITIONS) > 50
    assert f"{TINY}.Holder.Inner.get" in ODD


@pytest.mark.parametrize("name", [*DEFINITIONS, *ODD])
def test_code_is_the_same_program_without_docstrings(project: Path, name: str) -> None:
    code, path = source_of(name, project if name in ODD else REPOSITORY)
    compile(code, str(path), "exec")
    (node,) = ast.parse(code).body
    for inner in ast.walk(node):
        if isinstance(inner, Definition) and len(inner.body) > 1:
            assert ast.get_docstring(inner) is None, inner.name
    assert program(node) == program((DEFINITIONS | ODD)[name])


def test_the_lines_are_those_of_the_file(project: Path) -> None:
    code, path = source_of(f"{TINY}.spaced", project)
    assert code == "def spaced(x):\n    y = x  # a comment stays\n\n    return y"
    assert path == project / "tiny/inner/module.py"
    method, _ = source_of(f"{TINY}.Holder.Inner.get", project)
    assert method.startswith("def get(self):\n    if self:\n        ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tiny.inner.nowhere.bare", "no module .* holds tiny.inner.nowhere.bare"),
        ("elsewhere.bare", "no module of the package holds elsewhere.bare"),
        ("tiny.inner.module", "no module of the package holds tiny.inner.module"),
        (f"{TINY}.bear", "module.py defines no function or class bear"),
        (f"{TINY}.Holder.get", "module.py defines no function or class Holder.get"),
        (f"{TINY}.Holder.Holder", "defines no function or class Holder.Holder"),
        (f"{TINY}.LIMIT", "module.py defines no function or class LIMIT"),
    ],
)
def test_an_unknown_name_is_reported(project: Path, name: str, message: str) -> None:
    with pytest.raises(LookupError, match=f"{message}$"):
        source_of(name, project)


def test_the_directive_shows_code_on_the_page(built: CleanBuild) -> None:
    (block,) = built.course.page("tutorials/01_alpha").select(".package-source")
    assert block.text.strip() == "def double(x: float) -> float:\n    return 2 * x"


# -- Side by side

SETTINGS = f"""\
import sys

sys.path.insert(0, {str(EXTENSIONS)!r})
extensions = ["myst_nb", "course.content"]
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
    + "**Three**\n\n"
    + cell("third = 3")
)


def build(folder: Path, page: str, sphinx: Sphinx) -> Finished:
    (folder / "conf.py").write_text(SETTINGS, "utf-8")
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


def test_cells_that_follow_each_other_make_one_row_and_nothing_else_is_in_it(
    body: Tag,
) -> None:
    rows = body.select("div.side-by-side")
    columns = [[words(column) for column in row.select("div.beside")] for row in rows]
    one, two = "One: by hand first = 1", "Two: by library second = 2"
    assert columns == [[one, two], ["Three third = 3"]]
    assert [words(row) for row in rows] == [f"{one} {two}", "Three third = 3"]


def test_the_order_of_the_source_stays_and_a_name_keeps_its_link(body: Tag) -> None:
    text = words(body)
    order = ("opening", "One", "first", "Two", "second", "closing", "apart", "third")
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert [words(link) for link in body.select("div.beside > p > a")] == ["One"]


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


# -- Versions


def test_the_table_names_the_package_python_and_the_libraries() -> None:
    head, rule, *rows = table("tiny_package", "1.2.0").splitlines()
    assert (head, rule) == ("| part | version |", "| --- | --- |")
    assert rows[0] == "| `tiny_package` | 1.2.0 |"
    assert len(rows) == 2 + len(LIBRARIES)
    assert not any("+" in row for row in rows), "a build is no version"


def test_no_library_is_imported_for_it() -> None:
    code = (
        "import sys; from course.content import table; table('p', '1');"
        "sys.exit(bool({'torch', 'matplotlib'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=EXTENSIONS, check=False)
    assert done.returncode == 0


def literal(code: str) -> nodes.literal_block:
    return nodes.literal_block(code, code)


def test_each_line_with_a_named_part_is_highlighted() -> None:
    block = literal("x = 1\ny = x + 1\nprint(x, y)")
    highlight(block, ["x + 1", "print("])
    assert block["highlight_args"] == {"hl_lines": [2, 3]}
    highlight(untouched := literal("x = 1"), [])
    assert "highlight_args" not in untouched


def test_a_highlight_that_no_line_has_is_refused() -> None:
    with pytest.raises(LookupError, match="no line of this code contains 'z = '"):
        highlight(literal("x = 1"), ["x", "z = "])


def test_a_fold_says_what_is_in_it() -> None:
    document = new_document("page.md")
    code = literal("import numpy")
    cell = nodes.container("", code, nb_element="cell_code")
    cell["cell_metadata"] = {"fold": "the imports", "highlight": ["import"]}
    hidden = nodes.container("", literal("y = 1"), hide_mode="all")
    hidden["cell_metadata"] = {"fold": "the answer"}
    plain = nodes.container("", literal("x = 1"), cell_metadata={})
    document += [cell, hidden, plain]
    fold_and_highlight(cast("Any", None), document)
    assert (cell["hide_mode"], cell["prompt_show"]) == ("input", "Show the imports")
    assert cell["prompt_hide"] == "Hide the imports"
    assert code["highlight_args"] == {"hl_lines": [1]}
    assert (hidden["hide_mode"], hidden["prompt_show"]) == ("all", "Show the answer")
    assert "hide_mode" not in plain
