"""Where a page ends: the version it goes with, and a link to the file a contributor edits."""

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from course.hosting import NOT_FOUND
from course.sources import CARRIED, EXERCISES

AFTER_OTHERS = 900
"""Other extensions see the page at the usual priority, 500, without what is added here."""


def source_of_page(app: Sphinx, docname: str) -> str:
    """Name the file a contributor edits to change a page.

    Parameters
    ----------
    app : Sphinx
        The build.
    docname : str
        Sphinx's name of the page.

    Returns
    -------
    str
        The path within the repository; for a lesson or an exercise it lies outside ``docs``.
    """
    project = (Path(app.confdir) / app.config.course_project).resolve()
    path = Path(app.env.doc2path(docname)).resolve()
    if docname.partition("/")[0] in (CARRIED, EXERCISES):
        path = (Path(app.confdir) / app.config.course_lessons).resolve() / path.name
    return path.relative_to(project).as_posix()


def end_page(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the last line to the body: there it stands in a landmark, and not in the search index."""
    if doctree is None or pagename == NOT_FOUND:
        return
    parts = []
    if app.config.release:
        parts.append(f"<span>{app.config.course_package} {app.config.release}</span>")
    if app.config.course_repository:
        place = f"{app.config.course_branch}/{source_of_page(app, pagename)}"
        address = escape(f"{app.config.course_repository}/edit/{place}")
        parts.append(f'<a class="edit-page" href="{address}">Edit this page</a>')
    if parts:
        context["body"] += f'<p class="page-end">{" ".join(parts)}</p>\n'


def setup(app: Sphinx) -> None:
    """Hang the line on Sphinx's event."""
    app.connect("html-page-context", end_page, AFTER_OTHERS)
