"""The reference numbers of the exercise, and whether its step helped."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlp_reference import manual
from mlp_reference.worked_example import EXERCISE, WorkedExample

K = 2.3768158733456026
"""‖∂y/∂θ‖² of the exercise: how far y moves for a step of gradient descent on it."""


def loss_after_one_step(learning_rate: float) -> float:
    example = replace(EXERCISE, learning_rate=learning_rate)
    return manual.solve(example.after_update(manual.solve(example))).loss


def squared_slope_of_the_output(example: WorkedExample) -> float:
    z = manual.solve(example).z
    dy_da = manual.tanh_backward(manual.linear_backward_input(example.W2, [1.0]), z)
    hidden = manual.linear_backward_weight(dy_da, example.x)
    slopes = [*z, 1.0, *dy_da, *[slope for row in hidden for slope in row]]
    return math.fsum(slope * slope for slope in slopes)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a", [0.30, 0.24]),
        ("z", [0.29131261245159096, 0.235495749538498]),
        ("y", [0.31552222908531524]),
        ("loss", 0.03403204796165091),
        ("dL_dy", [-0.3689555418293695]),
        ("dL_db2", [-0.3689555418293695]),
        ("dL_dw2", [[-0.10748140276880588, -0.08688746186949002]]),
        ("dL_dz", [-0.25826887928055864, 0.29516443346349563]),
        ("dL_da", [-0.23635139751917889, 0.27879513109673304]),
        ("dL_db1", [-0.23635139751917889, 0.27879513109673304]),
    ],
)
def test_the_exercise_gives_its_reference_numbers_to_the_last_digits(
    name: str, expected: Any
) -> None:
    np.testing.assert_allclose(
        getattr(manual.solve(EXERCISE), name), expected, rtol=2e-15
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "dL_dw1",
            [
                [-0.0709054193, -0.0945405590, 0.0236351398],
                [0.0836385393, 0.1115180524, -0.0278795131],
            ],
        ),
        ("dL_dx", [-0.0793941660, 0.0406126332, 0.2854527774]),
        ("W2_updated", [[0.7537407014, -0.7565562691]]),
        ("b2_updated", [0.4844777709]),
        (
            "W1_updated",
            [
                [0.1354527096, 0.3472702795, -0.5118175699],
                [-0.2418192697, 0.3442409738, 0.6139397566],
            ],
        ),
        ("b1_updated", [0.2181756988, 0.0606024345]),
    ],
)
def test_the_exercise_gives_its_reference_numbers_to_ten_decimals(
    name: str, expected: Any
) -> None:
    np.testing.assert_allclose(
        getattr(manual.solve(EXERCISE), name), expected, rtol=0, atol=5.1e-11
    )


def test_the_step_of_the_exercise_makes_the_loss_rise() -> None:
    after = manual.solve(EXERCISE.after_update(manual.solve(EXERCISE)))
    assert after.y[0] == pytest.approx(0.7531750903, abs=5.1e-11)
    assert after.loss == pytest.approx(0.0640976264, abs=5.1e-11)
    assert after.loss > manual.solve(EXERCISE).loss


def test_the_output_of_the_exercise_has_the_squared_slope_K() -> None:
    assert squared_slope_of_the_output(EXERCISE) == pytest.approx(K, rel=1e-14)
    assert f"{K:.4f}" == "2.3768"


def test_to_first_order_a_step_multiplies_the_residual_by_1_minus_2_eta_K() -> None:
    eta = 1e-6
    before = manual.solve(EXERCISE)
    after = manual.solve(
        EXERCISE.after_update(manual.solve(replace(EXERCISE, learning_rate=eta)))
    )
    factor = (after.y[0] - EXERCISE.t[0]) / (before.y[0] - EXERCISE.t[0])
    assert (1 - factor) / (2 * eta) == pytest.approx(K, rel=1e-5)


@pytest.mark.parametrize("factor", [0.01, 0.5, 0.9, 0.99])
def test_the_loss_falls_below_a_learning_rate_of_1_over_K(factor: float) -> None:
    assert loss_after_one_step(factor / K) < manual.solve(EXERCISE).loss


@pytest.mark.parametrize("factor", [1.01, 1.1, 2.0])
def test_the_loss_rises_above_a_learning_rate_of_1_over_K(factor: float) -> None:
    assert loss_after_one_step(factor / K) > manual.solve(EXERCISE).loss


@pytest.mark.parametrize(
    ("learning_rate", "loss"),
    [
        *((0.05, 0.0198), (0.1, 0.0094), (0.2, 8.1e-5), (0.21, 5.3e-8)),
        *((0.3, 0.0062), (0.4, 0.0276), (0.5, 0.0641), (1.0, 0.463)),
    ],
)
def test_one_step_of_the_exercise_leads_to_the_loss(
    learning_rate: float, loss: float
) -> None:
    assert loss_after_one_step(learning_rate) == pytest.approx(loss, rel=0.01)
