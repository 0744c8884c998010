"""The explorer as tests use it: opened, set by its address, and read."""

import json
import random
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Locator, Page

from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import LESSON, WorkedExample
from tests.browser.site_server import SiteServer

ADDRESS = "explorer.html"
LESSON_PAGE = "tutorials/01_pen_and_paper.html"
FIELDS = ("x", "t", "W1", "b1", "W2", "b2", "learning_rate")
"""The order of the numbers in the address."""

READ = """() => Object.fromEntries([...document.querySelectorAll("[data-quantity]")].map(
    ({dataset, textContent}) => [dataset.quantity, [Number(dataset.value), textContent]]))"""
ARRIVE = f"""(fragments) => fragments.map((fragment) => {{
    history.replaceState(null, "", fragment);
    dispatchEvent(new HashChangeEvent("hashchange"));
    return ({READ})();
}})"""


def numbers_of(example: WorkedExample) -> dict[str, float]:
    """Name the given numbers of a network, in the order of the address."""
    pairs = [elements(name, getattr(example, name)) for name in FIELDS]
    return {name: value for pair in pairs for name, value in pair.items()}


def address(example: WorkedExample = LESSON, /, **more: Any) -> str:
    """Write the fragment that shows a network in full precision."""
    parts = [f"numbers={','.join(map(repr, numbers_of(example).values()))}"]
    return "#" + "&".join(parts + [f"{key}={value}" for key, value in more.items()])


def opened(page: Page, server: SiteServer, fragment: str = "") -> Locator:
    """Open the explorer's own page, anew, and wait for its program."""
    if page.url != "about:blank":
        page.goto("about:blank")
    page.goto(server.address(ADDRESS) + fragment)
    page.wait_for_selector(".explorer svg[role=group]", state="attached")
    return page.locator(".explorer")


def place(explorer: Locator, name: str) -> Locator:
    """Find a place in that form of the picture which is in sight."""
    return explorer.locator(f"[data-place={name}]:visible")


def box_of(explorer: Locator, name: str) -> Locator:
    """Unfold all numbers, and find the box of one."""
    explorer.locator(".all-numbers").evaluate("(fold) => { fold.open = true; }")
    return explorer.locator(f"input[type=text][data-control='{name}']").last


def read(page: Page) -> dict[str, float]:
    """Read every quantity that the page has."""
    return {name: value for name, (value, _) in page.evaluate(READ).items()}


def texts(page: Page) -> dict[str, str]:
    """Read what stands there of every quantity."""
    return {name: text for name, (_, text) in page.evaluate(READ).items()}


def arrive(page: Page, fragments: Iterable[str]) -> list[dict[str, float]]:
    """Show one state after another, as a change of the address does, and read each."""
    found = page.evaluate(ARRIVE, [*fragments])
    return [{name: value for name, (value, _) in one.items()} for one in found]


def fragment_of(page: Page) -> str:
    """Read the address once things have come to rest."""
    # Timers of one page fire in order: the program's, of 50 ms, comes before this one.
    rest = "new Promise((done) => setTimeout(() => done(location.hash), 60))"
    return str(page.evaluate(rest))


def data_of(page: Page) -> Any:
    """Read what the build has told the program."""
    return json.loads(page.locator("#course-data").text_content() or "")


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
    found = numbers_of(example)
    for name, value in solution._asdict().items():
        found |= elements(name, value)
    return found | {"loss_updated": manual.solve(example.after_update(solution)).loss}
