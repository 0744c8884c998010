"""The explorer follows a drag: the picture at every frame, digits now and then, nothing anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from mlp_reference.worked_example import LESSON
from tests.browser.explorer import address, expected, fragment_of, place, read
from tests.browser.frames import summed
from tests.browser.measurement import HEIGHT, NARROW, WIDE

Explore = Callable[..., Locator]
# What is built or taken away, and what changes in the form of the picture out of sight.
WATCH = """() => {
    window.changes = [];
    const hidden = [...document.querySelectorAll("svg.picture")].find((e) => !e.checkVisibility());
    const watch = (root, what) => new MutationObserver((records) => changes.push(
        ...records.map(({target, type}) => `${type} ${target.className ?? target.data}`)
    )).observe(root, {subtree: true, ...what});
    watch(document.querySelector(".explorer"), {childList: true});
    watch(hidden, {attributes: true, characterData: true});
}"""
# Whether a slider that moves is laid out alone: contained, and a part of no grid or row.
ALONE = """(slider) => [getComputedStyle(slider).contain,
    getComputedStyle(slider.parentElement).display]"""


@contextmanager
def held(explorer: Locator, name: str) -> Iterator[Callable[[int], None]]:
    """Hold a number of the picture, to be moved by some pixels."""
    mouse = explorer.page.mouse
    box = place(explorer, name).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    yield lambda way: mouse.move(x + way, y)
    mouse.up()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_digits_arrive_while_the_number_is_still_held(
    width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    explorer = explore(address(at="W1_12"))
    chosen = explorer.locator("#explorer-chosen")
    with held(explorer, "W1_12") as move:
        for way, value in ((24, "0"), (44, "0.2")):
            move(way)
            text = place(explorer, "W1_12").locator("[data-shows=value]").text_content()
            assert float((text or "").split()[-1]) == float(value)  # at once
            expect(chosen).to_have_value(value)
            (first, _, third), second = LESSON.W1
            network = replace(LESSON, W1=[[first, float(value), third], second])
            gradient = expected(network)["dL_dw1[0][1]"]
            expect(explorer.locator(".result b")).to_have_text(f"{gradient:.4f}")
            expect(explorer.locator(".bar .past")).to_contain_text("→")
    assert read(page)["W1[0][1]"] == pytest.approx(0.2)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_drag_builds_nothing_and_leaves_what_is_hidden(
    width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    explorer = explore(address(at="W1_12"))
    with held(explorer, "W1_12") as move:
        move(10)
        expect(explorer.locator("#explorer-chosen")).to_have_value("−0.14")
        page.evaluate(WATCH)
        for way, value in ((14, "−0.1"), (18, "−0.06"), (9, "−0.15")):
            move(way)
            expect(explorer.locator("#explorer-chosen")).to_have_value(value)
        assert page.evaluate("changes") == []


def test_a_slider_that_moves_is_laid_out_alone(explore: Explore) -> None:
    for slider in explore().locator(".control input[type=range]").all():
        contain, display = slider.evaluate(ALONE)
        assert (contain, display) == ("strict", "block")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_fresh_page_shows_a_chain_and_an_address_what_it_names(
    width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    for fragment, title, factors in (("", "∂L/∂W1,13", 4), (address(), None, 0)):
        explorer = explore(fragment)
        expect(explorer.locator(".factor")).to_have_count(factors)
        if title:
            expect(explorer.locator(".panel .title")).to_have_text(title)
            expect(explorer.locator(".handle label")).to_have_text("W1,13")
        chosen = explorer.locator(".chosen[data-place]:visible")
        assert chosen.count() == bool(factors)
        assert fragment_of(page) == fragment


def test_the_work_of_a_trace_is_summed_up_by_frames_and_kinds() -> None:
    def event(name: str, start: int, lasts: int, thread: int = 1) -> dict[str, object]:
        own = {"name": name, "tts": start, "tdur": lasts, "tid": thread}
        return own | {"ph": "X", "pid": 1}

    first = [event("RunTask", 0, 1000), event("FunctionCall", 100, 300)]
    first += [event("Layout", 500, 200), event("Commit", 800, 100)]
    second = [event("RunTask", 2000, 500), event("UpdateLayoutTree", 2000, 100)]
    second += [event("RunTask", 3000, 500), event("Commit", 3100, 300)]
    work = summed([*second, event("RasterTask", 0, 2000, thread=2), *first])
    assert work.frames == pytest.approx([4, 4])  # milliseconds, four times slower
    found = [work.kinds[kind] for kind in ("script", "style", "layout", "paint")]
    assert found == pytest.approx([0.6, 0.2, 0.4, 0.8])
    assert [work.kinds["other"], work.kinds["raster"]] == pytest.approx([2.0, 4.0])
