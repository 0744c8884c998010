from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from mlp_reference.exercises.submissions import answers, guarded
from mlp_reference.exercises.submissions.answers import NOT_EXECUTED, Answers
from mlp_reference.exercises.values import Plain

if TYPE_CHECKING:
    from tests.exercises.submissions.conftest import Notebooks

BLANK = "z = [None, None]\n# YOUR CODE HERE\nraise NotImplementedError()"


def find(
    notebooks: Notebooks, *cells: str | tuple[str, str], execute: bool = True
) -> Answers:
    made = [c if isinstance(c, str) else notebooks.cell(c[0], c[1]) for c in cells]
    submission = notebooks.read(notebooks.made_of(*made))
    return answers.find(submission, ("a", "z"), execute=execute, timeout=1.0)


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
    # A minus sign from a word processor.
    sources = notebooks.sources(dL_dy="dL_dy = [\u22120.37]")
    submission = notebooks.read(notebooks.answering(sources))
    names = list(sources)
    found = answers.find(submission, names, execute=False, timeout=1.0)
    assert found.notes == {"dL_dy": answers.NO_PYTHON}
