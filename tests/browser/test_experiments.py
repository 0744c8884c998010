"""Experiments show two states side by side; the valley shows the true loss over η."""

import gzip
import json
import math
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from course.interactive.experiments import experiments, strength_of
from playwright.sync_api import Locator, Page, expect

from mlp_reference import manual
from mlp_reference.worked_example import LESSON, WorkedExample
from tests.browser.explorer import address, drawn, expected, fragment_of, opened, read
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    WIDE,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer

Explore = Callable[..., Locator]
FOUND = {each.name: each for each in experiments(LESSON)}
STEP = FOUND["step"].address
BUDGET = 25_000  # bytes of script, with experiments, the valley and the flow
# What the page's own functions say of a network, for each η.
VALLEY = """async ([network, rates]) => {
    const {lossAfter, strength} = await import("/_static/interactive/slice.js");
    return [strength(network), rates.map((rate) => lossAfter(network, rate))]; }"""
# The curve in the units of its picture: [x, y] of every point.
POINTS = """(path) => path.getAttribute("d").slice(1).split("L")
    .map((pair) => pair.split(" ").map(Number))"""
BALL = """(ball) => { const {e, f} = ball.transform.baseVal.consolidate().matrix;
    return [e, f]; }"""
LEFT, RIGHT, BOTTOM = 12, 308, 160  # the axes of the picture of the valley


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def table_of(explorer: Locator) -> list[list[str]]:
    expect(explorer.locator(".opened")).to_be_visible()
    rows = explorer.locator(".comparison tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def losses_after(example: WorkedExample, rates: list[float]) -> list[float]:
    stepped = [replace(example, learning_rate=rate) for rate in rates]
    return [
        manual.solve(each.after_update(manual.solve(each))).loss for each in stepped
    ]


# -- Experiments


def test_each_experiment_opens_marked_with_its_numbers_and_a_hidden_answer(
    explore: Explore,
) -> None:
    explorer = explore()
    lesson = expected(LESSON)
    assert explorer.locator("[aria-current]").count() == 0
    assert not explorer.locator(".opened").is_visible()
    for name, experiment in FOUND.items():
        explorer.locator(f"[data-experiment={name}]").click()
        expect(explorer.locator(".question")).to_have_text(experiment.question)
        assert explorer.locator("[aria-current=true]").all_inner_texts() == [
            experiment.title
        ]
        if name == "sign":  # what is guessed stays covered, on this side
            assert {row[2] for row in table_of(explorer)[1:]} == {"?"}
            explorer.locator("[data-do=reveal]").click()
        now = read(explorer.page)
        for key, (_, before, after, _) in zip(
            experiment.rows, table_of(explorer), strict=True
        ):
            if key.startswith("dz_da"):
                continue
            if name not in ("step", "equal"):
                assert number(before) == pytest.approx(lesson[key], abs=5e-5)
            if name != "step":
                assert number(after) == pytest.approx(now[key], abs=5e-5)
        answer = explorer.locator(".answer p")
        assert not answer.is_visible()
        explorer.locator(".answer summary").click()
        assert answer.is_visible()
        assert answer.inner_html() == experiment.answer
        assert explorer.evaluate("(e) => e.scrollWidth <= e.clientWidth")


def test_the_side_of_now_follows_what_is_moved_and_the_other_stays(
    explore: Explore,
) -> None:
    explorer = explore(FOUND["saturation"].address)
    before = table_of(explorer)
    explorer.locator("#explorer-chosen").fill("0.5")  # the bias, which is chosen
    after = table_of(explorer)
    assert [row[1] for row in after] == [row[1] for row in before]
    assert [row[2] for row in after] == [row[1] for row in after]
    assert {row[3] for row in after} == {"the same"}


def test_bars_show_sign_and_size(explore: Explore) -> None:
    explorer = explore(FOUND["size"].address)
    program = """(row) => [...row.querySelectorAll("td > span")].map((zone) => {
        const [all, bar] = [zone, zone.querySelector("i")].map((e) => e.getBoundingClientRect());
        const middle = all.x + all.width / 2;
        return bar.x + 0.1 < middle ? bar.x - bar.right : bar.right - bar.x; })"""
    for row, texts in zip(
        explorer.locator(".comparison tbody tr").all(), table_of(explorer), strict=True
    ):
        bars = row.evaluate(program)
        numbers = [number(text) for text in texts[1:3]]
        assert [math.copysign(1, bar) for bar in bars] == [
            math.copysign(1, each) for each in numbers
        ]
        assert bars[1] / bars[0] == pytest.approx(numbers[1] / numbers[0], abs=0.03)


def test_the_back_button_closes_and_opens_and_the_address_keeps_it(
    explore: Explore,
) -> None:
    explorer = explore()
    page, open_box = explorer.page, explorer.locator(".opened")
    explorer.locator("[data-experiment=size]").click()
    explorer.locator("[data-experiment=dead]").click()
    explorer.locator("#explorer-rate").fill("0.05")
    fragment_of(page)
    expect(open_box.locator(".title")).to_have_text("Dead input")  # still open
    page.go_back()
    expect(open_box.locator(".title")).to_have_text("Size")
    assert read(page)["x[2]"] == pytest.approx(0.06)
    page.go_back()
    expect(open_box).to_be_hidden()
    assert explorer.locator("[aria-current]").count() == 0
    assert read(page)["x[0]"] == LESSON.x[0]
    page.go_forward()
    page.go_forward()
    expect(open_box.locator(".title")).to_have_text("Dead input")
    assert read(page)["learning_rate"] == 0.05
    page.reload()
    expect(open_box.locator(".title")).to_have_text("Dead input")
    explorer.locator("[data-do=close]").click()
    expect(open_box).to_be_hidden()
    assert read(page)["x[0]"] == 0  # the numbers stay
    assert "experiment" not in fragment_of(page)


def test_equal_neurons_stay_equal_until_one_is_changed(explore: Explore) -> None:
    explorer = explore(FOUND["equal"].address)
    explorer.locator("[data-do=updates]").click()

    def differ() -> bool:
        found = read(explorer.page)
        return any(
            abs(found[f"W1[0][{k}]"] - found[f"W1[1][{k}]"]) > 1e-9 for k in (0, 1)
        )

    assert not differ()
    explorer.locator("#explorer-chosen").fill("0.4")
    explorer.locator("[data-do=update]").click()
    assert differ()


# -- The valley


def test_the_curve_is_the_loss_of_the_package_and_K_that_of_lesson_1(
    explore: Explore,
) -> None:
    explorer = explore(STEP)
    rng = random.Random(5)  # noqa: S311 - not for secrets
    rates = [rng.uniform(0, 1) for _ in range(20)]
    for example in [LESSON, *(drawn(rng) for _ in range(40))]:
        given = json.loads(json.dumps(vars(example)))
        K, found = explorer.page.evaluate(VALLEY, [given, rates])
        wanted = losses_after(example, rates)
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)
        assert pytest.approx(strength_of(manual.solve(example)), rel=1e-9) == K


