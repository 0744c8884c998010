"""The short round: what each engine must show of every page, and what must work in it."""

from pathlib import Path
from typing import Any

import pytest

from mlp_reference.manual import solve
from mlp_reference.worked_example import LESSON
from tests.browser.engines.reader import Reader
from tests.browser.explorer import ADDRESS, READ, expected
from tests.browser.measurement import HEIGHT, NARROW, READING, UNFOLD, WIDE
from tests.browser.worksheet import PAGE

LESSON_PAGE = "tutorials/01_pen_and_paper.html"
WHOLE = Path(__file__).with_name("whole.js").read_text("utf-8")
FONTS = """() => document.fonts.ready.then(() =>
    [...document.fonts].every(({status}) => status !== "error"))"""
VIEWS = 5
"""So often a page is opened until the font of formulas is there in time."""
FAULTS = ("cut_formulas", "cut_results", "bad_formulas", "unreachable")
"""What `reading.js` finds that must not be in any engine."""
LIT = "() => getComputedStyle(document.body).backgroundColor"
HEADS = """() => [...document.querySelectorAll(".explorer path.lit:not(.chosen)")]
    .filter((path) => path.checkVisibility())
    .map((path) => {
        // In a corner of the head that leads back, beside the lines that run along the path.
        const [start, on] = [0, 16].map((far) => path.getPointAtLength(far));
        const [x, y] = [on.x - (on.y - start.y) / 3, on.y + (on.x - start.x) / 3];
        const seen = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
        return [seen.x, seen.y];
    })"""
INK = """() => getComputedStyle(document.querySelector(".explorer .turned path"))
    .fill.match(/\\d+/g).map(Number)"""
MENU = """() => {
    const menu = document.querySelector(".explorer select");
    menu.scrollIntoView({block: "center", behavior: "instant"});
    const {left, top, height} = menu.getBoundingClientRect();
    return [left + 4, top + height / 2];
}"""
PLANT = """() => {
    // An element of HTML by this name breaks in any engine; a formula breaks in Firefox alone.
    const formula = Object.assign(document.createElement("math"),
        {textContent: "broken ".repeat(60), style: "white-space: normal"});
    const wide = Object.assign(document.createElement("p"),
        {textContent: "wide", style: "width: 2000px"});
    document.querySelector("article").append(formula, wide);
    setTimeout(() => { throw Error("planted"); }, 0);
    Promise.reject("planted too");
    console.warn("planted as well");
    return import("./none.js").catch(() => true);
}"""


def open_with_font(reader: Reader, page: str, width: int) -> None:
    """Open a page, and again if the font of formulas came too late to be drawn with.

    That is right for a first view, because nothing may move then; a browser keeps the font.
    """
    for _ in range(VIEWS):
        reader.open(page, width)
        if reader.run(FONTS):
            break


def faults(reader: Reader, width: int) -> dict[str, Any]:
    """List what is wrong with the open page in a window of a width; nothing, if all is well."""
    reader.resize(width, HEIGHT)
    reader.wait(f"innerWidth === {width}")
    reader.run(FONTS)
    found = reader.run(WHOLE)
    reader.run(UNFOLD)
    reading = reader.run(READING)
    found |= {fault: reading[fault] for fault in FAULTS}
    found["sideways"] = max(0, reading["scroll_width"] - width)
    found["font is missing"] = not reading["math_font"]
    found["complaints"] = reader.complaints()
    return {fault: what for fault, what in found.items() if what}


