"""The explorer in everybody's hands: chains, the walk, updates, guesses; by mouse and by keys."""

import math
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from mlp_reference import manual
from mlp_reference.walkthrough import WORDS
from mlp_reference.worked_example import LESSON, WorkedExample
from tests.browser.explorer import (
    ADDRESS,
    address,
    arrive,
    box_of,
    data_of,
    drawn,
    fragment_of,
    place,
    read,
    texts,
)
from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    THEMES,
    violations,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer

Explore = Callable[..., Locator]
ROLES: tuple[Literal["slider"], Literal["button"]] = ("slider", "button")
MOST_STOPS = 24
STATES = {
    "a chain": address(at="x2"),
    "in the walk": address(step=7, at="z1"),
    "a guess": address(at="W1_12", predict=1, seen="y", guessed=1, right=1),
    "updates": address(updates=10),
}
SIDEWAYS = "Math.max(...[...document.querySelectorAll('html, .content')].map(e => e.scrollWidth))"
SMALL = """(explorer) => [...explorer.querySelectorAll(
    ":is(button, input, a, [data-place])")]
    .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
    .filter(([, {width, height}]) => width && (width < 24 || height < 24))
    .map(([name]) => name)"""
STOP = """() => { const e = document.activeElement; const d = e.dataset;
    const {outlineStyle, outlineWidth} = getComputedStyle(e);
    const seen = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
    return !e.closest(".explorer") ? null : (seen ? "" : "unseen ") +
        (d.place ?? d.do ?? d.control ?? e.name ?? e.textContent); }"""
DURATIONS = """() => [...document.querySelectorAll(".explorer *")].map(
    (e) => getComputedStyle(e).transitionDuration).filter((d) => parseFloat(d) > 0)"""


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def losses(example: WorkedExample, updates: int) -> list[float]:
    found = [manual.solve(example).loss]
    for _ in range(updates):
        example = example.after_update(manual.solve(example))
        found.append(manual.solve(example).loss)
    return found


def with_rate(rate: float) -> WorkedExample:
    return replace(LESSON, learning_rate=rate)


def press(explorer: Locator, name: str) -> None:
    explorer.get_by_role("button", name=name, exact=True).click()


# -- Places and chains


@pytest.mark.parametrize("how", ["hover", "focus", "click", "row"])
def test_a_place_shows_its_chain_and_lights_it(how: str, explore: Explore) -> None:
    explorer = explore()
    if how == "row":
        explorer.locator(".all-numbers summary").click()
        explorer.locator("[data-row=W1_23] th").click()
    else:
        getattr(place(explorer, "W1_23"), how)()
    panel = explorer.locator(".panel")
    expect(panel.locator(".title")).to_have_text("∂L/∂W1,23")
    factors = panel.locator(".factor b").all_text_contents()
    product = math.prod(number(each.strip("()")) for each in factors)
    gradient = manual.solve(LESSON).dL_dw1[1][2]
    assert product == pytest.approx(gradient, abs=2e-4)
    assert number(panel.locator(".result b").inner_text()) == round(gradient, 4)
    lit = explorer.locator("svg .lit:visible").evaluate_all(
        "all => all.map(({dataset}) => dataset.place ?? dataset.arrow)"
    )
    assert set(lit) == {"L", "y", "W2_12", "z2", "a2", "W1_23"}


def test_what_the_mouse_rests_on_is_shown_meanwhile(explore: Explore) -> None:
    explorer = explore()
    page, title = explorer.page, explorer.locator(".panel .title")
    place(explorer, "z1").click()
    place(explorer, "y").hover()
    expect(title).to_have_text("∂L/∂y")
    page.mouse.move(5, 5)
    expect(title).to_have_text("∂L/∂z1")
    assert fragment_of(page).endswith("&at=z1")
    # A question stays with the chosen place.
    explorer.get_by_label("Predict first").check()
    place(explorer, "y").hover()
    expect(title).to_have_text("∂L/∂z1")


