"""What a site knows of its addresses, and what it says and offers where it is hosted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from course.hosting import Addresses, absolute, read_addresses
from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.conftest import CleanBuild, Course

READ_THE_DOCS = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": "https://gradients.example.org/en/latest/",
    "READTHEDOCS_GIT_CLONE_URL": "https://github.com/someone/gradients.git",
    "READTHEDOCS_GIT_IDENTIFIER": "next",
    "READTHEDOCS_VERSION_TYPE": "branch",
}


def test_without_variables_no_address_is_known() -> None:
    assert read_addresses({}) == Addresses(site="", repository="", branch="main")


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    empty = {"COURSE_BASE_ADDRESS": " ", "COURSE_REPOSITORY": "", "COURSE_BRANCH": ""}
    assert read_addresses(empty) == Addresses()


@pytest.mark.parametrize("slashes", ["", "/", "//"])
def test_slashes_at_the_end_are_forgiven(slashes: str) -> None:
    read = read_addresses(
        {
            "COURSE_BASE_ADDRESS": f"https://example.org/gradients{slashes}",
            "COURSE_REPOSITORY": f"https://github.com/someone/gradients{slashes}",
            "COURSE_BRANCH": "feature/new-lesson",
        }
    )
    assert read.site == "https://example.org/gradients"
    assert read.repository == "https://github.com/someone/gradients"
    assert read.branch == "feature/new-lesson"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://example.org"]
)
def test_a_site_may_be_any_host(address: str) -> None:
    assert read_addresses({"COURSE_BASE_ADDRESS": address}).site == address


REFUSED = {
    "COURSE_BASE_ADDRESS": (
        "the folder of the site, as https://example.org/gradients",
        *("example.org/gradients", "ftp://example.org", "https://"),
        *("https://example.org:port", "https://me:secret@example.org"),
        *("https://example.org/a b", "https://example.org/?page=1"),
        *("https://example.org/#top", "https://example.org/index.html"),
    ),
    "COURSE_REPOSITORY": (
        "a repository, as https://github.com/OWNER/NAME",
        *("github.com/someone/gradients", "someone/gradients"),
        *("https://github.com/someone", "https://github.com/some/one/tree/main"),
        *("https://github.com/someone/it.git", "https://example.org/someone/it"),
        "https://github.com/../..",
    ),
    "COURSE_BRANCH": ("a branch, as main", "two words", "../main", "-x", "main/"),
    "COURSE_NOTEBOOKS": ("a branch, as main", "a b"),
}


@pytest.mark.parametrize(
    ("variable", "expected", "value"),
    [(name, words, v) for name, (words, *values) in REFUSED.items() for v in values],
)
def test_a_value_that_is_no_address_stops_with_what_came_and_what_was_expected(
    variable: str, expected: str, value: str
) -> None:
    message = re.escape(f"{variable} is {value!r}, expected ")
    with pytest.raises(ConfigError, match=f"{message}.*{re.escape(expected)}"):
        read_addresses({variable: value})


def test_read_the_docs_gives_all_three() -> None:
    assert read_addresses(READ_THE_DOCS) == Addresses(
        site="https://gradients.example.org/en/latest",
        repository="https://github.com/someone/gradients",
        branch="next",
    )


def test_its_variables_mean_nothing_on_another_machine() -> None:
    elsewhere = READ_THE_DOCS | {"READTHEDOCS": ""}
    assert read_addresses(elsewhere) == Addresses()


def test_what_is_set_for_the_course_goes_before_what_read_the_docs_says() -> None:
    own = {"COURSE_BASE_ADDRESS": "https://example.org", "COURSE_BRANCH": "stable"}
    read = read_addresses(READ_THE_DOCS | own)
    assert (read.site, read.branch) == ("https://example.org", "stable")
    assert read.repository == "https://github.com/someone/gradients"


@pytest.mark.parametrize(
    ("clone", "repository"),
    [
        (
            "git@github.com:someone/my.course.git",
            "https://github.com/someone/my.course",
        ),
        (
            "https://github.com/someone/gradients",
            "https://github.com/someone/gradients",
        ),
        ("https://gitlab.com/someone/gradients.git", ""),
        ("", ""),
    ],
)
def test_only_a_repository_on_github_is_linked(clone: str, repository: str) -> None:
    environment = READ_THE_DOCS | {"READTHEDOCS_GIT_CLONE_URL": clone}
    assert read_addresses(environment).repository == repository


@pytest.mark.parametrize("kind", ["tag", "external"])
def test_what_is_no_branch_cannot_be_edited(kind: str) -> None:
    environment = READ_THE_DOCS | {"READTHEDOCS_VERSION_TYPE": kind}
    assert read_addresses(environment).branch == "main"


# -- Whole sites

SITE = "https://example.org/deep/course"
REPOSITORY = "https://github.com/someone/course"
TOLD = {
    "COURSE_BASE_ADDRESS": f"{SITE}/",
    "COURSE_REPOSITORY": REPOSITORY,
    "COURSE_NOTEBOOKS": "notebooks",
}
LESSON = "tutorials/01_alpha"
PROJECT = 'project = "Tiny course"'
DESCRIBED = """\
---
myst:
  html_meta:
    "description lang=en": "What <b> & \\"quotes\\" mean."
