"""The finder as a learner uses it: numbers in, a slip named, its place crossed out in the graph."""

import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import quote

import pytest
from course.interactive.finder import DEFAULT, key_of, spot_of
from playwright.sync_api import Locator, Page, expect

from mlp_exercise.part1.boxes import flatten
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from mlp_reference.worked_example import EXERCISE
from tests.browser.measurement import Theme, colour, violations
from tests.browser.site_server import SiteServer

PAGE = "mistakes.html"
SHOWN = """(part, colour) => {
    const svg = [...part.querySelectorAll("svg.picture")].find((e) => e.checkVisibility());
    const name = (element) => element.dataset.place ?? element.dataset.arrow;
    const looks = (element) => getComputedStyle(element.querySelector("rect") ?? element);
    const all = [...svg.querySelectorAll("[data-place], [data-arrow]")];
    const inked = all.filter((e) =>
        looks(e).stroke === colour && looks(e).strokeDasharray !== "none");
    const off = [...svg.querySelectorAll("[data-shows]")]
        .filter((text) => getComputedStyle(text).fill === colour)
        .map((text) => `${name(text.closest("[data-place]"))} ${text.dataset.shows}`);
    const crosses = [...svg.querySelectorAll("circle")].map((circle) => {
        const {x, y, width} = circle.getBoundingClientRect();
        const {left, right, top, bottom} = svg.getBoundingClientRect();
        return width > 4 && x > left && x < right && y > top && y < bottom;
    });
    return {arrows: inked.filter((e) => e.dataset.arrow).map(name),
            places: inked.filter((e) => e.dataset.place).map(name), off, crosses};
}"""
STATES = {
    "": "",
    "slip": "#answer=dL_dw1&numbers=0.07;0.09;-0.02;-0.08;-0.11;0.03",
    "shown": "#slip=dL_dw1-took-1-a2-for-1-z2",
    "none": "#answer=dL_dw1&numbers=9;9;9;9;9;9",
    "right": "#answer=y&numbers=0.32",
    "unread": "#answer=y&numbers=a",
    "cut": "#answer=y&numbers=0.31",
}
"""An address for everything that the finder says."""


@pytest.fixture
def finder(page: Page, server: SiteServer) -> Callable[..., Locator]:
    def opened(fragment: str = "") -> Locator:
        page.goto("about:blank")  # else a new fragment alone loads nothing
        page.goto(server.address(PAGE) + fragment)
        part = page.locator(".finder.ready")
        part.wait_for()
        return part

    return opened


def slip_called(answer: str, name: str) -> Slip:
    return next(s for s in PEN_AND_PAPER if (s.answer, s.name) == (answer, name))


def type_in(part: Locator, texts: list[str]) -> None:
    boxes = part.locator("fieldset:not([hidden]) input")
    for box, text in zip(boxes.all(), texts, strict=True):
        box.fill(text)


def test_who_has_a_wrong_gradient_finds_the_slip_with_the_keyboard(
    finder: Callable[..., Locator], page: Page
) -> None:
    part = finder()
    found = part.locator(".found")
    expect(found).to_contain_text("Type your ∂L/∂W1")
    slip = slip_called("dL_dw1", "forgot W2")
    part.locator("fieldset:not([hidden]) input").first.focus()
    for value in flatten(slip.made_in(EXERCISE)):
        page.keyboard.type(f"{value:.2f}".replace("-", "−"))
        page.keyboard.press("Tab")
    expect(found).to_contain_text("It looks as if you forgot W2.")
    expect(found).to_contain_text("The rule there is ∂L/∂z = W₂ᵀ ∂L/∂y.")
    shown = part.evaluate(SHOWN, colour(part, "wrong"))
    assert shown["arrows"] == ["W2_11", "W2_12"]
    assert "z1 gradient" in shown["off"]
    assert "y gradient" not in shown["off"]
    reached = part.locator('[data-state="broken"], [data-state="reached"]')
    expect(reached).to_have_count(3)


