"""Run notebooks side by side, and keep the results until something that they use changes."""

import copy
import hashlib
import logging
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import single_nb_execution
from nbformat import NotebookNode
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator

from course.sources import Page

NUMERICAL_LIBRARIES = ("numpy", "torch", "matplotlib", "ipykernel")
"""Libraries whose version can change what a cell prints or draws."""

SECONDS_PER_CELL = 120


def environment_digest(package: Path) -> str:
    """Name all that an output depends on besides the notebook: the package and the libraries.

    Parameters
    ----------
    package : Path
        Folder of the package that the lessons import.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    digest = hashlib.sha256(platform.python_version().encode())
    for library in NUMERICAL_LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    for module in sorted(package.rglob("*.py")):
        digest.update(module.relative_to(package).as_posix().encode() + b"\0")
        digest.update(module.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def open_cache(folder: Path, digest: str) -> JupyterCacheAbstract:
    """Open the cache of results for one environment and drop those of any other.

    Parameters
    ----------
    folder : Path
        Where caches are kept.
    digest : str
        What `environment_digest` returned.

    Returns
    -------
    JupyterCacheAbstract
        The cache.
    """
    for other in folder.glob("*") if folder.exists() else ():
        if other.name != digest:
            shutil.rmtree(other)
    cache: JupyterCacheAbstract = get_cache(folder / digest)
    return cache


def execute(
    pages: Sequence[Page], cache: JupyterCacheAbstract
) -> dict[str, NotebookNode]:
    """Bring the cache up to date, running only what it does not hold yet.

    Parameters
    ----------
    pages : sequence of Page
        What the site needs.
    cache : JupyterCacheAbstract
        Results so far; new ones are added.

    Returns
    -------
    dict
        The executed notebook of each page, by docname.

    Raises
    ------
    ExtensionError
        If a cell raised, ran too long or lost its kernel; all such cells are named.
    """
    logging.getLogger("traitlets").setLevel(logging.WARNING)  # else a line a kernel
    missing = [page for page in pages if _cached(page, cache) is None]
    failures = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
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
    return {page.docname: _refreshed(page, cache) for page in pages}


def _run(page: Page) -> tuple[NotebookNode, float, str | None]:
    notebook = copy.deepcopy(page.notebook)
    with tempfile.TemporaryDirectory() as folder:
        try:
            result = single_nb_execution(
                notebook,
                cwd=folder,
                timeout=SECONDS_PER_CELL,
                allow_errors=False,
                # Kernels announce how they are reached; only their errors are news here.
                extra_arguments=["--IPKernelApp.log_level=ERROR"],
            )
        # Whatever a kernel dies of, the lesson is named and the others go on.
        except Exception as error:
            return notebook, 0.0, f"{page.source.name}: {type(error).__name__}: {error}"
    failure = None
    if result.err is not None:
        ran = [
            i for i, cell in enumerate(notebook.cells) if cell.get("execution_count")
        ]
        traceback = re.sub(r"\x1b\[[0-9;]*m", "", result.exc_string or "")
        failure = f"{page.where(ran[-1] if ran else 0)} failed:\n{traceback}"
    return notebook, result.time, failure


def _cached(page: Page, cache: JupyterCacheAbstract) -> NotebookNode | None:
    try:
        notebook: NotebookNode = cache.merge_match_into_notebook(page.notebook)[1]
    except KeyError:
        return None
    return notebook


def _keep(
    page: Page, notebook: NotebookNode, seconds: float, cache: JupyterCacheAbstract
) -> None:
    bundle = CacheBundleIn(
        notebook, str(page.source), data={"execution_seconds": seconds}
    )
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _refreshed(page: Page, cache: JupyterCacheAbstract) -> NotebookNode:
    """Take the outputs from the cache and everything else from the page.

    The cache knows a notebook by its code alone and would hand back the captions,
    alternative texts and tags that the cells had when they last ran.
    """
    executed = _cached(page, cache)
    assert executed is not None, f"{page.docname} has just been executed"  # noqa: S101
    pairs = list(zip(executed.cells, page.notebook.cells, strict=True))
    if any(old.metadata != new.metadata for old, new in pairs):
        for old, new in pairs:
            old.metadata = new.metadata
        seconds = cache.match_cache_notebook(page.notebook).data["execution_seconds"]
        _keep(page, executed, seconds, cache)
    return executed


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"
