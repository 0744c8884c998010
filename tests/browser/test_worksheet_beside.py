"""The worksheet stands beside the questions: boxes, strip, graph, formulas, landing."""

import re

import pytest
from playwright.sync_api import Page, expect

from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_reference import manual
from mlp_reference.walkthrough import places
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.browser.site_server import SiteServer
from tests.browser.worksheet import Worksheet, given_of, solved

SIZES = [(1440, 900), (1024, 768), (390, 844), (320, 640)]
# How far the boxes of each answer stand below the last formula or paragraph before them.
BELOW = """() => [...document.querySelectorAll(".answer")].map((answer) => {
    const before = [...answer.parentElement.querySelectorAll("math[display=block], p")].filter(
        (each) => each.checkVisibility() && each.getClientRects().length &&
            each.compareDocumentPosition(answer) & Node.DOCUMENT_POSITION_FOLLOWING);
    return [...answer.querySelectorAll("input")].map((input) =>
        input.getBoundingClientRect().top - before.at(-1).getBoundingClientRect().bottom);
})"""
# At each stop on the way down: where the strip stands, and the bar of the site above it.
ON_THE_WAY_DOWN = """() => {
    const strip = document.querySelector(".strip");
    const bar = document.querySelector(".mobile-header");
    const seen = [];
    const [first, last] = [strip, document.querySelector("#go-on")].map(
        (each) => each.getBoundingClientRect().top + scrollY);
    for (let y = first; y < last; y += innerHeight / 2) {
        scrollTo({top: y, behavior: "instant"});
        const {top, height, left, right} = strip.getBoundingClientRect();
        const above = bar.getBoundingClientRect();
        seen.push([top, Math.max(above.bottom, 0), height, left, right]);
    }
    return seen;
}"""
COVERED = """() => {
    const {top, bottom} = document.activeElement.getBoundingClientRect();
    const strip = document.querySelector(".strip").getBoundingClientRect();
    return Math.max(0, Math.min(bottom, strip.bottom) - Math.max(top, strip.top));
}"""
# From the title down: Furo's bar loses its line, a pixel, as soon as one scrolls.
TOPS = """() => {
    const top = (each) => each.getBoundingClientRect().top;
    const parts = document.querySelectorAll(".answer, h2, h3, .landing");
    return [...parts].filter((each) => !each.closest("#go-on"))
        .map((each) => top(each) - top(document.querySelector("h1")));
}"""
TABLES = """() => [...document.querySelectorAll("article mtable")].map((table) =>
    [...table.querySelectorAll("mtd")].map((cell) => Number(cell.textContent.replace("−", "-"))))
    .filter((numbers) => !numbers.some(Number.isNaN))"""
# The texts that reach over the sides of their boxes.
OUTSIDE = """() => [...document.querySelectorAll("figure [data-place]")].flatMap((place) => {
    const box = place.querySelector("rect").getBoundingClientRect();
    const texts = [...place.querySelectorAll(".filled")];
    return texts.filter((text) => {
        const {left, right, width} = text.getBoundingClientRect();
        return width > 0 && (left < box.left || right > box.right);
    }).map(({textContent}) => textContent);
})"""
TOPS_OF = """(answer) => [answer, document.querySelector(".strip")].map((each) => {
    const {top, bottom} = each.getBoundingClientRect();
    return each === answer ? top : bottom;
})"""


