"""A visit to the site: themes, keys, copying, a broken link, a folder, a disk, a slow line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import new_context
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    WATCH_SHIFTS,
    WIDE,
    Theme,
    violations,
    watch,
)
from tests.browser.site_server import SiteServer, serving

LESSON = "tutorials/01_pen_and_paper.html"
INK = """() => [...document.querySelectorAll("article svg.picture")].map((svg) =>
    JSON.stringify([...new Set([...svg.querySelectorAll("*")].flatMap((element) => {
        const {fill, stroke} = getComputedStyle(element);
        return [fill, stroke];
    }))].sort()))"""
# A bracket of another font would not grow with the matrix in it.
GROWN = """() => [...document.querySelectorAll("math mrow:has(> mtable)")].map((row) => {
    const height = (selector) => row.querySelector(selector).getBoundingClientRect().height;
    return height("mo") / height("mtable");
})"""
SLOW_PAGES = (
    "index.html",
    "explorer.html",
    LESSON,
    "exercises/ex1_01_pen_and_paper.html",
    "api/worked_example.html",
    "genindex.html",
    "search.html",
)
AFTER_TWO_FRAMES = """async () => {
    for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
    return window.shifts;
}"""


@pytest.fixture
def lesson_page(page: Page, server: SiteServer) -> Page:
    page.goto(server.address(LESSON))
    return page


# -- Light and dark: what the reader's system prefers, until the reader chooses


def is_dark(page: Page) -> bool:
    ground = (
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    brightness = max(page.evaluate(ground))
    assert not 60 <= brightness <= 200
    return bool(brightness < 60)


def choose(page: Page, theme: Theme) -> None:
    """Press the switch until it shows a theme."""
    for _ in range(3):
        if page.evaluate("document.body.dataset.theme") == theme:
            return
        page.locator("button.theme-toggle").locator("visible=true").click()
    pytest.fail(f"the switch never gets to {theme}")


def test_a_page_and_its_figures_follow_the_system(lesson_page: Page) -> None:
    assert not is_dark(lesson_page)
    light = lesson_page.evaluate(INK)
    lesson_page.emulate_media(color_scheme="dark")
    assert is_dark(lesson_page)
    assert light
    dark = lesson_page.evaluate(INK)
    assert [each for each in zip(light, dark, strict=True) if each[0] == each[1]] == []


@pytest.mark.parametrize(
    ("theme", "other"), [("dark", "light"), ("light", "dark")], ids=str
)
def test_a_choice_is_kept_whatever_the_system_prefers(
    theme: Theme, other: Theme, lesson_page: Page, server: SiteServer
) -> None:
    lesson_page.emulate_media(color_scheme=other)
    choose(lesson_page, other)
    before = lesson_page.evaluate(INK)
    choose(lesson_page, theme)
    after = lesson_page.evaluate(INK)  # figures go with the switch
    assert not set(before) & set(after)
    lesson_page.goto(server.address("index.html"))
    assert is_dark(lesson_page) == (theme == "dark")
    assert violations(lesson_page) == []


def test_the_first_paint_has_the_chosen_theme(
    page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.add_init_script("localStorage.setItem('theme', 'dark')")
    page.route("**/furo.js*", lambda route: route.abort())  # comes last
    page.goto(server.address(LESSON))
    assert is_dark(page)
    trouble.clear()


# -- Keys, and the button on a code block


def test_the_first_stop_leads_past_the_sidebar(lesson_page: Page) -> None:
    for key in ("Tab", "Enter", "Tab"):
        lesson_page.keyboard.press(key)
    assert lesson_page.evaluate("!!document.activeElement.closest('article')")


def test_keys_fold_switch_the_theme_and_scroll(lesson_page: Page) -> None:
    folded = lesson_page.locator("article details").first
    for key in ("Enter", "Space"):
        for opened in (True, False):
            folded.locator("summary").first.focus()
            lesson_page.keyboard.press(key)
            assert folded.evaluate("details => details.open") == opened
    before = lesson_page.evaluate("document.body.dataset.theme")
    lesson_page.locator("button.theme-toggle").locator("visible=true").focus()
    lesson_page.keyboard.press("Enter")
    assert lesson_page.evaluate("document.body.dataset.theme") != before
    lesson_page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    boxes = lesson_page.locator("article pre[tabindex='0']").locator("visible=true")
    wide = [
        box for box in boxes.all() if box.evaluate("e => e.scrollWidth > e.clientWidth")
    ]
    assert wide
    wide[0].focus()
    lesson_page.keyboard.press("ArrowRight")
    lesson_page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_the_button_copies_code_without_prompts(lesson_page: Page) -> None:
    page = lesson_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = page.locator("article div.highlight").locator("visible=true").first

    def copied() -> str:
        block.hover()
        block.locator("button.copybtn").click()
        page.wait_for_selector("button.copybtn.success")
        return str(page.evaluate("navigator.clipboard.readText()")).strip()

    code = block.locator("pre").inner_text().strip()
    assert code
    assert copied() == code
    page.wait_for_selector("button.copybtn.success", state="detached")
    block.locator("pre").evaluate(
        """(pre) => pre.innerHTML = '<span class="gp">&gt;&gt;&gt; </span>1 + 1\\n' +
            '<span class="go">2</span>\\n'"""
    )
    assert copied() == "1 + 1"


# -- Other places


@pytest.mark.parametrize("address", ["none.html", "tutorials/there/is/none.html"])
def test_an_unknown_address_gets_a_page_that_leads_on(
    address: str, page: Page, server: SiteServer
) -> None:
    server.served.clear()
    response = page.goto(server.address(address))
    assert response is not None
    assert response.status == 404
    assert page.locator("article h1").count() == 1
    answers = {each.path: each.status for each in server.served}
    del answers[f"/{address}"]
    assert set(answers.values()) == {200}, answers  # style, scripts and font are found
    with page.expect_response(lambda each: each.request.is_navigation_request()) as led:
        page.locator("article a:not(.headerlink)").first.click()
    assert led.value.status == 200


def test_a_site_works_in_a_folder(browser: Browser, site: Path) -> None:
    trouble: list[str] = []
    with serving(site, "/course") as server, new_context(browser) as context:
        page = context.new_page()
        watch(page, server, trouble)
        page.goto(server.address("index.html"), wait_until="networkidle")
        page.get_by_role("link", name="Start lesson 0").click()
        page.wait_for_load_state("networkidle")
        page.locator("a.next-page").click()
        page.wait_for_load_state("networkidle")
        assert page.url == server.address(LESSON)
        page.goto(server.address("search.html?q=tanh_backward"))
        page.wait_for_selector("#search-results li a")
        assert trouble == []


def test_brackets_grow_on_a_page_from_the_disk(desk: Page, site: Path) -> None:
    desk.goto((site / LESSON).as_uri())
    desk.evaluate("document.fonts.ready")
    grown = desk.evaluate(GROWN)
    assert len(grown) > 10
    assert min(grown) > 0.9


@pytest.fixture(scope="module")
def slow(site: Path) -> Iterator[SiteServer]:
    with serving(site, pause=0.1) as server:
        yield server


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("address", SLOW_PAGES)
def test_nothing_moves_on_a_slow_line(
    browser: Browser, slow: SiteServer, address: str, width: int
) -> None:
    with new_context(browser, viewport={"width": width, "height": HEIGHT}) as context:
        visit = context.new_page()
        visit.add_init_script(WATCH_SHIFTS)
        visit.goto(slow.address(address))
        assert visit.evaluate(AFTER_TWO_FRAMES) == []
