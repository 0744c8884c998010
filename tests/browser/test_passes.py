"""The passes flow along the arrows of the picture, and what moves changes nothing."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mlp_reference import manual
from mlp_reference.worked_example import LESSON
from tests.browser.explorer import (
    address,
    read,
)
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    WIDE,
    colour,
    violations_in_both_themes,
)

Explore = Callable[..., Locator]
LAST = 16
IN_SIGHT = "svg.picture >> visible=true"
SCRUB = """(scrubber, step) => { scrubber.value = step;
    scrubber.dispatchEvent(new Event("input", {bubbles: true})); }"""
# What a reader sees and hears of a step; the layer of what moves is no part of it.
STATE = """() => {
    const stage = document.querySelector(".explorer .stage").cloneNode(true);
    stage.querySelectorAll(".flow").forEach((each) => each.remove());
    stage.querySelector(".play").textContent = "";
    const {stage: colour} = document.querySelector(".explorer").dataset;
    return stage.innerHTML.replaceAll(' class=""', "").replaceAll("><", ">\\n<") + colour; }"""
# Movement that the program starts, not that of the style sheet.
MOVES = "document.getAnimations().filter((each) => !(each instanceof CSSTransition))"
# Holds all movement where it is after so many milliseconds.
HOLD = f"""(time) => {{ const moves = {MOVES};
    for (const move of moves) {{ move.pause(); move.currentTime = time; }}
    return moves.length; }}"""
# How far each dot is from the nearest arrow, and how far along that it is, from 0 to 1.
DOTS = """(svg) => {
    const points = [...svg.querySelectorAll("[data-arrow]")].flatMap((path) => {
        const whole = path.getTotalLength();
        return Array.from({length: 501}, (_, i) => [path.getPointAtLength((whole * i) / 500),
            {arrow: path.dataset.arrow, along: i / 500}]);
    });
    const inside = svg.getScreenCTM().inverse();
    return [...svg.querySelectorAll(".flow circle")].map((dot) => {
        const box = dot.getBoundingClientRect();
        const at = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2)
            .matrixTransform(inside);
        const found = points.map(([point, place]) =>
            ({...place, off: Math.hypot(point.x - at.x, point.y - at.y)}));
        return found.reduce((best, each) => each.off < best.off ? each : best);
    });
}"""
# Counts the frames that the program asks for: numbers roll from frame to frame.
COUNT_FRAMES = """() => { window.frames = 0; const ask = requestAnimationFrame;
    window.requestAnimationFrame = (draw) => { frames += 1; return ask(draw); }; }"""
FLOWING = {  # the step: the first letters of its arrows, their number, whether it goes backward
    1: ("W1_", 6, False),
    2: ("z", 2, False),
    3: ("W2_", 2, False),
    4: ("L", 1, False),
    5: ("L", 1, True),
    6: ("W2_", 2, True),
    8: ("W2_", 2, True),
    9: ("z", 2, True),
    10: ("W1_", 6, True),
    12: ("W1_", 6, True),
}


@pytest.fixture
def moving(page: Page) -> Page:
    """Return the page of a reader who likes things to move."""
    page.emulate_media(reduced_motion="no-preference")
    return page


def scrub(explorer: Locator, step: int) -> None:
    explorer.locator("[name=step]").evaluate(SCRUB, step)


def at(step: int, **more: Any) -> str:
    return address(step=step, **more)


# -- States


def test_a_scrubbed_state_is_the_played_one_in_both_directions(
    page: Page, explore: Explore
) -> None:
    page.clock.install()
    explorer = explore(at(0))
    explorer.locator("[name=speed]").select_option("4")
    explorer.locator(".play").click()
    played = {}
    for step in range(1, LAST + 1):
        expect(explorer.locator(".told")).to_contain_text(f"Step {step} of 16")
        played[step] = page.evaluate(STATE)
        page.clock.run_for(10_000 if step == LAST else wait(page))
    assert len(set(played.values())) == LAST
    explorer.locator("[name=step]").focus()
    order = [*range(LAST, 0, -1), *random.Random(3).sample([*played], LAST)]  # noqa: S311
    for step in order:
        scrub(explorer, step)
        assert difference(page.evaluate(STATE), played[step]) == "", step


def difference(found: str, wanted: str) -> str:
    """Show the lines of a text that differ from another's."""
    return "\n".join(sorted({*found.splitlines()} ^ {*wanted.splitlines()}))[:400]


