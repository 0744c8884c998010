"""Addresses of the site and its repository on the internet, and files for web servers.

A build takes addresses from the environment; without them, it writes no link that needs one. The
files are written after the pages, and list all pages, not only those of this build as
`sphinx-sitemap` does. The 404 page is changed when it is finished, so that the links in its text
are absolute too, which `sphinx-notfound-page` leaves relative.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from mlp_exercise.handout.site import STRAY

BASE_ADDRESS = "COURSE_BASE_ADDRESS"
REPOSITORY = "COURSE_REPOSITORY"
BRANCH = "COURSE_BRANCH"
NOTEBOOKS = "COURSE_NOTEBOOKS"
"""Names of the environment variables."""

GITHUB = re.compile(r"https://github\.com/(?P<owner>\w[\w.-]*)/(?P<name>\w[\w.-]*)")
CLONE_ADDRESS = re.compile(
    r"(?:https://github\.com/|git@github\.com:)(?P<path>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
BRANCH_NAME = re.compile(r"(?!.*(?:\.\.|//))\w[\w./+-]*(?<![/.])")


NOT_FOUND = "404"
"""The name of the page that a server shows for missing addresses."""

SITEMAP = "sitemap.xml"
RELATIVE = re.compile(
    r'(?P<attribute>\s(?:href|src|action|data-content_root)=")(?!#|/|[a-z][a-z+.-]*:)(?:\./)?'
)
"""The beginning of an address within the site; the 404 page is in its top folder."""


class Addresses(NamedTuple):
    """The addresses that a build knows; an empty string means that one is not known."""

    site: str = ""  # without a slash at its end
    repository: str = ""  # as ``https://github.com/OWNER/NAME``
    branch: str = "main"  # the branch that contributors edit
    notebooks: str = ""  # the branch from which Colab and Binder open notebooks


def read_addresses(environment: Mapping[str, str]) -> Addresses:
    """Return the addresses that are set for this course, or else those of Read the Docs."""
    hosted = environment.get("READTHEDOCS") == "True"
    given = _of_read_the_docs(environment) if hosted else {}
    given |= {
        name: value
        for name in (BASE_ADDRESS, REPOSITORY, BRANCH, NOTEBOOKS)
        if (value := environment.get(name, "").strip())
    }
    return Addresses(
        site=_site(given.get(BASE_ADDRESS, "")),
        repository=_repository(given.get(REPOSITORY, "")),
        branch=_branch(BRANCH, given.get(BRANCH, Addresses().branch)),
        notebooks=_branch(NOTEBOOKS, given.get(NOTEBOOKS, "")),
    )


def _of_read_the_docs(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses that Read the Docs sets; only repositories on GitHub get links."""
    given = {BASE_ADDRESS: environment.get("READTHEDOCS_CANONICAL_URL", "")}
    clone = CLONE_ADDRESS.fullmatch(environment.get("READTHEDOCS_GIT_CLONE_URL", ""))
    if clone:
        given[REPOSITORY] = f"https://github.com/{clone['path']}"
    # The other types are tags and pull requests.
    if environment.get("READTHEDOCS_VERSION_TYPE") == "branch":
        given[BRANCH] = environment.get(
            "READTHEDOCS_GIT_IDENTIFIER", Addresses().branch
        )
    return given


def _site(value: str) -> str:
    try:
        parts = urlsplit(value)
        well_formed = parts.scheme in ("http", "https") and bool(parts.hostname)
        well_formed = well_formed and (parts.port is None or parts.port > 0)
        well_formed = well_formed and parts.username is None  # pages would show it
    except ValueError:  # a port that is not a number, or an unclosed bracket
        well_formed = False
    stray = STRAY.search(value)
    if value and (not well_formed or stray or value.rstrip("/").endswith(".html")):
        raise _unexpected(
            BASE_ADDRESS,
            value,
            "the folder of the site, as https://example.org/gradients",
        )
    return value.rstrip("/")


def _repository(value: str) -> str:
    value = value.rstrip("/")
    if value and (not GITHUB.fullmatch(value) or value.endswith(".git")):
        raise _unexpected(
            REPOSITORY, value, "a repository, as https://github.com/OWNER/NAME"
        )
    return value


def _branch(variable: str, value: str) -> str:
    if value and not BRANCH_NAME.fullmatch(value):
        raise _unexpected(variable, value, "the name of a branch, as main")
    return value


def _unexpected(variable: str, value: str, expected: str) -> ConfigError:
    return ConfigError(f"{variable} is {value!r}, expected {expected}")


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the files beside the pages, after the pages."""
    if exception or app.builder.format != "html":
        return
    site, address = Path(app.outdir), app.config.html_baseurl
    addresses = [
        f"{address}/{app.builder.get_target_uri(docname)}"
        for docname in sorted(app.env.found_docs - {NOT_FOUND})
    ]
    robots = "User-agent: *\nAllow: /\n"
    (site / SITEMAP).unlink(missing_ok=True)  # one may be left from an earlier build
    if address:
        (site / SITEMAP).write_bytes(sitemap(addresses))
        robots += f"\nSitemap: {address}/{SITEMAP}\n"
    (site / "robots.txt").write_text(robots, "utf-8", newline="\n")
    # Without it, GitHub Pages leaves out folders such as _static.
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
    """Return the list of addresses that crawlers read."""
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    root = ElementTree.Element("urlset", xmlns=schema)
    for address in addresses:
        page = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(page, "loc").text = address
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def absolute(page: str, address: str) -> str:
    """Return a page whose addresses begin at the root of its host.

    The page is shown for missing addresses in any folder, where relative links would be
    broken. Without an address, the site is taken to be at the root of its host.
    """
    root = f"{urlsplit(address).path.rstrip('/')}/"
    return RELATIVE.sub(lambda match: match["attribute"] + root, page)


def setup(app: Sphinx) -> None:
    """Connect the files to Sphinx's event."""
    app.connect("build-finished", write_files)
