"""A page that comes piece by piece is drawn once, so that nothing in it moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import new_context
from tests.browser.measurement import HEIGHT, NARROW, WATCH_SHIFTS, WIDE
from tests.browser.site_server import SiteServer, serving

PAGES = (
    "index.html",
    "explorer.html",
    "tutorials/01_pen_and_paper.html",
    "exercises/ex1_01_pen_and_paper.html",
    "api/worked_example.html",
    "genindex.html",
    "search.html",
)
AFTER_TWO_FRAMES = """async () => {
    for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
    return window.shifts;
}"""


@pytest.fixture(scope="module")
def slow(site: Path) -> Iterator[SiteServer]:
    with serving(site, pause=0.1) as server:
        yield server


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_moves_on_a_slow_line(
    browser: Browser, slow: SiteServer, page: str, width: int
) -> None:
    with new_context(browser, viewport={"width": width, "height": HEIGHT}) as context:
        visit = context.new_page()
        visit.add_init_script(WATCH_SHIFTS)
        visit.goto(slow.address(page))
        assert visit.evaluate(AFTER_TWO_FRAMES) == []