---

# Less < more & *all*
"""


@pytest.fixture(scope="module")
def hosted(
    fresh_course: Callable[[], Course], tmp_path_factory: pytest.TempPathFactory
) -> Course:
    course = fresh_course()
    course.edit("docs/index.md", "# Tiny course\n", DESCRIBED)
    course.edit("docs/conf.py", PROJECT, f"{PROJECT}\nrelease = '7'")
    missing = '# Not here\n\n[Home](index.md) <a href="#there">there</a>\n'
    missing = f"---\norphan: true\n---\n\n{missing}"
    (course.root / "docs/404.md").write_text(missing, "utf-8")
    course.build_well(**TOLD, COURSE_BRANCH="next")
    kept = tmp_path_factory.mktemp("hosted") / "kept"  # others build in its place
    return type(course)(shutil.copytree(course.root, kept))


def head(course: Course, docname: str) -> dict[str, str]:
    text = (course.site / f"{docname}.html").read_text("utf-8")
    tags = BeautifulSoup(text, "html.parser").select("meta[content]")
    return {str(t.get("property") or t.get("name")): str(t["content"]) for t in tags}


def links(within: Tag, place: str) -> dict[str, str]:
    return {a.get_text(): str(a["href"]) for a in within.select(f".{place} a")}


def test_without_addresses_a_page_links_to_its_notebook_alone(
    built: CleanBuild,
) -> None:
    page = built.course.page(LESSON)
    assert links(page, "lesson-links") == {
        "Download notebook": "../downloads/01_alpha.ipynb"
    }
    assert page.select(".page-end") == []
    assert not (built.course.site / "downloads/binder").exists()


def test_without_addresses_nothing_names_one(built: CleanBuild) -> None:
    site = built.course.site
    assert not (site / "sitemap.xml").exists()
    assert not (site / "_images/cards").exists()
    assert (site / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    for name in (LESSON, "index"):
        tags = head(built.course, name)
        assert tags["og:title"] == {LESSON: "Alpha", "index": "Tiny course"}[name]
        assert tags["og:site_name"] == "Tiny course"
        assert tags["twitter:card"] == "summary"
        assert not {"og:url", "og:image", "og:image:alt"} & tags.keys()
        assert 'rel="canonical"' not in (site / f"{name}.html").read_text("utf-8")


def test_a_lesson_can_be_downloaded_or_opened_elsewhere(hosted: Course) -> None:
    colab = "https://colab.research.google.com/github/someone/course/blob/notebooks"
    binder = "https://mybinder.org/v2/gh/someone/course/notebooks"
    assert links(hosted.page(LESSON), "lesson-links") == {
        "Download notebook": "../downloads/01_alpha.ipynb",
        "Open in Colab": f"{colab}/01_alpha.ipynb",
        "Launch Binder": f"{binder}?labpath=01_alpha.ipynb",
    }


def test_colab_is_offered_only_where_it_finds_the_wheel(course: Course) -> None:
    course.build_well(COURSE_REPOSITORY=REPOSITORY, COURSE_NOTEBOOKS="notebooks")
    found = links(course.page(LESSON), "lesson-links")
    assert found.keys() == {"Download notebook", "Launch Binder"}


def test_neither_is_offered_where_no_branch_holds_notebooks(course: Course) -> None:
    course.build_well(COURSE_BASE_ADDRESS=SITE, COURSE_REPOSITORY=REPOSITORY)
    found = links(course.page(LESSON), "lesson-links")
    assert found.keys() == {"Download notebook"}
    assert not (course.site / "downloads/binder").exists()


def test_binder_is_told_to_install_the_wheel_beside_the_notebooks(
    hosted: Course,
) -> None:
    downloads = hosted.site / "downloads"
    *_, wheel = (downloads / "binder/requirements.txt").read_text().split()
    assert wheel.endswith(".whl[plot,torch]")
    assert (downloads / wheel.partition("[")[0]).is_file()
    assert (downloads / "binder/runtime.txt").read_text() == "python-3.12\n"


@pytest.mark.parametrize(
    ("docname", "path"),
    [
        (LESSON, "tutorials_src/01_alpha.md"),
        ("by_hand", "docs/by_hand.md"),
        ("index", "docs/index.md"),
    ],
)
def test_a_page_ends_with_its_version_and_a_link_to_the_file_to_edit(
    hosted: Course, docname: str, path: str
) -> None:
    page = hosted.page(docname)
    address = f"{REPOSITORY}/edit/next/{path}"
    assert links(page, "page-end") == {"Edit this page": address}
    assert (hosted.root / path).is_file()
    (end,) = page.select(".page-end")
    assert end.get_text().startswith("tiny_package 7")


def test_the_last_line_of_a_page_is_not_searched(hosted: Course) -> None:
    assert '"edit"' not in (hosted.site / "searchindex.js").read_text("utf-8")


def test_the_head_quotes_the_pages_own_title_and_description(hosted: Course) -> None:
    tags = head(hosted, "index")
    assert tags["og:title"] == "Less < more & all"
    assert tags["og:description"] == 'What <b> & "quotes" mean.' == tags["description"]
    assert tags["og:type"] == "website"
    assert head(hosted, LESSON)["og:type"] == "article"


def test_the_head_of_a_hosted_page_names_its_address_and_a_card(
    hosted: Course,
) -> None:
    tags = head(hosted, LESSON)
    assert tags["og:url"] == f"{SITE}/{LESSON}.html"
    text = (hosted.site / f"{LESSON}.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{SITE}/{LESSON}.html"' in text
    assert tags["twitter:card"] == "summary_large_image"
    assert "Alpha" in tags["og:image:alt"]
    card = hosted.site / tags["og:image"].removeprefix(f"{SITE}/")
    data = card.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    size = (int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    assert size == (int(tags["og:image:width"]), int(tags["og:image:height"]))


def test_crawlers_find_every_page_but_the_one_for_missing_pages(
    hosted: Course,
) -> None:
    root = ElementTree.parse(hosted.site / "sitemap.xml").getroot()  # noqa: S314 - ours
    names = ("by_hand", "index", LESSON, "tutorials/02_beta")
    assert [page.text for page in root.iter() if page.tag.endswith("loc")] == [
        f"{SITE}/{name}.html" for name in names
    ]
    robots = (hosted.site / "robots.txt").read_text()
    assert robots.endswith(f"\nSitemap: {SITE}/sitemap.xml\n")


def test_a_rebuild_of_one_page_lists_all_pages_and_a_move_changes_all(
    course: Course,
) -> None:
    course.build_well(**TOLD)
    whole = (course.site / "sitemap.xml").read_bytes()
    course.edit("tutorials_src/01_alpha.md", "The first prose.", "Other prose.")
    course.build_well(**TOLD)
    assert (course.site / "sitemap.xml").read_bytes() == whole
    course.build_well()
    assert not (course.site / "sitemap.xml").exists()
    assert not {"og:url", "og:image"} & head(course, "tutorials/02_beta").keys()


def test_the_page_for_missing_pages_leads_on_from_any_folder(hosted: Course) -> None:
    text = (hosted.site / "404.html").read_text("utf-8")
    soup = BeautifulSoup(text, "html.parser")
    found = [
        str(tag.get(name))
        for name in ("href", "src", "action", "data-content_root")
        for tag in soup.select(f"[{name}]")
    ]
    within = [a for a in found if not a.startswith(("#", "http"))]
    assert len(within) > 10
    assert [a for a in within if not a.startswith("/deep/course/")] == []
    assert "/deep/course/index.html" in found
    assert "#there" in found
    assert absolute(text, SITE) == text
    assert "og:title" not in head(hosted, "404")
    assert 'rel="canonical"' not in text


def test_a_host_may_serve_the_site_from_its_root() -> None:
    page = '<a href="x.html">x</a> <img src="./y.svg"> <a href="mailto:a@b.c">'
    expected = '<a href="/x.html">x</a> <img src="/y.svg"> <a href="mailto:a@b.c">'
    assert absolute(page, "https://example.org") == expected


def test_the_site_holds_nothing_of_how_it_was_built(built: CleanBuild) -> None:
    site = built.course.site
    assert (site / ".nojekyll").is_file(), "GitHub Pages needs it"
    assert not (site / "_sources").exists()
    assert [path.name for path in site.rglob("*") if "doctree" in path.name] == []


def test_two_hosted_builds_give_the_same_bytes(
    write_course: Callable[[Path], Course], tmp_path: Path
) -> None:
    made = []
    for name in ("one", "another_folder"):
        course = write_course(tmp_path / name)
        course.build_well(**TOLD, PYTHONHASHSEED=str(len(name)))
        files = sorted(path for path in course.site.rglob("*") if path.is_file())
        made.append({f.relative_to(course.site): f.read_bytes() for f in files})
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
    assert {".png", ".xml", ".zip", ".whl"} <= {name.suffix for name in made[0]}


def test_an_address_that_is_none_stops_the_build(course: Course) -> None:
    finished = course.build(COURSE_BASE_ADDRESS="example.org/course")
    assert finished.returncode != 0
    assert "COURSE_BASE_ADDRESS is 'example.org/course', expected" in finished.stderr
