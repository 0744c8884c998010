"""Notebooks as text: find them, carry them into the Sphinx project, read their cells."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from sphinx.errors import ExtensionError

CARRIED = "tutorials"
"""Folder of the Sphinx project, ignored by git, into which the lessons are carried."""

EXERCISES = "exercises"
"""Folder of the Sphinx project, ignored by git, into which the exercises are carried."""

EXERCISE_FILES = "ex[0-9]*.md"
"""What the texts of exercises are called; the others beside them are lessons."""


@dataclass(frozen=True)
class Page:
    """A page that holds code to run.

    Parameters
    ----------
    docname : str
        Sphinx's name of the page, such as ``tutorials/01_pen_and_paper``.
    source : Path
        The file a contributor edits.
    notebook : NotebookNode
        Its cells, without outputs.
    """

    docname: str
    source: Path
    notebook: NotebookNode

    @property
    def is_lesson(self) -> bool:
        """Whether readers can download it as a complete notebook."""
        return self.docname.startswith(f"{CARRIED}/")

    def where(self, cell: int) -> str:
        """Name a cell the way a contributor looks for it."""
        line = self.notebook.metadata["source_map"][cell] + 1
        return f"{self.source.name}, cell {cell + 1} (line {line})"


def carry_lessons(lessons: Path, project: Path) -> None:
    """Make the project's folder of lessons equal to the sources; untouched files stay untouched.

    Parameters
    ----------
    lessons : Path
        Folder of the sources.
    project : Path
        Sphinx's source folder.

    Raises
    ------
    FileNotFoundError
        If there is no lesson.
    """
    exercises = set(lessons.glob(EXERCISE_FILES))
    sources = sorted(set(lessons.glob("*.md")) - exercises)
    if not sources:
        raise FileNotFoundError(f"{lessons} holds no lesson, expected files named *.md")
    make_equal(project / CARRIED, {path.name: path.read_bytes() for path in sources})


def make_equal(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make a folder hold exactly these files; what is right already stays untouched.

    Parameters
    ----------
    folder : Path
        The folder; it is made if need be.
    contents : mapping of str to bytes
        What its files hold, by name.
    """
    folder.mkdir(exist_ok=True)
    for stale in set(folder.iterdir()) - {folder / name for name in contents}:
        if stale.is_dir():
            shutil.rmtree(stale)
        else:
            stale.unlink()
    for name, content in contents.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def executable_pages(
    lessons: Path, project: Path, config: MdParserConfig
) -> list[Page]:
    """Read every page of the project that holds code cells: carried ones and hand-written ones.

    Parameters
    ----------
    lessons : Path
        Folder of the sources.
    project : Path
        Sphinx's source folder, after lessons and exercises were carried there.
    config : MdParserConfig
        How MyST reads Markdown here.

    Returns
    -------
    list of Page
        Sorted by name.
    """
    pages = []
    for path in sorted(project.rglob("*.md")):
        relative = path.relative_to(project)
        text = path.read_text("utf-8")
        if relative.parts[0].startswith("_") or not is_myst_markdown_notebook(text):
            continue
        try:
            notebook = read_myst_markdown_notebook(
                text, config, add_source_map=True, path=path
            )
        except Exception as error:  # the reader has several, and none names the file
            raise ExtensionError(f"{path.name}: {error}") from error
        carried = relative.parts[0] == CARRIED
        source = lessons / relative.name if carried else path
        pages.append(Page(relative.with_suffix("").as_posix(), source, notebook))
    return pages
