"""Results of notebooks, kept from build to build: one file each, which is used only if it is whole.

A file is named by the code that ran and begins with a digest of all that follows, so whatever has
been cut off, changed, renamed or put there by something else is noticed. It is dropped, and the
notebook runs again.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode, from_dict
from sphinx.environment import BuildEnvironment

from course.digests import digest_of
from course.files import notice, remove, write_whole

Result = dict[str, Any]
"""What a notebook gave: its page, seconds, language, and the outputs of each code cell."""


def open_results(folder: Path, environment: str) -> Path:
    """Return the folder of results from one environment, and delete all others."""
    if folder.exists() and not folder.is_dir():
        folder.unlink()
    for other in folder.glob("*"):
        if other.name != environment or not other.is_dir():
            remove(other)
    for part in (folder / environment).glob(".*.part"):  # of a build that was killed
        remove(part)
    return folder / environment


def place(notebook: NotebookNode, folder: Path) -> Path:
    """Return the file of a notebook's result, which its code alone names."""
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "")
    cells = [
        (cell.source, "raises-exception" in cell.metadata.get("tags", ()))
        for cell in _code_cells(notebook)
    ]
    return folder / f"{digest_of(json.dumps([kernel, cells]).encode())}.json"


def keep(path: Path, name: str, executed: NotebookNode, seconds: float) -> None:
    """Keep the result of the page of this name."""
    cells = [(cell.execution_count, cell.outputs) for cell in _code_cells(executed)]
    language = executed.metadata.get("language_info", {})
    result = {"page": name, "seconds": seconds, "language": language, "cells": cells}
    text = json.dumps(result).encode()
    write_whole(path, _digest(path, text) + b"\n" + text)


def kept(path: Path, lesson: str) -> Result | None:
    """Return a lesson's result, or none if there is none; one that is not whole is dropped."""
    try:
        first, _, text = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        fault = error.strerror
    else:
        if first == _digest(path, text):
            result: Result = from_dict(json.loads(text))
            return result
        fault = "it is not as it was written"
    notice(f"{lesson} runs again, because its result is dropped: {path}: {fault}")
    remove(path)
    return None


def filled(notebook: NotebookNode, result: Result) -> NotebookNode:
    """Return a notebook with the outputs of a result."""
    executed = copy.deepcopy(notebook)
    if result["language"]:
        executed.metadata["language_info"] = result["language"]
    for cell, (count, outputs) in zip(
        _code_cells(executed), result["cells"], strict=True
    ):
        cell.execution_count, cell.outputs = count, outputs
    return executed


def show_results(env: BuildEnvironment, results: dict[str, Path]) -> None:
    """Let MyST-NB read each page of code, by docname, with its outputs."""
    config: NbParserConfig = env.mystnb_config  # type: ignore[attr-defined]  # MyST adds it
    markdown: MdParserConfig = env.myst_config  # type: ignore[attr-defined]  # and this
    formats = {
        str(Path(env.srcdir) / f"{docname}.md"): (  # Sphinx has not looked for them yet
            f"{__name__}.{read_executed.__name__}",
            {"config": markdown, "lesson": docname, "result": str(path)},
            False,
        )
        for docname, path in results.items()
    }
    env.mystnb_config = config.copy(custom_formats=formats)  # type: ignore[attr-defined]


def read_executed(
    text: str, config: MdParserConfig, lesson: str, result: str
) -> NotebookNode:
    """Return the notebook of a text with the outputs that are kept."""
    notebook = read_myst_markdown_notebook(text, config, add_source_map=True)
    found = kept(Path(result), lesson)
    if found is None:
        raise FileNotFoundError(
            f"the result of {lesson} went while the site was built: {result}"
        )
    return filled(notebook, found)


def _code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _digest(path: Path, text: bytes) -> bytes:
    """Return what a file begins with; the same text in another file begins otherwise."""
    return digest_of(*map(str.encode, path.parts[-2:]), text).encode()
