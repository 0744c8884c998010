"""The Sphinx extension of the course: from a text source to an executed page and a notebook.

When a build begins, `sources` copies the texts into the project and `execution` runs the notebooks
whose results are not cached; when it ends, `downloads` writes the files that readers download.
In between, pages get formulas (`mathml`, `cards`), figures (`figures`, `svg`), code and columns
(`content`), tables (`tables`), checkpoints (`questions`, `checkpoints`), code with a bug (`bugs`,
`bug_tasks`), whole pages in frames (`shown_pages`), interactive parts (the folder `interactive`)
and the parts around their text (`frame`, `sidebar`, `reading_time`, `social_cards`). The home page
gets cards of the others (`overview`, `thumbnails`). `loading` joins the style sheets of all pages;
`digests` says what they were made from; `words` has the catalogue of the interface, which
`catalogue` writes; `hosting` has the site's addresses; `checks` enforces our
rules.
"""

import os
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from course import (
    bug_tasks,
    cards,
    checkpoints,
    checks,
    content,
    figures,
    frame,
    hosting,
    interactive,
    loading,
    mathml,
    overview,
    shown_pages,
    sidebar,
    tables,
    words,
)
from course.digests import code_digest
from course.downloads import DOWNLOADS, write_downloads
from course.execution import (
    environment_digest,
    execute,
    glued,
    open_cache,
    stop_at_problems,
)
from course.interactive import worksheet_parts
from course.sources import Page, carry, executable_pages

PARTS = (
    words,  # before the others, which look words up
    *(bug_tasks, cards, checkpoints, checks, content, figures),
    *(frame, hosting, interactive, loading, mathml),
    *(overview, shown_pages, sidebar, tables, worksheet_parts),
)

AFTER_MYST = 900
"""MyST reads its settings at the same event with the usual priority, 500."""

SAME_EVERYWHERE = {
    # One thread, because it always adds in the same order, whatever the number of cores.
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
    ),
    # A fixed date, because Matplotlib would write today's into each figure.
    "SOURCE_DATE_EPOCH": "0",
}


class Course:
    """The pages of a build and their results."""

    def __init__(self, app: Sphinx) -> None:
        self.project = (Path(app.confdir) / app.config.course_project).resolve()
        self.texts = (Path(app.confdir) / app.config.course_lessons).resolve()
        self.pages: list[Page] = []
        self.executed: dict[str, NotebookNode] = {}
        # MyST-NB looks for results here; if the place is new, it reads every page again.
        packages = [self.project / name for name in app.config.course_packages]
        digest = environment_digest(packages)
        folder = Path(app.outdir).parent / "notebook_cache"
        app.config.nb_execution_cache_path = str(folder / digest)
        self.cache = open_cache(folder, digest)

    def execute_pages(self, app: Sphinx) -> None:
        """Copy, execute and check every page with code."""
        # Cells must import the packages of this project, not installed ones.
        paths = [str(self.project), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        os.environ |= SAME_EVERYWHERE | os.environ
        carry(self.texts, Path(app.srcdir))
        myst_config = app.env.myst_config  # type: ignore[attr-defined]  # MyST adds it
        self.pages = executable_pages(self.texts, Path(app.srcdir), myst_config)
        self.executed = execute(self.pages, self.cache)
        stop_at_problems(self.pages, self.executed)
        app.env.course_numbers = {  # type: ignore[attr-defined]  # for cards and shown pages
            docname: dict(glued(notebook))
            for docname, notebook in self.executed.items()
        }

    def write_downloads(self, app: Sphinx, exception: Exception | None) -> None:
        """Write the notebooks and the wheel beside the pages."""
        if exception is None and app.builder.format == "html":
            target = Path(app.outdir) / DOWNLOADS
            course = (self.project, self.texts, app.config, self.pages, self.executed)
            write_downloads(target, *course)


def begin(app: Sphinx, _config: Config) -> None:
    """Connect a build to Sphinx's events."""
    course = Course(app)
    app.connect("builder-inited", course.execute_pages, AFTER_MYST)
    app.connect("env-get-outdated", remove_pages)
    app.connect("build-finished", course.write_downloads)
    app.connect("build-finished", forget_after_warnings)


def remove_pages(
    app: Sphinx,
    _env: BuildEnvironment,
    _added: set[str],
    _changed: set[str],
    removed: set[str],
) -> list[str]:
    """Delete the pages of removed sources, because Sphinx would leave them in the site."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        for docname in removed:
            Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)
    return []  # this makes no other page outdated


def forget_after_warnings(app: Sphinx, _exception: Exception | None) -> None:
    """Let the next build read every page, because Sphinx repeats warnings only then."""
    if app._warncount:
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    packages = ("mlp_reference", "mlp_exercise")  # the first is documented
    app.add_config_value("course_packages", packages, "env", (tuple, list))
    # Where it changes, Sphinx reads every page again.
    digest = code_digest(Path(app.confdir), app.config.locale_dirs)
    app.add_config_value("course_code_digest", digest, "env", str)
    app.add_config_value("course_public", (), "env", (tuple, list))  # of the others
    app.add_config_value("course_lessons", "../tutorials_src", "env", str)
    app.add_config_value("course_project", "..", "env", str)
    app.add_config_value("course_repository", "", "html", str)
    app.add_config_value("course_branch", "main", "html", str)
    app.add_config_value("course_notebooks", "", "html", str)
    for part in PARTS:
        part.setup(app)
    app.connect("config-inited", begin)
    # The style sheets that are joined are known to the process that wrote the first page.
    return {"parallel_read_safe": True, "parallel_write_safe": False}
