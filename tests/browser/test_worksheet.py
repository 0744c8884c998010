"""The worksheet judges what is typed as Python judges it, at once and kindly."""

import numpy as np
import pytest
from playwright.sync_api import expect

from mlp_exercise.part1.feedback import PHRASES
from mlp_exercise.part1.simulation import STYLES, fill_in
from mlp_exercise.part1.steps import STEPS
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE
from tests.browser.worksheet import (
    BOXES,
    Shown,
    Texts,
    Worksheet,
    marks_of,
    solved,
    texts_of,
    verdicts_of,
)

ODD = (
    *("0,29", "−0.29", " 0.29 ", "0.29.", "1e400", "-1e400", "NaN", "inf", "0x1F"),
    *("1_000", "½", "٠٫٣", "None", "<b>1</b>", "{points}", "$&", "[0.3]", "1 2", "--1"),
    *(".", "-", "e", "'", '"', "\\", "\u0000", "\ud83d\ude00", "\u200b0.3"),
    *("0.3" + "0" * 90, "9" * 100, "1" * 1_000_000, "x" * 1_000_000, "-" * 1_000_000),
    " " * 1_000_000 + "1",
)
"""What may be typed or pasted in place of a number."""
NOTE_SAID = """() => {
    window.announced = [];
    const note = (records) => announced.push(...records.map(({target}) =>
        target.parentElement.closest("[data-step]").dataset.step));
    for (const region of document.querySelectorAll("[data-step] .verdict"))
        new MutationObserver(note).observe(region,
            {childList: true, characterData: true, subtree: true});
}"""
AT_ONCE = """(input, texts) => texts.map((text) => {
    input.value = text;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    return [...document.querySelectorAll("[data-step]")].map(
        ({dataset}) => dataset.verdict);  // at once, in the same task
})"""


def differences(shown: Shown, texts: Texts) -> list[str]:
    """Hold what the page says against what Python says of the same texts."""
    marks = marks_of(texts)
    found = []
    for m in marks:
        said = shown.said[m.name]
        is_told = m.verdict != "correct" and said
        words = said[-1] if is_told else m.feedback
        if (shown.verdicts[m.name], words) != (m.verdict, m.feedback):
            found.append(f"{shown.verdicts[m.name]} {said}, expected {m}, of {texts}")
    points = f"{sum(m.points for m in marks):g} of 6 points"
    return found + ([f"{shown.points}, of {texts}"] if shown.points != points else [])


@pytest.mark.parametrize("digits", [2, None])
def test_a_solved_sheet_gets_all_points(sheet: Worksheet, digits: int | None) -> None:
    (shown,) = sheet.fill(solved(digits=digits))
    assert set(shown.verdicts.values()) == {"correct"}
    assert set(map(tuple, shown.said.values())) == {("Correct",)}
    assert shown.points == "6 of 6 points"


def test_an_empty_sheet_and_an_empty_box(sheet: Worksheet) -> None:
    shown = sheet.shown()
    assert shown.verdicts == {step.name: "missing" for step in STEPS}
    assert set(map(tuple, shown.said.values())) == {()}
    assert shown.points == "0 of 6 points"
    texts = {"a[0]": "0.3", "z[0]": "0.29", "z[1]": "0.24"}
    (shown,) = sheet.fill(texts)
    assert shown.said["a"] == ["Still missing: a[1]."]
    assert shown.verdicts["z"] == verdicts_of(texts)["z"] == "blocked"
    assert shown.said["z"] == [
        "Waiting",
        "This can be checked once there are numbers in a.",
    ]


@pytest.mark.parametrize("text", ["abc", "1/0", "0.3, 0.24", "[0.3, 0.24]"])
def test_what_cannot_be_read_is_said_at_its_box_while_another_is_empty(
    sheet: Worksheet, text: str
) -> None:
    (shown,) = sheet.fill({"a[0]": text})
    (said,) = shown.said["a"]
    assert text in said
    assert said.endswith("Still missing: a[1].")
    assert differences(shown, {"a[0]": text}) == []
    invalid = sheet.part.locator("input[aria-invalid=true]")
    assert [each.get_attribute("name") for each in invalid.all()] == ["a[0]"]


def test_a_slip_costs_one_answer_and_others_follow(sheet: Worksheet) -> None:
    texts = texts_of(work_out(EXERCISE, given={"a": [0.5, 0.24]}), 3)
    (shown,) = sheet.fill(texts)
    assert shown.verdicts["a"] == "wrong"
    assert shown.verdicts["z"] == shown.verdicts["y"] == "follow-through"
    assert shown.said["z"] == ["Follows through", PHRASES["follow-through"]]
    assert shown.points == "5.5 of 6 points"
    assert differences(shown, texts) == []


