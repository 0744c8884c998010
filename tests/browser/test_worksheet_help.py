"""Help with an answer comes in three rungs: the rule, the numbers put in, the result."""

import re

import pytest
from playwright.sync_api import Page, expect

from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE
from tests.browser.site_server import SiteServer
from tests.browser.worksheet import Worksheet, given_of

ON_THE_WAY = {"dL_dw1": ["dL_dz", "dL_da"], "b1_updated": ["dL_dz", "dL_da", "dL_db1"]}
"""What must be worked out for an answer and is not asked for itself."""
QUANTITIES = """(all) => all.map(({dataset, textContent}) =>
    [dataset.quantity, Number(dataset.value), textContent])"""
ADDED = """(panel) => {
    window.added = [];
    new MutationObserver((records) => added.push(...records.flatMap(
        ({addedNodes}) => [...addedNodes].map(({textContent}) => textContent.trim()))))
        .observe(panel, {childList: true, subtree: true});
}"""


@pytest.mark.parametrize("seed", [None, 7])
def test_the_three_rungs_lead_to_what_manual_gives(
    page: Page, server: SiteServer, seed: int | None
) -> None:
    sheet = Worksheet(page, server, "" if seed is None else f"#variant={seed}")
    example = EXERCISE if seed is None else variant(seed)
    if seed is not None:
        sheet.part.locator(".whose", has_text=f"Variant {seed}").wait_for()
    solution = manual.solve(example)._asdict()
    for step in STEPS:
        button = sheet.step(step.name).get_by_role("button")
        working = sheet.help(step.name)
        expect(button).to_have_attribute("aria-expanded", "true")
        rule = working.inner_text()
        assert re.search(r"[=←] ?\S", rule)
        assert not re.search(r"\d\.\d|=.*=", rule)  # neither numbers nor a result
        sheet.help(step.name)
        assert working.locator("[data-quantity]").count() == 0
        assert re.search(r"\d", working.inner_text().removeprefix(rule))
        sheet.help(step.name)
        shown = working.locator("[data-quantity]").evaluate_all(QUANTITIES)
        names = [*ON_THE_WAY.get(step.name, []), step.name]
        pairs = [pair for n in names for pair in elements(n, solution[n]).items()]
        assert [(name, value) for name, value, _ in shown] == pairs
        for _, value, text in shown:
            assert abs(float(text.replace("−", "-")) - value) <= 0.5001e-4
        if step.name == "a":
            given = given_of(example)
            for name in ("W1[0][0]", "x[1]", "b1[1]"):
                written = str(given[name]).replace("-", "−")
                assert written in working.inner_text()
        for line in working.locator(".line").all_inner_texts():
            *_, numbers, result = re.split(r"[=≈←]", line.replace("−", "-"))
            python = numbers.replace("·", "*").replace("²", "**2").replace("\n", " ")
            if "tanh" not in python:
                value = eval(python, {"__builtins__": {}})  # noqa: S307 - numbers, signs
                assert abs(value - float(result)) < 2e-4, line
        sheet.help(step.name)
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(working).to_be_empty()
    # That of other numbers is put away.
    working = sheet.help("a")
    whose = sheet.part.locator(".whose")
    before = whose.inner_text()
    sheet.button("draw").click()
    expect(whose).not_to_have_text(before)
    expect(working).to_be_empty()


def test_help_goes_on_from_the_reader_s_own_answers(sheet: Worksheet) -> None:
    own = {"z": [0.5, 0.25], "dL_dy": [-0.4]}
    sheet.fill({"z[0]": "1/2", "z[1]": "0,25", "dL_dy[0]": "−0.4", "y[0]": "none"})
    right = manual.work_out(EXERCISE, given=own)
    for name, used in (("y", "z"), ("dL_dw2", "z, dL_dy"), ("dL_dw1", "z, dL_dy")):
        working = sheet.help(name, 2)
        told = working.locator(".yours").inner_text()
        assert told == f"This goes on from your own {used}."
        sheet.help(name)
        shown = working.locator("[data-quantity]").evaluate_all(QUANTITIES)
        values = elements(name, right[name])
        assert {n: v for n, v, _ in shown if n in values} == pytest.approx(values)
    # An answer that is no number leaves the given way.
    working = sheet.help("loss", 2)
    assert working.locator(".yours").count() == 0
    assert "0.3155" in working.inner_text()


def test_each_rung_says_only_what_is_new(sheet: Worksheet) -> None:
    working = sheet.help("y")
    assert working.get_attribute("aria-live") == "polite"
    rule = working.inner_text()
    working.evaluate(ADDED)
    for _ in range(2):
        sheet.help("y")
        said = " ".join(sheet.page.evaluate("added.splice(0)"))
        assert said[0] in "=≈"
        assert rule not in said
