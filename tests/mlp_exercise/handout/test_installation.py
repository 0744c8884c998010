"""The first cell of a notebook installs its wheel, once, and what else the notebook needs."""

import importlib.util
import shlex
from importlib.metadata import version
from types import SimpleNamespace

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement

from mlp_exercise.handout.installation import WHEEL, installation
from mlp_reference import __version__


def installed_by(cell: str) -> list[str]:
    """Run the first code cell and return the arguments it gives to `%pip`."""
    given: list[str] = []

    def run_line_magic(name: str, line: str) -> None:
        assert name == "pip"
        given.extend(shlex.split(line))

    ipython = SimpleNamespace(run_line_magic=run_line_magic)
    plain = TransformerManager().transform_cell(cell)  # type: ignore[no-untyped-call]  # IPython's
    exec(plain, {"get_ipython": lambda: ipython})  # noqa: S102 - our own words
    return given


def test_the_wheel_beside_the_notebook_is_installed_where_no_site_is_known() -> None:
    cell = installation("no_such_package-0.1-py3-none-any.whl", "")
    wheel = "./no_such_package-0.1-py3-none-any.whl"
    assert installed_by(cell) == ["install", "--quiet", wheel]


def test_with_an_address_the_wheel_comes_from_the_site() -> None:
    cell = installation(
        "no_such_package-0.1-py3-none-any.whl", "https://example.org/c/", "plot,torch"
    )
    requirement = Requirement(installed_by(cell)[-1])
    wheel = "no_such_package-0.1-py3-none-any.whl"
    assert requirement.url == f"https://example.org/c/downloads/{wheel}"
    assert requirement.extras == {"plot", "torch"}


def test_the_wheel_of_this_package_bears_its_version() -> None:
    assert f"mlp_reference-{__version__}-py3-none-any.whl" == WHEEL


def test_without_extras_no_further_module_is_asked_for() -> None:
    cell = installation(f"nbformat-{version('nbformat')}-py3-none-any.whl", "")
    assert "find_spec" not in cell
    assert "[" not in cell
    assert installed_by(cell) == []


@pytest.mark.parametrize("address", ["", "https://example.org"])
def test_only_the_very_version_of_the_notebook_is_not_installed_again(
    address: str,
) -> None:
    here = version("nbformat")
    assert (
        installed_by(installation(f"nbformat-{here}-py3-none-any.whl", address)) == []
    )
    assert installed_by(installation("nbformat-0.1-py3-none-any.whl", address)) != []
    assert (
        installed_by(installation("no_such_package-0.1-py3-none-any.whl", address))
        != []
    )


def test_a_package_that_came_without_what_this_notebook_needs_is_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = installation(f"nbformat-{version('nbformat')}-py3-none-any.whl", "", "plot")
    assert installed_by(cell) == []
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert installed_by(cell) != []
