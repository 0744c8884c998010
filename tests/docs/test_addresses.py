"""The addresses that a build is told, and what it says of those it cannot use."""

from __future__ import annotations

import re

import pytest
from course.addresses import Addresses, read_addresses
from sphinx.errors import ConfigError

READ_THE_DOCS = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": "https://gradients.example.org/en/latest/",
    "READTHEDOCS_GIT_CLONE_URL": "https://github.com/someone/gradients.git",
    "READTHEDOCS_GIT_IDENTIFIER": "next",
    "READTHEDOCS_VERSION_TYPE": "branch",
}


def test_without_variables_no_address_is_known() -> None:
    assert read_addresses({}) == Addresses(site="", repository="", branch="main")


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    empty = {"COURSE_BASE_ADDRESS": " ", "COURSE_REPOSITORY": "", "COURSE_BRANCH": ""}
    assert read_addresses(empty) == Addresses()


@pytest.mark.parametrize("slashes", ["", "/", "//"])
def test_slashes_at_the_end_are_forgiven(slashes: str) -> None:
    read = read_addresses(
        {
            "COURSE_BASE_ADDRESS": f"https://example.org/gradients{slashes}",
            "COURSE_REPOSITORY": f"https://github.com/someone/gradients{slashes}",
            "COURSE_BRANCH": "feature/new-lesson",
        }
    )
    assert read.site == "https://example.org/gradients"
    assert read.repository == "https://github.com/someone/gradients"
    assert read.branch == "feature/new-lesson"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://example.org"]
)
def test_a_site_may_be_any_host(address: str) -> None:
    assert read_addresses({"COURSE_BASE_ADDRESS": address}).site == address


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        (
            "COURSE_BASE_ADDRESS",
            "example.org/gradients",
            "https://example.org/gradients",
        ),
        ("COURSE_BASE_ADDRESS", "ftp://example.org", "https://example.org/gradients"),
        ("COURSE_BASE_ADDRESS", "https://", "https://example.org/gradients"),
        ("COURSE_BASE_ADDRESS", "https://example.org:port", "https://example.org"),
        ("COURSE_BASE_ADDRESS", "https://example.org/a b", "https://example.org"),
        ("COURSE_BASE_ADDRESS", "https://example.org/?page=1", "https://example.org"),
        ("COURSE_BASE_ADDRESS", "https://example.org/#top", "https://example.org"),
        ("COURSE_BASE_ADDRESS", "https://example.org/index.html", "the folder"),
        ("COURSE_REPOSITORY", "github.com/someone/gradients", "OWNER/NAME"),
        ("COURSE_REPOSITORY", "someone/gradients", "OWNER/NAME"),
        ("COURSE_REPOSITORY", "https://github.com/someone", "OWNER/NAME"),
        ("COURSE_REPOSITORY", "https://github.com/some/one/tree/main", "OWNER/NAME"),
        ("COURSE_REPOSITORY", "https://github.com/someone/gradients.git", "OWNER/NAME"),
        ("COURSE_REPOSITORY", "https://example.org/someone/it", "github.com"),
        ("COURSE_BRANCH", "two words", "as main"),
        ("COURSE_BRANCH", "../main", "as main"),
        ("COURSE_BRANCH", "-x", "as main"),
        ("COURSE_NOTEBOOKS", "a b", "as main"),
        ("COURSE_REPOSITORY", "https://github.com/../..", "OWNER/NAME"),
        ("COURSE_BASE_ADDRESS", "https://me:secret@example.org", "the folder of"),
        ("COURSE_BRANCH", "main/", "as main"),
    ],
)
def test_a_value_that_is_no_address_stops_with_what_came_and_what_was_expected(
    variable: str, value: str, expected: str
) -> None:
    said = re.escape(f"{variable} is {value!r}, expected ") + f".*{re.escape(expected)}"
    with pytest.raises(ConfigError, match=said):
        read_addresses({variable: value})


def test_read_the_docs_tells_all_three() -> None:
    assert read_addresses(READ_THE_DOCS) == Addresses(
        site="https://gradients.example.org/en/latest",
        repository="https://github.com/someone/gradients",
        branch="next",
    )


def test_its_variables_mean_nothing_on_another_machine() -> None:
    elsewhere = READ_THE_DOCS | {"READTHEDOCS": ""}
    assert read_addresses(elsewhere) == Addresses()


def test_what_is_set_for_the_course_goes_before_what_read_the_docs_says() -> None:
    own = {"COURSE_BASE_ADDRESS": "https://example.org", "COURSE_BRANCH": "stable"}
    read = read_addresses(READ_THE_DOCS | own)
    assert (read.site, read.branch) == ("https://example.org", "stable")
    assert read.repository == "https://github.com/someone/gradients"


@pytest.mark.parametrize(
    ("clone", "repository"),
    [
        (
            "git@github.com:someone/my.course.git",
            "https://github.com/someone/my.course",
        ),
        (
            "https://github.com/someone/gradients",
            "https://github.com/someone/gradients",
        ),
        ("https://gitlab.com/someone/gradients.git", ""),
        ("", ""),
    ],
)
def test_only_a_repository_on_github_is_linked(clone: str, repository: str) -> None:
    environment = READ_THE_DOCS | {"READTHEDOCS_GIT_CLONE_URL": clone}
    assert read_addresses(environment).repository == repository


@pytest.mark.parametrize("kind", ["tag", "external"])
def test_what_is_no_branch_cannot_be_edited(kind: str) -> None:
    environment = READ_THE_DOCS | {"READTHEDOCS_VERSION_TYPE": kind}
    assert read_addresses(environment).branch == "main"
