"""Cross-entropy: what it is, its gradient, how large its logits may be, and what it refuses."""

from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from mlp_reference.arrays import Array
from mlp_reference.gradient_check import (
    central_difference,
    complex_step,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.numpy_mlp import MLP, CrossEntropyLoss, MSELoss, Tanh, softmax
from tests.mlp_reference.helpers import gradient_of

LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 0.3, -4.0]])
CLASSES = np.array([2, 0])


class Batch(NamedTuple):
    y: Array
    t: Array


@st.composite
def batches(draw: st.DrawFn, largest: float = 50.0) -> Batch:
    samples, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.floats(0, largest))
    y = scale * rng.uniform(-1, 1, (samples, classes))
    return Batch(y, rng.integers(0, classes, samples))


def in_torch(y: Array, t: Array) -> tuple[float, Array]:
    """Return PyTorch's loss and gradient."""
    logits = torch.tensor(y, requires_grad=True)
    loss = nn.CrossEntropyLoss()(logits, torch.tensor(t))
    loss.backward()
    assert logits.grad is not None
    return loss.item(), logits.grad.numpy()


def one_hot(t: Array, classes: int) -> Array:
    rows: Array = np.eye(classes)[t]
    return rows


def test_it_is_the_mean_of_minus_log_p_of_the_right_classes() -> None:
    loss = CrossEntropyLoss()
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    expected = -(np.log(p[0, 2]) + np.log(p[1, 0])) / 2
    assert loss(LOGITS, CLASSES) == pytest.approx(expected, rel=1e-14)
    gradient = (p - one_hot(CLASSES, 3)) / 2
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-14)
    np.testing.assert_allclose(softmax(LOGITS), p, rtol=1e-14)


def test_equal_logits_give_equal_probabilities_and_the_loss_log_c() -> None:
    loss = CrossEntropyLoss()
    assert loss(np.full((4, 10), 3.0), np.arange(4)) == pytest.approx(np.log(10))
    np.testing.assert_allclose(softmax(np.full((1, 4), -2.0)), [[0.25] * 4])


@given(batches())
def test_loss_and_gradient_are_those_of_torch(batch: Batch) -> None:
    loss = CrossEntropyLoss()
    value, gradient = in_torch(*batch)
    assert loss(*batch) == pytest.approx(value, rel=1e-12, abs=1e-12)
    assert np.linalg.norm(loss.backward() - gradient) <= 1e-12


@given(batches(largest=1e4))
def test_at_logits_of_ten_thousand_they_still_are(batch: Batch) -> None:
    # The tests turn warnings into errors, so nothing overflows either.
    loss = CrossEntropyLoss()
    value, gradient = in_torch(*batch)
    assert loss(*batch) == pytest.approx(value, rel=1e-12, abs=1e-12)
    assert np.linalg.norm(loss.backward() - gradient) <= 1e-12


@given(batches())
def test_float32_stays_float32_and_is_that_of_torch(batch: Batch) -> None:
    y, t = batch.y.astype(np.float32), batch.t
    loss = CrossEntropyLoss()
    value, gradient = in_torch(y, t)
    ours = loss(y, t)
    assert type(ours) is float
    assert ours == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert loss.backward().dtype == softmax(y).dtype == np.float32
    assert np.linalg.norm(loss.backward() - gradient) <= 1e-6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e3, 1e4])
def test_large_logits_give_a_loss_as_large_and_a_gradient_of_whole_numbers(
    size: float, dtype: type[Any]
) -> None:
    y = np.array([[size, -size, 0], [size, -size, 0]], dtype)
    loss = CrossEntropyLoss()
    assert loss(y, np.array([0, 1])) == pytest.approx(size, rel=1e-6)
    expected = np.array([[0, 0, 0], [1, -1, 0]]) / 2
    np.testing.assert_array_equal(loss.backward(), expected)
    np.testing.assert_array_equal(softmax(y), [[1, 0, 0], [1, 0, 0]])


