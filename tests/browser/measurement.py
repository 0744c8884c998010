"""Every page, seen once on a desk and once on a phone, by as many browsers as there are cores."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.browser.chromium import new_context, running
from tests.browser.site_server import SiteServer, serving

Theme = Literal["light", "dark"]
Landmark = Literal["banner", "contentinfo", "main", "search"]
WIDE, NARROW, NARROWEST = 1280, 390, 320
HEIGHT = 900
THEMES: dict[int, tuple[Theme, Theme]] = {
    WIDE: ("light", "dark"),
    NARROW: ("dark", "light"),
}
"""The theme that a page is loaded in, and the other one that it is switched to."""
LANDMARKS: tuple[Landmark, ...] = ("banner", "contentinfo", "main", "search")
READING, FIRST_SIGHT, PALE, CROWDED = (
    Path(__file__).with_name(name).read_text("utf-8")
    for name in ("reading.js", "first_sight.js", "contrast.js", "geometry.js")
)
LEFT = "net::ERR_ABORTED"
"""The reader was gone before the answer came, as with an icon: nothing went wrong."""
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
# Colours are judged when they are there: what is unfolded may fade in.
COLOUR = """(within, name) => {
    const probe = within.appendChild(document.createElement("i"));
    probe.style.color = `var(--figure-${name})`;
    const {color} = getComputedStyle(probe);
    probe.remove();
    return color;
}"""
RUN_AXE = """async ([part, but, options]) => {
    document.getAnimations().forEach((animation) => animation.finish());
    const [within, without] = [part ?? "html", but.map((each) => [each])];
    const {violations} = await axe.run({include: [[within]], exclude: without}, options);
    return violations.flatMap(({id, nodes}) =>
        nodes.map(({target}) => `${id}: ${target.join(" ")}`));
}"""
SPACED = """
    * { letter-spacing: 0.12em !important; line-height: 1.5 !important;
        word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }
"""
"""What a reader may set, by WCAG 1.4.12, without losing anything."""
PAPER = 718
"""The width in pixels of what is printed on A4."""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that theme by theme may find something else."""
MEASURED = ("math", "pre")
"""Parts whose thousands of colours `too_pale` measures, twenty times as fast as axe-core."""
ONLY_NARROW = ".mobile-header, .content-icon-container"
"""What is seen on a phone alone: the colours of all else are those of a desk."""


class View(NamedTuple):
    """A page in a window of some width."""

    page: str
    width: int = WIDE

    def __str__(self) -> str:
        return f"{self.page} {self.width}"


@dataclass(frozen=True)
class Measurement:
    """What was seen; `first_sight.js` and `reading.js` name the fields of two of its parts."""

    view: View
    status: int
    size: int  # bytes transferred, heads included
    requests: list[str]
    trouble: list[str]  # other hosts, failed or bad answers, complaints of the console
    shifts: list[
        dict[str, Any]
    ]  # while loading and scrolling: how much, and what moved
    violations: list[str]  # "theme, rule: element"
    landmarks: dict[Landmark, int]  # how many assistive technology finds
    narrowest: int  # the width that the page takes in a window of 320 pixels
    pale: list[
        str
    ]  # text and controls of too little contrast, in both themes; on a desk
    crowded: list[str]  # text on other text, or cut off: on paper, or spaced on a phone
    first_sight: dict[str, Any]
    reading: dict[str, Any]
    plain_text: str | None  # without JavaScript; on a desk alone


def colour(within: Locator, name: str) -> str:
    """Return a colour of figures, such as "wrong", as a computed style has it."""
    return str(within.evaluate(COLOUR, name))


def violations(
    page: Page, part: str | None = None, but: Iterable[str] = (), **options: Any
) -> list[str]:
    """Check a page, or a part, by axe-core's rules, best practices too, and size of targets."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE_SCRIPT)
    # WCAG 2.2 asks for 24 pixels, and Lighthouse counts it; axe-core has it off by default.
    rules = {"target-size": {"enabled": True}} | options.pop("rules", {})
    options |= {"resultTypes": ["violations"], "preload": False, "rules": rules}
    return list(page.evaluate(RUN_AXE, [part, [*but], options]))


def violations_in_both_themes(page: Page, *, width: int, part: str | None) -> list[str]:
    """Check a page, or a part, in the first theme of its width, and the colours in both."""
    found = []
    off = {rule: {"enabled": False} for rule in COLOURS}
    coloured = part or (ONLY_NARROW if width == NARROW else None)
    for theme in THEMES[width]:
        page.emulate_media(color_scheme=theme)
        colours = violations(page, coloured, MEASURED, runOnly=[*COLOURS])
        found += [f"{theme}, {each}" for each in colours]
    return found + violations(page, part, rules=off)


def too_pale(page: Page) -> list[str]:
    """Measure the contrast of all text, and of the edges of boxes and buttons, in both themes."""
    found = []
    for theme in THEMES[WIDE]:
        page.emulate_media(color_scheme=theme)
        page.evaluate("document.getAnimations().forEach((each) => each.finish())")
        found += [f"{theme}, {each}" for each in page.evaluate(PALE)]
    return found


def crowded(page: Page, width: int) -> list[str]:
    """Find text without room where a page is printed, or where a phone's reader spaces it."""
    if width == WIDE:
        page.set_viewport_size({"width": PAPER, "height": HEIGHT})
        page.emulate_media(media="print")
    else:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.add_style_tag(content=SPACED)
    return list(page.evaluate(CROWDED))


