"""Pages whose programs get every word of theirs marked, and what of theirs is not.

All words of a program come with its page as JSON. Here they are put between ⟦ and ⟧ on their way
to the browser, as a translation would change them; whatever a program then writes that is neither
marked, nor content from the package, nor on the page without programs, has escaped translation.
"""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

WORDS = ("words", "sheet", "finder")
"""What the words of a program are called in its data; other data is content."""

DATA = re.compile(
    r'(<script type="application/json" id="(?P<of>[\w-]+)">)(?P<data>.*?)(</script>)',
    re.S,
)

UNMARKED = Path(__file__).with_name("unmarked.js").read_text("utf-8")


def mark(words: Any) -> Any:
    """Mark all texts, whatever they are kept in."""
    if isinstance(words, dict):
        return {key: mark(value) for key, value in words.items()}
    if isinstance(words, list):
        return [mark(each) for each in words]
    return f"⟦{words}⟧"


def with_marks(html: str) -> str:
    """Mark the words in the data of a page's programs."""

    def changed(match: re.Match[str]) -> str:
        data = json.loads(match["data"])
        if match["of"] == "course-data" and set(WORDS) & data.keys():
            data |= {key: mark(data[key]) for key in WORDS if key in data}
        else:
            data = mark(data)
        return match[1] + json.dumps(data).replace("<", "\\u003c") + match[4]

    return DATA.sub(changed, html)


def mark_pages(page: Page) -> None:
    """Let the pages that will be opened come with marked words."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.text()
        route.fulfill(response=response, body=body if "⟦" in body else with_marks(body))

    page.route(re.compile(r"\.html(\?|$)"), answer)


class Written:
    """Gathers what programs have written on a page without marks, until it is asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unmarked: dict[str, None] = {}

    def look(self) -> None:
        """Look at all that stands there now."""
        self.unmarked |= dict.fromkeys(self.page.evaluate(UNMARKED, WORDS))
