"""What every lesson does for whoever reads, copies, prints, or has no mouse and no scripts."""

import pytest
from playwright.sync_api import Page

from tests.browser.measurement import HEIGHT, NARROW, WIDE
from tests.browser.site_server import SiteServer

PAPER = 700  # A4 at 96 pixels an inch, without its margins
CUT = """() => [...document.querySelectorAll("article *")].filter((element) => {
    const {right, width} = element.getBoundingClientRect();
    const clips = getComputedStyle(element).overflowX !== "visible";
    const clipped = clips && element.scrollWidth > element.clientWidth + 1;
    const inMap = element.closest("[clip-path]");  // whose edges cut lines, as they should
    // 1: for screen readers only
    return width > 1 && !inMap && (clipped || right > innerWidth + 1);
}).map((element) => `${element.localName}: ${element.textContent.trim().slice(0, 60)}`)"""
BESIDE = """() => [...document.querySelectorAll("div.math:has(.eqno)")].map((box) => {
    const [formula, number] = ["math", ".eqno"].map(
        (kind) => box.querySelector(kind).getBoundingClientRect());
    return formula.right <= number.left && number.right <= innerWidth;
})"""
ON_PAPER = """() => [".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages",
    "button.copybtn", "button.theme-toggle", ".headerlink", ".lesson-links", "footer",
    ".skip-to-content", "details.hide:not([open])"].filter((kind) =>
    [...document.querySelectorAll(kind)].some((element) => {
        const {left, right, width} = element.getBoundingClientRect();
        const shown = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
        return shown && width > 0 && right > 0 && left < innerWidth;
    }))"""
UNFOLDED = """(kind) => [...document.querySelectorAll(`article details${kind}`)].map(
    (details) => details.querySelector(":scope > :not(summary)")
        .checkVisibility({contentVisibilityAuto: true}))"""
WITHOUT_BUTTON = """() => [...document.querySelectorAll(
    "article :is(.cell_input, .package-source) div.highlight")].map(
    (block) => block.querySelectorAll("button.copybtn").length)"""

FOCUSABLE = "a[href], button, input:not([type=hidden]), summary, select, [tabindex='0']"
SKIP, SWITCH, SEARCH = "a.skip-to-content", "button.theme-toggle", "input[name=q]"
PAGES, FOLDED, NOTEBOOK = ".sidebar-tree a", "article summary", "a.download-notebook"
CONTENTS, COPY = ".toc-tree a", "button.copybtn"
KINDS = [SKIP, SWITCH, SEARCH, PAGES, FOLDED, NOTEBOOK, CONTENTS, COPY]
NOTE_STOPS = """([focusable, kinds]) => {
    document.head.append(Object.assign(document.createElement("style"),
        {textContent: "* {transition: none !important; animation: none !important}"}));
    const of = (element) => {
        const {outlineStyle, outlineColor, outlineWidth, boxShadow, borderColor,
            backgroundColor, color, textDecoration, opacity} = getComputedStyle(element);
        return [outlineStyle === "none" ? "" : outlineStyle + outlineColor + outlineWidth,
            boxShadow, borderColor, backgroundColor, color, textDecoration, opacity];
    };
    // A box to tick may be drawn by its label, a field of a form by what is around it.
    const looks = (element) =>
        JSON.stringify([element, element.parentElement, ...(element.labels ?? [])].map(of));
    const all = [...document.querySelectorAll(focusable)];
    const before = new Map(all.map((element) => [element, looks(element)]));
    window.walk = {stops: [], unseen: [], ended: false};
    addEventListener("focusin", ({target}) => {
        if (walk.ended) return;
        walk.stops.push(kinds.filter((kind) => target.matches(kind)));
        const seen = before.has(target) && looks(target) !== before.get(target)
            && [target, ...(target.labels ?? [])].some((each) =>
                each.checkVisibility({opacityProperty: true}));
        const label = target.getAttribute("aria-label") ?? target.innerText ?? "";
        const name = `${target.localName}.${target.className} ${label.slice(0, 40)}`;
        if (!seen) walk.unseen.push(name);
    });
    addEventListener("focusout", ({relatedTarget}) => { walk.ended ||= !relatedTarget; });
    const visible = (element) => element.checkVisibility({visibilityProperty: true})
        && element.getBoundingClientRect().width > 0;
    return [all.length, kinds.map((kind) =>
        [...document.querySelectorAll(kind)].filter(visible).length)];
}"""
OTHERS = ("index.html", "search.html", "404.html", "marking.html", "api/manual.html")


