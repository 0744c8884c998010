"""The page that a learner gets back, opened from a disk as a learner does."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mlp_exercise.classroom.for_learners.learner_page import learner_page
from mlp_exercise.handout.notebook import solved
from mlp_exercise.submission.mark import EXERCISES
from mlp_reference.worked_example import EXERCISE
from tests.browser.chromium import new_context
from tests.browser.measurement import NARROW, NARROWEST, WIDE, violations_in_both_themes
from tests.mlp_exercise.classroom.handed_in import WRONG, delivery_of, handed_in
from tests.mlp_exercise.submission.conftest import answering, right_answers

FIRST, SECOND = (exercise.name for exercise in EXERCISES[:2])
MOST_SHEETS = {"right": 2, "open": 4}
"""Pages of A4 that a page takes at most."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Write a page where all is right, and one where much is open, with a long name and line."""
    code = solved(SECOND)
    for cell in code["cells"]:
        long = "return G @ self.weight  # " + 99 * "long"
        cell["source"] = cell["source"].replace("return G @ self.weight", long)
        cell["source"] = cell["source"].replace("G.sum(axis=0)", "G[-1]")
    numbers = right_answers(EXERCISE, **WRONG, y="y = [-6.601]")
    ada = f"class/{'Ada' * 50}"
    deliveries = {
        "right": delivery_of(handed_in(answering(right_answers()))),
        "open": delivery_of(
            handed_in(answering(numbers), f"{ada}/{FIRST}.ipynb", late=True),
            handed_in(code, f"{ada}/{SECOND}.ipynb", execute=True),
            handed_in(b"{", f"{ada}/{'x' * 200}.ipynb"),
        ),
    }
    folder = tmp_path_factory.mktemp("feedback")
    files = {name: folder / f"{name}.html" for name in deliveries}
    for name, delivery in deliveries.items():
        made = learner_page(delivery, expected=True, site="https://example.org/course")
        files[name].write_text(made, "utf-8")
    return files


kinds = pytest.mark.parametrize("kind", ["right", "open"])


@kinds
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_to_mend(
    kind: str, width: int, pages: Mapping[str, Path], measuring: Page
) -> None:
    measuring.set_viewport_size({"width": width, "height": 900})
    measuring.goto(pages[kind].as_uri())
    assert violations_in_both_themes(measuring, width=width, part="html") == []


@kinds
def test_nothing_is_wider_than_a_small_phone(
    kind: str, pages: Mapping[str, Path], measuring: Page
) -> None:
    measuring.set_viewport_size({"width": NARROWEST, "height": 700})
    measuring.goto(pages[kind].as_uri())
    measuring.locator("details").evaluate_all(
        "(all) => all.forEach((e) => (e.open = true))"
    )
    assert measuring.evaluate("document.documentElement.scrollWidth") <= NARROWEST


@kinds
def test_nothing_is_asked_for_and_no_script_runs(
    kind: str, pages: Mapping[str, Path], browser: Browser
) -> None:
    whole = pages[kind].read_text("utf-8")
    tampered = (
        "<script>document.title = 'ran'</script><img src='https://example.org/x.png'>"
    )
    file = pages[kind].with_name("tampered.html")
    file.write_text(whole.replace("</main>", f"{tampered}</main>"), "utf-8")
    with new_context(browser) as context:
        asked, refused = list[str](), list[str | None]()
        context.on("request", lambda request: asked.append(request.url))
        context.on("requestfailed", lambda request: refused.append(request.failure))
        page = context.new_page()
        page.goto(pages[kind].as_uri())
        assert asked == [pages[kind].as_uri()]
        page.goto(file.as_uri())
        assert page.title().startswith("Feedback for ")
        assert refused == ["csp"]


@kinds
def test_it_is_read_without_javascript(
    kind: str, pages: Mapping[str, Path], plain: Page
) -> None:
    plain.goto(pages[kind].as_uri())
    steps = plain.locator("article")
    assert steps.count() == (12 if kind == "right" else 22)
    assert all("point" in text for text in steps.all_inner_texts())
    assert ("Begin here" in plain.locator("main").inner_text()) == (kind == "open")


@kinds
def test_it_prints_on_few_pages(
    kind: str, pages: Mapping[str, Path], measuring: Page
) -> None:
    measuring.goto(pages[kind].as_uri())
    printed = measuring.pdf(format="A4")
    assert 0 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST_SHEETS[kind]
