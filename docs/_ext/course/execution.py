"""Run notebooks side by side, those whose results are not kept."""

import copy
import logging
import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from jupyter_cache.base import JupyterCacheAbstract
from jupyter_cache.executors.utils import single_nb_execution
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator

from course.results import adopt, cached, keep
from course.sources import Page
from mlp_exercise.submission.run import usable_cores

SECONDS_PER_CELL = 900
"""By the clock: far more than any cell takes, on however busy a machine."""


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
    executed = cached(pages, cache)
    if len(executed) < len(pages):
        adopt([page for page in pages if page.docname not in executed], cache)
        executed = cached(pages, cache)
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
                keep(page, notebook, seconds, cache)
    if failures:
        raise ExtensionError("\n\n".join(failures))
    executed |= cached(missing, cache)
    return {page.docname: executed[page.docname] for page in pages}


def _run(page: Page) -> tuple[NotebookNode, float, str | None]:
    notebook = copy.deepcopy(page.notebook)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            result = single_nb_execution(
                notebook,
                cwd=folder,
                timeout=SECONDS_PER_CELL,
                allow_errors=False,
                coalesce_streams=True,  # how output was cut on its way is chance
                # Kernels announce how they are reached; only their errors are news here.
                extra_arguments=["--IPKernelApp.log_level=ERROR"],
            )
        # Whatever a kernel dies of, the lesson is named and the others go on.
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
    if in_cell and not ran:  # the kernel died before it had counted the first one
        ran = code[:1]
    return page.where(ran[-1]) if ran else page.source.name
