"""The valley of lesson 0: a ball to put somewhere, steps that are Python's, a descent that leaves.

It is on the page of lesson 0.
"""

import gzip
import math
import re
from pathlib import Path
from typing import Any

import pytest
from course.interactive import modules
from course.interactive.valley import (
    FRAME,
    MOVES,
    RATES,
    SCALE,
    SLIDER,
    START,
    STEPS,
    WIDTH,
    WORDS,
    descend,
    gradient,
    limit,
    loss,
    steepest,
)
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    WIDE,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer

ADDRESS = "tutorials/00_gradient_descent.html"
SCRIPT_BUDGET = 6_000
PAUSE = 150
NUMBER = re.compile(r"−?\d+\.\d+")
SMALL = """(valley) => [...valley.querySelectorAll(":is(button, input, .grip)")]
    .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
    .filter(([, {width, height}]) => width < 24 || height < 24)
    .map(([name]) => name)"""
PLACES = """(valley) => {
    const top = valley.getBoundingClientRect().y;
    return [...valley.querySelectorAll(":scope *:not(svg *)")].map((e) => {
        const {x, y, width, height} = e.getBoundingClientRect();
        return [`${e.localName} ${e.className.baseVal ?? e.className}`, x, y - top, width, height];
    }).filter(([, , , width]) => width); }"""
Place = tuple[float, float]


def shown(value: float) -> str:
    return f"{round(value, 4) + 0.0:.4f}".replace("-", "−")


def sentence(visited: list[Place], rate: float) -> str:
    """Write what the page has to say at the end of a descent."""
    at = visited[-1]
    facts = {
        "w": shown(at[0]),
        "b": shown(at[1]),
        "loss": shown(loss(at)),
        "length": shown(math.hypot(*gradient(at))),
    }
    if len(visited) == 1:
        return WORDS["start"].format(**facts)
    before = loss(visited[-2])
    change = "fell" if loss(at) < before else "rose"
    if shown(loss(at)) == shown(before):
        change = "same"
    change = WORDS[change].format(before=shown(before), loss=facts["loss"])
    told = WORDS["step"].format(steps=len(visited) - 1, change=change, **facts)
    ahead = loss(descend(rate, 1, at)[-1])
    gone = loss(at) > steepest() and ahead > loss(at)
    return f"{told} {WORDS['left']}" if gone else told


class Valley:
    """The valley as tests use it."""

    def __init__(self, page: Page, address: str, clock: bool = False) -> None:
        if clock:
            page.clock.install(time=0)
            page.emulate_media(reduced_motion="no-preference")
        page.goto(address)
        self.page = page
        self.root = page.locator(".valley")
        self.ball = self.root.get_by_role("slider", name="Ball")
        self.told = self.root.locator(".told")
        self.rate = self.root.get_by_label("learning rate")
        self.trail = self.root.locator(".walked")
        self.ball.wait_for()
        if clock:
            page.clock.pause_at(3600)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.button(name).click()

    def centre(self) -> tuple[float, float]:
        box = self.ball.locator(".dot").bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def unit(self) -> float:
        """Return how many pixels of the screen a unit of w or b takes."""
        box = self.root.locator("svg.map").bounding_box()
        assert box
        return SCALE * box["width"] / WIDTH

    def place(self) -> Place:
        w, b = NUMBER.findall(self.told.text_content() or "")[:2]
        return float(w.replace("−", "-")), float(b.replace("−", "-"))

    def visited(self) -> int:
        """Return the number of places on the trail."""
        return len((self.trail.get_attribute("d") or "").split("L"))


@pytest.fixture
def valley(page: Page, server: SiteServer) -> Valley:
    return Valley(page, server.address(ADDRESS))


@pytest.fixture
def timed(page: Page, server: SiteServer) -> Valley:
    """The valley of a reader who likes motion; time stands still until a test lets it pass."""
    return Valley(page, server.address(ADDRESS), clock=True)


# -- Steps