def wait(page: Page) -> int:
    """Return how long the sentence that is told stands, and no longer."""
    program = """async () => {
        const {readingTime} = await import("/_static/interactive/passes.js");
        return readingTime(document.querySelector(".told").textContent, 4); }"""
    return int(page.evaluate(program)) + 1


def test_scrubbing_stops_the_play_and_a_key_steps_the_scrubber(
    page: Page, explore: Explore
) -> None:
    page.clock.install()
    explorer = explore(at(4))
    play, scrubber = explorer.locator(".play"), explorer.locator("[name=step]")
    play.click()
    expect(play).to_have_text("Pause")
    expect(scrubber).to_have_value("5")
    scrubber.focus()
    page.keyboard.press("ArrowRight")
    expect(play).to_have_text("Play")
    page.clock.run_for(60_000)
    expect(scrubber).to_have_value("6")
    for key, step in (("ArrowLeft", 5), ("Home", 0), ("End", 16)):
        page.keyboard.press(key)
        expect(scrubber).to_have_value(str(step))
        told = explorer.locator(".told")
        expect(told).to_contain_text(
            f"Step {step} of 16" if step else "Before the first"
        )


def test_a_sentence_stands_the_longer_the_more_words_it_has(
    page: Page, explore: Explore
) -> None:
    explore()
    program = """async () => {
        const {readingTime} = await import("/_static/interactive/passes.js");
        const told = (words) => Array(words).fill("word").join(" ");
        return [[5, 1], [50, 1], [50, 2]].map(([n, speed]) => readingTime(told(n), speed)); }"""
    short, long, fast = page.evaluate(program)
    # Quick readers of sentences with numbers read four words a second.
    assert long >= 50 * 160
    assert short >= 5 * 250
    assert fast == long / 2


def test_each_step_is_told_once(page: Page, explore: Explore) -> None:
    explorer = explore(at(3))
    page.evaluate(
        """() => { window.told = [];
        const box = document.querySelector(".told");
        new MutationObserver(() => told.push(box.textContent))
            .observe(box, {childList: true, characterData: true, subtree: true}); }"""
    )
    for step in (4, 4, 5, 5):
        scrub(explorer, step)
        explorer.locator("[data-place=z1] >> visible=true").hover()
        page.mouse.move(3, 3)
    told = page.evaluate("told")
    assert [each.partition(",")[0] for each in told] == [
        "Step 4 of 16",
        "Step 5 of 16",
    ]
    # The slider says its number; the sentence says the rest.
    assert explorer.locator("[name=step]").get_attribute("aria-valuetext") is None


# -- The flow


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_dots_lie_on_the_arrows_and_go_the_way_of_their_pass(
    width: int, moving: Page, explore: Explore
) -> None:
    moving.set_viewport_size({"width": width, "height": HEIGHT})
    explorer = explore()
    for step, (arrows, count, backward) in FLOWING.items():
        scrub(explorer, step - 1)
        explorer.locator(".play").click()
        expect(explorer.locator(".flow")).to_have_count(1)
        svg = explorer.locator(IN_SIGHT)
        along: dict[str, list[float]] = {}
        for time in (250, 700, 1200):
            assert moving.evaluate(HOLD, time) > 0
            dots = svg.evaluate(DOTS)
            assert len(dots) == 3 * count
            for dot in dots:
                assert dot["off"] < 1, (step, dot)
                assert dot["arrow"].startswith(arrows), (step, dot)
            for name in {dot["arrow"] for dot in dots}:
                mean = [dot["along"] for dot in dots if dot["arrow"] == name]
                along.setdefault(name, []).append(sum(mean) / len(mean))
        assert len(along) == count
        for way in along.values():
            assert way == sorted(way, reverse=backward), (step, way)
            assert way[0] != way[-1]


