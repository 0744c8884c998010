from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from mlp_exercise.submission import answers
from mlp_exercise.submission import run as guarded
from mlp_exercise.submission.answers import (
    NOT_EXECUTED,
    Answers,
    openings,
)
from mlp_exercise.submission.broken import HERE, LEARNT
from mlp_exercise.submission.notebook_file import NotMarked
from mlp_exercise.submission.part_one import PART_ONE
from mlp_exercise.values import Plain

if TYPE_CHECKING:
    from tests.mlp_exercise.submission.conftest import Notebooks

BLANK = "z = [None, None]\n# YOUR CODE HERE\nraise NotImplementedError()"


def find(
    notebooks: Notebooks,
    *cells: str | tuple[str, str],
    execute: bool = True,
    openings: Mapping[str, str] | None = None,
) -> Answers:
    made = [c if isinstance(c, str) else notebooks.cell(c[0], c[1]) for c in cells]
    submission = notebooks.read(notebooks.made_of(*made))
    return answers.find(
        submission, ("a", "z"), execute=execute, timeout=1.0, openings=openings
    )


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(guarded, "run", refuse)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(
    ("cells", "z"),
    [
        ([("z = [1, 2]", "z")], [1, 2]),
        (["z = [1, 2]"], [1, 2]),  # no metadata
        (["z = [5, 5]", ("z = [1, 2]", "z"), "z = [6, 6]"], [1, 2]),
        ([(BLANK, "z"), "z = [1, 2]"], [1, 2]),  # answered elsewhere
        ([(BLANK, "z"), "z = [1, 2]", "z = [3, None]", "z = None"], [1, 2]),
        (["z = [1, 2]", ("pass", "z"), "z = [6, 6]"], [1, 2]),  # all in the first cell
        (["z = [5, 5]", "z = [1, 2]"], [1, 2]),
        ([("z = [5, 5]", "z"), ("z = [1, 2]", "z")], [1, 2]),  # copied and answered
        ([("z = [1, 2]", "z"), (BLANK, "z")], [1, 2]),  # copied and left
        ([(BLANK, "z"), ("check('z', z)", "check_z")], None),
        ([(f"z = [1, 2]\n{BLANK}", "z")], None),
        ([("z = [1, 2]\nraise NotImplementedError()", "z")], [1, 2]),
        ([("z = [1, 2", "z")], None),
        (["print('hello')"], None),
    ],
)
def test_the_value_after_the_own_cell_counts_else_the_last_anywhere(
    notebooks: Notebooks, cells: list[Any], z: Plain
) -> None:
    assert find(notebooks, *cells).values["z"] == z


@pytest.mark.usefixtures("nothing_runs")
def test_a_literal_answer_needs_no_execution_whatever_other_cells_do(
    notebooks: Notebooks,
) -> None:
    own = [("a = 1", "a"), ("z = 2", "z")]
    assert find(notebooks, "from x import *", *own, "exec('a = z = 3')").values == {
        "a": 1,
        "z": 2,
    }


@pytest.mark.parametrize(
    ("cells", "z"),
    [
        (["import math", ("z = [math.sqrt(4), 1]", "z")], [2, 1]),
        (["x = 4", "def f():\n    global z\n    z = x", ("f()", "z"), "z = f"], 4),
        ([("z = [None, None]\nz[0] = 1\nz[1] = 2", "z"), "z[0] = 3"], [1, 2]),
        ([("z = [None, None]", "z"), "z[0] = 3", "z[1] = 4", "z[1] = None"], [3, 4]),
        ([("z = [None, None]", "z"), "y = z", "y[0] = 3\ny[1] = 4"], [3, 4]),
        (["z = [5, 5]", ("z = [x for x in (1, 2)]\nraise ValueError", "z")], [1, 2]),
        (["z = [5, 5]", ("z = undefined", "z")], [5, 5]),
        (["exec('z = [1, 2]')"], [1, 2]),
        ([(BLANK, "z"), "z = [1, 2]\nwhile True: pass", "f(z)"], [1, 2]),
        (["%time z = [x for x in (1, 2)]"], [1, 2]),
        (["z = [1, 2]", "del z"], [1, 2]),
        ([("def z(): pass", "z")], "a value of type function"),
    ],
)
def test_what_is_not_literal_is_executed(
    notebooks: Notebooks, cells: list[Any], z: Plain
) -> None:
    assert find(notebooks, *cells).values["z"] == z


def test_a_literal_answer_stays_when_another_is_executed(notebooks: Notebooks) -> None:
    cells: list[Any] = [
        ("a = 1", "a"),
        ("z = sum([1, a])", "z"),
        "a = f = 7\na = a + sum([])",
    ]
    assert find(notebooks, *cells).values == {"a": 1, "z": 2}


def test_without_execution_a_computed_answer_is_missing_and_a_note_says_why(
    notebooks: Notebooks,
) -> None:
    cells: list[Any] = [("a = 1", "a"), "z = [5, 5]", ("z = sum([1, a])", "z")]
    found = find(notebooks, *cells, execute=False)
    assert (found.values, found.notes) == ({"a": 1}, {"z": NOT_EXECUTED})


def test_a_note_says_which_cell_was_left_out(notebooks: Notebooks) -> None:
    found = find(notebooks, ("a = sum([1])", "a"), ("while True: z = 1", "z"))
    problem = "Code cell 2 was left out: it took longer than 1 s of processor time."
    assert (found.values, found.notes) == ({"a": 1, "z": None}, {"z": problem})


