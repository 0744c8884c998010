"""One page, seen once: loaded by a browser that has never been here, and measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser

from tests.browser.accessibility import violations
from tests.browser.chromium import new_context
from tests.browser.site_server import SiteServer
from tests.browser.watch import watch

Theme = Literal["light", "dark"]
Landmark = Literal["banner", "contentinfo", "main", "search"]
WIDE, NARROW, NARROWEST = 1280, 390, 320
HEIGHT = 900
LANDMARKS: tuple[Landmark, ...] = ("banner", "contentinfo", "main", "search")
READING = Path(__file__).with_name("reading.js").read_text("utf-8")
WATCH_SHIFTS = """
    window.shifts = [];
    const name = ({node}) => {
        const holder = node?.parentElement?.closest("[id], [class]");
        const of = (e) => e && `${e.nodeName} ${e.id || e.className?.baseVal || e.className || ""}`;
        return `${of(node)} in ${of(holder)}`;
    };
    new PerformanceObserver((list) => {
      for (const {value, sources} of list.getEntries())
        window.shifts.push({value, moved: [...new Set(sources.map(name))]});
    }).observe({type: "layout-shift", buffered: true});
"""
SCROLL_THROUGH = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await document.fonts.ready;
    const end = document.documentElement.scrollHeight;
    for (let y = 0; y < end; y += innerHeight) { scrollTo(0, y); await frame(); }
    await frame(); scrollTo(0, 0); await frame(); await frame();
    // Furo's way back to the top fades once one is there.
    for (let n = 0; n < 60 && document.querySelector(".show-back-to-top"); n++) await frame();
    return window.shifts;
}"""


UNFOLD = """async () => {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame); // scripts see it
}"""


class View(NamedTuple):
    """A page as one reader sees it."""

    page: str
    theme: Theme = "light"
    width: int = WIDE

    def __str__(self) -> str:
        return f"{self.page} {self.theme} {self.width}"


@dataclass(frozen=True)
class Measurement:
    """What was seen; `reading.js` says what the fields of ``reading`` are."""

    view: View
    status: int
    size: int
    """Bytes transferred, heads included."""
    requests: list[str]
    other_hosts: list[str]
    failures: list[str]
    """Requests that failed or got an error, and what the console complained of."""
    shift: float
    """Layout shift (CLS), while loading and scrolling to the end."""
    shifts: list[dict[str, Any]]
    """Its parts, and what moved."""
    violations: list[str]
    """What axe-core finds, each as ``rule: element``."""
    landmarks: dict[Landmark, int]
    """How many of each kind assistive technology finds."""
    narrowest: int
    """The width that the page takes when the window has 320 pixels."""
    reading: dict[str, Any]


def measure(browser: Browser, server: SiteServer, view: View) -> Measurement:
    """Load a page with an empty cache and measure it.

    Parameters
    ----------
    browser
        Any browser.
    server
        The site, asked by nobody else meanwhile.
    view
        The page, the theme that the reader's system prefers, the width of the window.

    Returns
    -------
    Measurement
        What was seen.
    """
    server.served.clear()
    context = new_context(
        browser,
        viewport={"width": view.width, "height": HEIGHT},
        color_scheme=view.theme,
    )
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    other_hosts, failures = watch(page, server)
    response = page.goto(server.address(view.page))
    assert response is not None
    shifts = page.evaluate(SCROLL_THROUGH)
    page.evaluate(UNFOLD)  # the rest is seen so
    reading = page.evaluate(READING)
    broken = violations(page)
    landmarks = {role: page.get_by_role(role).count() for role in LANDMARKS}
    icons = ("/favicon.ico", reading["icon"])  # asked for once by each browser
    served = [each for each in server.served if each.path not in icons]
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    narrowest = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    wrong = [f"{each.status} {each.path}" for each in served if each.status != 200]
    return Measurement(
        view=view,
        status=response.status,
        size=sum(each.size for each in served),
        requests=[each.path for each in served],
        other_hosts=other_hosts,
        failures=failures + wrong,
        shift=sum(each["value"] for each in shifts),
        shifts=shifts,
        violations=broken,
        landmarks=landmarks,
        narrowest=narrowest,
        reading=reading,
    )
