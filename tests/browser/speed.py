"""How fast the explorer answers: ``python -m tests.browser.speed --site docs/_build/html``."""

import argparse
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.chromium import new_context, running
from tests.browser.explorer import ADDRESS
from tests.browser.site_server import SiteServer, serving

LOADS, STEPS, MOVES = 9, 300, 120
SLOWER = 4  # so many times slower is the processor of a phone
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
WATCH = """
    new MutationObserver((records, observer) => {
        if (!document.querySelector(".explorer svg[role=group]")) return;
        window.firstValue = performance.now();
        observer.disconnect();
    }).observe(document, {attributes: true, subtree: true, attributeFilter: ["role"]});
"""
# The program runs before the page is ready, so the time from then on may be none at all.
FIRST = """() => Math.max(0, firstValue -
    performance.getEntriesByType("navigation")[0].domContentLoadedEventStart)"""
STEP = """(steps) => {
    const slider = document.querySelector(".handle input[type=range]");
    slider.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true}));
    const times = Array.from({length: steps}, (_, i) => {
        slider.value = ((i * 37) % 200) / 100;
        const start = performance.now();
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        document.body.getBoundingClientRect();  // what has changed is laid out
        return performance.now() - start;
    });
    slider.dispatchEvent(new PointerEvent("pointerup", {bubbles: true}));
    return times;
}"""
# From the first work of a frame to the moment when the next task can run, painting included.
FRAMES = """() => {
    window.frames = [];
    window.drawing = true;
    const {port1, port2} = new MessageChannel();
    let moved = 0;
    addEventListener("pointermove", () => (moved ||= performance.now()), {capture: true});
    port1.onmessage = ({data}) => frames.push(performance.now() - data);
    const frame = () => {
        if (moved) port2.postMessage(moved);
        moved = 0;
        if (drawing) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


def load(browser: Browser, server: SiteServer, size: str) -> tuple[float, list[float]]:
    """Return the milliseconds to the first value, and of each step of a slider with layout."""
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    with new_context(browser, viewport=viewport) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(server.address(ADDRESS))
        page.wait_for_function("window.firstValue")
        page.locator("[data-place=W1_12]:visible").click()
        return page.evaluate(FIRST), page.evaluate(STEP, STEPS)


def drag(
    browser: Browser, server: SiteServer, size: str, what: str
) -> tuple[list[float], list[float]]:
    """Drag a number, and return the milliseconds of each frame: by the clock, and of work.

    By the clock the processor is slower, and whatever else the machine does counts. The work
    is the time that the page itself takes from the processor, times as much.
    """
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    with new_context(browser, viewport=viewport) as context:
        page = context.new_page()
        page.goto(server.address(ADDRESS))
        page.locator("[data-place=W1_12]:visible").click()
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def worked() -> float:
            metrics = session.send("Performance.getMetrics")["metrics"]
            found = {each["name"]: each["value"] for each in metrics}
            return float(found["TaskDuration"]) * 1000 * SLOWER

        work = move(page, what, worked)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.evaluate(FRAMES)
        move(page, what)
        page.evaluate("drawing = false")
        return list(page.evaluate("frames")), work


def move(page: Page, what: str, clock: Callable[[], float] = float) -> list[float]:
    """Take a slider's thumb or a number of the picture, move it to and fro, time each move."""
    box = page.locator(what).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    times = []
    for i in range(MOVES):
        start = clock()
        page.mouse.move(x + 60 - abs(i % 40 - 20) * 3, y)
        page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
        )
        times.append(clock() - start)
    page.mouse.up()
    return times


def summary(times: Sequence[float]) -> str:
    """Return median and 95th percentile, as two cells."""
    ordered = sorted(times)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{statistics.median(ordered):.1f} ms | {late:.1f} ms"


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("docs/_build/html"))
    site = parser.parse_args().site
    loads = [
        "| screen | first value after ready (≤ 100 ms) | slider step, median | 95th percentile |",
        "| --- | ---: | ---: | ---: |",
    ]
    drags = [
        f"| dragged, processor {SLOWER} times slower | frame, median (≤ 16 ms) "
        "| 95th percentile (≤ 33 ms) | work, median | 95th percentile |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    with running() as browser, serving(site) as server:
        for size in SIZES:
            found = [load(browser, server, size) for _ in range(LOADS)]
            first = statistics.median(one for one, _ in found)
            steps = [step for _, some in found for step in some]
            loads.append(f"| {size} | {first:.1f} ms | {summary(steps)} |")
            for name, what in (
                ("slider", ".handle input[type=range]"),
                ("number", "[data-place=W1_12]:visible"),
            ):
                frames, work = drag(browser, server, size, what)
                drags.append(
                    f"| {name}, {size} | {summary(frames)} | {summary(work)} |"
                )
    print("\n".join([*loads, "", *drags]))  # noqa: T201 - it is what was asked for


if __name__ == "__main__":
    main()
