"""Search works offline: over HTTP with no other host in reach, and from the disk."""

from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.measurement import HEIGHT, NARROW, violations
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


def test_the_headline_says_what_was_found(page: Page, server: SiteServer) -> None:
    found = results(page, server.address("search.html?q=tanh"))
    said = page.locator("#search-results")
    status, headline = said.get_by_role("status"), said.get_by_role("heading")
    expect(headline).to_have_text(f"{len(found)} results for “tanh”")
    expect(status).to_have_text(f"{len(found)} results found.")
    expect(page).to_have_title(f"{len(found)} results for “tanh” - Gradients by hand")
    assert violations(page) == []


def test_where_nothing_is_found_it_says_what_to_try(
    page: Page, server: SiteServer
) -> None:
    assert results(page, server.address("search.html?q=zeppelin")) == []
    said = page.locator("#search-results")
    expect(said.get_by_role("status")).to_have_text("Nothing found.")
    expect(said).to_contain_text("try fewer words")
    said.get_by_role("link", name="glossary").click()
    page.wait_for_url("**/glossary.html")


def test_on_a_phone_the_page_has_a_box_of_its_own(
    page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    page.goto(server.address("search.html"))
    expect(page.locator("#search-results")).to_be_empty()
    page.get_by_label("Words to look for").fill("chain rule")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results h2")).to_contain_text("“chain rule”")


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
