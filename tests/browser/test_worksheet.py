"""The worksheet judges what is typed as Python judges it, at once and kindly."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mlp_exercise.part1.simulation import STYLES, fill_in
from mlp_exercise.part1.steps import STEPS
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE
from tests.browser.site_server import SiteServer
from tests.browser.watch import watch
from tests.browser.worksheet import (
    BOXES,
    Texts,
    Worksheet,
    marks_of,
    solved,
    texts_of,
    verdicts_of,
)

ODD = (
    *(
        "0,29",
        "−0.29",
        " 0.29 ",
        "0.29.",
        "1e400",
        "-1e400",
        "NaN",
        "inf",
        "0x1F",
        "1_000",
    ),
    *(
        "½",
        "٠٫٣",
        "None",
        "<b>1</b>",
        "{points}",
        "$&",
        "[0.3]",
        "1 2",
        "--1",
        ".",
        "-",
        "e",
    ),
    *(
        "'",
        '"',
        "\\",
        "\u0000",
        "\ud83d\ude00",
        "\u200b0.3",
        "0.3" + "0" * 90,
        "9" * 100,
    ),
)
"""What may be typed or pasted in place of a number."""


@pytest.fixture
def sheet(page: Page, server: SiteServer) -> Iterator[Worksheet]:
    other_hosts, failures = watch(page, server)
    yield Worksheet(page, server)
    assert (other_hosts, failures) == ([], [])


def differences(sheet: Worksheet, texts: Texts) -> list[str]:
    """Hold what the page says against what Python says of the same texts."""
    marks = marks_of(texts)
    verdicts, said = sheet.verdicts(), sheet.said()
    found = [
        f"{m.name}: {verdicts[m.name]}, expected {m.verdict}, of {texts}"
        for m in marks
        if verdicts[m.name] != m.verdict
    ]
    found += [
        f"{m.name}: {said[m.name]}, expected {m.feedback!r}, of {texts}"
        for m in marks
        if m.verdict not in ("correct", "missing") and m.feedback != said[m.name][1]
    ]
    for m in marks:
        flagged = " ".join(said[m.name][2:])
        if [flag for flag in ("invalid", "trivial") if flag in flagged] != [*m.flags]:
            found.append(f"{m.name}: flags {flagged!r}, expected {m.flags}, of {texts}")
    points = f"{sum(m.points for m in marks):g} of 6 points"
    if sheet.points() != points:
        found.append(f"{sheet.points()}, expected {points}, of {texts}")
    return found


@pytest.mark.parametrize("digits", [2, None])
def test_a_solved_sheet_gets_all_points(sheet: Worksheet, digits: int | None) -> None:
    sheet.fill(solved(digits=digits))
    assert set(sheet.verdicts().values()) == {"correct"}
    assert set(map(tuple, sheet.said().values())) == {("Correct",)}
    assert sheet.points() == "6 of 6 points"


def test_an_empty_sheet_is_told_nothing(sheet: Worksheet) -> None:
    assert (
        sheet.verdicts() == verdicts_of({}) == {step.name: "missing" for step in STEPS}
    )
    assert set(map(tuple, sheet.said().values())) == {()}
    assert sheet.points() == "0 of 6 points"


def test_a_box_that_was_left_empty_is_named_once_the_others_are_full(
    sheet: Worksheet,
) -> None:
    sheet.fill({"a[0]": "0.3", "z[0]": "0.29", "z[1]": "0.24"})
    assert sheet.said()["a"] == ["A box is empty."]
    assert sheet.verdicts()["z"] == verdicts_of(sheet.texts())["z"] == "blocked"
    assert sheet.said()["z"] == ["Waiting", "Cannot be checked without a."]


def test_a_slip_costs_one_answer_and_the_others_follow_through(
    sheet: Worksheet,
) -> None:
    slipped = work_out(EXERCISE, given={"a": [0.5, 0.24]})
    texts = texts_of(slipped, 3)
    sheet.fill(texts)
    verdicts = sheet.verdicts()
    assert verdicts["a"] == "wrong"
    assert verdicts["z"] == verdicts["y"] == "follow-through"
    assert sheet.said()["z"] == [
        "Follows through",
        "Follows from your earlier answers.",
    ]
    assert sheet.points() == "5.5 of 6 points"
    assert differences(sheet, texts) == []


def test_every_named_mistake_gets_the_words_that_python_has_for_it(
    sheet: Worksheet,
) -> None:
    right = solved(digits=4)
    sheet.fill(right)
    named = []
    for mistake in PEN_AND_PAPER:
        name = mistake.answer
        wrong = texts_of({**work_out(EXERCISE), name: mistake.made_in(EXERCISE)}, 4)
        sheet.fill({box: wrong[box] for box in BOXES[name]})
        assert (
            differences(sheet, right | {box: wrong[box] for box in BOXES[name]}) == []
        )
        named += [words for words in sheet.said()[name] if mistake.name in words]
        sheet.fill({box: right[box] for box in BOXES[name]})
    assert len(named) > len(PEN_AND_PAPER) / 2  # the exercise's numbers hide some


def test_random_sheets_are_judged_as_python_judges_them(sheet: Worksheet) -> None:
    rng = np.random.default_rng(6)
    found: list[str] = []
    for number in range(40):
        style = STYLES[number % len(STYLES)]
        mistake = PEN_AND_PAPER[rng.integers(len(PEN_AND_PAPER))]
        answers = fill_in(EXERCISE, style, rng, mistake if number % 3 else None)
        texts = texts_of(answers)
        for box in rng.choice([*texts], size=number % 5, replace=False):
            texts[box] = str(rng.choice(["", "0", "2000", "0,5", "x", "-0.21"]))
        sheet.fill(texts)
        found += differences(sheet, texts)
    assert found == []


def test_every_key_is_judged_before_the_next_one(sheet: Worksheet) -> None:
    right = solved()
    sheet.fill({name: text for name, text in right.items() if name != "a[0]"})
    typed = ""
    for key in "0.30":
        typed += key
        verdicts = sheet.box("a[0]").evaluate(
            """(input, text) => {
                input.value = text;
                input.dispatchEvent(new Event("input", {bubbles: true}));
                return [...document.querySelectorAll("[data-step]")].map(
                    ({dataset}) => dataset.verdict);  // at once, in the same task
            }""",
            typed,
        )
        assert verdicts == [*verdicts_of(right | {"a[0]": typed}).values()]


def test_a_half_typed_number_is_not_called_wrong_before_a_pause(
    sheet: Worksheet,
) -> None:
    box = sheet.box("loss")
    sheet.fill(solved() | {"loss": ""})
    box.focus()
    sheet.page.keyboard.type("0.")
    assert sheet.verdicts()["loss"] == "wrong"
    assert sheet.said()["loss"] == []
    sheet.page.keyboard.type("03")
    assert sheet.said()["loss"] == ["Correct"]  # good news need not wait
    sheet.page.keyboard.press("Backspace")
    assert sheet.said()["loss"] == []
    sheet.page.keyboard.press("Enter")
    assert sheet.said()["loss"][0] == "Not yet right"
    sheet.page.keyboard.press("Backspace")
    assert sheet.said()["loss"] == []
    expect(sheet.step("loss").locator(".verdict strong")).to_have_text("Not yet right")
    assert sheet.page.evaluate("document.activeElement.name") == "loss"


def test_nothing_is_announced_again_where_nothing_has_changed(
    sheet: Worksheet,
) -> None:
    sheet.fill(solved())
    sheet.page.evaluate(
        """() => {
            window.announced = [];
            const note = (records) => announced.push(...records.map(({target}) =>
                target.parentElement.closest("[data-step]").dataset.step));
            for (const region of document.querySelectorAll("[data-step] .verdict"))
                new MutationObserver(note).observe(region,
                    {childList: true, characterData: true, subtree: true});
        }"""
    )
    sheet.fill({"b1_updated[0]": "7", "b1_updated[1]": "8"})
    assert set(sheet.page.evaluate("announced")) == {"b1_updated"}


def test_what_follows_from_nothing_is_flagged_for_a_person(sheet: Worksheet) -> None:
    zero = work_out(EXERCISE, given={"dL_dy": [0.0]})
    texts = texts_of(zero, 2)
    sheet.fill(texts)
    assert [m.name for m in marks_of(texts) if "trivial" in m.flags]
    assert differences(sheet, texts) == []
    assert "a person" in sheet.said()["dL_dw2"][2]


@pytest.mark.parametrize("box", ["loss", "a[1]"])
def test_whatever_is_typed_the_page_lives_on(sheet: Worksheet, box: str) -> None:
    right = solved()
    sheet.fill(right)
    for text in ODD:
        sheet.fill({box: text})
        verdict = sheet.verdicts()[box.partition("[")[0]]
        assert verdict in ("correct", "wrong", "missing"), text
    sheet.fill({box: right[box]})
    assert sheet.points() == "6 of 6 points"


def test_a_megabyte_is_no_answer_and_does_no_harm(sheet: Worksheet) -> None:
    sheet.fill(solved())
    for text in (
        "1" * 1_000_000,
        "x" * 1_000_000,
        " " * 1_000_000 + "1",
        "-" * 1_000_000,
    ):
        sheet.box("loss").fill(text)
        sheet.box("y[0]").fill("")
    sheet.fill(solved())
    assert sheet.points() == "6 of 6 points"


def test_no_hint_gives_a_value_away(sheet: Worksheet) -> None:
    right = solved(digits=4)
    sheet.fill(dict.fromkeys(right, "0.77"))
    said = " ".join(" ".join(lines) for lines in sheet.said().values())
    assert "Not yet right" in said
    assert not [value for value in right.values() if value.lstrip("-")[:4] in said]
