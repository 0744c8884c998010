"""Measures pages of the built site: `nox -s pages -- index tutorials/01_pen_and_paper`."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from tests.browser import chromium
from tests.browser.measurement import (
    NARROW,
    THEMES,
    WIDE,
    Measurement,
    View,
    addresses,
    start,
)
from tests.browser.site_server import SiteServer, serving

ROOT = Path(__file__).parents[2]
LIGHTHOUSE = Path(__file__).parent / "node" / "audit.mjs"
FLAGS = (*chromium.FLAGS, "--headless=new", "--no-sandbox")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
HEAD = (
    *("page", "words", "minutes", "checkpoints", "code", "cut formulas", "cut results"),
    *("KB", "requests", "trouble", "CLS", "axe", "mobile", "desktop"),
)
LEGEND = """\
words, minutes, checkpoints, code: what a reader meets before anything is unfolded, at 1280
pixels; code is its share of the height of the page.
cut: what one has to scroll at 390 pixels, unfolded too; for formulas, of all displayed ones.
KB: thousands of bytes transferred with an empty cache, compressed.
trouble: requests to other hosts, bad answers, complaints of the console.
CLS: layout shift, while loading and scrolling to the end.
These are the larger of two visits: light at 1280 pixels, dark at 390 pixels.
axe: elements that break a rule of axe-core in either theme, at 1280 / 390 pixels.
mobile, desktop: Lighthouse's performance / accessibility / best practices / SEO.
"""


class Audit(NamedTuple):
    """What Lighthouse says of a page, seen on a ``mobile`` or ``desktop`` device."""

    page: str
    device: str
    scores: dict[str, int]  # points out of 100, by category
    lost: dict[str, str]  # the audits that cost points


def main() -> None:
    """Write ``pages.json`` and ``pages.md``, and print the table."""
    chosen = arguments()
    chromium.find()  # without a browser it ends here, with a message
    began = time.perf_counter()
    pages = choose(addresses(chosen.site), chosen.pages)
    seen = measure(chosen.site, pages)
    heard = [] if chosen.no_lighthouse else ask_lighthouse(chosen.site, pages)
    rows = [
        row(
            [each for each in seen if each.view.page == page],
            {each.device: each.scores for each in heard if each.page == page},
        )
        for page in pages
    ]
    chosen.output.mkdir(parents=True, exist_ok=True)
    (chosen.output / "pages.md").write_text(table(rows), "utf-8")
    (chosen.output / "pages.json").write_text(as_json(seen, heard), "utf-8")
    print(table(rows))  # noqa: T201 - a command
    say(f"{len(pages)} pages in {time.perf_counter() - began:.0f} s: {chosen.output}")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="nox -s pages --", description=__doc__)
    parser.add_argument("pages", nargs="*", help="such as index; all if none is named")
    parser.add_argument("--site", type=Path, default=ROOT / "docs/_build/html")
    parser.add_argument("--output", type=Path, default=ROOT / "build")
    parser.add_argument("--no-lighthouse", action="store_true")
    return parser.parse_args()


def choose(pages: list[str], names: list[str]) -> list[str]:
    """Return the pages that were named, with or without ``.html``; all if none was."""
    wanted = [f"{name.removesuffix('.html')}.html" for name in names]
    unknown = [name for name in wanted if name not in pages]
    if unknown or not pages:
        raise SystemExit(f"no such page: {', '.join(unknown)}" if pages else "no site")
    return wanted or pages


def measure(site: Path, pages: list[str]) -> list[Measurement]:
    """Look at each page on a desk and on a phone."""
    seen = []
    views = [View(page, width) for page in pages for width in THEMES]
    for view, measured in start(site, views).items():
        seen.append(measured.result())
        say(str(view))
    return seen


def ask_lighthouse(site: Path, pages: list[str]) -> list[Audit]:
    """Let Lighthouse audit pages one at a time, as a phone and as a desk computer."""
    heard = []
    with serving(site) as server:
        for audit in audits(server, pages):
            heard.append(audit)
            say(f"{audit.page} {audit.device} {audit.scores}")
    return heard


def audits(server: SiteServer, pages: Iterable[str]) -> Iterator[Audit]:
    """Return what Lighthouse says, from Node and the versions that `package-lock.json` pins."""
    of = {server.address(page): page for page in pages}
    command = ["node", str(LIGHTHOUSE), chromium.find(), json.dumps(FLAGS), *of]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            found: dict[str, Any] = json.loads(line)
            yield Audit(of[found.pop("address")], **found)
    if process.returncode:
        raise RuntimeError("Lighthouse did not come to an end")


def row(seen: Sequence[Measurement], scores: dict[str, dict[str, int]]) -> list[str]:
    """Put what is known of one page into a cell for each column of ``HEAD``."""
    shift = max(sum(part["value"] for part in each.shifts) for each in seen)
    desk, phone = (
        next(each for each in seen if each.view.width == width)
        for width in (WIDE, NARROW)
    )
    first = desk.first_sight
    return [
        seen[0].view.page.removesuffix(".html"),
        *(str(first[name] or "") for name in ("words", "minutes", "checkpoints")),
        f"{first['code_share']:.0%}",
        f"{len(phone.reading['cut_formulas'])} / {phone.reading['displayed']}",
        str(len(phone.reading["cut_results"])),
        f"{max(each.size for each in seen) / 1000:.1f}",
        str(max(len(each.requests) for each in seen)),
        str(max(len(each.trouble) for each in seen)),
        f"{shift:.2g}",
        " / ".join(str(len(each.violations)) for each in seen),
        *(
            " / ".join(str(scores[device][category]) for category in CATEGORIES)
            if device in scores
            else "–"
            for device in ("mobile", "desktop")
        ),
    ]


def table(rows: Iterable[Sequence[str]]) -> str:
    """Lay rows out as a Markdown table, with what its columns mean."""
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    cells = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{cells}\n{LEGEND}"


def as_json(seen: list[Measurement], heard: list[Audit]) -> str:
    """Put everything into one file, but for the pages' texts, which are long."""
    measured = [asdict(each) | {"view": each.view._asdict()} for each in seen]
    for each in measured:
        del each["plain_text"], each["reading"]["text"]
    found = {"measured": measured, "lighthouse": [each._asdict() for each in heard]}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def say(line: str) -> None:
    """Write how far it is, beside the table."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
