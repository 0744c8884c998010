"""WebKitGTK through the driver that comes with it, in a screen that nobody sees."""

import json
import os
import shutil
import socket
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.browser.chromium import PATIENCE
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
    "No WebKit was found. Install its driver and a screen for it, on Debian with `apt-get "
    "install webkit2gtk-driver xvfb`, or set WEBKIT to the path of WebKitWebDriver; WEBKIT=none "
    "leaves it out, where it cannot be had, as on macOS."
)
# Else the tools above a page would keep the window wider than a phone.
NARROW_TOOLS = "* { border: 0; margin: 0; min-width: 0; padding: 0; }"
SCREEN = "1400x1100x24"


def find() -> str | None:
    """Return the path of WebKit's driver; None if it is left out."""
    found = program("WEBKIT", ("WebKitWebDriver",), HOW_TO_GET_ONE)
    if found and not shutil.which("Xvfb"):
        raise SystemExit(HOW_TO_GET_ONE)
    return found


class WebKit(Reader):
    """A window, and the driver's address of it."""

    def __init__(self, server: SiteServer, port: int) -> None:
        super().__init__(server)
        self.driver = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self.session = ""
        timeouts = {"script": PATIENCE, "pageLoad": PATIENCE}
        wanted = {"alwaysMatch": {"timeouts": timeouts}}
        self.session = f"/{self.ask('', capabilities=wanted)['sessionId']}"

    def ask(self, command: str, method: str = "POST", **parameters: Any) -> Any:
        """Send one command and return its result."""
        body = json.dumps(parameters) if method == "POST" else None
        self.driver.request(method, f"/session{self.session}{command}", body)
        with self.driver.getresponse() as response:
            answer = json.load(response)["value"]
        if response.status != 200:
            raise EngineError(f"{answer['error']}: {answer['message']}")
        return answer

    def resize(self, width: int, height: int) -> None:
        self.ask("/window/rect", x=0, y=0, width=width, height=height)

    def visit(self, address: str) -> None:
        self.ask("/url", url=address)

    def call(self, function: str, given: str) -> str:
        script = f"({function})(arguments[0]).then(arguments[1])"
        return str(self.ask("/execute/async", script=script, args=[given]))

    def act(self, *sources: dict[str, Any]) -> None:
        self.ask("/actions", actions=[*sources])

    def picture(self) -> bytes:
        return b64decode(self.ask("/screenshot", "GET"))

    def close(self) -> None:
        """End the browser, which the driver has started."""
        self.ask("", "DELETE")
        self.driver.close()


@contextmanager
def screen() -> Iterator[str]:
    """Run a screen of its own, and return its name."""
    reads, writes = os.pipe()
    told = ("-displayfd", str(writes))
    with (
        started("Xvfb", "-screen", "0", SCREEN, *told, pass_fds=(writes,)),
        os.fdopen(reads) as answer,
    ):
        os.close(writes)
        yield f":{answer.readline().strip()}"


@contextmanager
def running(server: SiteServer) -> Iterator[Reader]:
    """Run a WebKit that knows of no page yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def answers() -> bool | None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return None
        return True

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, screen() as display:
        for toolkit in ("gtk-3.0", "gtk-4.0"):
            style = Path(folder, toolkit, "gtk.css")
            style.parent.mkdir()
            style.write_text(NARROW_TOOLS, "utf-8")
        seen = {"DISPLAY": display, "XDG_CONFIG_HOME": folder, "GDK_BACKEND": "x11"}
        command = (str(find()), f"--port={port}")
        with started(*command, env=os.environ | seen) as driver:
            when_ready(answers, driver)
            reader = WebKit(server, port)
            yield reader
            reader.close()
