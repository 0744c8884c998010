"""Right below the title of a lesson or an exercise: its notebook, to download or to open."""

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from course.downloads import DOWNLOADS
from course.sources import CARRIED, EXERCISES


def elsewhere(name: str, config: Config) -> dict[str, str]:
    """Say where a notebook can be opened without anything installed.

    Colab and Binder read notebooks from a branch of the repository alone. Binder sees the
    wheel beside them; Colab does not, and takes it from the site.

    Parameters
    ----------
    name : str
        The notebook, such as ``01_pen_and_paper``.
    config : Config
        What this build knows of the site and of its repository.

    Returns
    -------
    dict of str to str
        The address for each text of a link; none where an address is not known.
    """
    branch = config.course_notebooks
    if not (config.course_repository and branch):
        return {}
    repository = config.course_repository.removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{repository}/blob/{branch}"
    binder = f"https://mybinder.org/v2/gh/{repository}/{branch}"
    links = {"Open in Colab": f"{colab}/{name}.ipynb"} if config.html_baseurl else {}
    return links | {"Launch Binder": f"{binder}?labpath={name}.ipynb"}


def link_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links of a lesson or an exercise right below its title."""
    folder, _, name = docname.rpartition("/")
    if folder not in (CARRIED, EXERCISES) or app.builder.format != "html":
        return
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    target = f"{root}{DOWNLOADS}/{name}.ipynb"
    links = [
        f'<a class="download-notebook" href="{target}" download>Download notebook</a>'
    ]
    for text, address in elsewhere(name, app.config).items():
        links.append(f'<a class="open-notebook" href="{escape(address)}">{text}</a>')
    html = f'<p class="lesson-links">{" ".join(links)}</p>'
    title = next(doctree.findall(nodes.title))
    title.parent.insert(
        title.parent.index(title) + 1, nodes.raw("", html, format="html")
    )


def setup(app: Sphinx) -> None:
    """Hang the links on Sphinx's event."""
    app.connect("doctree-resolved", link_notebook)
