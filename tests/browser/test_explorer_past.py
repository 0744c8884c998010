"""What is over in the explorer leaves nothing behind, and what failed can be tried again."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pytest
from course.interactive.experiments import experiments
from course.interactive.worksheet import WORDS
from playwright.sync_api import Locator, Page, Route, expect

from mlp_reference.worked_example import LESSON
from tests.browser.explorer import address, fragment_of, place, read

Explore = Callable[..., Locator]
FOUND = {each.name: each for each in experiments(LESSON)}
MOVE = """(slider, value) => { slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true})); }"""


def test_a_mistyped_number_is_over_when_it_is_given_up(explore: Explore) -> None:
    explorer = explore()
    page, weight = explorer.page, place(explorer, "W1_12")
    box, problem = explorer.locator(".typing"), explorer.locator(".problem")
    weight.press("Enter")
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(problem).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(problem).to_be_hidden()
    expect(weight).to_be_focused()
    weight.press("Enter")
    assert box.get_attribute("aria-invalid") is None
    page.keyboard.press("Enter")
    expect(box).to_be_hidden()


def test_a_problem_is_over_when_a_number_is_moved_elsewhere(explore: Explore) -> None:
    explorer = explore(address(at="W1_12"))
    problem = explorer.locator(".problem")
    ways: list[Callable[[], object]] = [
        lambda: place(explorer, "x1").press("ArrowRight"),
        lambda: place(explorer, "a1").click(),
        lambda: explorer.locator("[data-do=update]").click(),
    ]
    for go_on in ways:
        place(explorer, "W1_12").click()
        box = explorer.locator("#explorer-chosen")
        box.fill("20")
        box.press("Tab")
        expect(problem).to_be_visible()
        go_on()
        expect(problem).to_be_hidden()


def test_numbers_stop_rolling_when_there_are_others(
    page: Page, explore: Explore
) -> None:
    page.emulate_media(reduced_motion="no-preference")
    explorer = explore()
    explorer.locator("[name=speed]").select_option("0.5")
    explorer.locator("[data-do=update]").click()
    expect(explorer.locator(".flow")).to_have_count(1)
    explorer.locator(".rate input[type=range]").evaluate(MOVE, 0.1)
    assert explorer.locator(".flow").count() == 0
    shown = place(explorer, "L").locator("[data-shows=value]")
    assert shown.evaluate("(e) => getComputedStyle(e.closest('text')).opacity") == "1"


def test_two_moves_of_one_slider_are_two_changes(page: Page, explore: Explore) -> None:
    explorer = explore(address(at="x1"))
    slider = explorer.locator(".handle input[type=range]")
    for values in ((1.4, 1.2, 1.0), (0.8, 0.5)):
        slider.dispatch_event("pointerdown")
        for value in values:
            slider.evaluate(MOVE, value)
        page.dispatch_event("body", "pointerup")
    shown = place(explorer, "x1")
    expect(shown).to_contain_text("was 1.0000")
    expect(shown).to_contain_text("0.5000")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(shown).to_contain_text("was 0.5100")
    expect(shown).to_contain_text("0.5200")


@pytest.mark.parametrize("button", ["right", "left"])
def test_a_button_that_opened_a_menu_holds_nothing(
    button: Literal["right", "left"], page: Page, explore: Explore
) -> None:
    explorer = explore(address(at="x1"))
    box = place(explorer, "W1_12").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    # Some browsers never tell that it came up.
    page.evaluate(
        "addEventListener('pointerup', (e) => e.stopImmediatePropagation(), true)"
    )
    page.mouse.move(x, y)
    page.mouse.down(button=button)
    if button == "left":  # with the control key
        page.dispatch_event(".explorer", "contextmenu")
    expect(explorer).not_to_have_class(re.compile("pressed"))
    page.mouse.up(button=button)
    before = read(page)
    page.mouse.move(x + 60, y)
    assert read(page) == before
    page.evaluate("(hash) => { location.hash = hash; }", FOUND["size"].address)
    expect(explorer.locator(".opened")).to_be_visible()


@pytest.mark.parametrize("action", ["start", "reset"])
def test_the_way_back_is_no_change(action: str, explore: Explore) -> None:
    explorer = explore(address(replace(LESSON, learning_rate=0.1)))
    explorer.locator("[data-do=update]").click()
    past = explorer.locator(".bar .past")
    expect(past).to_contain_text("→")
    explorer.locator(f"[data-do={action}]").click()
    expect(past).to_have_text("")
    expect(place(explorer, "W1_11")).not_to_contain_text("was")


def test_who_arrives_after_an_update_sees_what_it_was(explore: Explore) -> None:
    explorer = explore(address(updates=1))
    now = read(explorer.page)["W1[0][0]"]
    expect(place(explorer, "W1_11")).to_contain_text("was 0.3000")
    expect(place(explorer, "W1_11")).to_contain_text(f"{now:.4f}")


def test_a_remark_waits_for_its_numbers(explore: Explore) -> None:
    saturated = replace(LESSON, b1=[3.0, LESSON.b1[1]])
    for step, is_there in ((1, False), (2, True)):
        note = explore(address(saturated, step=step, at="b1_1")).locator(".note")
        assert ("saturated" in note.inner_text()) == is_there


# -- Experiments


@pytest.mark.parametrize("missing", ["experiments", "slice"])
def test_what_could_not_be_loaded_is_said_and_tried_again(
    missing: str, page: Page, explore: Explore, trouble: list[str]
) -> None:
    explorer = explore()
    failures: list[str] = []

    def fail_once(route: Route) -> None:
        if failures:
            route.continue_()
        else:
            failures.append(route.request.url)
            route.abort()

    page.route(f"**/{missing}.js*", fail_once)
    chip = explorer.locator("[data-experiment=step]")
    chip.click()
    expect(explorer).to_contain_text(WORDS["unreachable"])
    chip.click()
    expect(explorer.locator(".slice .ball")).to_be_visible()
    trouble.clear()


def test_closing_gives_the_focus_back_and_uncovers(explore: Explore) -> None:
    explorer = explore()
    chip = explorer.locator("[data-experiment=sign]")
    chip.click()
    expect(explorer.locator("[name=predict]")).to_be_checked()
    explorer.locator("[data-do=close]").click()
    expect(chip).to_be_focused()
    expect(explorer.locator("[name=predict]")).not_to_be_checked()


def test_texts_say_when_they_are_about_the_beginning(explore: Explore) -> None:
    explorer = explore(FOUND["equal"].address)
    question = explorer.locator(".question")
    expect(question).to_have_text(FOUND["equal"].question)
    explorer.locator("[data-do=updates]").click()
    expect(question).to_have_text(
        f"As the experiment opened: {FOUND['equal'].question}"
    )
    fragment_of(explorer.page)  # the address has come to rest
    explorer.locator("[data-experiment=equal]").click()
    expect(question).to_have_text(FOUND["equal"].question)


def test_a_step_beyond_the_picture_stays_within_its_slider(explore: Explore) -> None:
    long = replace(LESSON, learning_rate=2.0)
    ball = explore(address(long, experiment="step")).locator(".slice .ball")
    now, most = (ball.get_attribute(f"aria-value{name}") for name in ("now", "max"))
    assert float(now or "nan") <= float(most or "nan")
