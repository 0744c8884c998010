"""The engine against PyTorch, the layers and the complex step."""

import itertools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given

from mlp_reference.arrays import Array
from mlp_reference.autograd import Tensor, topological_order
from mlp_reference.datasets import sine
from mlp_reference.gradient_check import Loss, complex_step, relative_error
from mlp_reference.numpy_mlp import MLP, Linear, ReLU
from mlp_reference.torch_mlp import flat_gradient, to_torch
from tests.mlp_reference.helpers import batch_for, grad, gradient_of, in_one_vector

# One program runs on our tensors and on those of PyTorch, because the names are the same.
Program = Callable[..., Any]

SHAPES = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (1, 1), (4, 1, 3), (4, 2, 1)]


def ours(program: Program, *values: Array) -> list[Array]:
    tensors = [Tensor(value) for value in values]
    program(*tensors).sum().backward()
    unused = (np.zeros_like(tensor.value) for tensor in tensors)
    return [
        zero if t.grad is None else grad(t)
        for t, zero in zip(tensors, unused, strict=True)
    ]


def of_torch(program: Program, *values: Array) -> list[Array]:
    tensors = [torch.tensor(value, requires_grad=True) for value in values]
    loss = program(*tensors).sum()
    gradients = torch.autograd.grad(
        loss, tensors, allow_unused=True, materialize_grads=True
    )
    return [gradient.numpy() for gradient in gradients]


def assert_equals_torch(program: Program, *values: Array) -> None:
    for came, expected in zip(
        ours(program, *values), of_torch(program, *values), strict=True
    ):
        np.testing.assert_allclose(came, expected, rtol=1e-14, atol=1e-14)


def network_loss(network: MLP, parameters: list[Tensor], X: Array, T: Array) -> Tensor:
    z = a = Tensor(X)
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        a = z @ W.T + b
        z = a.relu() if network.activation is ReLU else a.tanh()
    return ((a - T) ** 2).mean()


def parameters_of(network: MLP) -> list[Array]:
    layers = [layer for layer in network.layers if isinstance(layer, Linear)]
    return [part for layer in layers for part in (layer.weight, layer.bias)]


@given(...)
def test_any_network_has_the_gradient_of_the_layers(
    network: MLP, rng: np.random.Generator
) -> None:
    X, T = batch_for(network, rng, samples=5)
    parameters = [Tensor(part) for part in parameters_of(network)]
    network_loss(network, parameters, X, T).backward()
    gradient = in_one_vector(*map(grad, parameters))
    assert relative_error(gradient, gradient_of(network, X, T)) < 1e-13


def test_a_batch_with_a_broadcast_bias_has_the_gradient_of_torch_and_of_the_check() -> (
    None
):
    rng = np.random.default_rng(0)
    X, T = sine(rng, 20)
    network = MLP((1, 32, 1), rng)
    parameters = [Tensor(part) for part in parameters_of(network)]
    network_loss(network, parameters, X, T).backward()
    gradient = in_one_vector(*map(grad, parameters))
    twin = to_torch(network)
    torch.nn.MSELoss()(twin(torch.from_numpy(X)), torch.from_numpy(T)).backward()
    assert relative_error(gradient, flat_gradient(twin)) < 1e-14

    def loss_at(theta: Array) -> complex:
        cuts = np.cumsum([part.value.size for part in parameters])[:-1]
        parts = [
            Tensor(values.reshape(part.value.shape))
            for values, part in zip(np.split(theta, cuts), parameters, strict=True)
        ]
        return complex(network_loss(network, parts, X, T).value)

    numeric = complex_step(loss_at, network.parameters)
    assert relative_error(gradient, numeric) < 1e-14


STEPS: list[Program] = [  # of two earlier results, a matrix M and a vector v
    lambda a, b, *_: a + b,
    lambda a, b, *_: a - b,
    lambda a, b, *_: a * b,
    lambda a, b, *_: a / (b * b + 1),
    lambda a, *_: (a * a + 0.5).log(),
    lambda a, *_: a.exp(),
    lambda a, *_: (a * a + 1) ** -0.5,
    lambda a, *_: a**3,
    lambda a, b, *_: a.mean() - b,
    lambda a, *_: -a.sum(),
    lambda a, *_: 1.5 / (1 + a * a),
    lambda a, *_: 1.5**a,
    lambda a, b, M, _: (a + M).T @ (b + M),
    lambda a, _, M, v: (a + M) @ v,
    lambda a, _, M, v: v @ (a + M),
    lambda _a, _b, _M, v: (v + 1) @ v,
    lambda a, b, *_: 2 - a.relu() * b,  # the last, because it is not analytic
]
GIVEN = [(3, 3), (3,), (), (1, 3), (3, 1), (1, 1)]


def random_program(rng: np.random.Generator, steps: list[Program]) -> Program:
    """Draw a graph in which every step takes any two of the results before it."""
    picks = [
        (steps[rng.integers(len(steps))], rng.integers(len(GIVEN) + done, size=2))
        for done in range(rng.integers(1, 12))
    ]

    def program(*values: Any) -> Any:
        results = list(values)
        for step, (i, j) in picks:
            a, b = results[i], results[j]
            results.append((0.2 * step(a, b, *values[:2])).tanh())  # moderate
        return results[-1].sum() + (results[-2] * results[-3]).mean()

    return program


