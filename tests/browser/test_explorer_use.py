"""The explorer in a learner's hands: chains, the walk, updates, guesses; by mouse and keys."""

import math
import random
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from mlp_reference import manual
from mlp_reference.walkthrough import WORDS
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.browser.explorer import (
    address,
    arrive,
    data_of,
    drawn,
    fragment_of,
    opened,
    read,
)
from tests.browser.site_server import SiteServer

PLACES = 20


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def losses(example: WorkedExample, updates: int) -> list[float]:
    found = [manual.solve(example).loss]
    for _ in range(updates):
        example = example.after_update(manual.solve(example))
        found.append(manual.solve(example).loss)
    return found


def with_rate(rate: float) -> WorkedExample:
    return WorkedExample(**{**vars(EXERCISE), "learning_rate": rate})


# -- Places and chains


@pytest.mark.parametrize("how", ["hover", "focus", "click", "row"])
def test_a_place_shows_its_chain_and_lights_the_way_from_the_loss(
    how: str, page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    place = explorer.locator("[data-place=W1_23]")
    if how == "row":
        explorer.locator("[data-row=W1_23] th").click()
    else:
        getattr(place, how)()
    expect(explorer.locator(".panel .title")).to_have_text("∂L/∂W1,23")
    factors = explorer.locator(".panel .factor b").all_text_contents()
    product = math.prod(number(each.strip("()")) for each in factors)
    gradient = manual.solve(EXERCISE).dL_dw1[1][2]
    assert product == pytest.approx(gradient, abs=2e-4)
    assert number(explorer.locator(".panel .result b").inner_text()) == round(
        gradient, 4
    )
    lit = {
        mark.get_attribute("data-place") or mark.get_attribute("data-arrow")
        for mark in explorer.locator("svg .lit").all()
    }
    assert lit == {"L", "y", "W2_12", "z2", "a2", "W1_23"}


def test_leaving_with_the_mouse_goes_back_to_what_was_chosen(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    explorer.locator("[data-place=z1]").click()
    explorer.locator("[data-place=y]").hover()
    expect(explorer.locator(".panel .title")).to_have_text("∂L/∂y")
    page.mouse.move(5, 5)
    expect(explorer.locator(".panel .title")).to_have_text("∂L/∂z1")
    assert fragment_of(page).endswith("&at=z1")


def test_a_row_of_the_table_lights_the_way_and_moves_nothing(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    row = explorer.locator("[data-row=x1] th")
    row.scroll_into_view_if_needed()
    before = row.bounding_box()
    row.hover()
    expect(explorer.locator("svg .lit[data-place]")).to_have_count(11)
    assert row.bounding_box() == before


def test_every_place_is_a_button_that_says_its_value_and_gradient(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    buttons = explorer.locator("svg").get_by_role("button")
    assert buttons.count() == PLACES
    numbers = read(page)
    for name, place in data_of(page)["places"].items():
        label = explorer.locator(f"[data-place={name}]").get_attribute("aria-label")
        assert label
        gradient = numbers[place["gradient"]] if place["gradient"] else 1.0
        found = [number(each) for each in re.findall(r"[−\d.]+(?=,|$)", label)][-2:]
        assert found == [round(numbers[place["value"]], 4), round(gradient, 4)], label


def test_the_panel_gives_nothing_away_in_the_walk_and_in_guessing(
    page: Page, server: SiteServer
) -> None:
    covering: list[dict[str, int]] = [{"step": 6}, {"predict": 1}]
    for more in covering:
        explorer = opened(page, server, address(at="W1_23", **more))
        result = explorer.locator(".panel .result b").inner_text()
        assert result in ("?", "·")
        assert "0.2788" not in explorer.locator(".panel").inner_text()
        page.goto("about:blank")


def test_the_gradient_of_an_input_is_the_sum_of_its_paths(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    explorer.locator("[data-place=x1]").click()
    assert explorer.locator(".panel .row:not(.result)").count() == 2
    assert WORDS["paths"] in explorer.locator(".panel .note").inner_text()


def test_saturation_is_pointed_out(page: Page, server: SiteServer) -> None:
    explorer = opened(page, server, address(at="W1_11"))
    note = explorer.locator(".panel .note")
    assert "saturated" not in note.inner_text()
    explorer.locator("input[type=number][data-control='b1[0]']").fill("3")
    assert "saturated" in note.inner_text()
    explorer.locator("[data-place=W1_23]").click()
    assert "saturated" not in note.inner_text()


def test_a_dead_input_is_pointed_out(page: Page, server: SiteServer) -> None:
    explorer = opened(page, server, address(at="W1_11"))
    explorer.locator("input[type=number][data-control='x[0]']").fill("0")
    assert read(page)["dL_dw1[0][0]"] == 0
    assert WORDS["zero"] in explorer.locator(".panel .note").inner_text()


# -- What is typed


@pytest.mark.parametrize("typed", ["", "-", "1e400", "11", "-10.01", "1e", "--2", "."])
def test_what_is_no_number_within_bounds_is_told_and_changes_nothing(
    typed: str, page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    before = read(page)
    box = explorer.locator("input[type=number][data-control='W1[0][1]']")
    box.fill("")
    box.press_sequentially(typed)
    assert box.get_attribute("aria-invalid") == "true" or read(page) != before
    if box.get_attribute("aria-invalid"):
        described = box.get_attribute("aria-describedby")
        assert "−" not in (described or "")
        message = explorer.locator(f"#{described}")
        expect(message).to_be_visible()
        assert "10" in message.inner_text()
    box.blur()
    assert box.get_attribute("aria-invalid") is None
    assert abs(read(page)["W1[0][1]"]) <= 10


def test_text_pasted_into_a_box_changes_nothing(page: Page, server: SiteServer) -> None:
    explorer = opened(page, server)
    before = read(page)
    box = explorer.locator("input[type=number][data-control='x[0]']")
    for pasted in ("0,5", "abc", "9" * 1_000_000, "١"):
        box.evaluate(
            """(box, text) => { box.value = text;
            box.dispatchEvent(new Event("input", {bubbles: true})); }""",
            pasted,
        )
        assert box.get_attribute("aria-invalid") == "true"
    assert read(page) == before


def test_a_good_number_takes_the_message_away(page: Page, server: SiteServer) -> None:
    explorer = opened(page, server)
    box = explorer.locator("input[type=number][data-control=learning_rate]")
    box.fill("-1")
    expect(explorer.locator(".problem")).to_be_visible()
    box.fill("0.25")
    expect(explorer.locator(".problem")).to_be_hidden()
    assert read(page)["learning_rate"] == 0.25


# -- The walk


def test_the_walk_tells_every_quantity_in_order_and_hides_what_is_to_come(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    quantities = data_of(page)["quantities"]
    told = explorer.locator(".told")
    for step, quantity in enumerate(quantities, start=1):
        explorer.get_by_role("button", name="Step forward").click()
        said = told.inner_text()
        assert f"Step {step} of 16" in said
        assert quantity["title"] in said
        assert quantity["rule"] in said
        for cell in explorer.locator("[data-quantity]").all():
            name = str(cell.get_attribute("data-quantity"))
            base = re.sub(
                r"^numeric_|\[.*", "", name.replace("loss_updated", "b1_updated")
            )
            index = next((i for i, q in enumerate(quantities) if q["name"] == base), -1)
            assert (cell.inner_text() == "·") == (index >= step), (step, name)
    assert told.get_attribute("aria-live") == "polite"
    explorer.get_by_role("button", name="Step back").click()
    assert "Step 15 of 16" in told.inner_text()
    explorer.get_by_role("button", name="Show all").click()
    assert "·" not in explorer.locator("[data-quantity]").all_inner_texts()


def test_the_arrow_keys_walk_but_not_from_a_slider(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(step=4))
    explorer.locator("[data-place=y]").focus()
    page.keyboard.press("ArrowRight")
    assert "step=5" in fragment_of(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert "step=3" in fragment_of(page)
    explorer.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    assert "step=3" in fragment_of(page)
    assert read(page)["x[0]"] == 0.31


def test_play_walks_to_the_end_and_pauses_when_asked(
    page: Page, server: SiteServer
) -> None:
    page.clock.install()
    explorer = opened(page, server)
    play = explorer.locator(".play")
    play.click()
    expect(play).to_have_text("Pause")
    expect(explorer.locator(".told")).to_contain_text("Step 1 of 16")
    page.clock.run_for(2600)
    expect(explorer.locator(".told")).to_contain_text("Step 2 of 16")
    play.click()
    expect(play).to_have_text("Play")
    page.clock.run_for(20_000)
    expect(explorer.locator(".told")).to_contain_text("Step 2 of 16")
    play.click()
    page.clock.run_for(60_000)
    expect(explorer.locator(".told")).to_contain_text("Step 16 of 16")
    expect(play).to_have_text("Play")


def test_nothing_moves_for_a_reader_who_wants_nothing_to_move(
    page: Page, server: SiteServer
) -> None:
    opened(page, server)
    durations = """() => [...document.querySelectorAll(".explorer *")].map(
        (e) => getComputedStyle(e).transitionDuration).filter((d) => parseFloat(d) > 0)"""
    assert page.evaluate(durations) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(durations) != []


# -- Updates


@pytest.mark.parametrize("rate", [0.5, 0.2])
def test_the_loss_rises_where_the_step_is_too_long_and_falls_where_it_is_not(
    rate: float, page: Page, server: SiteServer
) -> None:
    before, after = losses(with_rate(rate), 1)
    explorer = opened(page, server, address(with_rate(rate)))
    explorer.get_by_role("button", name="One update").click()
    said = explorer.locator(".updates").inner_text()
    assert ("too long" in said) == (after > before)
    assert (rate == 0.5) == (after > before)
    assert f"{before:.4f}" in said
    assert f"{after:.4f}" in said
    assert read(page)["loss"] == pytest.approx(after, rel=1e-12)


def test_ten_updates_draw_a_curve_and_show_each_parameter_before_and_after(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(with_rate(0.2)))
    explorer.get_by_role("button", name="Ten updates").click()
    assert explorer.locator(".curve circle").count() == 11
    first, *_, last = losses(with_rate(0.2), 10)
    label = explorer.locator(".curve").get_attribute("aria-label")
    assert label
    assert f"{first:.4f}" in label
    assert f"{last:.4f}" in label
    assert "fell" in label
    row = explorer.locator("[data-row=W1_11] td").first.inner_text()
    assert row.startswith("0.1 → ")
    explorer.get_by_role("button", name="Back to the start").click()
    assert read(page)["W1[0][0]"] == EXERCISE.W1[0][0]
    expect(explorer.locator(".curve")).to_be_hidden()


def test_a_control_that_moves_after_updates_starts_from_the_numbers_reached(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(updates=3))
    reached = read(page)
    explorer.locator("input[type=number][data-control='t[0]']").fill("0.1")
    found = read(page)
    assert found["W2[0][1]"] == reached["W2[0][1]"] != EXERCISE.W2[0][1]
    assert "updates" not in fragment_of(page)


def test_another_learning_rate_makes_the_same_updates_anew(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(updates=1))
    assert "rose" in explorer.locator(".updates").inner_text()
    rate = explorer.locator("input[type=number][data-control=learning_rate]")
    rate.fill("0.2")
    assert "fell" in explorer.locator(".updates").inner_text()
    example = replace(EXERCISE, learning_rate=0.2)
    after = example.after_update(manual.solve(example))
    assert abs(read(page)["W2[0][1]"] - after.W2[0][1]) < 1e-12
    assert "updates=1" in fragment_of(page)


def test_playing_the_last_step_ends_there(page: Page, server: SiteServer) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.clock.install()
    explorer = opened(page, server, address(step=15))
    explorer.locator(".play").click()
    page.clock.run_for(10_000)
    expect(explorer.locator(".told")).to_contain_text("Step 16 of 16")
    expect(explorer.locator(".play")).to_have_text("Play")
    assert errors == []


def test_what_the_walk_tells_follows_the_numbers_and_keeps_secrets(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(step=5))
    told = explorer.locator(".told")
    gradient = f"{abs(read(page)['dL_dy[0]']):.4f}"
    expect(told).to_contain_text(gradient)
    explorer.locator("[name=predict]").check()
    expect(told).not_to_contain_text(gradient)
    explorer.locator("[name=predict]").uncheck()
    explorer.locator("input[type=number][data-control='t[0]']").fill("0.9")
    expect(told).to_contain_text(f"{abs(read(page)['dL_dy[0]']):.4f}")


def test_what_diverges_stops_with_a_word_and_nothing_is_broken(
    page: Page, server: SiteServer
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    explorer = opened(page, server, address(with_rate(10), updates=200))
    said = explorer.locator(".updates").inner_text()
    assert said.startswith("Stopped after")
    assert all(math.isfinite(value) for value in read(page).values())
    explorer.get_by_role("button", name="Ten updates").click()
    assert explorer.locator(".updates").inner_text() == said
    (again,) = arrive(page, [fragment_of(page)])
    assert again == read(page)
    assert errors == []


def test_no_extreme_network_breaks_the_page(page: Page, server: SiteServer) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened(page, server)
    rng = random.Random(10)  # noqa: S311 - not for secrets
    wild = []
    for _ in range(200):
        network = drawn(rng)
        for part in (*network.W1, network.b1, *network.W2, network.x):
            part[:] = [value * 10 ** rng.uniform(-300, 5) for value in part]
        wild.append(address(network, updates=rng.randrange(200)))
    arrive(page, wild)
    assert errors == []


def test_two_hundred_updates_are_the_most(page: Page, server: SiteServer) -> None:
    explorer = opened(page, server, address(with_rate(0.01), updates=195))
    explorer.get_by_role("button", name="Ten updates").click()
    assert "updates=200" in fragment_of(page)
    assert explorer.locator(".curve circle").count() == 201
    assert "as many as" in explorer.locator(".updates").inner_text()


# -- Guesses


def test_gradients_are_covered_until_they_are_guessed(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server)
    explorer.get_by_label("Predict first").check()
    names = [name for name in read(page) if "dL_d" in name or "_updated[" in name]
    for name in names:
        cell = explorer.locator(f"[data-quantity='{name}']")
        assert cell.inner_text() == "?", name
        assert float(cell.get_attribute("data-value") or "nan") == read(page)[name]
    place = explorer.locator("[data-place=W1_23]")
    assert "covered" in (place.get_attribute("aria-label") or "")
    place.click()
    explorer.get_by_label("negative").check()
    explorer.get_by_role("button", name="Check").click()
    verdict = explorer.locator(".verdict").inner_text()
    assert verdict.startswith("Yes")
    assert "negative" in verdict
    assert explorer.locator("[data-quantity='dL_dw1[1][2]']").inner_text() == "−0.0279"
    assert explorer.locator("[data-quantity='dL_dw1[1][1]']").inner_text() == "?"
    assert explorer.locator(".score").inner_text() == "1 of 1 right"


@pytest.mark.parametrize(
    ("guess", "right"),
    [
        ("0.28", True),
        ("0.2788", True),
        ("0.3", False),
        ("-0.2788", False),
        ("0", False),
    ],
)
def test_a_value_can_be_guessed(
    guess: str, right: bool, page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(at="b1_2", predict=1))
    explorer.locator("[name=guess]").fill(guess)
    page.keyboard.press("Enter")
    verdict = explorer.locator(".verdict").inner_text()
    assert verdict.startswith("Yes" if right else "Not quite")
    assert "0.2788" in verdict


def test_no_guess_and_no_number_are_asked_for_again(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(at="b1_2", predict=1))
    for guess in ("", "abc", "0,2"):
        explorer.locator("[name=guess]").fill(guess)
        explorer.get_by_role("button", name="Check").click()
        assert explorer.locator(".verdict").inner_text() == WORDS["guessFirst"]
    assert "seen" not in fragment_of(page)


def test_a_gradient_of_zero_is_guessed_as_zero(page: Page, server: SiteServer) -> None:
    dead = WorkedExample(**{**vars(EXERCISE), "x": [0.0, 0.4, -0.1]})
    explorer = opened(page, server, address(dead, at="W1_11", predict=1))
    explorer.get_by_label("zero").check()
    explorer.get_by_role("button", name="Check").click()
    assert explorer.locator(".verdict").inner_text().startswith("Yes")


def test_reveal_all_shows_all_and_counts_nothing(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(at="y", predict=1))
    explorer.get_by_role("button", name="Reveal all").click()
    assert "?" not in explorer.locator("[data-quantity]").all_inner_texts()
    assert explorer.locator(".score").inner_text() == ""


def test_the_question_stays_with_the_chosen_place_while_the_mouse_wanders(
    page: Page, server: SiteServer
) -> None:
    explorer = opened(page, server, address(at="y", predict=1))
    explorer.locator("[data-place=z1]").hover()
    expect(explorer.locator(".panel .title")).to_have_text("∂L/∂y")
