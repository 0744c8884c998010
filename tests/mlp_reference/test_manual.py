"""Pen and paper: its formulas, the reference numbers of the exercise, and any link replaced."""

import copy
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from mlp_reference import manual
from mlp_reference.manual import FORMULAS, solve, work_out
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample

RIGHT = solve(EXERCISE)
K = 2.3768158733456026
"""‖∂y/∂θ‖² of the exercise: how far y moves for a step of gradient descent on it."""


def test_an_affine_map_by_hand() -> None:
    W = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert manual.linear_forward(W, [1.0, 0.0, -2.0], [10.0, 20.0]) == [5.0, 12.0]
    assert manual.linear_backward_weight([1.0, -2.0], [3.0, 4.0, 5.0]) == [
        [3.0, 4.0, 5.0],
        [-6.0, -8.0, -10.0],
    ]
    assert manual.linear_backward_bias([1.0, -2.0]) == [1.0, -2.0]
    assert manual.linear_backward_input(W, [1.0, -2.0]) == [-7.0, -8.0, -9.0]


def test_the_loss_of_two_outputs_is_their_mean() -> None:
    assert manual.mse_forward([1.0, 5.0], [0.0, 2.0]) == 5.0
    assert manual.mse_backward([1.0, 5.0], [0.0, 2.0]) == [1.0, 3.0]


@pytest.mark.parametrize("a", [-2.0, -0.5, 0.0, 0.3, 1.7])
def test_the_slope_of_tanh_is_1_over_cosh_squared(a: float) -> None:
    slope = manual.tanh_backward([3.0], manual.tanh_forward([a]))[0]
    assert slope == pytest.approx(3.0 / math.cosh(a) ** 2, rel=1e-14)


@given(...)
def test_each_gradient_is_the_slope_of_the_loss(example: WorkedExample) -> None:
    eps = 1e-5

    def slope(name: str, place: tuple[int, ...]) -> float:
        losses = []
        for step in (eps, -eps):
            moved = np.array(getattr(example, name))
            moved[place] += step
            losses.append(solve(replace(example, **{name: moved.tolist()})).loss)
        return (losses[0] - losses[1]) / (2 * eps)

    solution = solve(example)
    for name in ("W1", "b1", "W2", "b2", "x"):
        gradient = np.array(getattr(solution, f"dL_d{name.lower()}"))
        measured = [slope(name, place) for place in np.ndindex(gradient.shape)]
        np.testing.assert_allclose(gradient.ravel(), measured, rtol=1e-6, atol=1e-7)


