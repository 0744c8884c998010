"""The explorer as tests use it: opened, set by its address, and read."""

import json
import random
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Locator, Page

from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.browser.site_server import SiteServer

ADDRESS = "explorer.html"
LESSON = "tutorials/01_pen_and_paper.html"
FIELDS = ("x", "t", "W1", "b1", "W2", "b2", "learning_rate")
"""The order of the numbers in the address."""

READ = """() => Object.fromEntries([...document.querySelectorAll("[data-quantity]")].map(
    (element) => [element.dataset.quantity, element.dataset.value]))"""
ARRIVE = """(fragments) => fragments.map((fragment) => {
    history.replaceState(null, "", fragment);
    dispatchEvent(new HashChangeEvent("hashchange"));
    return Object.fromEntries([...document.querySelectorAll("[data-quantity]")].map(
        (element) => [element.dataset.quantity, element.dataset.value]));
})"""


def address(example: WorkedExample = EXERCISE, /, **more: Any) -> str:
    """Write the fragment that shows a network in full precision."""
    numbers = [
        value
        for name in FIELDS
        for value in elements(name, getattr(example, name)).values()
    ]
    parts = [f"numbers={','.join(map(repr, numbers))}"]
    return "#" + "&".join(parts + [f"{key}={value}" for key, value in more.items()])


def opened(page: Page, server: SiteServer, fragment: str = "") -> Locator:
    """Open the explorer's own page and wait for its program."""
    page.goto(server.address(ADDRESS) + fragment)
    page.wait_for_selector(".explorer svg[role=group]")
    return page.locator(".explorer")


def read(page: Page) -> dict[str, float]:
    """Read every quantity that the page has."""
    return {name: float(value) for name, value in page.evaluate(READ).items()}


def arrive(page: Page, fragments: Iterable[str]) -> list[dict[str, float]]:
    """Show one state after another, as a change of the address does, and read each."""
    found: list[dict[str, str]] = page.evaluate(ARRIVE, [*fragments])
    return [{name: float(value) for name, value in one.items()} for one in found]


def fragment_of(page: Page) -> str:
    """Read the address once things have come to rest."""
    # Timers of one page fire in order: the program's, of 50 ms, comes before this one.
    rest = "new Promise((done) => setTimeout(() => done(location.hash), 60))"
    return str(page.evaluate(rest))


def data_of(page: Page) -> dict[str, Any]:
    """Read what the build has told the program."""
    text = page.locator("#course-data").text_content()
    assert text
    found: dict[str, Any] = json.loads(text)
    return found


def drawn(rng: random.Random) -> WorkedExample:
    """Draw a network within the sliders' reach."""

    def vector(size: int) -> list[float]:
        return [rng.uniform(-2, 2) for _ in range(size)]

    return WorkedExample(
        W1=[vector(3), vector(3)],
        b1=vector(2),
        W2=[vector(2)],
        b2=vector(1),
        x=vector(3),
        t=vector(1),
        learning_rate=rng.uniform(0, 2),
    )


def expected(example: WorkedExample) -> dict[str, float]:
    """Work out what the page must show, differences aside."""
    solution = manual.solve(example)
    found: dict[str, float] = {}
    for name, value in (vars(example) | solution._asdict()).items():
        found |= elements(name, value)
    after = manual.solve(example.after_update(solution))
    return found | {"loss_updated": after.loss}