class ShortRound:
    """Tests that a file of each engine runs in its own."""

    def test_a_page_is_whole(self, reader: Reader, each_page: str) -> None:
        open_with_font(reader, each_page, NARROW)
        found = {width: faults(reader, width) for width in (NARROW, WIDE)}
        assert found == {NARROW: {}, WIDE: {}}

    def test_the_round_sees_what_is_wrong(self, reader: Reader) -> None:
        reader.open("notation.html", NARROW)
        reader.run(PLANT)
        reader.wait("complaints.length >= 3")
        found = faults(reader, NARROW)
        assert {"broken", "sideways"} <= found.keys()
        said = " ".join(found["complaints"])
        for each in ("planted", "planted too", "planted as well", "404 /none.js"):
            assert each in said

    @pytest.mark.parametrize("hand", ["keys", "mouse"])
    def test_the_explorer_follows(self, reader: Reader, hand: str) -> None:
        reader.open(ADDRESS)
        reader.wait("document.querySelector('.explorer svg[role=group]')")
        before = reader.run(READ)
        assert before["loss"][0] == pytest.approx(solve(LESSON).loss)
        place = "svg.picture [data-place=W1_12]"
        if hand == "keys":
            reader.click(place)
            reader.press("ArrowRight", "ArrowRight")
        else:
            reader.drag(place, 44)
        reader.wait(f"({READ})()['loss'][0] !== {before['loss'][0]}")
        reader.run("() => new Promise(requestAnimationFrame)")
        after = reader.run(READ)
        moved = after["W1[0][1]"][0]
        assert moved > before["W1[0][1]"][0]
        (first, _, third), second = LESSON.W1
        network = LESSON.__class__(
            **vars(LESSON) | {"W1": [[first, moved, third], second]}
        )
        for name, value in expected(network).items():
            assert after[name][0] == pytest.approx(value), name

    def test_lit_arrows_lead_back(self, reader: Reader) -> None:
        reader.open(ADDRESS)
        reader.wait("document.querySelector('.explorer svg[role=group]')")
        for place, arrows in (("W1_12", 3), ("W2_11", 1), ("W1_23", 3)):
            reader.click(f"svg.picture [data-place={place}]")
            found = reader.colours(reader.run(HEADS))
            ink = reader.run(INK)
            assert found == [pytest.approx(ink, abs=8)] * arrows, place

    def test_a_menu_is_dark_in_the_dark(self, reader: Reader) -> None:
        reader.open(ADDRESS)
        reader.run("() => (document.body.dataset.theme = 'dark')")
        [found] = reader.colours([reader.run(MENU)])
        assert max(found) < 60

    def test_the_worksheet_marks(self, reader: Reader) -> None:
        reader.open(PAGE)
        reader.wait("document.querySelector('.worksheet.ready')")
        step = '.answer[data-step="a"]'
        for box, text, verdict, words in (
            ("a[1]", "0.24", "missing", ""),
            ("a[0]", "7", "wrong", "Not yet right"),
            ("a[0]", "0.30", "correct", "Correct"),
        ):
            reader.fill(f'.answer input[name="{box}"]', text)
            reader.press("Enter")
            reader.wait(
                f"document.querySelector('{step}').dataset.verdict === '{verdict}'"
            )
            reader.wait(
                f"document.querySelector('{step} .verdict').innerText.includes('{words}')"
            )
        assert reader.text(".points output") == "0.5 of 6 points"
        assert reader.complaints() == []

    def test_search_finds(self, reader: Reader) -> None:
        reader.open("search.html")
        reader.fill(".look-for input", "chain rule")
        reader.press("Enter")
        reader.wait("document.querySelector('#search-results li a')")
        reader.wait("document.querySelector('.search-summary')?.innerText.trim()")
        found = reader.run(
            "() => [...document.querySelectorAll('#search-results li a')].map((a) => a.href)"
        )
        assert any("tutorials/00_gradient_descent.html" in each for each in found)
        assert reader.complaints() == []

    def test_a_checkpoint_replies(self, reader: Reader) -> None:
        reader.open(LESSON_PAGE)
        reader.wait("document.querySelector('.checkpoint .choices input')")
        right, name = reader.run(
            "() => { const one = document.querySelector('.checkpoint:has(.choices input)');"
            "return [JSON.parse(one.dataset.judge).right, one.id]; }"
        )
        for choice, words in ((1 - min(right, 1), "Not quite."), (right, "Yes.")):
            reader.click(f"#{name} .choices li:nth-child({choice + 1}) input")
            reader.click(f"#{name} .commit button")
            reader.wait(
                f"document.querySelector('#{name} .verdict').textContent.trim()"
            )
            assert words in reader.text(f"#{name} .verdict")
        assert reader.text(f"#{name} .done") == "answered"

    def test_the_theme_is_switched_and_kept(self, reader: Reader) -> None:
        reader.open(LESSON_PAGE)
        before = reader.run(LIT)
        reader.click("button.theme-toggle")
        reader.wait(f"({LIT})() !== '{before}'")
        after = reader.run(LIT)
        reader.open("index.html")
        assert reader.run(LIT) == after
