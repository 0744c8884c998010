"""The rule: no mistake is punished twice, honest rounding never, and nothing crashes it."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.part1.boxes import TOLERANCE
from mlp_exercise.part1.feedback import RECOGNISED
from mlp_exercise.part1.marking import TRIVIAL, Options, mark, read
from mlp_exercise.part1.simulation import rounded
from mlp_exercise.part1.steps import STEPS, Step
from mlp_exercise.part1.variants import SEPARATION, variant
from mlp_exercise.values import Plain, plain
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.part1.sheets import NAMES, judge, solved, written
from tests.mlp_exercise.test_values import anything

RIGHT = solved()
WRITTEN = written(RIGHT)


def changed(options: Options | None = None, **changes: Any) -> dict[str, StepMark]:
    """Mark the right answers, written with two decimals, with some of them changed."""
    return judge(WRITTEN | changes, options=options)


def verdicts(options: Options | None = None, **changes: Any) -> dict[str, Verdict]:
    """Return the verdicts that are not "correct"."""
    marks = changed(options, **changes)
    return {n: m.verdict for n, m in marks.items() if m.verdict != "correct"}


def points(marks: dict[str, StepMark]) -> float:
    return sum(step_mark.points for step_mark in marks.values())


MATRIX = [[1, 2, 3], [4, 5, 6]]
ROW = [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("given_", "shape", "values", "flag"),
    [
        (MATRIX, (2, 3), ROW, ""),
        *((number, (), [0.03], "") for number in (0.03, [0.03], [[[0.03]]])),
        # Unit axes too many or too few, and the exact transpose, can be recovered.
        (0.32, (1,), [0.32], "wrong shape"),
        ([[0.32]], (1,), [0.32], "wrong shape"),
        ([[0.3], [0.24]], (2,), [0.3, 0.24], "wrong shape"),
        ([[0.3, 0.24]], (2,), [0.3, 0.24], "wrong shape"),
        ([0.3, 0.24], (1, 2), [0.3, 0.24], "wrong shape"),
        ([[0.3], [0.24]], (1, 2), [0.3, 0.24], "wrong shape"),
        ([MATRIX], (2, 3), ROW, "wrong shape"),
        ([[1, 4], [2, 5], [3, 6]], (2, 3), ROW, "wrong shape"),
        # Nothing else can, and nothing is broadcast.
        ([0.3], (2,), [], "invalid"),
        (0.3, (2,), [], "invalid"),
        (0.3, (2, 3), [], "invalid"),
        ([0.1, 0.2, 0.3], (2, 3), [], "invalid"),
        ([[0.1], [0.2]], (2, 3), [], "invalid"),
        ([[1, 2], [3, 4, 5]], (2, 3), [], "invalid"),
        (ROW, (2, 3), [], "invalid"),
        ([0.3, 0.24, 0.1], (2,), [], "invalid"),
        ([0, 3155], (1,), [], "invalid"),
        *(([], shape, [], "invalid") for shape in ((), (2,))),
        ([[], []], (2, 3), [], "invalid"),
        *(
            (plain([0.5] * 100_000), shape, [], "wrong shape")
            for shape in ((), (2,), (2, 3))
        ),
        # A None anywhere is missing, even beside nonsense; another leaf is no number.
        ([[0.1, None, "the text 'x'"], [0, 0, 0]], (2, 3), [], ""),
        (None, (), [], ""),
        *(
            ([leaf], (1,), [], "invalid")
            for leaf in (True, float("nan"), 10**400, "the text '0,32'")
        ),
    ],
)
def test_an_answer_is_held_against_its_shape(
    given_: Plain, shape: tuple[int, ...], values: list[float], flag: str
) -> None:
    step = next(step for step in STEPS if step.shape == shape)
    answer = read(given_, step)
    assert (answer.values, answer.flag) == (values, flag)
    assert bool(answer.words) == (not values or bool(flag))


@pytest.mark.parametrize("answers", [RIGHT, WRITTEN], ids=["full", "two decimals"])
def test_right_answers_get_all_six_points(answers: dict[str, Any]) -> None:
    marks = judge(answers)
    assert [m.verdict for m in marks.values()] == ["correct"] * 12
    assert points(marks) == sum(m.max_points for m in marks.values()) == 6.0
    assert not any(m.flags for m in marks.values())


def test_no_answers_get_none() -> None:
    marks = mark({}, EXERCISE)
    assert [m.name for m in marks] == NAMES
    assert {(m.verdict, m.points) for m in marks} == {("missing", 0.0)}


def test_a_mistake_is_punished_once_and_what_follows_from_it_is_paid() -> None:
    marks = judge(written(solved(z=[0.5, 0.1])))
    assert marks["z"].verdict == "wrong"
    assert points(marks) == 5.5
    assert {marks[n].verdict for n in ("y", "loss", "dL_dy")} == {"follow-through"}


def test_whoever_goes_on_from_the_right_value_after_a_slip_is_paid_too() -> None:
    assert verdicts(z=[0.5, 0.1]) == {"z": "wrong"}


def test_half_of_a_route_explains_nothing() -> None:
    # One element follows the wrong ∂L/∂y, the other the right one: neither route is whole.
    mixed = [[rounded(-0.9 * RIGHT["z"][0]), WRITTEN["dL_dw2"][0][1]]]
    assert verdicts(dL_dy=[-0.9], dL_dw2=mixed)["dL_dw2"] == "wrong"


def test_rounding_between_steps_is_no_mistake() -> None:
    # Going on from rounded z gives y = 0.311 for 0.3155, and a loss of 0.0357 for 0.0340.
    follow = dict.fromkeys(("y", "loss"), "follow-through")
    assert verdicts(y=[0.31], loss=0.04) == follow


def test_a_number_computed_in_full_is_held_to_what_it_says() -> None:
    z = [0.2913126124515909, 0.5123456789012]  # in full, and wrong
    from_z = 0.7 * z[0] - 0.8 * z[1] + 0.3
    assert verdicts(z=z, y=[from_z + 0.004]) == {"z": "wrong", "y": "follow-through"}
    assert verdicts(z=z, y=[from_z + 0.006])["y"] == "wrong"


@pytest.mark.parametrize(
    ("absent", "blocked"),
    [
        ("a", "z"),
        ("z", "y dL_dw2"),
        ("a z", "y dL_dw2 dL_dw1"),  # a blocked answer is recorded: nothing cascades
        ("y", "loss dL_dy"),
        ("loss", ""),
        ("dL_dy", "dL_dw2 dL_db2 dL_dw1"),
        ("dL_dy dL_dw1", "dL_dw2 dL_db2 W1_updated b1_updated"),
        ("dL_dw2", "W2_updated"),
        ("dL_db2", "b2_updated"),
        ("dL_dw1", "W1_updated"),
    ],
)
def test_a_missing_answer_blocks_the_steps_that_need_it_and_no_others(
    absent: str, blocked: str
) -> None:
    missing = dict.fromkeys(absent.split(), "missing")
    found = verdicts(**dict.fromkeys(missing, None))
    assert found == missing | dict.fromkeys(blocked.split(), "blocked")


def test_a_right_answer_counts_without_the_earlier_one_if_the_instructor_says_so() -> (
    None
):
    lenient = Options(missing="original")
    assert verdicts(lenient, z=None) == {"z": "missing"}
    assert verdicts(lenient, z=None, y=[0.5]) == {"z": "missing", "y": "blocked"}


@pytest.mark.parametrize("nothing", ["0,32 + y", float("inf"), True, 1j, [0, 3155], []])
def test_what_is_no_answer_is_wrong_flagged_and_of_no_use_to_later_steps(
    nothing: Any,
) -> None:
    marks = changed(y=plain(nothing))
    assert (marks["y"].verdict, marks["y"].flags) == ("wrong", ("invalid",))
    assert marks["loss"].verdict == marks["dL_dy"].verdict == "blocked"
    assert points(marks) == 4.5


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("z", [[0.29], [0.24]]),
        ("y", 0.32),
        ("dL_dw2", [-0.11, -0.09]),
        ("dL_dw1", np.transpose(WRITTEN["dL_dw1"]).tolist()),
    ],
)
def test_a_wrong_shape_costs_its_own_points_alone(name: str, answer: Any) -> None:
    marks = changed(**{name: answer})
    assert (marks[name].verdict, marks[name].flags) == ("wrong", ("wrong shape",))
    assert points(marks) == 5.5


@pytest.mark.parametrize(
    ("a", "flags"),
    [
        ([0.0, 0.0], ("trivial",)),
        ([1e-9, -0.001], ("trivial",)),
        ([TOLERANCE, 0.0], ("trivial",)),
        ([0.0051, 0.0], ()),
        ([0.0, -TRIVIAL], ()),
        ([0.0, -2000.0], ("trivial",)),
        ([0.5, 0.0], ()),
    ],
)
def test_what_follows_from_a_trivial_answer_is_paid_and_flagged(
    a: list[float], flags: tuple[str, ...]
) -> None:
    z = rounded([float(np.tanh(value)) for value in a])
    marks = changed(a=a, z=z)
    assert (marks["z"].verdict, marks["z"].points) == ("follow-through", 0.5)
    assert marks["z"].flags == flags


def test_only_what_rests_on_the_wrong_answer_itself_is_flagged() -> None:
    marks = changed(a=[0.0, 0.0], z=[0.0, 0.0], y=[0.3])
    assert marks["z"].flags == ("trivial",)
    assert (marks["y"].verdict, marks["y"].flags) == ("follow-through", ())


def test_one_route_that_rests_on_nothing_trivial_is_enough() -> None:
    # Both from a = 0 and from ∂L/∂W1, which follows from it, one gets to these biases.
    dL_da = [WRITTEN["dL_dy"][0] * weight for weight in EXERCISE.W2[0]]
    dL_dw1 = rounded([[g * x for x in EXERCISE.x] for g in dL_da])
    b1 = rounded([b - 0.5 * g for b, g in zip(EXERCISE.b1, dL_da, strict=True)])
    marks = changed(a=[0.0, 0.0], z=None, dL_dw1=dL_dw1, b1_updated=b1)
    assert marks["dL_dw1"].flags == ("trivial",)
    b1_mark = marks["b1_updated"]
    assert (b1_mark.verdict, b1_mark.flags) == ("follow-through", ())


def test_whatever_explains_an_answer_counts_for_the_next_not_the_first_alone() -> None:
    # z is right by the original value, and follows from the rounded a on the other side.
    example = replace(EXERCISE, W1=[[0.0] * 3] * 2, b1=[0.296, 0.0], W2=[[4.0, 0.0]])
    from_rounded_a = float(np.tanh(0.30))
    answers = {"a": [0.3, 0.0], "z": [rounded(from_rounded_a), 0.0]}
    marks = judge(answers | {"y": [rounded(4 * from_rounded_a + 0.3)]}, example)
    assert marks["z"].verdict == "correct"
    assert marks["y"].verdict == "follow-through"


def test_the_numbers_of_the_rule_are_these() -> None:
    assert pytest.approx(0.00505, abs=1e-12) == TOLERANCE
    assert (SEPARATION, RECOGNISED, TRIVIAL) == (0.02, 0.01, 1000.0)


def test_truncation_is_wrong_unless_the_instructor_accepts_it() -> None:
    assert verdicts(z=[0.29, 0.23])["z"] == "wrong"
    lenient = Options(accept_truncation=True)
    marks = changed(lenient, z=[0.29, 0.23], loss=0.03, y=[0.31])
    assert points(marks) == 6.0
    assert (marks["z"].verdict, marks["z"].flags) == ("correct", ("truncated",))


def test_the_expected_value_follows_the_learners_numbers() -> None:
    marks = changed(z=[0.5, 0.1])
    assert marks["y"].expected == pytest.approx([0.7 * 0.5 - 0.8 * 0.1 + 0.3])
    assert marks["z"].expected == RIGHT["z"]
    assert changed()["y"].expected == RIGHT["y"]


@given(st.integers(0, 10**6), st.integers(2, 12))
def test_rounding_to_any_number_of_decimals_costs_nothing(
    seed: int, decimals: int
) -> None:
    marks = judge(written(solved(variant(seed)), decimals), variant(seed))
    assert {m.verdict for m in marks.values()} == {"correct"}


@given(
    st.integers(0, 10**6),
    st.sampled_from(STEPS),
    st.lists(st.floats(-3, 3).map(rounded), min_size=6, max_size=6),
)
def test_one_wild_answer_never_costs_a_second_one(
    seed: int, step: Step, wild: list[float]
) -> None:
    """Whatever is written in one place, going on from it honestly loses nothing more."""
    value = np.resize(wild, step.shape).tolist()
    marks = judge(written(solved(variant(seed), **{step.name: value})), variant(seed))
    # ∂L/∂a is not asked for: after a wild ∂L/∂W1 it is still the right one.
    assert {name for name, m in marks.items() if not m.points} <= {step.name}


@given(
    st.dictionaries(st.sampled_from(NAMES), anything),
    st.sampled_from(["block", "original"]),
    st.booleans(),
)
def test_any_values_at_all_are_marked(
    sheet: dict[str, Any], missing: Any, accept_truncation: bool
) -> None:
    answers = {name: plain(value) for name, value in sheet.items()}
    marks = mark(answers, EXERCISE, Options(missing, accept_truncation))
    assert [m.name for m in marks] == NAMES
    for m in marks:
        assert m.verdict in get_args(Verdict)
        assert type(m.points) is float
        assert m.points == (0.5 if m.verdict in ("correct", "follow-through") else 0.0)
        assert type(m.feedback) is str
        assert m.feedback
        assert all(type(flag) is str for flag in m.flags)


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 1e308, -1e308, 5e-324, 0.3, -0.37]
)


@given(
    st.fixed_dictionaries(
        {
            step.name: st.lists(numbers, min_size=6, max_size=6).map(
                lambda six, shape=step.shape: np.resize(six, shape).tolist()  # type: ignore[misc]
            )
            for step in STEPS
        }
    )
)
def test_numbers_of_any_size_in_the_right_shapes_are_marked(
    sheet: dict[str, Any],
) -> None:
    verdicts = {m.verdict for m in mark(sheet, EXERCISE)}
    assert verdicts <= {"correct", "follow-through", "wrong"}
