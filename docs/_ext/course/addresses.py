"""Where the site and its repository are on the internet, as the environment tells.

A build knows neither unless it is told, and then has no link that would need them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sphinx.errors import ConfigError

BASE_ADDRESS = "COURSE_BASE_ADDRESS"
REPOSITORY = "COURSE_REPOSITORY"
BRANCH = "COURSE_BRANCH"
NOTEBOOKS = "COURSE_NOTEBOOKS"
"""Names of the environment variables."""

GITHUB = re.compile(r"https://github\.com/(?P<owner>\w[\w.-]*)/(?P<name>\w[\w.-]*)")
CLONE_ADDRESS = re.compile(
    r"(?:https://github\.com/|git@github\.com:)(?P<path>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
BRANCH_NAME = re.compile(r"(?!.*(?:\.\.|//))\w[\w./+-]*(?<![/.])")


@dataclass(frozen=True)
class Addresses:
    """What a build knows of the internet; an empty string stands for not known.

    Parameters
    ----------
    site : str
        Where the site is served, without a slash at its end.
    repository : str
        Where its sources are, as ``https://github.com/OWNER/NAME``.
    branch : str
        The branch that contributors edit.
    notebooks : str
        The branch from which Colab and Binder open notebooks.
    """

    site: str = ""
    repository: str = ""
    branch: str = "main"
    notebooks: str = ""


def read_addresses(environment: Mapping[str, str]) -> Addresses:
    """Read the addresses: what is set for this course, else what Read the Docs says.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables.

    Returns
    -------
    Addresses
        The addresses, without slashes at their ends.

    Raises
    ------
    ConfigError
        If a value is not what its variable asks for; it names both.
    """
    hosted = environment.get("READTHEDOCS") == "True"
    given = _of_read_the_docs(environment) if hosted else {}
    given |= {
        name: value
        for name in (BASE_ADDRESS, REPOSITORY, BRANCH, NOTEBOOKS)
        if (value := environment.get(name, "").strip())
    }
    return Addresses(
        site=_site(given.get(BASE_ADDRESS, "")),
        repository=_repository(given.get(REPOSITORY, "")),
        branch=_branch(BRANCH, given.get(BRANCH, Addresses.branch)),
        notebooks=_branch(NOTEBOOKS, given.get(NOTEBOOKS, "")),
    )


def _of_read_the_docs(environment: Mapping[str, str]) -> dict[str, str]:
    """Take what Read the Docs tells every build; a repository elsewhere gets no links."""
    given = {BASE_ADDRESS: environment.get("READTHEDOCS_CANONICAL_URL", "")}
    clone = CLONE_ADDRESS.fullmatch(environment.get("READTHEDOCS_GIT_CLONE_URL", ""))
    if clone:
        given[REPOSITORY] = f"https://github.com/{clone['path']}"
    if (
        environment.get("READTHEDOCS_VERSION_TYPE") == "branch"
    ):  # not a tag, not a request
        given[BRANCH] = environment.get("READTHEDOCS_GIT_IDENTIFIER", Addresses.branch)
    return given


def _site(value: str) -> str:
    try:
        parts = urlsplit(value)
        well_formed = parts.scheme in ("http", "https") and bool(parts.hostname)
        well_formed = well_formed and (parts.port is None or parts.port > 0)
        well_formed = well_formed and parts.username is None  # a page would tell it
    except ValueError:  # a port that is no number, brackets that do not close
        well_formed = False
    stray = re.search(r"[\s?#<>\"'\\]", value)
    if value and (not well_formed or stray or value.rstrip("/").endswith(".html")):
        raise _unexpected(
            BASE_ADDRESS,
            value,
            "the folder of the site, as https://example.org/gradients",
        )
    return value.rstrip("/")


def _repository(value: str) -> str:
    value = value.rstrip("/")
    if value and (not GITHUB.fullmatch(value) or value.endswith(".git")):
        raise _unexpected(
            REPOSITORY, value, "a repository, as https://github.com/OWNER/NAME"
        )
    return value


def _branch(variable: str, value: str) -> str:
    if value and not BRANCH_NAME.fullmatch(value):
        raise _unexpected(variable, value, "the name of a branch, as main")
    return value


def _unexpected(variable: str, value: str, expected: str) -> ConfigError:
    return ConfigError(f"{variable} is {value!r}, expected {expected}")
