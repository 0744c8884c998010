"""Firefox through WebDriver BiDi, which it speaks itself: no other program is needed."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.browser.engines.reader import (
    SECONDS,
    EngineError,
    Reader,
    program,
    started,
    when_ready,
)
from tests.browser.site_server import SiteServer

HOW_TO_GET_ONE = (
    "No Firefox was found. Install one, on Debian with `apt-get install firefox-esr`, or set "
    "FIREFOX to its path; FIREFOX=none leaves it out."
)
# Nothing moves, and no other host is reached.
SETTINGS = """\
user_pref("ui.prefersReducedMotion", 1);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
"""


def find() -> str | None:
    """Return Firefox's path; None if it is left out."""
    return program("FIREFOX", ("firefox-esr", "firefox"), HOW_TO_GET_ONE)


class Firefox(Reader):
    """A tab, and the connection to it."""

    def __init__(self, server: SiteServer, socket: ClientConnection) -> None:
        super().__init__(server)
        self.socket, self.asked = socket, 0
        self.ask("session.new", capabilities={})
        self.tab = {
            "context": self.ask("browsingContext.getTree")["contexts"][0]["context"]
        }

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its result."""
        self.asked += 1
        command = {"id": self.asked, "method": method, "params": parameters}
        self.socket.send(json.dumps(command))
        answer: dict[str, Any] = {}
        while answer.get("id") != self.asked:  # others are events
            answer = json.loads(self.socket.recv(SECONDS))
        if answer["type"] == "error":
            raise EngineError(f"{answer['error']}: {answer['message']}")
        return dict(answer["result"])

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", **self.tab, viewport=size)

    def visit(self, address: str) -> None:
        self.ask("browsingContext.navigate", **self.tab, url=address, wait="complete")

    def call(self, function: str, given: str) -> str:
        found = self.ask(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": given}],
            target=self.tab,
            awaitPromise=True,
        )
        return str(found["result"]["value"])

    def act(self, *sources: dict[str, Any]) -> None:
        self.ask("input.performActions", **self.tab, actions=[*sources])

    def picture(self) -> bytes:
        return b64decode(
            self.ask("browsingContext.captureScreenshot", **self.tab)["data"]
        )


@contextmanager
def running(server: SiteServer) -> Iterator[Reader]:
    """Run a Firefox without a window, which knows of no page yet."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        (profile / "user.js").write_text(SETTINGS, "utf-8")
        told = profile / "WebDriverBiDiServer.json"
        command = (str(find()), "--headless", "--no-remote", "--profile", folder)

        def port() -> int | None:
            text = told.read_text("utf-8") if told.exists() else ""
            return json.loads(text)["ws_port"] if text else None

        with started(*command, "--remote-debugging-port", "0") as firefox:
            address = f"ws://127.0.0.1:{when_ready(port, firefox)}/session"
            with connect(
                address, max_size=None, open_timeout=SECONDS, proxy=None
            ) as socket:
                yield Firefox(server, socket)
