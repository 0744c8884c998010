"""A result that was written as JSON comes back without a loss, and nothing else comes in."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.classroom.batches.batch import Result, mark_content
from mlp_exercise.classroom.batches.record import (
    STEPS,
    Damaged,
    restored,
    without_expected,
    written,
)
from mlp_exercise.classroom.collecting.learners import Learner
from mlp_exercise.submission.mark import Settings, Sheet
from tests.mlp_exercise.submission.conftest import answering, right_answers

numbers = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.integers() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)
texts = st.lists(st.text(st.characters(), max_size=5), max_size=2).map(tuple)


learners = st.builds(
    Learner,
    *[st.text(max_size=5)] * 4,
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)


@st.composite
def marks(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[StepMark, ...]:
    most = draw(st.floats(0, 10))
    return tuple(
        StepMark(
            name,
            draw(st.sampled_from(get_args(Verdict))),
            draw(st.sampled_from([0.0, most])),
            most,
            draw(texts),
            draw(st.text(max_size=5)),
            draw(plain),
            draw(texts),
        )
        for name in names
    )


@st.composite
def results(draw: st.DrawFn) -> Result:
    name = draw(st.sampled_from(sorted(STEPS)))
    sheet = Sheet(
        draw(marks(STEPS[name])),
        draw(st.none() | st.integers()),
        draw(texts),
        draw(st.booleans()),
        draw(st.dictionaries(st.text(max_size=3), plain, max_size=2)),
        draw(
            st.dictionaries(
                st.text(max_size=3), st.lists(st.integers(), max_size=3), max_size=2
            )
        ),
    )
    times = st.datetimes(timezones=st.just(UTC))
    return Result(
        draw(st.text(st.characters(), max_size=9)),
        draw(st.sampled_from(["marked", "not marked"])),
        draw(st.none() | st.text(max_size=9)),
        name,
        sheet,
        draw(st.text(max_size=9)),
        when=draw(st.none() | times),
        late=draw(st.booleans()),
        digest=draw(st.text(max_size=9)),
        learner=draw(st.none() | learners),
    )


def there_and_back(result: Result, *, expected: bool) -> Result:
    text = json.dumps(written(result, expected=expected))
    record = restored(json.loads(text))
    assert record.whole
    return record.result


@given(results())
@settings(max_examples=30)
def test_all_of_a_result_comes_back(result: Result) -> None:
    assert there_and_back(result, expected=True) == result


@given(results())
@settings(max_examples=30)
def test_what_would_have_been_right_is_not_there_unless_it_is_wanted(
    result: Result,
) -> None:
    assert there_and_back(result, expected=False) == without_expected(result)
    text = json.dumps(written(result, expected=False))
    assert not restored(json.loads(text)).expected


def test_a_notebook_that_was_marked_comes_back() -> None:
    content = json.dumps(answering(right_answers())).encode()
    result = mark_content("x.ipynb", content, Settings())
    result = result._replace(when=datetime(2026, 11, 26, tzinfo=UTC))
    assert result.sheet.values
    assert result.sheet.own
    assert there_and_back(result, expected=True) == result


WHOLE = written(
    mark_content("x", json.dumps(answering(right_answers())).encode(), Settings()),
    expected=True,
)


def with_step(**changes: object) -> dict[str, Any]:
    first, *others = WHOLE["steps"]
    return WHOLE | {"steps": [first | changes, *others]}


@pytest.mark.parametrize(
    "damaged",
    [
        *(None, 1, "x", [], {}, {"file": "x"}, {"learner": "ada", "total": 3}),
        *(WHOLE | {key: True} for key in WHOLE if key not in ("late", "limited")),
        *(WHOLE | {key: "x"} for key in ("late", "limited", "status", "exercise")),
        WHOLE | {"steps": WHOLE["steps"][:-1]},
        WHOLE | {"handed_in": "2026-11-26"},
        WHOLE | {"own": {"a": [True]}},
        WHOLE | {"values": {"a": float("nan")}},
        with_step(points=1.0),
        with_step(points=-0.5),
        with_step(points=float("nan")),
        with_step(max_points=float("inf")),
        with_step(verdict="perfect"),
        with_step(flags="x"),
        with_step(name="other"),
        with_step(expected={}),
        with_step(feedback=None),
    ],
)
def test_what_was_not_written_here_is_refused(damaged: object) -> None:
    with pytest.raises(Damaged):
        restored(damaged)


@given(st.sampled_from(sorted(WHOLE)), st.recursive(plain, st.lists, max_leaves=3))
def test_whatever_stands_for_a_value_is_taken_or_refused(
    key: str, value: object
) -> None:
    with suppress(Damaged):
        restored(WHOLE | {key: value})
