"""Fresh numbers: the same for a seed everywhere, and such that every mistake shows."""

import dataclasses
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


def numbers(example: WorkedExample) -> list[float]:
    given_ = dataclasses.asdict(example)
    return [value for name in given_ for value in flatten(given_[name])]


@given(seeds)
def test_numbers_have_one_decimal_and_none_is_zero(seed: int) -> None:
    example = variant(seed)
    for number in numbers(example):
        assert number == round(number, 1)
        assert 0 < abs(number) <= 2
    assert example.learning_rate == EXERCISE.learning_rate


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


def test_the_numbers_of_the_exercise_would_not_be_accepted() -> None:
    assert smallest_mark(EXERCISE) < 0.001


def test_they_would_be_with_other_inputs() -> None:
    other = dataclasses.replace(EXERCISE, x=[-0.8, 1.9, 1.7], t=[0.6])
    assert smallest_mark(other) > SEPARATION


def test_a_seed_means_the_same_numbers_for_ever() -> None:
    # Notebooks handed out last year carry no more than their seed.
    assert variant(17) == WorkedExample(
        W1=[[1.0, -0.4, 0.6], [-0.1, 0.4, -0.3]],
        b1=[0.8, -0.1],
        W2=[[1.0, -0.6]],
        b2=[-0.5],
        x=[-2.0, 0.8, 0.6],
        t=[0.2],
        learning_rate=0.5,
    )


def test_another_process_draws_the_same() -> None:
    code = "from mlp_exercise.part1.variants import variant; print(variant(5))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == repr(variant(5))


def test_seeds_give_different_numbers() -> None:
    assert len({repr(variant(seed)) for seed in range(200)}) == 200


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(
        ValueError, match=f"the seed is {seed}, expected a whole number from 0"
    ):
        variant(seed)


@pytest.mark.parametrize("seed", [1.0, "1", None, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: int) -> None:
    with pytest.raises(TypeError, match="expected a whole number"):
        variant(seed)
