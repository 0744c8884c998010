"""A typed text is read as the number that it says, or as none where that is in doubt."""

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.signs import MINUS
from mlp_exercise.typed import DEEPEST, LONGEST, MOST_FACTORS, number_of

NUMBERS: dict[float, tuple[str, ...]] = {
    0.29: ("0.29", "0,29", " +.29 ", "0，29", "\u200b0.29\ufeff", "= 0.29", "2,9e-1"),
    -0.29: ("-0,29", "\u2009−\u00a00.29", "－０．２９", *(f"{m} 0.29" for m in MINUS)),
    0.5: (".5", ",5", "1/2", "1:2", "1÷2", "1⁄2", "4^-0.5", "4/4/2", "1 - 1/2"),
    1.234: ("1,234",),  # and not a thousand
    7.0: ("007", "7.", "700e-2"),
    0.08: ("0.1*0.3+0.05", "0,1*0,3+0,05", "0.1×0.3+.05", "0.1 · 0.3 − (−0.05)"),
    8.0: ("2^3", "2**3", "2³", "2(3+1)", "(1+1)(1+3)", "2(2)^2", "4(4)/2", "16(0.5)"),
    -4.0: ("-2²", "-2^2", "−(2²)", "1 - 2 - 3", "2(0.3 − 0.5)*10"),
    512.0: ("2^3^2",),
    1.0: ("+--1", "Exp(0)", "np.exp(0,0)", "e^0", "e/e", "1+tanh(0)", "1+math.tanh(0)"),
    0.0: ("0", "-0", "1e-400", "0^1"),
}
NO_NUMBERS = (
    *(
        "",
        " ",
        ".",
        ",",
        "-",
        "()",
        "1 2",
        "1+",
        "5,",
        "1,-2",
        "*1",
        "(1",
        "1)",
        "2**",
        "²",
    ),
    *("1.2.3", "1,234.5", "1.234,5", "1,2,3", "0, 29", "0,29, 0,41", "0.5,"),
    *("1/2(3)", "2e", "2e(3)", "2tanh(1)", "tanh 1", "tanh", "sqrt(4)", "x", "1x2"),
    *("z[0]", "1_000", "0x10", "inf", "nan", "Infinity", "None", "½", "٣", "5%"),
    *("1/0", "0^-1", "(-1)^0.5", "1e400", "9^999", "exp(1000)", "1e308*10", "a=1"),
    *("__import__('os')", "().__class__", "1;2", "1#2", "'1'", "\x001"),
)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_person_s_number_is_read(number: float) -> None:
    for text in NUMBERS[number]:
        assert number_of(text) == pytest.approx(number, rel=1e-15, abs=0), text


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_or_may_be_two_is_none(text: str) -> None:
    assert number_of(text) is None


def test_length_and_depth_have_an_end() -> None:
    assert (DEEPEST, LONGEST, MOST_FACTORS) == (25, 200, 64)  # as in the browser
    inner = DEEPEST - 1
    assert number_of("(" * inner + "1" + ")" * inner) == 1
    assert number_of("(" * DEEPEST + "1" + ")" * DEEPEST) is None
    assert number_of("1" * LONGEST) is not None
    assert number_of("1" * (LONGEST + 1)) is None


def test_a_whole_power_is_multiplied_out_on_every_machine_alike() -> None:
    for base in (1.1, 0.7):
        product = math.prod([base] * MOST_FACTORS)
        assert number_of(f"{base}^{MOST_FACTORS}") == product
        assert number_of(f"{base}^-{MOST_FACTORS}") == 1 / product
        beyond = MOST_FACTORS + 1
        assert number_of(f"{base}^{beyond}") == math.pow(base, beyond)
        assert number_of(f"{base}^-{beyond}") == math.pow(base, -beyond)


@given(st.text())
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    number = number_of(text)
    assert number is None or math.isfinite(number)


@given(
    st.from_regex(
        r"-?[0-9.]{1,3}([ ]?[-+*/]{1,2}[ (]*[0-9.]{1,3}\)*){0,4}", fullmatch=True
    )
)
def test_what_is_python_too_is_the_same_number(text: str) -> None:
    number = number_of(text)
    try:
        value = eval(compile(ast.parse(text, mode="eval"), "", "eval"))  # noqa: S307
        wanted = float(value)
    except (SyntaxError, ArithmeticError, TypeError):
        return
    # A whole power is multiplied out here, so its last digits may be others.
    assert number == pytest.approx(wanted, rel=1e-12) or not math.isfinite(wanted)