def test_every_slip_is_crossed_out_where_it_happens(
    finder: Callable[..., Locator], page: Page
) -> None:
    part = finder()
    wrong = colour(part, "wrong")
    for slip in PEN_AND_PAPER:
        page.evaluate("(hash) => { location.hash = hash; }", f"slip={key_of(slip)}")
        said = part.locator(".found strong")
        expect(said).to_have_text(f"This is what comes out if you {slip.name}.")
        expect(part.locator(".found")).to_contain_text(spot_of(slip).where)
        shown = part.evaluate(SHOWN, wrong)
        spot = spot_of(slip)
        assert set(shown["arrows"]) == set(spot.arrows), slip.name
        assert set(shown["places"]) == set(spot.places), slip.name
        assert len(shown["crosses"]) == len(spot.arrows) + len(spot.places)
        assert all(shown["crosses"]), slip.name
        expect(part.locator("select")).to_have_value(slip.answer)


def test_the_address_holds_what_is_shown(
    finder: Callable[..., Locator], page: Page
) -> None:
    part = finder()
    part.locator("select").select_option("y")
    type_in(part, ["1/3 + 0,5"])
    page.keyboard.press("Enter")
    expect(part.locator(".found")).to_have_attribute("data-found", "none")
    assert page.url.endswith("#answer=y&numbers=" + quote("1/3 + 0,5", safe=""))
    page.reload()
    expect(part.locator(".found")).to_have_attribute("data-found", "none")
    expect(part.locator("fieldset:not([hidden]) input")).to_have_value("1/3 + 0,5")
    part.get_by_role("button", name="Clear").click()
    expect(part.locator(".found")).to_contain_text("Type your y")
    assert page.url.endswith("#answer=y")


def test_a_semicolon_stays_in_its_box(finder: Callable[..., Locator]) -> None:
    part = finder()
    part.locator("select").select_option("z")
    type_in(part, ["0.1;0.2", "0.3"])
    part.page.keyboard.press("Enter")
    expect(part.locator(".found")).to_have_attribute("data-found", "unread")
    part.page.reload()
    boxes = part.locator("fieldset:not([hidden]) input")
    expect(boxes.nth(0)).to_have_value("0.1;0.2")
    expect(boxes.nth(1)).to_have_value("0.3")


def test_no_address_is_written_that_would_be_refused(
    finder: Callable[..., Locator],
) -> None:
    part = finder("#answer=W1_updated")
    type_in(part, ["0.1 + " * 15 + "0.1"] * 6)
    part.page.keyboard.press("Enter")
    assert part.page.url.endswith("#answer=W1_updated")


def test_a_later_address_wins_over_one_that_waits(
    page: Page, finder: Callable[..., Locator]
) -> None:
    part = finder()
    waiting: list[Any] = []
    page.route("**/variants.js*", lambda route: waiting.append(route))
    go = "(hash) => { location.hash = hash; }"
    with page.expect_request("**/variants.js*"):
        page.evaluate(go, "answer=y&variant=7")
    page.evaluate(go, STATES["shown"])
    expect(part.locator(".found")).to_have_attribute("data-found", "shown")
    with page.expect_response("**/variants.js*"):
        waiting[0].continue_()
    page.evaluate("() => import('/_static/interactive/variants.js')")
    expect(part.locator(".found")).to_have_attribute("data-found", "shown")
    expect(part.locator("select")).to_have_value("dL_dw1")
    expect(part.locator(".whose")).to_have_text("the exercise’s own numbers")


BELOW = "(part) => part.querySelector('.all').getBoundingClientRect().top + scrollY"


