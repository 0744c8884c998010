"""Whole builds: what runs, what is kept, what a reader sees and what stops the build."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Course

REPOSITORY = Path(__file__).parents[2]
ALPHA, BETA = "tutorials_src/01_alpha.md", "tutorials_src/02_beta.md"


def test_a_clean_build_executes_every_page_once(built: CleanBuild) -> None:
    assert built.finished.returncode == 0, built.finished.stderr
    assert built.executed == ["01_alpha", "02_beta", "by_hand"]


def test_every_page_shows_what_its_code_printed_in_an_empty_folder(
    built: CleanBuild,
) -> None:
    for docname, text in (
        ("tutorials/01_alpha", "twice three is 6"),
        ("tutorials/02_beta", "beta ran"),
        ("by_hand", "a page of its own"),
    ):
        page = built.course.page(docname).text
        assert text in page
        assert "found []" in page
    assert "given 1 1 1 0" in built.course.page("tutorials/02_beta").text, (
        "one thread, one day"
    )


def test_an_output_in_markdown_is_rendered_with_its_tables_and_formulas(
    built: CleanBuild,
) -> None:
    (table,) = built.course.page("tutorials/02_beta").select("table")
    assert table.select("math")
    assert table.select("strong")
    assert "|" not in table.get_text()
    settings = re.compile("^nb_.*$", re.M)  # the real site has those of the tiny one
    ours = (REPOSITORY / "docs/conf.py").read_text("utf-8")
    tiny = (built.course.root / "docs/conf.py").read_text("utf-8")
    assert set(settings.findall(tiny)) <= set(settings.findall(ours))


def test_a_rebuild_without_a_change_executes_nothing(course: Course) -> None:
    course.build_well()
    assert course.executed() == []


def test_editing_the_code_of_a_lesson_executes_that_lesson_alone(
    course: Course,
) -> None:
    course.edit(BETA, "beta ran", "beta ran anew")
    course.build_well()
    assert course.executed() == ["02_beta"]
    assert "beta ran anew" in course.page("tutorials/02_beta").text


def test_new_prose_is_on_the_page_though_nothing_is_executed(course: Course) -> None:
    course.edit(ALPHA, "The first prose.", "Better prose.")
    course.edit(BETA, "## A part\n", "## A part\n\nProse where there was none.\n")
    course.build_well()
    assert course.executed() == []
    assert "Better prose." in course.page("tutorials/01_alpha").text
    assert "Prose where there was none." in course.page("tutorials/02_beta").text


def test_new_captions_alternative_texts_and_tags_are_shown_and_execute_nothing(
    course: Course,
) -> None:
    course.edit(ALPHA, "A grey square", "A small grey square")
    course.edit(ALPHA, "Nothing but grey.", "Grey and nothing else.")
    course.edit(BETA, "python\nimport os", "python\n:tags: [remove-input]\nimport os")
    course.build_well()
    assert course.executed() == []
    alpha, beta = (course.page(f"tutorials/{n}") for n in ("01_alpha", "02_beta"))
    (picture,) = alpha.select("img, svg")
    assert picture["aria-label"] == "A small grey square"
    (caption,) = alpha.select(".caption-text")
    assert caption.text == "Grey and nothing else."
    assert "beta ran" in beta.text
    assert 'print("beta ran")' not in beta.text


def test_editing_the_package_executes_all_and_the_pages_show_the_new_outputs(
    course: Course,
) -> None:
    course.edit("tiny_package/numbers.py", "return 2 * x", "return x + x + 1")
    course.build_well()
    assert course.executed() == ["01_alpha", "02_beta", "by_hand"]
    text = course.page("tutorials/01_alpha").text
    assert "twice three is 7" in text, "printed by a cell"
    assert "Its value is 3.50." in text, "quoted in a sentence"
    assert "return x + x + 1" in text, "shown as code of the package"
    notebook = str(course.notebook("01_alpha"))
    assert "Its value is 3.50." in notebook
    assert "return x + x + 1" in notebook


def test_all_failing_pages_are_named_in_one_build_and_what_went_well_is_kept(
    course: Course,
) -> None:
    course.edit(ALPHA, "SVG('<svg", "SVG('<svg' / 1 + '")
    course.edit(BETA, "beta ran", "beta ran well")
    course.edit("docs/by_hand.md", 'print("a', 'raise KeyError("by hand")\nprint("a')
    finished = course.build()
    assert finished.returncode != 0
    assert course.executed() == ["01_alpha", "02_beta", "by_hand"]
    for message in (
        r"01_alpha\.md, cell 5 .* failed:(?s:.*)TypeError: unsupported operand",
        r"by_hand\.md, cell 2 .* failed:(?s:.*)KeyError: 'by hand'",
    ):
        assert re.search(message, finished.stderr)
    assert "02_beta.md" not in finished.stderr
    assert "\x1b" not in finished.stderr, "colours of a terminal"
    course.edit("docs/by_hand.md", 'raise KeyError("by hand")', "1 + 1")
    course.build()
    assert course.executed() == ["01_alpha", "by_hand"]


def test_faults_in_outputs_fail_every_build_until_they_are_mended(
    course: Course,
) -> None:
    course.edit(ALPHA, '    alt: "A grey square"\n', "    width: 9px\n")
    course.edit(
        BETA, 'print("beta ran")', 'import sys\nprint("oh dear", file=sys.stderr)'
    )
    first, second = course.build(), course.build()
    for finished in (first, second):
        assert finished.returncode != 0
        assert re.search(
            r"01_alpha\.md, cell 5 .* without alternative text", finished.stderr
        )
        assert re.search(r"02_beta\.md, cell 2 .* stderr: oh dear", finished.stderr)


def test_a_lesson_that_cannot_be_shown_or_downloaded_in_full_fails_the_build(
    course: Course,
) -> None:
    course.edit(ALPHA, "The first prose.", "Press {kbd}`x`.")
    course.edit(
        BETA, "## A part", "## A part\n\n```{source} tiny_package.numbers.triple\n```"
    )
    finished = course.build()
    assert finished.returncode != 0
    assert re.search(r"01_alpha\.md, .* \{kbd\}`x` has no plain form", finished.stderr)
    assert re.search(r"02_beta\.md:\d+: .*no function or class triple", finished.stderr)


def test_a_renamed_lesson_leaves_nothing_behind(course: Course) -> None:
    (course.root / BETA).rename(course.root / "tutorials_src/03_gamma.md")
    course.edit(ALPHA, "02_beta.md#a-part", "03_gamma.md#a-part")
    course.build_well()
    assert course.executed() == [], "its code is the same"
    for pattern in ("tutorials/*.md", "**/downloads/*.ipynb", "**/html/tutorials/*"):
        found = {path.stem for path in (course.root / "docs").glob(pattern)}
        assert found == {"01_alpha", "03_gamma"}


def test_a_warning_fails_every_build_until_it_is_mended(course: Course) -> None:
    course.edit(ALPHA, "The first prose.", "See [nothing](no_such_page.md).")
    for _ in range(2):
        finished = course.build()
        assert finished.returncode != 0
        assert "no_such_page.md" in finished.stderr
    course.edit(ALPHA, "See [nothing](no_such_page.md).", "The first prose.")
    course.build_well()
    assert course.executed() == []


def test_cells_import_the_package_of_the_project_whatever_else_is_installed(
    course: Course, tmp_path: Path
) -> None:
    decoy = tmp_path / "elsewhere"
    shutil.copytree(course.root / "tiny_package", decoy / "tiny_package")
    numbers = decoy / "tiny_package/numbers.py"
    numbers.write_text(numbers.read_text().replace("return 2 * x", "return 9 * x"))
    course.edit("tiny_package/numbers.py", "return 2 * x", "return x + x")
    course.build_well(PYTHONPATH=str(decoy))
    assert "twice three is 6" in course.page("tutorials/01_alpha").text
