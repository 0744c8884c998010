import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference import manual
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import Linear, Module, MSELoss, ReLU, Tanh

widths = st.integers(1, 4)


def gradients(layer: Module, G: Array) -> tuple[Array, Array]:
    layer.backward_parameters(G)
    return layer.gradient.copy(), layer.backward_input(G)


@given(rng=..., d_in=widths, d_out=widths, samples=widths)
def test_a_linear_layer_treats_each_row_as_pen_and_paper_treats_a_sample(
    rng: np.random.Generator, d_in: int, d_out: int, samples: int
) -> None:
    layer = Linear(d_in, d_out, rng)
    X, G = rng.standard_normal((samples, d_in)), rng.standard_normal((samples, d_out))
    W, b = layer.weight.tolist(), layer.bias.tolist()
    by_hand = [manual.linear_forward(W, x, b) for x in X.tolist()]
    np.testing.assert_allclose(layer(X), by_hand, rtol=1e-13, atol=1e-14)

    outer = [
        manual.linear_backward_weight(g, x)
        for g, x in zip(G.tolist(), X.tolist(), strict=True)
    ]
    back = [manual.linear_backward_input(W, g) for g in G.tolist()]
    _, dL_dx = gradients(layer, G)
    np.testing.assert_allclose(
        layer.weight_gradient, np.sum(outer, 0), rtol=1e-13, atol=1e-14
    )
    np.testing.assert_allclose(layer.bias_gradient, G.sum(0), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(dL_dx, back, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    "make", [lambda rng: Linear(3, 3, rng), lambda _: Tanh(), lambda _: ReLU()]
)
@given(rng=..., alpha=st.floats(-10, 10), beta=st.floats(-10, 10))
def test_backward_is_linear_in_the_upstream_gradient(
    make: Callable[[np.random.Generator], Module],
    rng: np.random.Generator,
    alpha: float,
    beta: float,
) -> None:
    layer = make(rng)
    layer(rng.standard_normal((4, 3)))
    G, H = rng.standard_normal((2, 4, 3))
    mixed = gradients(layer, alpha * G + beta * H)
    for together, one, other in zip(
        mixed, gradients(layer, G), gradients(layer, H), strict=True
    ):
        np.testing.assert_allclose(
            together, alpha * one + beta * other, rtol=1e-12, atol=1e-12
        )


def test_tanh_has_the_slope_1_over_cosh_squared() -> None:
    layer, A = Tanh(), np.linspace(-4, 4, 15).reshape(5, 3)
    np.testing.assert_allclose(layer(A), np.tanh(A), rtol=1e-14)
    slope = layer.backward_input(np.full((5, 3), 3.0))
    np.testing.assert_allclose(slope, 3 / np.cosh(A) ** 2, rtol=1e-12)


def test_relu_has_the_slope_1_above_0_and_0_elsewhere() -> None:
    layer = ReLU()
    np.testing.assert_array_equal(
        layer(np.array([[-2.0, 0.0, 3.0]])), [[0.0, 0.0, 3.0]]
    )
    np.testing.assert_array_equal(
        layer.backward_input(np.full((1, 3), 5.0)), [[0.0, 0.0, 5.0]]
    )


@pytest.mark.parametrize(
    "layer", [Linear(3, 3, np.random.default_rng(0)), Tanh(), ReLU()]
)
def test_forward_and_backward_leave_what_they_are_given(layer: Module) -> None:
    X, G = np.random.default_rng(1).standard_normal((2, 4, 3))
    before = X.copy(), G.copy()
    layer(X)
    gradients(layer, G)
    np.testing.assert_array_equal((X, G), before)


def test_backward_overwrites_the_gradient_of_the_step_before() -> None:
    rng = np.random.default_rng(0)
    layer = Linear(3, 2, rng)
    layer(rng.standard_normal((4, 3)))
    G = rng.standard_normal((4, 2))
    once, _ = gradients(layer, G)
    twice, _ = gradients(layer, G)
    np.testing.assert_array_equal(once, twice)
    assert np.abs(once).min() > 0


def test_parameters_start_uniform_within_1_over_the_root_of_the_inputs() -> None:
    layer = Linear(25, 400, np.random.default_rng(0))
    for drawn in (layer.weight, layer.bias):
        assert np.abs(drawn).max() <= 0.2
        assert drawn.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.1)
        assert drawn.mean() == pytest.approx(0, abs=0.02)
    assert not layer.gradient.any()


def test_a_float32_layer_starts_from_the_rounded_draws_of_its_float64_twin() -> None:
    wide, narrow = (
        Linear(3, 2, np.random.default_rng(0), dtype) for dtype in ("f8", "f4")
    )
    np.testing.assert_array_equal(narrow.parameters, wide.parameters.astype(np.float32))
    assert wide.parameters.dtype == np.float64
    assert narrow.parameters.dtype == narrow.gradient.dtype == np.float32


