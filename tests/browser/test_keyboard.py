"""Everything can be done without a mouse."""

from collections.abc import Callable
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import new_context
from tests.browser.journey import Journey, journey
from tests.browser.site_server import SiteServer

LESSON = "tutorials/01_pen_and_paper.html"
OTHERS = ("index.html", "search.html", "404.html", "marking.html", "api/manual.html")
SKIP, SWITCH, SEARCH = "a.skip-to-content", "button.theme-toggle", "input[name=q]"
PAGES, FOLDED, NOTEBOOK = ".sidebar-tree a", "article summary", "a.download-notebook"
CONTENTS, COPY = ".toc-tree a", "button.copybtn"
KINDS = [SKIP, SWITCH, SEARCH, PAGES, FOLDED, NOTEBOOK, CONTENTS, COPY]


@pytest.fixture(scope="session")
def walk(browser: Browser, server: SiteServer) -> Callable[[str], Journey]:
    @cache
    def walk(address: str) -> Journey:
        with new_context(browser, viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.goto(server.address(address))
            return journey(page, KINDS)

    return walk


def test_tab_reaches_everything_on_a_lesson_and_comes_out_again(
    lesson: str, walk: Callable[[str], Journey], page: Page, server: SiteServer
) -> None:
    made = walk(lesson)
    assert made.ended, f"trapped after {len(made.kinds)} stops"
    assert made.kinds[0] == [SKIP]
    page.goto(server.address(lesson))
    met = [kind for stop in made.kinds for kind in stop]
    for kind in KINDS:
        visible = page.locator(kind).locator("visible=true").count()
        assert met.count(kind) >= max(visible, 1), kind


def test_one_sees_where_the_focus_is(
    lesson: str, walk: Callable[[str], Journey]
) -> None:
    assert walk(lesson).unseen == []


def test_the_first_stop_leads_past_the_sidebar(page: Page, server: SiteServer) -> None:
    page.goto(server.address(LESSON))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('article')")


@pytest.mark.parametrize("address", OTHERS)
def test_tab_comes_out_of_other_pages_and_one_sees_where_it_is(
    address: str, walk: Callable[[str], Journey]
) -> None:
    made = walk(address)
    assert made.ended, f"trapped after {len(made.kinds)} stops"
    assert made.unseen == []


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_and_closes_what_is_folded(
    key: str, page: Page, server: SiteServer
) -> None:
    page.goto(server.address(LESSON))
    folded = page.locator("article details").first
    for opened in (True, False):
        folded.locator("summary").first.focus()
        page.keyboard.press(key)
        assert folded.evaluate("details => details.open") == opened


def test_a_key_switches_the_theme(page: Page, server: SiteServer) -> None:
    page.goto(server.address(LESSON))
    before = page.evaluate("document.body.dataset.theme")
    page.locator(SWITCH).locator("visible=true").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.dataset.theme") != before


def test_a_key_scrolls_what_is_wider_than_a_phone(
    page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(server.address(LESSON))
    boxes = page.locator("article pre[tabindex='0']").locator("visible=true").all()
    wide = [box for box in boxes if box.evaluate("e => e.scrollWidth > e.clientWidth")]
    assert wide
    wide[0].focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
