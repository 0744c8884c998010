"""The built site, its server, the browser, its readers, and every page measured once."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser import chromium, explorer, measurement
from tests.browser.chromium import new_context
from tests.browser.measurement import HEIGHT, NARROW, WIDE, Measured, Measurement, View
from tests.browser.modules import Modules
from tests.browser.site_server import SiteServer, serving
from tests.browser.worksheet import Worksheet
from tests.site_builds import BUILT

LESSONS = ("tutorials/", "exercises/")
sys.path.insert(0, str(Path(__file__).parents[2] / "docs/_ext"))  # for `course`


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
    pages = measurement.addresses(site_of(metafunc.config))
    wide, narrow = ([View(page, width) for page in pages] for width in (WIDE, NARROW))
    views = {"seen": [*wide, *narrow], "wide": wide, "narrow": narrow}
    for name in views.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, views[name], ids=str, indirect=True)
    if "each_page" in metafunc.fixturenames:
        metafunc.parametrize("each_page", pages)
    if "lesson" in metafunc.fixturenames:
        lessons = [page for page in pages if page.startswith(LESSONS)]
        metafunc.parametrize("lesson", lessons, scope="session")


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
    return measurement.start(site, dict.fromkeys(chosen))


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


def reader(browser: Browser, **options: Any) -> Iterator[Page]:
    size: Any = {"width": WIDE, "height": HEIGHT}
    with new_context(browser, viewport=size, **options) as context:
        yield context.new_page()


@pytest.fixture
def trouble() -> list[str]:
    """What goes wrong on `page`; a test that lets something go wrong clears it."""
    return []


@pytest.fixture
def page(browser: Browser, server: SiteServer, trouble: list[str]) -> Iterator[Page]:
    """A new reader with a light screen of 1280 pixels, who wants nothing to move."""
    for page in reader(browser, reduced_motion="reduce"):
        measurement.watch(page, server, trouble)
        yield page
        assert trouble == []


@pytest.fixture(scope="session")
def desk(browser: Browser) -> Iterator[Page]:
    """A reader who is used to the site; tests leave nothing behind."""
    yield from reader(browser)


@pytest.fixture(scope="session")
def plain(browser: Browser) -> Iterator[Page]:
    """A reader whose JavaScript is switched off."""
    yield from reader(browser, java_script_enabled=False)


@pytest.fixture(scope="session")
def modules(browser: Browser, server: SiteServer) -> Iterator[Modules]:
    for page in reader(browser):
        yield Modules(page, server)


@pytest.fixture
def explore(page: Page, server: SiteServer) -> Callable[..., Locator]:
    """Open the explorer's own page in some state."""
    return lambda fragment="": explorer.opened(page, server, fragment)


@pytest.fixture
def sheet(page: Page, server: SiteServer) -> Worksheet:
    return Worksheet(page, server)


@pytest.fixture(scope="module")
def measuring(browser: Browser) -> Iterator[Page]:
    """A reader into whose pages the tests' own programs are let."""
    with new_context(browser, bypass_csp=True) as context:
        yield context.new_page()
