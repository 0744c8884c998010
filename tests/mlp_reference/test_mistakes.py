"""Every mistake of the course is caught: by a gradient check, its shape, or what it learns."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mlp_reference import manual
from mlp_reference.arrays import Array
from mlp_reference.gradient_check import (
    central_difference,
    complex_step,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.manual import FORMULAS, work_out
from mlp_reference.mistakes import (
    PEN_AND_PAPER,
    BiasNotSummed,
    BroadcastingLoss,
    MeanTakenTwice,
    Slip,
    WeightNotTransposed,
    transposed_outer_product,
)
from mlp_reference.numpy_mlp import (
    MLP,
    Linear,
    MSELoss,
    Sequential,
    Tanh,
    from_worked_example,
)
from mlp_reference.optimizers import SGD
from mlp_reference.training import fit
from mlp_reference.worked_example import EXERCISE, LESSON, WorkedExample
from tests.mlp_reference.helpers import batch_for, gradient_of, in_one_vector

RIGHT = manual.solve(EXERCISE)
EXPECTED = np.array(RIGHT.dL_dw1)
PASSES = 1e-8

# The loss and the updates come after every gradient or beside it.
reach_a_gradient = [
    m
    for m in PEN_AND_PAPER
    if m.quantity != "loss" and not m.quantity.endswith("_updated")
]


def wrong(name: str) -> Array:
    """Return ∂L/∂W1 with one slip; names that several answers share mean the first here."""
    slip = next(m for m in reach_a_gradient if m.name == name)
    return np.array(work_out(EXERCISE, {slip.quantity: slip.formula})["dL_dw1"])


def error_by_hand(values: Mapping[str, Any]) -> float:
    """Return the relative error of the four gradients against central differences."""
    network = from_worked_example(EXERCISE)
    loss = loss_of_parameters(network, np.array([EXERCISE.x]), np.array([EXERCISE.t]))
    names = ("dL_dw1", "dL_db1", "dL_dw2", "dL_db2")
    gradient = in_one_vector(*(values[name] for name in names))
    return relative_error(gradient, central_difference(loss, network.parameters))


def test_the_right_gradient_passes_the_check() -> None:
    assert error_by_hand(RIGHT._asdict()) < PASSES


@pytest.mark.parametrize(
    "slip", reach_a_gradient, ids=lambda m: f"{m.quantity}: {m.name}"
)
def test_every_slip_that_reaches_a_gradient_fails_the_check(slip: Slip) -> None:
    values = work_out(EXERCISE, {slip.quantity: slip.formula})
    assert error_by_hand(values) > 1000 * PASSES


def test_slips_come_in_the_order_of_the_answers_each_under_a_name_of_its_own() -> None:
    names = [(m.answer, m.name) for m in PEN_AND_PAPER]
    assert len(set(names)) == len(names)
    places = [[*FORMULAS].index(m.answer) for m in PEN_AND_PAPER]
    assert places == sorted(places)


def test_a_slip_shows_in_the_answer_that_it_names_and_in_none_before() -> None:
    answers = {m.answer for m in PEN_AND_PAPER}
    for slip in PEN_AND_PAPER:
        values = work_out(EXERCISE, {slip.quantity: slip.formula})
        changed = [
            name
            for name, value in values.items()
            if name in answers and value != getattr(RIGHT, name)
        ]
        assert changed[0] == slip.answer, slip.name
        assert slip.made_in(EXERCISE) == values[slip.answer], slip.name


def test_a_slip_goes_on_from_the_values_that_are_given() -> None:
    (slip,) = (m for m in PEN_AND_PAPER if m.name == "forgot W2")
    given = {"dL_dy": [2.0]}
    values = work_out(EXERCISE, {slip.quantity: slip.formula}, given)
    assert slip.made_in(EXERCISE, given) == values["dL_dw1"]


def by_numpy(e: WorkedExample) -> dict[tuple[str, str], Array]:
    """Return what each slip makes of its answer, in the notation of lesson 2."""
    r = SimpleNamespace(**{k: np.array(v) for k, v in work_out(e).items()})
    W1, b1, W2, b2, x, t = map(np.array, (e.W1, e.b1, e.W2, e.b2, e.x, e.t))
    G, eta = r.dL_dy, e.learning_rate
    w2, tanh_prime = W2[0], 1 - r.z**2

    def with_slope(slope: Array) -> Array:
        return np.outer(G * w2 * slope, x)

    updates: dict[tuple[str, str], Array] = {}
    for name, old in {"W2": W2, "b2": b2, "W1": W1, "b1": b1}.items():
        slope = vars(r)[f"dL_d{name.lower()}"]
        updates |= {
            (f"{name}_updated", "added the step"): old + eta * slope,
            (f"{name}_updated", "left the learning rate out"): old - slope,
            (f"{name}_updated", "gave the step alone"): -eta * slope,
        }
    return updates | {
        ("a", "left the biases out"): W1 @ x,
        ("a", "dropped the minus signs"): abs(W1) @ abs(x) + abs(b1),
        ("z", "copied a"): r.a,
        ("z", "took the sigmoid for tanh"): 1 / (1 + np.exp(-r.a)),
        ("z", "took tan for tanh"): np.tan(r.a),
        ("y", "left the bias out"): W2 @ r.z,
        ("y", "took a for z"): W2 @ r.a + b2,
        ("y", "put tanh on the output too"): np.tanh(W2 @ r.z + b2),
        ("loss", "did not square"): (r.y - t)[0],
        ("loss", "halved the square"): (r.y - t)[0] ** 2 / 2,
        ("loss", "took the difference of squares"): r.y[0] ** 2 - t[0] ** 2,
        ("dL_dy", "forgot the factor 2"): r.y - t,
        ("dL_dy", "took t − y for y − t"): 2 * (t - r.y),
        ("dL_dy", "squared the difference"): 2 * (r.y - t) ** 2,
        ("dL_dw2", "turned the sign round"): -np.outer(G, r.z),
        ("dL_dw2", "took a for z"): np.outer(G, r.a),
        ("dL_dw2", "left ∂L/∂y out"): r.z[np.newaxis],
        ("dL_dw2", "took W2 for z"): np.outer(G, w2),
        ("dL_db2", "turned the sign round"): -G,
        ("dL_db2", "left ∂L/∂y out"): np.ones(1),
        ("dL_db2", "multiplied by the bias"): G * b2,
        ("dL_dw1", "turned the sign round"): -with_slope(tanh_prime),
        ("dL_dw1", "forgot tanh′"): with_slope(np.ones(2)),
        ("dL_dw1", "took 1 − tanh²(z) for 1 − z²"): with_slope(1 - np.tanh(r.z) ** 2),
        ("dL_dw1", "took 1 − a² for 1 − z²"): with_slope(1 - r.a**2),
        ("dL_dw1", "took 1 − z for 1 − z²"): with_slope(1 - r.z),
        ("dL_dw1", "took the sigmoid’s z(1 − z)"): with_slope(r.z * (1 - r.z)),
        ("dL_dw1", "forgot W2"): np.outer(G * tanh_prime, x),
        ("dL_dw1", "used the updated W2"): np.outer(
            G * (w2 - eta * G * r.z) * tanh_prime, x
        ),
        ("dL_dw1", "left ∂L/∂y out"): np.outer(w2 * tanh_prime, x),
        ("dL_dw1", "left x out"): np.outer(G * w2 * tanh_prime, np.ones(3)),
        ("b1_updated", "forgot tanh′"): b1 - eta * G * w2,
    }


@pytest.mark.parametrize("example", [EXERCISE, LESSON], ids=["exercise", "lesson"])
def test_a_slip_is_the_formula_that_its_name_says(example: WorkedExample) -> None:
    expected = by_numpy(example)
    assert expected.keys() == {(m.answer, m.name) for m in PEN_AND_PAPER}
    for slip in PEN_AND_PAPER:
        found, formula = slip.made_in(example), expected[slip.answer, slip.name]
        assert np.shape(found) == np.shape(formula), slip.name
        np.testing.assert_allclose(found, formula, rtol=1e-12, err_msg=slip.name)


def test_a_transposed_outer_product_has_the_wrong_shape() -> None:
    transposed = np.array(transposed_outer_product(EXERCISE, RIGHT._asdict()))
    with pytest.raises(ValueError, match=r"shape \(3, 2\), expected \(2, 3\)"):
        relative_error(transposed, EXPECTED)
    assert np.array_equal(transposed.T, EXPECTED)


@pytest.mark.parametrize(
    ("name", "largest"),
    [
        ("forgot tanh′", 0.0088),
        ("took the sigmoid’s z(1 − z)", 0.090),
        ("forgot W2", 0.251),
        ("used the updated W2", 0.0073),
    ],
)
def test_a_slip_leaves_its_mark_on_the_exercise(name: str, largest: float) -> None:
    assert np.abs(wrong(name) - EXPECTED).max() == pytest.approx(largest, rel=0.01)


def test_some_slips_show_in_signs_and_factors() -> None:
    assert wrong("forgot the factor 2") == pytest.approx(EXPECTED / 2, rel=1e-14)
    assert wrong("took t − y for y − t") == pytest.approx(-EXPECTED, rel=1e-14)
    assert (np.sign(wrong("forgot W2")) != np.sign(EXPECTED)).any()
    factors = np.repeat([[1.093], [1.059]], 3, axis=1)
    assert wrong("forgot tanh′") / EXPECTED == pytest.approx(factors, abs=1e-3)


@pytest.mark.parametrize(
    "name", ["took 1 − tanh²(z) for 1 − z²", "took 1 − a² for 1 − z²"]
)
def test_two_slips_cannot_be_seen_at_two_decimals(name: str) -> None:
    assert np.abs(wrong(name) - EXPECTED).max() < 0.00055


def test_rounding_between_steps_shows_at_two_decimals() -> None:
    z = [round(value, 2) for value in RIGHT.z]
    y = round(manual.linear_forward(EXERCISE.W2, z, EXERCISE.b2)[0], 2)
    loss = manual.mse_forward([y], EXERCISE.t)
    assert (f"{y:.2f}", f"{RIGHT.y[0]:.2f}") == ("0.31", "0.32")
    assert (f"{loss:.2f}", f"{RIGHT.loss:.2f}") == ("0.04", "0.03")


def error_of(network: Sequential, samples: int, loss: MSELoss | None = None) -> float:
    X, T = batch_for(network, np.random.default_rng(1), samples)
    exact = complex_step(loss_of_parameters(network, X, T), network.parameters)
    return relative_error(gradient_of(network, X, T, loss), exact)


def network_with(
    linear: Callable[[int, int, np.random.Generator], Linear], width: int, out: int
) -> Sequential:
    rng = np.random.default_rng(0)
    return Sequential(Linear(3, width, rng), Tanh(), linear(width, out, rng))


def test_a_bias_gradient_that_is_not_summed_fails_for_more_than_one_sample() -> None:
    network = network_with(BiasNotSummed, 2, 1)
    assert error_of(network, 1) < 1e-14
    assert error_of(network, 5) > 0.05


def test_a_mean_taken_twice_divides_the_gradient_by_the_batch_size() -> None:
    network = network_with(Linear, 2, 1)
    assert error_of(network, 5) < 1e-14
    assert error_of(network, 5, MeanTakenTwice()) == pytest.approx(1 - 1 / 5)


def test_w_for_its_transpose_fails_where_it_is_square_and_stops_elsewhere() -> None:
    assert error_of(network_with(WeightNotTransposed, 2, 2), 5) > 0.05
    with pytest.raises(ValueError, match="not aligned"):
        error_of(network_with(WeightNotTransposed, 2, 1), 5)


def test_a_careless_loss_broadcasts_and_ours_refuses() -> None:
    t = np.array([0.3, -1.2, 0.8, 1.1])
    y = t[:, None]
    assert BroadcastingLoss()(y[:, 0], t) == 0
    each_with_each = [(one - other) ** 2 for one in t for other in t]
    assert BroadcastingLoss()(y, t) == pytest.approx(np.mean(each_with_each))
    assert BroadcastingLoss()(y, t) > 0.9
    with pytest.raises(ValueError, match=r"\(4, 1\) and t \(4,\)"):
        MSELoss()(y, t)


def test_a_forgotten_zero_grad_doubles_the_gradient() -> None:
    import torch

    from mlp_reference.torch_mlp import flat_gradient, to_torch

    network = MLP((3, 2, 1), np.random.default_rng(0))
    X, T = batch_for(network, np.random.default_rng(1), 5)
    module, gradients = to_torch(network), []
    for _ in range(2):
        y, t = module(torch.from_numpy(X)), torch.from_numpy(T)
        torch.nn.functional.mse_loss(y, t).backward()
        gradients.append(flat_gradient(module).copy())
    exact = complex_step(loss_of_parameters(network, X, T), network.parameters)
    assert relative_error(gradients[0], exact) < 1e-14
    assert relative_error(gradients[1], 2 * exact) < 1e-14


def test_a_step_before_the_backward_pass_does_not_follow_its_own_batch() -> None:
    network = MLP((3, 2, 1), np.random.default_rng(0))
    before = network.parameters.copy()
    network(np.ones((5, 3)))
    SGD(network, lr=0.1).step()
    assert np.array_equal(network.parameters, before)


def test_from_zero_the_gradient_is_right_and_the_neurons_stay_alike() -> None:
    network = MLP((3, 4, 1), np.random.default_rng(0))
    network.parameters[:] = 0.0
    assert error_of(network, 20) < 1e-14
    X, T = batch_for(network, np.random.default_rng(1), 20)
    settings: dict[str, Any] = {"epochs": 30, "batch_size": 20}
    fit(network, SGD(network, lr=0.1), X, T, rng=np.random.default_rng(2), **settings)
    hidden, _, _ = network.layers
    assert isinstance(hidden, Linear)
    assert np.ptp(hidden.weight) == 0
    assert np.ptp(network(X)) == 0
    assert network(X)[0, 0] == pytest.approx(T.mean(), abs=0.01)