def test_a_cell_that_is_too_long_to_be_parsed_is_executed(
    notebooks: Notebooks,
) -> None:
    cell = "z = [1, 2]  # " + "long" * 30_000
    assert find(notebooks, (cell, "z")).values["z"] == [1, 2]


def test_a_cell_that_is_no_python_is_said_to_be_none(notebooks: Notebooks) -> None:
    sources = notebooks.sources(dL_dy="# dL/dy\ndL_dy = [-0.37", loss="loss = 0,03")
    for names in (True, False):
        notebook = notebooks.answering(sources)
        if not names:
            notebooks.strip(notebook)
        submission = notebooks.read(notebook)
        found = answers.find(submission, list(sources), execute=False, timeout=1.0)
        assert found.notes.keys() == {"dL_dy", "loss"}
        assert found.notes["dL_dy"] == (
            "Code cell 10 is not valid Python, so it never runs "
            "(line 2: '[' was never closed)."
        )
        assert found.notes["loss"].startswith("Code cell 8 is not valid Python")
        assert found.notes["loss"].endswith(" Write a decimal point.")


OPENINGS = {"a": "# Hidden layer (a)", "z": "# Activation (z)"}


def named(notebooks: Notebooks, **cells: str) -> list[dict[str, Any]]:
    return [notebooks.cell(text) | {"id": name} for name, text in cells.items()]


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(
    ("cells", "z"),
    [
        (["# Activation (z)\nz = [1, 2]", "z = 5"], [1, 2]),
        (["  # Activation (z)  \nz = [1, 2]", "z = 5"], [1, 2]),
        (["# Activation (z)\nz = [None, None]", "z = [1, 2]", "z = 5"], 5),
        (["# Activation (z)\nz = 5", "# Activation (z)\nz = [1, 2]", "z = 6"], [1, 2]),
        # Joined cells, and everything in one.
        (["# Hidden layer (a)\na = 1\n# Activation (z)\nz = [1, 2]", "z = 5"], [1, 2]),
        # The check below, also below a cell that was put between.
        (["z = [1, 2]", "check('z', z)", "z = 5"], [1, 2]),
        (["z = [1, 2]", "a = 3", 'check( "z",z)', "z = 5"], [1, 2]),
        (["z = 5", "z = [1, 2]", "check('z', z)", "z = 6"], [1, 2]),
        (["z = [1, 2]\ncheck('z', z)", "z = 5"], [1, 2]),
        (["check('z', z)", "z = [1, 2]"], [1, 2]),
        (["z = 5", "check('z', z)", "z = [1, 2]", "check('z', z)", "z = 6"], [1, 2]),
        # Whichever says more surely which cell it is.
        (["# Activation (z)\nz = [1, 2]", "z = 5", "check('z', z)"], [1, 2]),
        ([("z = [1, 2]", "z"), "# Activation (z)\nz = 5"], [1, 2]),
        ([(BLANK, "z"), "# Activation (z)\nz = [1, 2]", "z = 5"], [1, 2]),
        ([(BLANK, "z"), "z = [1, 2]", "check('z', z)", "z = 5"], [1, 2]),
    ],
)
def test_without_metadata_a_comment_or_a_check_tells_the_own_cell(
    notebooks: Notebooks, cells: list[Any], z: Plain
) -> None:
    assert find(notebooks, *cells, openings=OPENINGS).values["z"] == z


@pytest.mark.usefixtures("nothing_runs")
def test_the_name_that_jupyter_keeps_tells_the_own_cell(notebooks: Notebooks) -> None:
    cells = [
        *named(notebooks, z="z = [1, 2]", y="z = 5\ncheck('z', z)"),
        notebooks.cell("# Activation (z)\nz = 6"),
    ]
    submission = notebooks.read(notebooks.made_of(*cells))
    found = answers.find(
        submission, ("z",), execute=True, timeout=1.0, openings=OPENINGS
    )
    assert found.values["z"] == [1, 2]


def test_what_is_computed_below_a_comment_counts_before_its_name_is_used_again(
    notebooks: Notebooks,
) -> None:
    cells = ["# Activation (z)\nz = [abs(-1), 2]", "z = sum([5])"]
    assert find(notebooks, *cells, openings=OPENINGS).values["z"] == [1, 2]


def test_openings_are_those_of_the_handout() -> None:
    opening = openings(PART_ONE.name)
    assert opening.keys() == set(PART_ONE.steps)
    assert opening["a"] == "# Hidden layer pre-activation (a)"
    assert len(set(opening.values())) == len(opening)


NEWER = 'print(f"{d["loss"]}")\nz = [1, 2]'


@pytest.mark.skipif(HERE >= LEARNT, reason="here this is Python")
@pytest.mark.parametrize(
    ("cells", "execute"),
    [
        ([(NEWER, "z")], False),
        ([NEWER], False),
        (["%time\n" + NEWER], True),
        ([NEWER.replace("z =", "y ="), "z = y + sum([])"], True),
    ],
)
def test_an_answer_lost_to_a_newer_python_is_not_marked(
    notebooks: Notebooks, cells: list[Any], execute: bool
) -> None:
    with pytest.raises(
        NotMarked, match=r"cell 1 .* Python 3\.11, .*\(line \d: .* 3\.12"
    ):
        find(notebooks, *cells, execute=execute)


@pytest.mark.parametrize("cells", [[NEWER, "a = 3", "z = 4"], ["d = 3", "a = 3"]])
def test_where_nothing_is_lost_to_it_the_notebook_is_marked(
    notebooks: Notebooks, cells: list[Any]
) -> None:
    scratch = NEWER.replace("z =", "y =")
    assert find(notebooks, *cells, scratch).values["a"] == 3