def test_minus_infinity_rules_a_class_out() -> None:
    y, loss = np.array([[1.0, -np.inf, 1.0]]), CrossEntropyLoss()
    np.testing.assert_allclose(softmax(y), [[0.5, 0, 0.5]])
    assert loss(y, np.array([0])) == pytest.approx(np.log(2))
    np.testing.assert_allclose(loss.backward(), [[-0.5, 0, 0.5]])
    assert loss(y, np.array([1])) == np.inf == in_torch(y, np.array([1]))[0]
    np.testing.assert_allclose(loss.backward(), [[0.5, -1, 0.5]])


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("logit", [np.nan, np.inf])
def test_a_loss_of_nan_says_that_training_has_diverged(logit: float) -> None:
    y = np.array([[1.0, logit, 1.0]])
    assert np.isnan(CrossEntropyLoss()(y, np.array([0])))
    assert np.isnan(in_torch(y, np.array([0]))[0])


@given(batches(), st.floats(-100, 100))
def test_a_shift_of_all_logits_of_a_row_changes_nothing(
    batch: Batch, shift: float
) -> None:
    y = batch.y.copy()
    y[0] += shift
    before, after = CrossEntropyLoss(), CrossEntropyLoss()
    assert after(y, batch.t) == pytest.approx(before(*batch), rel=1e-11, abs=1e-11)
    np.testing.assert_allclose(after.backward(), before.backward(), atol=1e-12)


