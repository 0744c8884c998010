"""Who switches JavaScript off reads the same."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.chromium import new_context
from tests.browser.measurement import READING, Measurement
from tests.browser.site_server import SiteServer


def test_all_content_is_there_without_scripts(
    wide: Measurement, browser: Browser, server: SiteServer
) -> None:
    with new_context(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.address(wide.view.page))
        text = page.evaluate(READING)["text"]
    assert text == wide.reading["text"]
    assert text or wide.view.page == "search.html"


def test_all_that_is_folded_opens_without_scripts(
    lesson: str, browser: Browser, server: SiteServer
) -> None:
    with new_context(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.address(lesson))
        folded = page.locator("article details:not([open]) > summary")
        for _ in range(folded.count()):
            folded.first.click()
        assert folded.count() == 0
        # Nothing else is folded: a reader without scripts could not open that.
        assert page.locator("article [hidden], article .toggle-hidden").count() == 0


def test_lessons_fold_something(site: Path) -> None:
    page = (site / "tutorials/01_pen_and_paper.html").read_text("utf-8")
    assert page.count("<details") > 1
