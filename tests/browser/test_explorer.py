"""The explorer's numbers are those of `manual.solve`, and its address holds all that it shows."""

import gzip
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mlp_reference.worked_example import EXERCISE
from tests.browser.chromium import new_context
from tests.browser.explorer import (
    ADDRESS,
    LESSON,
    address,
    arrive,
    data_of,
    drawn,
    expected,
    fragment_of,
    opened,
    read,
)
from tests.browser.site_server import SiteServer
from tests.browser.watch import watch

STATES = 1000
SCRIPT_BUDGET = 20_000
NUMBERS = address().removeprefix("#")
NO_STATES = (
    *("#did-it-help", "#", "#%E0%A4%A", "#numbers", "#numbers=", "#numbers=%E0%A4%A"),
    f"#{NUMBERS},1",
    f"#{NUMBERS.rpartition(',')[0]}",
    *(
        f"#{NUMBERS.replace('0.7', bad)}"
        for bad in ("1e400", "NaN", "Infinity", "", "0x1", "1e7", "a", "1_0", "--1")
    ),
    f"#{NUMBERS}{'0' * 3_000_000}",
    f"#numbers={'1,' * 1_000_000}",
    "#x=1&numbers=1",
    "#__proto__=1",
)


def close(a: float, b: float, tolerance: float) -> bool:
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


# -- Numbers


def test_every_number_is_that_of_manual_on_a_thousand_networks(
    page: Page, server: SiteServer
) -> None:
    opened(page, server)
    rng = random.Random(6)  # noqa: S311 - not for secrets
    networks = [drawn(rng) for _ in range(STATES)]
    shown = arrive(page, [address(each) for each in networks])
    for network, found in zip(networks, shown, strict=True):
        for name, value in expected(network).items():
            assert close(found[name], value, 1e-12), (name, network)


def test_a_finite_difference_stands_beside_each_gradient_and_agrees(
    page: Page, server: SiteServer
) -> None:
    opened(page, server)
    rng = random.Random(7)  # noqa: S311 - not for secrets
    for found in arrive(page, [address(drawn(rng)) for _ in range(100)]):
        differences = [name for name in found if name.startswith("numeric_")]
        assert len(differences) == 14
        for name in differences:
            assert close(found[name], found[name.removeprefix("numeric_")], 1e-6), name


def test_the_page_holds_every_quantity_once(page: Page, server: SiteServer) -> None:
    opened(page, server)
    count = page.locator("[data-quantity]").count()
    found = read(page)
    assert count == len(found)
    assert expected(EXERCISE).keys() <= found.keys()


@pytest.mark.parametrize("kind", ["range", "number"])
def test_a_control_changes_all_that_depends_on_it_at_once(
    kind: str, page: Page, server: SiteServer
) -> None:
    opened(page, server)
    names: list[str] = data_of(page)["names"]
    assert page.locator(f"input[type={kind}][data-control]").count() == len(names)
    rng = random.Random(8)  # noqa: S311 - not for secrets
    values = {name: round(rng.uniform(0, 2), 2) for name in names}
    for name, value in values.items():
        control = page.locator(f'input[type={kind}][data-control="{name}"]')
        now = control.evaluate(
            """(control, value) => {
                control.value = value;
                control.dispatchEvent(new Event("input", {bubbles: true}));
                return document.querySelector(
                    `[data-quantity="${control.dataset.control}"]`).dataset.value;
            }""",
            value,
        )
        assert float(now) == value
    found = read(page)
    assert fragment_of(page) == "#numbers=" + ",".join(
        f"{v:g}" for v in values.values()
    )
    (again,) = arrive(page, [page.evaluate("location.hash")])
    assert found == again
    example = drawn(rng)
    given = {name: found[name] for name in names}
    assert given == values
    for field in ("x", "t", "b1", "b2"):
        size = len(getattr(example, field))
        getattr(example, field)[:] = [given[f"{field}[{i}]"] for i in range(size)]
    for field in ("W1", "W2"):
        for j, row in enumerate(getattr(example, field)):
            row[:] = [given[f"{field}[{j}][{k}]"] for k in range(len(row))]
    object.__setattr__(example, "learning_rate", given["learning_rate"])
    for name, value in expected(example).items():
        assert close(found[name], value, 1e-12), name


