"""The worksheet as a reader uses it, and what Python says of the same answers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page

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
READY = ".worksheet.ready"
BOXES = {
    step.name: [*elements(step.name, work_out(EXERCISE)[step.name])] for step in STEPS
}
"""The names of the boxes of each step."""

Texts = dict[str, str]


class Worksheet:
    """The worksheet on an open page.

    Parameters
    ----------
    page
        A page.
    server
        The site.
    fragment
        What stands behind the page's address.
    """

    def __init__(self, page: Page, server: SiteServer, fragment: str = "") -> None:
        self.page = page
        self.address = server.address(PAGE)
        page.goto(self.address + fragment)
        self.part = page.locator(READY)
        self.part.wait_for()

    def box(self, name: str) -> Locator:
        return self.part.locator(f'fieldset input[name="{name}"]')

    def button(self, action: str) -> Locator:
        return self.part.locator(f'button[data-action="{action}"]')

    def step(self, name: str) -> Locator:
        return self.part.locator(f'[data-step="{name}"]')

    def fill(self, texts: Mapping[str, str]) -> None:
        """Put texts into boxes, and leave the last one, as a reader does in the end."""
        for name, text in texts.items():
            self.box(name).fill(text)
        self.page.keyboard.press("Tab")

    def texts(self) -> Texts:
        """Read what stands in the boxes that are not empty."""
        found: Texts = self.part.evaluate(
            """part => Object.fromEntries([...part.querySelectorAll("fieldset input")]
                .filter(({value}) => value).map(({name, value}) => [name, value]))"""
        )
        return found

    def verdicts(self) -> dict[str, str]:
        found: dict[str, str] = self.part.evaluate(
            """part => Object.fromEntries([...part.querySelectorAll("[data-step]")]
                .map(({dataset}) => [dataset.step, dataset.verdict]))"""
        )
        return found

    def said(self) -> dict[str, list[str]]:
        """Read what is said of each step: a title and further lines."""
        found: dict[str, list[str]] = self.part.evaluate(
            """part => Object.fromEntries([...part.querySelectorAll("[data-step]")].map((step) =>
                [step.dataset.step, [...step.querySelector(".verdict").children]
                    .map(({textContent}) => textContent)]))"""
        )
        return found

    def points(self) -> str:
        return self.part.locator(".points output").inner_text()

    def message(self) -> str:
        return self.part.locator(".message").inner_text()

    def given(self) -> dict[str, float]:
        """Read the given numbers, as they are shown and as they are kept."""
        shown: list[tuple[str, str, str]] = self.part.evaluate(
            """part => [...part.querySelectorAll(".given [data-quantity]")].map((number) =>
                [number.dataset.quantity, number.dataset.value, number.textContent])"""
        )
        for _, value, text in shown:
            assert float(text.replace("−", "-")) == float(value)
        return {name: float(value) for name, value, _ in shown}


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


def answers_of(texts: Mapping[str, str]) -> dict[str, Plain]:
    """Read texts as Python would: numbers are numbers, other texts are texts."""
    answers: dict[str, Plain] = {}
    for step in STEPS:
        given = [_answer(texts.get(box, "")) for box in BOXES[step.name]]
        answers[step.name] = nest(given, step.shape)
    return answers


def _answer(text: str) -> Plain:
    text = text.strip()
    if not text:
        return None
    ascii_text = text.replace("−", "-")
    number = re.fullmatch(r"(?ai)[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", ascii_text)
    return plain(float(ascii_text) if number else text)


def marks_of(
    texts: Mapping[str, str], example: WorkedExample = EXERCISE
) -> Sequence[StepMark]:
    """Mark the sheet with Python."""
    return mark(answers_of(texts), example)


def verdicts_of(
    texts: Mapping[str, str], example: WorkedExample = EXERCISE
) -> dict[str, str]:
    """Mark the sheet with Python and give the verdicts."""
    return {m.name: m.verdict for m in marks_of(texts, example)}
