"""axe-core, asked about a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "resultTypes": ["violations"],
    # WCAG 2.2 asks for 24 pixels, and Lighthouse counts it; axe-core has it off by default.
    "rules": {"target-size": {"enabled": True}},
}
# Colours are judged when they are there: what is unfolded may fade in.
END_ANIMATIONS = """() => {
    for (const animation of document.getAnimations()) animation.finish();
}"""


def violations(page: Page) -> list[str]:
    """Check a page by axe-core's default rules, best practices too, and size of targets.

    The rules come from PyPI's `axe-playwright-python`, which brings axe-core 4.12; so
    contributors need no Node for this.

    Parameters
    ----------
    page
        A loaded page.

    Returns
    -------
    list of str
        One line for every element that breaks a rule.
    """
    page.evaluate(END_ANIMATIONS)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}"
        for violation in found
        for node in violation["nodes"]
    ]
