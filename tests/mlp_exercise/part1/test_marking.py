"""The rule: no mistake is punished twice, honest rounding never, and nothing crashes it."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.part1.feedback import RECOGNISED
from mlp_exercise.part1.marking import TRIVIAL, mark
from mlp_exercise.part1.options import Options
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.tolerance import TOLERANCE
from mlp_exercise.part1.variants import SEPARATION, variant
from mlp_exercise.values import plain
from mlp_reference.manual import work_out
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.test_values import anything

NAMES = [step.name for step in STEPS]
RIGHT = {name: work_out(EXERCISE)[name] for name in NAMES}


def rounded(value: Any, decimals: int = 2) -> Any:
    if isinstance(value, list):
        return [rounded(item, decimals) for item in value]
    return round(value, decimals)


WRITTEN = {name: rounded(value) for name, value in RIGHT.items()}


def judge(options: Options | None = None, **changed: Any) -> dict[str, StepMark]:
    """Mark the right answers, written with two decimals, with some of them changed."""
    marks = mark(WRITTEN | changed, EXERCISE, options)
    return {step_mark.name: step_mark for step_mark in marks}


def verdicts(options: Options | None = None, **changed: Any) -> dict[str, Verdict]:
    """Give the verdicts that are not "correct"."""
    marks = judge(options, **changed)
    return {n: m.verdict for n, m in marks.items() if m.verdict != "correct"}


def points(marks: dict[str, StepMark]) -> float:
    return sum(step_mark.points for step_mark in marks.values())


@pytest.mark.parametrize("answers", [RIGHT, WRITTEN], ids=["full", "two decimals"])
def test_right_answers_get_all_six_points(answers: dict[str, Any]) -> None:
    marks = mark(answers, EXERCISE)
    assert [m.verdict for m in marks] == ["correct"] * 12
    assert sum(m.points for m in marks) == sum(m.max_points for m in marks) == 6.0
    assert not any(m.flags for m in marks)


def test_no_answers_get_none() -> None:
    marks = mark({}, EXERCISE)
    assert [m.name for m in marks] == NAMES
    assert {m.verdict for m in marks} == {"missing"}
    assert sum(m.points for m in marks) == 0.0


def test_a_mistake_is_punished_once_and_what_follows_from_it_is_paid() -> None:
    z = [0.5, 0.1]
    wrong = {name: rounded(work_out(EXERCISE, given={"z": z})[name]) for name in NAMES}
    marks = {m.name: m for m in mark(wrong, EXERCISE)}
    assert marks["z"].verdict == "wrong"
    assert points(marks) == 5.5
    assert {marks[name].verdict for name in ("y", "loss", "dL_dy")} == {
        "follow-through"
    }


def test_whoever_goes_on_from_the_right_value_after_a_slip_is_paid_too() -> None:
    assert verdicts(z=[0.5, 0.1]) == {"z": "wrong"}


def test_half_of_a_route_explains_nothing() -> None:
    # One element follows the wrong ∂L/∂y, the other the right one: neither route is whole.
    mixed = [[rounded(-0.9 * RIGHT["z"][0]), WRITTEN["dL_dw2"][0][1]]]
    assert verdicts(dL_dy=[-0.9], dL_dw2=mixed)["dL_dw2"] == "wrong"


@pytest.mark.parametrize(
    ("off", "verdict"), [(0.0, "correct"), (0.00504, "correct"), (0.0051, "wrong")]
)
def test_correct_is_within_half_a_hundredth(off: float, verdict: str) -> None:
    for sign in (-1, 1):
        a = [RIGHT["a"][0] + sign * off, RIGHT["a"][1]]
        assert judge(a=a)["a"].verdict == verdict


def test_rounding_between_steps_is_no_mistake() -> None:
    # Going on from rounded z gives y = 0.311 for 0.3155, and a loss of 0.0357 for 0.0340.
    assert verdicts(y=[0.31], loss=0.04) == {
        "y": "follow-through",
        "loss": "follow-through",
    }


def test_a_number_computed_in_full_is_held_to_what_it_says() -> None:
    z = [0.2913126124515909, 0.5123456789012]  # in full, and wrong
    from_z = 0.7 * z[0] - 0.8 * z[1] + 0.3
    assert verdicts(z=z, y=[from_z + 0.004]) == {"z": "wrong", "y": "follow-through"}
    assert verdicts(z=z, y=[from_z + 0.006])["y"] == "wrong"


@pytest.mark.parametrize(
    ("absent", "blocks"),
    [
        ("a", ["z"]),
        ("z", ["y", "dL_dw2"]),
        ("y", ["loss", "dL_dy"]),
        ("loss", []),
        ("dL_dy", ["dL_dw2", "dL_db2", "dL_dw1"]),
        ("dL_dw2", ["W2_updated"]),
        ("dL_db2", ["b2_updated"]),
        ("dL_dw1", ["W1_updated"]),
    ],
)
def test_a_missing_answer_blocks_the_steps_that_need_it_and_no_others(
    absent: str, blocks: list[str]
) -> None:
    expected = {absent: "missing"} | dict.fromkeys(blocks, "blocked")
    assert verdicts(**{absent: None}) == expected


def test_when_everything_it_needs_is_missing_even_the_last_answer_is_blocked() -> None:
    assert verdicts(dL_dy=None, dL_dw1=None)["b1_updated"] == "blocked"


def test_a_blocked_answer_is_recorded_so_that_nothing_cascades() -> None:
    missing = {"a": "missing", "z": "missing"}
    blocked = dict.fromkeys(("y", "dL_dw2", "dL_dw1"), "blocked")
    assert verdicts(a=None, z=None) == missing | blocked


def test_a_right_answer_counts_without_the_earlier_one_if_the_instructor_says_so() -> (
    None
):
    lenient = Options(missing="original")
    assert verdicts(lenient, z=None) == {"z": "missing"}
    assert verdicts(lenient, z=None, y=[0.5]) == {"z": "missing", "y": "blocked"}


@pytest.mark.parametrize(
    "nothing",
    ["0,32", float("nan"), float("inf"), True, 1j, [0, 3155], [], [[1, 2], [3]]],
)
def test_what_is_no_answer_is_wrong_flagged_and_of_no_use_to_later_steps(
    nothing: Any,
) -> None:
    marks = judge(y=plain(nothing))
    assert (marks["y"].verdict, marks["y"].flags) == ("wrong", ("invalid",))
    assert marks["loss"].verdict == marks["dL_dy"].verdict == "blocked"
    assert points(marks) == 4.5


@pytest.mark.parametrize(
    "changed",
    [
        {"z": [[0.29], [0.24]]},
        {"y": 0.32},
        {"dL_dw2": [-0.11, -0.09]},
        {"dL_dw1": np.transpose(WRITTEN["dL_dw1"]).tolist()},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_wrong_shape_costs_its_own_points_alone(changed: dict[str, Any]) -> None:
    (name,) = changed
    marks = judge(**changed)
    assert (marks[name].verdict, marks[name].flags) == ("wrong", ("wrong shape",))
    assert points(marks) == 5.5


def test_the_loss_may_come_in_any_nesting() -> None:
    assert verdicts(loss=[[0.03]]) == {}


def test_nothing_is_broadcast() -> None:
    assert judge(dL_dw1=[[0.1], [0.2]])["dL_dw1"].flags == ("invalid",)


@pytest.mark.parametrize("trivial", [[0.0, 0.0], [1e-9, -0.001], [0.0, -2000.0]])
def test_what_follows_from_a_trivial_answer_is_paid_and_flagged(
    trivial: list[float],
) -> None:
    z = rounded([float(np.tanh(value)) for value in trivial])
    marks = judge(a=trivial, z=z)
    assert marks["z"].verdict == "follow-through"
    assert marks["z"].flags == ("trivial",)
    assert marks["z"].points == 0.5


def test_what_follows_from_another_wrong_answer_is_not_flagged() -> None:
    marks = judge(a=[0.5, 0.0], z=[0.46, 0.0])
    assert (marks["z"].verdict, marks["z"].flags) == ("follow-through", ())


def test_only_what_rests_on_the_wrong_answer_itself_is_flagged() -> None:
    marks = judge(a=[0.0, 0.0], z=[0.0, 0.0], y=[0.3])
    assert marks["z"].flags == ("trivial",)
    assert (marks["y"].verdict, marks["y"].flags) == ("follow-through", ())


def test_one_route_that_rests_on_nothing_trivial_is_enough() -> None:
    # Both from a = 0 and from ∂L/∂W1, which follows from it, one gets to these biases.
    dL_da = [WRITTEN["dL_dy"][0] * weight for weight in EXERCISE.W2[0]]
    dL_dw1 = rounded([[g * x for x in EXERCISE.x] for g in dL_da])
    b1 = rounded([b - 0.5 * g for b, g in zip(EXERCISE.b1, dL_da, strict=True)])
    marks = judge(a=[0.0, 0.0], z=None, dL_dw1=dL_dw1, b1_updated=b1)
    assert marks["dL_dw1"].flags == ("trivial",)
    b1_mark = marks["b1_updated"]
    assert (b1_mark.verdict, b1_mark.flags) == ("follow-through", ())


def test_whatever_explains_an_answer_counts_for_the_next_not_the_first_alone() -> None:
    # z is right by the original value, and follows from the rounded a on the other side.
    example = replace(EXERCISE, W1=[[0.0] * 3] * 2, b1=[0.296, 0.0], W2=[[4.0, 0.0]])
    from_rounded_a = float(np.tanh(0.30))
    answers = {"a": [0.3, 0.0], "z": [rounded(from_rounded_a), 0.0]}
    y = [rounded(4 * from_rounded_a + 0.3)]
    marks = {m.name: m for m in mark(answers | {"y": y}, example)}
    assert marks["z"].verdict == "correct"
    assert marks["y"].verdict == "follow-through"


def test_the_numbers_of_the_rule_are_these() -> None:
    assert pytest.approx(0.00505, abs=1e-12) == TOLERANCE
    assert (SEPARATION, RECOGNISED, TRIVIAL) == (0.02, 0.01, 1000.0)


def test_truncation_is_wrong_unless_the_instructor_accepts_it() -> None:
    cut = {"z": [0.29, 0.23], "loss": 0.03, "y": [0.31]}
    assert verdicts(z=[0.29, 0.23])["z"] == "wrong"
    assert "truncated" in judge(z=[0.29, 0.23])["z"].feedback
    marks = judge(Options(accept_truncation=True), **cut)
    assert points(marks) == 6.0
    assert (marks["z"].verdict, marks["z"].flags) == ("correct", ("truncated",))


def test_options_that_do_not_exist_are_refused() -> None:
    with pytest.raises(
        ValueError, match="missing is 'skip', expected 'block' or 'original'"
    ):
        Options(missing="skip")  # type: ignore[arg-type]  # that is the point


def test_the_expected_value_follows_the_learners_numbers() -> None:
    marks = judge(z=[0.5, 0.1])
    assert marks["y"].expected == pytest.approx([0.7 * 0.5 - 0.8 * 0.1 + 0.3])
    assert marks["z"].expected == RIGHT["z"]
    assert judge()["y"].expected == RIGHT["y"]


@given(st.integers(0, 10**6), st.integers(2, 12))
def test_rounding_to_any_number_of_decimals_costs_nothing(
    seed: int, decimals: int
) -> None:
    example = variant(seed)
    values = work_out(example)
    marks = mark({name: rounded(values[name], decimals) for name in NAMES}, example)
    assert {m.verdict for m in marks} == {"correct"}


@given(st.integers(0, 10**6), st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_one_wild_answer_never_costs_a_second_one(
    seed: int, slip: str, rng: Any
) -> None:
    """Whatever is written in one place, going on from it honestly loses nothing more."""
    example = variant(seed)
    wild = [rng.uniform(-3, 3) for _ in range(6)]
    shape = np.shape(work_out(example)[slip])
    value = np.array(wild[: int(np.prod(shape))]).reshape(shape).round(2).tolist()
    values = work_out(example, given={slip: value})
    marks = mark({name: rounded(values[name]) for name in NAMES}, example)
    lost = {m.name for m in marks if m.points == 0}
    # ∂L/∂a is not asked for: after a wild ∂L/∂W1 it is still the right one.
    assert lost <= {slip}


sheets = st.dictionaries(st.sampled_from(NAMES), anything)


@given(sheets, st.sampled_from(["block", "original"]), st.booleans())
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
        {step.name: st.lists(numbers, min_size=6, max_size=6) for step in STEPS}
    )
)
def test_numbers_of_any_size_in_the_right_shapes_are_marked(
    sheet: dict[str, list[float]],
) -> None:
    answers = {
        step.name: np.array(sheet[step.name][: int(np.prod(step.shape))])
        .reshape(step.shape)
        .tolist()
        for step in STEPS
    }
    marks = mark(answers, EXERCISE)
    assert {m.verdict for m in marks} <= {"correct", "follow-through", "wrong"}
