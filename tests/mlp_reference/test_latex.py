import pytest

from mlp_reference.walkthrough import equation


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "0.5"),
        (0.30000000000000004, "0.3000"),
        (-0.3689555418293695, "-0.3690"),
        (1e-7, "0.0000"),
        ([0.1, 0.2], r"\begin{bmatrix} 0.1 \\ 0.2 \end{bmatrix}"),
        ([[0.7, -0.8]], r"\begin{bmatrix} 0.7 & -0.8 \end{bmatrix}"),
    ],
)
def test_given_numbers_stay_and_computed_ones_are_rounded(
    value: float, written: str
) -> None:
    assert equation(value) == written


def test_an_equation_keeps_text_and_order() -> None:
    assert equation("y =", 0.5, r"\cdot", 2.0) == r"y = 0.5 \cdot 2.0"


def test_digits_can_be_chosen() -> None:
    assert equation(0.123456, digits=2) == "0.12"