def open_at(
    page: Page, server: SiteServer, size: tuple[int, int], where: str = ""
) -> Worksheet:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return Worksheet(page, server, where)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_each_box_stands_below_its_own_formula(
    page: Page, server: SiteServer, size: tuple[int, int]
) -> None:
    open_at(page, server, size)
    gaps = page.evaluate(BELOW)
    assert len(gaps) == len(STEPS)
    for step, below in zip(STEPS, gaps, strict=True):
        assert all(0 < gap < 400 for gap in below), step.name
        heading = page.locator(f".answer[data-step={step.name}]").locator(
            "xpath=preceding::*[self::h2 or self::h3][1]"
        )
        assert step.name in heading.inner_text() or step.name == "loss"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_strip_stays_in_sight_and_covers_no_focus(
    page: Page, server: SiteServer, size: tuple[int, int]
) -> None:
    sheet = open_at(page, server, size)
    seen = page.evaluate(ON_THE_WAY_DOWN)
    assert len(seen) > 5
    for top, above, height, left, right in seen:
        assert abs(top - above) < 2
        assert height < 0.12 * size[1]
        assert left >= 0
        assert right <= size[0]
    # Up and down with the Tab key, which scrolls no further than it must.
    sheet.box("b1_updated[1]").focus()
    for key in ("Shift+Tab", "Tab"):
        for _ in range(40):
            page.keyboard.press(key)
            if page.evaluate("!document.activeElement.closest('.strip')"):
                assert page.evaluate(COVERED) < 1
    # The target of an address too.
    for step in STEPS:
        page.goto("about:blank")
        page.goto(f"{sheet.address}#answer-{step.name}")
        sheet.part.wait_for()
        expect(sheet.step(step.name)).to_be_in_viewport()
        top, bottom_of_strip = sheet.step(step.name).evaluate(TOPS_OF)
        assert top >= bottom_of_strip


def test_a_mark_says_what_the_boxes_say_and_leads_to_them(sheet: Worksheet) -> None:
    names = [
        mark.get_attribute("aria-label")
        for mark in sheet.part.locator(".strip [data-mark]").all()
    ]
    assert names == [f"{step.name}: no answer yet" for step in STEPS]
    sheet.fill(solved() | {"a[1]": "0.5", "y[0]": ""})
    sign = "e => getComputedStyle(e, '::after').content"
    for step, told in (
        ("a", "Not yet right"),
        ("b2_updated", "Correct"),
        ("loss", "Waiting"),
    ):
        expect(sheet.mark(step)).to_have_accessible_name(f"{step}: {told}")
        expected = {"Not yet right": "✗", "Correct": "✓", "Waiting": "…"}[told]
        assert expected in sheet.mark(step).evaluate(sign)
        assert sheet.mark(step).evaluate(
            "e => e.matches(':hover') || getComputedStyle(e).color"
        ) == (
            sheet.step(step)
            .locator(".verdict")
            .evaluate("e => getComputedStyle(e).color")
        )
    address = sheet.page.url
    sheet.mark("y").click()
    expect(sheet.box("y[0]")).to_be_focused()
    expect(sheet.box("y[0]")).to_be_in_viewport()
    sheet.mark("a").click()
    expect(sheet.box("a[1]")).to_be_focused()  # the one that is wrong
    assert sheet.page.url == address


def test_what_is_wrong_is_marked_at_its_box_and_what_was_understood_is_shown(
    sheet: Worksheet,
) -> None:
    sheet.fill(
        solved() | {"dL_dw1[0][1]": "0.7", "a[0]": "0.1*0.3 + 0.27", "z[0]": "0,29"}
    )
    wrong = sheet.part.locator(".answer input[aria-invalid=true]")
    assert [each.get_attribute("name") for each in wrong.all()] == ["dL_dw1[0][1]"]
    box = sheet.box("dL_dw1[0][1]")
    ink = (
        "e => getComputedStyle(document.body).getPropertyValue('--figure-wrong').trim()"
    )
    colour = box.evaluate(ink)
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    assert (
        box.evaluate("e => getComputedStyle(e).borderColor")
        == f"rgb({red}, {green}, {blue})"
    )
    sign = "e => getComputedStyle(e.closest('.box'), '::after').content"
    assert "✗" in box.evaluate(sign)
    assert "✗" not in sheet.box("dL_dw1[0][0]").evaluate(sign)
    for name, shown in (("a[0]", "= 0.3"), ("z[0]", "= 0.29"), ("z[1]", "")):
        expect(sheet.box(name)).to_have_accessible_description(shown)
    assert sheet.texts()["a[0]"] == "0.1*0.3 + 0.27"  # as it was typed
    box.fill("-0.0")
    assert box.get_attribute("aria-invalid") is None  # while it is mended


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_jumps_when_a_verdict_appears(
    page: Page, server: SiteServer, size: tuple[int, int]
) -> None:
    sheet = open_at(page, server, size)
    before = page.evaluate(TOPS)
    for texts in (
        solved(),
        dict.fromkeys(solved(), "0.77"),
        {"a[0]": "x + 1", "z[0]": ""},
    ):
        sheet.fill(texts)
        assert page.evaluate(TOPS) == pytest.approx(before, abs=0.5)


