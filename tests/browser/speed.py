"""How fast the explorer answers: ``python -m tests.browser.speed --site docs/_build/html``."""

import argparse
import statistics
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.chromium import new_context, running
from tests.browser.explorer import ADDRESS, LESSON_PAGE
from tests.browser.site_server import SiteServer, serving

LOADS, STEPS = 9, 300
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
    const sliders = [...document.querySelectorAll(".explorer input[type=range]")];
    document.querySelector("[data-place=x1]").dispatchEvent(new Event("click", {bubbles: true}));
    return Array.from({length: steps}, (_, i) => {
        const slider = sliders[i % sliders.length];
        slider.value = ((i * 37) % 200) / 100;
        const start = performance.now();
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        document.body.getBoundingClientRect();  // what has changed is laid out
        return performance.now() - start;
    });
}"""


def measure(
    browser: Browser, server: SiteServer, page_name: str
) -> tuple[float, float]:
    """Return the median milliseconds to the first value, and of a slider's step with layout."""
    first, steps = [], []
    for _ in range(LOADS):
        with new_context(browser) as context:
            page = context.new_page()
            page.add_init_script(WATCH)
            page.goto(server.address(page_name))
            page.wait_for_function("window.firstValue")
            first.append(page.evaluate(FIRST))
            steps += page.evaluate(STEP, STEPS)
    return statistics.median(first), statistics.median(steps)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("docs/_build/html"))
    site = parser.parse_args().site
    lines = [
        "| page | first value after ready (≤ 100 ms) | slider step (< 16 ms) |",
        "| --- | ---: | ---: |",
    ]
    with running() as browser, serving(site) as server:
        for name in (ADDRESS, LESSON_PAGE):
            first, step = measure(browser, server, name)
            lines.append(f"| {name} | {first:.1f} ms | {step:.2f} ms |")
    print("\n".join(lines))  # noqa: T201 - it is what was asked for


if __name__ == "__main__":
    main()
