"""Every notebook that learners download, run in JupyterLab and seen in both themes."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.browser import chromium
from tests.jupyter.lab import THEMES, Lab, opened, serving
from tests.site_builds import BUILT

WIDTHS = (1280, 1000)
"""Of the window, in pixels; its list of files takes a part of them."""

SOLVED = "all/solved"
"""The folder of the solved notebooks, among the learner's own."""

Cells = list[dict[str, Any]]


@dataclass(frozen=True)
class Seen:
    """A notebook after it was run: its cells in each theme and width, what is too pale, and
    what was requested from other hosts.
    """

    path: str
    folder: Path
    looks: dict[str, Cells]
    pale: dict[str, list[str]]
    asked: list[str]

    @property
    def cells(self) -> Cells:
        return self.looks[look("light", WIDTHS[0])]

    def found(self, what: str) -> dict[str, Any]:
        """Return what was found in some look, by look and cell, where anything was."""
        return {
            f"{name}, {cell['id']}": cell[what]
            for name, cells in self.looks.items()
            for cell in cells
            if cell[what]
        }


def look(theme: str, width: int) -> str:
    return f"{theme}, {width} pixels"


def site_of(config: pytest.Config) -> Path:
    site: Path = config.getoption("site") or BUILT
    return site.resolve()


def pytest_configure(config: pytest.Config) -> None:
    if not (site_of(config) / "downloads").is_dir():
        raise pytest.UsageError(
            f"there is no site in {site_of(config)}; build it first"
        )
    try:
        chromium.find()
    except SystemExit as error:
        raise pytest.UsageError(str(error)) from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test every notebook, so that a failure names it."""
    if "seen" in metafunc.fixturenames:
        handed_out = site_of(metafunc.config) / "downloads"
        names = sorted(path.name for path in handed_out.glob("*.ipynb"))
        solved = [f"{SOLVED}/{name}" for name in names if name.startswith("ex")]
        metafunc.parametrize("seen", names + solved, indirect=True, scope="session")


class ByNotebook(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives all tests of a notebook to one process, which runs it once."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("[")[2]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByNotebook:
    return ByNotebook(config, log)


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Path:
    return site_of(request.config)


@pytest.fixture(scope="session")
def folder(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's folder with all downloads, and with the solved notebooks of a teacher."""
    folder = tmp_path_factory.mktemp("learner") / "notebooks"
    shutil.copytree(site / "downloads", folder)
    packages = folder.parent / "packages"
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(packages)
    write = [
        sys.executable,
        "-m",
        "mlp_exercise",
        "notebooks",
        SOLVED.partition("/")[0],
    ]
    found = os.environ | {"PYTHONPATH": str(packages)}
    subprocess.run(write, cwd=folder, env=found, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def lab(folder: Path) -> Iterator[Lab]:
    home, packages = folder.parent / "home", folder.parent / "packages"
    with (
        serving(folder, home, packages) as address,
        chromium.running() as browser,
        opened(browser, address, WIDTHS[0]) as lab,
    ):
        yield lab


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest, folder: Path, lab: Lab) -> Seen:
    """Run a notebook once, and look at it from all sides."""
    path: str = request.param
    lab.open(path)
    lab.run()
    looks, pale = {}, {}
    for theme, width in product(THEMES, WIDTHS):
        lab.show(theme, width)
        looks[look(theme, width)] = lab.read()
        if width == WIDTHS[0]:
            pale[theme] = lab.pale()
    lab.close()
    asked, lab.asked = lab.asked, []
    return Seen(path, (folder / path).parent, looks, pale, asked)
