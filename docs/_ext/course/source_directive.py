r"""The directive ``{source}``: code of the package on the page, as it is, without docstrings.

```{source} mlp_reference.numpy_mlp.Linear
```

A lesson explains in prose what a docstring would say again; the API page has both.
"""

import ast
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def source_of(name: str, project: Path) -> tuple[str, Path]:
    """Find the code of a function, class or method of the package, without running it.

    Parameters
    ----------
    name : str
        Dotted name, such as ``mlp_reference.manual.tanh_backward``.
    project : Path
        Folder that holds the package.

    Returns
    -------
    code : str
        Its lines without docstrings, not indented.
    path : Path
        The file they stand in.

    Raises
    ------
    LookupError
        If no module of the package defines that name.
    """
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        path = project.joinpath(*parts[:cut]).with_suffix(".py")
        if path.exists():
            break
    else:
        raise LookupError(f"no module of the package holds {name}")
    text = path.read_text("utf-8")
    body: list[ast.stmt] = ast.parse(text).body
    node: ast.AST | None = None
    for part in parts[cut:]:
        node = next(
            (child for child in body if getattr(child, "name", None) == part), None
        )
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            raise LookupError(
                f"{path.name} defines no function or class {'.'.join(parts[cut:])}"
            )
        body = node.body
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)  # noqa: S101 - the loop ran
    return _without_docstrings(node, text.splitlines()), path


def _without_docstrings(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> str:
    dropped: set[int] = set()
    for inner in ast.walk(node):
        if (
            isinstance(inner, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(inner)
            and len(inner.body) > 1
        ):
            docstring = inner.body[0]
            dropped.update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
            if len(inner.body) > 1 and not lines[(docstring.end_lineno or 0)].strip():
                dropped.add((docstring.end_lineno or 0) + 1)
    first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
    kept = range(first, (node.end_lineno or node.lineno) + 1)
    return "\n".join(lines[i - 1][node.col_offset :] for i in kept if i not in dropped)


class Source(SphinxDirective):
    """Show the code of one or more names of the package."""

    required_arguments = 1
    optional_arguments = 20

    def run(self) -> list[nodes.Node]:
        """Make one code block of all names, in the order given."""
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
        self.set_source_info(block)
        return [block]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("source", Source)
