"""The window of an engine, opened once for its file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.engines.reader import WATCH, Reader
from tests.browser.site_server import serving

pytest.register_assert_rewrite("tests.browser.engines.short_round")  # no file of tests


@pytest.fixture(scope="module")
def window(request: pytest.FixtureRequest, site: Path) -> Iterator[Reader]:
    engine = request.module.ENGINE
    if engine.find() is None:
        # Only FIREFOX=none or WEBKIT=none does that; a browser that is not found is an error.
        pytest.skip(f"left out by the environment: {engine.HOW_TO_GET_ONE}")
    with serving(site, first=WATCH) as server, engine.running(server) as window:
        yield window


@pytest.fixture
def reader(window: Reader) -> Iterator[Reader]:
    """A reader who leaves nothing behind in the browser."""
    yield window
    window.run("() => localStorage.clear()")
