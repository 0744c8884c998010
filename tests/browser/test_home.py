"""The home page: a step that goes too far, a shorter one, the cards, and the page on paper."""

import gzip
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from course.interactive import modules
from course.interactive.step import SLIDER, WORDS
from playwright.sync_api import Browser, Locator, Page, expect

from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import LESSON, WorkedExample
from tests.browser import explorer
from tests.browser.chromium import new_context
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    WIDE,
    colour,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer

HOME = "index.html"
SCRIPT_BUDGET = 5_000
DESK, PHONE = (1440, 900), (390, 844)
TRY_ALL = """(step, rates) => rates.map((rate) => {
    const slider = step.querySelector("input");
    slider.value = rate;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    const {verdict} = step.dataset;
    return [verdict, Number(step.querySelector(".result").dataset.value), slider.ariaValueText
        ?? slider.getAttribute("aria-valuetext")];
})"""
PLACES = """(step) => [...step.querySelectorAll("svg, p, button, .first, label, input")]
    .filter((each) => each.checkVisibility())
    .map((each) => { const {x, y, width} = each.getBoundingClientRect();
                     return [each.className.baseVal ?? each.className, x, y, width]; })"""
BALL = "(step) => ['cx', 'cy'].map((name) => Number(step.querySelector('.now').getAttribute(name)))"


def loss_after(rate: float) -> float:
    return manual.solve(moved(rate)).loss


def moved(rate: float) -> WorkedExample:
    example = replace(LESSON, learning_rate=rate)
    return example.after_update(manual.solve(example))


def rates() -> list[float]:
    count = round((SLIDER["max"] - SLIDER["min"]) / SLIDER["step"])
    return [round(SLIDER["min"] + i * SLIDER["step"], 2) for i in range(count + 1)]


def put(step: Locator, rate: float) -> None:
    step.evaluate(TRY_ALL, [rate])


@pytest.fixture
def step(page: Page, server: SiteServer) -> Locator:
    page.goto(server.address(HOME))
    return page.locator(".step.live")


def take(step: Locator) -> None:
    step.get_by_role("button", name=WORDS["take"]).click()


# -- The step


def test_the_step_is_the_packages_and_the_loss_rises(step: Locator) -> None:
    take(step)
    result = step.locator(".result")
    found = float(result.get_attribute("data-value") or "nan")
    assert found == pytest.approx(loss_after(LESSON.learning_rate), rel=0, abs=1e-9)
    before, after = manual.solve(LESSON).loss, found
    change = f"▲ +{round(after, 4) - round(before, 4):.4f}"
    expect(result).to_have_text(f"Loss {before:.4f} → {after:.4f} {change}")
    expect(step.locator(".told")).to_have_text(WORDS["rose_told"])
    assert result.evaluate("(e) => getComputedStyle(e).color") == colour(
        result, "wrong"
    )


def test_weights_and_ball_move_as_the_package_says(step: Locator) -> None:
    start = step.evaluate(BALL)
    take(step)
    new = moved(LESSON.learning_rate)
    values = elements("W1", new.W1) | elements("W2", new.W2)
    for name, value in values.items():
        label = step.locator(f'[data-quantity="{name}"]')
        found = float(label.get_attribute("data-value") or "nan")
        assert found == pytest.approx(value, rel=0, abs=1e-9)
        expect(label).to_have_text(re.compile(f"→ {value:.2f}$".replace("-", "−")))
    widths = step.locator(".weight").evaluate_all(
        "(all) => all.map((each) => Number(each.getAttribute('stroke-width')))"
    )
    by_size = sorted(range(len(values)), key=lambda i: abs([*values.values()][i]))
    assert [widths[i] for i in by_size] == sorted(widths)
    y = manual.solve(new).y[0]
    x, height = step.evaluate(BALL)
    assert x < start[0]
    assert height < start[1]  # higher up the bowl
    was = LESSON.t[0] - manual.solve(LESSON).y[0]
    share = (LESSON.t[0] - y) / was
    target = (x - share * start[0]) / (1 - share)
    middle = step.locator(".bowl text", has_text="target").get_attribute("x")
    assert target == pytest.approx(float(middle or "nan"), abs=0.1)


