"""Accessibility, weight and layout of every page, in both themes, on a desk and a phone."""

from tests.browser.measurement import NARROW, NARROWEST, WIDE, Measurement
from tests.browser.site_server import SiteServer

BUDGET = 150_000
REQUESTS = 25


def test_axe_finds_nothing_to_mend(seen: Measurement) -> None:
    assert seen.violations == []


def test_a_page_weighs_at_most_150_kilobytes(seen: Measurement) -> None:
    assert 0 < seen.size <= BUDGET, f"{seen.size} bytes: {seen.requests}"


def test_a_page_takes_at_most_25_requests(seen: Measurement) -> None:
    assert 0 < len(seen.requests) <= REQUESTS, seen.requests


def test_a_page_asks_no_other_host(seen: Measurement) -> None:
    assert seen.other_hosts == []


def test_nothing_moves_while_a_page_loads(seen: Measurement) -> None:
    assert seen.shifts == []


def test_nothing_fails_and_the_console_is_silent(seen: Measurement) -> None:
    assert seen.status == 200
    assert seen.failures == []


def test_a_page_never_scrolls_sideways(seen: Measurement) -> None:
    assert seen.reading["scroll_width"] <= seen.view.width
    assert seen.narrowest <= NARROWEST


def test_a_box_that_scrolls_is_reached_by_keyboard(narrow: Measurement) -> None:
    assert narrow.reading["unreachable"] == []


def test_code_and_outputs_need_no_sideways_scrolling_on_a_desk(
    wide: Measurement,
) -> None:
    assert wide.reading["wide_code"] == []


def test_every_formula_is_drawn_in_the_font_of_formulas(seen: Measurement) -> None:
    assert seen.reading["bad_formulas"] == []
    assert seen.reading["math_font"]


def test_a_page_has_one_top_heading_and_an_anchor_on_every_heading(
    wide: Measurement,
) -> None:
    assert wide.reading["headings"] == 1
    assert wide.reading["without_anchor"] == []


def test_a_page_has_the_landmarks_that_one_jumps_between(seen: Measurement) -> None:
    assert seen.landmarks["main"] == seen.landmarks["contentinfo"] == 1
    assert (
        seen.landmarks["search"] == 1 or seen.view.width == NARROW
    )  # in a drawer there
    assert (
        seen.landmarks["banner"] == 1 or seen.view.width == WIDE
    )  # has the menu's button


def test_a_page_says_its_title_and_language(wide: Measurement) -> None:
    assert "Gradients by hand" in wide.reading["title"]
    assert wide.reading["language"] == "en"


def test_a_page_says_what_it_is_about(wide: Measurement) -> None:
    assert len(wide.reading["description"]) > 30


def test_a_page_names_an_icon_that_is_there(
    wide: Measurement, server: SiteServer
) -> None:
    assert server.find(wide.reading["icon"]), wide.reading["icon"]
