"""The worksheet on its page: workings, keyboard, paper, accessibility, life without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE
from tests.browser.accessibility import violations
from tests.browser.chromium import new_context
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    WATCH_SHIFTS,
    WIDE,
    Theme,
)
from tests.browser.site_server import SiteServer
from tests.browser.test_slow_line import AFTER_TWO_FRAMES
from tests.browser.watch import watch
from tests.browser.worksheet import BOXES, PAGE, Worksheet, given_of, solved

ON_THE_WAY = {"dL_dw1": ["dL_dz", "dL_da"], "b1_updated": ["dL_dz", "dL_da", "dL_db1"]}
"""What must be worked out for an answer and is not asked for itself."""
SMALL = """part => [...part.querySelectorAll("button, input")].filter((control) => {
    const {width, height} = control.getBoundingClientRect();
    return control.checkVisibility() && (width < 24 || height < 24);
}).map(({outerHTML}) => outerHTML)"""
SIDEWAYS = "Math.max(...[...document.querySelectorAll('html, .content')].map(e => e.scrollWidth))"


@pytest.fixture
def sheet(page: Page, server: SiteServer) -> Iterator[Worksheet]:
    _, failures = watch(page, server)
    yield Worksheet(page, server)
    assert failures == []


def busy(sheet: Worksheet) -> None:
    """Bring the sheet into a state that shows all it can."""
    texts = solved() | {
        "a[0]": "0.5",
        "y[0]": "0,3",
        "dL_dy[0]": "0",
        "W2_updated[0][0]": "",
    }
    sheet.fill(texts | {"dL_dw1[0][1]": "0.7", "b1_updated[1]": ""})
    for name in ("a", "dL_dw1"):
        sheet.step(name).get_by_role("button").click()
        sheet.step(name).locator(".working p").first.wait_for()
    sheet.part.get_by_label("Variant").fill("x")
    sheet.part.get_by_role("button", name="Show", exact=True).click()
    sheet.part.locator(".problem:not(:empty)").wait_for()
    sheet.button("clear").click()
    sheet.part.get_by_role("button", name="Undo").click()


@pytest.mark.parametrize("seed", [None, 7])
def test_a_working_leads_to_what_manual_gives(
    page: Page, server: SiteServer, seed: int | None
) -> None:
    sheet = Worksheet(page, server, "" if seed is None else f"#variant={seed}")
    example = EXERCISE if seed is None else variant(seed)
    if seed is not None:
        sheet.part.locator(".whose", has_text=f"Variant {seed}").wait_for()
    solution = manual.solve(example)._asdict()
    given = given_of(example)
    for step in STEPS:
        button = sheet.step(step.name).get_by_role("button")
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
        shown = (
            sheet.step(step.name)
            .locator(".working [data-quantity]")
            .evaluate_all(
                "all => all.map(({dataset, textContent}) => "
                "[dataset.quantity, Number(dataset.value), textContent])"
            )
        )
        wanted = [*ON_THE_WAY.get(step.name, []), step.name]
        expected = [
            pair for name in wanted for pair in elements(name, solution[name]).items()
        ]
        assert [(name, value) for name, value, _ in shown] == expected
        for _, value, text in shown:
            assert abs(float(text.replace("−", "-")) - value) <= 0.5001e-4
        text = sheet.step(step.name).locator(".working").inner_text()
        assert "the right values" in text
        if step.name == "a":
            for name in ("W1[0][0]", "x[1]", "b1[1]"):
                assert str(given[name]).replace("-", "−") in text
        button.click()
        expect(button).to_have_attribute("aria-expanded", "false")
        assert sheet.step(step.name).locator(".working").inner_text() == ""


def test_a_working_is_a_calculation_that_holds(sheet: Worksheet) -> None:
    for step in STEPS:
        sheet.step(step.name).get_by_role("button").click()
        sheet.step(step.name).locator(".working p").first.wait_for()
        for line in sheet.step(step.name).locator(".working p").all_inner_texts()[1:]:
            *_, numbers, result = re.split(r"[=←]", line.replace("−", "-"))
            if "tanh" in numbers:
                continue
            python = numbers.replace("·", "*").replace("²", "**2").replace("\n", " ")
            value = eval(python, {"__builtins__": {}})  # noqa: S307 - numbers and signs
            assert abs(value - float(result)) < 2e-4, line


def test_workings_of_other_numbers_are_put_away(sheet: Worksheet) -> None:
    sheet.step("a").get_by_role("button").click()
    sheet.step("a").locator(".working p").first.wait_for()
    sheet.button("draw").click()
    sheet.page.locator(".varied").wait_for()
    expect(sheet.step("a").locator(".working")).to_be_empty()
    expect(sheet.step("a").get_by_role("button")).to_have_attribute(
        "aria-expanded", "false"
    )


def test_every_box_has_a_visible_label_that_is_its_name_and_nobody_else_s(
    sheet: Worksheet,
) -> None:
    names = set()
    for step in STEPS:
        for box in BOXES[step.name]:
            input_ = sheet.page.locator(f'input[name="{box}"]')
            label = sheet.part.locator("label", has=input_)
            expect(label.locator("span")).to_be_visible()
            name = label.locator("span").inner_text()
            place = box.removeprefix(step.name)
            assert place in name
            expect(sheet.box(box)).to_have_accessible_name(re.sub(r"\s+", " ", name))
            names.add(name)
    assert len(names) == sum(map(len, BOXES.values()))


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
    assert sheet.points() == "6 of 6 points"
    sheet.step("b1_updated").get_by_role("button").focus()
    page.keyboard.press("Space")
    expect(sheet.step("b1_updated").locator(".working")).not_to_be_empty()
    sheet.part.get_by_label("Variant").focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(sheet.part.locator(".whose")).to_have_text("Variant 7")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sheet.part.locator(".whose")).to_have_text("The exercise’s own numbers")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("state", ["empty", "solved", "busy"])
def test_axe_finds_nothing_in_any_state(
    state: str, width: int, theme: Theme, sheet: Worksheet
) -> None:
    sheet.page.set_viewport_size({"width": width, "height": HEIGHT})
    sheet.page.emulate_media(color_scheme=theme)
    if state == "solved":
        sheet.fill(solved())
    elif state == "busy":
        busy(sheet)
    assert violations(sheet.page) == []
    assert sheet.page.evaluate(SIDEWAYS) <= width


def test_it_fits_the_narrowest_screen_and_fingers(sheet: Worksheet) -> None:
    sheet.page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    busy(sheet)
    assert sheet.page.evaluate(SIDEWAYS) <= NARROWEST
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


@pytest.mark.parametrize("filled", [False, True])
def test_it_prints_as_a_sheet_of_paper(sheet: Worksheet, *, filled: bool) -> None:
    if filled:
        sheet.fill(solved() | {"z[0]": "0.77"})
    sheet.page.set_viewport_size({"width": 700, "height": 1000})
    sheet.page.emulate_media(media="print", color_scheme="dark")
    assert sheet.part.locator("button").locator("visible=true").count() == 0
    assert sheet.part.get_by_label("Variant").is_hidden()
    for name in solved():
        expect(sheet.box(name)).to_be_visible()
    expect(sheet.part.locator(".given")).to_be_visible()
    assert sheet.part.locator(".points").is_visible() == filled
    assert sheet.part.locator(".without-script").is_hidden()
    assert sheet.page.evaluate("document.documentElement.scrollWidth") <= 700
    assert sheet.page.pdf(format="A4").startswith(b"%PDF")


def only_a_statement(page: Page) -> None:
    expect(page.locator(".worksheet .without-script")).to_be_visible()
    expect(
        page.locator(".worksheet :is(input, button)").locator("visible=true")
    ).to_have_count(0)
    expect(page.locator("#go-on")).to_be_visible()


def test_without_scripts_a_statement_stands_in_its_place(
    browser: Browser, server: SiteServer
) -> None:
    with new_context(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.address(PAGE))
        only_a_statement(page)
        page.emulate_media(media="print")  # paper needs no script
        expect(page.locator('.worksheet [name="a[0]"]')).to_be_visible()
        expect(page.locator(".worksheet .given")).to_be_visible()


def test_on_a_page_from_a_disk_a_statement_stands_in_its_place(
    page: Page, site: Path
) -> None:
    page.goto((site / PAGE).as_uri())
    only_a_statement(page)


@pytest.mark.parametrize("module", ["worksheet", "network"])
@pytest.mark.parametrize("how", ["missing", "broken"])
def test_where_a_module_does_not_load_a_statement_stands_in_its_place(
    page: Page, server: SiteServer, module: str, how: str
) -> None:
    def answer(route: Route) -> None:
        if how == "missing":
            route.abort()
        else:
            route.fulfill(body="const = 1;", content_type="text/javascript")

    page.route(f"**/{module}.js*", answer)
    page.goto(server.address(PAGE))
    only_a_statement(page)


@pytest.mark.parametrize("action", ["draw", "working", "save", "open"])
def test_what_cannot_be_loaded_later_is_told_and_the_rest_goes_on(
    page: Page, server: SiteServer, action: str
) -> None:
    sheet = Worksheet(page, server)
    page.route("**/interactive/*.js", lambda route: route.abort())
    sheet.button(action).first.click()
    expect(sheet.part.locator(".message")).to_contain_text("cannot be loaded")
    sheet.fill(solved())
    assert sheet.points() == "6 of 6 points"