def test_what_follows_from_nothing_is_flagged_for_a_person(sheet: Worksheet) -> None:
    texts = texts_of(work_out(EXERCISE, given={"dL_dy": [0.0]}), 2)
    (shown,) = sheet.fill(texts)
    assert [m.name for m in marks_of(texts) if "trivial" in m.flags]
    assert differences(shown, texts) == []
    assert "a person" in shown.said["dL_dw2"][1]


def test_named_mistakes_get_the_words_of_python(sheet: Worksheet) -> None:
    right, sheets = solved(digits=4), []
    for mistake in PEN_AND_PAPER:
        answer = {mistake.answer: mistake.made_in(EXERCISE)}
        wrong = texts_of({**work_out(EXERCISE), **answer}, 4)
        sheets.append(right | {box: wrong[box] for box in BOXES[mistake.answer]})
    shown = sheet.fill(*sheets)
    assert [line for each in map(differences, shown, sheets) for line in each] == []
    named = [
        mistake
        for mistake, each in zip(PEN_AND_PAPER, shown, strict=True)
        if mistake.name in " ".join(each.said[mistake.answer])
    ]
    assert len(named) > len(PEN_AND_PAPER) / 2  # the exercise's numbers hide some


def test_random_sheets_are_judged_as_python_judges_them(sheet: Worksheet) -> None:
    rng = np.random.default_rng(6)
    sheets = []
    for number in range(40):
        mistake = PEN_AND_PAPER[rng.integers(len(PEN_AND_PAPER))]
        style = STYLES[number % len(STYLES)]
        answers = fill_in(EXERCISE, style, rng, mistake if number % 3 else None)
        texts = texts_of(answers)
        for box in rng.choice([*texts], size=number % 5, replace=False):
            texts[box] = str(rng.choice(["", "0", "2000", "0,5", "x", "-0.21"]))
        sheets.append(texts)
    shown = sheet.fill(*sheets)
    assert [line for each in map(differences, shown, sheets) for line in each] == []


def test_every_key_is_judged_before_the_next_one(sheet: Worksheet) -> None:
    right = solved()
    sheet.fill({name: text for name, text in right.items() if name != "a[0]"})
    typed = ["0", "0.", "0.3", "0.30"]
    expected = [[*verdicts_of(right | {"a[0]": text}).values()] for text in typed]
    assert sheet.box("a[0]").evaluate(AT_ONCE, typed) == expected


def test_a_half_typed_number_is_not_called_wrong(sheet: Worksheet) -> None:
    sheet.fill(solved() | {"loss": ""})
    sheet.box("loss").focus()
    said = sheet.step("loss").locator(".verdict strong")
    keyboard = sheet.page.keyboard
    keyboard.type("0.")
    assert sheet.step("loss").get_attribute("data-verdict") == "wrong"
    assert said.count() == 0
    keyboard.type("03")
    assert said.inner_text() == "Correct"  # good news need not wait
    keyboard.press("Backspace")
    assert said.count() == 0
    keyboard.press("Enter")
    assert said.inner_text() == "Not yet right"
    keyboard.press("Backspace")
    assert said.count() == 0
    expect(said).to_have_text("Not yet right")
    assert sheet.page.evaluate("document.activeElement.name") == "loss"


def test_what_has_not_changed_is_not_announced_again(sheet: Worksheet) -> None:
    sheet.fill(solved())
    sheet.page.evaluate(NOTE_SAID)
    sheet.fill({"b1_updated[0]": "7", "b1_updated[1]": "8"})
    assert set(sheet.page.evaluate("announced")) == {"b1_updated"}


@pytest.mark.parametrize("box", ["loss", "a[1]"])
def test_whatever_is_typed_the_page_lives_on(sheet: Worksheet, box: str) -> None:
    right = solved()
    sheet.fill(right)
    for text, shown in zip(
        ODD, sheet.fill(*({box: text} for text in ODD)), strict=True
    ):
        verdict = shown.verdicts[box.partition("[")[0]]
        assert verdict in ("correct", "wrong", "missing"), text[:100]
    (shown,) = sheet.fill({box: right[box]})
    assert shown.points == "6 of 6 points"


def test_no_hint_gives_a_value_away(sheet: Worksheet) -> None:
    right = solved(digits=4)
    (shown,) = sheet.fill(dict.fromkeys(right, "0.77"))
    said = " ".join(" ".join(lines) for lines in shown.said.values())
    assert "Not yet right" in said
    assert not [value for value in right.values() if value.lstrip("-")[:4] in said]