def test_the_exercise_is_there_before_any_program_and_stays_the_same(
    page: Page, server: SiteServer, browser: Browser
) -> None:
    opened(page, server)
    with new_context(browser, java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(server.address(ADDRESS))
        # The build writes six decimals, so that its pages are the same on every machine.
        assert read(plain) == pytest.approx(read(page), abs=1e-6)
        texts = [
            each.locator("[data-quantity], svg text").all_text_contents()
            for each in (plain, page)
        ]
        assert texts[0] == texts[1]


# -- The address


def test_the_address_is_written_with_the_first_change_only(
    page: Page, server: SiteServer
) -> None:
    opened(page, server)
    assert fragment_of(page) == ""
    page.locator(".explorer [data-do=update]").click()
    assert fragment_of(page).endswith("&updates=1")


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
def test_a_state_goes_into_the_address_and_comes_back(
    more: dict[str, object], page: Page, server: SiteServer
) -> None:
    network = drawn(random.Random(9))  # noqa: S311 - not for secrets
    fragment = address(network, **more)
    opened(page, server, fragment)
    page.locator("[data-control='t[0]'][type=number]").focus()
    before = page.locator(".explorer").inner_html()
    page.goto("about:blank")
    opened(page, server, fragment)
    page.locator("[data-control='t[0]'][type=number]").focus()
    assert page.locator(".explorer").inner_html() == before
    written = page.evaluate(
        """async (fragment) => {
            const folder = document.querySelector("script[src*='explorer.js']").src;
            const {read, write} = await import(new URL("state.js", folder));
            const data = JSON.parse(document.getElementById("course-data").textContent);
            return write(read(fragment, data), data);
        }""",
        fragment,
    )
    assert written == fragment


@pytest.mark.parametrize("fragment", NO_STATES, ids=lambda text: text[:40])
def test_what_is_no_state_changes_nothing_and_breaks_nothing(
    fragment: str, page: Page, server: SiteServer
) -> None:
    _, failures = watch(page, server)
    opened(page, server)
    before = read(page)
    page.evaluate(
        """(fragment) => new Promise((done) => {
            addEventListener("hashchange", done, {once: true});
            location.hash = fragment;
            setTimeout(done, 200); // where the address stays as it is
        })""",
        fragment,
    )
    assert read(page) == before
    page.locator(".explorer [data-do=update]").click()
    assert read(page) != before
    assert failures == []


@pytest.mark.parametrize(
    ("more", "meant"),
    [
        ("&updates=1000000", "&updates=200"),
        ("&updates=-1&step=99&at=nowhere", ""),
        ("&updates=1e400&step=NaN&predict=yes", ""),
        ("&at=constructor&seen=toString.y..y&right=9", "&seen=y"),
        ("&unknown=%E0%A4%A&at=y", "&at=y"),
    ],
)
def test_other_parts_are_clamped_or_left_out(
    more: str, meant: str, page: Page, server: SiteServer
) -> None:
    opened(page, server)
    slow = address().rpartition(",")[0] + ",0.01"
    shown, wanted = arrive(page, [slow + more, slow + meant])
    assert shown == wanted


def test_a_negative_step_is_none(page: Page, server: SiteServer) -> None:
    opened(page, server)
    (found,) = arrive(page, [address().rpartition(",")[0] + ",-1"])
    assert found["learning_rate"] == 0


def test_a_lesson_opened_with_a_state_shows_the_explorer(
    page: Page, server: SiteServer
) -> None:
    page.goto(server.address(LESSON) + address(at="W1_23"))
    page.wait_for_function(
        "document.querySelector('.explorer').getBoundingClientRect().top < 300"
    )
    assert page.locator(".explorer .panel .title").inner_text() == "∂L/∂W1,23"


def test_links_to_headings_of_the_lesson_work_as_ever(
    page: Page, server: SiteServer
) -> None:
    page.goto(server.address(f"{LESSON}#check-it-three-other-ways"))
    top = "document.getElementById('check-it-three-other-ways').getBoundingClientRect().top"
    page.wait_for_function(f"Math.abs({top}) < 150")
    assert page.evaluate("location.hash") == "#check-it-three-other-ways"


def test_each_experiment_opens_in_its_state_with_its_question(
    page: Page, server: SiteServer
) -> None:
    opened(page, server)
    links = page.locator(".explorer [data-question]")
    assert links.count() == 5
    for link in links.all():
        link.click()
        question = link.get_attribute("data-question") or "none"
        expect(page.locator(".explorer .question")).to_have_text(question)


# -- Weight


def test_the_script_of_a_page_weighs_at_most_20_kilobytes(site: Path) -> None:
    checked = 0
    for page in site.rglob("*.html"):
        names = re.findall(
            r'<link rel="modulepreload" href="([^"?]+)', page.read_text("utf-8")
        )
        files = [(page.parent / name).read_bytes() for name in names]
        assert sum(len(gzip.compress(body, 6)) for body in files) <= SCRIPT_BUDGET
        checked += bool(files)
    assert checked >= 2