def test_every_learning_rate_falls_or_rises_as_in_the_package(step: Locator) -> None:
    take(step)
    before = manual.solve(LESSON).loss
    expected = [loss_after(rate) for rate in rates()]
    found = step.evaluate(TRY_ALL, rates())
    verdicts, values, texts = zip(*found, strict=True)
    assert list(values) == pytest.approx(expected, rel=0, abs=1e-9)
    assert list(verdicts) == ["rose" if v > before else "fell" for v in expected]
    assert {*verdicts} == {"rose", "fell"}
    for verdict, text in zip(verdicts, texts, strict=True):
        assert ("rises" if verdict == "rose" else "falls") in text
    put(step, SLIDER["min"])
    result = step.locator(".result")
    assert result.evaluate("(e) => getComputedStyle(e).color") == colour(
        result, "third"
    )
    expect(step.locator(".result")).to_contain_text("▼ −")


def test_it_is_done_with_keys_alone(step: Locator, page: Page) -> None:
    button = step.get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(step).to_have_attribute("data-verdict", "rose")
    expect(button).to_be_focused()
    expect(button).to_have_text(WORDS["back"])
    page.keyboard.press("Tab")
    expect(step.locator(".first")).to_be_focused()
    page.keyboard.press("Tab")
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(step).to_have_attribute("data-verdict", "fell")
    expect(step.locator(".rate")).to_have_text(f"{LESSON.learning_rate - 0.1:.2f}")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(step).to_have_attribute("data-verdict", "")
    expect(step.locator(".result")).to_have_text(
        f"Loss {manual.solve(LESSON).loss:.4f}"
    )


def test_before_the_step_nothing_of_the_answer_can_be_reached(step: Locator) -> None:
    expect(step.get_by_role("slider")).to_have_count(0)
    expect(step.locator(".told")).not_to_contain_text("What happened")
    expect(step.locator(".first")).to_be_visible()


def test_with_reduced_motion_nothing_moves_by_itself(step: Locator) -> None:
    start = step.evaluate(BALL)
    at_once = step.evaluate(
        f"(step) => {{ step.querySelector('button').click(); return ({BALL})(step); }}"
    )
    assert at_once != start
    step.evaluate("() => new Promise(requestAnimationFrame)")
    assert step.evaluate(BALL) == at_once
    take_back = step.get_by_role("button", name=WORDS["back"])
    expect(take_back).to_be_visible()


def test_otherwise_the_step_is_seen_on_its_way_and_ends_where_it_should(
    browser: Browser, server: SiteServer
) -> None:
    with new_context(browser, reduced_motion="no-preference") as context:
        page = context.new_page()
        page.clock.install(time=0)
        page.goto(server.address(HOME))
        page.clock.pause_at(60_000)
        step = page.locator(".step.live")
        start = step.evaluate(BALL)[0]
        step.get_by_role("button").click()
        seen = []
        for _ in range(6):
            page.clock.run_for(50)
            seen.append(step.evaluate(BALL)[0])
        page.clock.run_for(2000)
        end = step.evaluate(BALL)[0]
        assert seen == sorted(seen, reverse=True)
        assert start > seen[0] > seen[1] > end
        assert seen[-1] == end  # within 300 milliseconds
        step.evaluate(TRY_ALL, [LESSON.learning_rate])
        assert step.evaluate(BALL)[0] == end


