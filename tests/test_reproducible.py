"""Two clean builds of one commit are the same site, byte for byte."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def again(
    build_site: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Build once more: elsewhere, later, in another order of hashes and another time zone."""
    folder = tmp_path_factory.mktemp("a-project-at-a-longer-path")
    return build_site(folder, PYTHONHASHSEED="4321", TZ="Asia/Tokyo", LANG="C")


def contents(site: Path) -> dict[str, bytes]:
    files = sorted(path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def first_difference(one: bytes, other: bytes) -> str:
    """Show where two files part, so that the cause can be found."""
    before, after = (d.decode("utf-8", "replace").splitlines() for d in (one, other))
    lines = difflib.unified_diff(before, after, lineterm="", n=0)
    return "\n".join(line[:300] for line, _ in zip(lines, range(6), strict=False))


def test_two_clean_builds_are_equal_byte_for_byte(site: Path, again: Path) -> None:
    first, second = contents(site), contents(again)
    assert first.keys() == second.keys()
    assert len(first) > 80
    differing = {
        name: first_difference(first[name], second[name])
        for name in first
        if first[name] != second[name]
    }
    assert not differing, "\n".join(f"{k}:\n{v}" for k, v in differing.items())


def test_no_file_tells_where_it_was_built_or_an_address_in_memory(site: Path) -> None:
    project = str(site.parents[2]).encode()
    told = [
        name
        for name, data in contents(site).items()
        if project in data
        # Programs have hexadecimal numbers of their own, and are no output of a build.
        or (not name.endswith(".js") and re.search(rb"\b0x[0-9a-f]{8,}", data))
    ]
    assert told == []


def test_a_site_is_small_and_holds_no_doctree(site: Path) -> None:
    files = contents(site)
    assert [name for name in files if ".doctree" in name or "_sources" in name] == []
    assert sum(map(len, files.values())) < 5_000_000
