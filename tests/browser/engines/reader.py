"""A reader with a browser of another engine: opens pages, looks, clicks, drags and types."""

import json
import os
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.browser.chromium import PATIENCE
from tests.browser.measurement import HEIGHT, WIDE
from tests.browser.site_server import SiteServer

Answer = TypeVar("Answer")
LEFT_OUT = "none"
SECONDS = PATIENCE / 1000
WATCH = Path(__file__).with_name("watch.js").read_text("utf-8")
# A page's own policy lets none of its strings be run, so a program comes as a function.
PROGRAM = """async (given) => {{
    try {{
        return JSON.stringify({{value: await ({function})(...JSON.parse(given))}});
    }} catch (error) {{
        return JSON.stringify({{error: `${{error}}`}});
    }}
}}"""
WAIT = """async (ends) => {{
    while (!({condition})) {{
        if (Date.now() > ends) throw Error("waited in vain");
        await new Promise((done) => setTimeout(done, 20));
    }}
}}"""
MIDDLE = """(selector) => {
    const seen = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
    if (!seen) throw Error(`nothing in sight is ${selector}`);
    seen.scrollIntoView({block: "center", behavior: "instant"});
    const {left, top, width, height} = seen.getBoundingClientRect();
    return [Math.round(left + width / 2), Math.round(top + height / 2)];
}"""
COLOURS = """async (picture, points) => {
    const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt());
    const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return points.map(([x, y]) => [...canvas.getImageData(x, y, 1, 1).data].slice(0, 3));
}"""
KEYS = {"Enter": "\ue007", "ArrowRight": "\ue014", "ArrowLeft": "\ue012"}


class EngineError(RuntimeError):
    """A browser or a page did not do what it was asked for; the message is theirs."""


class Reader(ABC):
    """One window; pointers and keys are those of the system, not events that a script makes."""

    def __init__(self, server: SiteServer) -> None:
        self.server = server

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the window this room for pages."""

    @abstractmethod
    def visit(self, address: str) -> None:
        """Go to an address and wait until the page is loaded."""

    @abstractmethod
    def call(self, function: str, given: str) -> str:
        """Run an asynchronous function of a text in the page and return its text."""

    @abstractmethod
    def act(self, *sources: dict[str, Any]) -> None:
        """Move pointer and keys, as both protocols describe it."""

    @abstractmethod
    def picture(self) -> bytes:
        """Take a screenshot, as PNG."""

    def open(self, page: str, width: int = WIDE) -> None:
        """Open a page of the site in a window of some width."""
        self.resize(width, HEIGHT)
        self.server.served.clear()
        self.visit(self.server.address(page))
        found = self.run("() => innerWidth")
        if found != width:
            raise EngineError(f"the window is {found} pixels wide, not {width}")

    def run(self, function: str, *arguments: Any) -> Any:
        """Run a function in the page, and wait for what it promises."""
        program = PROGRAM.format(function=function)
        answer = json.loads(self.call(program, json.dumps(arguments)))
        if "error" in answer:
            raise EngineError(f"{answer['error']}, in {function} of {arguments}")
        return answer.get("value")

    def wait(self, condition: str) -> Any:
        """Wait until an expression is true in the page, or in the one it leads to."""
        ends, is_true = time.time() + SECONDS, WAIT.format(condition=condition)
        while True:
            try:
                return self.run(is_true, ends * 1000)
            except EngineError as error:
                if "no such frame" not in str(error) or time.time() > ends:
                    raise

    def text(self, selector: str) -> str:
        """Read what stands in the first element of a kind."""
        return str(self.run("(s) => document.querySelector(s).textContent", selector))

    def click(self, selector: str) -> None:
        """Press the button of the mouse in the middle of what is in sight."""
        self.drag(selector, 0)

    def drag(self, selector: str, pixels: int) -> None:
        """Press there, pull to the right, and let go."""
        x, y = self.run(MIDDLE, selector)
        moves = [{"type": "pointerMove", "x": x, "y": y}]
        if pixels:
            moves.append({"type": "pointerMove", "x": x + pixels, "y": y})
        down, up = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        actions = [moves[0], down, *moves[1:], up]
        self.act({"type": "pointer", "id": "mouse", "actions": actions})

    def press(self, *keys: str) -> None:
        """Press keys one after the other, such as ``"a"`` or ``"Enter"``."""
        values = [KEYS.get(key, key) for key in keys]
        ways = [
            {"type": f"key{way}", "value": value}
            for value in values
            for way in ("Down", "Up")
        ]
        self.act({"type": "key", "id": "keys", "actions": ways})

    def fill(self, selector: str, text: str) -> None:
        """Type into a box what shall stand there."""
        self.click(selector)
        self.run("() => document.activeElement.select()")
        self.press(*text)

    def colours(self, points: list[tuple[float, float]]) -> list[list[int]]:
        """Read red, green and blue of what is seen at points of the window."""
        self.run("() => new Promise(requestAnimationFrame)")
        return list(self.run(COLOURS, b64encode(self.picture()).decode(), points))

    def complaints(self) -> list[str]:
        """List what the page complained of, and what the server did not have."""
        bad = [
            f"{each.status} {each.path}"
            for each in self.server.served
            if each.status >= 400
        ]
        return [*self.run("() => window.complaints"), *bad]


def program(variable: str, names: tuple[str, ...], how: str) -> str | None:
    """Find a program by an environment variable, else on the path; None if it is left out."""
    wanted = os.environ.get(variable)
    if wanted == LEFT_OUT:
        return None
    for name in [wanted] if wanted else names:
        if found := shutil.which(name):
            return found
    raise SystemExit(how)


@contextmanager
def started(
    *command: str,
    env: dict[str, str] | None = None,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program quietly for as long as the block runs."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdout=quiet, stderr=quiet, env=env, pass_fds=pass_fds
    ) as running:
        try:
            yield running
        finally:
            running.terminate()


def when_ready(
    ask: Callable[[], Answer | None], running: subprocess.Popen[bytes]
) -> Answer:
    """Ask again and again, until a program that was started has an answer."""
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends and running.poll() is None:
        if (answer := ask()) is not None:
            return answer
        time.sleep(0.02)
    raise EngineError(f"{running.args!r} did not start; it ended with {running.poll()}")