@pytest.mark.parametrize("width", [NARROWEST, 360, NARROW, 768, 1024, 1440])
def test_nothing_jumps_whatever_one_does(step: Locator, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    before = {str(name): rest for name, *rest in step.evaluate(PLACES)}
    take(step)
    first = {str(name): rest for name, *rest in step.evaluate(PLACES)}
    assert before.items() <= first.items()
    for rate in (SLIDER["min"], 0.12, 0.24, SLIDER["max"]):
        put(step, rate)
        assert {str(name): rest for name, *rest in step.evaluate(PLACES)} == first


@pytest.mark.parametrize(("width", "height"), [DESK, PHONE])
def test_all_of_it_is_above_the_fold(
    step: Locator, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    take(step)
    parts = ("h1", ".lead", ".network", ".bowl", ".result", "button", ".first", "input")
    for part in parts:
        box = page.locator(f"article {part}").first.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, part
    size = step.locator(".number").first.evaluate(
        "(text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a"
    )
    assert size >= 13


@pytest.mark.parametrize("width", [WIDE, NARROW, NARROWEST])
def test_axe_finds_nothing_in_any_state(step: Locator, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    for rate in (None, LESSON.learning_rate, SLIDER["min"]):
        if rate:
            take(step) if step.get_attribute("data-verdict") == "" else put(step, rate)
        found = violations_in_both_themes(
            page, width=WIDE if width == WIDE else NARROW, part=".step"
        )
        assert found == [], rate


def test_it_goes_on_in_the_explorer_with_the_same_numbers(
    step: Locator, page: Page, server: SiteServer
) -> None:
    take(step)
    put(step, 0.2)
    address = step.locator(".more a").get_attribute("href") or ""
    assert address.split("#")[0].endswith(explorer.ADDRESS)
    explorer.opened(page, server, "#" + address.split("#")[1])
    found = explorer.read(page)
    assert found["loss"] == pytest.approx(loss_after(0.2), rel=0, abs=1e-9)
    assert found["W1[0][0]"] == pytest.approx(moved(0.2).W1[0][0], rel=0, abs=1e-9)


def as_the_build_wrote_it(page: Page) -> None:
    step = page.locator(".step")
    before, after = manual.solve(LESSON), manual.solve(moved(LESSON.learning_rate))
    told = step.locator("p.without-script")
    expect(told).to_be_visible()
    for value in (before.loss, after.loss, before.y[0], after.y[0]):
        expect(told).to_contain_text(f"{value:.4f}")
    expect(told).to_contain_text("rises")
    expect(step.locator(".bowl circle").locator("visible=true")).to_have_count(2)
    expect(step.get_by_role("button")).to_have_count(0)
    expect(step.get_by_role("slider")).to_have_count(0)
    expect(step.locator(".first")).to_be_visible()
    expect(told.get_by_role("link")).to_be_visible()


def test_without_javascript_the_step_is_told(plain: Page, server: SiteServer) -> None:
    plain.goto(server.address(HOME))
    as_the_build_wrote_it(plain)


@pytest.mark.parametrize("missing", ["step", "network"])
def test_where_the_program_is_missing_the_step_is_told(
    missing: str, page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.route(f"**/{missing}.js*", lambda route: route.abort())
    page.goto(server.address(HOME))
    as_the_build_wrote_it(page)
    trouble.clear()


def test_the_program_is_small(site: Path) -> None:
    folder = site / "_static/interactive"
    written = Path(__file__).parents[2] / "docs/_static/interactive"  # with blanks
    files = [folder / name for name in modules(written / "step.js")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < SCRIPT_BUDGET


# -- The cards


@pytest.fixture
def cards(page: Page, server: SiteServer) -> Locator:
    page.goto(server.address(HOME))
    return page.locator(".overview > li")


def test_a_card_says_what_its_page_says(
    cards: Locator, page: Page, server: SiteServer
) -> None:
    seen = cards.evaluate_all("""(all) => all.map((card) => ({
        address: card.querySelector("a").getAttribute("href"),
        title: card.querySelector("a").innerText.replace(/\\s+/g, " "),
    }))""")
    assert len(seen) == 10  # seven lessons, three parts of the exercise
    for card in seen:
        page.goto(server.address(card["address"]))
        title = page.locator("h1").evaluate("(h1) => h1.firstChild.textContent")
        assert card["title"].endswith(title.partition(": ")[2])
        minutes = page.locator(".minutes")
        if minutes.count():
            assert (
                f"· {minutes.inner_text().removesuffix(' to read')} " in card["title"]
            )
        else:
            assert "minute" not in card["title"]


def test_a_thumbnail_is_drawn(cards: Locator) -> None:
    for card in cards.all():
        sizes = card.locator(".thumbnail :is(path, rect, use)").evaluate_all(
            "(all) => all.map((each) => each.getBoundingClientRect().width)"
        )
        box = card.locator(".thumbnail").bounding_box()
        assert box
        assert sum(size > box["width"] / 12 for size in sizes) >= 3
        expect(card.locator(".thumbnail text")).to_have_count(0)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_all_of_a_card_leads_to_its_page(
    cards: Locator, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    card = cards.nth(1)
    address = card.locator("a").get_attribute("href") or ""
    card.locator(".thumbnail").scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box
    page.mouse.click(box["x"] + 6, box["y"] + 6)
    page.wait_for_url(f"**/{address}")


# -- On paper

# Columns are cut where pages would be, so that what a page break does can be measured.
PAPER = """() => {
    const article = document.querySelector("article");
    article.style.cssText = "column-width: 680px; column-fill: auto; height: 900px;";
    const rects = (element) => [...element.getClientRects()].map((r) => r.toJSON());
    const words = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return [...range.getClientRects()].map((r) => r.toJSON());
    };
    return [...document.querySelectorAll(".side-by-side .beside > p, .side-by-side pre")]
        .map((block) => ({text: block.innerText.slice(0, 30), boxes: rects(block),
                          words: words(block).filter(({width}) => width > 0)}));
}"""


def inside(inner: dict[str, float], outer: dict[str, float]) -> bool:
    return (
        outer["left"] - 1 <= inner["left"]
        and inner["right"] <= outer["right"] + 1
        and outer["top"] - 1 <= inner["top"]
        and inner["bottom"] <= outer["bottom"] + 1
    )


def overlap(one: dict[str, float], two: dict[str, float]) -> bool:
    across = min(one["right"], two["right"]) - max(one["left"], two["left"])
    down = min(one["bottom"], two["bottom"]) - max(one["top"], two["top"])
    return across > 1 and down > 1


@pytest.fixture
def paper(page: Page, server: SiteServer) -> Page:
    page.goto(server.address(HOME))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    return page


@pytest.mark.parametrize("above", range(0, 900, 150))
def test_on_paper_no_code_is_cut_and_none_stands_over_other(
    paper: Page, above: int
) -> None:
    # A page break may fall anywhere.
    paper.locator(".side-by-side").evaluate(
        "(row, above) => { row.style.marginTop = `${above}px`; }", above
    )
    blocks: list[dict[str, Any]] = paper.evaluate(PAPER)
    assert len(blocks) == 9
    for block in blocks:
        assert block["words"], block["text"]
        for line in block["words"]:
            assert any(inside(line, box) for box in block["boxes"]), block["text"]
    for i, one in enumerate(blocks):
        for two in blocks[i + 1 :]:
            pairs = [(a, b) for a in one["words"] for b in two["boxes"]]
            assert not any(overlap(a, b) for a, b in pairs), (one["text"], two["text"])


def test_on_paper_both_sides_of_the_step_stand_and_nothing_to_press(
    paper: Page,
) -> None:
    step = paper.locator(".step")
    expect(step.locator("p.without-script")).to_be_visible()
    expect(step.locator(".bowl circle").locator("visible=true")).to_have_count(2)
    for part in (".step button", ".step input", ".first", ".progress button"):
        for each in paper.locator(part).all():
            expect(each).to_be_hidden()
