"""Formula cards: numbers of the page put into LaTeX, line by line."""

from __future__ import annotations

import re

import pytest
from course.cards import Card, read_card, with_numbers
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.handout.source import SourceError

NUMBERS = {
    "y": "1.128848",
    "t": "-0.5",
    "n": "3",
    "tiny": "3.2e-14",
    "word": "'below'",
    "W": "[[0.3, -0.2], [1.0, 0.25]]",
    "array": "array([1.0])",
    "nothing": "None",
}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("= %y%", "= 1.1288"),
        ("= %y:.2f%", "= 1.13"),
        ("= %t%", "= -0.5"),
        ("= 2 (%y% - %t%)", "= 2 (1.1288 - (-0.5))"),
        ("= 2 (%t% - %y%)", "= 2 (-0.5 - 1.1288)"),
        (r"\leftarrow %t% \cdot %t%", r"\leftarrow -0.5 \cdot (-0.5)"),
        ("= %n% samples", "= 3 samples"),
        ("= %tiny:.1e%", r"= 3.2 \cdot 10^{-14}"),
        (r"= \text{%word%}", r"= \text{below}"),
        ("= %W%", r"= \begin{bmatrix} 0.3 & -0.2 \\ 1.0 & 0.25 \end{bmatrix}"),
        (r"= 5\% of %n%", r"= 5\% of 3"),
        ("= %t%^2 + %y:.1f%^2", "= (-0.5)^2 + 1.1^2"),
        ("= %tiny:.1e%^2", r"= (3.2 \cdot 10^{-14})^2"),
    ],
)
def test_a_token_becomes_a_number_with_brackets_where_it_needs_them(
    text: str, written: str
) -> None:
    assert with_numbers(text, NUMBERS) == written


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_no_sign_follows_another(first: float, second: float) -> None:
    numbers = {"p": repr(first), "q": repr(second)}
    written = with_numbers("= %p% - %q% + %p%", numbers)
    assert not re.search(r"[-+] *[-+]", written)


def test_a_card_has_a_left_side_and_lines_in_pieces() -> None:
    lines = [r"\mathbf{a}_%n%", "", r"= W & x", "= %W% & + %t%", r"\approx %y:.1f%"]
    assert read_card(lines, NUMBERS) == Card(
        r"\mathbf{a}_3",
        [
            ["= W", "x"],
            [
                r"= \begin{bmatrix} 0.3 & -0.2 \\ 1.0 & 0.25 \end{bmatrix}",
                "+ (-0.5)",
            ],
            [r"\approx 1.1"],
        ],
    )
    assert read_card(["= 1"], {}) == Card("", [["= 1"]])


def test_in_a_notebook_it_is_one_formula_aligned_at_its_relations() -> None:
    assert read_card(["y", "= x & + 1", "= %n%"], NUMBERS).plain == (
        "$$\n\\begin{aligned}\ny &= x + 1 \\\\\n&= 3\n\\end{aligned}\n$$"
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["y", "= %z%"], "no cell of this page glues z"),
        (["y", "= %array%"], "array is array"),
        (["y", "= %nothing%"], "nothing is None"),
        (["y", "= %y:zz%"], "%y:zz%: 1.128848 does not fit this format"),
        (["y", "= 50% of %y%"], "a % begins no token"),
        (["y", "= %y"], "a % begins no token"),
        (["y", "+ 1"], "a line of a card begins with a relation, not: + 1"),
        (["y"], "a card has lines"),
        ([], "a card has lines"),
    ],
)
def test_what_is_no_card_is_refused(lines: list[str], problem: str) -> None:
    with pytest.raises(SourceError, match=re.escape(problem)):
        read_card(lines, NUMBERS)
