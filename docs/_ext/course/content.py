"""Additions to MyST: code of the package, folds and highlights, cells side by side, versions.

``{source}`` shows code without docstrings, because the lesson explains the code in prose. Its
content, and ``highlight`` in the metadata of a cell, are parts of the lines to be highlighted;
``fold`` in the metadata of a cell says what is folded there. A cell tagged ``beside`` makes a
column, together with the paragraph right above it that names it; consecutive columns make a row.
The order of the source does not change, so the page reads the same without styles and with a
screen reader.
"""

import ast
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from course.words import N_, _

logger = logging.getLogger(__name__)

FOLDS = (N_("Show code cell {type}"), N_("Hide code cell {type}"))
"""What MyST-NB calls a fold that has no other name, for the catalogue."""

Definition = ast.FunctionDef | ast.ClassDef

ROW, COLUMN = "side-by-side", "beside"
CELL = f"tag_{COLUMN}"
"""The class that MyST-NB gives to cells with our tag."""


PLACEHOLDER = "%VERSIONS%"
LIBRARIES = {
    "NumPy": "numpy",
    "PyTorch": "torch",
    "Matplotlib": "matplotlib",
    "Sphinx": "sphinx",
}
"""Names of libraries on the page, and their names for pip."""


def source_of(name: str, project: Path) -> tuple[str, Path]:
    """Return the code of a function, class or method without running it, and its file."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        path = project.joinpath(*parts[:cut]).with_suffix(".py")
        if path.exists():
            break
    else:
        raise LookupError(f"no module of the package holds {name}")
    text = path.read_text("utf-8")
    node: ast.AST = ast.parse(text)
    for part in parts[cut:]:
        inside = ast.iter_child_nodes(node)
        found = next((n for n in inside if getattr(n, "name", None) == part), None)
        if not isinstance(found, Definition):
            raise LookupError(
                f"{path.name} defines no function or class {'.'.join(parts[cut:])}"
            )
        node = found
    assert isinstance(node, Definition)  # noqa: S101 - the loop ran
    return _without_docstrings(node, text.splitlines()), path


def _without_docstrings(node: Definition, lines: list[str]) -> str:
    dropped: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, Definition) and ast.get_docstring(inner):
            docstring, *code = inner.body
            end = docstring.end_lineno or docstring.lineno
            if code:
                blank_below = not lines[end].strip()
                dropped.update(range(docstring.lineno, end + 1 + blank_below))
    first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
    shown = [*range(first, (node.end_lineno or node.lineno) + 1)]
    return "\n".join(lines[i - 1][node.col_offset :] for i in shown if i not in dropped)


class Source(SphinxDirective):
    """Show the code of one or more names of the package."""

    required_arguments = 1
    optional_arguments = 20
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return one code block with all names, in the order given."""
        project = (Path(self.env.app.confdir) / self.config.course_project).resolve()
        blocks = []
        for name in self.arguments:
            try:
                code, path = source_of(name, project)
            except LookupError as error:
                raise self.error(str(error)) from error
            self.env.note_dependency(str(path))
            blocks.append(code)
        code = "\n\n".join(blocks)
        block = nodes.literal_block(
            code, code, language="python", classes=["package-source"]
        )
        try:
            highlight(block, [line.strip() for line in self.content])
        except LookupError as error:
            raise self.error(str(error)) from error
        self.set_source_info(block)
        return [block]


def highlight(block: nodes.literal_block, parts: Sequence[str]) -> None:
    """Highlight each line of code that contains one of these parts."""
    lines = block.astext().splitlines()
    for part in parts:
        if not any(part in line for line in lines):
            raise LookupError(f"no line of this code contains {part!r}")
    chosen = [
        n for n, line in enumerate(lines, 1) if any(part in line for part in parts)
    ]
    if chosen:
        block["highlight_args"] = {"hl_lines": chosen}


def fold_and_highlight(_app: Sphinx, doctree: nodes.document) -> None:
    """Do what the metadata of cells ask for."""
    for cell in doctree.findall(nodes.container):
        metadata: dict[str, Any] = cell.get("cell_metadata", {})
        if label := metadata.get("fold"):
            cell.setdefault("hide_mode", "input")
            cell["prompt_show"] = _("Show {label}").format(label=label)
            cell["prompt_hide"] = _("Hide {label}").format(label=label)
        elif "prompt_show" in cell:
            for prompt in ("prompt_show", "prompt_hide"):
                cell[prompt] = _(cell[prompt])
        if parts := metadata.get("highlight"):
            block = next(cell.findall(nodes.literal_block), nodes.literal_block())
            try:
                highlight(block, [parts] if isinstance(parts, str) else parts)
            except LookupError as error:
                logger.warning(str(error), location=cell)


def put_side_by_side(_app: Sphinx, doctree: nodes.document) -> None:
    """Gather the tagged cells of a page, each with its name, into rows."""
    cells = [c for c in doctree.findall(nodes.container) if CELL in c["classes"]]
    for cell in cells:
        parent, name = cell.parent, cell.previous_sibling()
        if not isinstance(name, nodes.paragraph):
            logger.warning(
                "a cell tagged %s needs a paragraph right above it that names it",
                COLUMN,
                location=cell,
            )
            continue
        row = name.previous_sibling()
        if not (isinstance(row, nodes.container) and ROW in row["classes"]):
            row = nodes.container(classes=[ROW])
            parent.insert(parent.index(name), row)
        parent.remove(name)
        parent.remove(cell)
        row.append(nodes.container("", name, cell, classes=[COLUMN]))


def load_style(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the style sheet of rows, which only the home page has."""
    if f'class="{ROW}' in context.get("body", ""):
        app.add_css_file("home.css")


def table(package: str, release: str) -> str:
    """Return a table of the libraries' versions without importing them."""
    rows = {f"`{package}`": release, "Python": platform.python_version()}
    rows |= {name: version(pip) for name, pip in LIBRARIES.items()}
    lines = [
        f"| {name} | {number.partition('+')[0]} |" for name, number in rows.items()
    ]
    return "\n".join([f"| {_('part')} | {_('version')} |", "| --- | --- |", *lines])


def show_versions(app: Sphinx, _docname: str, source: list[str]) -> None:
    """Put the table into a page that asks for it."""
    if PLACEHOLDER in source[0]:
        made = table(app.config.course_packages[0], app.config.release)
        source[0] = source[0].replace(PLACEHOLDER, made)


def setup(app: Sphinx) -> None:
    """Register the directive and connect the rest to Sphinx's events."""
    app.add_directive("source", Source)
    app.connect("doctree-read", fold_and_highlight)
    app.connect("doctree-read", put_side_by_side)
    app.connect("html-page-context", load_style)
    app.connect("source-read", show_versions)