def test_the_graph_fills_in_with_the_reader_s_own_numbers(sheet: Worksheet) -> None:
    figure = sheet.page.locator("figure:has([data-place])").first

    def shown(name: str, what: str = "value") -> list[str]:
        texts = figure.locator(f'[data-place="{name}"] [data-shows="{what}"]')
        return [text.strip() for text in texts.all_text_contents()]

    letters = {
        (name, what): shown(name, what)
        for name in places(EXERCISE)
        for what in ("value", "gradient")
    }
    alt = figure.locator("svg").first.get_attribute("aria-label")
    sheet.fill({"a[0]": "0.1*0.3+0.27", "a[1]": "0.25"})
    assert shown("a1") == letters["a1", "value"]  # only when the whole answer is right
    sheet.fill({"a[1]": "0.24"})
    expect(figure.locator(".filled").first).to_be_attached()
    assert {*shown("a1")} == {"a1 = 0.3", "a1 = 0.30"}  # wide, and upright
    sheet.fill(solved() | {"dL_dw1[0][0]": "-0.0709"})
    expect(figure.locator('[data-place="L"] .filled').first).to_be_attached()
    assert {*shown("W1_11", "gradient")} == {"∂ −0.0709", "∂ −0.07"}
    assert {*shown("W1_11")} == {*letters["W1_11", "value"]}
    assert {*shown("y")} == {"y = 0.32"}
    assert {*shown("y", "gradient")} == {"∂ −0.37"}
    label = figure.locator("svg").first.get_attribute("aria-label")
    assert label is not None
    assert label.startswith(alt or "?")
    assert "y[0] = 0.32" in label
    sheet.fill({box: text for box, text in solved(digits=6).items() if "b1" not in box})
    assert sheet.page.evaluate(OUTSIDE) == []
    sheet.button("clear").click()
    for (name, what), texts in letters.items():
        assert shown(name, what) == texts
    assert figure.locator("svg").first.get_attribute("aria-label") == alt


def test_formulas_and_words_follow_a_variant(sheet: Worksheet) -> None:
    page = sheet.page

    def tables() -> list[list[float]]:
        return [list(numbers) for numbers in page.evaluate(TABLES)]

    def allowed(example: WorkedExample) -> list[list[float]]:
        given = given_of(example)
        names = ("W1", "b1", "W2", "b2", "x", "t")
        return [[v for k, v in given.items() if k.startswith(f"{n}[")] for n in names]

    before = tables()
    assert len(before) > 12
    assert all(numbers in allowed(EXERCISE) for numbers in before)
    meet = page.locator("#meet-the-network")
    expect(meet).to_contain_text("The numbers are the exercise’s own.")
    sheet.take("7")
    expect(meet).to_contain_text("The numbers are those of variant 7.")
    assert len(tables()) == len(before)
    assert all(numbers in allowed(variant(7)) for numbers in tables())
    # What goes on showing the exercise's own says so.
    code = page.locator(".cell", has_text="learning_rate = 0.5")
    expect(code.locator("summary").first).to_contain_text(
        "with the exercise’s own numbers"
    )
    sheet.button("own").click()
    expect(meet).to_contain_text("The numbers are the exercise’s own.")
    assert tables() == before


def test_nothing_speaks_of_full_points_before_the_reader_has_answered(
    sheet: Worksheet,
) -> None:
    everything = sheet.part.evaluate("part => part.textContent")
    assert not re.search(r"\b6(\.0)? of 6|0\.5 of 0\.5|: correct", everything)
    assert sheet.part.locator(".points").inner_text() == "0 of 6 points"


