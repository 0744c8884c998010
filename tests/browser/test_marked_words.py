"""Whatever programs say has been through the catalogue: no word of theirs comes without marks.

Each part is used until it has said nearly all that it can say. Pages are marked on their way to
the browser, so these tests need no site in another language; with one, its marks are looked at.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from course.interactive.finder import key_of
from playwright.sync_api import Locator, Page, expect

from mlp_exercise.part1.boxes import flatten
from mlp_exercise.part1.steps import STEPS
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, LESSON
from tests.browser import explorer
from tests.browser.marked import Written, mark_pages
from tests.browser.site_server import SiteServer
from tests.browser.worksheet import BOXES, Worksheet, solved

GO = "(hash) => { location.hash = hash; }"
SET = """(input, value) => {
    input.value = value;
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, {bubbles: true}));
}"""
STRANGE = ("abc", "0.1 0.2", "1/0", "1.234,5", "2*x", "9", "0.3", "=")


@pytest.fixture
def written(page: Page) -> Written:
    mark_pages(page)
    return Written(page)


def is_marked(written: Written) -> None:
    written.look()
    assert "\n".join(written.unmarked) == ""


# -- The explorer


@pytest.fixture
def explored(
    page: Page, server: SiteServer, written: Written
) -> Callable[[str], Locator]:
    """Open the explorer in a state, and look at it."""

    def opened(fragment: str = "") -> Locator:
        part = explorer.opened(page, server, fragment)
        written.look()
        return part

    return opened


def test_the_explorer(explored: Callable[[str], Locator], written: Written) -> None:
    part = explored("")
    for group in part.locator("svg.picture:visible [data-place]").all():
        group.focus()
        written.look()
    scrubber = part.locator("[name=step]")
    for step in range(17):
        scrubber.evaluate(SET, str(step))
        written.look()
    for button in ("update", "updates", "start", "play", "play", "reset"):
        part.locator(f"[data-do={button}]").click()
        written.look()
    rate = part.locator("#explorer-rate")
    rate.evaluate(SET, "fast")
    written.look()
    for value in ("0.05", "0.3", "10"):
        rate.evaluate(SET, value)
        for updates in ("update", "update", "updates"):
            part.locator(f"[data-do={updates}]").click()
            written.look()
    for made in (1, 200):
        explored(explorer.address(LESSON, updates=made))
    is_marked(written)


def test_guesses(explored: Callable[[str], Locator], written: Written) -> None:
    part = explored(explorer.address(LESSON, predict=1))
    form = part.locator("form.guess")
    places = part.locator("svg.picture:visible [data-place]").all()
    for number, group in enumerate(places):
        group.focus()
        if form.get_attribute("class") == "guess idle":
            continue
        for typed in ("", "much", ("0.3", "-0.1")[number % 2]):
            form.locator("[name=guess]").fill(typed)
            form.locator("button:not([data-do])").click()
            written.look()
    form.locator("[data-do=reveal]").click()
    is_marked(written)


def test_experiments(explored: Callable[[str], Locator], written: Written) -> None:
    part = explored("")
    for chip in part.locator("[data-experiment]").all():
        chip.click()
        expect(part.locator(".opened tbody tr").first).to_be_visible()
        part.locator(".opened details").evaluate("(fold) => { fold.open = true; }")
        written.look()
        part.locator("[data-do=update]").click()
        written.look()
    part.locator("[data-experiment=step]").click()
    for key in ("Home", "ArrowRight", "PageUp", "PageUp", "PageUp", "End"):
        part.locator(".slice .ball").press(key)
        written.look()
    part.locator("[data-do=close]").click()
    is_marked(written)


@pytest.mark.parametrize("module", ["experiments", "guess", "slice"])
def test_an_explorer_without_a_part(
    module: str,
    page: Page,
    explored: Callable[[str], Locator],
    written: Written,
    trouble: list[str],
) -> None:
    page.route(f"**/{module}.js*", lambda route: route.abort())
    part = explored(explorer.address(LESSON, predict=1, experiment="step"))
    expect(part).to_contain_text("?", use_inner_text=True)
    page.wait_for_load_state("networkidle")
    is_marked(written)
    trouble.clear()


# -- The finder


def test_the_finder(page: Page, server: SiteServer, written: Written) -> None:
    page.goto(server.address("mistakes.html"))
    part = page.locator(".finder.ready")
    part.wait_for()
    written.look()
    typed = {"y": ("", "a", "0.31", "0.32", "0.3", "9"), "a": ("9;9", "0.3;9", "0.3;")}
    fragments = [f"answer={k}&numbers={v}" for k, all_ in typed.items() for v in all_]
    fragments += [f"answer={step.name}&numbers=9;9;9;9;9;9" for step in STEPS]
    fragments += [f"slip={key_of(slip)}" for slip in PEN_AND_PAPER[::4]]
    for slip in PEN_AND_PAPER:  # some make the same numbers as others
        numbers = ";".join(f"{value:.4f}" for value in flatten(slip.made_in(EXERCISE)))
        fragments.append(f"answer={slip.answer}&numbers={numbers}")
    for fragment in fragments:
        page.evaluate(GO, fragment)
        written.look()
    for seed in ("7", "seven", ""):
        part.locator("[name=variant]").evaluate(SET, seed)
        expect(part.locator("[name=variant]")).to_have_value(seed)
        written.look()
    part.locator("form button:not([data-do])").click()
    part.locator("[data-do=clear]").click()
    is_marked(written)


# -- The worksheet


def test_answers(page: Page, server: SiteServer, written: Written) -> None:
    sheet = Worksheet(page, server)
    boxes = [box for names in BOXES.values() for box in names]
    right = solved()
    sheets = [dict.fromkeys(boxes, text) for text in STRANGE]
    sheets += [right | {box: text} for box in ("a[0]", "y[0]") for text in STRANGE]
    sheets += [right | {"a[0]": ""}, right | {"y[0]": "0.3"}, right | {"loss": "0"}]
    sheets += [right | {"W2_updated[0][0]": "0.1"}, dict.fromkeys(boxes, ""), right]
    for texts in sheets:
        sheet.fill(texts)
        written.look()
    page.locator(".look-up summary").click()
    landing = page.locator(".landing")
    expect(landing.locator(".stage")).to_be_visible()
    landing.locator("[data-action=play]").click()
    expect(landing.locator(".why")).to_be_visible()
    landing.locator("input").evaluate(SET, "40")
    is_marked(written)


def test_help_other_numbers_and_files(
    page: Page, server: SiteServer, written: Written
) -> None:
    sheet = Worksheet(page, server)
    sheet.fill({"a[0]": "0.3", "a[1]": "0.2", "z[0]": "0.29", "z[1]": "0.1"})
    for step in STEPS:
        for _ in range(4):
            rung = sheet.step(step.name).get_attribute("data-rung")
            sheet.step(step.name).get_by_role("button").click()
            expect(sheet.step(step.name)).not_to_have_attribute("data-rung", rung or "")
            written.look()
    seed = sheet.part.locator(".seed input")
    for text in ("much", "7"):
        seed.fill(text)
        seed.press("Enter")
        expect(
            sheet.part.locator(":is(.problem, .whose):not(:empty)").first
        ).to_be_visible()
        written.look()
    expect(page.locator("html")).to_have_class(re.compile("varied"))
    say(sheet, written, lambda: sheet.button("save").click())
    sheet.button("own").click()
    say(sheet, written, lambda: sheet.button("clear").click())
    sheet.part.locator(".message button").click()
    say(sheet, written, lambda: sheet.button("save").click())
    cell = {"cell_type": "code", "metadata": {}, "source": ""}
    cells = [
        cell | {"id": name, "source": f"{name} = {text}"}
        for name, text in zip(
            [step.name for step in STEPS], ["[1, 2]", "x", *["0.5"] * 10], strict=True
        )
    ]
    for content in (b"", json.dumps({"cells": cells}).encode(), b" " * 5_000_001):
        say(sheet, written, partial(choose, sheet, content))
    is_marked(written)


def say(sheet: Worksheet, written: Written, act: Callable[[], Any]) -> None:
    """Do something that the head of the sheet says something about."""
    message = sheet.part.locator(".message")
    before = message.inner_text()
    act()
    expect(message).not_to_have_text(before) if before else expect(
        message
    ).not_to_be_empty()
    written.look()


def choose(sheet: Worksheet, content: bytes) -> None:
    with sheet.page.expect_file_chooser() as chooser:
        sheet.button("open").click()
    file: Any = {"name": "mine.ipynb", "mimeType": "", "buffer": content}
    chooser.value.set_files(file)


# -- Home, valley, record, checkpoints, progress


def test_one_step(page: Page, server: SiteServer, written: Written) -> None:
    page.goto(server.address("index.html"))
    part = page.locator(".step")
    for _ in range(2):
        part.locator("button").click()
        written.look()
    for rate in ("0.05", "0.4"):
        part.locator("input").evaluate(SET, rate)
        written.look()
    is_marked(written)


def test_the_valley(page: Page, server: SiteServer, written: Written) -> None:
    page.goto(server.address("tutorials/00_gradient_descent.html"))
    part = page.locator(".valley")
    for rate in part.locator("[data-rate]").all():
        rate.click()
        for button in ("step", "run"):
            part.locator(f"[data-do={button}]").click()
            written.look()
    part.locator("[data-do=again]").click()
    part.locator(".ball").press("ArrowLeft")
    is_marked(written)


def test_the_record(page: Page, server: SiteServer, written: Written) -> None:
    page.goto(server.address("tutorials/04_autograd.html"))
    part = page.locator(".record")
    for choice in part.locator("[data-show]").all():
        choice.click()
        for button in ("step", "play", "play", "back"):
            part.locator(f"[data-do={button}]").click()
            written.look()
    is_marked(written)


def test_checkpoints_and_progress(
    page: Page, server: SiteServer, written: Written
) -> None:
    page.goto(server.address("tutorials/01_pen_and_paper.html"))
    for checkpoint in page.locator(".checkpoint").all():
        judge = json.loads(checkpoint.get_attribute("data-judge") or "")
        check = checkpoint.locator("form button")
        check.click()
        written.look()
        if "values" in judge:
            tries = [checkpoint.locator("form input")] * 4
            wrong = [v for i, v in enumerate(judge["values"]) if i != judge["right"]]
            texts = [
                "much",
                "12345",
                *map(str, wrong),
                str(judge["values"][judge["right"]]),
            ]
            for box, text in zip(tries, texts, strict=False):
                box.fill(text)
                check.click()
                written.look()
        else:
            radios = checkpoint.locator("input[type=radio]").all()
            for radio in (*radios, radios[judge["right"]]):
                radio.check()
                check.click()
                written.look()
    progress = page.locator(".progress")
    expect(progress).to_have_class(re.compile("some"))
    progress.locator(".kept button").evaluate("(button) => button.click()")
    written.look()
    progress.locator(".forgotten button").evaluate("(button) => button.click()")
    is_marked(written)


# -- The search


def test_the_search(page: Page, server: SiteServer, written: Written) -> None:
    for words in ("tanh", "icml", "zeppelin"):  # on many pages, on one, on none
        page.goto(server.address(f"search.html?q={words}"))
        expect(page.locator(".search-summary")).to_contain_text("⟦")
        headline = page.locator("#search-results h2")
        expect(headline).to_contain_text(f"“{words}”⟧")
        assert page.title().startswith(headline.inner_text())
        # What was found is content, but for the words of Sphinx.
        page.evaluate("document.querySelector('ul.search')?.remove()")
        written.look()
    is_marked(written)


# -- Sentences with a number


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["0 steps", "1 step", "2 steps", "5 steps"]),
        ("fr", ["0 step", "1 step", "2 steps", "5 steps"]),
        ("pl", ["0 kroków", "1 step", "2 kroki", "5 kroków"]),
        ("pt-BR", ["0 step", "1 step", "2 steps", "5 steps"]),
        ("", ["0 steps", "1 step", "2 steps", "5 steps"]),
    ],
)
def test_a_sentence_has_the_form_for_its_number(
    language: str, shown: list[str], page: Page, server: SiteServer
) -> None:
    address = server.address("numbers.html")
    body = f'<!doctype html><html lang="{language}"><title>Numbers</title>'
    page.route(address, lambda r: r.fulfill(body=body, content_type="text/html"))
    page.goto(address)
    forms = {"one": "{n} step", "other": "{n} steps"}
    if language == "pl":
        forms |= {"few": "{n} kroki", "many": "{n} kroków"}
    program = """async (forms) => {
        const { fillFor } = await import("/_static/interactive/writing.js");
        return [0, 1, 2, 5].map((n) => fillFor(n, forms, { n }));
    }"""
    assert page.evaluate(program, forms) == shown
