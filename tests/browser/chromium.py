"""Finds and starts Debian's Chromium (or another one) with the internet switched off."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_ONE = (
    "No browser was found. Install one, on Debian with "
    "`apt-get install chromium`, or set CHROMIUM to the path of a Chromium or Chrome."
)
FLAGS = (
    # No name is resolved: what a page asks of another host cannot be answered.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
)
PATIENCE = 300_000
"""Milliseconds until something that is waited for is given up, on however busy a machine."""


def find() -> str:
    """Return the value of the environment variable ``CHROMIUM``, else the first on the path."""
    wanted = os.environ.get("CHROMIUM")
    for name in [wanted] if wanted else NAMES:
        if found := shutil.which(name):
            return found
    raise SystemExit(HOW_TO_GET_ONE)


@contextmanager
def running(*flags: str) -> Iterator[Browser]:
    """Run a Chromium without a window that reaches this machine only."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=[*FLAGS, *flags], timeout=PATIENCE
        )
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Make a reader who knows of no page yet, and waits as long as `PATIENCE`."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context


if __name__ == "__main__":
    print(find())  # noqa: T201 - `nox -s browser` asks before it builds
