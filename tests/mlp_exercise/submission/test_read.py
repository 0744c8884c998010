"""Answers and seeds are read off the page, and nothing is run."""

import pytest

from mlp_exercise.submission import read as reading
from mlp_exercise.submission.python import LARGEST_CELL
from mlp_exercise.submission.read import Summary, openings, seed_of, summarise
from mlp_exercise.values import PHRASES, Plain
from tests.mlp_exercise.submission.conftest import (
    notebook_of,
    submission_of,
)

NAMES = frozenset({"a", "z", "loss"})


def read(source: str) -> Summary:
    return summarise(source, NAMES)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.32", 0.32),
        ("-.5", -0.5),
        ("[0.32, -0.04]", [0.32, -0.04]),
        ("(+1, 2)", [1, 2]),
        ("[[1, 2, 3], (4, 5, 6)]", [[1, 2, 3], [4, 5, 6]]),
        ("[0.1 * 0.3 + 0.3 * 0.4, 0.24]", [0.1 * 0.3 + 0.3 * 0.4, 0.24]),
        ("(0.2 - 0.5) ** 2 / 2", (0.2 - 0.5) ** 2 / 2),
        ("[None, 1]", [None, 1]),
        ("None", None),
        ("0,32", [0, 32]),
        ("['0,32', '−1/4']", [0.32, -0.25]),
        ("'a third'", "the text 'a third'"),
        ("[math.tanh(0), 2 * math.exp(-0.0), math.e ** 0]", [0, 2, 1]),
        ("True", "the truth value True"),
        ("3j", "a complex number"),
        ("...", "a value of type ellipsis"),
        ("1e999", "a number that is not finite"),
        ("10**99 * 2.0", 10.0**99 * 2),
    ],
)
def test_a_literal_is_read_off_the_page(expression: str, value: Plain) -> None:
    summary = read(f"# answer\na = {expression}")
    assert summary == Summary({"a": value}, frozenset(), frozenset({"a"}))


@pytest.mark.parametrize(
    "source",
    [
        "a: list = [1, 2]",
        "a, b = [1, 2], 3",
        "[b, (a, c)] = 0, ([1, 2], 3)",
        "a1 = 4 / 4\na2 = a1 + 1\na = [a1, a2]",
        "'''Doc'''\na: list\na = [1, 2]\npass\n3\na\nprint(a, b, sep='')",
        "import numpy as np\nfrom math import tanh\nb = np.zeros(3)\na = [1, 2]",
        "a = [1, 2]\nassert len(a) == 2, 'two'\ndisplay(f'{a[0]:.2f}')\ncheck('a', a)",
        "a = [None, None]\na = [1, 2]",
        "a = f(3)\na = [1, 2]",
        "%pip install numpy\na = [1, 2]",
        "def f(x):\n    return x\na = [1, 2]",
    ],
)
def test_a_simple_cell_is_not_executed(source: str) -> None:
    assert {k: v for k, v in read(source).values.items() if v != 3} == {"a": [1, 2]}
    assert not read(source).unclear


@pytest.mark.parametrize(
    "change",
    [
        *("a = np.array([1, 2])", "a = [round(0.321, 2), 2]", "a = [b, 2]"),
        *("a = [1] * 2", "a = 'x' + 'y'", "a = -'x'", "a, b = f()", "a, b = [1]"),
        *("a[0] = 3", "a += [3]", "a.append(3)", "f(a)", "del a", "(a := 3)"),
        *("import numpy as a", "from numpy import *", "for a in range(3): pass"),
        *("if b:\n    a = [1, 2]", "with open('x') as a: pass", "def a(): pass"),
        *("class a: pass", "def f():\n    global a\n    a = 3"),
        "try:\n    pass\nexcept Exception as a:\n    pass",
        "match b:\n    case a: pass",
        *("exec('a = 3')", "globals()['a'] = 3", "print(globals().update(b))"),
        *("a = 9 ** 9 ** 9", "a = 2 ** 101", "a = 10 ** 99 * 10 ** 99 * 10"),
        "a = " + "-" * 1500 + "1",
    ],
)
def test_what_only_execution_tells_is_unclear(change: str) -> None:
    summary = read(f"a = [1, 2]\n{change}")
    assert "a" in summary.unclear
    assert "a" not in summary.values


