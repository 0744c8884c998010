"""The text of an exercise becomes cells, and what is not understood is named with its line."""

import re

import pytest

from mlp_exercise.handout.cells import SourceError
from mlp_exercise.handout.reader import read

HEAD = "---\nfile_format: mystnb\nextras: plot,torch\nmyst:\n  deep: no\n---\n"
ANSWER = """\
```{code-cell} python
:tags: [answer]
:grade_id: a
a = None
### BEGIN SOLUTION
a = 1
### END SOLUTION
```
"""
CHECK = """\
```{code-cell} python
:tags: [check]
:grade_id: check_a
:points: 0.5
check("a", a)
```
"""
TEXT = f"{HEAD}\n# Title\n\nWords.\n\n{ANSWER}\n{CHECK}\n+++\n\nMore.\n+++\n\nLast.\n"


def test_text_and_code_become_cells_in_their_order() -> None:
    cells = read(TEXT, "ex").cells
    assert [cell.text for cell in cells] == [
        "# Title\n\nWords.",
        "a = None\n### BEGIN SOLUTION\na = 1\n### END SOLUTION",
        'check("a", a)',
        "More.",
        "Last.",
    ]
    assert [cell.is_code for cell in cells] == [False, True, True, False, False]


def test_a_cell_knows_its_line_its_name_its_kind_and_its_points() -> None:
    source = read(TEXT, "ex")
    lines = TEXT.splitlines()
    title, answer, check, more, _ = source.cells
    assert lines[title.line - 1] == "# Title"
    assert lines[answer.line - 1] == "```{code-cell} python"
    assert lines[more.line - 1] == "More."
    assert (answer.tags, answer.grade_id, answer.points) == (("answer",), "a", 0)
    assert (check.tags, check.grade_id, check.points) == (("check",), "check_a", 0.5)


def test_a_cell_that_shows_something_knows_its_words() -> None:
    options = (
        ":tags: [show]\n:grade_id: fit\n:alt: Two curves: both fall.\n:caption: Left.\n"
    )
    cell = read(f"# T\n\n```{{code-cell}} python\n{options}plot()\n```\n", "ex").cells[
        1
    ]
    assert (cell.tags, cell.alt, cell.caption) == (
        ("show",),
        "Two curves: both fall.",
        "Left.",
    )


def test_a_figure_without_one_of_its_texts_is_refused() -> None:
    text = "# T\n\n```{code-cell} python\n:alt: Curves.\nplot()\n```\n"
    with pytest.raises(SourceError, match="line 3: a figure has both"):
        read(text, "ex")


def test_the_front_matter_is_kept_and_its_plain_lines_are_read() -> None:
    source = read(TEXT, "ex")
    assert source.head == HEAD.strip()
    assert source.settings == {"file_format": "mystnb", "extras": "plot,torch"}
    assert read("# Title\n", "ex").head == ""


def test_blocks_of_plain_code_stay_in_the_text() -> None:
    block = "```python\n:tags: no\n{role}`x`\n```"
    (cell,) = read(f"# Title\n\n{block}\n", "ex").cells
    assert cell.text == f"# Title\n\n{block}"


def test_what_is_for_the_page_alone_is_a_cell_that_may_hold_any_myst() -> None:
    only = ":::{page-only}\n## Here\n\n```{worksheet}\n```\n{role}`x`\n:::"
    title, page_only, after = read(f"# T\n\n{only}\n\nAfter.\n", "ex").cells
    assert (title.page_only, after.page_only) == (False, False)
    assert page_only.page_only
    assert page_only.text == "## Here\n\n```{worksheet}\n```\n{role}`x`"
    assert page_only.line == 3
    assert not page_only.is_code


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# Title", "Title", "line 8: an exercise begins with its title"),
        ("Words.", ":::{tip}", "line 10: ':::{tip}' is no plain Markdown"),
        ("Words.", "See {doc}`x`.", "line 10: 'See {doc}`x`.' is no plain Markdown"),
        ("Words.", "$$a$$ (one)", "line 10: .* is no plain Markdown"),
        ("Words.", "(label)=", "line 10: .* is no plain Markdown"),
        ("Words.", "```{figure} x.svg\n```", r"line 10: \{figure\} is not understood"),
        ("More.", "```python", "line 30: this block has no end"),
        ("More.", ":::{page-only}", "line 30: :::{page-only} has no end, :::"),
        (":points: 0.5", ":points: half", "line 21: points are 'half'"),
        (":points: 0.5", ":points: 0", "line 21: a check, and no other cell, has"),
        (":tags: [check]\n", "", "line 21: a check, and no other cell, has"),
        (":tags: [check]", "", "line 21: options stand above the code"),
        (":tags: [check]", ":tags: [chekc]", r"line 21: tags are \['chekc'\]"),
        (":tags: [check]", ":tags: [check, answer]", "line 21: tags are"),
        (":tags: [check]", ":tag: check", "line 21: unknown option tag, expected tags"),
        (":grade_id: a\n", "", "line 12: this cell needs a :grade_id:"),
        (":grade_id: a\n", ":grade_id: a b\n", "line 12: 'a b' is no grade_id"),
        (":grade_id: a\n", ":grade_id: check_a\n", "line 21: a second .* check_a"),
        ("### END SOLUTION", "### THE END", "line 12: an answer, and no other cell"),
        ("### BEGIN SOLUTION", "1", "line 12: an answer, and no other cell"),
        ("[answer]", "[]", "line 12: an answer, and no other cell, has its solution"),
        ("---\nfile", "--\nfile", "line 1: an exercise begins with its title"),
        ("  deep: no\n---", "  deep: no", "line 1: the front matter has no end"),
    ],
)
def test_what_is_not_understood_is_named(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(SourceError, match=f"ex.md, {message}"):
        read(TEXT.replace(old, new, 1), "ex")


def test_an_empty_text_has_no_title() -> None:
    with pytest.raises(SourceError, match=re.escape("begins with its title, # Title")):
        read("", "ex")
