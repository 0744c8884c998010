"""The page about a class, opened from a disk as an instructor does."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mlp_exercise.classroom.for_instructors.class_page import class_page
from mlp_exercise.classroom.standing import Standing
from tests.browser.chromium import new_context
from tests.browser.measurement import (
    CROWDED,
    HEIGHT,
    NARROW,
    NARROWEST,
    PAPER,
    WIDE,
    too_pale,
    violations_in_both_themes,
)
from tests.mlp_exercise.classroom.classes import class_of

MOST_SHEETS = 10
"""Pages of A4 that a class of 100 takes at most."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Write the page of a class of 100, of one with names that are long, and of nobody."""
    classroom, came = class_of(100)
    long = [one._replace(name="W" * 300) for one in classroom[:40]]
    made = {
        "class": class_page(classroom, came, site="https://example.org"),
        "long names": class_page(
            long, [result for one in long for result in one.results]
        ),
        "nobody": class_page([Standing("Ada", {})], []),
    }
    folder = tmp_path_factory.mktemp("class")
    files = {name: folder / f"{name}.html" for name in made}
    for name, page in made.items():
        files[name].write_text(page, "utf-8")
    return files


def opened(page: Page, file: Path, width: int) -> Page:
    """Open a page, and all that is folded on it."""
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto(file.as_uri())
    folded = page.locator("details")
    folded.evaluate_all("(all) => all.forEach((each) => (each.open = true))")
    return page


each = pytest.mark.parametrize("name", ["class", "long names", "nobody"])


@each
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_to_mend(
    name: str, width: int, pages: Mapping[str, Path], measuring: Page
) -> None:
    opened(measuring, pages[name], width)
    assert violations_in_both_themes(measuring, width=width, part="html") == []


@each
@pytest.mark.parametrize("width", [NARROWEST, NARROW, 600, 768, 1024, 1440])
def test_only_tables_scroll_sideways(
    name: str, width: int, pages: Mapping[str, Path], measuring: Page
) -> None:
    opened(measuring, pages[name], width)
    assert measuring.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_have_the_width_of_the_page_and_their_text_its_size(
    pages: Mapping[str, Path], measuring: Page
) -> None:
    for width in (NARROWEST, WIDE):
        opened(measuring, pages["class"], width)
        charts = measuring.locator("svg.hist")
        assert charts.count() == 4
        for chart in charts.all():
            box = chart.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            texts = chart.locator("text:visible").all()
            heights = [t.evaluate("(t) => t.getBoundingClientRect()") for t in texts]
            assert all(9 < found["height"] < 20 for found in heights)
            assert all(
                0 <= found["left"] <= found["right"] <= width for found in heights
            )


def test_text_stands_out_in_both_themes(
    pages: Mapping[str, Path], measuring: Page
) -> None:
    opened(measuring, pages["class"], WIDE)
    assert too_pale(measuring) == []


def test_on_paper_it_takes_few_pages_and_no_text_is_cut_or_covered(
    pages: Mapping[str, Path], measuring: Page
) -> None:
    opened(measuring, pages["class"], PAPER)
    measuring.reload()  # what is folded stays so
    printed = measuring.pdf(format="A4")
    assert 0 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST_SHEETS
    measuring.emulate_media(media="print")
    assert measuring.evaluate(CROWDED) == []


def test_bars_differ_without_colour(pages: Mapping[str, Path], measuring: Page) -> None:
    opened(measuring, pages["class"], WIDE)
    fills = "(all) => all.map((each) => getComputedStyle(each).fill)"
    seen = measuring.locator("thead .key rect").evaluate_all(fills)
    assert len(set(seen)) == 6
    # A plain colour, a plain page, and four patterns.
    assert sum("url" in fill for fill in seen) == 4 * len(seen) / 6


def test_nothing_is_asked_for(pages: Mapping[str, Path], browser: Browser) -> None:
    with new_context(browser) as context:
        asked, said = list[str](), list[str]()
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: said.append(message.text))
        page = context.new_page()
        page.goto(pages["class"].as_uri())
        assert asked == [pages["class"].as_uri()]
        assert said == []


def test_it_is_read_without_javascript(pages: Mapping[str, Path], plain: Page) -> None:
    plain.goto(pages["class"].as_uri())
    assert plain.locator("h1").inner_text() == "The class"
    facts = plain.locator(".facts").inner_text()
    assert "of 100" in facts
    hardest = plain.locator(".steps .hard").all_inner_texts()
    assert len(hardest) == 6
    assert any(step in facts for step in hardest)