def test_every_place_is_a_slider_or_a_button_and_says_its_numbers(
    explore: Explore,
) -> None:
    explorer = explore()
    picture = explorer.locator("svg:visible").first
    sliders, buttons = (picture.get_by_role(role).count() for role in ROLES)
    assert (sliders, buttons) == (14, 6)  # given, computed
    numbers = read(explorer.page)
    for name, facts in data_of(explorer.page)["places"].items():
        group = place(explorer, name)
        label = group.get_attribute("aria-label")
        assert label
        gradient = numbers[facts["gradient"]] if facts["gradient"] else 1.0
        found = [number(each) for each in re.findall(r"[−\d.]+(?=,|$)", label)][-2:]
        assert found == [round(numbers[facts["value"]], 4), round(gradient, 4)], label
        if group.get_attribute("role") == "slider":
            now = float(group.get_attribute("aria-valuenow") or "nan")
            assert now == numbers[facts["value"]]


@pytest.mark.parametrize("covering", [{"step": 6}, {"predict": 1}], ids=str)
def test_the_panel_gives_nothing_away_in_the_walk_and_in_guessing(
    covering: dict[str, int], explore: Explore
) -> None:
    panel = explore(address(at="W1_23", **covering)).locator(".panel")
    assert panel.locator(".result b").inner_text() in ("?", "·")
    for secret in ("0.1619", "0.2699"):  # its gradient, and what comes from upstream
        assert secret not in panel.inner_text()


def test_sums_saturation_and_dead_inputs_are_pointed_out(explore: Explore) -> None:
    explorer = explore(address(at="x1"))
    note = explorer.locator(".panel .note")
    assert explorer.locator(".panel .group.local").count() == 2
    assert WORDS["paths"] in note.inner_text()
    place(explorer, "W1_11").click()
    assert WORDS["paths"] not in note.inner_text()
    assert "saturated" not in note.inner_text()
    box_of(explorer, "b1[0]").fill("3")
    assert "saturated" in note.inner_text()
    place(explorer, "W1_23").click()
    assert "saturated" not in note.inner_text()
    place(explorer, "W1_11").click()
    assert WORDS["zero"] not in note.inner_text()
    box_of(explorer, "x[0]").fill("0")
    assert read(explorer.page)["dL_dw1[0][0]"] == 0
    assert WORDS["zero"] in note.inner_text()


# -- What is typed


@pytest.mark.parametrize("typed", ["", "-", "1e400", "11", "−10.01", "1e", ".", "abc"])
def test_what_is_no_number_within_bounds_is_told_and_changes_nothing(
    typed: str, explore: Explore
) -> None:
    explorer = explore()
    problem = explorer.locator(".problem")
    before = read(explorer.page)
    box = box_of(explorer, "W1[0][1]")
    box.fill(typed)
    assert box.get_attribute("aria-invalid") == "true"
    expect(problem).to_be_hidden()  # somebody may still be typing
    box.press("Enter")
    described = explorer.locator(f"#{box.get_attribute('aria-describedby')}")
    expect(described).to_be_visible()
    assert "10" in described.inner_text()
    assert violations(explorer.page, ".explorer") == []
    box.blur()
    assert box.get_attribute("aria-invalid") is None
    assert box.input_value() == "−0.2"
    assert read(explorer.page) == before
    box.fill("0.25")
    expect(problem).to_be_hidden()
    assert read(explorer.page)["W1[0][1]"] == 0.25


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("0.1*0.3+0.05", 0.08), ("1/3", 1 / 3), ("0,5", 0.5), ("−0.25", -0.25)],
)
def test_a_box_reads_what_a_person_writes(
    typed: str, meant: float, explore: Explore
) -> None:
    explorer = explore()
    box = box_of(explorer, "b1[0]")
    box.fill(typed)
    box.press("Enter")
    assert read(explorer.page)["b1[0]"] == pytest.approx(meant, rel=1e-15)
    box.blur()
    assert number(box.input_value()) == pytest.approx(meant, abs=5e-5)


# -- The walk


