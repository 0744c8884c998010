"""The record of lesson 4: every step shows what the engine does then, and nothing moves.

It is on the page of lesson 4.
"""

import gzip
import re
from pathlib import Path

import pytest
from course.interactive import modules
from course.interactive.computations import COMPUTATIONS, Computation
from course.interactive.record import Text, picture
from course.interactive.record_steps import WORDS, lines
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.measurement import (
    HEIGHT,
    NARROW,
    NARROWEST,
    WIDE,
    violations_in_both_themes,
)
from tests.browser.site_server import SiteServer

ADDRESS = "tutorials/04_autograd.html"
SCRIPT_BUDGET = 4_000
LONG = 60_000
"""Milliseconds in which any sentence can be read."""
# The texts beside and in the boxes that are seen, in the order of the page.
SEEN = """(svg) => [...svg.querySelectorAll("text:not(.title)")]
    .filter((e) => e.checkVisibility({opacityProperty: true}))
    .map((e) => e.textContent)"""
LIT = """(svg) => [...svg.querySelectorAll(".node.now .title, .handed.now")]
    .map((e) => e.textContent)"""
SMALL = """(part) => [...part.querySelectorAll(":is(button, input, summary)")]
    .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
    .filter(([, {width, height}]) => width && (width < 24 || height < 24))
    .map(([name]) => name)"""
PLACES = """(part) => {
    const top = part.getBoundingClientRect().y;
    return [...part.querySelectorAll(":scope *:not(svg *, .told *, .lists *)")].map((e) => {
        const {x, y, width, height} = e.getBoundingClientRect();
        return [e.localName, x, y - top, width, height];
    }).filter(([, , , width]) => width); }"""
# Texts of the picture that lie on each other, or beyond its edges.
CROWDED = """(svg) => {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")]
        .filter((e) => e.checkVisibility({opacityProperty: true}))
        .map((e) => [e.textContent, e.getBoundingClientRect()]);
    const out = texts.filter(([, box]) => box.x < frame.x - 1 || box.right > frame.right + 1);
    const over = texts.flatMap(([one, a], i) => texts.slice(i + 1)
        .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.x, b.x) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.y, b.y) > 3)
        .map(([other]) => `${one} | ${other}`));
    return [...out.map(([text]) => text), ...over]; }"""

every = pytest.mark.parametrize("made", COMPUTATIONS, ids=lambda made: made.name)


