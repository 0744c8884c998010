"""A slip is told with its line; what only a newer Python understands is not held against anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlp_exercise.submission import broken
from mlp_exercise.submission.broken import (
    KNOWN,
    Broken,
    broken_cells,
    needed_for,
    refuse_newer,
)
from mlp_exercise.submission.magics import Flaw
from mlp_exercise.submission.notebook_file import NotMarked

if TYPE_CHECKING:
    from tests.mlp_exercise.submission.conftest import Notebooks

SLIPS = (
    "a = [1, 2",
    "if a\n    b = 1",
    "type = 3 3",
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
    "f'''{d['''a''']}'''",
    "rf'\\d{a['b']}'\nprint(f'{x}', \"f'\")",
    "type Row = list[float]",
    "if a:\n    type Row[T] = list[T]",
    "def first[T](row: list[T]) -> T: return row[0]",
    "async  def first[T](row): pass",
    "class Layer[T: int](Base):\n    pass",
)


@pytest.fixture(autouse=True)
def _marked_with_311(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests speak of the same version wherever they run."""
    monkeypatch.setattr(broken, "HERE", (3, 11))


@pytest.mark.parametrize("source", SLIPS)
def test_a_slip_is_one_in_any_version(source: str) -> None:
    assert needed_for(source, ()) == ()
    for version in [(3, 8), (3, 11)]:
        assert needed_for(source, version) == ()


@pytest.mark.parametrize("source", NEW)
def test_what_python_learnt_in_312_is_known_by_itself(source: str) -> None:
    assert needed_for(source, ()) == (3, 12)
    assert needed_for(source, (3, 13)) == (3, 13)
    assert needed_for(source, (3, 11)) == ()  # it did not run there either


@pytest.mark.parametrize("source", ["a = [1, 2", "if a\n    b = 1", "type = 3 3"])
def test_a_slip_without_anything_new_is_one_whatever_wrote_it(source: str) -> None:
    assert needed_for(source, KNOWN) == ()
    assert needed_for(source, (KNOWN[0], KNOWN[1] + 1)) != ()  # who knows


@pytest.mark.parametrize(
    "source", ["try: a\nexcept A, B: pass", "t'{x}'", "f'{a b}'", "rF'{}'"]
)
def test_what_may_be_new_to_a_version_that_is_named_is_not_called_a_slip(
    source: str,
) -> None:
    assert needed_for(source, (3, 14)) == (3, 14)


def test_both_versions_the_cell_the_line_and_pythons_words_are_named() -> None:
    cell = Broken(12, Flaw(14, "f-string: expecting '}'"), (3, 13))
    assert cell.reason == (
        "code cell 12 is not valid for Python 3.11, with which notebooks are marked here "
        "(line 14: f-string: expecting '}'), but seems to be written for Python 3.13: "
        "mark it with that or a newer one"
    )


def test_cells_are_counted_among_those_of_code(notebooks: Notebooks) -> None:
    text = {"cell_type": "markdown", "metadata": {}, "source": "a ="}
    notebook = notebooks.made_of("!ls\n%time a = 1", text, "b = −", "c = 0,03")
    second, third = broken_cells(notebooks.read(notebook))
    assert str(second) == (
        "Code cell 2 is not valid Python, so it never runs (line 1: invalid syntax)."
    )
    assert str(third).startswith(
        "Code cell 3 is not valid Python, so it never runs (line"
    )
    assert str(third).endswith(" Write a decimal point.")


def test_only_a_newer_cell_is_refused() -> None:
    flaw = Flaw(1, "invalid syntax")
    refuse_newer([Broken(1, flaw)])
    with pytest.raises(NotMarked, match="code cell 2"):
        refuse_newer([Broken(1, flaw), Broken(2, flaw, (3, 12)), Broken(3, flaw)])
