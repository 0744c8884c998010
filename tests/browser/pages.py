"""Measures pages of the built site: `nox -s pages -- index tutorials/01_pen_and_paper`."""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from tests.browser.all_pages import addresses, start, views
from tests.browser.lighthouse import Audit, audits
from tests.browser.measurement import Measurement
from tests.browser.site_server import serving
from tests.browser.table import row, table

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write ``pages.json`` and ``pages.md``, and print the table."""
    chosen = arguments()
    began = time.perf_counter()
    pages = choose(addresses(chosen.site), chosen.pages)
    seen = measure(chosen.site, pages)
    heard = [] if chosen.no_lighthouse else ask_lighthouse(chosen.site, pages)
    rows = [
        row(
            [each for each in seen if each.view.page == page],
            [each for each in heard if each.page == page],
        )
        for page in pages
    ]
    chosen.output.mkdir(parents=True, exist_ok=True)
    (chosen.output / "pages.md").write_text(table(rows), "utf-8")
    (chosen.output / "pages.json").write_text(as_json(seen, heard), "utf-8")
    print(table(rows))  # noqa: T201 - a command
    say(f"{len(pages)} pages in {time.perf_counter() - began:.0f} s: {chosen.output}")


def arguments() -> argparse.Namespace:
    """Read the command line.

    Returns
    -------
    argparse.Namespace
        With ``pages``, ``site``, ``output`` and ``no_lighthouse``.
    """
    parser = argparse.ArgumentParser(prog="nox -s pages --", description=__doc__)
    parser.add_argument("pages", nargs="*", help="such as index; all if none is named")
    parser.add_argument("--site", type=Path, default=ROOT / "docs/_build/html")
    parser.add_argument("--output", type=Path, default=ROOT / "build")
    parser.add_argument("--no-lighthouse", action="store_true")
    return parser.parse_args()


def choose(pages: list[str], names: list[str]) -> list[str]:
    """Find the pages that were named.

    Parameters
    ----------
    pages
        All that there are.
    names
        With or without ``.html``; none for all.

    Returns
    -------
    list of str
        Addresses.

    Raises
    ------
    SystemExit
        If a name is no page.
    """
    wanted = [f"{name.removesuffix('.html')}.html" for name in names]
    unknown = [name for name in wanted if name not in pages]
    if unknown or not pages:
        raise SystemExit(f"no such page: {', '.join(unknown)}" if pages else "no site")
    return wanted or pages


def measure(site: Path, pages: list[str]) -> list[Measurement]:
    """Look at each page in both themes and widths.

    Parameters
    ----------
    site, pages
        Where, and which.

    Returns
    -------
    list of Measurement
        Four for each page.
    """
    seen = []
    for view, measured in start(site, views(pages)).items():
        seen.append(measured.result())
        say(str(view))
    return seen


def ask_lighthouse(site: Path, pages: list[str]) -> list[Audit]:
    """Ask Lighthouse about each page, one at a time.

    Parameters
    ----------
    site, pages
        Where, and which.

    Returns
    -------
    list of Audit
        Two for each page.
    """
    heard = []
    with serving(site) as server:
        for audit in audits(server, pages):
            heard.append(audit)
            say(f"{audit.page} {audit.device} {audit.scores}")
    return heard


def as_json(seen: list[Measurement], heard: list[Audit]) -> str:
    """Put everything into one file.

    Parameters
    ----------
    seen, heard
        What was measured.

    Returns
    -------
    str
        JSON.
    """
    found = {
        "measured": [
            asdict(each) | {"view": each.view._asdict(), "reading": without_text(each)}
            for each in seen
        ],
        "lighthouse": [audit._asdict() for audit in heard],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def without_text(seen: Measurement) -> dict[str, object]:
    """Leave out the page's text, which is long.

    Parameters
    ----------
    seen
        A page.

    Returns
    -------
    dict
        The rest of its reading.
    """
    return {name: found for name, found in seen.reading.items() if name != "text"}


def say(line: str) -> None:
    """Tell how far it is, beside the table."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
