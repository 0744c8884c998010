from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.observations import (
    LARGEST,
    LONGEST,
    MISSING,
    Seen,
    attempt,
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
    ("value", "detail", "shape"),
    [
        (1.5, "float64", ()),
        (2, "int64", ()),
        (np.float32(1), "float32", ()),
        (np.zeros((2, 3)), "float64", (2, 3)),
        (np.zeros(3, dtype=np.int32), "int32", (3,)),
        (torch.zeros(2, requires_grad=True), "float32", (2,)),
    ],
)
def test_numbers_are_taken_down_with_their_type_and_shape(
    value: object, detail: str, shape: tuple[int, ...]
) -> None:
    seen = look(value)
    assert (seen.kind, seen.detail, seen.array.shape) == ("numbers", detail, shape)


@pytest.mark.parametrize(
    ("value", "kind", "detail"),
    [
        (None, "nothing", ""),
        ([1.0, 2.0], "other", "list"),
        (True, "other", "bool"),
        ("text", "other", "str"),
        (1j, "other", "complex"),
        (np.array(["a"]), "other", "ndarray of <U1"),
        (np.array([None]), "other", "ndarray of object"),
        (np.array(True), "other", "ndarray of bool"),
        (np.zeros(LARGEST + 1), "other", f"ndarray of shape ({LARGEST + 1},)"),
    ],
)
def test_anything_else_is_named(value: object, kind: str, detail: str) -> None:
    seen = look(value)
    assert (seen.kind, seen.detail, seen.array.size) == (kind, detail, 0)


def test_kinds_of_arrays_that_may_claim_anything_are_no_numbers() -> None:
    for kind in (Lying, np.matrix, np.ma.MaskedArray):
        assert look(np.zeros((3, 1)).view(kind)).kind == "other"


def test_what_was_taken_down_does_not_change_any_more() -> None:
    array = np.zeros(2)
    seen = look(array)
    array += 1
    assert seen.array.tolist() == [0, 0]


def test_a_call_that_fails_is_taken_down_in_words() -> None:
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
