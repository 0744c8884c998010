"""Search works offline: over HTTP with no other host in reach, and from the disk."""

from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.site_server import SiteServer
from tests.browser.watch import watch

LOOKED_FOR = {
    "Work out every gradient by hand": "tutorials/01_pen_and_paper.html",  # a heading
    "chain rule": "tutorials/00_gradient_descent.html",  # a word among formulas
    "pre-activation": "glossary.html",  # a symbol's name
    "eta": "notation.html",  # in formulas only
    "tanh_backward": "api/manual.html",  # a name of the package
    "central_difference": "api/gradient_check.html",
}


def results(page: Page, address: str) -> list[str]:
    """Wait until a search is over; list the pages it found."""
    page.goto(address)
    # Sphinx says how many pages it found when it has listed all of them.
    page.wait_for_function(
        "document.querySelector('.search-summary')?.innerText.trim()"
    )
    links = page.locator("#search-results li a").all()
    return [str(link.evaluate("a => a.href")) for link in links]


@pytest.mark.parametrize(("words", "found_on"), LOOKED_FOR.items())
def test_a_search_finds_the_page(
    words: str, found_on: str, page: Page, server: SiteServer, site: Path
) -> None:
    other_hosts, failures = watch(page, server)
    found = results(page, server.address(f"search.html?q={quote_plus(words)}"))
    pages = [urlsplit(address).path.lstrip("/") for address in found]
    assert found_on in pages[:10]
    assert [address for address in pages if not (site / address).is_file()] == []
    assert other_hosts == []
    assert failures == []


def test_a_search_for_what_is_nowhere_finds_nothing(
    page: Page, server: SiteServer
) -> None:
    assert results(page, server.address("search.html?q=zeppelin")) == []


@pytest.mark.parametrize("words", ["chain rule", "tanh_backward"])
def test_a_search_works_from_the_disk(words: str, page: Page, site: Path) -> None:
    address = f"{(site / 'search.html').as_uri()}?q={quote_plus(words)}"
    found = results(page, address)
    assert any(LOOKED_FOR[words] in each for each in found)


def test_the_box_in_the_sidebar_leads_to_the_results(
    page: Page, server: SiteServer
) -> None:
    page.goto(server.address("index.html"))
    page.locator("input[name=q]").locator("visible=true").fill("chain rule")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=chain+rule*")
    page.wait_for_selector("#search-results li a")
