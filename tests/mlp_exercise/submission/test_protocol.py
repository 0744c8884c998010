import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.submission.protocol import (
    LONGEST_ERROR,
    Report,
    Start,
    started,
    understand,
)
from mlp_exercise.values import PHRASES, plain

NAMES = ("a", "z")


FORGED = b'{"cell": 0, "changes": {"a": ' + b"[" * 5000 + b"]" * 5000
FORGED += b'}, "error": ""}'


def nested(depth: int, value: Any) -> Any:
    for _ in range(depth):
        value = [value]
    return value


def test_a_cell_begins_and_ends() -> None:
    assert understand(b'{"cell": 3}\n', NAMES) == Report(3, None)
    line = b'{"cell": 3, "changes": {"z": [0.5, null], "other": 1}, "error": ""}\n'
    assert understand(line, NAMES) == Report(3, {"z": [0.5, None]})


def test_an_error_is_cut_to_what_a_person_reads() -> None:
    line = b'{"cell": 3, "changes": {}, "error": "%b"}' % (b"x" * 999)
    assert understand(line, NAMES) == Report(3, {}, error="x" * LONGEST_ERROR)


def test_a_cell_that_fills_the_memory_says_so() -> None:
    report = understand(b'{"cell": 3, "full": true}', NAMES)
    assert report == Report(3, full=True)
    assert report is not None
    assert not report.begins


@pytest.mark.parametrize(
    "line", [b"", b"{}", b'{"cell": 3}', b'{"seconds": "1"}', b"["]
)
def test_a_first_line_of_another_kind_is_no_start(line: bytes) -> None:
    assert started(line) is None


def test_the_first_line_tells_what_loading_took_and_what_is_lacking() -> None:
    assert started(b'{"seconds": 0.5, "lacks": ""}') == Start(0.5)
    assert started(b'{"seconds": 0.0, "lacks": "torch"}') == Start(0.0, "torch")


def test_a_trial_tells_what_it_saw_for_others_to_read() -> None:
    line = b'{"cell": 3, "observed": {"output": {"kind": "nothing"}}}\n'
    report = understand(line, NAMES)
    assert report == Report(3, observed={"output": {"kind": "nothing"}})
    assert report is not None
    assert not report.begins


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff",
        b"hello",
        b"[]",
        b"3",
        b'{"cell": "3"}',
        b"[" * 99_999,
        b"{",
        FORGED,
    ],
)
def test_what_makes_no_sense_is_passed_over(line: bytes) -> None:
    assert understand(line, NAMES) in (None, Report(0, {"a": PHRASES["too many"]}))


@pytest.mark.parametrize(
    ("value", "understood"),
    [
        ("true", "the truth value True"),
        ("NaN", "a number that is not finite"),
        ("-Infinity", "a number that is not finite"),
        ("1e999", "a number that is not finite"),
        ("1" * 400, "a number that is not finite"),
        ('{"x": 1}', "a value that cannot be read"),
        (f"{'[' * 51}1{']' * 51}", nested(50, "a value that cannot be read")),
        (json.dumps([0] * 1000), PHRASES["too many"]),
        (json.dumps("x" * 1000), "x" * 100),
    ],
)
def test_a_value_that_the_child_would_not_send_does_no_harm(
    value: str, understood: Any
) -> None:
    line = f'{{"cell": 0, "changes": {{"a": {value}}}, "error": ""}}'
    assert understand(line.encode(), NAMES) == Report(0, {"a": understood})


@given(st.recursive(st.none() | st.floats() | st.integers(), st.lists))
def test_plain_values_arrive_as_they_were(value: Any) -> None:
    sent = plain(value)
    line = json.dumps({"cell": 1, "changes": {"a": sent}, "error": ""})
    assert understand(line.encode(), NAMES) == Report(1, {"a": sent})
