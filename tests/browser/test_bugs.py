"""A task with a bug: choose the line, be told why, and keep the tick."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.measurement import violations
from tests.browser.site_server import SiteServer

PAGE = "mistakes.html"
JUDGE = "(task) => JSON.parse(task.dataset.judge)"
LINES = """(tasks) => tasks.flatMap((task) => [...task.querySelectorAll(".lines label")]
    .map((line) => {
    const {height, width} = line.getBoundingClientRect();
    const code = line.querySelector("code");
    const {right} = code.getBoundingClientRect();
    return {height, width, size: parseFloat(getComputedStyle(code).fontSize),
            inside: right <= task.getBoundingClientRect().right};
}))"""


@pytest.fixture
def tasks(page: Page, server: SiteServer) -> Locator:
    page.goto(server.address(PAGE))
    return page.locator(".bug")


def test_there_are_ten_with_a_check_and_lines(tasks: Locator) -> None:
    expect(tasks).to_have_count(10)
    for task in tasks.all():
        assert task.locator(".gradient-check tbody tr").count() >= 2
        assert 6 <= task.get_by_role("radio").count() <= 9


def test_a_wrong_line_gets_its_own_reply_and_the_right_one_a_tick_that_stays(
    tasks: Locator, page: Page
) -> None:
    task = tasks.nth(4)
    right = task.evaluate(JUDGE)["right"]
    verdict = task.locator(".verdict")
    for wrong in range(task.get_by_role("radio").count()):
        if wrong == right:
            continue
        task.get_by_role("radio").nth(wrong).check()
        task.get_by_role("button", name="Check").click()
        reply = task.locator(f'details .reply[data-choice="{wrong}"]')
        words = (reply.text_content() or "").strip()
        assert words.startswith(f"Line {wrong + 1}: ")
        expect(verdict).to_contain_text(words)
    expect(task.locator("details")).not_to_have_attribute("open", "")
    expect(task.locator(".done")).to_be_empty()
    task.get_by_role("radio").nth(right).check()
    task.get_by_role("button", name="Check").click()
    expect(verdict).to_contain_text("Yes.")
    mended = task.locator("details .highlight pre").first
    expect(mended).to_be_visible()
    expect(mended).to_have_text("G_A = G_Z * (1 - Z ** 2)\n")
    page.reload()
    expect(page.locator(".bug .done:not(:empty)")).to_have_count(1)
    expect(tasks.nth(4).locator(".done")).to_have_text("answered")


def test_a_task_is_solved_with_the_keyboard(tasks: Locator, page: Page) -> None:
    task = tasks.first
    right = task.evaluate(JUDGE)["right"]
    task.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(right):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(task.locator(".verdict")).to_contain_text("Yes.")


def test_what_differs_has_a_sign_and_not_just_a_colour(tasks: Locator) -> None:
    for row in tasks.locator(".gradient-check tbody tr").all():
        text = row.inner_text()
        differs = "differs" in (row.get_attribute("class") or "")
        assert ("✗" in text) == differs
        assert ("✓" in text) != differs


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_lines_are_legible_and_can_be_tapped(
    width: int, tasks: Locator, page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    lines = tasks.evaluate_all(LINES)
    assert len(lines) > 60
    assert min(line["height"] for line in lines) >= 24
    assert min(line["width"] for line in lines) >= 200
    assert min(line["size"] for line in lines) >= 12
    assert all(line["inside"] for line in lines)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_task_is_accessible_solved_and_unsolved(
    scheme: str, tasks: Locator, page: Page
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for task, choice in ((tasks.first, 0), (tasks.nth(1), 0)):
        task.get_by_role("radio").nth(choice).check()
        task.get_by_role("button", name="Check").click()
    expect(tasks.nth(1).locator(".verdict")).to_contain_text("Not quite.")
    assert violations(page, "#find-the-bug") == []


def test_without_scripts_it_is_code_a_check_and_a_fold(
    plain: Page, server: SiteServer
) -> None:
    plain.goto(server.address(PAGE))
    task = plain.locator(".bug").first
    expect(task.locator(".lines li").first).to_be_visible()
    expect(task.locator(".gradient-check")).to_be_visible()
    expect(task.get_by_role("radio")).to_have_count(0)
    task.locator("summary").click()
    expect(task.get_by_text("Line 1", exact=True)).to_be_visible()
