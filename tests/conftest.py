"""The site, built once for all tests that need it, in the folder of `nox -s docs`."""

import signal
from pathlib import Path

import pytest

from tests.site_builds import BUILT, build_in_place


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--site", type=Path, help="folder of a site that is built already")


def pytest_configure() -> None:
    """Hear SIGINT: a job in the background ignores it, and so would all that tests start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Path:
    given: Path | None = request.config.getoption("site")
    if given is None:
        build_in_place()
    return (given or BUILT).resolve()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that need the whole site, so that the numerical tests can run without it."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker("site")
