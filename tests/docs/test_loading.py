"""A page loads one style sheet for all that its theme and extensions bring, and no idle script."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.docs.conftest import Finished

REPOSITORY = Path(__file__).parents[2]
SETTINGS = f"""\
import sys

sys.path[:0] = [{str(REPOSITORY / "docs/_ext")!r}, {str(REPOSITORY)!r}]
extensions = ["myst_nb", "sphinx_copybutton", "course.loading"]
exclude_patterns = ["_build"]
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["ours.css"]
html_theme = "furo"


def own(app, page, _template, _context, _doctree):
    if page == "index":
        app.add_css_file("own.css")
        app.add_css_file("interactive/part.css")


def setup(app):
    app.connect("html-page-context", own)
"""
PARTS = {"2-last": "a { color: red }\n", "1-first": "a { color: blue }\n"}
TEXTS = {
    "conf.py": SETTINGS,
    "index.md": "# A page\n\n```python\nprint(1)\n```\n\n```{toctree}\nother\n```\n",
    "other.md": "# Another\n\nNo code.\n",
    "_static/ours.css": 'p { background: url("ours.svg") }\n',
    "_static/own.css": "p { color: red }\n",
    "_static/program.js": "",
    "_templates/page.html": '{% extends "!page.html" %}\n',
    **{f"_static/interactive/part/{name}.css": text for name, text in PARTS.items()},
}
JOINED = (
    files("furo") / "theme/furo/static/styles/furo.css",
    files("myst_nb.static") / "mystnb.css",
    files("sphinx_copybutton") / "_static/copybutton.css",
    files("furo") / "theme/furo/static/styles/furo-extensions.css",
)


def write(folder: Path) -> Path:
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, sphinx: Callable[[Path], Finished]
) -> Path:
    folder = write(tmp_path_factory.mktemp("loading"))
    finished = sphinx(folder)
    assert finished.returncode == 0, finished.stderr
    return folder


def loaded(project: Path, page: str) -> list[str]:
    """List the style sheets and scripts of a page as their addresses end."""
    text = (project / f"_build/html/{page}.html").read_text("utf-8")
    tags = BeautifulSoup(text, "html.parser").select(
        "link[rel=stylesheet], script[src]"
    )
    return [str(tag.get("href", tag.get("src"))).rpartition("/")[2] for tag in tags]


def test_a_page_loads_one_style_sheet_and_then_its_own(project: Path) -> None:
    sheets = [each for each in loaded(project, "index") if ".css" in each]
    names = ["site.css", "own.css", "part.css"]
    assert [each.partition("?v=")[0] for each in sheets] == names
    assert all("?v=" in each for each in sheets)
    assert [each for each in loaded(project, "other") if ".css" in each] == sheets[:1]


def test_it_holds_every_sheet_as_it_was_in_the_order_of_loading(project: Path) -> None:
    static = project / "_build/html/_static"
    joined = (static / "site.css").read_text("utf-8")
    places = [joined.find(part.read_text("utf-8").strip()) for part in JOINED]
    assert min(places) > 0  # what colours code is first
    assert places == sorted(places)
    assert joined.index(TEXTS["_static/ours.css"]) > places[-1]
    assert 'body[data-theme="dark"] .highlight' in joined[: places[0]]
    left = {path.name for path in static.rglob("*.css")}
    assert not left & {part.name for part in JOINED}
    assert not list(static.glob("mystnb.*"))


def test_parts_of_a_sheet_are_one_in_the_order_of_their_names(project: Path) -> None:
    static = project / "_build/html/_static"
    joined = (static / "interactive/part.css").read_text("utf-8")
    assert joined == "\n".join(text for _, text in sorted(PARTS.items()))
    assert not (static / "interactive/part").exists()


def test_a_build_of_changed_pages_asks_for_the_same_file_as_a_first_one(
    project: Path, sphinx: Callable[[Path], Finished]
) -> None:
    before = loaded(project, "other")
    (project / "other.md").write_text("# Another\n\nStill no code.\n", "utf-8")
    assert sphinx(project).returncode == 0
    assert loaded(project, "other") == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_static/ours.css", "p { color: green }\n"),
        ("_static/own.css", "p { color: blue }\n"),
        ("_static/program.js", 'import "./another.js";\n'),
        ("_templates/page.html", '{% extends "!page.html" %}\n{# changed #}\n'),
    ],
)
def test_after_an_edit_a_site_is_the_same_as_one_built_anew(
    name: str, text: str, tmp_path: Path, sphinx: Callable[[Path], Finished]
) -> None:
    folder = write(tmp_path / "project")
    assert sphinx(folder).returncode == 0
    before = {page: loaded(folder, page) for page in ("index", "other")}
    (folder / name).write_text(text, "utf-8")
    assert sphinx(folder).returncode == 0
    assert (loaded(folder, "other") != before["other"]) == (name == "_static/ours.css")
    assert (loaded(folder, "index") != before["index"]) == name.endswith(".css")
    edited = contents(folder / "_build/html")
    shutil.rmtree(folder / "_build")
    assert sphinx(folder).returncode == 0
    assert contents(folder / "_build/html") == edited


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_only_a_page_with_code_loads_what_copies_it(project: Path) -> None:
    copying = ("clipboard", "copybutton")
    assert len([x for x in loaded(project, "index") if x.startswith(copying)]) == 2
    assert not [x for x in loaded(project, "other") if x.startswith(copying)]


def test_only_the_search_loads_what_would_put_marks_into_other_pages(
    project: Path,
) -> None:
    script = "sphinx_highlight"
    assert [x for x in loaded(project, "search") if x.startswith(script)]
    assert not [x for x in loaded(project, "index") if x.startswith(script)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("below/one.css", "p { background: url(one.svg) }"),
        ("one.css", '@import "other.css";'),
    ],
)
def test_a_sheet_that_would_not_work_elsewhere_stops_the_build(
    name: str, text: str, tmp_path: Path, sphinx: Callable[[Path], Finished]
) -> None:
    folder = write(tmp_path)
    (folder / "_static" / name).parent.mkdir(exist_ok=True)
    (folder / "_static" / name).write_text(text, "utf-8")
    settings = SETTINGS.replace('"ours.css"', f'"ours.css", "{name}"')
    (folder / "conf.py").write_text(settings, "utf-8")
    finished = sphinx(folder)
    assert finished.returncode
    assert "cannot be joined" in finished.stderr


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ('"https://example.org/their.css"', "cannot be joined with others"),
        ('("ours.css", {"media": "print"})', "cannot be joined with others"),
        ('"missing.css"', "there is no such file"),
    ],
)
def test_a_sheet_that_would_be_lost_stops_the_build(
    sheet: str, said: str, tmp_path: Path, sphinx: Callable[[Path], Finished]
) -> None:
    folder = write(tmp_path)
    (folder / "conf.py").write_text(SETTINGS.replace('"ours.css"', sheet), "utf-8")
    finished = sphinx(folder)
    assert finished.returncode
    assert said in finished.stderr