@pytest.mark.parametrize("name", RATES)
def test_a_step_is_that_of_python(name: str, valley: Valley) -> None:
    valley.press(name)
    rate = RATES[name]
    expect(valley.button(name)).to_have_attribute("aria-pressed", "true")
    expect(valley.rate).to_have_value(f"{rate:g}")
    visited = descend(rate, 4)
    for steps in range(5):
        expect(valley.told).to_have_text(sentence([*visited[: steps + 1]], rate))
        assert valley.visited() == steps + 1
        valley.press("Step")


@pytest.mark.parametrize("name", ["creep", "zigzag"])
def test_a_run_has_thirty_steps_at_once_where_nothing_is_to_move(
    name: str, valley: Valley
) -> None:
    valley.press(name)
    for runs in (1, 2):
        valley.press("Run")
        visited = descend(RATES[name], runs * STEPS)
        expect(valley.told).to_have_text(sentence([*visited], RATES[name]))
        expect(valley.told).to_have_attribute("aria-live", "polite")
        expect(valley.button("Run")).to_be_visible()
        assert valley.visited() == runs * STEPS + 1


def test_a_run_goes_step_by_step_and_can_pause(timed: Valley) -> None:
    visited: list[Place] = [*descend(RATES["creep"], 2 * STEPS)]

    def says(steps: int) -> None:
        expect(timed.told).to_have_text(sentence(visited[: steps + 1], RATES["creep"]))

    timed.press("creep")
    timed.press("Run")
    says(1)
    expect(timed.told).to_have_attribute("aria-live", "off")  # not thirty times aloud
    timed.page.clock.run_for(4 * PAUSE)
    says(5)
    timed.press("Pause")
    timed.page.clock.run_for(10 * PAUSE)
    says(5)
    expect(timed.told).to_have_attribute("aria-live", "polite")
    timed.press("Run")
    timed.page.clock.run_for(100 * PAUSE)
    says(5 + STEPS)
    expect(timed.button("Run")).to_be_visible()
    expect(timed.told).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("name", ["Step", "Start again", "zigzag"])
def test_another_button_ends_a_run(name: str, timed: Valley) -> None:
    timed.press("creep")
    timed.press("Run")
    timed.press(name)
    told = timed.told.text_content()
    timed.page.clock.run_for(10 * PAUSE)
    expect(timed.told).to_have_text(told or "")
    expect(timed.button("Run")).to_be_visible()


def test_a_descent_that_leaves_is_stopped_and_said(valley: Valley) -> None:
    rate = RATES["leave"]
    valley.press("leave")
    valley.press("Run")
    expect(valley.told).to_contain_text(WORDS["left"])
    steps = valley.visited() - 1
    assert 1 < steps < STEPS
    told = sentence([*descend(rate, steps)], rate)
    expect(valley.told).to_have_text(told)
    assert not sentence([*descend(rate, steps - 1)], rate).endswith(WORDS["left"])
    for name in ("Step", "Run"):
        expect(valley.button(name)).to_have_attribute("aria-disabled", "true")
        valley.button(name).dispatch_event("click")
        expect(valley.told).to_have_text(told)
    valley.press("Start again")
    expect(valley.told).to_have_text(sentence([START], rate))
    expect(valley.button("Run")).to_have_attribute("aria-disabled", "false")


def test_a_smaller_rate_brings_it_back(valley: Valley) -> None:
    valley.press("leave")
    valley.press("Run")
    valley.rate.fill("0.2")
    expect(valley.told).not_to_contain_text(WORDS["left"])
    valley.press("Step")
    expect(valley.told).to_contain_text("fell")


def test_the_tick_stands_where_descents_begin_to_leave(valley: Valley) -> None:
    step = SLIDER["step"]
    for rate in (
        math.floor(limit() / step) * step,
        math.ceil(limit() / step) * step,
    ):
        valley.press("creep")
        valley.rate.fill(f"{rate:.2f}")
        for _ in range(4):  # a disabled button cannot be pressed by Playwright
            valley.button("Run").dispatch_event("click")
        told = valley.told.text_content() or ""
        assert (WORDS["left"] in told) == (rate > limit())
    tick = valley.root.locator(".limit").bounding_box()
    slider = valley.rate.bounding_box()
    assert tick
    assert slider
    share = (limit() - SLIDER["min"]) / (SLIDER["max"] - SLIDER["min"])
    where = slider["x"] + share * slider["width"]
    assert tick["x"] + tick["width"] == pytest.approx(where, abs=8)


