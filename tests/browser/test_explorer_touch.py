"""The explorer on one screen: what is in sight, what stays where it is, and numbers as handles."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mlp_reference.network_graph import DASHES, strand
from mlp_reference.worked_example import LESSON
from tests.browser.explorer import address, box_of, data_of, fragment_of, place, read

Explore = Callable[..., Locator]
SIZES = [(1440, 900), (1024, 768), (390, 844)]
PHONES = [(390, 844), (320, 640)]
EVERYTHING = (
    ".explorer :is(.experiment, .network, .passes, .bar, .panel, .descent, summary)"
)
RECTANGLE = """(element) => {
    const {left, top, right, bottom} = element.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round);
}"""
RECTANGLES = f"(all) => all.map({RECTANGLE})"
STYLE = "(element, name) => getComputedStyle(element)[name]"
# The colours along the middle of a picture, at some shares of its width.
COLOURS_AT = """async ([png, shares]) => {
    const bitmap = await createImageBitmap(await (await fetch(png)).blob());
    const {width, height} = bitmap;
    const canvas = new OffscreenCanvas(width, height).getContext("2d", {willReadFrequently: true});
    canvas.drawImage(bitmap, 0, 0);
    return shares.map((share) =>
        [...canvas.getImageData(width * share, height / 2, 1, 1).data].slice(0, 3));
}"""
# What a reader may set: https://www.w3.org/TR/WCAG22/#text-spacing
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; }"""
LUMINANCE = """(element, name) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = getComputedStyle(element)[name];
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}"""


def middle(group: Locator) -> tuple[float, float]:
    box = group.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def slider(explorer: Locator) -> Locator:
    """Find the slider of the chosen number."""
    return explorer.locator(".handle input[type=range]")


