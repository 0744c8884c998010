"""The Sphinx extension of the course: from a text source to an executed page and a notebook.

`build` conducts it when the build begins: `sources` carries the lessons into the project,
`exercises` makes pages of the exercises, `execution` runs them all, `outputs` looks at what
they printed and drew; when it ends, `downloads` writes what readers download, notebooks as
`export` makes them. Beside it: `mathml` renders formulas, `figures` puts pictures into
the page by way of `svg`, `source_directive` shows code of the package, `side_by_side` puts cells
next to each other, `interactive` holds what readers can touch, with what `interactive_data`
knows, `notebook_links`, `page_end`, `head` and
`versions` add to pages, `addresses` and `hosting` know how the site is served, `checks` holds
pages to the rules of the house.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from course import (
    build,
    checks,
    figures,
    head,
    hosting,
    interactive,
    mathml,
    notebook_links,
    page_end,
    side_by_side,
    source_directive,
    versions,
)

PARTS = (
    build,
    checks,
    figures,
    head,
    hosting,
    interactive,
    mathml,
    notebook_links,
    page_end,
    side_by_side,
    source_directive,
    versions,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    app.add_config_value("course_lessons", "../tutorials_src", "env", str)
    app.add_config_value("course_package", "mlp_reference", "env", str)
    app.add_config_value("course_project", "..", "env", str)
    app.add_config_value("course_repository", "", "html", str)
    app.add_config_value("course_branch", "main", "html", str)
    app.add_config_value("course_notebooks", "", "html", str)
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
