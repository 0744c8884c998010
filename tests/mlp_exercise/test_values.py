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
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.values import DEPTH, SIZE, plain


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
        (np.int8(-3), -3),
        (np.array(0.25), 0.25),
        (np.array([[0.1, 0.2]]), [[0.1, 0.2]]),
        (np.array([0.29, 0.24], dtype=np.float32), [0.29, 0.24]),
        (torch.tensor(0.25), 0.25),
        (torch.tensor([0.29, 0.24]), [0.29, 0.24]),
        (torch.tensor([0.29], dtype=torch.float64, requires_grad=True), [0.29]),
        (None, None),
        ([0.3, None], [0.3, None]),
        (np.array(None), None),
    ],
    ids=repr,
)
def test_these_are_numbers(value: object, expected: object) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0,32", "the text '0,32'"),
        (True, "the truth value True"),
        (1j, "a complex number"),
        (math.nan, "a number that is not finite"),
        (-math.inf, "a number that is not finite"),
        (10**400, "a number that is not finite"),
        (Decimal("1e999"), "a number that is not finite"),
        (np.bool_(True), "the truth value True"),
        (np.complex128(1j), "a complex number"),
        (np.array(["x"]), ["the text 'x'"]),
        (np.zeros(10**8), f"more than {SIZE} values"),
        ([np.zeros(SIZE // 2)] * 3, f"more than {SIZE} values"),
        (torch.zeros(SIZE + 1, dtype=torch.bfloat16), f"more than {SIZE} values"),
        ([[0.5] * 300] * 300, f"more than {SIZE} values"),
        ([0.5, "0.5"] * SIZE, f"more than {SIZE} values"),
        (torch.tensor(True), "the truth value True"),
        ({0.3}, "a value of type set"),
        (range(10**9), "a value of type range"),
        (dict.fromkeys(range(SIZE + 1), 0.5), "a value of type dict"),
        (set(range(SIZE + 1)), "a value of type set"),
        (iter([0.5]), "a value of type list_iterator"),
        (print, "a value of type builtin_function_or_method"),
    ],
    ids=repr,
)
def test_these_are_not(value: object, said: object) -> None:
    assert plain(value) == said


class Liar(float):
    """Claims to be equal to everything, near everything and of every value."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __sub__(self, other: float) -> float:
        return 0.0

    def __float__(self) -> float:
        return 0.3

    def __repr__(self) -> str:
        return "0.3"


class LyingList(list[float]):
    def __iter__(self) -> Any:
        return iter([0.3, 0.24])


def test_a_subclass_cannot_lie_about_what_it_stores() -> None:
    assert math.copysign(1.0, -5.0) * 5.0 == plain(Liar(-5.0))
    assert type(plain(Liar(-5.0))) is float
    assert plain(LyingList([9.0])) == [9.0]


class Bomb:
    @property  # type: ignore[misc]  # a lie about what it is
    def __class__(self) -> Any:
        raise RuntimeError("boom")


def test_an_object_that_raises_when_looked_at_is_only_an_invalid_answer() -> None:
    assert plain(Bomb()) == "a value that cannot be read (RuntimeError)"


def test_a_list_that_holds_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)
    text = json.dumps(plain(endless))
    assert f"nested more than {DEPTH} deep" in text


def test_a_list_that_holds_itself_over_and_over_ends() -> None:
    endless: list[Any] = []
    endless += [endless] * 3
    assert plain(endless) == f"more than {SIZE} values"


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
    assert plain([Element()] * (10 * SIZE)) == f"more than {SIZE} values"
    assert 0 < looks <= once * SIZE


def test_as_many_values_as_an_answer_may_have_are_read() -> None:
    longest = [0.5] * (SIZE - 1)  # the list itself is counted, too
    assert plain(longest) == longest
    assert plain([*longest, 0.5]) == f"more than {SIZE} values"


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
    | st.sampled_from([print, Liar(1.0), object(), int, torch.ones(2), ...])
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
    return type(value) in (int, float, str, type(None)) and (
        type(value) is not float or math.isfinite(value)
    )


@given(anything)
def test_any_value_at_all_becomes_plain_and_survives_json(value: object) -> None:
    read = plain(value)
    assert only_plain(read)
    assert json.loads(json.dumps(read)) == read


@pytest.mark.parametrize("module", ["numpy", "torch"])
def test_numbers_are_read_while_another_thread_imports_a_library(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, ModuleType(module))
    assert plain([0.25, [1]]) == [0.25, [1]]