@given(...)
def test_each_parameter_moves_by_the_learning_rate_times_its_gradient(
    example: WorkedExample,
) -> None:
    solution = solve(example)
    for name in ("W1", "b1", "W2", "b2"):
        gradient = np.array(getattr(solution, f"dL_d{name.lower()}"))
        expected = np.array(getattr(example, name)) - example.learning_rate * gradient
        np.testing.assert_array_equal(getattr(solution, f"{name}_updated"), expected)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (manual.linear_forward, ([[1.0, 2.0]], [3.0, 4.0], [5.0])),
        (manual.linear_backward_weight, ([1.0], [3.0, 4.0])),
        (manual.linear_backward_bias, ([1.0],)),
        (manual.linear_backward_input, ([[1.0, 2.0]], [3.0])),
        (manual.tanh_forward, ([1.0, 2.0],)),
        (manual.tanh_backward, ([1.0, 2.0], [0.5, 0.25])),
        (manual.mse_forward, ([1.0, 2.0], [0.5, 0.25])),
        (manual.mse_backward, ([1.0, 2.0], [0.5, 0.25])),
        (manual.update_vector, ([1.0, 2.0], [0.5, 0.25], 0.5)),
        (manual.update_matrix, ([[1.0, 2.0]], [[0.5, 0.25]], 0.5)),
        (manual.solve, (EXERCISE,)),
    ],
)
def test_no_step_changes_or_hands_back_its_arguments(
    function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    before = copy.deepcopy(arguments)
    result = function(*arguments)
    assert arguments == before
    assert not any(result is argument for argument in arguments)


@given(...)
def test_a_solution_is_made_of_lists_of_its_own_and_floats(
    example: WorkedExample,
) -> None:
    def types(value: Any) -> set[type[Any]]:
        return (
            {type(value)}
            if type(value) is not list
            else set[type[Any]]().union(*map(types, value))
        )

    solution = solve(example)
    assert types([*solution]) == {float}
    assert len({id(value) for value in solution}) == len(solution)


LENGTHS = [
    ("linear_forward", ([[1.0, 2.0]], [1.0] * 2, [1.0] * 2), "rows of W and b", "1 2"),
    ("linear_forward", ([[1.0]], [1.0] * 2, [1.0]), "a row of W and z_prev", "1 2"),
    ("linear_backward_input", ([[1.0]], [1.0] * 2), "rows of W and dL_da", "1 2"),
    ("linear_backward_input", ([[1.0, 2.0], [3.0]], [1.0] * 2), "a row of W and the first", "1 2"),
    ("linear_backward_input", ([[1.0], [2.0, 3.0]], [1.0] * 2), "a row of W and the first", "2 1"),
    ("tanh_backward", ([1.0, 2.0], [1.0]), "dL_dz and z", "2 1"),
    ("mse_forward", ([1.0, 2.0], [1.0]), "y and t", "2 1"),
    ("mse_backward", ([1.0], [1.0, 2.0]), "y and t", "1 2"),
    ("update_vector", ([1.0, 2.0], [1.0], 0.5), "the parameter and its gradient", "2 1"),
    ("update_matrix", ([[1.0, 2.0]], [[1.0]], 0.5), "the parameter and its gradient", "2 1"),
    ("update_matrix", ([[1.0]], [[1.0], [3.0]], 0.5),
     "rows of the parameter and rows of its gradient", "1 2"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments", "what", "lengths"), LENGTHS)
def test_lengths_that_do_not_fit_are_named(
    function: str, arguments: tuple[Any, ...], what: str, lengths: str
) -> None:
    message = f"^{what} have lengths {lengths.replace(' ', ' and ')}, expected the same"
    with pytest.raises(ValueError, match=message):
        getattr(manual, function)(*arguments)


def test_a_matrix_without_rows_is_refused_going_back() -> None:
    with pytest.raises(ValueError, match="W has no rows"):
        manual.linear_backward_input([], [])


def test_there_is_a_formula_for_every_quantity_in_order() -> None:
    assert tuple(FORMULAS) == Solution._fields


@given(...)
def test_without_slips_it_is_the_solution(example: WorkedExample) -> None:
    assert work_out(example) == solve(example)._asdict()


def test_a_slip_is_carried_into_all_that_follows_and_nothing_before() -> None:
    wrong = work_out(EXERCISE, slips={"dL_dy": lambda _, v: [2 * v["y"][0]]})
    assert [name for name in FORMULAS if wrong[name] != getattr(RIGHT, name)] == [
        name for name in FORMULAS if name not in ("a", "z", "y", "loss")
    ]
    assert wrong["dL_db2"] == [2 * RIGHT.y[0]]


def test_given_values_stand_in_place_of_computed_ones() -> None:
    values = work_out(EXERCISE, given={"z": [0.5, -0.5], "loss": 0.0})
    assert values["z"] == [0.5, -0.5]
    assert values["loss"] == 0.0
    assert values["y"] == manual.linear_forward(EXERCISE.W2, [0.5, -0.5], EXERCISE.b2)
    assert values["a"] == RIGHT.a


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
    np.testing.assert_allclose(getattr(RIGHT, name), expected, rtol=2e-15)


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
    np.testing.assert_allclose(getattr(RIGHT, name), expected, rtol=0, atol=5.1e-11)


def after_one_step(learning_rate: float) -> Solution:
    example = replace(EXERCISE, learning_rate=learning_rate)
    return solve(example.after_update(solve(example)))


def test_the_step_of_the_exercise_makes_the_loss_rise() -> None:
    after = solve(EXERCISE.after_update(RIGHT))
    assert after.y[0] == pytest.approx(0.7531750903, abs=5.1e-11)
    assert after.loss == pytest.approx(0.0640976264, abs=5.1e-11)
    assert after.loss > RIGHT.loss


def test_the_output_of_the_exercise_has_the_squared_slope_K() -> None:
    dy_dz = manual.linear_backward_input(EXERCISE.W2, [1.0])
    dy_da = manual.tanh_backward(dy_dz, RIGHT.z)
    hidden = manual.linear_backward_weight(dy_da, EXERCISE.x)
    slopes = [*RIGHT.z, 1.0, *dy_da, *hidden[0], *hidden[1]]
    assert math.fsum(s * s for s in slopes) == pytest.approx(K, rel=1e-14)
    assert f"{K:.4f}" == "2.3768"


def test_to_first_order_a_step_multiplies_the_residual_by_1_minus_2_eta_K() -> None:
    eta = 1e-6
    after = after_one_step(eta)
    factor = (after.y[0] - EXERCISE.t[0]) / (RIGHT.y[0] - EXERCISE.t[0])
    assert (1 - factor) / (2 * eta) == pytest.approx(K, rel=1e-5)


@pytest.mark.parametrize("factor", [0.01, 0.5, 0.9, 0.99, 1.01, 1.1, 2.0])
def test_the_loss_falls_below_a_learning_rate_of_1_over_K_and_rises_above(
    factor: float,
) -> None:
    assert (after_one_step(factor / K).loss < RIGHT.loss) == (factor < 1)


@pytest.mark.parametrize(
    ("learning_rate", "loss"),
    [
        *((0.05, 0.0198), (0.1, 0.0094), (0.2, 8.1e-5), (0.21, 5.3e-8)),
        *((0.3, 0.0062), (0.4, 0.0276), (0.5, 0.0641), (1.0, 0.463)),
    ],
)
def test_one_step_of_the_exercise_reaches_the_loss(
    learning_rate: float, loss: float
) -> None:
    assert after_one_step(learning_rate).loss == pytest.approx(loss, rel=0.01)