def test_points_of_the_exercise_s_own_numbers_are_kept_and_told(
    sheet: Worksheet,
) -> None:
    page = sheet.page
    page.evaluate(
        "() => { window.told = 0; addEventListener('progress', () => told++); }"
    )
    kept = "localStorage.getItem('gradients-by-hand:points')"
    sheet.fill(solved() | {"b1_updated[0]": "7"})
    assert page.evaluate(kept) == "5.5"
    assert page.evaluate("told") > 0
    sheet.take("7")
    expect(sheet.part.locator(".whose")).to_have_text("Variant 7")
    sheet.fill(solved(variant(7)))
    assert page.evaluate(kept) == "5.5"
    sheet.button("own").click()
    expect(sheet.box("a[0]")).not_to_be_empty()
    sheet.button("clear").click()
    assert page.evaluate(kept) is None


def loss_after(example: WorkedExample) -> tuple[float, float]:
    solution = manual.solve(example)
    return solution.loss, manual.solve(example.after_update(solution)).loss


def falling() -> int:
    """Return the seed of a variant whose loss falls at the update."""
    for seed in range(100):
        before, after = loss_after(variant(seed))
        if after < 0.9 * before:
            return seed
    raise LookupError


@pytest.mark.parametrize("falls", [False, True])
def test_at_full_points_the_update_is_played_and_told_as_it_is(
    page: Page, server: SiteServer, falls: bool
) -> None:
    seed = falling() if falls else None
    example = EXERCISE if seed is None else variant(seed)
    sheet = Worksheet(page, server, "" if seed is None else f"#variant={seed}")
    if seed is not None:
        expect(sheet.part.locator(".whose")).to_have_text(f"Variant {seed}")
    landing = page.locator(".landing")
    right = solved(example)
    sheet.fill(right | {"loss": ""})
    expect(landing.locator(".stage")).to_be_hidden()
    assert not page.evaluate(
        "performance.getEntriesByType('resource').some(({name}) => name.endsWith('landing.js'))"
    )
    sheet.fill({"loss": right["loss"]})
    expect(landing.locator(".stage")).to_be_visible()
    page.locator(".strip").get_by_role("link", name="Your update").click()
    told = landing.locator(".told")
    expect(told).to_contain_text("The loss")
    before, after = loss_after(example)
    assert falls == (after < before)
    how = "fell" if falls else "rose"
    assert told.inner_text() == f"The loss {how} from {before:.4f} to {after:.4f}."
    expect(landing.get_by_role("link", name="Did it help?")).to_be_visible()
    why = landing.locator(".why")
    if falls:
        own = loss_after(EXERCISE)
        expect(why).to_contain_text(f"from {own[0]:.4f} to {own[1]:.4f}")
    else:
        expect(why).to_contain_text("Your arithmetic is perfect. So why?")
    updated = given_of(example.after_update(manual.solve(example)))
    for name in ("W1[1][2]", "b2[0]"):
        cell = landing.locator(f'[data-now="{name}"]')
        assert cell.inner_text().replace("−", "-") == f"{updated[name]:.4f}"
    # Half-way, by hand; then back, and away again.
    landing.locator("input").fill("50")
    expect(landing.locator("input")).to_have_attribute(
        "aria-valuetext", re.compile(r"^50 %")
    )
    landing.get_by_role("button").click()
    expect(landing.locator("input")).to_have_value("100")
    sheet.fill({"loss": "7"})
    expect(landing.locator(".stage")).to_be_hidden()
    expect(landing.locator(".teaser")).to_be_visible()


def test_the_link_to_lesson_1_leads_to_its_question(sheet: Worksheet) -> None:
    sheet.fill(solved())
    sheet.page.locator(".landing .stage").scroll_into_view_if_needed()
    sheet.page.get_by_role("link", name="Did it help?").click()
    expect(sheet.page.locator("#did-it-help")).to_be_in_viewport()
    assert sheet.page.url.endswith("tutorials/01_pen_and_paper.html#did-it-help")


def test_the_old_address_leads_to_the_head_of_the_sheet(
    page: Page, server: SiteServer
) -> None:
    sheet = Worksheet(page, server, "#check-your-numbers-here")
    expect(sheet.button("draw")).to_be_in_viewport()