def test_each_dot_shows_the_factor_that_it_meets(
    moving: Page, explore: Explore
) -> None:
    solved = manual.solve(LESSON)
    explorer = explore()
    for step, factors in {
        1: [weight for row in LESSON.W1 for weight in row],
        5: solved.dL_dy,
        6: solved.z,
        8: LESSON.W2[0],
        9: [1 - z * z for z in solved.z],
        10: LESSON.x * 2,
    }.items():
        scrub(explorer, step - 1)
        explorer.locator(".play").click()
        expect(explorer.locator(".flow")).to_have_count(1)
        moving.evaluate(HOLD, 700)
        shown = explorer.locator(f"{IN_SIGHT} >> .flow text").all_text_contents()
        found = [each.strip("× ()").replace("−", "-") for each in shown]
        assert all(each.startswith("× ") for each in shown)
        assert [*map(float, found)] == pytest.approx(factors, abs=5e-5), step


@pytest.mark.usefixtures("moving")
def test_covered_factors_stay_covered_on_their_way(explore: Explore) -> None:
    explorer = explore(at(4, predict=1))
    explorer.locator(".play").click()
    tags = explorer.locator(f"{IN_SIGHT} >> .flow text")
    expect(tags).to_have_text(["× ?"])


def test_what_has_moved_leaves_nothing_behind(moving: Page, explore: Explore) -> None:
    explorer = explore(at(0))
    elements = moving.evaluate("document.querySelectorAll('*').length")
    for step in range(LAST):
        scrub(explorer, step)
        explorer.locator(".play").click()
    moving.evaluate(f"{MOVES}.forEach((each) => each.finish())")
    expect(explorer.locator(".flow")).to_have_count(0)
    explorer.locator("[data-do=update]").click()
    expect(explorer.locator(".flow")).to_have_count(1)
    moving.evaluate(f"{MOVES}.forEach((each) => each.finish())")
    expect(explorer.locator(".flow")).to_have_count(0)
    assert moving.evaluate(f"{MOVES}.length") == 0
    # The texts of the step, the sentence's parts, may be others; the picture's are the same.
    scrub(explorer, 0)
    explorer.locator("[data-do=start]").click()
    assert moving.evaluate("document.querySelectorAll('*').length") == elements


def test_nothing_moves_for_a_reader_who_wants_nothing_to_move(explore: Explore) -> None:
    explorer = explore(at(0))
    page = explorer.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(COUNT_FRAMES)
    for step in range(LAST):
        scrub(explorer, step)
        explorer.locator(".play").click()
    explorer.locator("[data-do=update]").click()
    scrub(explorer, 0)
    assert page.evaluate("[document.getAnimations().length, frames]") == [0, 0]
    assert explorer.locator(".flow").count() == 0
    assert asked == []


def test_a_step_by_hand_shows_the_exact_state_while_dots_are_on_their_way(
    moving: Page, explore: Explore
) -> None:
    explorer = explore(at(0))
    for step in range(1, LAST + 1):
        explorer.locator(".play").click()
        assert f"Step {step} of 16" in explorer.locator(".told").inner_text()
        state = moving.evaluate(STATE)
        scrub(explorer, step)
        assert difference(moving.evaluate(STATE), state) == "", step
        assert explorer.locator(".flow").count() == 0


def test_backward_steps_have_the_colour_of_gradients(explore: Explore) -> None:
    explorer = explore(at(3))
    fill = """(group) => getComputedStyle(group.querySelector("rect")).fill"""
    now = explorer.locator(f"{IN_SIGHT} >> [data-place].now")
    assert now.count() == 1
    forward = now.evaluate(fill)
    scrub(explorer, 5)
    assert now.count() == 1  # y, both times
    assert now.evaluate(fill) != forward


# -- The update


