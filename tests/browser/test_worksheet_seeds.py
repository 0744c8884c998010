"""The worksheet turns to other numbers by their seed, and keeps what was answered to each."""

import json

import pytest
from playwright.sync_api import Page, Request, expect

from mlp_exercise.part1.variants import LARGEST_SEED, variant
from mlp_reference.worked_example import EXERCISE
from tests.browser.site_server import SiteServer
from tests.browser.worksheet import Worksheet, given_of, solved, verdicts_of

KEY = "gradients-by-hand:worksheet:"
SEEDS = (0, 7, 4_294_967_296, LARGEST_SEED)
NO_SEEDS = ("", "abc", "-1", "1.5", "1e3", "٣", str(LARGEST_SEED + 1), "9" * 20)
NO_ADDRESSES = (
    *("#variant=", "#variant=abc", "#variant=-1", "#variant=1e3", "#variant=%37"),
    *(f"#variant={LARGEST_SEED + 1}", "#variant=7x", "#VARIANT=7", "#%", "#variant"),
    "#variant=" + "9" * 100_000,
)
NO_ANSWERS = (
    *("", "{", "null", "7", '"text"', "[]", '{"a[0]": 7}', '{"a[0]": null}', "true"),
    *('{"__proto__": {"a[0]": "1"}}', '{"nothing": "1"}', '{"a": ["0.3"]}'),
    *('{"a[0]": {"length": 1}}', json.dumps({"a[0]": "1" * 1_000_000}), "[" * 100_000),
)
# Whatever waited for the module of seeds has had its turn.
SETTLED = """import("/_static/interactive/seeds.js").then(
    () => new Promise(requestAnimationFrame))"""
REFUSE = """Object.defineProperty(window, "localStorage",
    {get() { throw new DOMException("refused", "SecurityError"); }});"""
FULL = """Storage.prototype.setItem = () => {
    throw new DOMException("", "QuotaExceededError"); };"""


def whose(sheet: Worksheet, text: str) -> None:
    """Wait until the sheet says whose numbers it shows."""
    expect(sheet.part.locator(".whose")).to_have_text(text)


def can_be_solved(sheet: Worksheet) -> None:
    assert sheet.given() == given_of(EXERCISE)
    (shown,) = sheet.fill(solved())
    assert shown.points == "6 of 6 points"


def test_the_sheet_opens_with_the_exercise_s_own_numbers(sheet: Worksheet) -> None:
    assert sheet.given() == given_of(EXERCISE)
    assert not sheet.button("own").is_visible()


def test_a_seed_gives_the_numbers_that_python_draws(sheet: Worksheet) -> None:
    for seed in SEEDS:
        sheet.take(f" {seed} ")
        whose(sheet, f"Variant {seed}")
        assert sheet.given() == given_of(variant(seed))
        assert sheet.page.url == f"{sheet.address}#variant={seed}"
        texts = solved(variant(seed)) | {"z[0]": "0.77"}
        (shown,) = sheet.fill(texts)
        assert shown.verdicts == verdicts_of(texts, variant(seed))
        assert shown.points == "5.5 of 6 points"


def test_a_link_to_a_variant_shows_it(page: Page, server: SiteServer) -> None:
    sheet = Worksheet(page, server, "#variant=7")
    whose(sheet, "Variant 7")
    assert sheet.given() == given_of(variant(7))
    expect(sheet.part.locator(".whose")).to_be_in_viewport()
    # Links to headings work as before and leave the numbers.
    page.evaluate("location.hash = '#meet-the-network'")
    expect(page.locator("#meet-the-network")).to_be_in_viewport()
    assert sheet.given() == given_of(variant(7))
    page.goto("about:blank")  # or the page would still be scrolling
    page.goto(sheet.address + "#go-on")
    expect(page.locator("#go-on")).to_be_in_viewport()


def test_new_numbers_are_others_and_the_way_back_leads_home(sheet: Worksheet) -> None:
    seen = []
    for _ in range(3):
        before = sheet.page.url
        sheet.button("draw").click()
        expect(sheet.page).not_to_have_url(before)
        seed = int(sheet.page.url.partition("#variant=")[2])
        whose(sheet, f"Variant {seed}")
        assert sheet.given() == given_of(variant(seed))
        seen.append(seed)
    assert len(set(seen)) == 3
    sheet.page.go_back()
    whose(sheet, f"Variant {seen[1]}")
    assert sheet.given() == given_of(variant(seen[1]))
    sheet.button("own").click()
    whose(sheet, "The exercise’s own numbers")
    assert sheet.given() == given_of(EXERCISE)
    assert sheet.page.url == sheet.address
    assert sheet.page.evaluate("document.activeElement.dataset.action") == "draw"


