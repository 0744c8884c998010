"""The site, built once for all tests that look at it."""

from pathlib import Path

import pytest

from tests.site_builds import build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("project"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the whole site, so that the numerical tests can go without."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker("site")
