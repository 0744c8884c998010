"""What a site knows of its addresses, and what it says and offers where it is hosted."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from course.frame import elsewhere
from course.hosting import Addresses, absolute, read_addresses
from sphinx.errors import ConfigError

from tests.site_builds import contents, differences

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.config import Config

    from tests.docs.conftest import CleanBuild, Course

CLONE = "READTHEDOCS_GIT_CLONE_URL"
READ_THE_DOCS = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": "https://gradients.example.org/en/latest/",
    CLONE: "https://github.com/someone/gradients.git",
    "READTHEDOCS_GIT_IDENTIFIER": "next",
    "READTHEDOCS_VERSION_TYPE": "branch",
}
HOSTED_SITE = "https://gradients.example.org/en/latest"
GITHUB = "https://github.com/someone/gradients"
ON_READ_THE_DOCS = Addresses(HOSTED_SITE, GITHUB, "next")

Changes = dict[str, str]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, {"site": "", "repository": "", "branch": "main", "notebooks": ""}),
        ({"BASE_ADDRESS": " ", "REPOSITORY": "", "BRANCH": ""}, {}),
        ({"BASE_ADDRESS": "https://example.org"}, {"site": "https://example.org"}),
        ({"BASE_ADDRESS": "https://c.org/a//"}, {"site": "https://c.org/a"}),
        ({"BASE_ADDRESS": "http://[::1]:8000"}, {"site": "http://[::1]:8000"}),
        ({"REPOSITORY": f"{GITHUB}/"}, {"repository": GITHUB}),
        ({"BRANCH": "feature/new-lesson"}, {"branch": "feature/new-lesson"}),
        ({"NOTEBOOKS": "gh-pages"}, {"notebooks": "gh-pages"}),
    ],
)
def test_addresses_are_those_that_are_set(
    environment: Changes, expected: Changes
) -> None:
    given = {f"COURSE_{name}": value for name, value in environment.items()}
    assert read_addresses(given) == Addresses(**expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"COURSE_BASE_ADDRESS": "https://c.org"}, {"site": "https://c.org"}),
        ({"COURSE_BRANCH": "stable"}, {"branch": "stable"}),
        (
            {CLONE: "git@github.com:a/b.c.git"},
            {"repository": "https://github.com/a/b.c"},
        ),
        ({CLONE: "https://github.com/a/b"}, {"repository": "https://github.com/a/b"}),
        ({CLONE: "https://gitlab.com/a/b.git"}, {"repository": ""}),
        ({CLONE: ""}, {"repository": ""}),
        ({"READTHEDOCS_VERSION_TYPE": "tag"}, {"branch": "main"}),
        ({"READTHEDOCS_VERSION_TYPE": "external"}, {"branch": "main"}),
    ],
)
def test_read_the_docs_gives_the_others(changes: Changes, expected: Changes) -> None:
    assert read_addresses(READ_THE_DOCS | changes) == ON_READ_THE_DOCS._replace(
        **expected
    )


def test_its_variables_mean_nothing_on_another_machine() -> None:
    assert read_addresses(READ_THE_DOCS | {"READTHEDOCS": ""}) == Addresses()


REFUSED = {
    "COURSE_BASE_ADDRESS": (
        "the folder of the site, as https://example.org/gradients",
        *("example.org/gradients", "ftp://example.org", "https://"),
        *("https://example.org:port", "https://me:secret@example.org"),
        *("https://example.org/a b", "https://example.org/?page=1"),
        *("https://example.org/{a}", "https://example.org/$a"),
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


def build_hosted(course: Course, **environment: str) -> Course:
    """Build a course that has all there is to say of its addresses."""
    course.edit("docs/index.md", "# Tiny course\n", DESCRIBED)
    course.edit("docs/conf.py", PROJECT, f"{PROJECT}\nrelease = '7'")
    missing = '# Not here\n\n[Home](index.md) <a href="#there">there</a>\n'
    missing = f"---\norphan: true\n---\n\n{missing}"
    (course.root / "docs/404.md").write_text(missing, "utf-8")
    course.build_well(**TOLD, COURSE_BRANCH="next", **environment)
    return course


@pytest.fixture(scope="module")
def hosted(
    write_course: Callable[[Path], Course], tmp_path_factory: pytest.TempPathFactory
) -> Course:
    return build_hosted(write_course(tmp_path_factory.mktemp("hosted")))


def head(course: Course, docname: str) -> dict[str, str]:
    text = (course.site / f"{docname}.html").read_text("utf-8")
    tags = BeautifulSoup(text, "html.parser").select("meta[content]")
    return {str(t.get("property") or t.get("name")): str(t["content"]) for t in tags}


def links(within: Tag, place: str) -> dict[str, str]:
    return {a.get_text(): str(a["href"]) for a in within.select(f".{place} a")}


def test_without_addresses_nothing_names_one(built: CleanBuild) -> None:
    site, page = built.course.site, built.course.page(LESSON)
    notebook = {"Download notebook": "../downloads/01_alpha.ipynb"}
    assert links(page, "lesson-links") == notebook
    assert page.select(".page-end") == []
    for name in ("sitemap.xml", "_images/cards", "downloads/binder"):
        assert not (site / name).exists()
    assert (site / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    for name, title in ((LESSON, "Alpha"), ("index", "Tiny course")):
        tags = head(built.course, name)
        assert (tags["og:title"], tags["og:site_name"]) == (title, "Tiny course")
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


@pytest.mark.parametrize(
    ("site", "repository", "branch", "offered"),
    [
        (SITE, REPOSITORY, "b", {"Open in Colab", "Launch Binder"}),
        ("", REPOSITORY, "b", {"Launch Binder"}),  # Colab would not find the wheel
        (SITE, "", "b", set()),
        (SITE, REPOSITORY, "", set()),
    ],
)
def test_only_what_works_is_offered(
    site: str, repository: str, branch: str, offered: set[str]
) -> None:
    config = SimpleNamespace(
        html_baseurl=site, course_repository=repository, course_notebooks=branch
    )
    assert elsewhere("01_alpha", cast("Config", config)).keys() == offered


def test_binder_is_told_to_install_the_wheel_beside_the_notebooks(
    hosted: Course,
) -> None:
    downloads = hosted.site / "downloads"
    *_, wheel = (downloads / "binder/requirements.txt").read_text().split()
    assert wheel.endswith(".whl[plot,torch,data]")
    assert (downloads / wheel.partition("[")[0]).is_file()
    assert (downloads / "binder/runtime.txt").read_text() == "python-3.12\n"


def test_a_page_ends_with_its_version_and_links_to_edit_it_and_to_say_what_is_wrong(
    hosted: Course,
) -> None:
    for docname, path in (
        (LESSON, "tutorials_src/01_alpha.md"),
        ("by_hand", "docs/by_hand.md"),
    ):
        page = hosted.page(docname)
        assert links(page, "page-end") == {
            "Edit this page": f"{REPOSITORY}/edit/next/{path}",
            "Report a mistake": f"{REPOSITORY}/issues/new/choose",
        }
        assert (hosted.root / path).is_file()
        (end,) = page.select(".page-end")
        assert end.get_text().startswith("tiny_package 7")
    index = (hosted.site / "searchindex.js").read_text("utf-8")
    assert '"edit"' not in index, "the last line is not searched"


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
    hosted: Course, write_course: Callable[[Path], Course], tmp_path: Path
) -> None:
    other = write_course(tmp_path / "another_folder")
    build_hosted(other, PYTHONHASHSEED="1", TZ="Asia/Tokyo")
    found = differences(contents(hosted.site), contents(other.site))
    assert found == {}
    assert {".png", ".xml", ".zip", ".whl"} <= {f.suffix for f in other.site.rglob("*")}


def test_an_address_that_is_none_stops_the_build(course: Course) -> None:
    finished = course.build(COURSE_BASE_ADDRESS="example.org/course")
    assert finished.returncode != 0
    assert "COURSE_BASE_ADDRESS is 'example.org/course', expected" in finished.stderr
