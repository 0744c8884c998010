"""IPython's lines and copied signs become Python; slips are told from a newer Python's words."""

import ast

import pytest

from mlp_exercise.submission import python
from mlp_exercise.submission.python import KNOWN, LARGEST_CELL, Flaw, Python, parse


def translated(source: str) -> str:
    parsed = parse(source)
    assert isinstance(parsed, Python)
    assert parsed.tree is not None
    assert ast.dump(ast.parse(parsed.source)) == ast.dump(parsed.tree)
    return parsed.source


@pytest.mark.parametrize(
    "line",
    [
        *("%pip install -q numpy", "!pip install numpy", "!ls | grep it's", "!!ls"),
        *("?print", "print?", "np.tanh??", "%matplotlib inline", "%time"),
        *("files = !ls", "result = %timeit -o f()", "%timeit z = 3"),
    ],
)
@pytest.mark.parametrize(("before", "indent"), [("", ""), ("if True:\n    ", "    ")])
def test_a_line_of_ipython_becomes_pass(line: str, before: str, indent: str) -> None:
    before += f"a = 1\n{indent}"
    assert translated(f"{before}{line}\nb = 2") == f"{before}pass\nb = 2"


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        ("%time z = [1, 2]\n%prun y = 3", "z = [1, 2]\ny = 3"),
        ("!pip install \\\n  numpy \\\n  torch\na = 1", "pass\n\n\na = 1"),
        *(
            (f"\n%%{magic}\na = 1\n!ls", "a = 1\npass")
            for magic in ("time", "timeit -n 3", "capture output", "prun")
        ),
        *(
            (f"%%{magic}\na = 1", "")
            for magic in ("bash", "html", "writefile a.py", "javascript", "")
        ),
        # Indentation and prompts are taken off as IPython does.
        ("  z = 1\n  y = 2", "z = 1\ny = 2"),
        (">>> z = [1,\n...      2]", "z = [1,\n     2]"),
        ("In [3]: z = 1", "z = 1"),
        # Signs copied from a page.
        ("y = [−0.37]  # −", "y = [-0.37]  # −"),
        ("!ls – x\n%time y = 1 － 2", "pass\ny = 1 - 2"),
        (
            "a = [0.1] # é\ny = ('−', −1,\n\u00a0 –2)",
            "a = [0.1] # é\ny = ('−', -1,\n  -2)",
        ),
        ("y = [" + "−1, " * 3000 + "]", "y = [" + "-1, " * 3000 + "]"),
        ("y = '−'  # −", "y = '−'  # −"),  # Python already
    ],
)
def test_a_cell_becomes_plain_python(typed: str, python: str) -> None:
    assert translated(typed) == python


def test_what_is_python_stays_as_it_is() -> None:
    source = "a = (7\n  % 4)\nb = '''\n!ls\n%time x\n'''\nc = 1 if a != b else 2\n"
    assert translated(source) == source
    assert translated(source + "!ls") == source + "pass"


@pytest.mark.parametrize(
    "source",
    ["a = [1, 2", "a = = 1", "(", "\0", "a = '\ud800'", "!ls\na = (", "  a=\n"],
)
def test_what_makes_no_sense_never_runs(source: str) -> None:
    assert isinstance(parse(source), Flaw)


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
    flaw = parse(source)
    assert isinstance(flaw, Flaw)
    assert flaw.line == line
    assert said in flaw.message


def test_a_cell_that_is_too_long_is_not_parsed() -> None:
    source = "(" * (LARGEST_CELL + 1)
    assert parse(source) == Python(source, None)


def test_a_long_line_of_spaces_is_given_up_at_once() -> None:
    # With a regular expression that goes back, this takes longer than a coffee.
    assert isinstance(parse("a=0\nif 1:\n" + " " * 99_000 + "$"), Flaw)


