"""Write the notebooks that readers download: plain Markdown, the same bytes in every build."""

import re
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.markdown import Translator
from course.sources import Page
from mlp_exercise.handout.installation import installation

PAGE_ONLY = "remove-cell"
"""Tag of a cell that serves the page alone, such as the one that hands numbers to its sentences."""


def complete_notebook(
    page: Page, executed: NotebookNode, wheel: str, base_address: str
) -> NotebookNode:
    """Turn a lesson into a notebook that runs anywhere the wheel is installed.

    Parameters
    ----------
    page : Page
        The lesson.
    executed : NotebookNode
        Its cells with outputs: sentences quote numbers from them.
    wheel : str
        File name of the wheel that the site serves beside the notebook.
    base_address : str
        Address of the site, or an empty string where it is not known.

    Returns
    -------
    NotebookNode
        Markdown and code cells without outputs, with ids that depend on their place alone.

    Raises
    ------
    ExtensionError
        If the lesson uses MyST that has no plain form yet.
    """
    name = Path(page.docname).name
    translator = Translator(page, executed, base_address)
    cells: list[NotebookNode] = []
    lines = page.notebook.metadata["source_map"]
    for cell, line in zip(page.notebook.cells, lines, strict=True):
        if cell.cell_type == "markdown":
            cells.append(new_markdown_cell(translator.plain(cell.source, line)))
        elif cell.cell_type != "code":
            raise translator.unknown(f"a {cell.cell_type} cell", line)
        elif PAGE_ONLY not in cell.metadata.get("tags", ()):
            cells.append(new_code_cell(cell.source))
    code = "".join(cell.source for cell in cells if cell.cell_type == "code")
    extras = "plot,torch" if "torch" in code else "plot"
    first = installation(wheel, base_address, extras)
    cells[:1] = _with_installation(page.source.name, cells[0].source, first)
    for index, cell in enumerate(cells):
        cell["id"] = f"{name}-{index}"
    metadata = {
        "kernelspec": {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        },
        "language_info": {"name": "python"},
        "mlp_reference": {"lesson": name},  # not to be taken for an exercise
    }
    notebook: NotebookNode = new_notebook(cells=cells, metadata=metadata)
    return notebook


def _with_installation(
    lesson: str, first: str, installation: str
) -> list[NotebookNode]:
    title, _, rest = first.partition("\n")
    if not re.match(r"# \S", title):
        raise ValueError(
            f"{lesson}: a lesson begins with its title, # Title, but this one with {title!r}"
        )
    cells = [new_markdown_cell(title), new_code_cell(installation)]
    return cells + [new_markdown_cell(rest.strip())] * bool(rest.strip())