def test_what_is_no_seed_is_refused_in_words(sheet: Worksheet) -> None:
    box = sheet.part.get_by_label("Variant")
    problem = "Write a whole number, such as 7, with at most 15 digits."
    assert LARGEST_SEED >= 10**15
    for text in NO_SEEDS:
        sheet.take(text)
        expect(box).to_have_attribute("aria-invalid", "true")
        expect(box).to_have_accessible_description(problem)
        assert sheet.given() == given_of(EXERCISE)
        assert sheet.page.url == sheet.address
        sheet.take("3")
        whose(sheet, "Variant 3")
        expect(box).to_have_accessible_description("")
        expect(box).not_to_have_attribute("aria-invalid", "true")
        sheet.button("own").click()
        whose(sheet, "The exercise’s own numbers")


def test_a_malformed_address_is_ignored(page: Page, server: SiteServer) -> None:
    for fragment in NO_ADDRESSES:
        sheet = Worksheet(page, server, fragment)
        page.evaluate(SETTLED)
        can_be_solved(sheet)
        page.goto("about:blank")


def test_answers_are_kept_for_each_set_of_numbers(
    sheet: Worksheet, page: Page, server: SiteServer
) -> None:
    mine, others = {"a[0]": "0.3", "y[0]": "-1,5"}, {"z[1]": "0.77"}
    sheet.fill(mine)
    sheet.take("7")
    whose(sheet, "Variant 7")
    assert sheet.texts() == {}
    sheet.fill(others)
    again = Worksheet(page, server, "#variant=7")
    page.reload()
    whose(again, "Variant 7")
    assert again.texts() == others
    assert again.shown().said["z"] == ["Still missing: z[0]."]
    home = Worksheet(page, server)
    page.reload()
    assert home.texts() == mine
    assert home.shown().verdicts == verdicts_of(mine)
    stored = page.evaluate("({...localStorage})")
    kept = [json.loads(value) for key, value in stored.items() if KEY in key]
    assert sorted(kept, key=str) == [mine, others]


def test_clearing_empties_the_boxes_and_can_be_undone(sheet: Worksheet) -> None:
    page, undo = sheet.page, sheet.part.get_by_role("button", name="Undo")
    texts = solved() | {"z[0]": "0.77"}
    sheet.fill(texts)
    sheet.button("clear").click()
    assert sheet.texts() == {}
    assert sheet.part.locator(".points output").inner_text() == "0 of 6 points"
    assert page.evaluate(f"localStorage.getItem('{KEY}own')") is None
    undo.click()
    assert page.evaluate("document.activeElement.dataset.action") == "clear"
    assert sheet.texts() == texts
    assert sheet.shown().points == "5.5 of 6 points"
    assert sheet.message() == ""
    page.reload()
    assert sheet.texts() == texts
    # It is no longer offered once something is typed.
    sheet.button("clear").click()
    sheet.fill({"a[0]": "1"})
    assert undo.count() == 0


@pytest.mark.parametrize("how", [REFUSE, FULL])
def test_the_sheet_works_where_nothing_can_be_kept(
    how: str, page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.add_init_script(how)
    sheet = Worksheet(page, server)
    can_be_solved(sheet)
    sheet.take("7")
    whose(sheet, "Variant 7")
    sheet.button("clear").click()
    assert sheet.texts() == {}
    if how == REFUSE:
        trouble.clear()  # the theme cannot be kept either


def test_whatever_is_found_in_store_does_no_harm(sheet: Worksheet) -> None:
    page = sheet.page
    for stored in NO_ANSWERS:
        page.evaluate("([k, v]) => localStorage.setItem(k, v)", [f"{KEY}own", stored])
        page.reload(wait_until="domcontentloaded")
        sheet.part.wait_for()
        assert sheet.texts() == {}, stored[:40]
        can_be_solved(sheet)


def test_nothing_is_sent_anywhere(sheet: Worksheet, server: SiteServer) -> None:
    sheet.page.wait_for_load_state("networkidle")
    asked: list[Request] = []
    sheet.page.on("request", lambda request: asked.append(request))
    sheet.fill(solved())
    sheet.step("a").get_by_role("button").click()
    sheet.button("draw").click()
    sheet.page.locator(".varied").wait_for()
    # Scripts come when they are needed, the icon of the tab when Chromium likes.
    files = server.address("_static/")
    assert [
        f"{each.method} {each.url}"
        for each in asked
        if each.method != "GET" or not each.url.startswith(files) or "?" in each.url
    ] == []
    assert any(each.url.endswith(".js") for each in asked)
    assert "sent nowhere" in sheet.part.inner_text()
