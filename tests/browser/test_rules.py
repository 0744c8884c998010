"""Every rule of our style sheets applies somewhere: a query that is never true shows no mistake."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.measurement import HEIGHT, NARROW, NARROWEST, WIDE, addresses
from tests.browser.site_server import SiteServer

STATIC = Path(__file__).parents[2] / "docs/_static"
SHEETS = sorted(STATIC.rglob("*.css"))
READ = Path(__file__).with_name("rules.js").read_text("utf-8")
MATCHING = "(all) => all.filter((each) => document.querySelector(each))"
NAME = re.compile(r"[.#\[](?:data-)?([a-z][\w-]*)")
WORD = re.compile(r"[a-zA-Z][\w-]*")


@pytest.fixture(scope="module")
def words(site: Path) -> set[str]:
    """All words of pages, and of what may set a class: programs, templates, the extension."""
    docs = STATIC.parent
    files = [*site.rglob("*.html"), *STATIC.rglob("*.js")]
    files += [*(docs / "_ext").rglob("*.py"), *(docs / "_templates").rglob("*.html")]
    found = {word for path in files for word in WORD.findall(path.read_text("utf-8"))}
    # What is `fooBar` in a data set is `data-foo-bar` in a style sheet.
    return found | {re.sub(r"(?<!^)([A-Z])", r"-\1", each).lower() for each in found}


def rules(page: Page) -> dict[str, Any]:
    return {
        sheet.name: page.evaluate(READ, sheet.read_text("utf-8")) for sheet in SHEETS
    }


def test_every_media_query_is_true_somewhere(page: Page) -> None:
    asked = {(name, query) for name, of in rules(page).items() for query in of["media"]}
    assert asked
    for width in (NARROWEST, NARROW, 768, 1024, 1200, WIDE, 1440):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for media in ("screen", "print"):
            for motion in ("reduce", "no-preference"):
                page.emulate_media(media=media, reduced_motion=motion)
                asked = {
                    each
                    for each in asked
                    if not page.evaluate(
                        "(query) => matchMedia(query).matches", each[1]
                    )
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
