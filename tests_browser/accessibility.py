"""axe-core, asked about a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Colours are judged when they are there: what is unfolded may fade in.
END_ANIMATIONS = """() => {
    for (const animation of document.getAnimations()) animation.finish();
}"""


def violations(page: Page) -> list[str]:
    """Check a page by all rules of axe-core that are on by default, best practices too.

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
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}"
        for violation in found
        for node in violation["nodes"]
    ]
