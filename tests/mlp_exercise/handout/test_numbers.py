"""A variant's numbers stand in the text: as formulas, and as Python."""

import pytest

from mlp_exercise.handout.cells import Cell, SourceError
from mlp_exercise.handout.numbers import fill
from mlp_reference.worked_example import EXERCISE


def words(text: str, variant: int | None = None) -> str:
    return fill(Cell(text, 1), EXERCISE, variant)


def code(text: str, variant: int | None = None) -> str:
    return fill(Cell(text, 1, is_code=True), EXERCISE, variant)


def test_in_a_formula_a_vector_is_a_column_and_a_matrix_a_matrix() -> None:
    assert words("$%x%$") == r"$\begin{bmatrix} 0.3 \\ 0.4 \\ -0.1 \end{bmatrix}$"
    assert words("$%W2%$") == r"$\begin{bmatrix} 0.7 & -0.8 \end{bmatrix}$"
    assert words(r"$\eta = %learning_rate%$") == r"$\eta = 0.5$"


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2", "x", "t", "learning_rate"])
def test_in_code_a_number_is_written_to_the_last_digit(name: str) -> None:
    scope: dict[str, object] = {}
    exec(code(f"value = %{name}%"), scope)  # noqa: S102 - our own words
    assert scope["value"] == getattr(EXERCISE, name)


def test_the_text_says_which_numbers_these_are() -> None:
    assert words("They are %VARIANT%.") == "They are the exercise's own."
    assert words("They are %VARIANT%.", 17) == "They are those of variant 17."
    assert code("Checks(%VARIANT%)") == "Checks()"
    assert code("Checks(%VARIANT%)", 0) == "Checks(variant=0)"


def test_other_per_cent_signs_stay() -> None:
    assert code("%pip install\nprint('%d' % 3, 5 % 2)") == (
        "%pip install\nprint('%d' % 3, 5 % 2)"
    )


def test_an_unknown_token_is_named_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"unknown token %W3% in line 12, .* W1, b1"):
        fill(Cell("a\n\n%W3%", 10), EXERCISE, None)


def test_an_exercise_without_numbers_has_no_tokens_for_them() -> None:
    with pytest.raises(SourceError, match="unknown token %W1%"):
        fill(Cell("%W1%", 1), None, None)
    assert fill(Cell("Checks(%VARIANT%)", 1, is_code=True), None, None) == "Checks()"