def test_the_arrow_is_the_next_step(valley: Valley) -> None:
    arrow = valley.root.locator(".ahead")
    before = (arrow.get_attribute("d") or "").split("M")[1].split("L")
    valley.press("Step")
    trail = (valley.trail.get_attribute("d") or "").removeprefix("M").split("L")
    assert before == trail
    valley.rate.fill("0.01")
    shorter = (arrow.get_attribute("d") or "").split("M")[1].split("L")
    assert shorter[0] == trail[1]
    ends = [tuple(map(float, point.split())) for point in shorter]
    assert math.dist(*ends) < 10


# -- The ball


def test_the_ball_can_be_dragged(valley: Valley) -> None:
    valley.press("Step")
    mouse = valley.page.mouse
    x, y = valley.centre()
    unit = valley.unit()
    at = valley.place()
    mouse.move(x + 5, y - 3)  # not its middle: it is not to jump
    mouse.down()
    assert valley.visited() == 2
    mouse.move(x + 5 + 0.5 * unit, y - 3 - 0.25 * unit, steps=4)
    found = valley.place()
    assert found == pytest.approx((at[0] + 0.5, at[1] + 0.25), abs=0.02)
    expect(valley.told).to_have_text(sentence([found], 0))
    expect(valley.told).to_have_attribute("aria-live", "off")
    assert valley.visited() == 1
    assert valley.centre() == pytest.approx((x + 0.5 * unit, y - 0.25 * unit), abs=2)
    # What moves without a button is held no longer, though nobody told of its release.
    moved = {"pointerId": 1, "buttons": 0, "clientX": x, "clientY": y}
    valley.ball.dispatch_event("pointermove", moved)
    assert valley.place() == found
    mouse.up()
    expect(valley.told).to_have_attribute("aria-live", "polite")
    mouse.move(x, y)
    assert valley.place() == found
    valley.press("Step")
    valley.press("Start again")
    assert valley.place() == found  # where it was put


def test_the_ball_stays_on_the_map(valley: Valley) -> None:
    mouse = valley.page.mouse
    valley.ball.scroll_into_view_if_needed()
    mouse.move(*valley.centre())
    mouse.down()
    x, y = valley.centre()
    mouse.move(x - 2000, y + 2000)
    mouse.up()
    assert valley.place() == (FRAME["w"][0], FRAME["b"][0])


def test_the_ball_can_be_dragged_with_a_finger(valley: Valley) -> None:
    page = valley.page
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    valley.ball.scroll_into_view_if_needed()
    x, y = valley.centre()
    unit, at, scrolled = valley.unit(), valley.place(), page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, Any]) -> None:
        event = {"type": kind, "touchPoints": [*points]}
        finger.send("Input.dispatchTouchEvent", event)

    touch("touchStart", {"x": x, "y": y})
    for part in (0.25, 0.5, 0.75, 1):
        touch("touchMove", {"x": x - part * 0.5 * unit, "y": y + part * unit})
    touch("touchEnd")
    expect(valley.told).to_have_attribute("aria-live", "polite")
    assert valley.place() == pytest.approx((at[0] - 0.5, at[1] - 1), abs=0.02)
    assert page.evaluate("scrollY") == scrolled


