"""Each broken form of the engine is right where it can be, and a gradient check finds the rest."""

from collections.abc import Callable

import numpy as np
import pytest

from mlp_reference.arrays import Array
from mlp_reference.autograd import Tensor
from mlp_reference.autograd_mistakes import (
    Gradients,
    descend_on_one_record,
    overwriting,
    without_folding,
    without_order,
)
from mlp_reference.gradient_check import central_difference, relative_error

PASSES = 1e-8
RNG = np.random.default_rng(0)
X, T = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
SHAPES = ((2, 3), (2,), (2, 2), (2,))
THETA = RNG.normal(size=14)
Program = Callable[..., Tensor]


def plain(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    y = (X @ W1.T + b1).tanh() @ W2.T + b2
    return ((y - T) ** 2).mean()


def shortcut(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    Z = (X @ W1.T + b1).tanh()
    y = Z @ W2.T + b2 + Z
    return ((y - T) ** 2).mean()


def parts(theta: Array) -> list[Tensor]:
    cuts = np.cumsum([np.prod(shape) for shape in SHAPES])[:-1]
    return [
        Tensor(values.reshape(shape))
        for values, shape in zip(np.split(theta, cuts), SHAPES, strict=True)
    ]


def right(loss: Tensor) -> Gradients:
    loss.backward()
    found: Gradients = {}
    todo = [loss]
    for tensor in todo:
        assert tensor.grad is not None
        found[tensor] = tensor.grad
        todo += tensor.inputs
    return found


def error(backward: Callable[[Tensor], Gradients], program: Program) -> float:
    """Return the relative error of a network's gradient against central differences."""
    parameters = parts(THETA)
    gradients = backward(program(*parameters))
    gradient = np.concatenate([gradients[each].ravel() for each in parameters])
    return relative_error(gradient, numeric(program))


def numeric(program: Program) -> Array:
    return central_difference(lambda theta: float(program(*parts(theta)).value), THETA)


@pytest.mark.parametrize("program", [plain, shortcut])
def test_the_engine_passes(program: Program) -> None:
    assert error(right, program) < PASSES


@pytest.mark.parametrize("backward", [without_order, overwriting])
def test_a_check_finds_it_only_where_paths_join(
    backward: Callable[[Tensor], Gradients],
) -> None:
    assert error(backward, plain) < PASSES
    assert error(backward, shortcut) > 0.1


@pytest.mark.parametrize("doublings", range(5))
def test_a_chain_of_doublings_says_what_each_form_counts(doublings: int) -> None:
    a = last = Tensor(3.0)
    for _ in range(doublings):
        last = last + last
    assert right(last)[a] == 2**doublings
    assert overwriting(last)[a] == 1
    # Each call hands on what has arrived up to now: 1, then 1 + 1, …
    calls = np.ones(1)
    for _ in range(doublings):
        calls = np.cumsum(np.repeat(calls, 2))
    assert without_order(last)[a] == calls[-1]


def test_a_check_finds_an_unfolded_gradient_by_its_shape() -> None:
    parameters = parts(THETA)
    gradients = without_folding(plain(*parameters))
    shapes = [gradients[each].shape for each in parameters]
    assert shapes == [(2, 3), (5, 2), (2, 2), (5, 2)]
    with pytest.raises(ValueError, match=r"shape \(30,\), expected \(14,\)"):
        error(without_folding, plain)
    whole = right(plain(*(fresh := parts(THETA))))
    np.testing.assert_allclose(
        gradients[parameters[1]].sum(axis=0), whole[fresh[1]], rtol=1e-13
    )


def test_where_nothing_was_broadcast_there_is_nothing_to_fold() -> None:
    W, x = Tensor(RNG.normal(size=(2, 3))), Tensor(RNG.normal(size=3))
    loss = ((W @ x) ** 2).sum()
    np.testing.assert_array_equal(without_folding(loss)[W], right(loss)[W])


def neuron(w: Tensor) -> Tensor:
    return (w * 2.0 - 1.0) ** 2


def test_a_check_at_the_place_finds_a_stale_record() -> None:
    w = Tensor(1.5)
    loss = neuron(w)
    slope = right(loss)[w].copy()
    descend_on_one_record(loss, [w], lr=0.05, steps=1)
    loss_at = lambda theta: float(neuron(Tensor(theta[0])).value)  # noqa: E731
    w.grad = None
    loss.backward()
    assert w.grad == slope  # still that of the first place
    here = central_difference(loss_at, np.array([w.value]))
    assert relative_error(np.array([w.grad]), here) > 0.1
    # A check of the function itself records anew with every call, and cannot find it.
    fresh = Tensor(w.value)
    neuron(fresh).backward()
    assert relative_error(np.array([fresh.grad]), here) < PASSES


def test_on_one_record_every_step_is_the_first_one_again() -> None:
    w = Tensor(1.5)
    loss = neuron(w)
    descend_on_one_record(loss, [w], lr=0.05, steps=10)
    assert w.value == pytest.approx(1.5 - 10 * 0.05 * 8)
    assert loss.value == 4
    assert neuron(w).value > loss.value


def test_a_rule_that_keeps_the_parameter_itself_keeps_its_first_value() -> None:
    w = Tensor(np.array([3.0]))
    loss = (w * w).sum()
    descend_on_one_record(loss, [w], lr=0.05, steps=10)
    assert w.value == pytest.approx([3 - 10 * 0.05 * 6])