def test_the_walk_shows_every_quantity_in_its_turn(explore: Explore) -> None:
    explorer = explore(address(step=0))
    quantities = data_of(explorer.page)["quantities"]
    order = [quantity["name"] for quantity in quantities]
    told = explorer.locator(".told")
    assert told.get_attribute("aria-live") == "polite"
    explorer.locator("[name=step]").focus()
    for step, quantity in enumerate(quantities, start=1):
        explorer.page.keyboard.press("ArrowRight")
        said = told.inner_text()
        for part in (f"Step {step} of 16", quantity["title"], quantity["rule"]):
            assert part in said
        for name, text in texts(explorer.page).items():
            name = name.replace("loss_updated", "b1_updated")
            base = re.sub(r"^numeric_|\[.*", "", name)
            to_come = base in order[step:]
            assert (text == "·") == to_come, (step, name)
    explorer.page.keyboard.press("ArrowLeft")
    assert "Step 15 of 16" in told.inner_text()
    press(explorer, "Show all")
    assert "·" not in texts(explorer.page).values()


def test_the_arrow_keys_are_those_of_sliders_alone(explore: Explore) -> None:
    explorer = explore(address(step=4))
    page = explorer.page
    for control in (".play", "[data-do=update]", ".rate input[type=range]"):
        explorer.locator(control).focus()
        page.keyboard.press("ArrowRight")
        assert "step=4" in fragment_of(page), control
    assert read(page)["learning_rate"] == 0.31


def test_the_walk_follows_the_numbers_and_keeps_secrets(explore: Explore) -> None:
    explorer = explore(address(step=5))
    told = explorer.locator(".told")
    gradient = f"{abs(read(explorer.page)['dL_dy[0]']):.4f}"
    expect(told).to_contain_text(gradient)
    explorer.locator("[name=predict]").check()
    expect(told).not_to_contain_text(gradient)
    explorer.locator("[name=predict]").uncheck()
    box_of(explorer, "t[0]").fill("0.4")
    expect(told).to_contain_text(f"{abs(read(explorer.page)['dL_dy[0]']):.4f}")


def test_nothing_moves_for_a_reader_who_wants_nothing_to_move(explore: Explore) -> None:
    page = explore().page
    assert page.evaluate(DURATIONS) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(DURATIONS) != []


# -- Updates


@pytest.mark.parametrize("rate", [0.3, 0.1])
def test_the_loss_rises_where_the_step_is_too_long_and_falls_where_it_is_not(
    rate: float, explore: Explore
) -> None:
    before, after = losses(with_rate(rate), 1)
    assert (rate == 0.3) == (after > before)
    explorer = explore(address(with_rate(rate)))
    press(explorer, "Update")
    said = explorer.locator(".updates").inner_text()
    assert ("too long" in said) == (after > before)
    assert f"{before:.4f}" in said
    assert f"{after:.4f}" in said
    assert read(explorer.page)["loss"] == pytest.approx(after, rel=1e-12)


def test_ten_updates_draw_a_curve_and_show_both_values(explore: Explore) -> None:
    explorer = explore(address(with_rate(0.1)))
    press(explorer, "Ten updates")
    curve = explorer.locator(".curve")
    assert curve.locator("circle").count() == 11
    assert {"loss", "updates", "10"} <= set(curve.locator("text").all_text_contents())
    first, *_, last = losses(with_rate(0.1), 10)
    for part in (f"{first:.4f}", f"{last:.4f}", "fell"):
        assert part in (curve.get_attribute("aria-label") or "")
    row = explorer.locator("[data-row=W1_11] td").first.text_content() or ""
    assert row.startswith("0.3 → ")
    press(explorer, "Back to the start")
    assert read(explorer.page)["W1[0][0]"] == LESSON.W1[0][0]
    assert curve.locator("circle").count() == 0


def test_a_control_starts_from_the_numbers_reached(explore: Explore) -> None:
    explorer = explore(address(updates=3))
    reached = read(explorer.page)["W2[0][1]"]
    box_of(explorer, "t[0]").fill("0.1")
    assert read(explorer.page)["W2[0][1]"] == reached != LESSON.W2[0][1]
    target = explorer.locator("[data-shows=target]:visible")
    assert target.text_content() == "target 0.1000"
    assert "updates" not in fragment_of(explorer.page)


