"""What was seen of code is numbers or words, and crosses from another process as such."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.observations import (
    LARGEST,
    LONGEST,
    MISSING,
    UNREADABLE,
    Seen,
    attempt,
    close,
    look,
    pack,
    unpack,
)


class Lying(np.ndarray[Any, Any]):
    def astype(self, *_arguments: Any, **_options: Any) -> Any:
        return np.ones(3)

    def __array__(self, *_arguments: Any, **_options: Any) -> Any:
        return np.ones(3)


def equal(first: Seen, second: Seen) -> bool:
    about = (first.kind, first.detail) == (second.kind, second.detail)
    return about and np.array_equal(first.array, second.array, equal_nan=True)


@pytest.mark.parametrize(
    ("value", "kind", "detail", "shape"),
    [
        (1.5, "numbers", "float64", ()),
        (2, "numbers", "int64", ()),
        (np.float32(1), "numbers", "float32", ()),
        (np.zeros((2, 3)), "numbers", "float64", (2, 3)),
        (np.zeros(3, dtype=np.int32), "numbers", "int32", (3,)),
        (None, "nothing", "", (0,)),
        ([1.0, 2.0], "other", "list", (0,)),
        (True, "other", "bool", (0,)),
        ("text", "other", "str", (0,)),
        (1j, "other", "complex", (0,)),
        (np.array(["a"]), "other", "ndarray of <U1", (0,)),
        (np.array([None]), "other", "ndarray of object", (0,)),
        (np.array(True), "other", "ndarray of bool", (0,)),
        (np.zeros(LARGEST), "numbers", "float64", (LARGEST,)),
        (np.zeros(LARGEST, int), "numbers", "int64", (LARGEST,)),
        (type("X" * 41, (), {})(), "other", "X" * 40, (0,)),
        (np.zeros(LARGEST + 1), "other", f"ndarray of shape ({LARGEST + 1},)", (0,)),
        # These may claim anything, or compute otherwise.
        (np.zeros((3, 1)).view(Lying), "other", "Lying", (0,)),
        (np.zeros((3, 1)).view(np.matrix), "other", "matrix", (0,)),
        (np.zeros(3).view(np.ma.MaskedArray), "other", "MaskedArray", (0,)),
    ],
)
def test_a_value_is_numbers_or_named(
    value: object, kind: str, detail: str, shape: tuple[int, ...]
) -> None:
    seen = look(value)
    assert (seen.kind, seen.detail, seen.array.shape) == (kind, detail, shape)


def test_a_tensor_is_numbers() -> None:
    import torch

    seen = look(torch.zeros(2, requires_grad=True))
    assert (seen.kind, seen.detail, seen.array.shape) == ("numbers", "float32", (2,))


def test_numbers_are_copied() -> None:
    array = np.zeros(2)
    seen = look(array)
    array += 1
    assert seen.array.tolist() == [0, 0]


def test_a_call_that_fails_is_seen_in_words() -> None:
    def fail(error: BaseException) -> None:
        raise error

    assert attempt(fail, NotImplementedError()) is MISSING
    assert equal(
        attempt(fail, ValueError("no\n good")), Seen("error", "ValueError: no good")
    )
    assert equal(attempt(fail, SystemExit()), Seen("error", "SystemExit"))
    assert len(attempt(fail, ValueError("x" * 999)).detail) == LONGEST
    with pytest.raises(KeyboardInterrupt):
        attempt(fail, KeyboardInterrupt())


NUMBERS = pack(look(np.ones(2)))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "number"},
        {"detail": None},
        {"shape": (2,)},
        {"shape": [True, 2]},
        {"shape": [3]},
        {"values": (1.0, 1.0)},
        {"values": [True, 1.0]},
        {"values": [10**400, 1.0]},
        {"values": [0.0] * (LARGEST + 1), "shape": [LARGEST + 1]},
    ],
    ids=str,
)
def test_what_is_no_observation_is_not_believed(change: dict[str, Any]) -> None:
    assert equal(unpack(NUMBERS), look(np.ones(2)))
    assert unpack(NUMBERS | change) is UNREADABLE


def test_an_observation_may_be_as_large_as_is_read_and_its_words_as_long() -> None:
    assert (LARGEST, LONGEST) == (4000, 200)
    assert unpack(pack(look(np.zeros(LARGEST)))).array.shape == (LARGEST,)
    words = NUMBERS | {"kind": "error", "detail": "x" * (LONGEST + 1)}
    assert unpack(words).detail == "x" * LONGEST


@pytest.mark.parametrize(
    ("a", "b", "is_close"),
    [
        ([1.5], [1.0], True),  # exactly at the tolerance
        ([1.5000001], [1.0], False),
        ([3.0], [2.0], True),  # relative to b
        ([2.0], [3.0], True),
        ([1.0], [2.0], True),
        ([2.0], [1.0], False),
        ([3.0, 0.0], [3.0, 1.0], True),  # in norm, not by element
        ([0.0], [-0.0], True),
        ([1e-100], [0.0], False),
        ([1.0], [[1.0]], False),
        ([np.nan], [np.nan], True),
        ([-np.nan, 1.0], [np.nan, 1.0], True),
        ([np.nan], [1.0], False),
        ([np.inf, 1.0], [np.inf, 2.0], False),
        ([1.0, 1.0], [np.inf, 2.0], False),
        ([np.inf], [1e200], False),
        ([-1e308], [1e308], False),
        ([1e308], [1e308 * (1 - 1e-9)], True),
    ],
)
def test_close_is_near_in_norm_relative_to_what_is_expected(
    a: list[float], b: list[float], is_close: bool
) -> None:
    assert close(np.array(a), np.array(b), 0.5) is is_close


@given(npst.arrays(float, npst.array_shapes(min_dims=0, max_dims=3, min_side=0)))
def test_an_observation_crosses_over_as_it_was(array: Any) -> None:
    seen = look(array)
    assert equal(unpack(json.loads(json.dumps(pack(seen)))), seen)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["kind", "detail", "shape", "values", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(
    anything
    | st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["numbers", "error"]) | anything,
            "detail": st.text(max_size=5) | anything,
            "shape": st.lists(st.integers()) | anything,
            "values": st.lists(st.floats() | st.integers() | anything) | anything,
        }
    )
)
def test_whatever_comes_over_is_an_observation(message: object) -> None:
    seen = unpack(message)
    assert isinstance(seen, Seen)
    assert seen.array.dtype == np.float64
    assert seen.array.size <= LARGEST
    assert len(seen.detail) <= LONGEST
