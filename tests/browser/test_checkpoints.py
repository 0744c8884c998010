"""A checkpoint judges, replies, and keeps its tick in the browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.modules import Modules
from tests.browser.site_server import SiteServer

LESSON = "tutorials/01_pen_and_paper.html"
JUDGE = "(checkpoint) => JSON.parse(checkpoint.dataset.judge)"


@pytest.fixture
def checkpoints(page: Page, server: SiteServer) -> Locator:
    page.goto(server.address(LESSON))
    return page.locator(".checkpoint")


def of_kind(checkpoints: Locator, kind: str) -> Locator:
    """Return the first checkpoint of the lesson with choices, or with a number to type."""
    inside = checkpoints.page.locator(f".{kind}, form.{kind}")
    return checkpoints.filter(has=inside).first


def commit(checkpoint: Locator) -> None:
    checkpoint.get_by_role("button", name="Check").click()


def test_a_wrong_choice_gets_its_own_reply_and_the_right_one_a_tick(
    checkpoints: Locator,
) -> None:
    checkpoint = of_kind(checkpoints, "choices")
    right = checkpoint.evaluate(JUDGE)["right"]
    wrong = 0 if right else 1
    reply = checkpoint.locator(f'details .reply[data-choice="{wrong}"]')
    words = reply.text_content() or ""
    verdict, fold = checkpoint.locator(".verdict"), checkpoint.locator("details")

    commit(checkpoint)  # nothing chosen yet
    expect(verdict).to_have_text("Choose an answer first.")
    expect(fold).not_to_have_attribute("open", "")

    checkpoint.get_by_role("radio").nth(wrong).check()
    commit(checkpoint)
    expect(verdict).to_contain_text("Not quite.")
    expect(verdict).to_contain_text(words.strip())
    expect(reply).to_be_hidden()  # it is told once
    expect(fold).to_have_attribute("open", "")
    expect(checkpoint.locator(".done")).to_be_empty()

    checkpoint.get_by_role("radio").nth(right).check()
    commit(checkpoint)
    expect(verdict).to_have_text("Yes.")
    expect(checkpoint.locator(".done")).to_have_text("answered")


def test_a_number_is_taken_as_people_write_it(checkpoints: Locator) -> None:
    checkpoint = checkpoints.filter(
        has=checkpoints.page.get_by_label("Your answer")
    ).first
    judge = checkpoint.evaluate(JUDGE)
    box = checkpoint.get_by_label("Your answer")
    verdict = checkpoint.locator(".verdict")

    box.fill("a third")
    box.press("Enter")
    expect(verdict).to_contain_text("Enter a number first")

    box.fill("123456")
    commit(checkpoint)
    expect(verdict).to_contain_text("Try again")

    wrong = next(i for i in range(len(judge["values"])) if i != judge["right"])
    box.fill(str(judge["values"][wrong]))
    commit(checkpoint)
    reply = checkpoint.locator(f'details .reply[data-choice="{wrong}"]')
    expect(verdict).to_contain_text((reply.text_content() or "").strip())

    written = str(judge["values"][judge["right"]])
    box.fill(written.replace(".", ",").replace("-", "−"))
    commit(checkpoint)
    expect(verdict).to_have_text("Yes.")


def test_a_tick_is_there_on_the_next_visit(checkpoints: Locator) -> None:
    checkpoint = of_kind(checkpoints, "choices")
    checkpoint.get_by_role("radio").nth(checkpoint.evaluate(JUDGE)["right"]).check()
    commit(checkpoint)
    name = checkpoint.get_attribute("id")
    page = checkpoints.page
    page.reload()
    again = page.locator(f"#{name}")
    expect(again.locator(".done")).to_have_text("answered")
    expect(again.locator("details")).not_to_have_attribute("open", "")
    ticks = page.locator(".done:not(:empty)")
    expect(ticks).to_have_count(1)


@pytest.mark.parametrize(
    "trouble_with_storage",
    [
        "Storage.prototype.setItem = () => { throw Error('full'); }",
        "localStorage.setItem('gradients-by-hand:checkpoints', 'nonsense')",
        "localStorage.setItem('gradients-by-hand:checkpoints', '[null, 3]')",
    ],
)
def test_whatever_the_storage_does_it_still_judges(
    trouble_with_storage: str, page: Page, server: SiteServer
) -> None:
    page.add_init_script(trouble_with_storage)
    page.goto(server.address(LESSON))
    checkpoint = of_kind(page.locator(".checkpoint"), "choices")
    checkpoint.get_by_role("radio").nth(checkpoint.evaluate(JUDGE)["right"]).check()
    commit(checkpoint)
    expect(checkpoint.locator(".verdict")).to_have_text("Yes.")


def test_a_number_counts_within_half_a_unit_of_its_last_decimal(
    modules: Modules,
) -> None:
    typed = [0.46, 0.4577, 0.465, 0.466, 0.23, -0.46, 0.34]
    found = modules.run("checkpoints.whichOf([0.46, 0.23, -0.46], each, 2)", typed)
    assert found == [0, 0, 0, -1, 1, 2, -1]


def test_where_the_program_is_missing_it_is_a_fold(
    page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.route("**/checkpoints.js*", lambda route: route.abort())
    page.goto(server.address(LESSON))
    checkpoint = of_kind(page.locator(".checkpoint"), "choices")
    expect(checkpoint.get_by_role("button")).to_have_count(0)
    expect(checkpoint.get_by_role("radio")).to_have_count(0)
    checkpoint.locator("summary").click()
    expect(checkpoint.locator("details strong").first).to_be_visible()
    trouble.clear()
