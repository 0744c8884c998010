"""Pages that break a rule of the house fail the build, and are named."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from course import checks
from course.checks import public_names

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Course, Finished


def module(code: str) -> ModuleType:
    made = ModuleType("made")
    exec(code, made.__dict__)  # noqa: S102 - written below
    return made


def test_a_module_offers_what_it_lists() -> None:
    made = module("__all__ = ['b', 'A']\nA = 1\nb = 2\n\ndef c(): pass")
    assert public_names(made) == ["A", "b"]


def test_a_module_without_a_list_offers_the_functions_and_classes_it_defines() -> None:
    made = module(
        "from pathlib import Path\nLIMIT = 3\ndef b(): pass\nclass A: pass\ndef _hidden(): pass"
    )
    assert public_names(made) == ["A", "b"]


def test_an_empty_list_offers_nothing() -> None:
    assert public_names(module("__all__ = []\ndef a(): pass")) == []


@pytest.fixture(scope="module")
def careless_build(fresh_course: Callable[[], Course]) -> Finished:
    """Break every rule that Sphinx warns of, once."""
    course = fresh_course()
    picture = course.root / "docs/picture.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    )
    course.edit(
        "docs/by_hand.md",
        "# Written by hand\n",
        "# Written by hand\n\n![](picture.svg)\n\n![ ](picture.svg)\n\n"
        "```{image} picture.svg\n```\n\n![Described](picture.svg)\n",
    )
    course.edit(
        "tutorials_src/02_beta.md", "## A part\n", "## A part\n\n[gone](gone.md)\n"
    )
    course.edit(
        "tutorials_src/01_alpha.md",
        "The first",
        "{py:func}`~tiny_package.gone` is first",
    )
    (course.root / "tiny_package/forgotten.py").write_text(
        "from tiny_package.numbers import double\n\n"
        "__all__ = ['Half', 'double']\n\n\nclass Half:\n    pass\n"
    )
    (course.root / "tiny_package/__main__.py").write_text(
        "raise SystemExit('not to be imported')"
    )
    (course.root / "tiny_package/__init__.py").write_text("def at_the_top(): pass\n")
    return course.build()


def test_what_breaks_no_rule_passes_without_a_warning(built: CleanBuild) -> None:
    assert built.finished.returncode == 0
    assert "WARNING: " not in built.finished.stderr


def test_warnings_fail_the_build(careless_build: Finished) -> None:
    assert careless_build.returncode != 0
    assert "Extension error" not in careless_build.stderr, "nothing else failed"


def test_every_picture_of_a_page_without_alternative_text_is_named(
    careless_build: Finished,
) -> None:
    found = [
        line
        for line in careless_build.stderr.splitlines()
        if "alternative text" in line
    ]
    assert len(found) == 3
    assert all("docs/by_hand.md:" in line and "picture.svg" in line for line in found)


def test_a_reference_that_leads_nowhere_is_named(careless_build: Finished) -> None:
    found = careless_build.stderr.splitlines()
    assert any("02_beta.md" in line and "gone.md" in line for line in found)
    assert any("01_alpha.md" in line and "tiny_package.gone" in line for line in found)


def test_a_public_name_that_no_page_documents_is_named(
    careless_build: Finished,
) -> None:
    assert "no API page documents tiny_package.forgotten.Half" in careless_build.stderr
    assert "forgotten.double" not in careless_build.stderr, (
        "documented where it is defined"
    )


def test_a_public_name_of_the_package_itself_is_named_too(
    careless_build: Finished,
) -> None:
    assert "no API page documents tiny_package.at_the_top" in careless_build.stderr


def test_a_constant_is_public_and_a_name_for_a_type_is_not() -> None:
    slips = importlib.import_module("mlp_reference.mistakes")
    assert "PEN_AND_PAPER" in public_names(slips)
    assert "Array" not in public_names(importlib.import_module("mlp_reference.arrays"))


class Base:
    def inherited(self) -> None:
        """Do nothing."""


class Derived(Base):
    def inherited(self) -> None: ...

    def bare(self) -> None: ...

    def _private(self) -> None: ...


def test_a_public_method_wants_a_docstring_of_its_own_or_of_its_base() -> None:
    assert checks._undocumented_methods(Derived) == ["bare"]
