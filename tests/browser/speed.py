"""How fast the explorer answers: ``python -m tests.browser.speed --site docs/_build/html``."""

import argparse
import statistics
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.chromium import new_context, running
from tests.browser.explorer import ADDRESS
from tests.browser.frames import SLOWER, Work, intervals, summary, work
from tests.browser.site_server import SiteServer, serving

LOADS, STEPS = 9, 300
DRAGGED = {
    "slider": ".handle input[type=range]",
    "number": "[data-place=W1_12]:visible",
}
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
) -> tuple[list[float], Work]:
    """Drag a number twice: with a slower processor by the clock, and for its work."""
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    with new_context(browser, viewport=viewport) as context:
        page = context.new_page()
        page.goto(server.address(ADDRESS))
        page.locator("[data-place=W1_12]:visible").click()
        session = context.new_cdp_session(page)
        done = work(browser, page, session, what)
        return intervals(page, session, what), done


def main() -> None:
    """Print three tables, the last two of as many sites as are given, measured in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--site", type=Path, nargs="+", default=[Path("docs/_build/html")]
    )
    sites = parser.parse_args().site
    loads = [
        "| screen | first value after ready (≤ 100 ms) | slider step, median | 95th percentile |",
        "| --- | ---: | ---: | ---: |",
    ]
    drags = [
        f"| dragged, processor {SLOWER} times slower | frame to frame, median (≤ 16.7 ms) "
        "| 95th percentile (≤ 33.4 ms) | main thread's work, median (≤ 16 ms) "
        "| 95th percentile (≤ 33 ms) |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    parts = []
    with running() as browser, ExitStack() as stack:
        servers = [stack.enter_context(serving(site)) for site in sites]
        for size in SIZES:
            found = [load(browser, servers[-1], size) for _ in range(LOADS)]
            first = statistics.median(one for one, _ in found)
            steps = [step for _, some in found for step in some]
            loads.append(f"| {size} | {first:.1f} ms | {summary(steps)} |")
            for name, what in DRAGGED.items():
                for site, server in zip(sites, servers, strict=True):
                    title = f"{name}, {size}" + f", {site}" * (len(sites) > 1)
                    frames, done = drag(browser, server, size, what)
                    drags.append(
                        f"| {title} | {summary(frames)} | {summary(done.frames)} |"
                    )
                    cells = " | ".join(f"{each:.1f} ms" for each in done.kinds.values())
                    parts.append(f"| {title} | {cells} |")
        head = f"| work of a frame, on average | {' | '.join(done.kinds)} |"
        parts = [head, f"| --- |{' ---: |' * len(done.kinds)}", *parts]
    print("\n".join([*loads, "", *drags, "", *parts]))  # noqa: T201 - it was asked for


if __name__ == "__main__":
    main()
