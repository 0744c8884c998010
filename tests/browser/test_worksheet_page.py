"""The worksheet on its page: keyboard, paper, accessibility, life without scripts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from mlp_exercise.part1.steps import STEPS
from tests.browser.chromium import new_context
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    THEMES,
    WATCH_SHIFTS,
    WIDE,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer
from tests.browser.test_site import AFTER_TWO_FRAMES
from tests.browser.worksheet import BOXES, PAGE, Worksheet, solved

SMALL = """part => [...part.querySelectorAll(
    "button, input, .strip a, .strip summary")].filter((control) => {
    const {width, height} = control.getBoundingClientRect();
    return control.checkVisibility() && (width < 24 || height < 24);
}).map(({outerHTML}) => outerHTML)"""
# Labels that reach over the next box.
OVER = """part => [...part.querySelectorAll(".box label > span")].filter(
    ({scrollWidth, clientWidth}) => scrollWidth > clientWidth).map(({outerHTML}) => outerHTML)"""
SIDEWAYS = "Math.max(...[...document.querySelectorAll('html, .content')].map(e => e.scrollWidth))"
LABELS = """(part) => Object.fromEntries([...part.querySelectorAll(".answer input")].map(
    ({name, labels: [label]}) => [name, label.querySelector("span").innerText]))"""
SOME_WRONG = solved() | {
    "a[0]": "0.5",
    "y[0]": "0,3",
    "dL_dy[0]": "0",
    "W2_updated[0][0]": "",
    "dL_dw1[0][1]": "0.7",
    "b1_updated[1]": "",
}


def busy(sheet: Worksheet) -> None:
    """Bring the sheet into a state that shows all it can."""
    sheet.fill(SOME_WRONG)
    for rung, name in enumerate(("a", "dL_dw1", "b1_updated"), start=1):
        sheet.help(name, rung)
    sheet.take("x")
    sheet.part.locator(".problem:not(:empty)").wait_for()
    sheet.button("clear").click()
    sheet.part.get_by_role("button", name="Undo").click()


def test_every_box_has_a_visible_label_of_its_own(sheet: Worksheet) -> None:
    labels = sheet.part.evaluate(LABELS)
    assert list(labels) == [box for step in STEPS for box in BOXES[step.name]]
    assert len({*labels.values()}) == len(labels)
    for step in STEPS:
        for box in BOXES[step.name]:
            label = sheet.part.locator(
                "label", has=sheet.page.locator(f'[name="{box}"]')
            )
            assert label.locator("span").is_visible()
            assert box.removeprefix(step.name) in labels[box]
            spoken = re.sub(r"\s+", " ", labels[box])
            expect(sheet.box(box)).to_have_accessible_name(spoken)


def test_all_is_done_with_the_keyboard(sheet: Worksheet) -> None:
    page, right = sheet.page, solved()
    sheet.box("a[0]").focus()
    done: list[str] = []
    while len(done) < len(right):
        name = page.evaluate("document.activeElement.name")
        if name in right:
            page.keyboard.type(right[name])
            done.append(name)
        page.keyboard.press("Tab")
    assert done == [*right]  # row by row, step by step
    assert sheet.shown().points == "6 of 6 points"
    sheet.step("b1_updated").get_by_role("button").focus()
    for part in ("b1 ← b1 − η", "0.5 ·", "≈ 0.06"):
        page.keyboard.press("Space")
        panel = sheet.step("b1_updated").locator(".working")
        expect(panel).to_contain_text(part.replace("b1", "b₁"))
    sheet.mark("y").focus()
    page.keyboard.press("Enter")
    expect(sheet.box("y[0]")).to_be_focused()
    page.locator(".look-up summary").focus()
    page.keyboard.press("Space")
    expect(page.locator(".panel .given")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".panel .given")).to_have_count(0)
    expect(page.locator(".look-up summary")).to_be_focused()
    sheet.part.get_by_label("Variant").focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(sheet.part.locator(".whose")).to_have_text("Variant 7")
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(sheet.part.locator(".whose")).to_have_text("The exercise’s own numbers")


def half(sheet: Worksheet) -> None:
    sheet.fill(dict(list(solved().items())[:7]) | {"a[1]": "0.5", "z[0]": "0.1*3"})


def helped(sheet: Worksheet) -> None:
    for rung, name in enumerate(("a", "z", "y"), start=1):
        sheet.help(name, rung)
    sheet.page.locator(".look-up summary").click()
    sheet.page.locator(".panel .given").wait_for()


def done(sheet: Worksheet) -> None:
    sheet.fill(solved())
    sheet.page.locator(".landing .stage").scroll_into_view_if_needed()
    expect(sheet.page.locator(".told")).not_to_be_empty()


def varied(sheet: Worksheet) -> None:
    sheet.take("7")
    expect(sheet.part.locator(".whose")).to_have_text("Variant 7")


STATES: list[Callable[[Worksheet], object]] = [
    Worksheet.shown,
    half,
    helped,
    done,
    busy,
    varied,
]


@pytest.mark.parametrize("width", THEMES)
@pytest.mark.parametrize("reach", STATES)
def test_axe_finds_nothing_in_any_state_and_nothing_is_too_wide_or_too_small(
    reach: Callable[[Worksheet], object], width: int, page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    sheet = Worksheet(page, server)
    reach(sheet)
    page.evaluate("scrollTo(0, 0)")  # what the strip covers is no target
    assert violations_in_both_themes(page, width=width, part="article") == []
    assert page.evaluate(SIDEWAYS) <= width
    if width == NARROW:
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        assert page.evaluate(SIDEWAYS) <= NARROWEST
        assert sheet.part.evaluate(SMALL) == []
        assert sheet.part.evaluate(OVER) == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_moves_when_answers_come_back(
    browser: Browser, server: SiteServer, width: int
) -> None:
    with new_context(browser, viewport={"width": width, "height": HEIGHT}) as context:
        page = context.new_page()
        sheet = Worksheet(page, server)
        sheet.fill(solved() | {"z[0]": "0.77", "dL_dw1[0][1]": "0.7"})
        sheet.step("dL_dw1").scroll_into_view_if_needed()
        page.add_init_script(WATCH_SHIFTS)
        page.reload()
        sheet.part.wait_for()
        page.wait_for_function("scrollY > 1000")  # where the reader was
        page.evaluate("document.fonts.ready")
        assert page.evaluate(AFTER_TWO_FRAMES) == []


SEEN = """() => [...document.querySelectorAll("article *")].filter((element) =>
    element.checkVisibility() && element.getBoundingClientRect().height > 0 &&
    !element.closest(".worksheet, .answer, .strip") &&
    !element.querySelector(".worksheet, .answer, .strip") && !element.closest("h1")
).map(({outerHTML}) => outerHTML)"""
LEGENDS = """() => [...document.querySelectorAll(".answer legend, .answer .rule")].filter(
    (element) => element.getBoundingClientRect().width > 50).length"""


def prints_alone(page: Page) -> None:
    """Hold what would be printed: the sheet on two pages, and nothing else of the page."""
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(SEEN) == []
    assert page.evaluate(LEGENDS) == 2 * len(STEPS)
    boxes = page.locator(".answer input").locator("visible=true")
    assert boxes.count() == len(solved())
    expect(page.locator(".worksheet .given")).to_be_visible()
    assert page.locator("article button").locator("visible=true").count() == 0
    page.emulate_media(media="null")
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_paper_shows_long_calculations_whole_and_no_link_to_the_top(
    sheet: Worksheet,
) -> None:
    page, text = sheet.page, "0.1*0.3 + 0.2*0.1 + 0.25"
    sheet.fill({"a[0]": text, "a[1]": "0.24"})
    page.emulate_media(media="print")
    page.evaluate("document.documentElement.classList.add('show-back-to-top')")
    expect(page.locator(".back-to-top")).to_be_hidden()
    after = "e => [getComputedStyle(e.parentElement, '::after').content, getComputedStyle(e).color]"
    assert sheet.box("a[0]").evaluate(after) == [f'"{text}"', "rgba(0, 0, 0, 0)"]
    assert sheet.box("a[1]").evaluate(after)[0] == "none"


def test_it_prints_as_two_sheets_of_paper(sheet: Worksheet) -> None:
    sheet.page.set_viewport_size({"width": 700, "height": 1000})
    prints_alone(sheet.page)
    for texts in (SOME_WRONG, solved(), dict.fromkeys(solved(), "x" * 40)):
        sheet.fill(texts)
        sheet.help("a", 3)
        prints_alone(sheet.page)
        sheet.help("a", 1)
    sheet.page.emulate_media(media="print")
    assert sheet.page.evaluate("document.documentElement.scrollWidth") <= 700
    said = sheet.step("a").locator(".verdict")
    expect(said).to_contain_text("Not yet right")
    expect(said).to_be_visible()


def only_a_statement(page: Page) -> None:
    expect(page.locator(".worksheet .without-script")).to_be_visible()
    controls = page.locator(
        ":is(.worksheet, .answer, .strip, .landing) :is(input, button, a)"
    )
    expect(controls.locator("visible=true")).to_have_count(0)
    expect(page.locator("#go-on")).to_be_visible()


def test_without_scripts_there_is_a_statement(plain: Page, server: SiteServer) -> None:
    plain.goto(server.address(PAGE))
    only_a_statement(plain)
    prints_alone(plain)  # paper needs no script


def test_from_a_disk_there_is_a_statement(
    page: Page, site: Path, trouble: list[str]
) -> None:
    page.goto((site / PAGE).as_uri())
    only_a_statement(page)
    prints_alone(page)
    trouble.clear()


@pytest.mark.parametrize("module", ["worksheet", "network"])
@pytest.mark.parametrize("how", ["missing", "broken"])
def test_where_a_module_does_not_load_a_statement_stands_in_its_place(
    page: Page, server: SiteServer, module: str, how: str, trouble: list[str]
) -> None:
    def answer(route: Route) -> None:
        if how == "missing":
            route.abort()
        else:
            route.fulfill(body="const = 1;", content_type="text/javascript")

    page.route(f"**/{module}.js*", answer)
    page.goto(server.address(PAGE))
    only_a_statement(page)
    trouble.clear()


def test_what_cannot_be_loaded_later_is_told_and_the_rest_goes_on(
    sheet: Worksheet, trouble: list[str]
) -> None:
    sheet.page.route("**/interactive/*.js", lambda route: route.abort())
    message = sheet.part.locator(".message")
    for action in ("draw", "help", "save", "open"):
        sheet.button(action).first.click()
        expect(message).to_contain_text("cannot be loaded")
        (shown,) = sheet.fill({"a[0]": "0.3"})
        assert shown.points == "0 of 6 points"
        expect(message).to_be_empty()
    (shown,) = sheet.fill(solved())  # graph and landing
    assert shown.points == "6 of 6 points"
    expect(message).to_contain_text("cannot be loaded")
    trouble.clear()
    # A later call tries again.
    sheet.page.unroute("**/interactive/*.js")
    sheet.fill({"a[0]": "0.30"})
    expect(sheet.page.locator(".landing .stage")).to_be_visible()
    expect(sheet.page.locator("figure .filled").first).to_be_attached()


def test_the_way_to_the_update_leads_the_focus_there(sheet: Worksheet) -> None:
    sheet.fill(solved())
    sheet.page.locator(".strip").get_by_role("link", name="Your update").press("Enter")
    expect(sheet.page.locator(".landing")).to_be_focused()


def test_the_numbers_close_at_a_click_elsewhere(sheet: Worksheet) -> None:
    sheet.page.locator(".look-up summary").click()
    expect(sheet.page.locator(".panel .given")).to_be_visible()
    sheet.page.locator(".strip .points output").click()
    expect(sheet.page.locator(".look-up")).not_to_have_attribute("open", "")


def test_the_link_to_the_first_answer_leads_to_its_box(sheet: Worksheet) -> None:
    sheet.part.get_by_role("link", name="Start with").click()
    expect(sheet.box("a[0]")).to_be_focused()
    expect(sheet.box("a[0]")).to_be_in_viewport()


def test_two_tabs_keep_each_others_answers(
    sheet: Worksheet, page: Page, server: SiteServer
) -> None:
    other = Worksheet(page.context.new_page(), server)
    sheet.fill({"a[0]": "0.3", "a[1]": "7"})
    expect(other.box("a[1]")).to_have_value("7")
    expect(other.step("a")).to_have_attribute("data-verdict", "wrong")
    other.fill({"y[0]": "1"})
    expect(sheet.box("y[0]")).to_have_value("1")
    page.reload()
    assert sheet.texts() == {"a[0]": "0.3", "a[1]": "7", "y[0]": "1"}
