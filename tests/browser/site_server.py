"""Serves a built site on this machine, and remembers what was asked and what it weighed."""

import gzip
import mimetypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

GZIP_LEVEL = 6  # what most hosts use
PIECES = 8  # of a page that comes slowly
TEXT_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml")
TYPES = {
    ".ipynb": "application/json",
    ".woff2": "font/woff2",
    ".whl": "application/zip",
}


class Served(NamedTuple):
    """A request that was answered, and the bytes it cost: head and body, as transferred."""

    path: str
    status: int
    size: int


class SiteServer(ThreadingHTTPServer):
    """A folder as a static host would serve it: compressed, with its own page for errors.

    It lies under a prefix, such as ``/gradients``, and pauses for some seconds between the
    pieces of a page for the reader with a slow line. It may put a program before all others.
    """

    daemon_threads = True

    def __init__(
        self, site: Path, prefix: str = "", pause: float = 0.0, first: str = ""
    ) -> None:
        self.site, self.prefix, self.pause = site.resolve(), prefix, pause
        self.first = f"<script>{first}</script>".encode() if first else b""
        self.served: list[Served] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def address(self, page: str) -> str:
        return f"http://{self.host}{self.prefix}/{page}"

    def find(self, target: str) -> Path | None:
        """Find the file of an address; None if there is none, or if it leaves the site."""
        path = unquote(urlsplit(target).path)
        if not path.startswith(f"{self.prefix}/"):
            return None
        file = (self.site / path.removeprefix(self.prefix).lstrip("/")).resolve()
        if file.is_dir():
            file /= "index.html"
        return file if file.is_file() and file.is_relative_to(self.site) else None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that closes while it is being answered."""


class Handler(BaseHTTPRequestHandler):
    """Answers one browser."""

    protocol_version = "HTTP/1.1"
    server: SiteServer
    _headers_buffer: list[bytes]

    def do_GET(self) -> None:
        file, status = self.server.find(self.path), 200
        if file is None:
            file, status = self.server.site / "404.html", 404
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        kind = kind or "application/octet-stream"
        body = file.read_bytes() if file.is_file() else b"There is no such page."
        if kind == "text/html":
            body = body.replace(b"<head>", b"<head>" + self.server.first, 1)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        # As README has it: a font may be kept, so a page that uses it twice asks once.
        kept = "max-age=604800" if file.suffix == ".woff2" else "no-store"
        self.send_header("Cache-Control", kept)
        in_pieces = self.server.pause > 0 and kind == "text/html"
        understood = self.headers.get("Accept-Encoding", "")
        if kind.startswith(TEXT_TYPES) and "gzip" in understood and not in_pieces:
            body = compressed(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        head = sum(map(len, self._headers_buffer)) + len("\r\n")
        # It is noted before it is read.
        self.server.served.append(Served(self.path, status, head + len(body)))
        self.end_headers()
        piece = len(body) // PIECES + 1 if in_pieces else len(body) or 1
        for start in range(0, len(body), piece):
            time.sleep(self.server.pause if start else 0)
            self.wfile.write(body[start : start + piece])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Keep quiet: what was served is in ``served``."""


@lru_cache(maxsize=256)
def compressed(body: bytes) -> bytes:
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


@contextmanager
def serving(
    site: Path, prefix: str = "", pause: float = 0.0, first: str = ""
) -> Iterator[SiteServer]:
    """Serve a site on a free port for as long as the block runs."""
    with SiteServer(site, prefix, pause, first) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
