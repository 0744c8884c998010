"""The text of an exercise: found in a checkout and in a wheel, read into cells, solved or not."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mlp_exercise.handout.source import SourceError, load, names, read, solution, stub

ROOT = Path(__file__).parents[3]
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
LINES = ("# Title", "```{code-cell} python", "```{code-cell} python", "More.", "Last.")
TEXT = f"{HEAD}\n# Title\n\nWords.\n\n{ANSWER}\n{CHECK}\n+++\n\nMore.\n+++\n\nLast.\n"


def test_text_and_code_become_cells_that_know_where_they_stand() -> None:
    source = read(TEXT, "ex")
    assert (source.head, source.extras) == (HEAD.strip(), "plot,torch")
    lines = TEXT.splitlines()
    title, answer, check, more, last = source.cells
    for cell, first in zip(source.cells, LINES, strict=True):
        assert lines[cell.line - 1] == first
        assert cell.is_code == first.startswith("```")
    assert title.text == "# Title\n\nWords."
    assert answer.text == "a = None\n### BEGIN SOLUTION\na = 1\n### END SOLUTION"
    assert (answer.tags, answer.grade_id, answer.points) == (("answer",), "a", 0)
    assert check.text == 'check("a", a)'
    assert (check.tags, check.grade_id, check.points) == (("check",), "check_a", 0.5)
    assert (more.text, last.text) == ("More.", "Last.")


def test_a_text_may_have_no_front_matter_and_show_code_as_it_is() -> None:
    text = "# Title\n\n```python\n:tags: no\n{role}`x`\n```"
    source = read(text, "ex")
    assert [cell.text for cell in source.cells] == [text]
    assert (source.head, source.extras) == ("", "")


def test_the_front_matter_may_be_empty() -> None:
    for text in ("# Title\n\nMore.", "# Title\n\n---\n\nMore."):
        source = read(f"---\n---\n{text}", "ex")
        assert source.head == "---\n---"
        assert [cell.text for cell in source.cells] == [text]


def test_a_cell_that_shows_something_knows_its_words() -> None:
    options = ":tags: [show]\n:grade_id: f\n:alt: Two: both fall.\n:caption: Left.\n"
    text = f"# T\n\n```{{code-cell}} python\n{options}plot()\n```\n"
    cell = read(text, "ex").cells[1]
    assert (cell.text, cell.tags) == ("plot()", ("show",))
    assert (cell.alt, cell.caption) == ("Two: both fall.", "Left.")
    with pytest.raises(SourceError, match="line 3: a figure has both"):
        read(text.replace(":caption: Left.\n", ""), "ex")


def test_what_is_for_the_page_alone_is_a_cell_that_may_hold_any_myst() -> None:
    only = "## Here\n\n```{worksheet}\n```\n{role}`x`"
    text = f"# T\n\n:::{{page-only}}\n{only}\n:::\n\nAfter.\n"
    title, page_only, after = read(text, "ex").cells
    assert (title.page_only, page_only.page_only, after.page_only) == (0, 1, 0)
    assert (page_only.text, page_only.line, page_only.is_code) == (only, 3, False)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# Title", "Title", "line 8: an exercise begins with its title"),
        ("Words.", ":::{tip}\n:::", r"line 10: \{tip\} has no place"),
        ("Words.", "::: tip", "line 10: '::: tip' is no plain Markdown"),
        ("Words.", "% comment", "line 10: .* is no plain Markdown"),
        ("Words.", "See {doc}`x`.", "line 10: 'See {doc}`x`.' is no plain Markdown"),
        ("Words.", "$$a$$ (one)", "line 10: .* is no plain Markdown"),
        ("Words.", "(label)=", "line 10: .* is no plain Markdown"),
        ("Words.", "```{figure} x.svg\n```", r"line 10: \{figure\} has no place"),
        ("More.", "```python", "line 30: ```python has no end, ```"),
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
    with pytest.raises(SourceError, match=r"ex.md, line 0: .* its title, # Title"):
        read("", "ex")


CELL = """\
# A comment
a = {}
### BEGIN SOLUTION
a = [1, 2]
### END SOLUTION"""

FUNCTIONS = """\
def double(x):
    ### BEGIN SOLUTION
    y = x + x
    return y
    ### END SOLUTION


def half(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION"""


def test_a_stub_stands_where_each_solution_stood_at_its_own_depth() -> None:
    assert stub(CELL.format("None")) == (
        "# A comment\na = None\n# YOUR CODE HERE\nraise NotImplementedError()"
    )
    body = "    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert stub(FUNCTIONS) == f"def double(x):\n{body}\n\n\ndef half(x):\n{body}"


def test_a_solution_has_neither_markers_nor_placeholders() -> None:
    for blank in ("None", "[None, None]", "[[None],\n     [None]]"):
        assert solution(CELL.format(blank)) == "# A comment\na = [1, 2]"
    assigned = CELL.format("[None, 0.5]")
    assert solution(assigned) == "# A comment\na = [None, 0.5]\na = [1, 2]"
    assert solution(FUNCTIONS).count("return") == 2


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(
        [*command, "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


def run(wheel: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the wheel in its path, and nothing of the checkout."""
    return subprocess.run(
        [sys.executable, "-P", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_exercises_are_listed_and_found_and_lessons_are_not(tmp_path: Path) -> None:
    texts = (ROOT / "tutorials_src").glob("ex*.md")
    assert names() == sorted(path.stem for path in texts)
    assert "01_pen_and_paper" not in names()
    with pytest.raises(FileNotFoundError, match="no exercise ex7_nothing"):
        load("ex7_nothing")
    (tmp_path / "ex9_mine.md").write_text("# Mine ∂\n", "utf-8")
    assert load("ex9_mine", tmp_path).cells[0].text == "# Mine ∂"


def test_every_text_is_packed_into_wheel_and_sdist() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    targets = settings["tool"]["hatch"]["build"]["targets"]
    packed = targets["wheel"]["force-include"]
    folder = "mlp_exercise/handout/sources"
    assert packed == {
        f"tutorials_src/{name}.md": f"{folder}/{name}.md" for name in names()
    }
    assert "tutorials_src/ex*.md" in targets["sdist"]["include"]


def test_an_installed_wheel_writes_the_notebook_that_a_checkout_writes(
    wheel: Path, tmp_path: Path
) -> None:
    code = "import mlp_reference; print(mlp_reference.__file__)"
    assert str(wheel) in run(wheel, tmp_path, "-c", code).stdout
    texts = []
    for name, where in (("installed", wheel), ("checkout", ROOT)):
        folder = tmp_path / name
        folder.mkdir()
        done = run(where, folder, "-m", "mlp_exercise", "variant", "3")
        assert done.stdout == "ex1_01_pen_and_paper.ipynb\n", done.stderr
        texts.append((folder / "ex1_01_pen_and_paper.ipynb").read_bytes())
    assert texts[0] == texts[1]


def test_handouts_need_nothing_but_python(wheel: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from mlp_exercise.handout import class_list, notebook;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = run(wheel, tmp_path, "-S", "-c", code)
    assert done.returncode == 0, done.stderr
    assert not {"numpy", "nbformat", "sphinx", "matplotlib"} & set(done.stdout.split())