@pytest.mark.parametrize(
    "make", [lambda: Linear(3, 3, np.random.default_rng(0), "f4"), Tanh, ReLU]
)
def test_a_layer_keeps_the_type_of_its_batch(make: Callable[[], Module]) -> None:
    layer, X = make(), np.ones((2, 3), np.float32)
    assert layer(X).dtype == np.float32
    assert layer.backward_input(X).dtype == np.float32


@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy, lambda layer: layer])
@pytest.mark.parametrize("pickled", [False, True])
def test_weight_and_bias_are_views_of_the_flat_parameters(
    twin_of: Callable[[Linear], Linear], pickled: bool
) -> None:
    layer = twin_of(Linear(3, 2, np.random.default_rng(0)))
    if pickled:
        layer = pickle.loads(pickle.dumps(layer))  # noqa: S301 - our own bytes
    for flat, matrix, vector in (
        (layer.parameters, layer.weight, layer.bias),
        (layer.gradient, layer.weight_gradient, layer.bias_gradient),
    ):
        assert np.shares_memory(flat, matrix)
        flat[:] = np.arange(8)
        np.testing.assert_array_equal(matrix, [[0, 1, 2], [3, 4, 5]])
        np.testing.assert_array_equal(vector, [6, 7])


@pytest.mark.parametrize(("d_in", "d_out"), [(0, 2), (3, 0), (-1, 2)])
def test_a_linear_layer_needs_a_feature_on_either_side(d_in: int, d_out: int) -> None:
    with pytest.raises(
        ValueError, match=rf"Linear\({d_in}, {d_out}\): both must be at least 1"
    ):
        Linear(d_in, d_out, np.random.default_rng(0))


def test_a_linear_layer_refuses_a_batch_that_does_not_fit() -> None:
    layer = Linear(3, 2, np.random.default_rng(0))
    with pytest.raises(
        ValueError, match=r"shape \(4, 2\), expected \(N, 3\) with N ≥ 1"
    ):
        layer(np.ones((4, 2)))
    with pytest.raises(TypeError, match="the batch is float32, expected float64"):
        layer(np.ones((4, 3), np.float32))


def test_a_module_without_steps_of_its_own_computes_nothing() -> None:
    with pytest.raises(NotImplementedError):
        Module()(np.ones((1, 1)))
    with pytest.raises(NotImplementedError):
        Module().backward_input(np.ones((1, 1)))


def test_the_loss_is_the_mean_over_samples_and_outputs() -> None:
    loss = MSELoss()
    Y, T = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [5.0, 1.0]])
    assert loss(Y, T) == pytest.approx((1 + 0 + 4 + 9) / 4, rel=1e-15)
    np.testing.assert_allclose(loss.backward(), [[0.5, 0.0], [-1.0, 1.5]], rtol=1e-15)


def test_the_loss_of_float32_is_a_float_with_a_float32_gradient() -> None:
    loss, ones = MSELoss(), np.ones((2, 1), np.float32)
    assert type(loss(ones, 3 * ones)) is float
    assert loss.backward().dtype == np.float32


@pytest.mark.parametrize(
    ("y", "t", "shapes"),
    [
        (np.ones((3, 1)), np.ones(3), r"\(3, 1\) and t \(3,\)"),
        (np.ones((3, 1)), np.ones((3, 2)), r"\(3, 1\) and t \(3, 2\)"),
        (np.ones((0, 1)), np.ones((0, 1)), r"\(0, 1\) and t \(0, 1\)"),
    ],
)
def test_the_loss_never_broadcasts_and_never_is_of_nothing(
    y: Array, t: Array, shapes: str
) -> None:
    with pytest.raises(
        ValueError, match=f"y has shape {shapes}, expected the same, not empty"
    ):
        MSELoss()(y, t)


def test_a_loss_that_has_seen_nothing_has_no_gradient() -> None:
    with pytest.raises(ValueError, match="expected a call of forward before"):
        MSELoss().backward()


def test_parameters_of_whole_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match="int64, expected float32 or float64"):
        Linear(2, 1, np.random.default_rng(0), dtype=np.int64)


@pytest.mark.parametrize(
    ("y", "t"), [(np.float64, np.float32), (np.int64, np.int64)], ids=["mixed", "whole"]
)
def test_a_loss_takes_floats_of_one_type(
    y: type[np.generic], t: type[np.generic]
) -> None:
    with pytest.raises(TypeError, match="expected floats of the same type"):
        MSELoss()(np.zeros((2, 1), y), np.zeros((2, 1), t))


def test_a_list_is_no_batch() -> None:
    with pytest.raises(TypeError, match="the batch is a list, expected an array"):
        Linear(2, 1, np.random.default_rng(0))([[1.0, 2.0]])  # type: ignore[arg-type]


def test_calling_a_loss_reaches_the_forward_of_a_subclass() -> None:
    class Doubled(MSELoss):
        def forward(self, y: Array, t: Array) -> float:
            return 2 * super().forward(y, t)

    y, t = np.array([[3.0]]), np.array([[1.0]])
    assert Doubled()(y, t) == 2 * MSELoss()(y, t) == 8.0
