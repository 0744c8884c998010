"""Every page of a site, measured by as many browsers as this machine has processors."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from itertools import product
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from tests.browser.chromium import running
from tests.browser.measurement import NARROW, WIDE, Measurement, Theme, View, measure
from tests.browser.site_server import serving

THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (WIDE, NARROW)
Jobs = SimpleQueue[tuple[View, "Future[Measurement]"]]


def addresses(site: Path) -> list[str]:
    """List the pages of a built site.

    Parameters
    ----------
    site
        Its folder.

    Returns
    -------
    list of str
        Addresses such as ``tutorials/01_pen_and_paper.html``, in order.
    """
    pages = (page.relative_to(site) for page in site.rglob("*.html"))
    return sorted(page.as_posix() for page in pages if page.parts[0] != "_static")


def views(pages: Iterable[str]) -> list[View]:
    """List how each page is seen: in light and dark, on a desk and on a phone.

    Parameters
    ----------
    pages
        Addresses.

    Returns
    -------
    list of View
        Four for each page.
    """
    return [View(*each) for each in product(pages, THEMES, WIDTHS)]


def start(site: Path, wanted: Iterable[View]) -> dict[View, "Future[Measurement]"]:
    """Start to measure, in the background.

    Parameters
    ----------
    site
        The folder of a built site.
    wanted
        What to measure; the first ones are ready first.

    Returns
    -------
    dict
        What is measured, or going to be.
    """
    measured: dict[View, Future[Measurement]] = {view: Future() for view in wanted}
    jobs: Jobs = SimpleQueue()
    for job in measured.items():
        jobs.put(job)
    for _ in range(min(os.cpu_count() or 1, 4, len(measured))):
        Thread(target=work, args=(site, jobs), daemon=True).start()
    return measured


def work(site: Path, jobs: Jobs) -> None:
    """Measure until nothing is left, with a browser and a server of one's own."""
    # Whatever goes wrong is raised anew where the result is read.
    try:
        with running() as browser, serving(site) as server:
            for view, future in remaining(jobs):
                try:
                    future.set_result(measure(browser, server, view))
                except Exception as error:
                    future.set_exception(error)
    except Exception as error:  # there is no browser at all
        for _, future in remaining(jobs):
            future.set_exception(error)


def remaining(jobs: Jobs) -> Iterator[tuple[View, "Future[Measurement]"]]:
    """Take one job after the other, until none is left.

    Parameters
    ----------
    jobs
        Shared with others.

    Yields
    ------
    tuple
        A job that nobody else does.
    """
    while True:
        try:
            yield jobs.get_nowait()
        except Empty:
            return
