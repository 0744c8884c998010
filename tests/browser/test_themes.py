"""Light and dark: what the reader's system prefers, until the reader chooses."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessibility import violations
from tests.browser.chromium import new_context
from tests.browser.measurement import Theme
from tests.browser.site_server import SiteServer

LESSON = "tutorials/01_pen_and_paper.html"
FIGURES = "article svg.picture"
INK = """(svg) => [...new Set([...svg.querySelectorAll("*")].flatMap((element) => {
    const {fill, stroke} = getComputedStyle(element);
    return [fill, stroke];
}))].sort()"""


def brightness(page: Page) -> int:
    """Give the brightness of the page's ground, from 0 to 255."""
    ground = (
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    return int(max(page.evaluate(ground)))


def choose(page: Page, theme: Theme) -> None:
    """Press the switch until it shows a theme."""
    for _ in range(3):
        if page.evaluate("document.body.dataset.theme") == theme:
            return
        page.locator("button.theme-toggle").locator("visible=true").click()
    pytest.fail(f"the switch never gets to {theme}")


def test_a_page_follows_the_system(page: Page, server: SiteServer) -> None:
    page.goto(server.address(LESSON))
    assert brightness(page) > 200
    page.emulate_media(color_scheme="dark")
    assert brightness(page) < 60


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_choice_is_kept_whatever_the_system_prefers(
    theme: Theme, page: Page, server: SiteServer
) -> None:
    other: Theme = "light" if theme == "dark" else "dark"
    page.emulate_media(color_scheme=other)
    page.goto(server.address(LESSON))
    choose(page, theme)
    page.goto(server.address("index.html"))
    assert (brightness(page) < 60) == (theme == "dark")
    assert violations(page) == []


@pytest.mark.parametrize("how", ["system", "switch"])
def test_figures_follow_the_theme(how: str, page: Page, server: SiteServer) -> None:
    page.goto(server.address(LESSON))
    if how == "switch":
        choose(page, "light")
    figures = page.locator(FIGURES)
    assert figures.count() > 0, f"no {FIGURES}"
    light = [figure.evaluate(INK) for figure in figures.all()]
    if how == "switch":
        choose(page, "dark")
    else:
        page.emulate_media(color_scheme="dark")
    dark = [figure.evaluate(INK) for figure in figures.all()]
    assert [each for each in zip(light, dark, strict=True) if each[0] == each[1]] == []


def test_every_figure_says_what_it_shows(
    lesson: str, page: Page, server: SiteServer
) -> None:
    page.goto(server.address(lesson))
    figures = page.locator("article figure")
    shown = figures.get_by_role("img")  # by what assistive technology makes of it
    assert shown.count() == figures.count()
    for figure in shown.all():
        assert "img" in figure.aria_snapshot()
        assert len(figure.aria_snapshot()) > len('- img ""') + 40


def test_the_first_paint_has_the_chosen_theme(
    browser: Browser, server: SiteServer
) -> None:
    with new_context(browser, color_scheme="light") as context:
        page = context.new_page()
        page.add_init_script("localStorage.setItem('theme', 'dark')")
        page.route("**/furo.js*", lambda route: route.abort())  # comes last
        page.goto(server.address(LESSON))
        assert brightness(page) < 60
