"""Back to top is there when one scrolls up, and covers nothing that is read or pressed."""

import pytest
from playwright.sync_api import Page

from tests.browser.measurement import HEIGHT, NARROW, NARROWEST, WIDE
from tests.browser.site_server import SiteServer

# What would be seen or pressed at its place, if it were not there.
COVERED = """async () => {
    const button = document.querySelector(".back-to-top");
    const frame = () => new Promise(requestAnimationFrame);
    const found = [];
    let shown = 0;
    const end = document.documentElement.scrollHeight - innerHeight;
    scrollTo({top: end, behavior: "instant"});
    await frame(); await frame();
    const step = Math.min(innerHeight * 0.6, (end - 100) / 3); // a short page has three too
    for (let y = end; y > 100; y -= step) {
        scrollTo({top: y, behavior: "instant"});
        await frame(); await frame();
        const {left, right, top, bottom, width} = button.getBoundingClientRect();
        if (!width) continue;
        shown++;
        button.style.visibility = "hidden";
        for (let x = left; x <= right; x += 4)
            for (let height = top; height <= bottom; height += 4) {
                const below = document.elementFromPoint(x, height);
                const range = document.caretRangeFromPoint(x, height);
                const letter = range?.startContainer.nodeType === 3 && (() => {
                    range.setEnd(range.startContainer,
                        Math.min(range.startOffset + 1, range.startContainer.length));
                    const box = range.getBoundingClientRect();
                    return box.left < x && x < box.right && box.top < height && height < box.bottom;
                })();
                const pressed = below?.closest("a, button, input, select, summary, label, svg");
                if (letter || pressed) found.push(`${y | 0}: ${below.outerHTML.slice(0, 90)}`);
            }
        button.style.visibility = "";
    }
    return {shown, found: [...new Set(found)]};
}"""
PAGES = (
    "index.html",
    "explorer.html",
    "tutorials/01_pen_and_paper.html",
    "exercises/ex1_02_numpy_gradient.html",
    "speed.html",
    "references.html",
    "api/manual.html",
    "genindex.html",
)


@pytest.mark.parametrize("width", [NARROWEST, NARROW, 768, 1024, WIDE, 1440])
def test_back_to_top_covers_nothing(width: int, page: Page, server: SiteServer) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    for address in PAGES:
        page.goto(server.address(address))
        seen = page.evaluate(COVERED)
        assert seen["shown"], address
        assert seen["found"] == [], address


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_it_leads_to_the_top(width: int, page: Page, server: SiteServer) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto(server.address(PAGES[2]))
    page.evaluate("scrollTo({top: 3000, behavior: 'instant'})")
    page.mouse.wheel(0, -300)
    page.get_by_role("link", name="Back to top").click()
    page.wait_for_function("scrollY === 0")
