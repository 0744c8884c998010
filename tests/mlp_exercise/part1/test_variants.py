"""Fresh numbers: the same for a seed everywhere, and such that every mistake shows."""

import dataclasses
import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.boxes import flatten
from mlp_exercise.part1.variants import (
    LARGEST_SEED,
    SEPARATION,
    smallest_mark,
    variant,
)
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from mlp_reference.worked_example import EXERCISE, WorkedExample

seeds = st.integers(0, LARGEST_SEED)


@given(seeds)
def test_numbers_have_one_decimal_and_none_is_zero(seed: int) -> None:
    given_ = dataclasses.asdict(variant(seed))
    assert given_["learning_rate"] == EXERCISE.learning_rate
    for number in flatten(list(given_.values())):
        assert number == round(number, 1)
        assert 0 < abs(number) <= 2


@pytest.mark.parametrize(
    "mistake", PEN_AND_PAPER, ids=lambda m: f"{m.answer}: {m.name}"
)
@given(seed=seeds)
def test_every_mistake_moves_its_own_answer_by_more_than_rounding_can(
    mistake: Slip, seed: int
) -> None:
    example = variant(seed)
    wrong, right = mistake.made_in(example), work_out(example)[mistake.answer]
    pairs = zip(flatten(wrong), flatten(right), strict=True)
    assert max(abs(p - q) for p, q in pairs) > SEPARATION


def test_the_numbers_of_the_exercise_would_be_accepted_with_other_inputs() -> None:
    assert smallest_mark(EXERCISE) < 0.001
    other = dataclasses.replace(EXERCISE, x=[-0.8, 1.9, 1.7], t=[0.6])
    assert smallest_mark(other) > SEPARATION


def test_a_seed_means_the_same_numbers_for_ever_and_in_every_process() -> None:
    # Notebooks handed out last year carry no more than their seed.
    expected = WorkedExample(
        W1=[[1.0, -0.4, 0.6], [-0.1, 0.4, -0.3]],
        b1=[0.8, -0.1],
        W2=[[1.0, -0.6]],
        b2=[-0.5],
        x=[-2.0, 0.8, 0.6],
        t=[0.2],
        learning_rate=0.5,
    )
    assert variant(17) == expected
    code = "from mlp_exercise.part1.variants import variant; print(variant(17))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(expected)


def test_a_draw_is_refused_where_rounding_would_excuse_a_mistake() -> None:
    # Each mistake moves its own answer far enough. But ∂L/∂y and z may stand for numbers
    # 0.005 beside them, and from these ∂L/∂W1 may become what one of the mistakes gives.
    refused = WorkedExample(
        W1=[[-0.2, 0.8, 0.9], [-0.4, -0.3, 0.9]],
        b1=[-0.1, 0.9],
        W2=[[0.5, 0.9]],
        b2=[0.6],
        x=[-1.0, 1.6, 1.7],
        t=[-0.3],
        learning_rate=0.5,
    )
    assert smallest_mark(refused) > SEPARATION
    assert variant(424) != refused  # although this seed draws it


def test_seeds_give_different_numbers() -> None:
    assert len({repr(variant(seed)) for seed in range(200)}) == 200


@pytest.mark.parametrize(
    ("seed", "error"),
    [(seed, ValueError) for seed in (-1, LARGEST_SEED + 1)]
    + [(seed, TypeError) for seed in (1.0, "1", None, True)],
)
def test_what_is_no_seed_is_refused(seed: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"the seed is {seed!r}, expected a whole number"):
        variant(seed)


def test_the_numbers_of_many_seeds_are_those_that_were_handed_out() -> None:
    # Whoever changes which draws are accepted changes the numbers of some seed.
    drawn = "".join(repr(variant(seed)) for seed in range(100))
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == "9051873bd3fad522"
