"""The first code cell of every notebook: it installs the wheel that the notebook goes with."""

from mlp_reference import __version__

MODULES = {"plot": "matplotlib", "torch": "torch"}
"""What each extra of the package brings, by the name under which it is imported."""

WHEEL = f"mlp_reference-{__version__}-py3-none-any.whl"
"""File name of this package's wheel."""


def installation(wheel: str, base_address: str, extras: str = "") -> str:
    """Write the first code cell: it installs the very wheel this notebook was made with.

    Parameters
    ----------
    wheel : str
        File name of the wheel.
    base_address : str
        Address of the site; without it, the wheel is expected beside the notebook.
    extras : str, optional
        What else the notebook needs, as pip writes it, such as ``plot,torch``.

    Returns
    -------
    str
        Python with one IPython line.
    """
    package, version = wheel.split("-")[:2]
    modules = [MODULES[extra] for extra in extras.split(",") if extra]
    brackets = f"[{extras}]" if extras else ""
    if base_address:
        address = f"{base_address.rstrip('/')}/downloads/{wheel}"
        source = f'"{package}{brackets} @ {address}"'
        where = "It is installed from the site that this notebook comes from."
    else:
        source = f'"./{wheel}{brackets}"'
        where = "Save its wheel from the page “Run it yourself” beside this notebook."
    imported = "\nfrom importlib.util import find_spec" if modules else ""
    complete = f" or not all(map(find_spec, {modules!r}))" if modules else ""
    return f"""\
# This notebook goes with {package} {version}.
# {where}
from importlib.metadata import PackageNotFoundError, version{imported}

try:
    ready = version("{package}") == "{version}"
except PackageNotFoundError:
    ready = False
if not ready{complete}:
    %pip install --quiet {source}"""
