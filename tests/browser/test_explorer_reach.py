"""The explorer for everybody: by keys alone, for assistive technology, small, without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import violations
from tests.browser.chromium import new_context
from tests.browser.explorer import ADDRESS, address, fragment_of, opened, read
from tests.browser.measurement import NARROW, NARROWEST, WIDE, Theme
from tests.browser.site_server import SiteServer

STATES = {
    "as it opens": "",
    "a chain": address(at="x2"),
    "in the walk": address(step=7, at="z1"),
    "a guess": address(at="W1_12", predict=1, seen="y", guessed=1, right=1),
    "updates": address(updates=10),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_to_mend_in_any_state(
    state: str, width: int, theme: Theme, page: Page, server: SiteServer
) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, server, STATES[state])
    assert violations(page) == []


def test_axe_finds_nothing_to_mend_where_something_wrong_is_typed(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    explorer.locator("input[type=number]").first.fill("99")
    expect(explorer.locator(".problem")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [NARROW, NARROWEST])
@pytest.mark.parametrize("state", STATES)
def test_the_page_never_scrolls_sideways(
    state: str, width: int, page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, server, STATES[state])
    sizes = "[...document.querySelectorAll('html, .content')].map((e) => e.scrollWidth)"
    assert max(page.evaluate(sizes)) <= width


def test_what_is_touched_is_at_least_24_pixels(page: Page, server: SiteServer) -> None:
    page.set_viewport_size({"width": NARROW, "height": 800})
    opened(page, server, address(at="y", predict=1))
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            ".explorer :is(button, input, a, [data-place])")]
            .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
            .filter(([, {width, height}]) => width && (width < 24 || height < 24))
            .map(([name]) => name)"""
    )
    assert small == []


def test_a_learner_without_a_mouse_does_everything(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    explorer.locator("[data-question]").first.focus()
    met: list[str] = []
    for _ in range(80):
        met.append(
            page.evaluate(
                """() => { const e = document.activeElement; const d = e.dataset;
                const {outlineStyle, outlineWidth} = getComputedStyle(e);
                const seen = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
                return (seen ? "" : "unseen ") + (d.place ?? d.do ?? d.control ?? e.name ??
                    e.textContent); }"""
            )
        )
        page.keyboard.press("Tab")
        if not page.evaluate("!!document.activeElement.closest('.explorer')"):
            break
    assert [stop for stop in met if stop.startswith("unseen")] == []
    places = explorer.locator("[data-place]")
    for place in places.all():
        assert str(place.get_attribute("data-place")) in met
    for control in explorer.locator("input[data-control]").all():
        assert str(control.get_attribute("data-control")) in met
    # Choose, guess, walk and update by keys.
    explorer.get_by_label("Predict first").focus()
    page.keyboard.press("Space")
    explorer.locator("[data-place=W2_11]").focus()
    page.keyboard.press("Enter")
    explorer.get_by_label("zero").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(explorer.locator(".verdict")).to_contain_text("Yes")
    explorer.locator("[data-do=update]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    fragment = fragment_of(page)
    for part in (
        "at=W2_11",
        "predict=1",
        "seen=W2_11",
        "right=1",
        "updates=1",
        "step=1",
    ):
        assert part in fragment


def test_without_scripts_there_is_the_table_and_a_plain_word_and_nothing_dead(
    browser: Browser, server: SiteServer
) -> None:
    with new_context(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.address(ADDRESS))
        check_as_built(page)


def test_from_a_disk_it_is_as_without_scripts(page: Page, site: Path) -> None:
    page.goto((site / ADDRESS).as_uri())
    check_as_built(page)


@pytest.mark.parametrize("module", ["explorer.js", "state.js"])
def test_where_a_module_is_lost_on_the_way_it_is_as_without_scripts(
    module: str, page: Page, server: SiteServer
) -> None:
    page.route(f"**/interactive/{module}*", lambda route: route.abort())
    page.goto(server.address(ADDRESS))
    check_as_built(page)


def check_as_built(page: Page) -> None:
    explorer = page.locator(".explorer")
    expect(explorer.locator(".without-script")).to_be_visible()
    expect(explorer.get_by_role("img")).to_be_visible()
    expect(explorer.locator("table").first).to_be_visible()
    dead = explorer.locator(":is(button, input, [data-question])")
    assert dead.locator("visible=true").count() == 0
    assert read(page)["x[0]"] == 0.3
    assert page.locator("h1").count() == 1


def test_on_paper_there_are_figure_and_table(page: Page, server: SiteServer) -> None:
    explorer = opened(page, server)
    page.emulate_media(media="print")
    expect(explorer.locator("svg.picture")).to_be_visible()
    expect(explorer.locator("table").first).to_be_visible()
    assert explorer.locator(":is(button, input)").locator("visible=true").count() == 0
