import copy
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from mlp_reference import manual
from mlp_reference.worked_example import EXERCISE, WorkedExample


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


def test_an_update_goes_against_the_gradient() -> None:
    assert manual.update_vector([1.0, 2.0], [4.0, -8.0], 0.25) == [0.0, 4.0]
    assert manual.update_matrix([[1.0], [2.0]], [[4.0], [-8.0]], 0.25) == [[0.0], [4.0]]


@given(...)
def test_each_gradient_is_the_slope_of_the_loss(example: WorkedExample) -> None:
    eps = 1e-5

    def slope(name: str, place: tuple[int, ...]) -> float:
        losses = []
        for step in (eps, -eps):
            moved = np.array(getattr(example, name))
            moved[place] += step
            losses.append(manual.solve(replace(example, **{name: moved.tolist()})).loss)
        return (losses[0] - losses[1]) / (2 * eps)

    solution = manual.solve(example)
    for name in ("W1", "b1", "W2", "b2", "x"):
        gradient = np.array(getattr(solution, f"dL_d{name.lower()}"))
        measured = [slope(name, place) for place in np.ndindex(gradient.shape)]
        np.testing.assert_allclose(gradient.ravel(), measured, rtol=1e-6, atol=1e-7)


@given(...)
def test_each_parameter_moves_by_the_learning_rate_times_its_gradient(
    example: WorkedExample,
) -> None:
    solution = manual.solve(example)
    for name in ("W1", "b1", "W2", "b2"):
        gradient = np.array(getattr(solution, f"dL_d{name.lower()}"))
        expected = np.array(getattr(example, name)) - example.learning_rate * gradient
        np.testing.assert_array_equal(getattr(solution, f"{name}_updated"), expected)


@given(...)
def test_backward_is_linear_in_the_upstream_gradient(
    example: WorkedExample, rng: np.random.Generator
) -> None:
    z = manual.tanh_forward(example.b1)
    backward: list[Callable[[list[float]], Any]] = [
        lambda g: manual.linear_backward_weight(g, example.x),
        manual.linear_backward_bias,
        lambda g: manual.linear_backward_input(example.W1, g),
        lambda g: manual.tanh_backward(g, z),
    ]
    g, h = rng.standard_normal((2, len(example.b1)))
    for gradient in backward:
        np.testing.assert_allclose(
            gradient((2 * g - 3 * h).tolist()),
            2 * np.array(gradient(g.tolist())) - 3 * np.array(gradient(h.tolist())),
            rtol=1e-12,
            atol=1e-12,
        )


@pytest.mark.parametrize("a", [-2.0, -0.5, 0.0, 0.3, 1.7])
def test_the_slope_of_tanh_is_1_over_cosh_squared(a: float) -> None:
    z = manual.tanh_forward([a])
    assert manual.tanh_backward([3.0], z)[0] == pytest.approx(
        3.0 / math.cosh(a) ** 2, rel=1e-14
    )


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


def test_no_two_quantities_of_a_solution_are_one_list() -> None:
    solution = manual.solve(EXERCISE)
    assert len({id(value) for value in solution}) == len(solution)


@given(...)
def test_a_solution_is_made_of_plain_lists_and_floats(example: WorkedExample) -> None:
    def numbers(value: Any) -> list[Any]:
        return (
            [n for part in value for n in numbers(part)]
            if type(value) is list
            else [value]
        )

    assert {type(n) for value in manual.solve(example) for n in numbers(value)} == {
        float
    }


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            manual.linear_forward,
            ([[1.0, 2.0]], [1.0, 2.0], [1.0, 2.0]),
            "rows of W and b have lengths 1 and 2",
        ),
        (
            manual.linear_forward,
            ([[1.0, 2.0], [1.0]], [1.0, 2.0], [1.0, 2.0]),
            "a row of W and z_prev have lengths 1 and 2",
        ),
        (
            manual.linear_backward_input,
            ([[1.0, 2.0]], [1.0, 2.0]),
            "rows of W and dL_da have lengths 1 and 2",
        ),
        (manual.tanh_backward, ([1.0, 2.0], [1.0]), "dL_dz and z have lengths 2 and 1"),
        (manual.mse_forward, ([1.0, 2.0], [1.0]), "y and t have lengths 2 and 1"),
        (manual.mse_backward, ([1.0], [1.0, 2.0]), "y and t have lengths 1 and 2"),
        (
            manual.update_vector,
            ([1.0, 2.0], [1.0], 0.5),
            "the parameter and its gradient have lengths 2 and 1",
        ),
        (
            manual.update_matrix,
            ([[1.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]], 0.5),
            "rows of the parameter and rows of its gradient have lengths 1 and 2",
        ),
        (
            manual.update_matrix,
            ([[1.0, 2.0]], [[1.0]], 0.5),
            "the parameter and its gradient have lengths 2 and 1",
        ),
    ],
)
def test_lengths_that_do_not_fit_are_named(
    function: Callable[..., Any], arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}, expected the same"):
        function(*arguments)


@pytest.mark.parametrize("W", [[[1.0, 2.0], [3.0]], [[1.0], [2.0, 3.0]]])
def test_a_ragged_matrix_is_refused_going_back(W: list[list[float]]) -> None:
    with pytest.raises(
        ValueError, match=r"a row of W and the first have lengths \d and \d"
    ):
        manual.linear_backward_input(W, [1.0, 1.0])


def test_a_matrix_without_rows_is_refused_going_back() -> None:
    with pytest.raises(ValueError, match="W has no rows"):
        manual.linear_backward_input([], [])
