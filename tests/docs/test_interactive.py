"""Interactive parts: a page has the part, its data and all its modules, other pages nothing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from bs4 import BeautifulSoup
from course import interactive
from course.downloads import lesson_notebook
from course.interactive import data as data_of_parts
from course.sources import Page
from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from tests.docs.conftest import Finished

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = REPOSITORY / "docs/_static/interactive"
SETTINGS = f"""\
import sys

sys.path[:0] = [{str(REPOSITORY / "docs/_ext")!r}, {str(REPOSITORY)!r}]
extensions = ["myst_parser", "course.interactive", "course.interactive.worksheet_parts"]
exclude_patterns = ["_build"]
html_static_path = ["_static"]
html_theme = "basic"
myst_enable_extensions = ["colon_fence"]
templates_path = ["_templates"]
"""
WITH_PART = """\
# A page

:::{page-only}
Some *words*.

```{worksheet}
```
:::

## After it

```{toctree}
other
```
"""


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, sphinx: Callable[[Path], Finished]
) -> Path:
    folder = tmp_path_factory.mktemp("interactive")
    (folder / "conf.py").write_text(SETTINGS, "utf-8")
    (folder / "index.md").write_text(WITH_PART, "utf-8")
    (folder / "other.md").write_text("# Another page\n\nNothing to touch.\n", "utf-8")
    shutil.copytree(PROGRAMS, folder / "_static/interactive")
    templates = REPOSITORY / "docs/_templates/interactive"
    shutil.copytree(templates, folder / "_templates/interactive")
    finished = sphinx(folder)
    assert finished.returncode == 0, finished.stderr
    return folder / "_build/html"


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_a_program_s_modules_are_listed_once_as_they_are_met(tmp_path: Path) -> None:
    texts = {
        "start": 'import { one } from "./one.js";\nimport "./two.js";\n',
        "one": 'import {\n  a,\n  b,\n} from "./two.js";\nexport * from "./three.js";\n',
        "two": 'import { start } from "./start.js";\nconst from = "./text.js";\n',
        "three": 'const later = () => import("./later.js");\n// from "./comment.js";\n',
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.js").write_text(text, "utf-8")
    found = list(interactive.modules(tmp_path / "start.js"))
    assert found == ["start.js", "one.js", "two.js", "three.js"]


def test_a_page_loads_the_program_of_its_part_with_all_its_modules(site: Path) -> None:
    head = soup(site / "index.html").head
    assert head is not None
    preloaded = [str(tag["href"]) for tag in head.select("link[rel=modulepreload]")]
    names = [*interactive.modules(PROGRAMS / "worksheet.js")]
    assert len(names) > 1
    assert preloaded == [f"_static/interactive/{name}" for name in names]
    (program,) = head.select("script[type=module]")
    assert program["src"] == "_static/interactive/worksheet.js"
    assert head.select('link[rel=stylesheet][href*="interactive/worksheet.css"]')
    assert not head.select('link[href*="explorer"]')


def test_every_import_of_a_program_names_a_module_that_is_there() -> None:
    for program in PROGRAMS.glob("*.js"):
        for name in re.findall(r'["`]\./([\w-]+\.js)["`]', program.read_text("utf-8")):
            assert (PROGRAMS / name).is_file(), f"{program.name} imports {name}"


def test_the_page_holds_what_the_program_needs_to_know(site: Path) -> None:
    (holder,) = soup(site / "index.html").select("#course-data")
    data = json.loads(holder.get_text())
    assert data["example"]["W1"] == [[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]]


def test_a_page_without_a_part_loads_nothing_of_it(site: Path) -> None:
    assert "interactive" not in (site / "other.html").read_text("utf-8")


def test_no_data_can_end_the_script_that_holds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = {"evil": "</script><script>alert(1)</script><!-- 1 < 2"}
    monkeypatch.setattr(data_of_parts, "context_of", lambda _part: {"data": data})
    builder = StandaloneHTMLBuilder.__new__(StandaloneHTMLBuilder)
    builder.current_docname = "index"
    builder.templates = cast(
        "Any", SimpleNamespace(render=lambda _name, context: str(context["data"]))
    )
    translator = SimpleNamespace(builder=builder, body=[])
    with pytest.raises(nodes.SkipNode):
        interactive.visit(
            cast("Any", translator), interactive.interactive("", part="worksheet")
        )
    (written,) = translator.body
    assert "<" not in written
    assert json.loads(written) == data


def test_what_is_for_the_page_alone_stands_on_the_page(site: Path) -> None:
    (section,) = soup(site / "index.html").select("section#a-page")
    assert [tag.get_text() for tag in section.select("p > em")] == ["words"]
    assert section.select(".worksheet")
    assert section.select("section#after-it")


def test_what_is_for_the_page_alone_is_not_in_a_notebook(
    lesson: Callable[..., Page],
) -> None:
    only = ":::{page-only}\nOnly here.\n\n```{worksheet}\n```\n:::\n"
    page = lesson(f"# Title\n\nBefore.\n\n{only}\nAfter.\n")
    made = lesson_notebook(page, page.notebook, "tiny-1.0-py3-none-any.whl", "")
    text = "\n".join(cell["source"] for cell in made["cells"])
    assert "Before." in text
    assert "After." in text
    assert not re.search(r"Only here|worksheet|:::", text)