def test_another_learning_rate_makes_the_same_updates_anew(explore: Explore) -> None:
    explorer = explore(address(updates=1))
    assert "rose" in explorer.locator(".updates").inner_text()
    box_of(explorer, "learning_rate").fill("0.1")
    assert "fell" in explorer.locator(".updates").inner_text()
    example = with_rate(0.1)
    after = example.after_update(manual.solve(example))
    assert abs(read(explorer.page)["W2[0][1]"] - after.W2[0][1]) < 1e-12
    assert "updates=1" in fragment_of(explorer.page)


def test_what_diverges_stops_and_nothing_is_broken(explore: Explore) -> None:
    explorer = explore(address(with_rate(10), updates=200))
    page = explorer.page
    said = explorer.locator(".updates").inner_text()
    assert said.startswith("Stopped after")
    assert all(math.isfinite(value) for value in read(page).values())
    press(explorer, "Ten updates")
    assert explorer.locator(".updates").inner_text() == said
    assert [read(page)] == arrive(page, [fragment_of(page)])
    # Nor does any extreme network break the page.
    rng = random.Random(10)  # noqa: S311 - not for secrets
    wild = []
    for _ in range(200):
        network = drawn(rng)
        for part in (*network.W1, network.b1, *network.W2, network.x):
            part[:] = [value * 10 ** rng.uniform(-300, 5) for value in part]
        wild.append(address(network, updates=rng.randrange(200)))
    arrive(page, wild)


def test_two_hundred_updates_are_the_most(explore: Explore) -> None:
    explorer = explore(address(with_rate(0.01), updates=195))
    press(explorer, "Ten updates")
    assert "updates=200" in fragment_of(explorer.page)
    assert explorer.locator(".curve circle").count() == 201
    assert "as many as" in explorer.locator(".updates").inner_text()


# -- Guesses


def test_gradients_are_covered_until_they_are_guessed(explore: Explore) -> None:
    explorer = explore()
    before = read(explorer.page)
    explorer.get_by_label("Predict first").check()
    assert read(explorer.page) == before
    shown = texts(explorer.page)
    names = [name for name in shown if "dL_d" in name or "_updated[" in name]
    assert {shown[name] for name in names} == {"?"}
    chosen = place(explorer, "W1_23")
    assert "covered" in (chosen.get_attribute("aria-label") or "")
    chosen.click()
    explorer.get_by_label("negative").check()
    press(explorer, "Check")
    verdict = explorer.locator(".verdict").inner_text()
    assert verdict.startswith("Yes")
    assert "negative" in verdict
    shown = texts(explorer.page)
    assert (shown["dL_dw1[1][2]"], shown["dL_dw1[1][1]"]) == ("−0.1619", "?")
    assert explorer.locator(".score").inner_text() == "1 of 1 right"


def test_a_value_can_be_guessed_and_nonsense_cannot(explore: Explore) -> None:
    explorer = explore(address(at="b1_2", predict=1))
    verdict = explorer.locator(".verdict")
    for guess in ("", "abc", "0,2,"):
        explorer.locator("[name=guess]").fill(guess)
        press(explorer, "Check")
        said = f"“{guess}” cannot be read" if guess else WORDS["guessFirst"]
        assert verdict.inner_text().startswith(said)
    assert "seen" not in fragment_of(explorer.page)
    for guess in ("-0.27", "−0,2699", "-27/100", "-0.3", "0.2699", "0"):
        explorer.locator("[name=predict]").uncheck()
        explorer.locator("[name=predict]").check()
        explorer.locator("[name=guess]").fill(guess)
        explorer.page.keyboard.press("Enter")
        right = guess in ("-0.27", "−0,2699", "-27/100")
        assert verdict.inner_text().startswith("Yes" if right else "Not quite"), guess
        assert "0.2699" in verdict.inner_text()


def test_a_gradient_of_zero_is_guessed_as_zero(explore: Explore) -> None:
    dead = replace(LESSON, x=[0.0, *LESSON.x[1:]])
    explorer = explore(address(dead, at="W1_11", predict=1))
    explorer.get_by_label("zero").check()
    press(explorer, "Check")
    assert explorer.locator(".verdict").inner_text().startswith("Yes")


def test_reveal_all_shows_all_and_counts_nothing(explore: Explore) -> None:
    explorer = explore(address(at="y", predict=1))
    press(explorer, "Reveal all")
    assert "?" not in texts(explorer.page).values()
    assert explorer.locator(".score").inner_text() == ""


