"""Whatever a learner assigns is read as plain numbers, or said to be none; nothing crashes."""

import json
import math
import sys
from decimal import Decimal
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.values import DEPTH, SIZE, TEXT_LENGTH, plain

TOO_MANY = f"more than {SIZE} values"


class Liar(float):
    """Claims to be equal to everything, and of another value."""

    __eq__ = __hash__ = None  # type: ignore[assignment]

    def __float__(self) -> float:
        return 0.3

    def __repr__(self) -> str:
        return "0.3"


class LyingList(list[float]):
    def __iter__(self) -> Any:
        return iter([0.3, 0.24])


class Bomb:
    @property  # type: ignore[misc]  # a lie about what it is
    def __class__(self) -> Any:
        raise RuntimeError("boom")


def nested(deep: int) -> Any:
    value: Any = 0.5
    for _ in range(deep):
        value = [value]
    return value


def holding_itself(times: int) -> list[Any]:
    endless: list[Any] = []
    endless += [endless] * times
    return endless


LONGEST = [0.5] * (SIZE - 1)  # the list itself is counted, too
LONG_NAME = "AVeryLongNameOfAClassThatIsCutOffSomewhere"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        (0.25, 0.25),
        ([0.3, 0.24], [0.3, 0.24]),
        ((0.3, [0.24]), [0.3, [0.24]]),
        (Fraction(1, 4), 0.25),
        (Decimal("0.29"), 0.29),
        (np.float64(0.29), 0.29),
        (np.float32(0.29), 0.29),
        (np.float16(0.29), 0.29),
        (np.longdouble(0.25), 0.25),
        (np.int8(-3), -3),
        (np.array(0.25), 0.25),
        (np.array([[0.1, 0.2]]), [[0.1, 0.2]]),
        (np.array([0.29, 0.24], dtype=np.float32), [0.29, 0.24]),
        (None, None),
        ([0.3, None], [0.3, None]),
        (np.array(None), None),
        (Liar(-5.0), -5.0),
        (LyingList([9.0]), [9.0]),
        (LONGEST, LONGEST),
        (tuple(LONGEST), LONGEST),
        (nested(DEPTH), nested(DEPTH)),
        (np.zeros(SIZE - 2), [0.0] * (SIZE - 2)),  # counted itself, and as a list
        ("0,32", 0.32),
        (["0.1*0.3", "−1/4"], [0.1 * 0.3, -0.25]),
        (np.array(["0.29"]), [0.29]),
        ([" ", "\u200b\n"], [None, None]),
        # What follows are no numbers.
        ("1.234,5", "a number that I am not sure of: '1.234,5'"),
        ("2*x", "a formula in it that I cannot read: '2*x'"),
        ("a few words of a learner", "the text 'a few words of a lea…'"),
        ("just twenty letters.", "the text 'just twenty letters.'"),
        ("one letter over twenty", "the text 'one letter over twen…'"),
        (type(LONG_NAME, (), {})(), f"a value of type {LONG_NAME[:40]}"),
        (True, "the truth value True"),
        (1j, "a complex number"),
        (math.nan, "a number that is not finite"),
        (-math.inf, "a number that is not finite"),
        (10**400, "a number that is not finite"),
        (Decimal("1e999"), "a number that is not finite"),
        (np.bool_(True), "the truth value True"),
        (np.complex128(1j), "a complex number"),
        (np.array(["x"]), ["the text 'x'"]),
        (np.zeros(10**8), TOO_MANY),
        ([np.zeros(SIZE // 2)] * 3, TOO_MANY),
        ([[0.5] * 300] * 300, TOO_MANY),
        ([0.5, "0.5"] * SIZE, TOO_MANY),
        ([*LONGEST, 0.5], TOO_MANY),
        ((*LONGEST, 0.5), TOO_MANY),
        (np.zeros(SIZE - 1), TOO_MANY),
        (holding_itself(3), TOO_MANY),
        ({0.3}, "a value of type set"),
        (range(10**9), "a value of type range"),
        (dict.fromkeys(range(SIZE + 1), 0.5), "a value of type dict"),
        (set(range(SIZE + 1)), "a value of type set"),
        (iter([0.5]), "a value of type list_iterator"),
        (print, "a value of type builtin_function_or_method"),
        (Bomb(), "a value that cannot be read (RuntimeError)"),
    ],
    # An iterator is called by its address, which differs from process to process.
    ids=lambda value: (
        "" if type(value) is Bomb or hasattr(value, "__next__") else repr(value)[:40]
    ),
)
def test_what_a_value_is_read_as(value: object, expected: object) -> None:
    read = plain(value)
    assert read == expected
    assert only_plain(read)


def test_what_a_tensor_is_read_as() -> None:
    import torch

    half = torch.bfloat16
    for value, expected in (
        (torch.tensor(0.25), 0.25),
        (torch.tensor([0.29, 0.24]), [0.29, 0.24]),
        (torch.tensor([0.29], dtype=torch.float64, requires_grad=True), [0.29]),
        (torch.tensor([0.5], dtype=half), [0.5]),
        (torch.zeros(SIZE - 2), [0.0] * (SIZE - 2)),
        (torch.zeros(SIZE + 1, dtype=half), TOO_MANY),
        (torch.tensor(True), "the truth value True"),
    ):
        read = plain(value)
        assert read == expected
        assert only_plain(read)


def test_a_list_that_holds_itself_ends() -> None:
    assert f"nested more than {DEPTH} deep" in json.dumps(plain(holding_itself(1)))


def test_the_limits_are_these() -> None:
    assert (DEPTH, SIZE, TEXT_LENGTH) == (50, 1000, 20)


def test_a_list_one_level_deeper_than_is_read_says_so() -> None:
    read: Any = plain(nested(DEPTH + 1))
    for _ in range(DEPTH):
        (read,) = read
    assert read == f"lists nested more than {DEPTH} deep"


def test_nobody_looks_further_than_an_answer_may_be_long() -> None:
    looks = 0

    class Element:
        @property  # type: ignore[misc]  # `isinstance` asks for it
        def __class__(self) -> Any:
            nonlocal looks
            looks += 1
            return Element

    plain(Element())
    once, looks = looks, 0
    assert plain([Element()] * (10 * SIZE)) == TOO_MANY
    assert 0 < looks <= once * SIZE


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.complex_numbers()
    | st.decimals()
    | st.fractions()
    | st.sampled_from([print, Liar(1.0), object(), int, ...])
    | npst.arrays(npst.scalar_dtypes(), npst.array_shapes(max_dims=3, max_side=4)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(st.integers(), max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def only_plain(value: object) -> bool:
    if type(value) is list:
        return all(map(only_plain, value))
    finite = type(value) is not float or math.isfinite(value)
    return finite and type(value) in (int, float, str, type(None))


@given(anything)
def test_any_value_at_all_becomes_plain_and_survives_json(value: object) -> None:
    read = plain(value)
    assert only_plain(read)
    assert json.loads(json.dumps(read)) == read


@pytest.mark.parametrize("module", ["numpy", "torch"])
def test_values_are_read_while_another_thread_imports_a_library(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, ModuleType(module))
    assert plain([0.25, [{}]]) == [0.25, ["a value of type dict"]]
