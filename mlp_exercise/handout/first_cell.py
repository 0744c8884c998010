"""The first code cell of a notebook: it installs the very wheel that the notebook goes with.

It asks the package for its version, not pip, because a checkout is at another one after each
edit. What else there is to do stands in `installing`, which the cell takes out of the wheel.
"""

from urllib.parse import quote

from mlp_reference import __version__

WHEEL = f"mlp_reference-{__version__}-py3-none-any.whl"
"""File name of this package's wheel."""

MODULES = {"plot": "matplotlib", "torch": "torch", "data": "sklearn"}
"""What each extra of the package brings, by the name under which it is imported."""

GRADING = "NBGRADER_EXECUTION"
"""The variable that tells a notebook that it is being marked."""

PYTORCH = """
pytorch = "https://download.pytorch.org/whl/cpu"  # on Linux; "" for the large one with GPU"""

# A Python that is too old can fetch the wheel too: what it brings says which is wanted.
DOWNLOAD = "pip download -qq --no-color --no-deps --ignore-requires-python"
FETCH = """
    said = []
    if not zipfile.is_zipfile(wheel):
        said = !"{{sys.executable}}" -m {download} "{address}\""""

BESIDE = "save it there from the page “Run it yourself” and run this cell again."
HOSTED = """\
{{"the course has been renewed: download this notebook again from {site}/" if " 404 " in str(said)
else "connect this computer to the network and run this cell again: …" + str(said[-1:])[-99:]}}"""

CELL = """\
# This notebook goes with {package} {version}, which this cell installs.
# {source}.
import os, {sys}zipfile
from importlib.util import find_spec

wheel = "{wheel}"{pytorch}
ready = "{grading}" in os.environ  # nothing is installed while this is marked
if not ready and find_spec("{package}"):
    from {package} import __version__ as found
    ready = found == "{version}"{complete}
if not ready:{fetch}
    trouble = f'''{{wheel}}
is not in {{os.getcwd()}}, or not whole:
{help}'''
    if zipfile.is_zipfile(wheel):
        installer = {{}}
        exec(zipfile.ZipFile(wheel).read("mlp_exercise/handout/installing.py"), installer)
        trouble = installer["install"]({arguments})
    if trouble:
        from IPython.core.error import UsageError  # shown without a traceback
        raise UsageError(trouble)"""


def installation(wheel: str, base_address: str, extras: str = "") -> str:
    """Return the cell, for a wheel beside the notebook, or on the site if it has an address."""
    package, version = wheel.split("-")[:2]
    modules = [MODULES[extra] for extra in extras.split(",") if extra]
    arguments = f'wheel, "{extras}"' if extras else "wheel"
    site = base_address.rstrip("/")
    address = f"{site}/downloads/{quote(wheel)}"
    source = "Save its wheel from the page “Run it yourself” beside this notebook"
    if site:
        source = "Its wheel comes from the site that this notebook comes from"
    return CELL.format(
        package=package,
        version=version,
        wheel=wheel,
        source=source,
        sys="sys, " if site else "",
        help=HOSTED.format(site=site) if site else BESIDE,
        grading=GRADING,
        pytorch=PYTORCH if "torch" in modules else "",
        complete=f" and all(map(find_spec, {modules!r}))" if modules else "",
        fetch=FETCH.format(download=DOWNLOAD, address=address) if site else "",
        arguments=f"{arguments}, pytorch" if "torch" in modules else arguments,
    )