def test_the_ball_can_be_moved_with_keys(valley: Valley) -> None:
    valley.press("Step")
    valley.press("Start again")
    valley.ball.focus()
    keys = valley.page.keyboard
    step, small = MOVES["key"], MOVES["shift"]
    w, b = START
    for key, right, up in (
        ("ArrowRight", step, 0),
        ("ArrowUp", 0, step),
        ("ArrowUp", 0, step),
        ("ArrowLeft", -step, 0),
        ("ArrowDown", 0, -step),
        ("Shift+ArrowLeft", -small, 0),
        ("Shift+ArrowDown", 0, -small),
    ):
        keys.press(key)
        w, b = round(w + right, 4), round(b + up, 4)
        expect(valley.told).to_have_text(sentence([(w, b)], 0))
    slope = gradient((w, b))
    said = WORDS["place"].format(
        w=shown(w),
        b=shown(b),
        loss=shown(loss((w, b))),
        dL_dw=shown(slope.w),
        dL_db=shown(slope.b),
    )
    expect(valley.ball).to_have_attribute("aria-valuetext", said)
    expect(valley.ball).to_have_attribute("aria-valuenow", f"{w:.4f}")
    for _ in range(100):
        keys.press("ArrowUp")
    assert valley.place() == (w, FRAME["b"][1])


def test_everything_is_reached_with_the_tab_key_and_the_focus_is_seen(
    valley: Valley,
) -> None:
    valley.ball.focus()
    valley.page.keyboard.press("ArrowLeft")  # the keyboard is in use
    ring = valley.ball.locator(".ring")
    assert ring.evaluate("(e) => getComputedStyle(e).stroke") != "none"
    reached = []
    for _ in range(7):
        valley.page.keyboard.press("Tab")
        reached.append(
            valley.page.evaluate(
                "(({dataset, id}) => dataset.rate ?? dataset.do ?? id)(document.activeElement)"
            )
        )
    assert reached == [
        *(f"{rate:g}" for rate in RATES.values()),
        "valley-rate",
        "step",
        "run",
        "again",
    ]


# -- Every reader


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", ["zigzag", "leave"])
def test_it_is_accessible_in_both_themes(name: str, width: int, valley: Valley) -> None:
    valley.page.set_viewport_size({"width": width, "height": HEIGHT})
    valley.press(name)
    valley.press("Run")
    assert violations_in_both_themes(valley.page, width=width, part=".valley") == []


@pytest.mark.parametrize("width", [NARROWEST, NARROW, 768, WIDE, 1440])
def test_it_fits_and_nothing_moves(width: int, valley: Valley) -> None:
    valley.page.set_viewport_size({"width": width, "height": HEIGHT})
    assert valley.root.evaluate(SMALL) == []
    before = valley.root.evaluate(PLACES)
    for name in RATES:
        valley.press(name)
        valley.press("Run")
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert valley.page.evaluate(overflow) <= 0
        assert valley.root.evaluate(PLACES) == before


@pytest.mark.parametrize("how", ["off", "disk", "missing"])
def test_without_its_program_there_is_the_map_with_a_descent(
    how: str,
    page: Page,
    plain: Page,
    server: SiteServer,
    site: Path,
    trouble: list[str],
) -> None:
    reader = plain if how == "off" else page

    def abort(route: Route) -> None:
        route.abort()

    if how == "missing":
        reader.route("**/valley.js", abort)
    reader.goto((site / ADDRESS).as_uri() if how == "disk" else server.address(ADDRESS))
    valley = reader.locator(".valley")
    expect(valley.locator("p.without-script")).to_be_visible()
    expect(valley.get_by_role("img")).to_be_visible()
    expect(valley.locator("path.trail.without-script")).to_be_visible()
    expect(valley.locator("path.trail.walked")).to_be_hidden()
    dead = valley.locator(":is(button, input, [tabindex], [aria-live])")
    assert dead.locator("visible=true").count() == 0
    trouble.clear()


def test_the_program_is_small(site: Path) -> None:
    folder = site / "_static/interactive"
    written = Path(__file__).parents[2] / "docs/_static/interactive"  # with blanks
    names = list(modules(written / "valley.js"))
    assert names == ["valley.js", "drawing.js", "writing.js"]
    size = sum(len(gzip.compress((folder / name).read_bytes(), 6)) for name in names)
    assert size <= SCRIPT_BUDGET


def test_buttons_can_be_pressed_with_keys(valley: Valley) -> None:
    valley.button("creep").press("Enter")
    valley.button("Step").press("Space")
    expected = sentence([*descend(RATES["creep"], 1)], RATES["creep"])
    expect(valley.told).to_have_text(expected)
