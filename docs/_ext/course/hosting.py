"""Files for those who serve the site and those who crawl it; and a 404 page for any address.

Written once the pages are there, from all pages and not only those of this build, which is
what `sphinx-sitemap` lists; and into the finished page, so that its text's links hold too,
which `sphinx-notfound-page` leaves relative.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from sphinx.application import Sphinx

NOT_FOUND = "404"
"""Name of the page that a server shows for an address that it does not know."""

SITEMAP = "sitemap.xml"
RELATIVE = re.compile(
    r'(?P<attribute>\s(?:href|src|action|data-content_root)=")(?!#|/|[a-z][a-z+.-]*:)(?:\./)?'
)
"""The beginning of an address within the site; in a 404 page all start at its top folder."""


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what stands beside the pages, once they are written."""
    if exception or app.builder.format != "html":
        return
    site, address = Path(app.outdir), app.config.html_baseurl
    addresses = [
        f"{address}/{app.builder.get_target_uri(docname)}"
        for docname in sorted(app.env.found_docs - {NOT_FOUND})
    ]
    robots = "User-agent: *\nAllow: /\n"
    (site / SITEMAP).unlink(missing_ok=True)  # of an earlier build that knew an address
    if address:
        (site / SITEMAP).write_bytes(sitemap(addresses))
        robots += f"\nSitemap: {address}/{SITEMAP}\n"
    (site / "robots.txt").write_text(robots, "utf-8", newline="\n")
    # GitHub Pages would otherwise leave out folders such as _static.
    (site / ".nojekyll").touch()
    page = site / f"{NOT_FOUND}.html"
    if page.exists():
        text = absolute(page.read_text("utf-8"), address)
        page.write_text(text, "utf-8", newline="\n")
    # Sphinx makes this folder whether or not sources are copied into it.
    sources = site / "_sources"
    if sources.exists() and not any(sources.iterdir()):
        sources.rmdir()


def sitemap(addresses: list[str]) -> bytes:
    """List addresses for crawlers.

    Parameters
    ----------
    addresses : list of str
        Whole addresses of pages.

    Returns
    -------
    bytes
        XML as sitemaps.org describes it.
    """
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    root = ElementTree.Element("urlset", xmlns=schema)
    for address in addresses:
        page = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(page, "loc").text = address
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def absolute(page: str, address: str) -> str:
    """Let every address of a page begin at the root of its host.

    The page is shown for missing addresses in any folder, where relative ones lead nowhere.
    A site that is told no address is taken to be at the top of its host.

    Parameters
    ----------
    page : str
        HTML of a page in the site's top folder.
    address : str
        Where the site is served, or an empty string.

    Returns
    -------
    str
        The same page; doing it twice changes nothing.
    """
    root = f"{urlsplit(address).path.rstrip('/')}/"
    return RELATIVE.sub(lambda match: match["attribute"] + root, page)


def setup(app: Sphinx) -> None:
    """Hang the files on Sphinx's event."""
    app.connect("build-finished", write_files)
