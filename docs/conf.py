"""Sphinx settings of the course."""

import os
import sys
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))
sys.path.insert(0, str(HERE.parent))

from course.figures import DARK_VARIABLES, LIGHT_VARIABLES  # noqa: E402
from course.hosting import BASE_ADDRESS, REPOSITORY, read_addresses  # noqa: E402 - after the path is set
from sphinx.application import Sphinx  # noqa: E402

from mlp_exercise.handout.first_cell import WHEEL  # noqa: E402 - beside this folder
from mlp_reference._version import RELEASE  # noqa: E402

# -- What this is -------------------------------------------------------------------------------

project = "Gradients by hand"
author = "the mlp_reference authors"
copyright = "2026, the mlp_reference authors"
version = release = RELEASE

# -- What Sphinx reads --------------------------------------------------------------------------

extensions = [
    "myst_nb",
    "course",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_copybutton",
]
exclude_patterns = ["_bugs.md", "_build", "_measured", "**/jupyter_execute"]
nitpicky = True
language = "en"
locale_dirs = ["locale"]  # words of the interface, in other languages
default_role = "literal"  # `name` in a docstring is code

# -- Text and notebooks -------------------------------------------------------------------------

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_dmath_double_inline = True
nb_execution_mode = "off"  # the extension runs the notebooks
nb_merge_streams = True
nb_output_stderr = "warn"
nb_render_markdown_format = "myst"
# SVG first: sharp at every size, and a fraction of the weight.
nb_mime_priority_overrides = [("html", "image/svg+xml", 5)]

# -- The API pages ------------------------------------------------------------------------------

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's sections give type and shape
numpydoc_show_class_members = False
autosummary_generate = (
    False  # numpydoc loads it; it would import the package in every build
)

course_public = [
    "mlp_exercise.check.Checks",
    "mlp_exercise.check.StepMark",
    *(f"mlp_exercise.part{number}.Checks" for number in (1, 2, 3)),
]

# -- The site -----------------------------------------------------------------------------------

html_theme = "furo"
pygments_dark_style = "github-dark"  # Furo's own underlines every module
html_title = project
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["course.css"]
html_js_files = [("every_page.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_context = {
    "generated_descriptions": {
        "genindex": "Every name of the package and every word of the glossary, from A to Z.",
        "search": "Search the lessons, the exercises and the API of this course.",
    }
}
html_domain_indices = (
    False  # the API page lists the modules; an index of them moves as it folds
)
html_math_renderer = "mathml"
html_search_scorer = str(HERE / "_search_order.js")
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "sidebar_hide_name": False,
    "top_of_page_buttons": [],  # their links lie outside any landmark
    "light_css_variables": LIGHT_VARIABLES
    | {"admonition-font-size": "0.9375rem", "admonition-title-font-size": "0.9375rem"},
    "dark_css_variables": DARK_VARIABLES,
}
copybutton_exclude = ".linenos, .gp, .go"

# -- Hosting ------------------------------------------------------------------------------------

addresses = read_addresses(os.environ)
html_baseurl = addresses.site
course_repository = addresses.repository
course_branch = addresses.branch
course_notebooks = addresses.notebooks
# The wheel's metadata has these too; hatch_build.py reads them.
os.environ |= {BASE_ADDRESS: addresses.site, REPOSITORY: addresses.repository}


def name_the_wheel(_app: Sphinx, _docname: str, source: list[str]) -> None:
    """Put the wheel's file name in place of %WHEEL%, with %2B for its + in links."""
    source[0] = source[0].replace('="downloads/%WHEEL%', f'="downloads/{quote(WHEEL)}')
    source[0] = source[0].replace("%WHEEL%", WHEEL)


def setup(app: Sphinx) -> None:
    """Connect what needs the settings above."""
    app.add_config_value("course_wheel", WHEEL, "env")  # pages name it
    app.connect("source-read", name_the_wheel)
