"""Two clean builds of one commit are the same site, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.site_builds import build, contents, differences


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build once more, in another folder, with other hashes and in another time zone."""
    folder = tmp_path_factory.mktemp("a-project-at-a-longer-path")
    return build(folder, PYTHONHASHSEED="4321", TZ="Asia/Tokyo", LANG="C")


def test_two_clean_builds_are_equal_byte_for_byte(site: Path, again: Path) -> None:
    first, second = contents(site), contents(again)
    assert len(first) > 80
    found = differences(first, second)
    assert not found, "\n".join(f"{k}:\n{v}" for k, v in found.items())


def test_no_file_contains_where_it_was_built_or_an_address_in_memory(
    site: Path,
) -> None:
    project = str(site.parents[2]).encode()
    told = [
        name
        for name, data in contents(site).items()
        if project in data
        # Programs contain hexadecimal numbers of their own, and no build writes them.
        or (not name.endswith(".js") and re.search(rb"\b0x[0-9a-f]{8,}", data))
    ]
    assert told == []


def test_a_site_is_small_and_holds_no_doctree(site: Path) -> None:
    files = contents(site)
    assert [name for name in files if ".doctree" in name or "_sources" in name] == []
    assert sum(map(len, files.values())) < 7_500_000
