"""What readers download: the notebooks, the wheel they install, and a zip of both."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbformat import NotebookNode, writes
from sphinx.config import Config
from sphinx.errors import ExtensionError

from course import exercises
from course.export import complete_notebook
from course.sources import Page

DOWNLOADS = "downloads"
"""Folder of the site that holds them."""

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first day a zip knows: the same bytes whenever it is made."""

BINDER_PYTHON = "python-3.12"
"""The Python that Binder takes; its own choice may be older than the package allows."""


def write_downloads(
    target: Path,
    project: Path,
    lessons: Path,
    pages: Sequence[Page],
    executed: Mapping[str, NotebookNode],
    config: Config,
) -> None:
    """Write the folder of downloads anew.

    Parameters
    ----------
    target : Path
        The folder.
    project : Path
        Folder with the ``pyproject.toml``.
    lessons : Path
        Folder of the sources.
    pages : sequence of Page
        The pages that hold code; lessons among them become notebooks.
    executed : mapping of str to NotebookNode
        Their cells with outputs, by docname.
    config : Config
        What this build knows of the site and of its repository.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    wheel = build_wheel(project, target)
    for page in filter(lambda page: page.is_lesson, pages):
        notebook = complete_notebook(
            page, executed[page.docname], wheel, config.html_baseurl
        )
        path = target / f"{Path(page.docname).name}.ipynb"
        path.write_text(writes(notebook) + "\n", "utf-8", newline="\n")
    exercises.write_notebooks(lessons, target, wheel, config.html_baseurl)
    zip_folder(target, config.project.lower().replace(" ", "-"))
    if config.course_notebooks:
        write_binder(target / "binder", wheel)


def build_wheel(project: Path, target: Path) -> str:
    """Build the wheel of the project that stands in a folder.

    Parameters
    ----------
    project : Path
        Folder with the ``pyproject.toml``.
    target : Path
        Where the wheel goes.

    Returns
    -------
    str
        File name of the wheel.

    Raises
    ------
    ExtensionError
        If the build backend fails; its words are passed on.
    """
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
    """Put all files of a folder into a zip beside them, in a folder of the zip's name.

    Parameters
    ----------
    folder : Path
        The folder.
    name : str
        Name of the zip, without its ending.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file())
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{name}/{path.name}", LONG_AGO)
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def write_binder(folder: Path, wheel: str) -> None:
    """Tell Binder what to install, once this folder's parent is a branch of the repository.

    Parameters
    ----------
    folder : Path
        Where Binder looks for it; it is made.
    wheel : str
        File name of the wheel in its parent.
    """
    folder.mkdir()
    requirements = (
        "--extra-index-url https://download.pytorch.org/whl/cpu\n"
        f"./{wheel}[plot,torch]\n"
    )
    (folder / "requirements.txt").write_text(requirements, "utf-8", newline="\n")
    (folder / "runtime.txt").write_text(f"{BINDER_PYTHON}\n", "utf-8", newline="\n")