def test_a_long_cell_with_many_magics_is_not_parsed_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = 0

    def refuse(text: str) -> ast.Module:
        nonlocal parsed
        parsed += 1
        raise SyntaxError(
            "no", ("cell", text.count("\n") + 1 - text.count("%x"), 1, "")
        )

    monkeypatch.setattr("mlp_exercise.submission.python.ast.parse", refuse)
    parse("a," * 49_000 + "a\n" + "%x\n" * 100)
    assert 1 <= parsed <= 3


SLIPS = (
    *("a = [1, 2", "if a\n    b = 1", "type = 3 3"),
    "# type X = int\na = = 1",
    "x = f'{a}\ny = 1",
    "f'{a b}'",
    "print(f'{x}')\na = [1, 2",
    "f'{d[\"a\"]}'; x = (",
    "f'{a}' '",
    "x = f'{d['a",
)

NEW = (
    'print(f"{info["loss"]:.4f}")',
    "print(f'{'\\n'.join(a)}')",
    "f'{a\n}'",
    "f'{a  # c\n}'",
    "f'{f'{x}'}'",
    "f'{{{d['a']}}}' + f'{x!r:{'a'}}'",
    "f'it\\'s {d['a']}'",
    "rf'\\d{a['b']}'\nprint(f'{x}', \"f'\")",
    "type Row = list[float]",
    "if a:\n    type Row[T] = list[T]",
    "def first[T](row: list[T]) -> T: return row[0]",
    "async  def first[T](row): pass",
    "class Layer[T: int](Base):\n    pass",
)

PERHAPS_NEW = ("try: a\nexcept A, B: pass", "t'{x}'", "f'{a b}'", "rF'{}'")


@pytest.fixture(autouse=True)
def _marked_with_311(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests speak of the same version wherever they run."""
    monkeypatch.setattr(python, "HERE", (3, 11))


def needs(source: str, written_with: tuple[int, ...]) -> tuple[int, ...]:
    return Flaw(1, "invalid syntax", source).needs(written_with)


@pytest.mark.parametrize(
    ("sources", "written_with", "needed"),
    [
        *((SLIPS, version, ()) for version in [(), (3, 8), (3, 11)]),
        (NEW, (), (3, 12)),
        (NEW, (3, 13), (3, 13)),
        (NEW, (3, 11), ()),  # it did not run there either
        (SLIPS[:3], KNOWN, ()),  # nothing in them is new
        (SLIPS[:3], (KNOWN[0], KNOWN[1] + 1), (KNOWN[0], KNOWN[1] + 1)),  # who knows
        (PERHAPS_NEW, (3, 14), (3, 14)),
    ],
)
def test_slips_are_told_from_what_python_learnt_after_311(
    sources: tuple[str, ...],
    written_with: tuple[int, ...],
    needed: tuple[int, ...],
) -> None:
    for source in sources:
        assert needs(source, written_with) == needed, source


@pytest.mark.parametrize("text", ["f'", 'f"{', "f'{a}{", "f'{{", "type ", "def f "])
def test_a_long_line_that_nearly_looks_new_is_read_at_once(text: str) -> None:
    assert needs(text * 20_000 + "$", KNOWN) in ((), KNOWN)


def test_both_versions_the_cell_the_line_and_pythons_words_are_named() -> None:
    flaw = Flaw(14, "f-string: expecting '}'")
    assert flaw.reason(11, (3, 13)) == (
        "code cell 12 is not valid for Python 3.11, with which notebooks are marked here "
        "(line 14: f-string: expecting '}'), but seems to be written for Python 3.13: "
        "mark it with that or a newer one"
    )


@pytest.mark.parametrize(
    ("source", "end"), [("b = −", "(line 1: invalid syntax)."), ("c = 0,03", " point.")]
)
def test_a_learner_reads_which_cell_never_runs_and_why(source: str, end: str) -> None:
    flaw = parse(source)
    assert isinstance(flaw, Flaw)
    words = flaw.feedback(1)
    assert words.startswith(
        "Code cell 2 is not valid Python, so it never runs (line 1:"
    )
    assert words.endswith(end)
