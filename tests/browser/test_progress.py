"""Progress: what is read, answered and reached is ticked on every page, and can be forgotten."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mlp_exercise.submission.mark import PART_ONE
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    WIDE,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer

PREFIX = "gradients-by-hand:"
LESSON = "tutorials/01_pen_and_paper"
OTHER = "tutorials/02_numpy_gradient"
SHEET = f"exercises/{PART_ONE.name}"
HOME = "index"
READ, CHECKPOINTS, POINTS = "read", "checkpoints", "points"
OWN = "worksheet:own"
KEEP = """(entries) => {
    for (const [key, value] of Object.entries(entries))
        localStorage.setItem(`gradients-by-hand:${key}`, value);
    dispatchEvent(new Event("progress"));
}"""
REFUSED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("refused", "SecurityError"); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full'); };"
KEPT = "() => Object.entries(localStorage).sort()"
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# The browser says in its own time what is in sight, to the page before it says so here.
IN_SIGHT = """() => new Promise((done) =>
    new IntersectionObserver(done).observe(document.querySelector("footer")))"""
TO_THE_END = "() => scrollTo(0, document.documentElement.scrollHeight)"


def opened(page: Page, server: SiteServer, docname: str) -> Page:
    page.goto(server.address(f"{docname}.html"))
    return page


def entry(page: Page, docname: str) -> Locator:
    """Return the marks of a page in the sidebar."""
    return page.locator(f'.sidebar-tree .ticks[data-page="{docname}"]')


def card(page: Page, docname: str) -> Locator:
    return page.locator(f'article .ticks[data-page="{docname}"]')


def is_ticked(marks: Locator) -> None:
    expect(marks.locator(".tick")).to_have_text("✓")


def is_bare(marks: Locator) -> None:
    expect(marks.locator(".tick")).to_have_count(1)  # the program has run
    expect(marks).to_have_text("")


def most_checkpoints(page: Page, docname: str) -> int:
    return int(entry(page, docname).get_attribute("data-checkpoints") or -1)


def answer(checkpoint: Locator) -> None:
    """Answer a checkpoint rightly."""
    judge = json.loads(checkpoint.get_attribute("data-judge") or "")
    if "values" in judge:
        box = checkpoint.get_by_label("Your answer")
        box.fill(str(judge["values"][judge["right"]]))
    else:
        checkpoint.get_by_role("radio").nth(judge["right"]).check()
    checkpoint.get_by_role("button", name="Check").click()


def stop_the_clock(page: Page) -> None:
    """Let time pass only where a test says so, however busy the machine."""
    page.clock.install(time=datetime(2026, 1, 1, tzinfo=UTC))
    page.clock.pause_at(datetime(2026, 1, 2, tzinfo=UTC))


# -- Read


def test_a_page_is_read_once_its_end_has_been_in_sight(
    page: Page, server: SiteServer
) -> None:
    opened(page, server, LESSON)
    is_bare(entry(page, LESSON))
    page.evaluate(TO_THE_END)
    is_ticked(entry(page, LESSON))
    is_bare(entry(page, OTHER))
    expect(
        page.get_by_role("link", name=re.compile(r"by hand \(read\)$"))
    ).to_have_count(1)
    opened(page, server, HOME)
    is_ticked(card(page, LESSON))
    expect(card(page, LESSON).locator(".long")).to_have_text("read")
    is_ticked(entry(page, LESSON))


def test_a_page_whose_end_was_not_reached_is_not_read(
    page: Page, server: SiteServer
) -> None:
    stop_the_clock(page)
    opened(page, server, LESSON)
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight / 2)")
    page.clock.run_for(60_000)
    is_bare(entry(page, LESSON))
    page.evaluate(TO_THE_END)
    page.clock.run_for(1_000)  # no more than passed by
    page.evaluate("() => scrollTo(0, 0)")
    page.clock.run_for(60_000)
    is_bare(entry(page, LESSON))


def test_a_page_without_a_need_to_scroll_takes_longer(
    page: Page, server: SiteServer
) -> None:
    stop_the_clock(page)
    page.set_viewport_size({"width": WIDE, "height": 40_000})
    opened(page, server, LESSON)
    page.evaluate(IN_SIGHT)
    page.clock.run_for(9_000)
    is_bare(entry(page, LESSON))
    page.clock.run_for(2_000)
    is_ticked(entry(page, LESSON))


def test_pages_to_look_things_up_have_no_tick(page: Page, server: SiteServer) -> None:
    opened(page, server, "glossary")
    found = page.locator(".sidebar-tree a:has(.ticks)").all_inner_texts()
    assert [text.split()[0] for text in found] == [*"0123456", "Part", "Part", "Part"]


# -- Checkpoints and points


def test_answered_checkpoints_are_counted_at_once_and_all_of_them_make_a_tick(
    page: Page, server: SiteServer
) -> None:
    opened(page, server, LESSON)
    most = page.locator(".checkpoint").count()
    assert most_checkpoints(page, LESSON) == most > 1
    for done, checkpoint in enumerate(page.locator(".checkpoint").all(), 1):
        answer(checkpoint)
        expect(entry(page, LESSON).locator(".count")).to_have_text(f"{done}/{most}")
        said = f"{done} of {most} checkpoints"
        expect(entry(page, LESSON).locator(".long")).to_have_text(f"({said})")
    is_ticked(entry(page, LESSON))
    opened(page, server, HOME)
    is_ticked(card(page, LESSON))
    expect(card(page, LESSON)).to_contain_text(f"{most} of {most} checkpoints")


def test_points_of_the_worksheet_are_shown_and_all_of_them_make_a_tick(
    page: Page, server: SiteServer
) -> None:
    most = f"{PART_ONE.max_points:g}"
    opened(page, server, HOME)
    page.evaluate(KEEP, {POINTS: "4.5"})
    expect(card(page, SHEET).locator(".long")).to_have_text(f"4.5 of {most} points")
    expect(entry(page, SHEET).locator(".count")).to_have_text(f"4.5/{most}")
    expect(card(page, SHEET).locator(".tick")).to_have_text("")
    page.evaluate(KEEP, {POINTS: most})
    is_ticked(card(page, SHEET))
    is_ticked(entry(page, SHEET))


def test_what_is_done_in_another_tab_is_shown(page: Page, server: SiteServer) -> None:
    opened(page, server, HOME)
    other = opened(page.context.new_page(), server, LESSON)
    answer(other.locator(".checkpoint").first)
    most = most_checkpoints(page, LESSON)
    expect(entry(page, LESSON).locator(".count")).to_have_text(f"1/{most}")
    expect(card(page, LESSON)).to_contain_text(f"1 of {most} checkpoints")


# -- What the browser may do to it


@pytest.mark.parametrize(
    "rubbish",
    [
        {READ: "nonsense", CHECKPOINTS: "nonsense", POINTS: "nonsense"},
        {READ: '{"a": 1}', CHECKPOINTS: "[null, 3]", POINTS: '"NaN"'},
        {READ: "null", CHECKPOINTS: '"right"', POINTS: "-3"},
        {READ: "[3, null]", CHECKPOINTS: "null", POINTS: "[]"},
        {READ: "7", CHECKPOINTS: f'{{"{LESSON}/a": "wrong"}}', POINTS: "{}"},
    ],
    ids=str,
)
def test_rubbish_makes_no_tick_and_no_trouble(
    rubbish: dict[str, str], page: Page, server: SiteServer
) -> None:
    opened(page, server, HOME)
    page.evaluate(KEEP, rubbish)
    opened(page, server, LESSON)
    for docname in (LESSON, OTHER, SHEET):
        is_bare(entry(page, docname))
    page.evaluate(TO_THE_END)
    is_ticked(entry(page, LESSON))  # what was there does not stand in the way


def test_more_than_there_is_to_do_is_not_counted(
    page: Page, server: SiteServer
) -> None:
    opened(page, server, HOME)
    old = {f"{LESSON}/{number}": "right" for number in range(50)}
    page.evaluate(KEEP, {CHECKPOINTS: json.dumps(old), POINTS: "1e9"})
    most = most_checkpoints(page, LESSON)
    expect(entry(page, LESSON).locator(".count")).to_have_text(f"{most}/{most}")
    points = f"{PART_ONE.max_points:g}"
    expect(entry(page, SHEET).locator(".count")).to_have_text(f"{points}/{points}")


@pytest.mark.parametrize(
    "trouble_with_storage", [REFUSED, FULL], ids=["refused", "full"]
)
def test_where_nothing_can_be_kept_pages_work(
    trouble_with_storage: str, page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.add_init_script(trouble_with_storage)
    opened(page, server, LESSON)
    answer(page.locator(".checkpoint").first)
    expect(page.locator(".checkpoint .done").first).to_have_text("answered")
    answer(page.locator(".checkpoint").nth(1))
    expect(page.locator(".checkpoint .done").first).to_have_text("answered")
    page.evaluate(TO_THE_END)
    page.evaluate(FRAME)
    is_bare(entry(page, LESSON))
    expect(page.get_by_role("button", name="Forget my progress")).to_have_count(0)
    # Furo's own script for the theme has no guard.
    trouble[:] = [each for each in trouble if "refused" not in each]


# -- Forgetting


EVERYTHING = {
    READ: json.dumps([LESSON, SHEET]),
    POINTS: "4.5",
    OWN: '{"a[0]": "0.3"}',
    "worksheet:7": "{}",
}


@pytest.mark.parametrize("place", [".sidebar-drawer", "article"])
def test_all_of_it_is_forgotten_and_can_be_brought_back(
    place: str, page: Page, server: SiteServer
) -> None:
    opened(page, server, HOME)
    button = page.locator(place).get_by_role("button", name="Forget my progress")
    expect(button).to_have_count(0)
    page.evaluate("() => localStorage.setItem('theme', 'dark')")
    page.evaluate(KEEP, EVERYTHING)
    before = page.evaluate(KEPT)
    button.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(KEPT) == [["theme", "dark"]]
    for docname in (LESSON, SHEET):
        is_bare(entry(page, docname))
        is_bare(card(page, docname))
    said = page.locator(place).get_by_role("status").filter(has_text="Forgotten")
    expect(said).to_contain_text("Nothing was ever sent anywhere.")
    expect(button).to_have_count(0)
    undo = page.locator(place).get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate(KEPT) == before
    is_ticked(entry(page, LESSON))
    is_ticked(card(page, LESSON))
    expect(undo).to_have_count(0)
    expect(button).to_be_focused()


def test_a_forgotten_answer_is_no_longer_marked_on_its_page(
    page: Page, server: SiteServer
) -> None:
    opened(page, server, LESSON)
    checkpoint = page.locator(".checkpoint").first
    answer(checkpoint)
    expect(checkpoint.locator(".done")).to_have_text("answered")
    page.get_by_role("button", name="Forget my progress").click()
    expect(checkpoint.locator(".done")).to_be_empty()
    page.get_by_role("button", name="Undo").click()
    expect(checkpoint.locator(".done")).to_have_text("answered")


def test_the_boxes_of_the_worksheet_are_forgotten_too(
    page: Page, server: SiteServer
) -> None:
    opened(page, server, SHEET)
    box = page.locator('input[name="a[0]"]')
    box.fill("0.3")
    button = page.get_by_role("button", name="Forget my progress")
    button.click()
    expect(box).to_have_value("")
    assert page.evaluate(KEPT) == []
    page.get_by_role("button", name="Undo").click()
    expect(box).to_have_value("0.3")


def test_answers_to_a_variant_can_be_forgotten(page: Page, server: SiteServer) -> None:
    opened(page, server, f"{SHEET}")
    page.goto(f"{page.url}#variant=7")
    expect(page.locator(".whose")).to_have_text("Variant 7")
    page.locator('input[name="a[0]"]').fill("0.3")
    expect(page.get_by_role("button", name="Forget my progress")).to_be_visible()


# -- How it looks

SEVERAL = {
    READ: json.dumps([LESSON, OTHER, SHEET, "tutorials/00_gradient_descent"]),
    CHECKPOINTS: json.dumps({f"{LESSON}/a": "right", f"{OTHER}/b": "right"}),
    POINTS: "4.5",
}
BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
    const {x, y, width, height} = each.getBoundingClientRect();
    return [x, y, width, height];
})"""