# -- For everybody: by keys alone, for assistive technology, small, on paper, without scripts


@pytest.mark.parametrize("width", THEMES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_to_mend_in_any_state_and_nothing_is_too_wide_or_too_small(
    state: str, width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    explorer = explore(STATES[state])
    assert violations_in_both_themes(page, width=width, part=".explorer") == []
    if width == NARROW:
        assert explorer.evaluate(SMALL) == []
        assert page.evaluate(SIDEWAYS) <= width
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        assert page.evaluate(SIDEWAYS) <= NARROWEST


def test_a_learner_without_a_mouse_does_everything(explore: Explore) -> None:
    explorer = explore(address())
    page = explorer.page
    assert len(stops(explorer)) <= MOST_STOPS
    explorer.locator(".all-numbers summary").press("Enter")
    met = stops(explorer)
    assert [stop for stop in met if stop.startswith("unseen")] == []
    assert {*data_of(page)["names"]} <= {*met}
    # The Tab key stops at the picture once; from there keys go to every place, inputs first.
    order = [stop for stop in met if stop in data_of(page)["places"]]
    assert order == ["x1"]
    place(explorer, "x1").focus()
    for _ in range(19):
        page.keyboard.press("ArrowDown")
        order.append(page.evaluate(STOP))
    assert {*order} == {*data_of(page)["places"]}
    assert order[:4] == ["x1", "x2", "x3", "W1_11"]
    assert order[-2:] == ["y", "L"]
    # Choose, guess, walk and update by keys.
    for target, *keys in (
        (explorer.get_by_label("Predict first"), "Space"),
        (place(explorer, "W1_23"), "Space"),
        (explorer.get_by_label("zero"), "ArrowLeft", "Enter"),
        (explorer.locator("[data-do=update]"), "Enter"),
        (explorer.locator("[name=step]"), "Home", "ArrowRight"),
    ):
        target.focus()
        for key in keys:
            page.keyboard.press(key)
        if "ArrowLeft" in keys:
            expect(explorer.locator(".verdict")).to_contain_text("Yes")
    wanted = ("at=W1_23", "predict=1", "seen=W1_23", "right=1", "updates=1", "step=1")
    assert [part for part in wanted if part not in fragment_of(page)] == []


def stops(explorer: Locator) -> list[str]:
    """Go through the explorer by the Tab key, and name each stop."""
    explorer.locator("a, button, input").first.focus()
    met: list[str] = []
    while (stop := explorer.page.evaluate(STOP)) is not None and len(met) < 80:
        met.append(stop)
        explorer.page.keyboard.press("Tab")
    return met


@pytest.mark.parametrize("how", ["no scripts", "disk", "explorer.js", "state.js"])
def test_where_no_program_runs_there_is_the_table_and_a_plain_word_and_nothing_dead(
    how: str,
    page: Page,
    plain: Page,
    server: SiteServer,
    site: Path,
    trouble: list[str],
) -> None:
    page.route(f"**/interactive/{how}*", lambda route: route.abort())  # lost on the way
    reader = plain if how == "no scripts" else page
    disk = how == "disk"
    reader.goto((site / ADDRESS).as_uri() if disk else server.address(ADDRESS))
    explorer = reader.locator(".explorer")
    expect(explorer.locator(".without-script")).to_be_visible()
    expect(explorer.get_by_role("img")).to_be_visible()
    expect(explorer.locator(".numbers").first).to_be_visible()
    dead = explorer.locator(":is(button, input, [data-experiment])")
    assert dead.locator("visible=true").count() == 0
    assert read(reader)["x[0]"] == LESSON.x[0]
    assert reader.locator("h1").count() == 1
    trouble.clear()


def test_on_paper_there_are_figure_and_table(explore: Explore) -> None:
    explorer = explore()
    explorer.page.emulate_media(media="print")
    expect(explorer.locator("svg.picture.wide")).to_be_visible()
    expect(explorer.locator(".numbers").first).to_be_visible()
    assert explorer.locator(":is(button, input)").locator("visible=true").count() == 0