def bare(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def told(made: Computation, step: int) -> str:
    line = lines(made)[step]
    return f"{line.head}. {bare(line.text)}"


class Record:
    """The record as tests use it."""

    def __init__(self, page: Page, server: SiteServer) -> None:
        page.goto(server.address(ADDRESS))
        self.page = page
        self.root = page.locator(".record")
        self.told = self.root.locator(".told")
        self.scrubber = self.root.get_by_role("slider", name="Step")
        self.scrubber.wait_for()

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.button(name).click()

    def choose(self, made: Computation) -> Locator:
        """Choose a computation, and return its picture."""
        self.press(made.title)
        return self.root.locator(f'[data-record="{made.name}"] svg')


@pytest.fixture
def record(page: Page, server: SiteServer) -> Record:
    return Record(page, server)


# -- Steps


def texts_at(made: Computation, step: int) -> list[str]:
    """Return what is to be read in the picture at a step, in the order of the page."""
    drawn = picture(made)
    texts: list[Text] = []
    for node in drawn["nodes"]:
        texts += [node.value, *node.gradients, *node.awaited]
    texts += [edge.gradient for edge in drawn["edges"]]
    return [
        str(each.text)
        for each in texts
        if each.first <= step and (each.last is None or step <= each.last)
    ]


def lit_at(made: Computation, step: int) -> list[str]:
    drawn = picture(made)
    nodes = [bare(node.title) for node in drawn["nodes"] if step in node.at]
    gradients = [edge.gradient for edge in drawn["edges"]]
    return nodes + [str(each.text) for each in gradients if each.first == step]


@every
def test_each_step_shows_and_says_what_the_engine_does_there_and_back(
    made: Computation, record: Record
) -> None:
    drawn = record.choose(made)
    last = len(lines(made)) - 1

    def check(step: int) -> None:
        expect(record.told).to_have_text(told(made, step))
        assert drawn.evaluate(SEEN) == texts_at(made, step)
        assert drawn.evaluate(LIT) == lit_at(made, step)
        expect(record.scrubber).to_have_value(str(step))
        head = f"{lines(made)[step].head}."
        expect(record.scrubber).to_have_attribute("aria-valuetext", head)

    check(0)
    for step in range(1, last + 1):
        record.press("Step")
        check(step)
    for step in range(last - 1, -1, -1):
        record.press("Step back")
        check(step)


def test_beyond_the_ends_there_is_no_step(record: Record) -> None:
    made = COMPUTATIONS[0]
    last = len(lines(made)) - 1
    expect(record.button("Step back")).to_have_attribute("aria-disabled", "true")
    record.button("Step back").dispatch_event("click")
    expect(record.told).to_have_text(told(made, 0))
    record.scrubber.fill(str(last))
    expect(record.button("Step back")).to_have_attribute("aria-disabled", "false")
    expect(record.button("Step")).to_have_attribute("aria-disabled", "true")
    record.button("Step").dispatch_event("click")
    expect(record.told).to_have_text(told(made, last))


def test_keys_move_the_scrubber_and_press_buttons(record: Record) -> None:
    made = COMPUTATIONS[0]
    last = len(lines(made)) - 1
    record.scrubber.focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        record.page.keyboard.press(key)
        expect(record.told).to_have_text(told(made, step))
    record.page.keyboard.press("End")
    expect(record.told).to_have_text(told(made, last))
    record.button("Step back").press("Enter")
    expect(record.told).to_have_text(told(made, last - 1))
    expect(record.button("Step back")).to_be_focused()


def test_another_computation_begins_at_its_start(record: Record) -> None:
    first, second = COMPUTATIONS
    record.press("Step")
    hidden = record.root.locator(f'[data-record="{first.name}"]')
    shown = record.choose(second)
    expect(record.told).to_have_text(told(second, 0))
    expect(shown).to_be_visible()
    expect(hidden).to_have_css("opacity", "0")
    expect(record.root.get_by_role("img")).to_have_accessible_name(second.alt)
    expect(record.button(second.title)).to_have_attribute("aria-pressed", "true")
    expect(record.button(first.title)).to_have_attribute("aria-pressed", "false")
    for made in COMPUTATIONS:
        record.choose(made)
        last = len(lines(made)) - 1
        expect(record.scrubber).to_have_attribute("max", str(last))
        record.scrubber.fill(str(last))
        expect(record.told).to_have_text(told(made, last))


def test_it_plays_to_the_end_and_from_the_start_again(
    page: Page, server: SiteServer
) -> None:
    page.clock.install(time=0)
    record = Record(page, server)
    page.clock.pause_at(3600)
    made = COMPUTATIONS[0]
    last = len(lines(made)) - 1
    for _ in range(2):
        record.press(WORDS["play"])
        for step in range(1, last + 1):
            expect(record.told).to_have_text(told(made, step))
            page.clock.run_for(1500)  # too short for any sentence
            expect(record.told).to_have_text(told(made, step))
            words = len(told(made, step).split())
            page.clock.run_for(170 * words + 1)
        expect(record.button(WORDS["play"])).to_be_visible()
        page.clock.run_for(LONG)
        expect(record.told).to_have_text(told(made, last))


def test_playing_stops_where_a_reader_takes_over(
    page: Page, server: SiteServer
) -> None:
    page.clock.install(time=0)
    record = Record(page, server)
    page.clock.pause_at(3600)
    for take_over in (
        lambda: record.press(WORDS["pause"]),
        lambda: record.press("Step"),
        lambda: record.press("Step back"),
        lambda: record.scrubber.fill("3"),
        lambda: record.choose(COMPUTATIONS[1]),
    ):
        record.press(WORDS["play"])
        expect(record.button(WORDS["pause"])).to_be_visible()
        take_over()
        before = record.told.text_content() or ""
        expect(record.button(WORDS["play"])).to_be_visible()
        page.clock.run_for(LONG)
        expect(record.told).to_have_text(before)


# -- Every reader


@pytest.mark.parametrize("width", [NARROWEST, NARROW, 768, WIDE, 1440])
def test_it_fits_and_nothing_moves_at_any_step(width: int, record: Record) -> None:
    record.page.set_viewport_size({"width": width, "height": HEIGHT})
    assert record.root.evaluate(SMALL) == []
    before = record.root.evaluate(PLACES)
    for made in COMPUTATIONS:
        drawn = record.choose(made)
        for step in range(len(lines(made))):
            record.scrubber.fill(str(step))
            assert record.root.evaluate(PLACES) == before, (made.name, step)
            assert drawn.evaluate(CROWDED) == [], (made.name, step)
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert record.page.evaluate(overflow) <= 0


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_it_is_accessible_in_both_themes(width: int, record: Record) -> None:
    record.page.set_viewport_size({"width": width, "height": HEIGHT})
    made = COMPUTATIONS[1]
    expect(record.told).to_have_attribute("aria-live", "off")  # nobody has asked yet
    record.choose(made)
    for step in (1, len(made.places) - 1):  # forward, and where one waits
        record.scrubber.fill(str(step))
        found = violations_in_both_themes(record.page, width=width, part=".record")
        assert found == []
    expect(record.told).to_have_attribute("aria-live", "polite")


def test_on_paper_are_the_whole_pictures(record: Record) -> None:
    record.page.emulate_media(media="print")
    for made in COMPUTATIONS:
        drawn = record.root.locator(f'[data-record="{made.name}"]')
        shown = drawn.locator("svg")
        assert set(texts_at(made, len(lines(made)))) == set(shown.evaluate(SEEN))
        expect(drawn.get_by_text(made.title)).to_be_visible()
    expect(record.scrubber).to_be_hidden()


def test_what_flows_does_so_only_for_those_who_like_it(record: Record) -> None:
    record.press("Step")
    assert not record.page.evaluate("document.getAnimations().length")
    record.page.emulate_media(reduced_motion="no-preference")
    record.press("Step")
    names = "document.getAnimations().map((each) => each.animationName)"
    assert "record-forward" in record.page.evaluate(names)
    record.scrubber.fill("4")
    assert {"record-backward", "record-arrive"} <= set(record.page.evaluate(names))


@pytest.mark.parametrize("how", ["off", "disk", "missing"])
def test_without_its_program_there_are_the_pictures_and_all_steps(
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
        reader.route("**/record.js", abort)
    reader.goto((site / ADDRESS).as_uri() if how == "disk" else server.address(ADDRESS))
    root = reader.locator(".record")
    for made in COMPUTATIONS:
        drawn = root.locator(f'[data-record="{made.name}"]')
        expect(drawn.get_by_role("img", name=made.alt)).to_be_visible()
        last = len(lines(made)) - 1
        shown = drawn.locator("svg").evaluate(SEEN)
        assert shown == texts_at(made, last)
        expect(drawn.get_by_text(made.title)).to_be_visible()
        steps = root.locator(f'[data-steps="{made.name}"]')
        steps.locator("summary").click()
        found = steps.get_by_role("listitem").all_text_contents()
        assert found == [told(made, step) for step in range(last + 1)]
    dead = root.locator(":is(button, input, [aria-live])")
    assert dead.locator("visible=true").count() == 0
    trouble.clear()


def test_the_program_is_small(site: Path) -> None:
    folder = site / "_static/interactive"
    written = Path(__file__).parents[2] / "docs/_static/interactive"  # with blanks
    names = list(modules(written / "record.js"))
    assert names == ["record.js"]
    size = sum(len(gzip.compress((folder / name).read_bytes(), 6)) for name in names)
    assert size <= SCRIPT_BUDGET
