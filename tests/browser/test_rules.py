"""Every rule of our style sheets applies somewhere: a query that is never true shows no mistake."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.browser.measurement import HEIGHT, NARROW, NARROWEST, WIDE, addresses
from tests.browser.site_server import SiteServer

MEDIA: tuple[Literal["screen", "print"], ...] = ("screen", "print")
MOTION: tuple[Literal["reduce", "no-preference"], ...] = ("reduce", "no-preference")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STATIC = Path(__file__).parents[2] / "docs/_static"
SHEETS = sorted(STATIC.rglob("*.css"))
READ = Path(__file__).with_name("rules.js").read_text("utf-8")
MATCHING = "(all) => all.filter((each) => document.querySelector(each))"
NAME = re.compile(r"[.#\[](?:data-)?([a-z][\w-]*)")
WORD = re.compile(r"[a-zA-Z][\w-]*")
TAG = re.compile(r"<[a-z][^<>]*>")
ATTRIBUTE = re.compile(r"\s(?:data-)?(?P<name>[a-z][\w-]*)(?:=\"(?P<value>[^\"]*)\")?")
SCRIPT = re.compile(r"<script(?![^>]*json)[^>]*>(.*?)</script>", re.DOTALL)
WRITTEN = re.compile(
    r"""(["'`])(?P<text>(?:\\.|(?!\1).)*?)\1|\.(?P<set>\w+)\s*\??=[^=>]"""
)
"""What a program writes: strings, and properties that it sets, such as `hidden`."""


def attributes(text: str) -> Iterator[str]:
    """Yield names of attributes, and words of classes and identifiers."""
    for tag in TAG.findall(text):
        for match in ATTRIBUTE.finditer(tag):
            yield match["name"]
            if match["name"] in ("class", "id"):
                yield from (match["value"] or "").split()


def written(text: str) -> Iterator[str]:
    """Yield what a program may set: words of its strings, and properties."""
    code = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    for match in WRITTEN.finditer(code):
        yield from WORD.findall(match["text"] or match["set"] or "")


@pytest.fixture(scope="module")
def words(site: Path) -> set[str]:
    """What pages have as attributes, and programs as strings: prose sets no class."""
    found: set[str] = set()
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        found.update(attributes(text))
        for script in SCRIPT.findall(text):
            found.update(written(script))
    for path in STATIC.rglob("*.js"):
        found.update(written(path.read_text("utf-8")))
    # What is `fooBar` in a data set is `data-foo-bar` in a style sheet.
    return found | {re.sub(r"(?<!^)([A-Z])", r"-\1", each).lower() for each in found}


def rules(page: Page) -> dict[str, Any]:
    return {
        sheet.name: page.evaluate(READ, sheet.read_text("utf-8")) for sheet in SHEETS
    }


def test_every_media_query_is_true_somewhere(page: Page) -> None:
    asked = {(name, query) for name, of in rules(page).items() for query in of["media"]}
    assert asked
    widths = (NARROWEST, NARROW, 768, 1024, 1200, WIDE, 1440)
    lying = (844, 390)  # a phone held sideways
    for width, height in (*((width, HEIGHT) for width in widths), lying):
        page.set_viewport_size({"width": width, "height": height})
        for media, motion, scheme in product(MEDIA, MOTION, SCHEMES):
            page.emulate_media(media=media, reduced_motion=motion, color_scheme=scheme)
            asked = {
                each
                for each in asked
                if not page.evaluate("(query) => matchMedia(query).matches", each[1])
            }
    assert asked == set()


def test_every_selector_matches_or_waits_for_a_program(
    page: Page, server: SiteServer, site: Path, words: set[str]
) -> None:
    left = {(n, each) for n, of in rules(page).items() for each in of["selectors"]}
    for address in addresses(site):
        page.goto(server.address(address))
        page.evaluate(
            "document.querySelectorAll('details').forEach((e) => (e.open = true))"
        )
        found = set(page.evaluate(MATCHING, sorted({each for _, each in left})))
        left = {each for each in left if each[1] not in found}
    # What is left is a state: each name in it is one that something writes.
    unknown = {
        (sheet, selector)
        for sheet, selector in left
        if not (names := NAME.findall(selector)) or set(names) - words
    }
    assert unknown == set()
