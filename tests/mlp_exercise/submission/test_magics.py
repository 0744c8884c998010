import ast

import pytest

from mlp_exercise.submission.magics import (
    LARGEST_CELL,
    flaw_in,
    to_python,
)


def translated(source: str) -> str:
    python = to_python(source)
    assert python is not None
    assert ast.dump(ast.parse(python.source)) == ast.dump(python.tree)
    return python.source


@pytest.mark.parametrize(
    "line",
    [
        "%pip install -q numpy",
        "!pip install numpy",
        "!ls | grep it's",
        "?print",
        "print?",
        "np.tanh??",
        "%matplotlib inline",
        "files = !ls",
        "result = %timeit -o f()",
        "%timeit z = 3",
        "!!ls",
        "%time",
    ],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_line_of_ipython_becomes_pass(line: str, indent: str) -> None:
    before = "if True:\n    a = 1\n" if indent else "a = 1\n"
    assert translated(f"{before}{indent}{line}\nb = 2") == (
        f"{before}{indent}pass\nb = 2"
    )


def test_what_a_magic_times_is_python() -> None:
    assert translated("%time z = [1, 2]\n%prun y = 3") == "z = [1, 2]\ny = 3"


def test_a_shell_line_may_go_on() -> None:
    assert translated("!pip install \\\n  numpy \\\n  torch\na = 1") == (
        "pass\n\n\na = 1"
    )


@pytest.mark.parametrize("magic", ["time", "timeit -n 3", "capture output", "prun"])
def test_the_body_of_a_cell_magic_is_python(magic: str) -> None:
    assert translated(f"\n%%{magic}\na = 1\n!ls") == "a = 1\npass"


@pytest.mark.parametrize("magic", ["bash", "html", "writefile a.py", "javascript", ""])
def test_the_body_of_another_cell_magic_is_not(magic: str) -> None:
    assert translated(f"%%{magic}\na = 1") == ""


def test_what_is_python_stays_as_it_is() -> None:
    source = "a = (7\n  % 4)\nb = '''\n!ls\n%time x\n'''\nc = 1 if a != b else 2\n"
    assert translated(source) == source
    assert translated(source + "!ls") == source + "pass"


@pytest.mark.parametrize(
    "source",
    ["a = [1, 2", "a = = 1", "\0", "a = '\ud800'", "!ls\na = (", "  a=\n"],
)
def test_what_makes_no_sense_never_runs(source: str) -> None:
    assert to_python(source) is None


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        ("  z = 1\n  y = 2", "z = 1\ny = 2"),
        (">>> z = [1,\n...      2]", "z = [1,\n     2]"),
        ("In [3]: z = 1", "z = 1"),
    ],
)
def test_indentation_and_prompts_are_taken_off_as_ipython_does(
    typed: str, python: str
) -> None:
    read = to_python(typed)
    assert read is not None
    assert read.source == python


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        ("y = [−0.37]  # −", "y = [-0.37]  # −"),
        ("!ls – x\n%time y = 1 － 2", "pass\ny = 1 - 2"),
        (
            "a = [0.1] # é\ny = ('−', −1,\n\u00a0 –2)",
            "a = [0.1] # é\ny = ('−', -1,\n  -2)",
        ),
        ("y = [" + "−1, " * 3000 + "]", "y = [" + "-1, " * 3000 + "]"),
    ],
)
def test_signs_copied_from_a_page_are_python(typed: str, python: str) -> None:
    assert translated(typed) == python


def test_what_is_python_already_keeps_its_signs() -> None:
    assert translated("y = '−'  # −") == "y = '−'  # −"


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("a = 1\nb = [1, 2", 2, "'[' was never closed"),
        ("%%time\n\n!ls\na = = 1", 4, "invalid syntax"),
        ("a = −1\nb = −", 2, "invalid syntax"),
        ("loss = 0,03", 1, "leading zeros in decimal integer literals"),
        ("\0", 0, "null bytes"),
    ],
)
def test_a_flaw_is_told_with_its_line_and_pythons_words(
    source: str, line: int, said: str
) -> None:
    flaw = flaw_in(source)
    assert flaw is not None
    assert flaw.line == line
    assert said in flaw.said


@pytest.mark.parametrize("source", ["a = 1", "!ls", "", "(" * (LARGEST_CELL + 1)])
def test_a_cell_without_a_flaw_or_too_long_to_be_parsed_has_none(source: str) -> None:
    assert flaw_in(source) is None


def test_a_long_line_of_spaces_is_given_up_at_once() -> None:
    # With a regular expression that goes back, this takes longer than a coffee.
    assert to_python("a=0\nif 1:\n" + " " * 99_000 + "$") is None


def test_a_long_cell_with_many_magics_is_not_parsed_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = 0

    def parse(text: str) -> ast.Module:
        nonlocal parsed
        parsed += 1
        raise SyntaxError(
            "no", ("cell", text.count("\n") + 1 - text.count("%x"), 1, "")
        )

    monkeypatch.setattr("mlp_exercise.submission.magics.ast.parse", parse)
    to_python("a," * 49_000 + "a\n" + "%x\n" * 100)
    assert 1 <= parsed <= 3
