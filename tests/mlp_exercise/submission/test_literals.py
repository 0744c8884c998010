import pytest

from mlp_exercise.submission import literals
from mlp_exercise.submission.literals import Summary, summarise
from mlp_exercise.values import Plain

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
        ("'0.32'", "the text '0.32'"),
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
        "import numpy as np\nfrom math import *\nb = np.zeros(3)\na = [1, 2]".replace(
            "from math import *\n", "from math import tanh\n"
        ),
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
        "a = np.array([1, 2])",
        "a = [round(0.321, 2), 2]",
        "a = [b, 2]",
        "a = [1] * 2",
        "a = 'x' + 'y'",
        "a = -'x'",
        "a, b = f()",
        "a, b = [1]",
        "a[0] = 3",
        "a += [3]",
        "a.append(3)",
        "f(a)",
        "del a",
        "import numpy as a",
        "from numpy import *",
        "for a in range(3): pass",
        "if b:\n    a = [1, 2]",
        "with open('x') as a: pass",
        "def a(): pass",
        "class a: pass",
        "def f():\n    global a\n    a = 3",
        "(a := 3)",
        "try:\n    pass\nexcept Exception as a:\n    pass",
        "match b:\n    case a: pass",
        "exec('a = 3')",
        "globals()['a'] = 3",
        "print(globals().update(b))",
        "a = 9 ** 9 ** 9",
        "a = 2 ** 101",
        "a = 10 ** 99 * 10 ** 99 * 10",
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


def test_a_number_that_may_have_changed_is_no_literal() -> None:
    assert read("b = 1\nf(b)\na = [b]").unclear == {"a"}
    assert read("b = [1]\na = [b]").unclear == {"a"}  # b may change later


@pytest.mark.parametrize(
    "stop", ["raise NotImplementedError()", "1 / 0", "2.0 ** 99 ** 9"]
)
def test_an_answer_above_a_raise_counts_and_one_below_does_not(stop: str) -> None:
    stop = stop.replace("2.0 ** 99 ** 9", "b = (10.0 ** 99) ** 99")
    stop = stop.replace("1 / 0", "b = 1 / 0")
    assert read(f"a = [1, 2]\n{stop}").values == {"a": [1, 2]}
    summary = read(f"a = [None, None]\n# YOUR CODE HERE\n{stop}\na = [1, 2]")
    assert summary.values == {"a": [None, None]}


@pytest.mark.parametrize("source", ["a = [1, 2", "a = 0..1", "%%bash\na = 1", "b = 3"])
def test_a_cell_that_makes_no_sense_or_assigns_nothing_is_empty(source: str) -> None:
    assert read(source) == Summary()


def test_a_cell_that_mentions_no_answer_is_not_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(literals, "to_python", None)
    assert read("import numpy as np\nlosses = [1, 2]  # azimuth") == Summary()


def test_a_cell_that_is_too_long_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literals, "to_python", None)
    monkeypatch.setattr(literals, "LARGEST_CELL", 10)
    assert read("a = [1, 2, 3]") == Summary(unclear=NAMES)


@pytest.mark.parametrize(
    "deep",
    [
        "-" * 90_000 + "1",
        "1+" * 45_000 + "1",
        "[" * 150 + "]" * 150,
        "a" + "[0]" * 30_000,
    ],
)
def test_deep_nesting_does_no_harm(deep: str) -> None:
    assert not read(f"a = {deep}").values or "[[[" in deep


def test_names_within_functions_are_not_assigned() -> None:
    assert read("def f():\n    a = 1\nfor z in b: pass").assigned == {"z"}


@pytest.mark.parametrize(
    "source",
    ["b = a = c = [1, 2]", "a = b = [1]\nb[0] = 2", "q = 0.5\nexec('q = 3')\na = [q]"],
)
def test_what_may_change_under_another_name_is_left_to_execution(source: str) -> None:
    assert "a" in summarise(source, frozenset("abc")).unclear


def test_a_fullwidth_name_is_the_name_that_python_takes_it_for() -> None:
    assert summarise("\uff41 = [0.1]", frozenset("a")).values == {"a": [0.1]}


def test_what_long_cells_say_is_not_kept() -> None:
    literals._kept.cache_clear()
    summarise(f"a = 1  # {'x' * literals.KEPT}", frozenset("a"))
    assert literals._kept.cache_info().currsize == 0
    summarise("a = 1", frozenset("a"))
    assert literals._kept.cache_info().currsize == 1
