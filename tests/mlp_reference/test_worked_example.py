import dataclasses
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlp_reference import manual
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from mlp_reference.numpy_mlp import from_worked_example
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE, LESSON, Solution, WorkedExample

PARAMETERS = ("W1", "b1", "W2", "b2")


def test_the_exercise_has_the_numbers_it_was_set_with() -> None:
    assert dataclasses.asdict(EXERCISE) == {
        "W1": [[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]],
        "b1": [0.1, 0.2],
        "W2": [[0.7, -0.8]],
        "b2": [0.3],
        "x": [0.3, 0.4, -0.1],
        "t": [0.5],
        "learning_rate": 0.5,
    }


def test_a_solution_lists_the_twelve_answers_in_the_order_of_the_exercise() -> None:
    between = {"dL_dz", "dL_da", "dL_db1", "dL_dx"}
    assert [name for name in Solution._fields if name not in between] == [
        *("a", "z", "y", "loss"),
        *("dL_dy", "dL_dw2", "dL_db2", "dL_dw1"),
        *("W2_updated", "b2_updated", "W1_updated", "b1_updated"),
    ]


def test_the_next_iteration_starts_from_the_updated_parameters() -> None:
    before, solution = dataclasses.asdict(EXERCISE), manual.solve(EXERCISE)
    after = EXERCISE.after_update(solution)
    for name in PARAMETERS:
        assert getattr(after, name) == getattr(solution, f"{name}_updated")
    assert (after.x, after.t, after.learning_rate) == (EXERCISE.x, EXERCISE.t, 0.5)
    assert dataclasses.asdict(EXERCISE) == before
    with pytest.raises(dataclasses.FrozenInstanceError):
        EXERCISE.learning_rate = 0.1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"x": [0.3, 0.4]},
            r"W1 has 2 rows of length \[3\], expected shape \(2, 2\) = \(len\(b1\), len\(x\)\)",
        ),
        ({"b1": [0.1]}, r"W1 has 2 rows of length \[3\], expected shape \(1, 3\)"),
        (
            {"W1": [[0.1, 0.3, -0.5], [-0.2, 0.4]]},
            r"W1 has 2 rows of length \[2, 3\], expected shape \(2, 3\)",
        ),
        (
            {"W2": [[0.7], [-0.8]]},
            r"W2 has 2 rows of length \[1\], expected shape \(1, 2\) = \(len\(t\), len\(b1\)\)",
        ),
        ({"t": [0.5, 0.5]}, r"W2 has 1 rows of length \[2\], expected shape \(2, 2\)"),
        ({"b2": [0.3, 0.3]}, "b2 has 2 elements, expected 1, as t has"),
        (
            {"t": [], "W2": [], "b2": []},
            r"W2 has 0 rows of length \[\], expected shape \(0, 2\)",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(EXERCISE, **change)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", [*PARAMETERS, "x", "t", "learning_rate"])
def test_numbers_that_are_not_finite_are_refused(name: str, bad: float) -> None:
    def spoilt(value: Any) -> Any:
        return [*value[:-1], spoilt(value[-1])] if isinstance(value, list) else bad

    change = {name: spoilt(getattr(EXERCISE, name))}
    message = f"^{name} holds {bad}, expected finite numbers"
    with pytest.raises(ValueError, match=message):
        replace(EXERCISE, **change)


def numbers(example: WorkedExample) -> dict[str, float]:
    """Return every given and computed number of one iteration, by name."""
    named: dict[str, float] = {}
    values = dataclasses.asdict(example) | manual.solve(example)._asdict()
    for name, value in values.items():
        named |= elements(name, value)
    return named


def steepness(example: WorkedExample) -> float:
    """Return K, the squared length of the gradient of the output."""
    network = from_worked_example(example)
    network(np.array([example.x]))
    network.backward(np.ones((1, 1)))
    return float(network.gradient @ network.gradient)


def test_no_number_of_the_lesson_is_the_exercises() -> None:
    lesson, exercise = numbers(LESSON), numbers(EXERCISE)
    assert lesson.keys() == exercise.keys()
    # Written to two decimals, as a learner writes them.
    assert [n for n in lesson if f"{lesson[n]:.2f}" == f"{exercise[n]:.2f}"] == []


@pytest.mark.parametrize(
    "mistake", PEN_AND_PAPER, ids=lambda m: f"{m.answer}: {m.name}"
)
def test_every_named_mistake_shows_at_two_decimals_of_the_lesson(mistake: Slip) -> None:
    right = getattr(manual.solve(LESSON), mistake.answer)
    off = np.abs(np.subtract(mistake.made_in(LESSON), right)).max()
    assert off > 0.01


def test_the_loss_of_the_lesson_rises_until_k_is_small_enough() -> None:
    example, losses, steep = LESSON, [], []
    for _ in range(30):
        solution = manual.solve(example)
        losses.append(solution.loss)
        steep.append(steepness(example))
        example = example.after_update(solution)
    limit = 1 / LESSON.learning_rate
    assert [k < limit for k in steep[:4]] == [False, False, False, True]
    assert losses[:4] == sorted(losses[:4])
    assert losses[3:] == sorted(losses[3:], reverse=True)
    assert losses[-1] < losses[0] / 100