@given(batches())
def test_each_row_of_the_gradient_is_p_minus_t_over_n_and_sums_to_0(
    batch: Batch,
) -> None:
    loss = CrossEntropyLoss()
    loss(*batch)
    samples, classes = batch.y.shape
    p = softmax(batch.y)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    expected = (p - one_hot(batch.t, classes)) / samples
    np.testing.assert_allclose(loss.backward(), expected, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(loss.backward().sum(axis=1), 0, atol=1e-15)


@given(batches(largest=4.0))
def test_the_gradient_is_that_of_the_complex_step_and_of_central_differences(
    batch: Batch,
) -> None:
    y, t = batch

    def loss_at(logits: Array) -> complex:
        p = softmax(logits.reshape(y.shape))
        value: complex = -np.log(p[np.arange(len(t)), t]).mean().item()
        return value

    loss = CrossEntropyLoss()
    assert loss(y, t) == pytest.approx(loss_at(y.ravel()), rel=1e-13, abs=1e-14)
    gradient = loss.backward().ravel()
    # With one class, or one that is certain, the gradient is 0 but for rounding.
    np.testing.assert_allclose(gradient, complex_step(loss_at, y.ravel()), atol=1e-14)
    numeric = central_difference(loss_at, y.ravel())
    np.testing.assert_allclose(gradient, numeric, atol=1e-9)


def test_the_gradient_of_a_network_is_that_of_both_checks_and_of_torch() -> None:
    rng = np.random.default_rng(0)
    network = MLP((4, 6, 5, 3), rng, Tanh)
    X, t = rng.standard_normal((7, 4)), rng.integers(0, 3, 7)
    gradient = gradient_of(network, X, t, CrossEntropyLoss())
    loss_at = loss_of_parameters(network, X, t)
    assert relative_error(gradient, complex_step(loss_at, network.parameters)) < 1e-14
    numeric = central_difference(loss_at, network.parameters)
    assert relative_error(gradient, numeric) < 1e-9


def test_what_it_is_given_stays_as_it_is() -> None:
    y, t = np.array([[2.0, -1.0], [0.5, 4.0]]), np.array([1, 0])
    loss = CrossEntropyLoss()
    loss(y, t)
    loss.backward()[:] = 0
    softmax(y)
    np.testing.assert_array_equal(y, [[2.0, -1.0], [0.5, 4.0]])
    np.testing.assert_array_equal(t, [1, 0])
    assert loss.backward().any()


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_class_numbers_may_be_any_integers(dtype: type[Any]) -> None:
    expected = CrossEntropyLoss()(LOGITS, CLASSES)
    assert CrossEntropyLoss()(LOGITS, CLASSES.astype(dtype)) == expected


@pytest.mark.parametrize(
    ("y", "t", "error", "message"),
    [
        ([[1.0, 2.0]], CLASSES, TypeError, "y is a list, expected an array"),
        (LOGITS, [0, 1], TypeError, "t is a list, expected an array"),
        (LOGITS[0], CLASSES, ValueError, r"y has shape \(3,\), expected \(N, C\)"),
        (LOGITS[None], CLASSES, ValueError, r"y has shape \(1, 2, 3\), expected \(N,"),
        (LOGITS[:0], CLASSES[:0], ValueError, r"shape \(0, 3\), .* N ≥ 1"),
        (LOGITS[:, :0], CLASSES, ValueError, r"y has shape \(2, 0\), expected \(N,"),
        (LOGITS.astype(int), CLASSES, TypeError, "y is int64, expected float32 or"),
        (LOGITS + 0j, CLASSES, TypeError, "y is complex128, expected float32 or"),
        (LOGITS, CLASSES[:1], ValueError, r"t has shape \(1,\), expected \(2,\): one"),
        (LOGITS, CLASSES[:, None], ValueError, r"shape \(2, 1\), .* one class number a"),
        (LOGITS, np.eye(3)[CLASSES], ValueError,
         r"t has shape \(2, 3\), expected \(2,\).* one-hot rows: t.argmax\(axis=1\)"),
        (LOGITS, np.array([1.0, 2.0]), TypeError, "t is float64, .*: t.astype"),
        (LOGITS, np.array([True, False]), TypeError, "t is bool, expected class num"),
        (LOGITS, np.array([0, 3]), ValueError, r"t\[1\] is 3, .* from 0 to 2"),
        (LOGITS, np.array([-1, 7]), ValueError, r"t\[0\] is -1, .* from 0 to 2"),
    ],
)  # fmt: skip
def test_what_is_no_batch_of_logits_and_class_numbers_is_refused(
    y: Any, t: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        CrossEntropyLoss()(y, t)


def test_only_one_hot_rows_are_taken_for_such() -> None:
    with pytest.raises(ValueError, match="one class number a sample") as refused:
        CrossEntropyLoss()(LOGITS, CLASSES[:1])
    assert "one-hot" not in str(refused.value)


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4), (2, 0)])
def test_softmax_takes_rows_of_logits_alone(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(N, C\)"):
        softmax(np.ones(shape))


def test_before_forward_there_is_no_gradient() -> None:
    with pytest.raises(ValueError, match="expected a call of forward before"):
        CrossEntropyLoss().backward()


def test_where_a_sigmoid_with_squared_error_is_most_wrong_it_learns_least() -> None:
    logits = np.array([-8.0, -4.0, -1.0])  # for a target of 1, the first is worst
    p = 1 / (1 + np.exp(-logits))
    squared = [
        2 * (q - 1) * q * (1 - q) for q in p
    ]  # slope of (p − 1)², by the chain rule
    two = np.stack([np.zeros(3), logits], axis=1)  # softmax of 0 and y is the sigmoid
    loss = CrossEntropyLoss()
    loss(two, np.ones(3, int))
    entropy = 3 * loss.backward()[:, 1]
    np.testing.assert_allclose(entropy, p - 1, rtol=1e-14)
    assert np.all(np.diff(np.abs(entropy)) < 0)
    assert abs(squared[0]) < abs(squared[1]) < abs(squared[2])


def test_both_losses_are_called_alike() -> None:
    y, t = np.array([[0.5, 0.5]]), np.array([0])
    for loss, target in ((MSELoss(), one_hot(t, 2)), (CrossEntropyLoss(), t)):
        assert loss(y, target) == loss.forward(y, target)
        assert loss.backward().shape == y.shape
