"""Run notebooks whose results are not cached, in parallel, and check their outputs.

Results are cached until the notebook, a package or a library changes.
"""

import contextlib
import copy
import hashlib
import logging
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import single_nb_execution
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator

from course.digests import contents
from course.sources import Page
from mlp_exercise.submission.run import usable_cores

SECONDS_PER_CELL = 900
"""Seconds by the clock, far more than any cell takes, even on a busy machine."""

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


def open_cache(folder: Path, digest: str) -> JupyterCacheAbstract:
    """Return the cache of results for one environment, and delete the others."""
    for other in folder.glob("*") if folder.exists() else ():
        if other.is_dir() and other.name != digest:
            shutil.rmtree(other)
    cache: JupyterCacheAbstract = get_cache(folder / digest)
    return cache


def execute(
    pages: Sequence[Page], cache: JupyterCacheAbstract
) -> dict[str, NotebookNode]:
    """Return executed notebooks by docname, running only those that the cache lacks."""
    # Otherwise each kernel logs a line.
    logging.getLogger("traitlets").setLevel(logging.WARNING)
    executed = _cached(pages, cache)
    if len(executed) < len(pages):
        _adopt([page for page in pages if page.docname not in executed], cache)
        executed = _cached(pages, cache)
    missing = [page for page in pages if page.docname not in executed]
    failures = []
    with ThreadPoolExecutor(usable_cores()) as pool:
        results = pool.map(_run, missing)
        progress = status_iterator(
            zip(missing, results, strict=True),
            "executing notebooks... ",
            length=len(missing),
            stringify_func=lambda pair: pair[0].docname,
        )
        for page, (notebook, seconds, failure) in progress:
            if failure:
                failures.append(failure)
            else:
                _keep(page, notebook, seconds, cache)
    if failures:
        raise ExtensionError("\n\n".join(failures))
    executed |= _cached(missing, cache)
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


def _run(page: Page) -> tuple[NotebookNode, float, str | None]:
    notebook = copy.deepcopy(page.notebook)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            result = single_nb_execution(
                notebook,
                cwd=folder,
                timeout=SECONDS_PER_CELL,
                allow_errors=False,
                coalesce_streams=True,  # output arrives in pieces of random length
                # Kernels announce their connections; only their errors matter here.
                extra_arguments=["--IPKernelApp.log_level=ERROR"],
            )
        # Whatever ends a kernel, the lesson is named and the others go on.
        except Exception as error:
            where = _last_cell(
                page, notebook, in_cell=isinstance(error, DeadKernelError)
            )
            failure = f"{where}: {type(error).__name__}: {error}"
            return notebook, 0.0, failure
    if result.err is None:
        return notebook, result.time, None
    traceback = re.sub(r"\x1b\[[0-9;]*m", "", result.exc_string or "")
    return notebook, 0.0, f"{_last_cell(page, notebook)} failed:\n{traceback}"


def _last_cell(page: Page, notebook: NotebookNode, *, in_cell: bool = False) -> str:
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    ran = [i for i in code if notebook.cells[i].get("execution_count")]
    if in_cell and not ran:  # the kernel died before the first cell had run
        ran = code[:1]
    return page.where(ran[-1]) if ran else page.source.name


def _cached(
    pages: Sequence[Page], cache: JupyterCacheAbstract
) -> dict[str, NotebookNode]:
    """Return the executed notebooks in the cache, by docname."""
    found = {}
    for page in pages:
        with contextlib.suppress(KeyError):  # this page is not in the cache
            found[page.docname] = cache.merge_match_into_notebook(page.notebook)[1]
    return found


def _keep(
    page: Page, notebook: NotebookNode, seconds: float, cache: JupyterCacheAbstract
) -> None:
    """Put an executed notebook into the cache."""
    bundle = CacheBundleIn(
        notebook, str(page.source), data={"execution_seconds": seconds}
    )
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _adopt(pages: Sequence[Page], cache: JupyterCacheAbstract) -> None:
    """Reuse results for pages of which only captions, alternative texts or tags have changed.

    The cache identifies a notebook by its code and the metadata of its cells.
    """
    bundles = [
        cache.get_cache_bundle(record.pk) for record in cache.list_cache_records()
    ]
    results = {_code(bundle.nb): bundle for bundle in bundles}
    for page in pages:
        bundle = results.get(_code(page.notebook))
        if bundle is None:
            continue
        notebook = copy.deepcopy(page.notebook)
        notebook.metadata |= {
            k: v for k, v in bundle.nb.metadata.items() if k == "language_info"
        }
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for new, old in zip(code, bundle.nb.cells, strict=True):
            new.outputs, new.execution_count = old.outputs, old.execution_count
        _keep(page, notebook, bundle.record.data["execution_seconds"], cache)


def _code(notebook: NotebookNode) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (cell.source, "raises-exception" in cell.metadata.get("tags", ()))
        for cell in notebook.cells
        if cell.cell_type == "code"
    )


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"
