"""Conduct the build: sources to executed pages when it begins, downloads when it ends."""

import os
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from course import downloads, exercises
from course.execution import execute
from course.outputs import problems
from course.results import environment_digest, open_cache
from course.sources import Page, carry_lessons, executable_pages

AFTER_MYST = 900
"""MyST reads its settings at the same event with the usual priority, 500."""


class Course:
    """What one build knows: its pages and their results.

    Parameters
    ----------
    app : Sphinx
        The build.
    """

    def __init__(self, app: Sphinx) -> None:
        self.project = (Path(app.confdir) / app.config.course_project).resolve()
        self.lessons = (Path(app.confdir) / app.config.course_lessons).resolve()
        self.package = self.project / app.config.course_package
        self.pages: list[Page] = []
        self.executed: dict[str, NotebookNode] = {}

    def point_cache_at_environment(self, app: Sphinx) -> None:
        """Let MyST-NB look where `execute` puts results; a new place makes it read all again."""
        digest = environment_digest(self.package)
        folder = Path(app.outdir).parent / "notebook_cache"
        app.config.nb_execution_cache_path = str(folder / digest)
        self.cache = open_cache(folder, digest)

    def execute_pages(self, app: Sphinx) -> None:
        """Carry, execute and check every page that holds code."""
        # Cells import the package that is digested, documented and served here.
        paths = [str(self.project), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        # The same digits whatever the number of cores: one thread adds in one order.
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(variable, "1")
        # The same bytes every day: Matplotlib would write the date into each figure.
        os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
        carry_lessons(self.lessons, Path(app.srcdir))
        exercises.carry(self.lessons, Path(app.srcdir))
        myst_config = app.env.myst_config  # type: ignore[attr-defined]  # MyST adds it
        self.pages = executable_pages(self.lessons, Path(app.srcdir), myst_config)
        self.executed = execute(self.pages, self.cache)
        found = [
            line
            for page in self.pages
            for line in problems(page, self.executed[page.docname])
        ]
        if found:
            raise ExtensionError("\n".join(found))

    def remove_pages(
        self,
        app: Sphinx,
        _env: BuildEnvironment,
        _added: set[str],
        _changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Delete the pages of sources that are gone; Sphinx would leave them in the site."""
        if isinstance(app.builder, StandaloneHTMLBuilder):
            for docname in removed:
                Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)
        return []  # no further page is outdated by this

    def write_downloads(self, app: Sphinx, exception: Exception | None) -> None:
        """Write the notebooks and the wheel beside the pages."""
        if exception or app.builder.format != "html":
            return
        downloads.write_downloads(
            Path(app.outdir) / downloads.DOWNLOADS,
            self.project,
            self.lessons,
            self.pages,
            self.executed,
            app.config,
        )


def forget_after_warnings(app: Sphinx, _exception: Exception | None) -> None:
    """Let the next build read every page: Sphinx warns of a page only when it reads it."""
    if app._warncount:
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Hang the parts of the build on Sphinx's events."""

    def begin(app: Sphinx, _config: object) -> None:
        course = Course(app)
        course.point_cache_at_environment(app)
        app.connect("builder-inited", course.execute_pages, AFTER_MYST)
        app.connect("env-get-outdated", course.remove_pages)
        app.connect("build-finished", course.write_downloads)
        app.connect("build-finished", forget_after_warnings)

    app.connect("config-inited", begin)
