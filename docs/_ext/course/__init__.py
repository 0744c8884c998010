"""The Sphinx extension of the course: from a text source to an executed page and a notebook.

`build` conducts it when the build begins: `sources` carries the lessons into the project,
`exercises` makes pages of the exercises, `execution` runs them all, `outputs` looks at what
they printed and drew, `export` writes the notebooks that readers download. Beside it:
`mathml` renders formulas, `figures` puts pictures into the page by way of `svg`,
`source_directive` shows code of the package, `checks` holds pages to the rules of the house.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from course import build, checks, figures, mathml, source_directive


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    app.add_config_value("course_lessons", "../tutorials_src", "env", str)
    app.add_config_value("course_package", "mlp_reference", "env", str)
    app.add_config_value("course_project", "..", "env", str)
    for part in (build, checks, figures, mathml, source_directive):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
