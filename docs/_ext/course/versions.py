"""The versions that a site was built with, for the page that asks for them."""

import platform
from importlib.metadata import version

from sphinx.application import Sphinx

PLACEHOLDER = "%VERSIONS%"
LIBRARIES = {
    "NumPy": "numpy",
    "PyTorch": "torch",
    "Matplotlib": "matplotlib",
    "Sphinx": "sphinx",
}
"""What a reader knows a library as, and what pip does."""


def table(package: str, release: str) -> str:
    """Write a table of the versions; no library is imported for it.

    Parameters
    ----------
    package : str
        Name of the package that the site documents.
    release : str
        Its version.

    Returns
    -------
    str
        Markdown. What stands behind a ``+``, such as ``+cpu``, is a build and no version.
    """
    rows = {f"`{package}`": release, "Python": platform.python_version()}
    rows |= {name: version(pip) for name, pip in LIBRARIES.items()}
    lines = [
        f"| {name} | {number.partition('+')[0]} |" for name, number in rows.items()
    ]
    return "\n".join(["| part | version |", "| --- | --- |", *lines])


def show_versions(app: Sphinx, _docname: str, source: list[str]) -> None:
    """Put the table where a page asks for it."""
    if PLACEHOLDER in source[0]:
        made = table(app.config.course_package, app.config.release)
        source[0] = source[0].replace(PLACEHOLDER, made)


def setup(app: Sphinx) -> None:
    """Hang the table on Sphinx's event."""
    app.connect("source-read", show_versions)
