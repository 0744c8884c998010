"""Runs the modules of the interactive parts in a browser, in a page with nothing but their data."""

import json
from dataclasses import asdict
from typing import Any

from playwright.sync_api import Page

from mlp_exercise.part1.rules import as_data
from mlp_reference.worked_example import EXERCISE
from tests.browser.site_server import SiteServer

MODULES = "_static/interactive"


class Modules:
    """The modules in a page.

    Parameters
    ----------
    page
        The page.
    server
        Serves the site.
    """

    def __init__(self, page: Page, server: SiteServer) -> None:
        self.page = page
        data = json.dumps({"example": asdict(EXERCISE), **as_data()})
        html = f'<script type="application/json" id="course-data">{data}</script>'
        address = server.address("data.html")
        page.route(address, lambda r: r.fulfill(body=html, content_type="text/html"))
        page.goto(address)

    def run(self, module: str, program: str, cases: Any) -> Any:
        """Run a function of a module, called `module`, on many cases at once.

        Parameters
        ----------
        module
            The file's name.
        program
            JavaScript that makes a result from `each` of the cases.
        cases
            What JSON can hold, and NaN and infinity.

        Returns
        -------
        list
            What came out, through JSON.
        """
        # JSON with NaN in it is JavaScript all the same.
        return json.loads(
            self.page.evaluate(
                f"""import("/{MODULES}/{module}").then((module) =>
                JSON.stringify({json.dumps(cases)}.map((each) => {program})))"""
            ),
            parse_int=float,
        )
