"""The record of the engine: how deep, how often and in which types it goes, and what it refuses."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from mlp_reference.autograd import Tensor, topological_order, unbroadcast
from tests.mlp_reference.helpers import grad


def test_a_second_backward_doubles_every_gradient_exactly() -> None:
    rng = np.random.default_rng(3)
    W, x = Tensor(rng.standard_normal((4, 3))), Tensor(rng.standard_normal((5, 3)))
    z = (x @ W.T).tanh()
    loss = (z * z + z).mean()
    loss.backward()
    once = {node: grad(node) for node in topological_order(loss)}
    loss.backward()
    for node, first in once.items():
        np.testing.assert_array_equal(grad(node), 2 * first)


def test_gradients_of_two_losses_add_up() -> None:
    w = Tensor([1.0, 2.0])
    (w * w).sum().backward()
    w.sum().backward()
    np.testing.assert_array_equal(grad(w), [3, 5])


def test_no_two_gradients_share_memory() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    total = a + b
    total.sum().backward()
    grad(a)[:] = 7
    np.testing.assert_array_equal(grad(b), [1, 1])
    np.testing.assert_array_equal(grad(total), [1, 1])


def test_what_changes_after_the_forward_pass_is_not_seen_on_the_way_back() -> None:
    w = Tensor(3.0)
    loss = w * w
    w.value = w.value - 1
    loss.backward()
    assert grad(w) == 6


def test_ten_thousand_nodes_in_a_row_add_up() -> None:
    x = Tensor(1.0)
    y = x
    for _ in range(10_000):
        y = y + x
    y.backward()
    assert grad(x) == 10_001


def test_sixty_forks_in_a_row_take_sixty_steps() -> None:
    a = x = Tensor(1.0)
    for _ in range(60):
        a = a + a  # 2⁶⁰ paths
    a.backward()
    assert grad(x) == 2**60
    assert len(topological_order(a)) == 61


def test_a_node_knows_its_operation_and_its_inputs() -> None:
    a, b = Tensor([[1.0, 2.0]]), Tensor([[3.0, 4.0]])
    nodes = {
        "add": a + b,
        "sub": a - b,
        "mul": a * b,
        "div": a / b,
        "matmul": a @ b.T,
        "pow": a**2,
        "rpow": 2**a,
        "neg": -a,
        "tanh": a.tanh(),
        "relu": a.relu(),
        "exp": a.exp(),
        "log": a.log(),
        "sum": a.sum(),
        "mean": a.mean(),
        "T": a.T,
    }
    assert {name: node.operation for name, node in nodes.items()} == {
        name: name for name in nodes
    }
    assert nodes["add"].inputs == (a, b)
    assert nodes["tanh"].inputs == (a,)
    assert (a.operation, a.inputs) == ("", ())
    assert repr(Tensor(2) * 3) == "Tensor(6.0, operation='mul')"


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_floats_keep_their_type(kind: type[np.floating[Any]]) -> None:
    x = Tensor(np.array([[1, 2]], kind))
    loss = (((2 * x + 1) / 3 - 0.5) ** 2 @ x.T).tanh().mean()
    loss.backward()
    for node in topological_order(loss):
        assert node.value.dtype == grad(node).dtype == kind


def test_integers_become_floats() -> None:
    for value in (3, True, [1, 2], np.arange(3)):
        assert Tensor(value).value.dtype == np.float64


def test_a_float32_beside_a_float64_gets_a_gradient_of_its_own_type() -> None:
    x, y = Tensor(np.float32(2)), Tensor(3.0)
    (x * y).backward()
    assert grad(x).dtype == np.float32
    assert grad(y).dtype == np.float64


x = Tensor(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("act", "kind", "message"),
    [
        (lambda: x.backward(), ValueError, r"shape \(2, 3\), expected a single number"),
        (lambda: x.backward(np.ones(3)), ValueError, r"\(3,\), expected \(2, 3\)"),
        (lambda: Tensor(1j).backward(), TypeError, "complex128, expected real"),
        (lambda: Tensor("2"), TypeError, "got a str of <U1, expected numbers"),
        (lambda: Tensor([x]), TypeError, "got a list of object, expected numbers"),
        (lambda: x + "2", TypeError, "got a str"),
        (lambda: x + None, TypeError, "got a NoneType"),
        (lambda: x**x, TypeError, "exponent is a Tensor, expected a constant"),
        (lambda: x @ x, ValueError, r"\(2, 3\) @ \(2, 3\): 3 columns, expected 2"),
        (lambda: x @ 2, ValueError, r"\(2, 3\) @ \(\): expected matrices or vectors"),
        (lambda: x @ np.ones((1, 3, 2)), ValueError, "expected matrices or vectors"),
        (lambda: x + np.ones(2), ValueError, "could not be broadcast"),
        (
            lambda: unbroadcast(np.ones((2, 3)), (3, 2)),
            ValueError,
            r"expected \(3, 2\)",
        ),
        (lambda: unbroadcast(np.ones(()), (3, 1)), ValueError, r"expected \(3, 1\)"),
        (lambda: np.tanh(cast("Any", x)), TypeError, "does not support ufuncs"),
    ],
)
def test_what_does_not_fit_is_refused(
    act: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        act()


def test_a_rule_that_returns_too_few_gradients_is_refused() -> None:
    a, b = Tensor(1.0), Tensor(2.0)
    with pytest.raises(ValueError, match="shorter"):
        Tensor(a.value + b.value, "mine", (a, b), lambda G: (G,)).backward()
