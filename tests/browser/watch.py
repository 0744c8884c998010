"""What a page asks of other hosts, and what goes wrong on it."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser.site_server import SiteServer

LEFT = "net::ERR_ABORTED"
"""The reader was gone before the answer came, as with an icon: nothing went wrong."""


def watch(page: Page, server: SiteServer) -> tuple[list[str], list[str]]:
    """Note what a page asks of other hosts, and what goes wrong on it.

    Parameters
    ----------
    page
        A page that has loaded nothing yet.
    server
        The only host that it may ask.

    Returns
    -------
    tuple
        Two lists that fill while the page is used.
    """
    other_hosts: list[str] = []
    failures: list[str] = []

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != server.host:
            other_hosts.append(request.url)

    def said(message: ConsoleMessage) -> None:
        # An answer such as 404 is in what the server has noted.
        if message.type in ("error", "warning") and "status of" not in message.text:
            failures.append(f"console: {message.text}")

    def failed(request: Request) -> None:
        if request.failure != LEFT:
            failures.append(f"failed: {request.url}")

    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("console", said)
    page.on("pageerror", lambda error: failures.append(f"error: {error}"))
    return other_hosts, failures
