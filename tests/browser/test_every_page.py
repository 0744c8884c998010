"""Accessibility, weight and layout of every page, in both themes, on a desk and a phone."""

from pathlib import Path

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


def test_nothing_moves_while_a_page_loads(seen: Measurement) -> None:
    assert seen.shifts == []


def test_no_other_host_is_asked_and_nothing_fails(seen: Measurement) -> None:
    assert seen.status == 200
    assert seen.trouble == []


def test_a_page_never_scrolls_sideways(seen: Measurement) -> None:
    assert seen.reading["scroll_width"] <= seen.view.width
    assert seen.narrowest <= NARROWEST


def test_text_and_controls_stand_out_in_both_themes(wide: Measurement) -> None:
    assert wide.pale == []


def test_on_paper_no_text_is_cut_or_covered(wide: Measurement) -> None:
    assert wide.crowded == []


def test_a_reader_may_set_letters_words_and_lines_apart(narrow: Measurement) -> None:
    assert narrow.crowded == []


def test_a_box_that_scrolls_is_reached_by_keyboard(narrow: Measurement) -> None:
    assert narrow.reading["unreachable"] == []


def test_on_a_desk_code_needs_no_sideways_scrolling(wide: Measurement) -> None:
    assert wide.reading["wide_code"] == []


def test_every_formula_is_drawn_in_the_font_of_formulas(seen: Measurement) -> None:
    assert seen.reading["bad_formulas"] == []
    assert seen.reading["math_font"]


def test_no_gap_follows_a_root(wide: Measurement) -> None:
    assert wide.reading["loose_roots"] == []


def test_no_formula_and_no_result_is_cut_off(seen: Measurement) -> None:
    assert seen.reading["cut_formulas"] == []
    assert seen.reading["cut_results"] == []


def test_a_lesson_asks_and_is_no_more_than_a_third_code(wide: Measurement) -> None:
    if wide.view.page.startswith("tutorials/"):
        assert wide.first_sight["checkpoints"] >= 4
        # Words alone take that long; formulas, code and pictures come on top.
        assert wide.first_sight["minutes"] >= wide.first_sight["words"] // 250
        assert 0 < wide.first_sight["code_share"] <= 1 / 3


def test_a_page_has_the_landmarks_that_one_jumps_between(seen: Measurement) -> None:
    found, width = seen.landmarks, seen.view.width
    assert found["main"] == found["contentinfo"] == 1
    assert found["search"] == 1 or width == NARROW  # in a drawer there
    assert found["banner"] == 1 or width == WIDE  # has the menu's button


def test_a_page_says_what_it_is(wide: Measurement, server: SiteServer) -> None:
    said = wide.reading
    assert said["headings"] == 1
    assert said["without_anchor"] == []
    assert "Gradients by hand" in said["title"]
    assert said["language"] == "en"
    assert len(said["description"]) > 30
    assert server.find(said["icon"]), said["icon"]


def test_all_content_is_there_without_scripts(wide: Measurement) -> None:
    assert wide.plain_text == wide.reading["text"]
    assert wide.plain_text or wide.view.page == "search.html"


def test_lessons_fold_something(site: Path) -> None:
    page = (site / "tutorials/01_pen_and_paper.html").read_text("utf-8")
    assert page.count("<details") > 1