def walk(page: Page) -> tuple[dict[str, list[list[str]]], dict[str, int]]:
    """Press Tab until the page ends, or until it is clear that it does not."""
    most, visible = page.evaluate(NOTE_STOPS, [FOCUSABLE, KINDS])
    for pressed in range(most + 10):
        page.keyboard.press("Tab")
        if pressed % 10 == 0 and page.evaluate("walk.ended"):
            break
    found = page.evaluate("walk")
    assert found["ended"], f"trapped after {len(found['stops'])} stops"
    return found, dict(zip(KINDS, visible, strict=True))


def test_the_number_of_an_equation_stands_beside_it(
    lesson: str, page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    page.goto(server.address(lesson))
    assert False not in page.evaluate(BESIDE)


def test_tab_reaches_everything_on_a_lesson_and_one_sees_where_the_focus_is(
    lesson: str, desk: Page, server: SiteServer
) -> None:
    desk.goto(server.address(lesson))
    found, visible = walk(desk)
    assert found["stops"][0] == [SKIP]
    met = [kind for stop in found["stops"] for kind in stop]
    for kind in KINDS:
        # The page of the worksheet may show no code, which is folded under its boxes.
        least = 0 if kind == COPY else 1
        assert met.count(kind) >= max(visible[kind], least), kind
    assert found["unseen"] == []


@pytest.mark.parametrize("address", OTHERS)
def test_tab_comes_out_of_other_pages_and_one_sees_where_it_is(
    address: str, desk: Page, server: SiteServer
) -> None:
    desk.goto(server.address(address))
    found, _ = walk(desk)
    assert found["unseen"] == []


def test_figures_say_what_they_show_and_code_can_be_copied(
    lesson: str, desk: Page, server: SiteServer
) -> None:
    desk.goto(server.address(lesson))
    figures = desk.locator("article figure")
    shown = figures.get_by_role("img")  # by what assistive technology makes of it
    assert shown.count() == figures.count()
    for figure in shown.all():
        assert "img" in figure.aria_snapshot()
        assert len(figure.aria_snapshot()) > len('- img ""') + 40
    buttons = desk.evaluate(WITHOUT_BUTTON)
    assert set(buttons) == {1}


def test_all_that_is_folded_opens_without_scripts(
    lesson: str, plain: Page, server: SiteServer
) -> None:
    plain.goto(server.address(lesson))
    folded = plain.locator("article details:not([open], .with-script *) > summary")
    for _ in range(folded.count()):
        folded.first.click()
    assert folded.count() == 0
    # Nothing else is folded: a reader without scripts could not open that.
    hidden = "article :is([hidden], .toggle-hidden):not(.with-script *)"
    assert plain.locator(hidden).count() == 0


def test_a_lesson_prints_well(lesson: str, desk: Page, server: SiteServer) -> None:
    desk.set_viewport_size({"width": PAPER, "height": 1000})
    desk.emulate_media(media="print", color_scheme="dark")
    try:
        desk.goto(server.address(lesson))
        # The lesson alone, with explanations unfolded and hints not, and nothing cut off.
        assert desk.evaluate(ON_PAPER) == []
        assert all(desk.evaluate(UNFOLDED, ".admonition:not(.hide, .hint)"))
        assert not any(desk.evaluate(UNFOLDED, ".hint"))
        assert desk.evaluate("document.documentElement.scrollWidth") <= PAPER
        assert desk.evaluate(CUT) == []
        # Who reads dark pages prints black on white.
        styles = "getComputedStyle(document.body)"
        assert desk.evaluate(f"{styles}.backgroundColor") == "rgb(255, 255, 255)"
        assert max(desk.evaluate(f"{styles}.color.match(/\\d+/g).map(Number)")) < 80
    finally:
        desk.emulate_media(media="null", color_scheme="null")
        desk.set_viewport_size({"width": WIDE, "height": HEIGHT})
