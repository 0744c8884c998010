"""What was measured, as a table: one row a page."""

from collections.abc import Iterable, Sequence

from tests.browser.all_pages import THEMES, WIDTHS
from tests.browser.lighthouse import Audit
from tests.browser.measurement import Measurement

DEVICES = ("mobile", "desktop")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
HEAD = ("page", "KB", "requests", "other hosts", "CLS", "axe", "mobile", "desktop")
LEGEND = """\
KB: thousands of bytes transferred with an empty cache, compressed.
CLS: layout shift, while loading and scrolling to the end.
These are the largest of four visits: light and dark, 1280 and 390 pixels wide.
axe: elements that break a rule of axe-core, light 1280 / light 390 / dark 1280 / dark 390.
mobile, desktop: Lighthouse's performance / accessibility / best practices / SEO.
"""


def row(seen: Sequence[Measurement], audits: Sequence[Audit]) -> list[str]:
    """Put what is known of one page into a row.

    Parameters
    ----------
    seen
        The page, in all themes and widths.
    audits
        Lighthouse's, if it was asked.

    Returns
    -------
    list of str
        A cell for each column of ``HEAD``.
    """
    broken = {each.view[1:]: len(each.violations) for each in seen}
    axe = [str(broken[theme, width]) for theme in THEMES for width in WIDTHS]
    scores = {audit.device: audit.scores for audit in audits}
    return [
        seen[0].view.page.removesuffix(".html"),
        f"{max(each.size for each in seen) / 1000:.1f}",
        str(max(len(each.requests) for each in seen)),
        str(max(len(each.other_hosts) for each in seen)),
        f"{max(each.shift for each in seen):.2g}",
        " / ".join(axe),
        *(points(scores.get(device)) for device in DEVICES),
    ]


def points(scores: dict[str, int] | None) -> str:
    """Put Lighthouse's four scores into a cell.

    Parameters
    ----------
    scores
        By category, or None.

    Returns
    -------
    str
        Such as ``100 / 100 / 100 / 100``; a dash for None.
    """
    if scores is None:
        return "–"
    return " / ".join(str(scores[category]) for category in CATEGORIES)


def table(rows: Iterable[Sequence[str]]) -> str:
    """Lay rows out as a Markdown table, with what its columns mean.

    Parameters
    ----------
    rows
        As `row` makes them.

    Returns
    -------
    str
        Markdown.
    """
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    cells = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{cells}\n{LEGEND}"