@pytest.mark.parametrize("width", [WIDE, NARROW, NARROWEST])
def test_a_tick_moves_nothing(page: Page, server: SiteServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    opened(page, server, HOME)
    parts = ".sidebar-tree :is(li, a, p), article :is(section, li, p, h2, a)"
    without: list[Any] = page.evaluate(BOXES, parts)
    page.evaluate(KEEP, SEVERAL)
    is_ticked(entry(page, LESSON))
    assert page.evaluate(BOXES, parts) == without


def test_marks_stand_beside_the_title_and_not_over_it(
    page: Page, server: SiteServer
) -> None:
    opened(page, server, HOME)
    page.evaluate(KEEP, SEVERAL)
    places = entry(page, LESSON).evaluate("""(marks) => {
        const words = document.createRange();
        words.selectNodeContents(marks.previousSibling);
        const box = (each) => each.getBoundingClientRect();
        const lines = [...words.getClientRects()];
        return [box(marks.querySelector(".tick")).right, box(marks.querySelector(".count")).left,
                box(marks.querySelector(".count")).right, box(marks.closest("a")).right,
                Math.min(...lines.map((line) => line.left)),
                Math.max(...lines.map((line) => line.right))];
    }""")
    tick, count, count_end, end, first, last = places
    assert tick <= first
    assert last <= count
    assert count_end <= end


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing_with_ticks_and_once_they_are_forgotten(
    page: Page, server: SiteServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    opened(page, server, HOME)
    if width == NARROW:
        page.locator("label.nav-overlay-icon").first.click()
    page.evaluate(KEEP, SEVERAL)
    for part in (".sidebar-drawer", ".overview", "article .progress"):
        assert violations_in_both_themes(page, width=width, part=part) == []
    page.locator("article .progress button").dispatch_event("click")
    expect(page.locator("article .progress")).to_contain_text("Forgotten")
    assert violations_in_both_themes(page, width=width, part="article .progress") == []


def test_without_javascript_nothing_of_it_shows(
    plain: Page, server: SiteServer
) -> None:
    for docname in (HOME, LESSON):
        opened(plain, server, docname)
        for each in plain.locator(".ticks, .progress").all():
            expect(each).to_be_hidden()
