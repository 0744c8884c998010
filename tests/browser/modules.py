"""The modules of the interactive parts, run in a page with nothing but their data."""

import json
from dataclasses import asdict
from typing import Any

from playwright.sync_api import Page

from mlp_exercise.part1.rules import as_data
from mlp_reference.worked_example import EXERCISE
from tests.browser.site_server import SiteServer

NAMES = (
    *("answer", "boxes", "checkpoints", "course"),
    *("diagnosis", "marking", "mistakes", "network", "python", "typed", "variants"),
)
LOAD = """(names) => Promise.all(names.map(async (name) => {
    window[name] = await import(`/_static/interactive/${name}.js`);
}))"""


class Modules:
    """Modules by their names in a page that holds the data of the rule."""

    def __init__(self, page: Page, server: SiteServer) -> None:
        self.page = page
        data = json.dumps({"example": asdict(EXERCISE), **as_data()})
        html = "".join(
            f'<script type="application/json" id="{name}">{content}</script>'
            for name, content in (("course-data", data), ("checkpoint-words", "{}"))
        )
        address = server.address("data.html")
        page.route(address, lambda r: r.fulfill(body=html, content_type="text/html"))
        page.goto(address)
        page.evaluate(LOAD, NAMES)

    def run(self, program: str, cases: Any, given: Any = None) -> Any:
        """Return what JavaScript makes of `each` case, NaN and infinity among them."""
        # JSON with NaN in it is JavaScript all the same.
        made = f"JSON.stringify({json.dumps(cases)}.map((each) => {program}))"
        found = self.page.evaluate(f"(given) => {made}", given)
        return json.loads(found, parse_int=float)
