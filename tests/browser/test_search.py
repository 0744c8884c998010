"""Search works offline: over HTTP with no other host in reach, and from the disk."""

from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from playwright.sync_api import Page

from tests.browser.site_server import SiteServer

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
    links = "[...document.querySelectorAll('#search-results li a')].map((a) => a.href)"
    return [str(link) for link in page.evaluate(links)]


def test_a_search_finds_the_page(page: Page, server: SiteServer, site: Path) -> None:
    for words, found_on in LOOKED_FOR.items():
        found = results(page, server.address(f"search.html?q={quote_plus(words)}"))
        pages = [urlsplit(address).path.lstrip("/") for address in found]
        assert found_on in pages[:10], words
        assert [each for each in pages if not (site / each).is_file()] == []
    assert results(page, server.address("search.html?q=zeppelin")) == []


def test_a_search_works_from_the_disk(desk: Page, site: Path) -> None:
    for words in ("chain rule", "tanh_backward"):
        address = f"{(site / 'search.html').as_uri()}?q={quote_plus(words)}"
        found = results(desk, address)
        assert any(LOOKED_FOR[words] in each for each in found), words


def test_the_sidebar_leads_to_the_results(page: Page, server: SiteServer) -> None:
    page.goto(server.address("index.html"))
    page.locator("input[name=q]").locator("visible=true").fill("chain rule")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=chain+rule*")
    page.wait_for_selector("#search-results li a")
