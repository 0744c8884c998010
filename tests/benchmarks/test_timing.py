"""Contenders take turns, and are compared round by round."""

import pytest

from benchmarks.timing import compare, take_turns


def test_everybody_has_a_turn_in_every_round() -> None:
    seen: list[str] = []
    calls = {name: lambda name=name: seen.append(name) for name in "ab"}
    taken = take_turns(calls, rounds=3, seconds=0.0)
    assert {name: len(times) for name, times in taken.items()} == {"a": 3, "b": 3}
    assert seen[-6:] == [
        "a",
        "b",
        "b",
        "a",
        "a",
        "b",
    ]  # every other round goes backwards


def test_a_ratio_is_that_of_one_round() -> None:
    # The machine was three times as slow in the last round, for both.
    timing = compare({"a": [10.0, 10.0, 30.0], "b": [5.0, 5.0, 15.0]}, "a")["b"]
    assert timing.microseconds == 5.0
    assert timing.ratio == timing.ratio_low == timing.ratio_high == 2.0


def test_the_reference_is_as_fast_as_itself() -> None:
    assert compare({"a": [1.0, 2.0, 7.0]}, "a")["a"].ratio == 1.0


def test_a_single_round_has_no_spread() -> None:
    with pytest.raises(Exception, match="two data points"):
        compare({"a": [1.0]}, "a")
