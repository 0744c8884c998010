"""Files and tags of the real site for hosts, for links to it and for missing pages."""

import json
from importlib.metadata import version
from pathlib import Path

from bs4 import BeautifulSoup

from mlp_reference._version import RELEASE

ROOT = Path(__file__).parents[1]


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_the_page_for_missing_pages_leads_to_search_and_to_every_kind_of_page(
    site: Path,
) -> None:
    article = soup(site / "404.html").select_one("article")
    assert article is not None
    links = {str(link["href"]) for link in article.select("a[href]")}
    for path in (ROOT / "tutorials_src").glob("*.md"):
        folder = "exercises" if path.stem.startswith("ex") else "tutorials"
        assert f"/{folder}/{path.stem}.html" in links
    for page in ("instructors", "fair_and_safe", "marking"):
        assert f"/{page}.html" in links
    assert {"/search.html", "/index.html"} <= links


def test_no_search_finds_the_page_for_missing_pages(site: Path) -> None:
    script = (site / "searchindex.js").read_text("utf-8")
    index = json.loads(script[script.index("{") : script.rindex("}") + 1])
    number = index["docnames"].index("404")
    places = [*index["terms"].values(), *index["titleterms"].values()]
    found = {page for at in places for page in (at if isinstance(at, list) else [at])}
    assert number not in found
    titled = [page for found in index["alltitles"].values() for page, _ in found]
    assert number not in titled


def test_every_page_says_the_same_of_itself_to_searchers_and_to_readers_of_a_link(
    site: Path,
) -> None:
    compared = 0
    for path in site.rglob("*.html"):
        page = soup(path)
        if not page.select_one(".page-end"):
            continue  # made by Sphinx, or for missing addresses
        said = {
            str(tag.get("property") or tag.get("name")): str(tag["content"])
            for tag in page.select("head meta[content]")
        }
        assert said["og:description"] == said["description"], path
        title = page.select_one("article h1")
        assert title is not None
        assert said["og:title"] == title.get_text().removesuffix("¶").strip(), path
        compared += 1
    assert compared > 25


def test_the_versions_that_the_site_was_built_with_are_shown(site: Path) -> None:
    page = soup(site / "run_it_yourself.html")
    cells = [
        [cell.get_text() for cell in row("td")]
        for row in page.select("article tbody tr")
    ]
    shown = dict(cell for cell in cells if len(cell) == 2)
    assert shown["mlp_reference"] == RELEASE
    assert shown["PyTorch"] == version("torch").partition("+")[0]
    assert shown["Sphinx"] == version("sphinx")
    assert {"Python", "NumPy", "Matplotlib"} <= shown.keys()


def test_a_build_that_knows_no_address_links_to_no_editor(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        for stray in ("edit-page", "open-notebook", "og:url", 'rel="canonical"'):
            assert stray not in text, path
