"""The index of the search is the same whichever pages the last build wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from course.files import remove

if TYPE_CHECKING:
    from tests.docs.conftest import Course

GLOSSARY = "\n```{glossary}\nslope\n  How steep it is.\n```\n"
ENTRY = "\n```{index} slope\n```\n"


def read(course: Course) -> dict[str, Any]:
    text = (course.site / "searchindex.js").read_text("utf-8")
    index: dict[str, Any] = json.loads(
        text.removeprefix("Search.setIndex(").removesuffix(")")
    )
    return index


def of_a_fresh_checkout(course: Course) -> dict[str, Any]:
    for folder in ("html", "doctrees"):
        remove(course.site.parent / folder)
    course.build_well()
    return read(course)


def test_an_index_brought_up_to_date_is_that_of_a_fresh_checkout(
    course: Course,
) -> None:
    course.edit("docs/index.md", "by_hand\n", "by_hand\nterms\n")
    (course.root / "docs/terms.md").write_text(f"# Terms\n{GLOSSARY}", "utf-8")
    course.build_well()
    assert len(read(course)["indexentries"]["slope"]) == 1
    course.edit("docs/by_hand.md", "by hand\n", f"by hand\n{ENTRY}")
    course.build_well()  # it writes this page and the home page
    changed = read(course)
    assert len(changed["indexentries"]["slope"]) == 2
    assert changed == of_a_fresh_checkout(course)
    course.edit("docs/index.md", "by_hand\n", "")
    (course.root / "docs/by_hand.md").unlink()
    course.build_well()
    removed = read(course)
    assert len(removed["indexentries"]["slope"]) == 1
    assert removed == of_a_fresh_checkout(course)
