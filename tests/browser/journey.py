"""A reader who has no mouse goes through a page, from its first stop to its last."""

from dataclasses import dataclass

from playwright.sync_api import Page

FOCUSABLE = "a[href], button, input:not([type=hidden]), summary, select, [tabindex='0']"
REMEMBER = """(focusable) => {
    document.head.append(Object.assign(document.createElement("style"),
        {textContent: "* {transition: none !important; animation: none !important}"}));
    const of = (element) => {
        const {outlineStyle, outlineColor, outlineWidth, boxShadow, borderColor,
            backgroundColor, color, textDecoration, opacity} = getComputedStyle(element);
        return [outlineStyle === "none" ? "" : outlineStyle + outlineColor + outlineWidth,
            boxShadow, borderColor, backgroundColor, color, textDecoration, opacity];
    };
    // A box to tick may be drawn by its label, a field of a form by what is around it.
    window.looks = (element) =>
        JSON.stringify([element, element.parentElement, ...(element.labels ?? [])].map(of));
    const all = [...document.querySelectorAll(focusable)];
    window.before = new Map(all.map((element) => [element, looks(element)]));
    return all.length;
}"""
STOP = """(kinds) => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const label = element.getAttribute("aria-label") ?? element.innerText ?? "";
    return {
        number: [...before.keys()].indexOf(element),
        name: `${element.localName}.${element.className} ${label.slice(0, 40)}`,
        seen: before.has(element) && looks(element) !== before.get(element)
            && [element, ...(element.labels ?? [])].some((each) =>
                each.checkVisibility({opacityProperty: true})),
        kinds: kinds.filter((kind) => element.matches(kind)),
    };
}"""


@dataclass
class Journey:
    """Where Tab leads.

    Parameters
    ----------
    kinds
        For each stop, the selectors asked for that fit it.
    unseen
        Stops that look as if they had no focus.
    ended
        Whether the reader came out at the end of the page.
    """

    kinds: list[list[str]]
    unseen: list[str]
    ended: bool


def journey(page: Page, kinds: list[str]) -> Journey:
    """Press Tab until the page ends, or until it is clear that it does not.

    Parameters
    ----------
    page
        A loaded page, at its top.
    kinds
        Selectors of what one wants to meet.

    Returns
    -------
    Journey
        What was met.
    """
    most = page.evaluate(REMEMBER, FOCUSABLE)
    made = Journey([], [], ended=False)
    for _ in range(most + 10):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP, kinds)
        if stop is None:
            made.ended = True
            break
        made.kinds.append(stop["kinds"])
        if not stop["seen"]:
            made.unseen.append(stop["name"])
    return made
