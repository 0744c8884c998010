"""The worksheet as a reader uses it, and what Python says of the same answers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page, expect

from mlp_exercise.check import StepMark
from mlp_exercise.part1.boxes import nest
from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.values import Plain, plain
from mlp_reference.manual import work_out
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.browser.site_server import SiteServer

PAGE = "exercises/ex1_01_pen_and_paper.html"
BOXES = {
    step.name: [*elements(step.name, work_out(EXERCISE)[step.name])] for step in STEPS
}
"""The names of the boxes of each step."""

# Each box is entered, changed and left, as a reader does.
FILL = """(part, sheets) => sheets.map((texts) => {
    for (const [name, text] of Object.entries(texts)) {
        const box = part.querySelector(`.answer input[name="${name}"]`);
        box.focus();
        box.value = text;
        box.dispatchEvent(new Event("input", {bubbles: true}));
    }
    document.activeElement.blur();
    const steps = [...part.querySelectorAll(".answer")];
    const lines = (step) => [...step.querySelector(".verdict").children];
    return [
        Object.fromEntries(steps.map(({dataset}) => [dataset.step, dataset.verdict])),
        Object.fromEntries(steps.map((step) =>
            [step.dataset.step, lines(step).map(({textContent}) => textContent)])),
        part.querySelector(".points output").textContent,
    ];
})"""
TEXTS = """(part) => Object.fromEntries([...part.querySelectorAll(".answer input")]
    .filter(({value}) => value).map(({name, value}) => [name, value]))"""
GIVEN = """(part) => [...part.querySelectorAll(".worksheet .given [data-quantity]")].map((number) =>
    [number.dataset.quantity, number.dataset.value, number.textContent])"""

Texts = dict[str, str]


class Shown(NamedTuple):
    """What the sheet says: a verdict, and a title and further lines, for each step."""

    verdicts: dict[str, str]
    said: dict[str, list[str]]
    points: str


class Worksheet:
    """The worksheet on an open page."""

    def __init__(self, page: Page, server: SiteServer, fragment: str = "") -> None:
        self.page = page
        self.address = server.address(PAGE)
        page.goto(self.address + fragment)
        self.part = page.locator("article", has=page.locator(".worksheet.ready"))
        self.part.wait_for()

    def box(self, name: str) -> Locator:
        return self.part.locator(f'.answer input[name="{name}"]')

    def button(self, action: str) -> Locator:
        return self.part.locator(f'button[data-action="{action}"]')

    def step(self, name: str) -> Locator:
        return self.part.locator(f'.answer[data-step="{name}"]')

    def mark(self, name: str) -> Locator:
        """Return the link of the strip that leads to a step."""
        return self.part.locator(f'.strip [data-mark="{name}"]')

    def help(self, name: str, rungs: int = 1) -> Locator:
        """Go on by so many rungs of help with a step, and return where it stands."""
        place = self.step(name)
        for _ in range(rungs):
            before = place.get_attribute("data-rung") or "0"
            place.get_by_role("button").click()
            expect(place).not_to_have_attribute("data-rung", before)
            expect(place).to_have_attribute("data-rung", re.compile(r"\d"))
        return place.locator(".working")

    def fill(self, *sheets: Mapping[str, str]) -> list[Shown]:
        """Put texts into boxes, one sheet after the other, and read what is said."""
        return [Shown(*each) for each in self.part.evaluate(FILL, sheets)]

    def shown(self) -> Shown:
        (shown,) = self.fill({})
        return shown

    def texts(self) -> Texts:
        """Read what stands in the boxes that are not empty."""
        return dict(self.part.evaluate(TEXTS))

    def message(self) -> str:
        return self.part.locator(".message").inner_text()

    def given(self) -> dict[str, float]:
        """Read the given numbers, as they are shown and as they are kept."""
        shown: list[tuple[str, str, str]] = self.part.evaluate(GIVEN)
        for _, value, text in shown:
            assert float(text.replace("−", "-")) == float(value)
        return {name: float(value) for name, value, _ in shown}

    def take(self, seed: str) -> None:
        """Ask for the variant of a seed."""
        self.part.get_by_label("Variant").fill(seed)
        self.part.get_by_role("button", name="Show", exact=True).click()


def given_of(example: WorkedExample) -> dict[str, float]:
    """List the given numbers of a network by the names of their elements."""
    pairs = vars(example).items()
    return {key: v for name, value in pairs for key, v in elements(name, value).items()}


def texts_of(answers: Mapping[str, Any], digits: int | None = None) -> Texts:
    """Write answers down, box by box."""
    return {
        box: repr(value) if digits is None else f"{value:.{digits}f}"
        for step in STEPS
        for box, value in elements(step.name, answers[step.name]).items()
    }


def solved(example: WorkedExample = EXERCISE, digits: int | None = 2) -> Texts:
    """Write down the right answers."""
    return texts_of(work_out(example), digits)


def marks_of(
    texts: Mapping[str, str], example: WorkedExample = EXERCISE
) -> Sequence[StepMark]:
    """Mark the sheet with Python."""
    answers: dict[str, Plain] = {}
    for step in STEPS:
        given: list[Any] = [plain(texts.get(box, "")) for box in BOXES[step.name]]
        answers[step.name] = nest(given, step.shape)
    return mark(answers, example)


def verdicts_of(
    texts: Mapping[str, str], example: WorkedExample = EXERCISE
) -> dict[str, str]:
    """Mark the sheet with Python and return the verdicts."""
    return {m.name: m.verdict for m in marks_of(texts, example)}