def test_what_is_unclear_of_one_name_leaves_the_others() -> None:
    summary = read("a = [1, 2]\nz = tanh(b)\nloss = 0.1")
    assert summary.values == {"a": [1, 2], "loss": 0.1}
    assert summary.unclear == {"z"}
    assert summary.assigned == {"a", "z", "loss"}


@pytest.mark.parametrize(
    "stop", ["raise NotImplementedError()", "b = 1 / 0", "b = (10.0 ** 99) ** 99"]
)
def test_an_answer_above_a_raise_counts_and_one_below_does_not(stop: str) -> None:
    assert read(f"a = [1, 2]\n{stop}").values == {"a": [1, 2]}
    summary = read(f"a = [None, None]\n# YOUR CODE HERE\n{stop}\na = [1, 2]")
    assert summary.values == {"a": [None, None]}


@pytest.mark.parametrize("source", ["a = [1, 2", "a = 0..1", "%%bash\na = 1", "b = 3"])
def test_a_cell_that_makes_no_sense_or_assigns_nothing_is_empty(source: str) -> None:
    assert read(source) == Summary()


def test_a_cell_that_mentions_no_answer_is_not_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "parse", None)
    assert read("import numpy as np\nlosses = [1, 2]  # azimuth") == Summary()


def test_of_a_cell_that_is_too_long_everything_is_unclear() -> None:
    assert read(f"a = 1  # {'x' * LARGEST_CELL}") == Summary(unclear=NAMES)


@pytest.mark.parametrize(
    "deep", ["-" * 90_000 + "1", "1+" * 45_000 + "1", "a" + "[0]" * 30_000]
)
def test_deep_nesting_does_no_harm(deep: str) -> None:
    assert read(f"a = {deep}") in (Summary(), Summary(unclear=NAMES))


def test_lists_that_are_too_deep_are_no_numbers() -> None:
    value = str(read(f"a = {'[' * 150}{']' * 150}").values["a"])
    assert value.strip("['\"]") == PHRASES["too deep"]


def test_names_within_functions_are_not_assigned() -> None:
    assert read("def f():\n    a = 1\nfor z in b: pass").assigned == {"z"}


@pytest.mark.parametrize(
    "source",
    [
        *("b = a = c = [1, 2]", "a = b = [1]\nb[0] = 2", "b = [1]\na = [b]"),
        *("b = 1\nf(b)\na = [b]", "q = 0.5\nexec('q = 3')\na = [q]"),
    ],
)
def test_what_may_change_under_another_name_is_left_to_execution(source: str) -> None:
    assert "a" in summarise(source, frozenset("abc")).unclear


def test_a_fullwidth_name_is_the_name_that_python_takes_it_for() -> None:
    assert summarise("\uff41 = [0.1]", frozenset("a")).values == {"a": [0.1]}


def test_what_long_cells_say_is_not_kept() -> None:
    reading._cached.cache_clear()
    summarise(f"a = 1  # {'x' * reading.LARGEST_CACHED}", frozenset("a"))
    assert reading._cached.cache_info().currsize == 0
    summarise("a = 1", frozenset("a"))
    assert reading._cached.cache_info().currsize == 1


@pytest.mark.parametrize("seed", [17, None])
def test_metadata_carries_the_seed(seed: int | None) -> None:
    notebook = notebook_of("check = Checks(variant=18)", course={"variant": seed})
    assert seed_of(submission_of(notebook)) == (seed, True)


@pytest.mark.parametrize(
    ("source", "seed"),
    [
        ("check = Checks()", None),
        ("check = Checks(variant=17)", 17),
        ("%pip install x\nimport m\ncheck = m.Checks(variant=17)", 17),
        ("check = Checks(17)", 17),
        ("check = Checks(variant=seed)", None),
        ("check = Checks(variant='17')", None),
        ("check = Checks(variant=17", None),
        ("# Checks(variant=17)", None),
    ],
)
def test_without_metadata_the_first_cell_tells_the_seed(
    source: str, seed: int | None
) -> None:
    for course in (None, {"variant": "17"}, {"variant": True}):
        notebook = notebook_of("a = 1", source, course=course)
        assert seed_of(submission_of(notebook)) == (seed, False)


def test_openings_are_those_of_the_handout() -> None:
    opening = openings("ex1_01_pen_and_paper")
    assert len(set(opening.values())) == len(opening) == 12
    assert opening["a"] == "# Hidden layer pre-activation (a)"
