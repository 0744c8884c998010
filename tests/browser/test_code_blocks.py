"""The button on a code block copies what one wants to run."""

import pytest
from playwright.sync_api import Page

from tests.browser.site_server import SiteServer


def copied(page: Page, number: int) -> str:
    """Press a copy button and read the clipboard."""
    block = page.locator("article div.highlight").nth(number)
    block.hover()
    block.locator("button.copybtn").click()
    page.wait_for_selector("button.copybtn.success")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.fixture
def lesson_page(page: Page, server: SiteServer) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server.address("tutorials/02_numpy_gradient.html"))
    return page


def test_the_button_copies_the_code(lesson_page: Page) -> None:
    block = lesson_page.locator("article div.highlight").first
    code = block.locator("pre").inner_text().strip()
    assert code
    assert copied(lesson_page, 0).strip() == code


def test_the_button_leaves_out_prompts_and_results(lesson_page: Page) -> None:
    lesson_page.evaluate(
        """document.querySelector("article div.highlight pre").innerHTML =
           '<span class="gp">&gt;&gt;&gt; </span>1 + 1\\n<span class="go">2</span>\\n'"""
    )
    assert copied(lesson_page, 0).strip() == "1 + 1"


def test_every_code_block_of_a_lesson_has_a_button(
    lesson: str, page: Page, server: SiteServer
) -> None:
    page.goto(server.address(lesson))
    blocks = page.locator("article :is(.cell_input, .package-source) div.highlight")
    assert blocks.count() > 0
    for block in blocks.all():
        assert block.locator("button.copybtn").count() == 1
