"""The site in a folder of its host, and on a disk without any."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.site_server import serving
from tests.browser.watch import watch

LESSON = "tutorials/01_pen_and_paper.html"
# A bracket of another font would not grow with the matrix in it.
GROWN = """() => [...document.querySelectorAll("math mrow:has(> mtable)")].map((row) => {
    const height = (selector) => row.querySelector(selector).getBoundingClientRect().height;
    return height("mo") / height("mtable");
})"""


def test_a_site_works_in_a_folder(page: Page, site: Path) -> None:
    with serving(site, "/course") as server:
        other_hosts, failures = watch(page, server)
        page.goto(server.address("index.html"), wait_until="networkidle")
        page.get_by_role("link", name="Start with lesson 0").click()
        page.wait_for_load_state("networkidle")
        page.locator("a.next-page").click()
        page.wait_for_load_state("networkidle")
        assert page.url == server.address(LESSON)
        page.goto(server.address("search.html?q=tanh_backward"))
        page.wait_for_selector("#search-results li a")
        assert other_hosts == failures == []


def test_brackets_grow_with_what_they_hold_on_a_page_from_the_disk(
    page: Page, site: Path
) -> None:
    page.goto((site / LESSON).as_uri())
    page.evaluate("document.fonts.ready")
    grown = page.evaluate(GROWN)
    assert len(grown) > 10
    assert min(grown) > 0.9
