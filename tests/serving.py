"""A server of files on this machine, for tests that download as readers and pip do."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that logs nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        pass


@contextmanager
def server() -> Iterator[tuple[ThreadingHTTPServer, str]]:
    """Yield a server on a port of this machine; each test sets the folder that it serves."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as serving:
        thread = Thread(target=serving.serve_forever)
        thread.start()
        yield serving, f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def serve(serving: ThreadingHTTPServer, folder: Path) -> None:
    serving.RequestHandlerClass = partial(Quiet, directory=str(folder))