def watch(page: Page, server: SiteServer, trouble: list[str]) -> None:
    """Note what a new page will ask of other hosts, and what will go wrong on it."""

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "file") and parts.netloc != server.host:
            trouble.append(f"other host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        # An answer such as 404 is in what the server has noted.
        if message.type in ("error", "warning") and "status of" not in message.text:
            trouble.append(f"console: {message.text}")

    def failed(request: Request) -> None:
        if request.failure != LEFT:
            trouble.append(f"failed: {request.url}")

    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("console", said)
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))


def measure(browser: Browser, server: SiteServer, view: View) -> Measurement:
    """Load a page with an empty cache, from a server that nobody else asks, and measure it."""
    server.served.clear()
    size = {"width": view.width, "height": HEIGHT}
    address = server.address(view.page)
    with new_context(
        browser, viewport=size, color_scheme=THEMES[view.width][0]
    ) as context:
        page = context.new_page()
        page.add_init_script(WATCH_SHIFTS)
        trouble: list[str] = []
        watch(page, server, trouble)
        response = page.goto(address)
        assert response is not None
        shifts = page.evaluate(SCROLL_THROUGH)
        first_sight = page.evaluate(FIRST_SIGHT)
        page.evaluate(UNFOLD)  # the rest is seen so
        reading = page.evaluate(READING)
        broken = violations_in_both_themes(page, width=view.width, part=None)
        landmarks = {role: page.get_by_role(role).count() for role in LANDMARKS}
        icons = ("/favicon.ico", reading["icon"])  # asked for once by each browser
        served = [each for each in server.served if each.path not in icons]
        pale = too_pale(page) if view.width == WIDE else []
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        narrowest = page.evaluate("document.documentElement.scrollWidth")
        without_room = crowded(page, view.width)
    wrong = [f"{each.status} {each.path}" for each in served if each.status != 200]
    return Measurement(
        view=view,
        status=response.status,
        size=sum(each.size for each in served),
        requests=[each.path for each in served],
        trouble=trouble + wrong,
        shifts=shifts,
        violations=broken,
        landmarks=landmarks,
        narrowest=narrowest,
        pale=pale,
        crowded=without_room,
        first_sight=first_sight,
        reading=reading,
        plain_text=text_without_scripts(browser, address)
        if view.width == WIDE
        else None,
    )


def text_without_scripts(browser: Browser, address: str) -> str:
    """Read the text of a page in a browser whose JavaScript is switched off."""
    with new_context(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        return str(page.evaluate(READING)["text"])


def addresses(site: Path) -> list[str]:
    """List the pages of a built site, such as ``tutorials/01_pen_and_paper.html``."""
    pages = (page.relative_to(site) for page in site.rglob("*.html"))
    return sorted(page.as_posix() for page in pages if page.parts[0] != "_static")


Measured = dict[View, "Future[Measurement]"]
Jobs = SimpleQueue[tuple[View, "Future[Measurement]"]]


def start(site: Path, wanted: Iterable[View]) -> Measured:
    """Start to measure in the background; what is wanted first is ready first."""
    measured: Measured = {view: Future() for view in wanted}
    jobs: Jobs = SimpleQueue()
    for job in measured.items():
        jobs.put(job)
    for _ in range(min(os.cpu_count() or 1, 4, len(measured))):
        Thread(target=work, args=(site, jobs), daemon=True).start()
    return measured


def work(site: Path, jobs: Jobs) -> None:
    """Measure until nothing is left, with a browser and a server of one's own."""
    # Whatever goes wrong is raised anew where the result is read.
    try:
        with running() as browser, serving(site) as server:
            for view, future in remaining(jobs):
                try:
                    future.set_result(measure(browser, server, view))
                except Exception as error:
                    future.set_exception(error)
    except Exception as error:  # there is no browser at all
        for _, future in remaining(jobs):
            future.set_exception(error)


def remaining(jobs: Jobs) -> Iterator[tuple[View, "Future[Measurement]"]]:
    """Return jobs that nobody else does, one after the other."""
    while True:
        try:
            yield jobs.get_nowait()
        except Empty:
            return
