"""The explorer's numbers are those of `manual.solve`, and its address holds all that it shows."""

import gzip
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mlp_reference.worked_example import LESSON
from tests.browser.explorer import (
    ADDRESS,
    LESSON_PAGE,
    address,
    arrive,
    data_of,
    drawn,
    expected,
    fragment_of,
    numbers_of,
    read,
)
from tests.browser.site_server import SiteServer

Explore = Callable[..., Locator]
STATES = 1000
SCRIPT_BUDGET = 20_000
NUMBERS = address().removeprefix("#")
NO_STATES = (
    *("#did-it-help", "#", "#%E0%A4%A", "#numbers", "#numbers=", "#numbers=%E0%A4%A"),
    *("#x=1&numbers=1", "#__proto__=1", f"#{NUMBERS},1"),
    *(f"#{NUMBERS.rpartition(',')[0]}", f"#{NUMBERS}{'0' * 3_000_000}"),
    f"#numbers={'1,' * 1_000_000}",
    *(
        f"#{NUMBERS.replace('0.7', bad)}"
        for bad in ("1e400", "NaN", "Infinity", "", "0x1", "1e7", "a", "1_0", "--1")
    ),
)
TURN_TO = """(fragment) => new Promise((done) => {
    addEventListener("hashchange", done, {once: true});
    location.hash = fragment;
    setTimeout(done, 200); // where the address stays as it is
})"""
SET = """(control, value) => {
    control.value = value;
    control.dispatchEvent(new Event("input", {bubbles: true}));
    const cell = document.querySelector(`[data-quantity="${control.dataset.control}"]`);
    return Number(cell.dataset.value);
}"""
THERE_AND_BACK = """async (fragment) => {
    const folder = document.querySelector("script[src*='explorer.js']").src;
    const {read, write} = await import(new URL("state.js", folder));
    const data = JSON.parse(document.getElementById("course-data").textContent);
    return write(read(fragment, data), data);
}"""


def differing(
    found: dict[str, float], wanted: dict[str, float], tolerance: float
) -> list[str]:
    """Name the quantities that are off by more, relative to the larger from 1 on."""
    return [
        name
        for name, value in wanted.items()
        if not abs(found[name] - value)
        <= tolerance * max(1, abs(found[name]), abs(value))
    ]


def test_numbers_are_those_of_manual_and_of_differences(explore: Explore) -> None:
    page = explore().page
    rng = random.Random(6)  # noqa: S311 - not for secrets
    networks = [drawn(rng) for _ in range(STATES)]
    shown = arrive(page, [address(each) for each in networks])
    for network, found in zip(networks, shown, strict=True):
        assert differing(found, expected(network), 1e-12) == [], network
        numeric = {name for name in found if name.startswith("numeric_")}
        gradients = {name: found[name.removeprefix("numeric_")] for name in numeric}
        assert len(numeric) == 14
        assert differing(found, gradients, 1e-6) == [], network


@pytest.mark.parametrize("kind", ["range", "text"])
def test_a_control_changes_all_that_depends_on_it(kind: str, explore: Explore) -> None:
    explorer = explore(address())
    names = data_of(explorer.page)["names"]
    controls = explorer.locator(f"input[type={kind}][data-control]")
    assert controls.count() == len(names)
    rng = random.Random(8)  # noqa: S311 - not for secrets
    example = drawn(rng)
    for part in (
        *example.W1,
        example.b1,
        *example.W2,
        example.b2,
        example.x,
        example.t,
    ):
        part[:] = [round(rng.uniform(0, 2), 2) for _ in part]
    object.__setattr__(example, "learning_rate", 0.37)
    values = numbers_of(example)
    assert list(values) == names
    for name, value in values.items():
        control = explorer.locator(f'input[type={kind}][data-control="{name}"]')
        assert control.evaluate(SET, value) == value
    found = read(explorer.page)
    written = ",".join(f"{value:g}" for value in values.values())
    assert fragment_of(explorer.page) == f"#numbers={written}"
    assert [found] == arrive(explorer.page, [f"#numbers={written}"])
    assert differing(found, expected(example), 1e-12) == []


def test_the_network_is_there_before_any_program_and_stays_the_same(
    explore: Explore, plain: Page, server: SiteServer
) -> None:
    page = explore().page
    plain.goto(server.address(ADDRESS))
    # The build writes six decimals, so that its pages are the same on every machine.
    assert read(plain) == pytest.approx(read(page), abs=1e-6)
    # The program adds texts of its own, which are hidden until they have something to say.
    added = "[data-shows=next], [data-shows=sign], [data-shows=was]"
    shown = f"[data-quantity], .explorer svg.picture text:not({added})"
    texts = [each.locator(shown).all_text_contents() for each in (plain, page)]
    assert texts[0] == texts[1]
    quantities = page.locator("[data-quantity]").count()
    assert quantities == len(read(page))  # each has one place
    assert expected(LESSON).keys() <= read(page).keys()