@pytest.mark.parametrize("width", [390, 1440])
def test_what_is_found_moves_nothing_below(
    width: int, finder: Callable[..., Locator], page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    part = finder()
    before = part.evaluate(BELOW)
    for state in ("slip", "shown", "none"):
        page.evaluate("(hash) => { location.hash = hash; }", STATES[state])
        expect(part.locator(".found")).to_have_attribute("data-found", state)
        moved = abs(part.evaluate(BELOW) - before)
        assert moved < 120, state  # the words alone


def test_a_click_just_after_typing_is_not_lost(
    finder: Callable[..., Locator], page: Page
) -> None:
    part = finder()
    type_in(part, ["9"] * 5 + [""])
    last = part.locator("fieldset:not([hidden]) input").last
    last.focus()
    page.keyboard.type("9")
    summary = part.locator("details.all summary")
    summary.scroll_into_view_if_needed()
    summary.hover()
    page.mouse.down()
    expect(part.locator(".found")).to_have_attribute("data-found", "")
    page.mouse.up()
    expect(part.locator("details.all")).to_have_attribute("open", "")
    expect(part.locator(".found")).to_have_attribute("data-found", "none")


@pytest.mark.parametrize("button", ["right", "left"])
def test_a_button_that_opened_a_menu_holds_nothing(
    button: Literal["right", "left"], finder: Callable[..., Locator], page: Page
) -> None:
    part = finder()
    page.mouse.move(5, 200)
    page.mouse.down(button=button)  # some browsers never tell that it came up
    if button == "left":  # with the control key
        page.dispatch_event("body", "contextmenu")
    type_in(part, ["9"] * 6)
    expect(part.locator(".found")).to_have_attribute("data-found", "none")


def test_a_link_in_the_table_shows_its_slip_and_back_leads_back(
    finder: Callable[..., Locator], page: Page
) -> None:
    part = finder()
    table = part.locator("details.all")
    expect(table.get_by_role("table")).to_be_hidden()
    table.locator("summary").click()
    assert table.locator("tbody tr").count() == len(PEN_AND_PAPER)
    table.get_by_role("link", name="took tan for tanh").click()
    found = part.locator(".found")
    expect(found).to_contain_text("took tan for tanh")
    expect(found).to_be_focused()
    expect(found).to_be_in_viewport()
    page.go_back()
    expect(found).to_contain_text("Type your")
    assert part.locator(".cross").count() == 0


def test_numbers_that_fit_two_slips_name_both(finder: Callable[..., Locator]) -> None:
    found = finder(STATES["slip"]).locator(".found")
    expect(found).to_contain_text("It looks as if you turned the sign round.")
    expect(found).to_contain_text(
        "The same numbers come out if you took t − y for y − t (dL_dy)."
    )


def test_digits_beyond_two_decimals_betray_a_slip(
    finder: Callable[..., Locator],
) -> None:
    slip = slip_called("dL_dw1", "took 1 − a² for 1 − z²")
    part = finder()
    found = part.locator(".found")
    values = list(flatten(slip.made_in(EXERCISE)))
    type_in(part, [f"{value:.2f}" for value in values])
    expect(found).to_have_attribute("data-found", "right")
    type_in(part, [f"{value:.6f}" for value in values])
    expect(found).to_have_attribute("data-found", "unseen")
    expect(found).to_contain_text("if you took 1 − a² for 1 − z².")
    expect(part.locator('[data-reach="dL_dw1"]')).to_contain_text("not seen")


def test_a_right_answer_gives_no_other_away(finder: Callable[..., Locator]) -> None:
    part = finder(STATES["right"])
    expect(part.locator(".found strong")).to_have_text(
        "This is right. Nothing to find here."
    )
    text = part.locator(".found, .reach, .so-far").all_inner_texts()
    assert not re.search(r"\d\.\d", " ".join(text))


def test_where_nothing_fits_the_boxes_that_are_off_are_marked(
    finder: Callable[..., Locator],
) -> None:
    right = [f"{value:.2f}" for value in flatten(work_out(EXERCISE)["dL_dw1"])]
    part = finder()
    type_in(part, [*right[:4], "0.87", right[5]])
    expect(part.locator(".found")).to_contain_text("None of the 44 slips")
    off = part.locator('[aria-invalid="true"]')
    expect(off).to_have_count(1)
    expect(off).to_have_attribute("name", "dL_dw1[1][1]")
    expect(part.locator(".found")).to_contain_text("Work the marked ones out anew.")
    type_in(part, ["9"] * 6)
    part.locator(".found").get_by_role("link", name="dL_dy").click()
    expect(part.locator("select")).to_have_value("dL_dy")


def test_what_is_no_number_is_said(finder: Callable[..., Locator]) -> None:
    part = finder()
    type_in(part, ["0.1", "0.2 0.3", "", "", "", ""])
    expect(part.locator(".found")).to_contain_text("cannot read “0.2 0.3”")
    expect(part.locator('[aria-invalid="true"]')).to_have_count(1)


def test_a_variant_has_its_own_numbers(
    finder: Callable[..., Locator], page: Page, server: SiteServer
) -> None:
    server.served.clear()
    part = finder()
    assert not [each for each in server.served if "variants" in each.path]
    box = part.get_by_label("variant")
    box.fill("7")
    box.press("Enter")
    expect(part.locator(".whose")).to_have_text("the numbers of variant 7")
    slip = slip_called("dL_dw1", "took 1 − a² for 1 − z²")
    values = flatten(slip.made_in(variant(7)))
    type_in(part, [f"{value:.2f}" for value in values])
    expect(part.locator(".found")).to_contain_text("took 1 − a² for 1 − z²")
    assert page.url.endswith("&variant=7")
    box.fill("seven")
    box.press("Enter")
    expect(part.locator(".problem")).to_contain_text("whole number")
    # An address with the same numbers puts its variant back into the box.
    page.evaluate("(hash) => { location.hash = hash; }", "answer=y&variant=7")
    expect(part.locator(".problem")).to_have_text("")
    expect(box).to_have_value("7")


@pytest.mark.parametrize(
    "fragment", ["#slip=none", "#answer=x", "#answer=y&variant=x", "#numbers=1", "#%%"]
)
def test_an_address_that_means_nothing_does_no_harm(
    fragment: str, finder: Callable[..., Locator]
) -> None:
    part = finder(fragment)
    expect(part.locator(".found")).to_contain_text("Type your")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "dark"), (390, "light"), (768, "dark"), (1440, "light")],
)
def test_every_state_is_accessible_and_fits(
    width: int, scheme: Theme, finder: Callable[..., Locator], page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    part = finder()
    for kind, fragment in STATES.items():
        page.evaluate("(hash) => { location.hash = hash; }", fragment)
        expect(part.locator(".found")).to_have_attribute("data-found", kind)
        assert violations(page, ".finder") == [], kind
        wide: Any = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


@pytest.mark.parametrize(("width", "form"), [(320, "upright"), (1440, "wide")])
def test_one_form_of_the_graph_is_seen_and_its_marks_with_it(
    width: int, form: str, finder: Callable[..., Locator], page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    part = finder(STATES["slip"])
    pictures = part.locator("svg.picture").locator("visible=true")
    expect(pictures).to_have_count(1)
    assert form in (pictures.get_attribute("class") or "").split()
    shown = part.evaluate(SHOWN, colour(part, "wrong"))
    assert shown["places"] == [f"W1_{j}{k}" for j in (1, 2) for k in (1, 2, 3)]
    assert all(shown["crosses"])


def test_on_paper_there_are_no_boxes_but_the_table(
    finder: Callable[..., Locator], page: Page
) -> None:
    part = finder(STATES["shown"])
    page.emulate_media(media="print")
    expect(part.locator("form")).to_be_hidden()
    expect(part.locator(".found strong")).to_be_visible()
    expect(part.locator("tbody tr").first).to_be_visible()


def test_without_scripts_the_table_stands_open(plain: Page, server: SiteServer) -> None:
    plain.goto(server.address(PAGE))
    rows = plain.locator(".finder tbody tr")
    assert rows.count() == len(PEN_AND_PAPER)
    expect(rows.first).to_be_visible()
    expect(plain.locator(".finder form")).to_be_hidden()
    expect(plain.locator(".finder .without-script")).to_be_visible()


def test_where_the_program_is_missing_the_table_stands_open(
    page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.route("**/finder.js*", lambda route: route.abort())
    page.goto(server.address(PAGE))
    expect(page.locator(".finder tbody tr").first).to_be_visible()
    expect(page.locator(".finder form")).to_be_hidden()
    trouble.clear()


def test_the_page_opens_with_an_answer_of_the_exercise() -> None:
    assert DEFAULT in {step.name for step in STEPS}
