"""Results of notebooks, kept until the notebook, the package or a library changes."""

import contextlib
import copy
import hashlib
import platform
import shutil
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbformat import NotebookNode

from course.sources import Page

NUMERICAL_LIBRARIES = (
    "contourpy",
    "ipykernel",
    "ipython",
    "matplotlib",
    "matplotlib-inline",
    "numpy",
    "torch",
)
"""Libraries whose version can change what a cell prints or draws."""


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
        if other.is_dir() and other.name != digest:
            shutil.rmtree(other)
    cache: JupyterCacheAbstract = get_cache(folder / digest)
    return cache


def cached(
    pages: Sequence[Page], cache: JupyterCacheAbstract
) -> dict[str, NotebookNode]:
    """Look up the executed notebooks of pages.

    Parameters
    ----------
    pages : sequence of Page
        The pages.
    cache : JupyterCacheAbstract
        The cache.

    Returns
    -------
    dict
        Notebooks by docname, of those pages whose results it holds.
    """
    found = {}
    for page in pages:
        with contextlib.suppress(KeyError):  # the cache does not hold this page
            found[page.docname] = cache.merge_match_into_notebook(page.notebook)[1]
    return found


def keep(
    page: Page, notebook: NotebookNode, seconds: float, cache: JupyterCacheAbstract
) -> None:
    """Put an executed notebook into the cache.

    Parameters
    ----------
    page : Page
        Its page.
    notebook : NotebookNode
        With outputs.
    seconds : float
        How long it ran.
    cache : JupyterCacheAbstract
        The cache.
    """
    bundle = CacheBundleIn(
        notebook, str(page.source), data={"execution_seconds": seconds}
    )
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def adopt(pages: Sequence[Page], cache: JupyterCacheAbstract) -> None:
    """Keep the results of pages whose captions, alternative texts or tags alone are new.

    The cache knows a notebook by its code and by the metadata of its cells.

    Parameters
    ----------
    pages : sequence of Page
        Pages that the cache does not hold.
    cache : JupyterCacheAbstract
        The cache.
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
        keep(page, notebook, bundle.record.data["execution_seconds"], cache)


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
