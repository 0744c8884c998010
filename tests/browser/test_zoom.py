"""Letters twice as large, as a reader may set them in the browser: nothing is cut or covered."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.browser.chromium import new_context, running
from tests.browser.measurement import CROWDED, HEIGHT, UNFOLD, WIDE, addresses
from tests.browser.site_server import SiteServer

TWICE = "--blink-settings=defaultFontSize=32"


def crowded(server: SiteServer, pages: list[str]) -> dict[str, list[str]]:
    """Look at pages in a browser of its own, as its reader has set it up."""
    size = {"width": WIDE, "height": HEIGHT}
    found = {}
    with running(TWICE) as browser, new_context(browser, viewport=size) as context:
        page = context.new_page()
        for address in pages:
            page.goto(server.address(address))
            page.evaluate(UNFOLD)
            assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
            assert page.evaluate("document.documentElement.scrollWidth") <= WIDE, (
                address
            )
            found[address] = page.evaluate(CROWDED)
    return found


def test_letters_may_be_twice_as_large(server: SiteServer, site: Path) -> None:
    with ThreadPoolExecutor(1) as thread:  # one browser may run in each
        found = thread.submit(crowded, server, addresses(site)).result()
    assert {address: each for address, each in found.items() if each} == {}
