"""The built site, its server, the browser, and every page measured once."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import all_pages, chromium
from tests.browser.chromium import new_context
from tests.browser.course_modules import Modules
from tests.browser.measurement import NARROW, WIDE, Measurement, View
from tests.browser.site_server import SiteServer, serving
from tests.site_builds import BUILT

LESSONS = ("tutorials/", "exercises/")
Measured = dict[View, "Future[Measurement]"]


def site_of(config: pytest.Config) -> Path:
    site: Path = config.getoption("site") or BUILT
    return site.resolve()


def pytest_configure(config: pytest.Config) -> None:
    site = site_of(config)
    if not (site / "index.html").is_file():
        raise pytest.UsageError(f"there is no site in {site}; `nox -s docs` builds it")
    try:
        chromium.find()
    except SystemExit as error:
        raise pytest.UsageError(str(error)) from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test every page, so that a failure names the page it was found on."""
    pages = all_pages.addresses(site_of(metafunc.config))
    wanted: dict[str, list[View] | list[str]] = {
        "seen": all_pages.views(pages),
        "wide": [View(page, width=WIDE) for page in pages],
        "narrow": [View(page, width=NARROW) for page in pages],
        "lesson": [page for page in pages if page.startswith(LESSONS)],
    }
    for name in wanted.keys() & set(metafunc.fixturenames):
        indirect = name in ("seen", "wide", "narrow")
        metafunc.parametrize(name, wanted[name], ids=str, indirect=indirect)


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Path:
    return site_of(request.config)


@pytest.fixture(scope="session")
def measured(request: pytest.FixtureRequest, site: Path) -> Measured:
    """Measure what the chosen tests look at, in the order in which they do."""
    chosen = [
        view
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        for view in item.callspec.params.values()
        if isinstance(view, View)
    ]
    return all_pages.start(site, dict.fromkeys(chosen))


def look_up(request: pytest.FixtureRequest, measured: Measured) -> Measurement:
    return measured[request.param].result()


seen = pytest.fixture(look_up, name="seen")
wide = pytest.fixture(look_up, name="wide")
narrow = pytest.fixture(look_up, name="narrow")


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[SiteServer]:
    with serving(site) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.running() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new reader with a light screen of 1280 pixels, who wants nothing to move."""
    with new_context(
        browser, viewport={"width": WIDE, "height": 900}, reduced_motion="reduce"
    ) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def modules(browser: Browser, server: SiteServer) -> Iterator[Modules]:
    with new_context(browser) as context:
        yield Modules(context.new_page(), server)
