"""Run notebooks of which no result is kept, in parallel, and check their outputs.

Results are kept until the notebook, a package or a library changes.
"""

import copy
import hashlib
import logging
import platform
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nbformat import NotebookNode
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator

from course.digests import contents
from course.kernels import Kernels, NotebookError
from course.results import filled, keep, kept, place
from course.sources import Page
from mlp_exercise.submission.run import usable_cores

NUMERICAL_LIBRARIES = (
    "contourpy",
    "ipykernel",
    "ipython",
    "matplotlib",
    "matplotlib-inline",
    "numpy",
    "scikit-learn",
    "torch",
)
"""Libraries whose versions can change what a cell prints or draws."""


GLUE = "application/papermill.record/text/plain"
"""Where a glued value stands in an output."""

PICTURES = {"image/svg+xml", "image/png"}


def environment_digest(packages: Sequence[Path]) -> str:
    """Return a digest of all that an output depends on besides the notebook."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in NUMERICAL_LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    for number, package in enumerate(packages):
        for content in contents(package, "*.py", name=f"{number}/"):
            digest.update(content)
    return digest.hexdigest()[:16]


def execute(pages: Sequence[Page], results: Path) -> dict[str, NotebookNode]:
    """Return executed notebooks by docname, running only those of which no result is kept."""
    # Otherwise each kernel logs a line.
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    executed = _executed(pages, results)
    missing = [page for page in pages if page.docname not in executed]
    kernels = Kernels()

    def run(page: Page) -> str | None:
        return _run(page, place(page.notebook, results), kernels)

    with ThreadPoolExecutor(usable_cores()) as pool:
        try:
            progress = status_iterator(
                zip(missing, pool.map(run, missing), strict=True),
                "executing notebooks... ",
                length=len(missing),
                stringify_func=lambda pair: pair[0].docname,
            )
            failures = [failure for _, failure in progress if failure]
        except BaseException:  # an interruption; it is no Exception
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.stop()
            raise
    if failures:
        raise ExtensionError("\n\n".join(failures))
    executed |= _executed(missing, results)
    return {page.docname: executed[page.docname] for page in pages}


def stop_at_problems(
    pages: Sequence[Page], executed: Mapping[str, NotebookNode]
) -> None:
    """Stop the build if a reader would see stderr, or a picture without a description."""
    found = [line for page in pages for line in problems(page, executed[page.docname])]
    if found:
        raise ExtensionError("\n".join(found))


def problems(page: Page, executed: NotebookNode) -> Iterator[str]:
    """Yield each output that a reader should not see, with its lesson and cell."""
    for index, cell in enumerate(executed.cells):
        image = cell.metadata.get("mystnb", {}).get("image", {})
        described = str(image.get("alt") or "").strip()
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                text = output.text.strip()
                yield f"{page.where(index)} writes to stderr: {text}"
            if not described and PICTURES & output.get("data", {}).keys():
                yield (
                    f"{page.where(index)} draws a picture without alternative text: say "
                    "what it shows in the cell's metadata under mystnb: image: alt"
                )


def glued(executed: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield the values that cells pass to their page, by name, as they were put out."""
    for cell in executed.cells:
        for output in cell.get("outputs", ()):
            record = output.get("metadata", {}).get("scrapbook", {})
            if "name" in record:
                data = output["data"]
                yield record["name"], data.get(GLUE, data.get("text/plain", ""))


def _run(page: Page, path: Path, kernels: Kernels) -> str | None:
    """Run a page and keep its result, or return why that failed, with its lesson and cell."""
    notebook = copy.deepcopy(page.notebook)
    try:
        seconds = kernels.run(notebook)
        keep(path, page.docname, notebook, seconds)
    except NotebookError as error:
        where = page.source.name if error.cell is None else page.where(error.cell)
        return f"{where}: {error}"
    except OSError as error:
        return f"{page.source.name}: its result could not be kept: {error}"
    return None


def _executed(pages: Sequence[Page], results: Path) -> dict[str, NotebookNode]:
    """Return the notebooks of which results are kept, by docname."""
    found = {}
    for page in pages:
        if result := kept(place(page.notebook, results), page.source.name):
            found[page.docname] = filled(page.notebook, result)
    return found


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"
