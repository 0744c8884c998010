"""Pages that break a rule of the house fail the build, and are named."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from course import checks
from course.checks import public_names

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Course, Finished


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        ("__all__ = ['b', 'A']\nA = 1\nb = 2\n\ndef c(): pass", ["A", "b"]),
        ("__all__ = []\ndef a(): pass", []),
        ("from pathlib import Path\ndef b(): pass\nclass A: pass", ["A", "b"]),
        ("def _hidden(): pass", []),
    ],
)
def test_a_module_offers_what_it_lists_or_defines(
    code: str, offered: list[str]
) -> None:
    made = ModuleType("made")
    exec(code, made.__dict__)  # noqa: S102 - written above
    assert public_names(made) == offered


def test_a_constant_is_public_and_a_name_for_a_type_is_not() -> None:
    assert "ALT" in public_names(importlib.import_module("course.interactive.explorer"))
    assert "Array" not in public_names(importlib.import_module("mlp_reference.arrays"))


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
    course.edit(
        "docs/conf.py", "html_theme", "course_public = ['textwrap.dedent']\nhtml_theme"
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


def test_what_breaks_a_rule_fails_the_build_and_is_named(
    careless_build: Finished,
) -> None:
    assert careless_build.returncode != 0
    said = careless_build.stderr
    assert "Extension error" not in said, "nothing else failed"
    pictures = [line for line in said.splitlines() if "alternative text" in line]
    assert len(pictures) == 3
    assert all("docs/by_hand.md:" in p and "picture.svg" in p for p in pictures)
    assert re.search(r"02_beta\.md.*gone\.md", said)
    assert re.search(r"01_alpha\.md.*tiny_package\.gone", said)
    undocumented = re.findall(r"no API page documents (\S+)", said)
    names = [
        "tiny_package.at_the_top",
        "tiny_package.forgotten.Half",
        "textwrap.dedent",
    ]
    assert undocumented == names, "double is documented where it is defined"


class Base:
    def inherited(self) -> None:
        """Do nothing."""


class Derived(Base):
    def inherited(self) -> None: ...

    def bare(self) -> None: ...

    def _private(self) -> None: ...


def test_a_public_method_wants_a_docstring_of_its_own_or_of_its_base() -> None:
    assert checks._undocumented_methods(Derived) == ["bare"]
