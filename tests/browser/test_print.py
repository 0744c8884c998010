"""A lesson prints well on A4."""

import pytest
from playwright.sync_api import Page

from tests.browser.site_server import SiteServer

PAPER = 700  # A4 at 96 pixels an inch, without its margins
CUT = """() => [...document.querySelectorAll("article *")].filter((element) => {
    const {right, width} = element.getBoundingClientRect();
    const clips = getComputedStyle(element).overflowX !== "visible";
    const clipped = clips && element.scrollWidth > element.clientWidth + 1;
    return width > 1 && (clipped || right > innerWidth + 1);  // 1: for screen readers only
}).map((element) => `${element.localName}: ${element.textContent.trim().slice(0, 60)}`)"""
ON_PAPER = """() => [".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages",
    "button.copybtn", "button.theme-toggle", ".headerlink", ".lesson-links", "footer",
    ".skip-to-content", "details.hide:not([open])"].filter((kind) =>
    [...document.querySelectorAll(kind)].some((element) => {
        const {left, right, width} = element.getBoundingClientRect();
        const shown = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
        return shown && width > 0 && right > 0 && left < innerWidth;
    }))"""


@pytest.fixture
def paper(page: Page, server: SiteServer, lesson: str) -> Page:
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(server.address(lesson))
    return page


def test_only_the_lesson_is_printed(paper: Page) -> None:
    assert paper.evaluate(ON_PAPER) == []


def test_explanations_are_unfolded_and_hints_are_not(paper: Page) -> None:
    heights = """(kind) => [...document.querySelectorAll(`article details${kind}`)].map(
        (details) => details.querySelector(":scope > :not(summary)")
            .checkVisibility({contentVisibilityAuto: true}))"""
    assert all(paper.evaluate(heights, ".admonition:not(.hide, .hint)"))
    assert not any(paper.evaluate(heights, ".hint"))


def test_nothing_is_cut_off_at_the_edge_of_the_paper(paper: Page) -> None:
    assert paper.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert paper.evaluate(CUT) == []


def test_a_reader_of_dark_pages_prints_black_on_white(paper: Page) -> None:
    styles = "getComputedStyle(document.body)"
    assert paper.evaluate(f"{styles}.backgroundColor") == "rgb(255, 255, 255)"
    red, green, blue = paper.evaluate(f"{styles}.color.match(/\\d+/g).map(Number)")
    assert max(red, green, blue) < 80
