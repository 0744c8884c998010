"""What the frames of a drag cost: by the clock, and in work of the page alone.

By the clock, the processor is slower, and whatever else the machine does counts. The work is the
time that the page's main thread takes from the processor, by a trace: another program does not
count. There is no graphics card here, so to raster is work of other threads, which is told apart.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

SLOWER = 4  # so many times slower is the processor of a phone
MOVES, RATE = 320, 60  # of the pointer, and how many a second
WARMING = 40  # moves until the program is compiled
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
KINDS = {
    "script": ("EventDispatch", "FunctionCall", "TimerFire", "FireAnimationFrame"),
    "style": ("UpdateLayoutTree",),
    "layout": ("Layout",),
    "paint": ("PrePaint", "Paint", "Layerize", "UpdateLayer", "Commit"),
}
STAMPS = """() => {
    window.stamps = [];
    requestAnimationFrame(function frame() {
        window.watching = requestAnimationFrame(frame);
        stamps.push(performance.now());
    });
}"""
Event = dict[str, Any]


class Work(NamedTuple):
    """Milliseconds of each frame's work, and of its kinds and the raster on average."""

    frames: list[float]
    kinds: dict[str, float]


def moved(page: Page, session: CDPSession, what: str, moves: int) -> None:
    """Take a slider's thumb or a number of the picture, and move it to and fro."""
    box = page.locator(what).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def send(kind: str, way: int, buttons: int) -> None:
        # Playwright's own `mouse` runs a script of its own with every move.
        event = {"type": kind, "x": x + way, "y": y, "button": "left"}
        session.send(
            "Input.dispatchMouseEvent", event | {"buttons": buttons, "clickCount": 1}
        )

    send("mouseMoved", 0, 0)
    send("mousePressed", 0, 1)
    start = time.perf_counter()
    for i in range(moves):
        send("mouseMoved", 60 - abs(i % 40 - 20) * 3, 1)
        time.sleep(max(0, start + (i + 1) / RATE - time.perf_counter()))
    send("mouseReleased", 0, 0)


def intervals(page: Page, session: CDPSession, what: str) -> list[float]:
    """Return the milliseconds from frame to frame during a drag, on a slower processor."""
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(STAMPS)
    moved(page, session, what, MOVES)
    stamps = page.evaluate("(cancelAnimationFrame(watching), stamps)")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [after - before for before, after in pairwise(stamps)]


def work(browser: Browser, page: Page, session: CDPSession, what: str) -> Work:
    """Return the work of a drag's frames, as on a slower processor."""
    moved(page, session, what, WARMING)
    browser.start_tracing(page=page, categories=CATEGORIES)
    moved(page, session, what, MOVES)
    return summed(json.loads(browser.stop_tracing())["traceEvents"])


def summed(events: Sequence[Event]) -> Work:
    """Sum up the work of a trace: a frame ends where the main thread commits it."""
    timed = [e for e in events if e.get("ph") == "X" and "tdur" in e]
    threads = Counter(thread(e) for e in timed if e["name"] == "Layout")
    ((main, _),) = threads.most_common(1)
    frames: list[float] = [0.0]
    for event in outermost(e for e in timed if thread(e) == main):
        frames[-1] += event["tdur"]
        if event["commits"]:
            frames.append(0.0)
    whole = frames[:-1]
    own = Counter[str]()
    for event in timed:
        if thread(event) == main and "own" in event:
            own[kind_of(event["name"])] += event["own"]
    raster = sum(e["tdur"] for e in timed if e["name"] == "RasterTask")
    scale = SLOWER / 1000
    kinds = {kind: own[kind] for kind in (*KINDS, "other")} | {"raster": raster}
    return Work(
        [frame * scale for frame in whole],
        {kind: time * scale / len(whole) for kind, time in kinds.items()},
    )


def thread(event: Event) -> tuple[int, int]:
    return event["pid"], event["tid"]


def kind_of(name: str) -> str:
    return next((kind for kind, names in KINDS.items() if name in names), "other")


def outermost(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the tasks of one thread, each with whether it commits a frame.

    Every event is told its own time, without that of the events within it.
    """
    tasks: list[Event] = []
    open_: list[Event] = []
    for event in sorted(events, key=lambda e: (e["tts"], -e["tdur"])):
        while open_ and open_[-1]["tts"] + open_[-1]["tdur"] <= event["tts"]:
            open_.pop()
        event |= {"own": event["tdur"], "commits": False}
        if open_:
            open_[-1]["own"] -= event["tdur"]
            open_[0]["commits"] |= event["name"] == "Commit"
        else:
            tasks.append(event)
        open_.append(event)
    yield from tasks


def summary(times: Sequence[float]) -> str:
    """Return median and 95th percentile, as two cells."""
    ordered = sorted(times)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{statistics.median(ordered):.1f} ms | {late:.1f} ms"