# -- In sight, and in its place


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("control", ["chosen", "rate", "number"])
def test_the_whole_picture_is_in_sight_while_a_control_moves(
    control: str, width: int, height: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    explorer = explore(address(at="W1_12"))
    moved = {
        "chosen": slider(explorer),
        "rate": explorer.locator(".rate input[type=range]"),
        "number": place(explorer, "b1_2"),
    }[control]
    moved.scroll_into_view_if_needed()
    if width == 1024:
        page.evaluate("scrollTo(0, 200)")  # the picture begins further up
    before = read(page)
    x, y = middle(moved)
    page.mouse.move(x, y)
    page.mouse.down()
    for way in range(0, 40, 8):
        page.mouse.move(x + way, y)
        left, top, right, bottom = explorer.locator("svg.picture:visible").evaluate(
            RECTANGLE
        )
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    if width == 390:
        assert bottom <= explorer.locator(".bar").evaluate(RECTANGLE)[1]
    page.mouse.up()
    assert read(page) != before


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_moves_when_something_is_chosen_or_the_mouse_rests_on_it(
    width: int, height: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    explorer = explore(address(at="W1_12"))
    where = explorer.page.locator(EVERYTHING)
    before = where.evaluate_all(RECTANGLES)
    for name in data_of(page)["places"]:
        group = place(explorer, name)
        group.dispatch_event("pointerover", {"pointerType": "mouse", "bubbles": True})
        assert where.evaluate_all(RECTANGLES) == before, name
        group.dispatch_event("click")
        assert where.evaluate_all(RECTANGLES) == before, name
    explorer.locator("[data-do=update]").dispatch_event("click")
    assert where.evaluate_all(RECTANGLES) == before


@pytest.mark.parametrize("predict", [0, 1])
def test_a_wide_screen_has_all_of_it_at_once(
    predict: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    explorer = explore(address(at="x1", predict=predict))
    parts = (".experiment", ".network", ".passes", ".bar", ".panel", ".descent")
    for part in (".guess",) if predict else parts:
        left, top, right, bottom = explorer.locator(part).evaluate(RECTANGLE)
        assert left >= 0 <= top, part
        assert right <= 1440, part
        assert bottom <= 900, part


def bottom_of(part: Locator) -> int:
    return int(part.evaluate(RECTANGLE)[3])


def top_of(part: Locator) -> int:
    return int(part.evaluate(RECTANGLE)[1])


@pytest.mark.parametrize(("width", "height"), PHONES)
def test_a_phone_shows_the_picture_above_a_bar_that_grows_when_wanted(
    width: int, height: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    explorer = explore()
    bar, loss = explorer.locator(".bar"), place(explorer, "L")
    assert slider(explorer).is_hidden()
    assert bottom_of(explorer.locator(".play")) <= top_of(bar)
    assert bottom_of(bar) == height
    below = top_of(page.locator("summary").last)
    place(explorer, "W1_11").click()
    assert slider(explorer).is_visible()
    assert explorer.locator(".product").inner_text() == "0.1614 × 1.5 = 0.2421"
    assert bottom_of(loss) <= top_of(bar) + 1
    assert top_of(page.locator("summary").last) == below
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize(("width", "height"), PHONES)
def test_a_step_is_told_beside_the_picture_on_a_phone(
    width: int, height: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    explorer = explore()
    told, bar = explorer.locator(".sentence"), explorer.locator(".bar")
    assert told.is_hidden()
    for step in range(1, len(data_of(page)["quantities"]) + 1):
        explorer.locator("[name=step]").fill(str(step))
        assert f"Step {step} of" in told.inner_text()
        assert bottom_of(told) <= height
        assert bottom_of(place(explorer, "y")) <= top_of(bar)
    explorer.locator("[data-do=all]").dispatch_event("click")
    assert told.is_hidden()


@pytest.mark.parametrize(("width", "height"), [*SIZES, (320, 640), (1280, 720)])
def test_an_opened_experiment_is_in_sight_with_its_question(
    width: int, height: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    explorer = explore()
    chip = explorer.locator("[data-experiment]").filter(has_text="Dead input")
    chip.click()
    expect(explorer.locator(".comparison tbody tr").first).to_be_visible()
    lower = height if width >= 1200 else top_of(explorer.locator(".bar"))
    header = page.locator(".mobile-header")
    upper = bottom_of(header) if header.is_visible() else 0
    question = explorer.locator(".question")
    assert upper <= top_of(question)
    rows = explorer.locator(".comparison tbody tr")
    for part in (question, explorer.locator(".opened .head"), rows.first):
        assert bottom_of(part) <= lower


@pytest.mark.parametrize(
    ("width", "height", "parts"),
    [
        (1024, 768, ("svg.picture:visible", ".play", ".rate", ".handle")),
        (1280, 720, (".rate", ".updates", ".curve")),
        (1366, 657, (".rate", ".updates", ".curve")),
    ],
)
def test_a_small_window_has_what_matters_in_sight(
    width: int, height: int, parts: tuple[str, ...], page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    explorer = explore()
    explorer.locator("[data-do=update]").click()
    for part in parts:
        left, top, right, bottom = explorer.locator(part).evaluate(RECTANGLE)
        assert left >= 0 <= top, part
        assert right <= width, part
        assert bottom <= height, part


@pytest.mark.parametrize("width", [320, 390, 736, 737, 1024, 1200, 1440])
def test_nothing_is_wider_than_its_place(
    width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    explorer = explore()
    explorer.locator(".all-numbers").evaluate("(fold) => { fold.open = true; }")
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= width
    box = explorer.locator(".opened")
    for chip in explorer.locator("[data-experiment]").all():
        chip.dispatch_event("click")
        expect(chip).to_have_attribute("aria-current", "true")
        explorer.locator(".answer").evaluate("(fold) => { fold.open = true; }")
        assert page.evaluate(wide) <= width
        edge = box.evaluate(RECTANGLE)[2]
        inner = box.locator(".comparison, .answer p").evaluate_all(RECTANGLES)
        assert max(right for _, _, right, _ in inner) <= edge


@pytest.mark.parametrize("name", ["W1_11", "W1_23", "x1"])
def test_the_box_to_type_in_is_on_the_page_of_a_phone(
    name: str, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    explorer = explore()
    place(explorer, name).dblclick()
    left, _, right, _ = explorer.locator(".typing").evaluate(RECTANGLE)
    assert left >= 0
    assert right <= 320


def test_what_changed_by_ten_updates_says_so(explore: Explore) -> None:
    explorer = explore()
    explorer.locator("[data-do=updates]").click()
    expect(explorer.locator(".bar .past")).to_contain_text("in 10 updates")
    explorer.locator("[data-do=update]").click()
    expect(explorer.locator(".bar .past")).not_to_contain_text("updates")


@pytest.mark.parametrize(
    ("width", "form"),
    [(320, "upright"), (390, "upright"), (768, "wide"), (1440, "wide")],
)
def test_one_form_of_the_picture_is_in_sight_and_legible(
    width: int, form: str, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    pictures = explore().locator("svg.picture:visible")
    assert pictures.count() == 1
    assert form in (pictures.get_attribute("class") or "").split()
    assert page.locator("svg.picture").count() == 2
    assert page.get_by_role("group", name="The network").count() == 1
    size = pictures.evaluate(
        "(svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
        " * parseFloat(getComputedStyle(svg).fontSize)"
    )
    assert size >= 13
    page.emulate_media(media="print")
    assert "wide" in (pictures.get_attribute("class") or "").split()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_with_wider_letters_labels_stay_apart_and_nothing_is_cut(
    width: int, page: Page, explore: Explore
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    explorer = explore()
    page.add_style_tag(content=SPACED)
    texts = explorer.locator("svg.picture:visible text")
    found = texts.evaluate_all(
        f"(all) => all.map((text) => [text.textContent, ({RECTANGLE})(text)])"
    )
    for _, (left, _, right, _) in found:
        assert left >= 0
        assert right <= width
    for (one, a), (other, b) in combinations(found, 2):
        across = min(a[2], b[2]) - max(a[0], b[0])
        down = min(a[3], b[3]) - max(a[1], b[1])
        height = min(a[3] - a[1], b[3] - b[1])
        assert across <= 1 or down <= height / 2, (one, other)
    wide = "Math.max(...[...document.querySelectorAll('html, .content')].map(e => e.scrollWidth))"
    assert page.evaluate(wide) <= width


# -- Sign and size


def test_a_strand_is_dashed_below_zero_and_as_wide_as_its_number(
    explore: Explore,
) -> None:
    explorer = explore()
    box = box_of(explorer, "W1[0][1]")
    for value in (-0.2, 0.9, 0.0, -3.5):
        box.fill(str(value))
        gradients = read(explorer.page)
        for shows, shown in (("value", value), ("gradient", gradients["dL_dw1[0][1]"])):
            line = f"[data-of=W1_12][data-strand={shows}]:visible"
            look = (
                explorer.locator(line) if shown else explorer.locator(line[:-8]).first
            )
            width, is_dashed = strand(shown)
            found = float(look.evaluate(STYLE, "strokeWidth").removesuffix("px"))
            assert found == pytest.approx(width, abs=0.01)
            dashes = look.evaluate(STYLE, "strokeDasharray")
            wanted = ", ".join(f"{part}px" for part in DASHES.split())
            assert dashes == (wanted if is_dashed else "none")


@pytest.mark.parametrize("more", [{"step": 3}, {"predict": 1}], ids=str)
def test_strands_give_nothing_away(more: dict[str, int], explore: Explore) -> None:
    explorer = explore(address(**more))
    for shows, open_ones in (("gradient", 1), ("value", 10 if "step" in more else 11)):
        widths = explorer.locator(f".wide [data-strand={shows}]").evaluate_all(
            f"(all) => all.map((strand) => parseFloat(({STYLE})(strand, 'strokeWidth')))"
        )
        assert sum(width > 0 for width in widths) == open_ones


def test_a_number_that_changed_shows_what_it_was_until_the_next_change(
    explore: Explore,
) -> None:
    explorer = explore(address(replace(LESSON, learning_rate=0.1)))
    weight, loss = place(explorer, "W1_11"), place(explorer, "L")
    bias = place(explorer, "b1_1")
    assert "was" not in (weight.text_content() or "")
    explorer.locator("[data-do=update]").click()
    now = read(explorer.page)
    for group, name, was in (
        (weight, "W1[0][0]", "was 0.3000"),
        (loss, "loss", "was 0.0524"),
        (bias, "b1[0]", "was 0.5000"),
    ):
        told = group.text_content() or ""
        assert was in told
        assert f"{now[name]:.4f}" in told
    assert "bias" in (bias.text_content() or "")
    place(explorer, "x1").press("ArrowRight")
    assert "was" not in (weight.text_content() or "")
    moved = place(explorer, "x1").text_content() or ""
    assert "was 1.5000" in moved
    assert "1.5100" in moved


def test_tracks_are_filled_from_zero(explore: Explore) -> None:
    explorer = explore(address(at="W1_12"))
    rate = explorer.locator(".rate input[type=range]")
    for value, shares, filled in (
        (-1.0, [0.1, 0.4, 0.6], [False, True, False]),
        (1.0, [0.4, 0.6, 0.9], [False, True, False]),
        (-1.9999999, [0.1, 0.4, 0.6], [True, True, False]),
        (5.0, [0.4, 0.6, 0.75], [False, True, True]),
    ):
        explorer.locator("#explorer-chosen").fill(str(value))
        assert is_blue(slider(explorer), shares) == filled, value
    assert is_blue(rate, [0.03, 0.6]) == [True, False]


def is_blue(control: Locator, shares: list[float]) -> list[bool]:
    """Say where along its track a slider has the colour of values."""
    png = f"data:image/png;base64,{b64encode(control.screenshot()).decode()}"
    found = control.page.evaluate(COLOURS_AT, [png, shares])
    return [colour == [0, 103, 165] for colour in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_border_of_a_box_can_be_seen(
    theme: Any, page: Page, explore: Explore
) -> None:
    page.emulate_media(color_scheme=theme)
    explorer = explore()
    for box in explorer.locator("input[type=text]:visible").all():
        border, paper = (
            box.evaluate(LUMINANCE, name)
            for name in ("borderTopColor", "backgroundColor")
        )
        low, high = sorted((border, paper))
        assert (high + 0.05) / (low + 0.05) >= 3


# -- Handles


def test_a_number_is_dragged_sideways_and_escape_gives_it_back(
    page: Page, explore: Explore
) -> None:
    explorer = explore()
    weight = place(explorer, "W1_12")
    x, y = middle(weight)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y)  # a hand is never quite still
    expect(weight).to_contain_text("−0.2000")
    page.mouse.move(x + 30, y + 4)
    page.mouse.move(x + 60, y)
    page.mouse.up()
    dragged = read(page)
    assert 0.3 <= dragged["W1[0][1]"] <= 0.4
    assert "at=W1_12" in fragment_of(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y)
    expect(weight).to_contain_text("2.3")
    page.keyboard.press("Escape")
    assert read(page) == dragged
    page.mouse.move(x + 300, y)
    page.mouse.up()
    assert read(page) == dragged
    # What is computed is no handle.
    x, y = middle(place(explorer, "y"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y)
    page.mouse.up()
    assert read(page) == dragged


def test_a_finger_drags_sideways_and_scrolls_up_and_down(explore: Explore) -> None:
    explorer = explore()
    assert explorer.locator("svg.wide").evaluate(STYLE, "touchAction") == "pan-y"
    for control in explorer.locator("input[type=range]:visible").all():
        assert control.evaluate(STYLE, "touchAction") == "pan-y"


def test_keys_step_a_number_and_escape_gives_it_back(explore: Explore) -> None:
    explorer = explore()
    page, weight = explorer.page, place(explorer, "W1_12")
    for key, value in (
        ("ArrowRight", -0.19),
        ("ArrowLeft", -0.2),
        ("Shift+ArrowRight", -0.1),
        ("PageUp", 0.0),
        ("Escape", -0.1),
    ):
        weight.press(key)
        assert read(page)["W1[0][1]"] == value, key
    assert page.evaluate("document.activeElement.dataset.place") == "W1_12"


GO_ON = {
    "an update": """document.querySelector("[data-do=update]").click()""",
    "another address": "location.hash = '#numbers=' + Array(16).fill(0.5)",
    "another place": """document.activeElement.blur();
        document.querySelector("svg.wide [data-place=W1_12]").focus()""",
}
"""What somebody may do after a key, with the focus where it was in the end."""


@pytest.mark.parametrize("how", GO_ON)
def test_escape_gives_nothing_back_to_who_has_gone_on(
    how: str, explore: Explore
) -> None:
    explorer = explore()
    page, weight = explorer.page, place(explorer, "W1_12")
    weight.press("ArrowRight")
    page.evaluate(GO_ON[how])
    page.evaluate("new Promise((done) => setTimeout(done))")  # for the address
    gone_on = read(page)
    weight.press("Escape")
    assert read(page) == gone_on
    weight.press("ArrowRight")
    assert read(page) != gone_on
    weight.press("Escape")
    assert read(page) == gone_on


@pytest.mark.parametrize("how", ["Enter", "double-click"])
def test_a_number_is_typed_in_place_and_escape_gives_it_back(
    how: str, explore: Explore
) -> None:
    explorer = explore()
    page, weight, box = (
        explorer.page,
        place(explorer, "W1_12"),
        explorer.locator(".typing"),
    )
    for typed, end, value in (("1/4", "Enter", 0.25), ("7", "Escape", 0.25)):
        if how == "Enter":
            weight.press("Enter")
        else:
            weight.dblclick()
        expect(box).to_be_focused()
        assert box.get_attribute("aria-label") == "W1,12"
        (x, y), (at_x, at_y) = middle(box), middle(weight)
        assert abs(x - at_x) < 2
        assert abs(y - at_y) < 2
        page.keyboard.type(typed)
        assert read(page)["W1[0][1]"] == {"7": 7}.get(typed, value)
        page.keyboard.press(end)
        expect(box).to_be_hidden()
        assert read(page)["W1[0][1]"] == value
        assert page.evaluate("document.activeElement.dataset.place") == "W1_12"
    # What has just been typed is given back too.
    weight.press("Enter")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert read(page)["W1[0][1]"] == 0.25


def test_a_click_leaves_no_outline_and_a_key_does(explore: Explore) -> None:
    explorer = explore()
    chosen = place(explorer, "a1")
    chosen.click()
    assert chosen.evaluate(STYLE, "outlineStyle") == "none"
    explorer.page.keyboard.press("ArrowDown")
    other = place(explorer, "a2")
    assert other.evaluate(STYLE, "outlineStyle") == "solid"


# -- What is said is true


def test_the_back_button_and_a_focused_box_agree_with_the_picture(
    explore: Explore,
) -> None:
    explorer = explore()
    page, rate = explorer.page, explorer.locator("#explorer-rate")
    explorer.locator("[data-experiment]").nth(2).click()
    rate.fill("0.05")
    fragment_of(page)
    page.evaluate("history.back()")
    page.wait_for_function("location.hash === ''")
    expect(rate).to_be_focused()
    expect(rate).to_have_value("0.3")
    assert read(page)["learning_rate"] == 0.3
    assert read(page)["x[0]"] == LESSON.x[0]


def test_a_loss_that_falls_a_little_is_not_said_to_fall_to_itself(
    explore: Explore,
) -> None:
    explorer = explore(address(replace(LESSON, learning_rate=0.1), updates=15))
    said = explorer.locator(".updates").inner_text()
    changed = re.search(r"fell from (\S+) to (\S+)\.", said)
    assert changed
    assert changed[1] != changed[2]
    assert "−0.0000" not in explorer.inner_text()
