"""Lighthouse's scores, from Node and the versions that `package-lock.json` pins."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.browser import chromium
from tests.browser.site_server import SiteServer

SCRIPT = Path(__file__).parent / "node" / "audit.mjs"
FLAGS = (*chromium.FLAGS, "--headless=new", "--no-sandbox")


class Audit(NamedTuple):
    """What Lighthouse says of a page."""

    page: str
    device: str
    """``mobile`` or ``desktop``."""
    scores: dict[str, int]
    """Points out of 100, by category."""
    lost: dict[str, str]
    """The audits that cost points."""


def audits(server: SiteServer, pages: Iterable[str]) -> Iterator[Audit]:
    """Audit pages one at a time, as a phone and as a desk computer.

    Parameters
    ----------
    server
        The site.
    pages
        Addresses.

    Yields
    ------
    Audit
        Two for each page, as soon as they are there.

    Raises
    ------
    RuntimeError
        If an audit does not come to an end.
    """
    of = {server.address(page): page for page in pages}
    command = ["node", str(SCRIPT), chromium.find(), json.dumps(FLAGS), *of]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            found: dict[str, Any] = json.loads(line)
            yield Audit(of[found.pop("address")], **found)
    if process.returncode:
        raise RuntimeError("Lighthouse did not come to an end")
