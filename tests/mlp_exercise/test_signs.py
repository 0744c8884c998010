"""Signs that were copied from a page are read as Python's own, and nothing else is touched."""

import ast
from pathlib import Path
from typing import Any

import IPython
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from mlp_exercise.part1 import Checks, commas
from mlp_exercise.part1.commas import COMMA_READ
from mlp_exercise.signs import MINUS, read_copied_signs, with_ascii_signs

QUOTED = "f'''−\n'−\\'''' {} '\\'−' {} \"−'\" # − 1"


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        *((f"a = [{sign}0.3, 1 {sign} b]", "a = [-0.3, 1 - b]") for sign in MINUS),
        ("ｙ＝［０．３，－１］", "y=[0.3,-1]"),
        ("ａ ！= ～ｂ", "a != ~b"),  # the first and the last that are wide
        ("a\u00a0=\u20091", "a = 1"),
        (QUOTED.format("−", "−"), QUOTED.format("-", "-")),
        ("it's −1\n'−' − 1", "it's -1\n'−' - 1"),  # an open quote ends with its line
        ("a = [0.1×0.3 ÷ 2·x²]", "a = [0.1*0.3 / 2*x**2]"),
        ("y\u200b = −1\ufeff", "y = -1"),  # what has no width
        ("z − ½￡", "z - ½￡"),  # no sign that Python would understand
    ],
)
def test_texts_comments_and_other_characters_stay(typed: str, python: str) -> None:
    assert with_ascii_signs(typed) == python


@given(st.text(st.characters(codec="ascii")))
def test_ascii_stays_as_it_is(source: str) -> None:
    assert with_ascii_signs(source) == source


@given(st.from_regex(r"[a-z0-9 ()\[\]=,'\"#−.\n\\]{0,30}", fullmatch=True))
def test_what_python_understands_means_the_same_afterwards(source: str) -> None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assert ast.dump(ast.parse(with_ascii_signs(source))) == ast.dump(tree)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    config = Config()
    config.HistoryManager.enabled = False
    shell: Any = InteractiveShell  # it has no types
    made = shell(config=config)
    monkeypatch.setattr(IPython, "get_ipython", lambda: made)
    # What this notebook has written with commas, the tests after it have not.
    monkeypatch.setattr(commas, "written_with_commas", set())
    return made


def test_a_notebook_with_checks_reads_a_copied_minus(shell: Any) -> None:
    def run(cell: str) -> Any:
        return shell.run_cell(cell, silent=True)

    Checks()
    Checks()  # a cell that is run again
    assert len(shell.input_transformers_post) == 2  # of signs and of commas
    assert run("y = [−0.37]  # −\nt = '−'").success
    assert (shell.user_ns["y"], shell.user_ns["t"]) == ([-0.37], "−")
    run("%time y = 1 − 3")
    assert shell.user_ns["y"] == -2
    # A cell with another flaw is shown as it was typed, and one that is Python already stays.
    error = run("y = [−0.37").error_before_exec
    assert isinstance(error, SyntaxError)
    assert "U+2212" in str(error)
    assert shell.transform_cell("ａ = 1  # −\n") == "ａ = 1  # −\n"
    assert shell.transform_cell("ａ = −1\n") == "a = -1\n"


def test_a_notebook_with_checks_reads_decimal_commas_and_says_so(shell: Any) -> None:
    check = Checks()
    told = f"a: correct, 0.5 of 0.5 points\n{COMMA_READ}"
    for typed in ("[0,30, 0,24]", "[0,3,0,24]", "[0.30, 0,24]"):
        assert shell.run_cell(f"a = {typed}", silent=True).success
        assert check("a", shell.user_ns["a"]) == told
    shell.run_cell("b = a", silent=True)
    assert COMMA_READ in check("a", shell.user_ns["b"])
    shell.run_cell("z = [−0,05, 0,24]", silent=True)  # no Python in two ways
    assert shell.user_ns["z"] == [-0.05, 0.24]
    shell.run_cell("a = [0.30, 0.24]", silent=True)
    assert COMMA_READ not in check("a", shell.user_ns["a"])


def test_outside_a_notebook_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    read_copied_signs()
