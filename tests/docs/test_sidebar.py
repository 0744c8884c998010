"""The sidebar's short titles, and the places for what a reader has done."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from bs4 import BeautifulSoup
from course import sidebar
from course.checkpoints import checkpoint
from docutils.utils import new_document
from sphinx.application import Sphinx

from mlp_exercise.submission.mark import PART_ONE

SHEET = f"exercises/{PART_ONE.name}"
COUNTS = {"tutorials/01_a": 3, SHEET: 0}


def environment(counts: dict[str, int], before: dict[str, int] | None) -> Any:
    """Return an environment with pages of so many checkpoints."""

    def page(docname: str) -> Any:
        document = new_document(docname)
        document += [checkpoint() for _ in range(counts[docname])]
        return document

    env = SimpleNamespace(found_docs={*counts, "glossary"}, get_doctree=page)
    if before is not None:
        env.course_checkpoints = before
    return env


def tree_of(page: str, *links: tuple[str, str]) -> BeautifulSoup:
    app = cast("Sphinx", SimpleNamespace(env=environment(COUNTS, COUNTS)))
    entries = "".join(
        f'<li><a class="reference internal" href="{address}">{title}</a></li>'
        for address, title in links
    )
    context = {"furo_navigation_tree": entries}
    sidebar.change(app, page, "page.html", cast("Any", context), None)
    return BeautifulSoup(context["furo_navigation_tree"], "html.parser")


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("index", "tutorials/01_a.html"),
        ("tutorials/02_b", "01_a.html"),
        ("api/index", "../tutorials/01_a.html"),
        ("tutorials/01_a", "#"),
    ],
)
def test_an_entry_knows_its_page_and_how_much_there_is_to_do(
    page: str, address: str
) -> None:
    (marks,) = tree_of(page, (address, "Lesson 1: Title")).select("a > .ticks")
    assert marks["data-page"] == "tutorials/01_a"
    assert marks["data-checkpoints"] == "3"
    assert not marks.has_attr("data-points")
    assert marks.get_text() == ""


def test_the_exercise_with_a_worksheet_has_points() -> None:
    (marks,) = tree_of("index", (f"{SHEET}.html", "Exercise 1, part 1: T")).select(
        ".ticks"
    )
    assert float(str(marks["data-points"])) == PART_ONE.max_points


def test_titles_are_short_and_other_pages_have_no_ticks() -> None:
    tree = tree_of(
        "index",
        ("tutorials/01_a.html", "Lesson 1: Work it out"),
        (f"{SHEET}.html", "Exercise 1, part 1: Compute"),
        ("glossary.html", "Glossary: words"),
    )
    titles = [" ".join(link.get_text().split()) for link in tree.select("a")]
    assert titles == ["1 Work it out", "Part 1: Compute", "Glossary: words"]
    assert [number.get_text() for number in tree.select(".number")] == ["1"]
    assert len(tree.select(".ticks")) == 2


@pytest.mark.parametrize(
    ("before", "outdated"),
    [
        (None, ["exercises/ex1_01_pen_and_paper", "glossary", "tutorials/01_a"]),
        (COUNTS, []),
        (COUNTS | {"tutorials/01_a": 2}, [*sorted({*COUNTS, "glossary"})]),
    ],
)
def test_every_page_is_written_anew_when_a_number_of_checkpoints_changes(
    before: dict[str, int] | None, outdated: list[str]
) -> None:
    env = environment(COUNTS, before)
    assert sidebar.count(cast("Any", None), env) == outdated
    assert env.course_checkpoints == COUNTS