def test_in_the_steps_of_the_update_the_new_numbers_stand_beside_the_old(
    explore: Explore,
) -> None:
    explorer = explore(at(12))
    solved = manual.solve(LESSON)
    shown = f"{IN_SIGHT} >> [data-place=%s] [data-shows=%s] >> visible=true"
    assert explorer.locator(shown % ("W2_11", "gradient")).count() == 1
    scrub(explorer, 13)
    assert explorer.locator(shown % ("W2_11", "gradient")).count() == 0
    for place, value in (
        ("W2_11", solved.W2_updated[0][0]),
        ("W2_12", solved.W2_updated[0][1]),
    ):
        text = explorer.locator(shown % (place, "next")).text_content()
        assert text == f"→ {value:.4f}".replace("-", "−")
    assert explorer.locator(shown % ("W1_11", "next")).count() == 0
    # The loss comes along: that of the network that is updated so far.
    so_far = replace(LESSON, W2=solved.W2_updated)
    loss = explorer.locator(shown % ("L", "next"))
    falls = manual.solve(so_far).loss < solved.loss
    sign = "▼" if falls else "▲"
    assert loss.text_content() == f"{sign} {manual.solve(so_far).loss:.4f}"
    scrub(explorer, 16)
    whole = manual.solve(LESSON.after_update(solved)).loss
    assert whole > solved.loss
    assert loss.text_content() == f"▲ {whole:.4f}"
    assert loss.evaluate("(e) => getComputedStyle(e).fill") == colour(explorer, "wrong")
    explorer.locator("[data-do=all]").click()
    assert explorer.locator(shown % ("W2_11", "gradient")).count() == 1


@pytest.mark.parametrize("rate", [0.3, 0.1])
def test_a_loss_that_has_risen_has_a_sign_and_the_colour_of_what_is_wrong(
    rate: float, explore: Explore
) -> None:
    explorer = explore(address(replace(LESSON, learning_rate=rate)))
    explorer.locator("[data-do=update]").click()
    loss = explorer.locator(f"{IN_SIGHT} >> [data-place=L]")
    value = loss.locator("[data-shows=value]")
    rose = rate == 0.3
    assert loss.locator("[data-shows=sign]").is_visible() == rose
    wrong = value.evaluate("(e) => getComputedStyle(e).fill") == colour(
        explorer, "wrong"
    )
    assert wrong == rose
    explorer.locator("[data-do=start]").click()
    assert not loss.locator("[data-shows=sign]").is_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_update_rolls_through_networks_and_ends_in_the_updated_one(
    width: int, moving: Page, explore: Explore
) -> None:
    moving.set_viewport_size({"width": width, "height": HEIGHT})
    moving.clock.install(time=0)
    explorer = explore()
    moving.clock.pause_at(60_000)
    svg = explorer.locator(IN_SIGHT)
    loss = svg.locator("[data-place=L] [data-shows=value]")
    before = loss.text_content() or ""
    explorer.locator("[data-do=update]").click()
    solved = manual.solve(LESSON)
    updated = manual.solve(LESSON.after_update(solved)).loss
    # The exact number is there at once, below what moves.
    assert loss.text_content() == f"{updated:.{4 if width == WIDE else 2}f}"
    assert read(moving)["loss"] == pytest.approx(updated, rel=1e-12)

    def rolling() -> float:
        texts = svg.locator(".flow > text").all_text_contents()
        return float(re.findall(r"[\d.]+$", texts[-1])[0])  # the loss is the last

    expect(svg.locator(".flow")).to_have_count(1)
    moving.clock.run_for(20)
    assert rolling() == pytest.approx(float(before), abs=2e-3)
    moving.clock.run_for(680)
    # Half of the way there is a network too: its loss is smaller than both.
    half = replace(LESSON, learning_rate=LESSON.learning_rate / 2)
    between = manual.solve(half.after_update(manual.solve(half))).loss
    assert between < solved.loss < updated
    assert rolling() == pytest.approx(between, abs=6e-3)
    moving.clock.run_for(2000)
    assert rolling() == float(loss.text_content() or "nan")


# -- The address


def test_the_sentence_belongs_to_the_state_that_the_address_leads_to(
    page: Page, explore: Explore
) -> None:
    explorer = explore(at(5))
    told = explorer.locator(".told")
    expect(told).to_contain_text("Step 5 of 16")
    explorer.locator("[data-experiment=sign]").click()
    expect(told).to_contain_text("Go through their 16 steps")
    page.go_back()
    expect(told).to_contain_text("Step 5 of 16")


# -- For everybody


@pytest.mark.parametrize("step", [0, 4, 10, 15])
def test_axe_finds_nothing_to_mend_in_any_step(
    step: int, page: Page, explore: Explore
) -> None:
    explore(at(step, at="W1_23"))
    assert violations_in_both_themes(page, width=WIDE, part=".explorer") == []