# -- The address


def test_the_address_is_written_with_the_first_change_only(explore: Explore) -> None:
    explorer = explore()
    assert fragment_of(explorer.page) == ""
    explorer.locator("[data-do=update]").click()
    assert fragment_of(explorer.page).endswith("&updates=1&at=W1_13")


@pytest.mark.parametrize(
    "more",
    [
        {"updates": 7},
        {"step": 0},
        {"step": 5, "at": "W2_11"},
        {"at": "x2", "predict": 1, "seen": "W1_11.y", "guessed": 2, "right": 1},
        {"updates": 3, "step": 12, "at": "L", "predict": 1},
    ],
    ids=str,
)
def test_a_state_comes_back_from_its_address(
    more: dict[str, object], explore: Explore
) -> None:
    network = drawn(random.Random(9))  # noqa: S311 - not for secrets
    fragment = address(network, **more)
    shown = []
    for _ in range(2):
        explorer = explore(fragment)
        explorer.locator("[data-control=learning_rate][type=text]").focus()
        shown.append(explorer.inner_html())
    assert shown[0] == shown[1]
    assert explorer.page.evaluate(THERE_AND_BACK, fragment) == fragment


def test_what_is_no_state_changes_nothing_and_breaks_nothing(explore: Explore) -> None:
    explorer = explore()
    page = explorer.page
    before = read(page)
    for fragment in NO_STATES:
        page.evaluate(TURN_TO, fragment)
        # Back to an address without a state is back to the beginning.
        assert read(page) == before, fragment[:40]
        explorer.locator("[data-do=update]").click()
        assert read(page) != before, fragment[:40]
        explorer.locator("[data-do=start]").click()
        assert read(page) == before
        fragment_of(page)


def test_other_parts_are_clamped_or_left_out(explore: Explore) -> None:
    page = explore().page
    slow = address().rpartition(",")[0] + ",0.01"
    for more, meant in {
        "&updates=1000000": "&updates=200",
        "&updates=-1&step=99&at=nowhere": "",
        "&updates=1e400&step=NaN&predict=yes": "",
        "&at=constructor&seen=toString.y..y&right=9": "&seen=y",
        "&unknown=%E0%A4%A&at=y": "&at=y",
    }.items():
        written = [page.evaluate(THERE_AND_BACK, slow + each) for each in (more, meant)]
        assert written[0] == written[1] == slow + meant
        shown, wanted = arrive(page, [slow + more, slow + meant])
        assert shown == wanted
    (found,) = arrive(page, [address().rpartition(",")[0] + ",-1"])
    assert found["learning_rate"] == 0  # a negative step is none


def test_the_lesson_links_to_every_experiment_with_its_question(
    page: Page, explore: Explore, server: SiteServer
) -> None:
    experiments = data_of(explore().page)["experiments"].values()
    wanted = [(each["title"], each["question"]) for each in experiments]
    page.goto(server.address(LESSON_PAGE))
    items = page.locator("li:has(a[href*='explorer.html#'])")
    assert items.count() == len(wanted) == 6
    for item, (title, question) in zip(items.all(), wanted, strict=True):
        assert item.inner_text() == f"{title}: {question}"
    items.locator("a").nth(2).click()
    page.wait_for_selector(".explorer svg[role=group]")
    expect(page.locator(".explorer .question")).to_have_text(wanted[2][1])
    assert page.locator(".explorer .panel .title").inner_text() == "∂L/∂W1,11"


def test_links_to_headings_work_as_ever(page: Page, server: SiteServer) -> None:
    heading = "did-it-help"
    page.goto(server.address(f"{LESSON_PAGE}#{heading}"))
    top = f"document.getElementById('{heading}').getBoundingClientRect().top"
    page.wait_for_function(f"Math.abs({top}) < 150")
    assert page.evaluate("location.hash") == f"#{heading}"


# -- Weight


def test_the_script_of_a_page_is_light(site: Path) -> None:
    checked = 0
    for page in site.rglob("*.html"):
        names = re.findall(
            r'<link rel="modulepreload" href="([^"?]+)', page.read_text("utf-8")
        )
        files = [(page.parent / name).read_bytes() for name in names]
        assert sum(len(gzip.compress(body, 6)) for body in files) <= SCRIPT_BUDGET, page
        checked += bool(files)
    assert checked >= 2