def loss_of(program: Program) -> Loss:
    """Return the program as a function of one vector, which may be complex."""
    cuts = np.cumsum([np.prod(shape, dtype=int) for shape in GIVEN])[:-1]

    def loss_at(theta: Array) -> complex:
        parts = zip(np.split(theta, cuts), GIVEN, strict=True)
        return complex(program(*(Tensor(v.reshape(s)) for v, s in parts)).value)

    return loss_at


@pytest.mark.parametrize(("graphs", "relu"), [(1000, False), (200, True)])
def test_a_thousand_random_graphs_have_the_gradient_of_torch_and_of_the_check(
    graphs: int, relu: bool
) -> None:
    for seed in range(graphs):
        rng = np.random.default_rng([seed, relu])
        program = random_program(rng, STEPS if relu else STEPS[:-1])
        values = [rng.standard_normal(shape) for shape in GIVEN]
        gradients = ours(program, *values)
        assert [gradient.shape for gradient in gradients] == GIVEN
        gradient = in_one_vector(*gradients)
        expected = in_one_vector(*of_torch(program, *values))
        assert relative_error(gradient, expected) < 1e-12, seed
        if not relu:
            way = rng.standard_normal(gradient.size)  # one random direction
            loss_at, theta = loss_of(program), in_one_vector(*values)
            slope = loss_at(theta + 1e-20j * way).imag / 1e-20
            scale = np.linalg.norm(gradient) * np.linalg.norm(way)
            assert abs(gradient @ way - slope) <= 1e-12 * scale, seed


@pytest.mark.parametrize(
    "binary", [operator.add, operator.sub, operator.mul, operator.truediv]
)
def test_a_broadcast_operand_gets_a_gradient_of_its_own_shape(binary: Program) -> None:
    rng = np.random.default_rng(1)
    for left, right in itertools.product(SHAPES, repeat=2):
        a, b = rng.uniform(1, 2, left), rng.uniform(1, 2, right)
        weights = rng.uniform(1, 2, np.broadcast_shapes(left, right))
        x, y = Tensor(a), Tensor(b)
        binary(x, y).backward(weights)
        twins = [torch.tensor(value, requires_grad=True) for value in (a, b)]
        binary(*twins).backward(torch.from_numpy(weights))
        for tensor, twin in zip((x, y), twins, strict=True):
            assert twin.grad is not None
            np.testing.assert_allclose(grad(tensor), twin.grad.numpy(), rtol=1e-14)


@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3), (3, 4)), ((2, 3), (3,)), ((2,), (2, 3)), ((3,), (3,)), ((2, 0), (0, 1))],
)
def test_matrices_and_vectors_multiply_as_in_torch(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal(left), rng.standard_normal(right)
    assert_equals_torch(lambda x, y: (x @ y).tanh(), a, b)


CONSTANTS = [3, 2.5, True, np.float64(1.5), np.array(2.0), np.array([[1.0], [2.0]])]


@pytest.mark.parametrize("constant", CONSTANTS, ids=repr)
@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv", "pow"])
def test_numbers_and_arrays_stand_on_either_side(name: str, constant: Any) -> None:
    binary = getattr(operator, name)
    known = torch.tensor(constant, dtype=torch.float64)
    programs: list[tuple[Program, Program]] = [
        (lambda x: binary(x, constant), lambda x: binary(x, known)),
        (lambda x: binary(constant, x), lambda x: binary(known, x)),
    ]
    a = np.array([0.5, 1.0, 2.0])
    for program, twin in programs:
        result = program(Tensor(a))
        assert isinstance(result, Tensor)
        expected = twin(torch.from_numpy(a)).numpy()
        np.testing.assert_allclose(result.value, expected, rtol=1e-14)
        (gradient,), (of_twin,) = ours(program, a), of_torch(twin, a)
        np.testing.assert_allclose(gradient, of_twin, rtol=1e-14)


def test_an_array_on_the_left_is_multiplied_as_a_matrix() -> None:
    A, b = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 2.0])
    assert_equals_torch(
        lambda x: A @ x if isinstance(x, Tensor) else torch.from_numpy(A) @ x, b
    )
    for product in (A @ Tensor(b), A.tolist() @ Tensor(b), Tensor(A) @ b):
        assert product.operation == "matmul"
        np.testing.assert_array_equal(product.value, A @ b)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, -1, 0.5])
def test_powers_have_the_slope_of_torch(exponent: float) -> None:
    a = np.array([0.5, 1.0, 2.0])
    assert_equals_torch(lambda x: x**exponent, a)
    if exponent >= 0 and isinstance(exponent, int):
        assert_equals_torch(lambda x: x**exponent, np.array([-2.0, 0.0]))


def test_relu_is_flat_at_zero() -> None:
    assert_equals_torch(lambda x: x.relu(), np.array([-1.0, 0.0, 2.0]))


def test_a_node_comes_once_and_after_every_node_that_uses_it() -> None:
    for seed in range(50):
        rng = np.random.default_rng(seed)
        values = [Tensor(rng.standard_normal(shape)) for shape in GIVEN]
        order = topological_order(random_program(rng, STEPS)(*values))
        place = {node: index for index, node in enumerate(order)}
        assert len(place) == len(order)
        for node in order:
            assert all(place[x] > place[node] for x in node.inputs)
