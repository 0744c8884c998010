"""The worksheet on its page: workings, keyboard, paper, accessibility, life without scripts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE
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
from tests.browser.worksheet import BOXES, PAGE, Worksheet, given_of, solved

ON_THE_WAY = {"dL_dw1": ["dL_dz", "dL_da"], "b1_updated": ["dL_dz", "dL_da", "dL_db1"]}
"""What must be worked out for an answer and is not asked for itself."""
SMALL = """part => [...part.querySelectorAll("button, input")].filter((control) => {
    const {width, height} = control.getBoundingClientRect();
    return control.checkVisibility() && (width < 24 || height < 24);
}).map(({outerHTML}) => outerHTML)"""
SIDEWAYS = "Math.max(...[...document.querySelectorAll('html, .content')].map(e => e.scrollWidth))"
QUANTITIES = """(all) => all.map(({dataset, textContent}) =>
    [dataset.quantity, Number(dataset.value), textContent])"""
LABELS = """(part) => Object.fromEntries([...part.querySelectorAll("fieldset input")].map(
    ({name, labels: [label]}) => [name, label.querySelector("span").innerText]))"""
SOME_WRONG = solved() | {
    "a[0]": "0.5",
    "y[0]": "0,3",
    "dL_dy[0]": "0",
    "W2_updated[0][0]": "",
    "dL_dw1[0][1]": "0.7",
    "b1_updated[1]": "",
}


def unfold(sheet: Worksheet, name: str) -> Locator:
    """Show the working of a step, and wait for it."""
    sheet.step(name).get_by_role("button").click()
    sheet.step(name).locator(".working p").first.wait_for()
    return sheet.step(name).locator(".working")


def busy(sheet: Worksheet) -> None:
    """Bring the sheet into a state that shows all it can."""
    sheet.fill(SOME_WRONG)
    for name in ("a", "dL_dw1"):
        unfold(sheet, name)
    sheet.take("x")
    sheet.part.locator(".problem:not(:empty)").wait_for()
    sheet.button("clear").click()
    sheet.part.get_by_role("button", name="Undo").click()


@pytest.mark.parametrize("seed", [None, 7])
def test_a_working_leads_to_what_manual_gives_and_holds(
    page: Page, server: SiteServer, seed: int | None
) -> None:
    sheet = Worksheet(page, server, "" if seed is None else f"#variant={seed}")
    example = EXERCISE if seed is None else variant(seed)
    if seed is not None:
        sheet.part.locator(".whose", has_text=f"Variant {seed}").wait_for()
    solution = manual.solve(example)._asdict()
    for step in STEPS:
        working = unfold(sheet, step.name)
        button = sheet.step(step.name).get_by_role("button")
        expect(button).to_have_attribute("aria-expanded", "true")
        shown = working.locator("[data-quantity]").evaluate_all(QUANTITIES)
        names = [*ON_THE_WAY.get(step.name, []), step.name]
        pairs = [pair for n in names for pair in elements(n, solution[n]).items()]
        assert [(name, value) for name, value, _ in shown] == pairs
        for _, value, text in shown:
            assert abs(float(text.replace("−", "-")) - value) <= 0.5001e-4
        text = working.inner_text()
        assert "the right values" in text
        if step.name == "a":
            given = given_of(example)
            for name in ("W1[0][0]", "x[1]", "b1[1]"):
                assert str(given[name]).replace("-", "−") in text
        for line in working.locator("p").all_inner_texts()[1:]:
            *_, numbers, result = re.split(r"[=←]", line.replace("−", "-"))
            python = numbers.replace("·", "*").replace("²", "**2").replace("\n", " ")
            if "tanh" not in python:
                value = eval(python, {"__builtins__": {}})  # noqa: S307 - numbers, signs
                assert abs(value - float(result)) < 2e-4, line
        button.click()
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(working).to_be_empty()
    # Those of other numbers are put away.
    working = unfold(sheet, "a")
    whose = sheet.part.locator(".whose")
    before = whose.inner_text()
    sheet.button("draw").click()
    expect(whose).not_to_have_text(before)
    expect(working).to_be_empty()


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
    page.keyboard.press("Space")
    expect(sheet.step("b1_updated").locator(".working")).not_to_be_empty()
    sheet.part.get_by_label("Variant").focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(sheet.part.locator(".whose")).to_have_text("Variant 7")
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(sheet.part.locator(".whose")).to_have_text("The exercise’s own numbers")


@pytest.mark.parametrize("width", THEMES)
def test_axe_finds_nothing_in_any_state_and_nothing_is_too_wide_or_too_small(
    width: int, page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    sheet = Worksheet(page, server)
    sheet.fill(solved())
    assert violations_in_both_themes(page, width=width, part=".worksheet") == []
    busy(sheet)
    assert violations_in_both_themes(page, width=width, part=".worksheet") == []
    assert page.evaluate(SIDEWAYS) <= width
    if width == NARROW:
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        assert page.evaluate(SIDEWAYS) <= NARROWEST
        assert sheet.part.evaluate(SMALL) == []


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


def test_it_prints_as_a_sheet_of_paper(sheet: Worksheet) -> None:
    part = sheet.part
    sheet.page.set_viewport_size({"width": 700, "height": 1000})
    for filled in (False, True):
        if filled:
            sheet.page.emulate_media(media="screen")
            sheet.fill(solved() | {"z[0]": "0.77"})
        sheet.page.emulate_media(media="print", color_scheme="dark")
        assert part.locator("button").locator("visible=true").count() == 0
        assert part.get_by_label("Variant").is_hidden()
        boxes = part.locator("fieldset input").locator("visible=true")
        assert boxes.count() == len(solved())
        expect(part.locator(".given")).to_be_visible()
        assert part.locator(".points").is_visible() == filled
        assert part.locator(".without-script").is_hidden()
        assert sheet.page.evaluate("document.documentElement.scrollWidth") <= 700
    assert sheet.page.pdf(format="A4").startswith(b"%PDF")


def only_a_statement(page: Page) -> None:
    expect(page.locator(".worksheet .without-script")).to_be_visible()
    controls = page.locator(".worksheet :is(input, button)")
    expect(controls.locator("visible=true")).to_have_count(0)
    expect(page.locator("#go-on")).to_be_visible()


def test_without_scripts_there_is_a_statement(plain: Page, server: SiteServer) -> None:
    plain.goto(server.address(PAGE))
    only_a_statement(plain)
    plain.emulate_media(media="print")  # paper needs no script
    expect(plain.locator('.worksheet [name="a[0]"]')).to_be_visible()
    expect(plain.locator(".worksheet .given")).to_be_visible()
    plain.emulate_media(media="null")


def test_from_a_disk_there_is_a_statement(
    page: Page, site: Path, trouble: list[str]
) -> None:
    page.goto((site / PAGE).as_uri())
    only_a_statement(page)
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
    for action in ("draw", "working", "save", "open"):
        sheet.button(action).first.click()
        expect(sheet.part.locator(".message")).to_contain_text("cannot be loaded")
        (shown,) = sheet.fill(solved())
        assert shown.points == "6 of 6 points"
        expect(sheet.part.locator(".message")).to_be_empty()
    trouble.clear()
