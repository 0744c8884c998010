"""A course of two tiny lessons, and Sphinx to build it with the extension of the real one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

REPOSITORY = Path(__file__).parents[2]
EXTENSIONS = REPOSITORY / "docs" / "_ext"
sys.path.insert(0, str(EXTENSIONS))

from course import SAME_EVERYWHERE  # noqa: E402 - found in the folder just added
from course.sources import Page  # noqa: E402
from myst_nb.core.read import read_myst_markdown_notebook  # noqa: E402
from myst_parser.config.main import MdParserConfig  # noqa: E402

HEADER = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n"

COUNT = """\
import os

with open(os.environ["EXECUTIONS"], "a") as log:
    log.write("{name}\\n")
print("found", os.listdir())
open("left_behind", "w").close()
"""

FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "tiny_package"
version = "1.2.0"
""",
    "tiny_package/__init__.py": '"""A package."""\n\n__version__ = "1.2.0"\n',
    "tiny_package/numbers.py": '''\
"""Numbers."""


def double(x: float) -> float:
    """Double a number.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        Twice that number.
    """
    return 2 * x
''',
    "docs/conf.py": f"""\
import os
import sys

sys.path[:0] = [{str(EXTENSIONS)!r}, {str(REPOSITORY)!r}]  # the extension's own package
sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))
project = "Tiny course"
extensions = ["myst_nb", "course"]
course_packages = ["tiny_package"]
exclude_patterns = ["_build", "**/jupyter_execute"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "substitution"]
myst_heading_anchors = 3
myst_dmath_double_inline = True
nb_execution_mode = "off"  # the extension runs the notebooks
nb_merge_streams = True
nb_output_stderr = "warn"
nb_render_markdown_format = "myst"
nb_mime_priority_overrides = [("html", "image/svg+xml", 5)]
html_theme = "basic"
from course.hosting import read_addresses

addresses = read_addresses(os.environ)
html_baseurl = addresses.site
course_repository = addresses.repository
course_notebooks = addresses.notebooks
course_branch = addresses.branch
html_copy_source = False
html_math_renderer = "mathml"
""",
    "docs/index.md": """\
# Tiny course

```{toctree}
:glob:

tutorials/*
by_hand
```

```{py:module} tiny_package.numbers
```

```{py:function} double(x)
```
""",
    "docs/by_hand.md": f"""\
{HEADER}# Written by hand

```{{code-cell}} python
{COUNT.format(name="by_hand")}print("a page of its own")
```
""",
    "tutorials_src/01_alpha.md": f"""\
{HEADER}# Alpha

The first prose.

```{{code-cell}} python
from IPython.display import SVG

from tiny_package.numbers import double

{COUNT.format(name="01_alpha")}print("twice three is", double(3))
```

```{{code-cell}} python
:tags: [remove-cell]
from myst_nb import glue

glue("twice", double(1.25), display=False)
```

```{{source}} tiny_package.numbers.double
```

Its value is {{glue:text}}`twice:.2f`.
More of {{py:func}}`~tiny_package.numbers.double` in [the second lesson](02_beta.md#a-part).

$$a = 1$$ (first)

$$
\\begin{{aligned}} b &= 2 \\\\ c &= 3 \\end{{aligned}}
$$ (second)

By {{eq}}`second` it is more than $a$, and $$d$$ is more than that.

```{{code-cell}} python
---
mystnb:
  image:
    alt: "A grey square"
  figure:
    caption: Nothing but grey.
---
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
```
""",
    "tutorials_src/02_beta.md": f"""\
{HEADER}# Beta

## A part

```{{code-cell}} python
{COUNT.format(name="02_beta")}print("beta ran")
```

```{{code-cell}} python
names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "SOURCE_DATE_EPOCH"]
print("given", *[os.environ.get(name) for name in names])
```

```{{code-cell}} python
from IPython.display import Markdown

Markdown("| $x^2$ | term |\\n| --- | --- |\\n| 4 | **bold** |")
```
""",
}

HOSTS = ("COURSE_", "READTHEDOCS")
"""How the names begin of what a machine may set for its own site."""

Finished = subprocess.CompletedProcess[str]


def run_sphinx(source: Path, **environment: str) -> Finished:
    """Build a site into `_build/html` as strictly as the real one is built."""
    options = ["-W", "--keep-going", "-n", "--no-color", "-b", "html"]
    options += ["-d", "_build/doctrees"]
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in SAME_EVERYWHERE and not name.startswith(HOSTS)
    }
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *options, ".", "_build/html"],
        cwd=source,
        env=kept | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Course:
    """A course of two lessons and one hand-written page of code."""

    root: Path

    def build(self, **environment: str) -> Finished:
        paths = {
            "PYTHONPATH": str(self.root),
            "EXECUTIONS": str(self.root / "executions"),
        }
        return run_sphinx(self.root / "docs", **(paths | environment))

    def build_well(self, **environment: str) -> None:
        finished = self.build(**environment)
        assert finished.returncode == 0, finished.stderr

    def executed(self) -> list[str]:
        """Name the pages that ran since this was last asked."""
        log = self.root / "executions"
        names = sorted(log.read_text().split()) if log.exists() else []
        log.unlink(missing_ok=True)
        return names

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        (self.root / path).write_text(text.replace(old, new), "utf-8")

    @property
    def site(self) -> Path:
        return self.root / "docs" / "_build" / "html"

    def page(self, docname: str) -> Tag:
        """Read what stands in the middle of a page."""
        soup = BeautifulSoup(
            (self.site / f"{docname}.html").read_text("utf-8"), "html.parser"
        )
        body = soup.select_one("div.body")
        assert body is not None
        return body

    def notebook(self, name: str) -> nbformat.NotebookNode:
        node: nbformat.NotebookNode = nbformat.read(
            self.site / f"downloads/{name}.ipynb", 4
        )
        return node


@dataclass(frozen=True)
class CleanBuild:
    """What the first build of the course said and did; tests only read it."""

    course: Course
    finished: Finished
    executed: list[str]
    workplace: Path


@pytest.fixture(scope="session")
def write_course() -> Callable[[Path], Course]:
    def write(root: Path) -> Course:
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        return Course(root)

    return write


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, write_course: Callable[[Path], Course]
) -> CleanBuild:
    folder = tmp_path_factory.mktemp("built")
    course = write_course(folder / "workplace")
    finished = course.build()
    executed = course.executed()
    kept = shutil.copytree(course.root, folder / "kept")
    return CleanBuild(Course(kept), finished, executed, course.root)


@pytest.fixture(scope="session")
def fresh_course(built: CleanBuild) -> Callable[[], Course]:
    """Lay the built course anew where it was built: Sphinx builds everything in another place."""

    def lay() -> Course:
        shutil.rmtree(built.workplace)
        shutil.copytree(built.course.root, built.workplace)
        return Course(built.workplace)

    return lay


@pytest.fixture
def course(fresh_course: Callable[[], Course]) -> Course:
    return fresh_course()


@pytest.fixture(scope="session")
def sphinx() -> Callable[[Path], Finished]:
    return run_sphinx


@pytest.fixture
def lesson(tmp_path: Path) -> Callable[..., Page]:
    """Read a lesson from its text after the header, as `executable_pages` would."""

    def read(text: str, name: str = "01_lesson") -> Page:
        source = tmp_path / "tutorials_src" / f"{name}.md"
        source.parent.mkdir(exist_ok=True)
        source.write_text(HEADER + text, "utf-8")
        notebook = read_myst_markdown_notebook(
            HEADER + text, MdParserConfig(), add_source_map=True
        )
        return Page(f"tutorials/{name}", source, notebook)

    return read
