"""The Sphinx extension of the course: from a text source to an executed page and a notebook.

When a build begins, `sources` copies the texts into the project and `execution` runs, in `kernels`,
the notebooks of which `results` keeps none; when it ends, `downloads` writes what readers download.
In between, pages get formulas (`mathml`, `cards`), figures (`figures`, `svg`), code and columns
(`content`), tables (`tables`), checkpoints (`questions`, `checkpoints`), code with a bug (`bugs`,
`bug_tasks`), whole pages in frames (`shown_pages`), interactive parts (the folder `interactive`)
and the parts around their text (`frame`, `sidebar`, `search`, `reading_time`, `social_cards`). The
home page gets cards of the others (`overview`, `thumbnails`). `loading` joins the style sheets of
all pages; `digests` says what they were made from; `words` has the catalogue of the interface,
which `catalogue` writes; `hosting` has the site's addresses; `checks` enforces our rules.
`finished` lets one build run at a time, and starts anew where the last was disturbed.
"""

import os
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
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
    search,
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
    stop_at_problems,
)
from course.finished import Finished, wait_for_others
from course.interactive import worksheet_parts
from course.results import open_results, place, show_results
from course.sources import Page, carry, executable_pages

PARTS = (
    words,  # before the others, which look words up
    *(bug_tasks, cards, checkpoints, checks, content, figures),
    *(frame, hosting, interactive, loading, mathml),
    *(overview, search, shown_pages, sidebar, tables, worksheet_parts),
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
        packages = [self.project / name for name in app.config.course_packages]
        digest = environment_digest(packages)
        app.config.course_environment_digest = digest
        folder = Path(app.outdir).parent / "notebook_cache"
        self.results = open_results(folder, digest)

    def execute_pages(self, app: Sphinx) -> None:
        """Copy, execute and check every page with code."""
        # Cells must import the packages of this project, not installed ones.
        paths = [str(self.project), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        os.environ |= SAME_EVERYWHERE | os.environ
        carry(self.texts, Path(app.srcdir))
        myst_config = app.env.myst_config  # type: ignore[attr-defined]  # MyST adds it
        self.pages = executable_pages(self.texts, Path(app.srcdir), myst_config)
        self.executed = execute(self.pages, self.results)
        places = {p.docname: place(p.notebook, self.results) for p in self.pages}
        show_results(app.env, places)
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
    """Connect a build to Sphinx's events, as soon as no other build runs here."""
    lock = wait_for_others(Path(app.outdir).parent)
    Finished(app, lock).start_anew_unless_whole()
    course = Course(app)
    app.connect("builder-inited", course.execute_pages, AFTER_MYST)
    app.connect("build-finished", course.write_downloads)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    packages = ("mlp_reference", "mlp_exercise")  # the first is documented
    app.add_config_value("course_packages", packages, "env", (tuple, list))
    # Where it changes, Sphinx reads every page again.
    digest = code_digest(Path(app.confdir), app.config.locale_dirs)
    app.add_config_value("course_code_digest", digest, "env", str)
    app.add_config_value("course_environment_digest", "", "env", str)
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