def test_the_picture_shows_level_marks_and_curve_where_they_belong(
    explore: Explore,
) -> None:
    explorer = explore(STEP)
    valley = explorer.locator(".slice")
    points = valley.locator(".curve").evaluate(POINTS)
    most = number(valley.locator(".ticks text").last.text_content() or "")
    level = float(
        re.findall(r" ([\d.]+)H", valley.locator(".level").get_attribute("d") or "")[0]
    )
    now = manual.solve(LESSON).loss
    scale = (BOTTOM - level) / now  # pixels of the picture for a unit of loss
    rates = [(x - LEFT) / (RIGHT - LEFT) * most for x, _ in points]
    for (_, y), loss in zip(points, losses_after(LESSON, rates), strict=True):
        if y > -100:  # far above, it goes on straight
            # A point is drawn to a tenth of a pixel, in both directions.
            assert y == pytest.approx(BOTTOM - scale * loss, abs=0.4)
    K = strength_of(manual.solve(LESSON))
    marks = valley.locator(".marks path")
    for mark, rate in zip(marks.all(), (1 / (2 * K), 1 / K), strict=True):
        x = float(re.findall(r"M([\d.]+)", mark.get_attribute("d") or "")[0])
        assert x == pytest.approx(LEFT + (RIGHT - LEFT) * rate / most, abs=0.06)
    # What lies above the level is drawn in another colour, and nothing else.
    high = valley.locator(".rises").get_attribute("d") or ""
    ends = [float(y) for y in re.findall(r"L[\d.]+ (-?[\d.]+)", high)]
    assert ends
    assert max(ends) <= level
    assert len(ends) == sum(loss > now for loss in losses_after(LESSON, rates[1:]))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_ball_is_dragged_and_sets_the_learning_rate(
    width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    explorer = explore(STEP)
    valley, ball = explorer.locator(".slice"), explorer.locator(".slice .ball")
    expect(ball).to_have_attribute("aria-valuenow", "0.3")
    valley.scroll_into_view_if_needed()
    curve = valley.locator(".curve").evaluate(POINTS)
    box = ball.locator(".dot").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for way in (-10, -30, -60, -400, -20):
        page.mouse.move(box["x"] + way, box["y"] + 5)
        rate = float(ball.get_attribute("aria-valuenow") or "nan")
        expect(explorer.locator("#explorer-rate")).to_have_value(f"{rate:g}")
        most = float(ball.get_attribute("aria-valuemax") or "nan")
        x, y = ball.evaluate(BALL)
        assert x == pytest.approx(LEFT + (RIGHT - LEFT) * rate / most, abs=0.01)
        # The ball lies on the curve, which stays as it is.
        assert valley.locator(".curve").evaluate(POINTS) == curve
        nearest = min(curve, key=lambda point: abs(point[0] - x))
        assert abs(nearest[1] - y) < 3
    # What moves without a button is held no longer, though nobody told of its release.
    before = ball.get_attribute("aria-valuenow")
    moved = {"pointerId": 1, "buttons": 0, "clientX": box["x"] - 90}
    valley.dispatch_event("pointermove", moved)
    assert ball.get_attribute("aria-valuenow") == before
    page.mouse.up()
    page.mouse.move(box["x"] - 90, box["y"])
    assert ball.get_attribute("aria-valuenow") == before


def test_the_ball_by_keys_alone_finds_what_falls_and_what_rises(
    explore: Explore,
) -> None:
    explorer = explore(STEP)
    page, ball = explorer.page, explorer.locator(".slice .ball")
    told = explorer.locator(".step-told .verdict")
    ball.focus()
    assert "step=" not in fragment_of(page)
    for key, verdict in (
        ("ArrowLeft", "rises"),
        ("PageDown", "rises"),
        ("PageDown", "falls"),
        ("Home", "leaves"),
        ("ArrowRight", "falls"),
        ("End", "rises"),
    ):
        before = float(ball.get_attribute("aria-valuenow") or "nan")
        page.keyboard.press(key)
        rate = float(ball.get_attribute("aria-valuenow") or "nan")
        assert (rate > before) == (key in ("ArrowRight", "End"))
        after = losses_after(LESSON, [rate])[0]
        expect(told).to_contain_text(verdict)
        now = manual.solve(LESSON).loss
        meant = "rises" if after > now else "falls" if after < now else "leaves"
        assert verdict == meant
        assert ball.get_attribute("aria-valuetext") == told.inner_text()
        assert read(page)["learning_rate"] == rate
    # The arrow keys were those of the ball, and no steps of the walk.
    assert "step=" not in fragment_of(page)
    expect(ball).to_be_focused()


def test_the_verdict_has_a_sign_and_digits_that_differ(explore: Explore) -> None:
    for rate, updates in ((0.3, 0), (0.05, 0), (0.1, 10), (0.1, 30)):
        explorer = explore(
            address(
                replace(LESSON, learning_rate=rate), updates=updates, experiment="step"
            )
        )
        text = explorer.locator(".step-told .verdict").inner_text()
        before, after = re.findall(r"from (\S+) to (\S+):", text)[0]
        rose = text.startswith("▲")
        assert rose != text.startswith("▼")
        assert before != after
        assert (number(after) > number(before)) == rose
        assert "−0.0000" not in explorer.inner_text()


def test_a_rate_that_is_not_zero_is_not_said_to_be(explore: Explore) -> None:
    for rate, text in ((1e-5, "0.00001"), (1.26e-7, "1.3e−7"), (0, "0")):
        large = ",".join(["100"] * 15 + [f"{rate!r}"])
        explorer = explore(f"#numbers={large}&experiment=step&step=13&updates=1")
        expect(explorer.locator(".step-told")).to_contain_text(f"With η = {text}, one")
        expect(explorer.locator(".updates")).to_contain_text(f"with η = {text}: the")
        expect(explorer.locator(".told")).to_contain_text(f"{text} · ")
        expect(explorer.locator("#explorer-rate")).to_have_value(text)
    # Nor are the marks.
    steep = replace(LESSON, x=[1e5] * 3, W1=[[0.0] * 3] * 2, b1=[0.0] * 2)
    explorer = explore(address(steep, experiment="step"))
    marks = explorer.locator(".slice").get_attribute("aria-label") or ""
    assert re.search(r"1/K = [1-9.]+e−\d+ ", marks), marks


def test_where_the_marks_mislead_the_page_says_so(explore: Explore) -> None:
    K = strength_of(manual.solve(LESSON))
    now = manual.solve(LESSON).loss
    said = {}
    for rate in (0.9 / K, 1.01 / K, 1.3 / K):
        rises = losses_after(LESSON, [rate])[0] > now
        explorer = explore(
            address(replace(LESSON, learning_rate=rate), experiment="step")
        )
        told = explorer.locator(".step-told").inner_text()
        said[rate] = ("misleads" in told, rises != (rate * K > 1))
    assert [*said.values()] == [(False, False), (True, True), (False, False)]


def test_an_update_goes_on_to_the_valley_of_the_next_step(explore: Explore) -> None:
    explorer = explore(STEP)
    level = explorer.locator(".level-name")
    expect(level).to_have_text(f"loss now {manual.solve(LESSON).loss:.4f}")
    explorer.locator("[data-do=update]").click()
    after = LESSON.after_update(manual.solve(LESSON))
    expect(level).to_have_text(f"loss now {manual.solve(after).loss:.4f}")
    # Another step starts from there, and not from the beginning.
    explorer.locator(".slice .ball").focus()
    explorer.page.keyboard.press("Home")
    expect(level).to_have_text(f"loss now {manual.solve(after).loss:.4f}")
    assert read(explorer.page)["W2[0][0]"] == pytest.approx(after.W2[0][0])


def test_a_network_without_loss_has_a_flat_valley(explore: Explore) -> None:
    perfect = replace(LESSON, t=manual.solve(LESSON).y)
    explorer = explore(address(perfect, experiment="step"))
    expect(explorer.locator(".step-told .verdict")).to_contain_text(
        "leaves the loss at 0"
    )
    assert "NaN" not in explorer.locator(".slice").inner_html()


def test_the_valley_is_loaded_where_it_is_opened_and_is_light(
    page: Page, server: SiteServer, site: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    explorer = opened(page, server, FOUND["size"].address)
    expect(explorer.locator(".opened")).to_be_visible()
    assert not any("slice.js" in url or "flow.js" in url for url in asked)
    explorer.locator("[data-experiment=step]").click()
    expect(explorer.locator(".slice .ball")).to_be_visible()
    scripts = {url.partition("?")[0] for url in asked if ".js" in url}
    names = [url.rpartition("/")[2] for url in scripts if "interactive" in url]
    assert names.count("slice.js") == 1
    # Dots flow only for readers who do not mind what moves.
    files = [site / "_static/interactive" / name for name in (*names, "flow.js")]
    weight = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    assert weight <= BUDGET


# -- For everybody


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["sign", "equal", "step"])
def test_axe_finds_nothing_to_mend_and_nothing_is_too_wide(
    name: str, width: int, page: Page, explore: Explore
) -> None:
    # In a tall window nothing is half behind bar or header, as something is while one scrolls.
    page.set_viewport_size({"width": width, "height": 3 * HEIGHT})
    explorer = explore(FOUND[name].address)
    explorer.locator(".answer summary").click()
    if name == "step":
        expect(explorer.locator(".slice .ball")).to_be_visible()
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    assert violations_in_both_themes(page, width=width, part=".explorer") == []
    if width == NARROW:
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        wide: Any = "document.documentElement.scrollWidth"
        assert page.evaluate(wide) <= NARROWEST
        table = explorer.locator(".comparison")
        assert table.evaluate("(e) => e.scrollWidth <= e.parentElement.clientWidth")
