"""The downloads: the notebooks, the wheel that they install, and a zip of both."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from myst_nb.core.variables import format_plain_text
from nbformat import NotebookNode
from sphinx.config import Config
from sphinx.errors import ExtensionError

from course.cards import read_card
from course.content import source_of
from course.execution import glued
from course.questions import folded, plain_checkpoint
from course.sources import Page
from course.words import _
from mlp_exercise.handout.first_cell import installation
from mlp_exercise.handout.notebook import (
    Notebook,
    as_text,
    assembled,
    document,
    student,
)
from mlp_exercise.handout.plain import Place, equations, plain
from mlp_exercise.handout.source import Cell, Source, SourceError, names
from mlp_reference.worked_example import EXERCISE

DOWNLOADS = "downloads"
"""The site's folder of downloads."""

PAGE_ONLY = "remove-cell"
"""The tag of a cell for the page alone, such as one that passes numbers to its sentences."""

SOLUTION = "hide-cell"
"""The tag of a cell that is folded with its output: a notebook hides its source."""

USES = {"torch": re.compile("torch"), "data": re.compile(r"\bdigits\(|\bsklearn\b")}
"""What the code of a lesson contains where it needs an extra of the package."""

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can have, so that the bytes do not depend on the day."""

BINDER_PYTHON = "python-3.12"
"""The version of Python for Binder, whose default may be older than the package allows."""


def write_downloads(
    target: Path,
    project: Path,
    texts: Path,
    config: Config,
    pages: Sequence[Page],
    executed: Mapping[str, NotebookNode],
) -> None:
    """Write the folder of downloads again."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    wheel, site = build_wheel(project, target), config.html_baseurl
    lessons = {page.source.stem: page for page in pages if page.is_lesson}
    beside = {*names(texts), *lessons}
    made = {}
    try:
        for name in names(texts):
            made[name] = student(
                name,
                EXERCISE,
                base_address=site,
                beside=beside,
                folder=texts,
                wheel=wheel,
            )
        for name, page in lessons.items():
            run = executed[page.docname]
            made[name] = lesson_notebook(page, run, wheel, site, beside)
    except SourceError as error:
        raise ExtensionError(str(error)) from error
    for name, notebook in made.items():
        path = target / f"{name}.ipynb"
        path.write_text(as_text(notebook), "utf-8", newline="\n")
    zip_folder(target, config.project.lower().replace(" ", "-"))
    if config.course_notebooks:
        write_binder(target / "binder", wheel)


def lesson_notebook(
    page: Page,
    executed: NotebookNode,
    wheel: str,
    site: str,
    beside: Collection[str] = (),
) -> Notebook:
    """Return a lesson as a notebook that runs anywhere the wheel is installed.

    Its sentences quote numbers from the outputs, but the notebook has no outputs. The ids
    of its cells depend only on their place.
    """
    name, lines = page.source.stem, page.notebook.metadata["source_map"]
    cells = tuple(
        Cell(
            cell.source,
            line + 1,
            is_code=cell.cell_type == "code",
            tags=(cell.cell_type, *cell.metadata.get("tags", ())),
            page_only=PAGE_ONLY in cell.metadata.get("tags", ()),
        )
        for cell, line in zip(page.notebook.cells, lines, strict=True)
    )
    pairs = zip(cells, page.notebook.cells, strict=True)
    cells = tuple(one for cell, raw in pairs for one in with_caption(cell, raw))
    if not cells or not re.match(r"# \S", cells[0].text):
        raise SourceError(
            f"{page.source.name}: a lesson begins with its title, # Title"
        )
    place = place_of(page, executed, site, beside)

    def text(cell: Cell) -> str:
        if "raw" in cell.tags:
            raise SourceError("a raw cell has no plain form")
        return cell.text if cell.is_code else plain(cell.text, place)

    code = "".join(cell.text for cell in cells if cell.is_code and not cell.page_only)
    extras = ["plot", *(extra for extra, use in USES.items() if use.search(code))]
    first = installation(wheel, site, ",".join(extras))
    source = Source(name, cells)
    made = []
    for number, (cell, notebook_cell) in enumerate(assembled(source, first, text)):
        notebook_cell["id"] = f"{name}-{number}"
        if SOLUTION in cell.tags:
            notebook_cell["metadata"]["jupyter"] = {"source_hidden": True}
        made.append(notebook_cell)
    return document(made, {"lesson": name})  # so that it is not taken for an exercise


def with_caption(cell: Cell, raw: NotebookNode) -> Iterator[Cell]:
    """Yield a cell, and below it the caption of the figure that it draws."""
    yield cell
    figure = raw.metadata.get("mystnb", {}).get("figure", {})
    if caption := " ".join(figure.get("caption", "").split()):
        yield Cell(f"{_('**Figure:**')} {caption}", cell.line, tags=("markdown",))


def place_of(
    page: Page, executed: NotebookNode, site: str, beside: Collection[str] = ()
) -> Place:
    """Return what a lesson's text refers to: numbers from its cells, and code of the package."""
    project = page.source.resolve().parents[1]
    numbers = dict(glued(executed))

    def number(content: str) -> str:
        key, _, spec = content.partition(":")
        return str(format_plain_text(numbers[key], spec))

    def code(argument: str, _options: Mapping[str, str], _: Sequence[str]) -> str:
        try:
            shown = [source_of(name, project)[0] for name in argument.split()]
        except LookupError as error:
            raise SourceError(str(error)) from error
        return "```python\n" + "\n\n".join(shown) + "\n```"

    directives = {
        "source": code,
        "card": lambda _, __, content: read_card(content, numbers).plain,
        "checkpoint": lambda _, options, content: plain_checkpoint(
            content, options, numbers
        ),
        "answer": lambda _, __, content: folded(content),
    }
    labels = equations("\n".join(cell.source for cell in page.notebook.cells))
    roles = {"glue:text": number}
    return Place(page.docname, site, beside, labels, roles, directives)


def build_wheel(project: Path, target: Path) -> str:
    """Build the wheel of the project in a folder, and return its file name."""
    hatchling = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    done = subprocess.run(  # noqa: S603 - our own words
        [*hatchling, "-d", str(target)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = sorted(target.glob("*.whl"))
    if done.returncode or not wheels:
        raise ExtensionError(
            f"the wheel of {project} could not be built:\n{done.stderr}"
        )
    return wheels[0].name


def zip_folder(folder: Path, name: str) -> None:
    """Put all files of a folder into a zip beside them, in a folder named like the zip."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{name}/{path.name}", LONG_AGO)
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def write_binder(folder: Path, wheel: str) -> None:
    """Write the files that Binder reads when this folder's parent is a branch of the repository."""
    folder.mkdir()
    requirements = (
        "--extra-index-url https://download.pytorch.org/whl/cpu\n"
        f"./{wheel}[plot,torch,data]\n"
    )
    (folder / "requirements.txt").write_text(requirements, "utf-8", newline="\n")
    (folder / "runtime.txt").write_text(f"{BINDER_PYTHON}\n", "utf-8", newline="\n")
