"""The fast network: what its layers compute, where its numbers live, and what it refuses."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlp_reference import manual, plain_mlp
from mlp_reference.arrays import Array
from mlp_reference.gradient_check import (
    complex_step,
    loss_of_parameters,
    relative_error,
)
from mlp_reference.numpy_mlp import (
    MLP,
    Linear,
    Module,
    MSELoss,
    ReLU,
    Sequential,
    Tanh,
    from_worked_example,
)
from mlp_reference.worked_example import EXERCISE
from tests.mlp_reference.helpers import batch_for, gradient_of, in_one_vector

Twin = Callable[[Any], Any]
widths = st.integers(1, 4)
either_type = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def seeded(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def pickled(twin: Any) -> Any:
    return pickle.loads(pickle.dumps(twin))  # noqa: S301 - our own bytes


def refuse(_: Any) -> Any:
    raise AssertionError("nobody needs the gradient of this input")


@given(rng=..., d_in=widths, d_out=widths, samples=widths)
def test_a_linear_layer_treats_each_row_as_pen_and_paper_treats_a_sample(
    rng: np.random.Generator, d_in: int, d_out: int, samples: int
) -> None:
    layer = Linear(d_in, d_out, rng)
    X, G = rng.standard_normal((samples, d_in)), rng.standard_normal((samples, d_out))
    W, b = layer.weight.tolist(), layer.bias.tolist()
    outer = [
        manual.linear_backward_weight(g, x)
        for g, x in zip(G.tolist(), X.tolist(), strict=True)
    ]
    a = layer(X)
    layer.backward_parameters(G)
    for ours, by_hand in (
        (a, [manual.linear_forward(W, x, b) for x in X.tolist()]),
        (layer.weight_gradient, np.sum(outer, 0)),
        (layer.bias_gradient, G.sum(0)),
        (
            layer.backward_input(G),
            [manual.linear_backward_input(W, g) for g in G.tolist()],
        ),
    ):
        np.testing.assert_allclose(ours, by_hand, rtol=1e-13, atol=1e-14)


def test_tanh_has_the_slope_1_over_cosh_squared() -> None:
    layer, A = Tanh(), np.linspace(-4, 4, 15).reshape(5, 3)
    np.testing.assert_allclose(layer(A), np.tanh(A), rtol=1e-14)
    slope = layer.backward_input(np.full((5, 3), 3.0))
    np.testing.assert_allclose(slope, 3 / np.cosh(A) ** 2, rtol=1e-12)


def test_relu_has_the_slope_1_above_0_and_0_elsewhere() -> None:
    layer = ReLU()
    np.testing.assert_array_equal(layer(np.array([[-2.0, 0.0, 3.0]])), [[0, 0, 3]])
    slope = layer.backward_input(np.full((1, 3), 5.0))
    np.testing.assert_array_equal(slope, [[0, 0, 5]])


@pytest.mark.parametrize("make", [lambda: Linear(3, 3, seeded()), Tanh, ReLU])
def test_a_layer_leaves_what_it_is_given(make: Callable[[], Module]) -> None:
    layer, (X, G) = make(), seeded(1).standard_normal((2, 4, 3))
    before = X.copy(), G.copy()
    layer(X)
    layer.backward_parameters(G)
    layer.backward_input(G)
    np.testing.assert_array_equal((X, G), before)


@pytest.mark.parametrize("kind", [Linear, plain_mlp.Linear])
def test_parameters_start_uniform_within_1_over_the_root_of_the_inputs(
    kind: type[Linear] | type[plain_mlp.Linear],
) -> None:
    layer = kind(25, 400, seeded())
    for drawn in (layer.weight, layer.bias):
        assert np.abs(drawn).max() <= 0.2
        assert drawn.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.1)
        assert drawn.mean() == pytest.approx(0, abs=0.02)
    assert not layer.weight_gradient.any()
    assert not layer.bias_gradient.any()


def test_a_float32_layer_starts_from_the_rounded_draws_of_its_float64_twin() -> None:
    wide, narrow = (Linear(3, 2, seeded(), dtype) for dtype in ("f8", "f4"))
    np.testing.assert_array_equal(narrow.parameters, wide.parameters.astype(np.float32))
    assert wide.parameters.dtype == np.float64
    assert narrow.parameters.dtype == narrow.gradient.dtype == np.float32


def test_a_module_without_steps_of_its_own_computes_nothing() -> None:
    with pytest.raises(NotImplementedError):
        Module()(np.ones((1, 1)))
    with pytest.raises(NotImplementedError):
        Module().backward_input(np.ones((1, 1)))


@given(network=..., rng=..., samples=st.integers(1, 5))
def test_the_gradient_of_any_network_is_that_of_the_complex_step(
    network: MLP, rng: np.random.Generator, samples: int
) -> None:
    X, T = batch_for(network, rng, samples)
    before, a = X.copy(), X
    gradient = gradient_of(network, X, T)
    for layer in network.layers:
        # At the kink of a ReLU there is no slope to compare.
        assume(not isinstance(layer, ReLU) or np.abs(a).min() > 1e-6)
        a = layer(a)
    np.testing.assert_allclose(network(X), a, rtol=1e-13, atol=1e-14)
    np.testing.assert_array_equal(X, before)
    reference = complex_step(loss_of_parameters(network, X, T), network.parameters)
    assert relative_error(gradient, reference) < 1e-14


def test_backward_overwrites_the_gradient_of_the_step_before() -> None:
    network = MLP((2, 3, 1), seeded())
    X, T = batch_for(network, seeded(1), 4)
    once = gradient_of(network, X, T)
    network.gradient[:] = np.nan
    np.testing.assert_array_equal(gradient_of(network, X, T), once)


@pytest.mark.parametrize("leading", [(), (Tanh(),), (ReLU(), Tanh())])
def test_backward_never_computes_the_gradient_of_the_input(
    leading: tuple[Module, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = seeded()
    network = Sequential(*leading, Linear(2, 3, rng), Tanh(), Linear(3, 1, rng))
    X, T = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    expected = complex_step(loss_of_parameters(network, X, T), network.parameters)
    for layer in network.layers[: len(leading) + 1]:
        monkeypatch.setattr(layer, "backward_input", refuse)
    assert relative_error(gradient_of(network, X, T), expected) < 1e-14


@pytest.mark.parametrize("activation", [Tanh, ReLU])
def test_an_mlp_draws_its_layers_one_after_the_other(activation: type[Module]) -> None:
    network, rng = MLP((2, 3, 4, 1), seeded(), activation), seeded()
    drawn = [Linear(*sizes, rng).parameters for sizes in ((2, 3), (3, 4), (4, 1))]
    np.testing.assert_array_equal(network.parameters, np.concatenate(drawn))
    kinds = [type(layer) for layer in network.layers]
    assert kinds == [Linear, activation, Linear, activation, Linear]
    assert (network.sizes, network.activation) == ((2, 3, 4, 1), activation)
    assert MLP((2, 3, 1), rng).activation is Tanh


@pytest.mark.parametrize(
    "twin_of", [lambda n: n, copy.deepcopy, pickled, lambda n: n.astype("f4")]
)
def test_the_layers_hold_views_of_the_network_and_of_no_other(twin_of: Twin) -> None:
    original = MLP((3, 2, 1), seeded())
    values = original.parameters.copy()
    network = twin_of(original)
    parameters = network.parameters
    np.testing.assert_array_equal(parameters, values.astype(parameters.dtype))
    first, _, last = network.layers
    for flat, names in (
        (parameters, ("weight", "bias")),
        (network.gradient, ("weight_gradient", "bias_gradient")),
    ):
        views = [getattr(layer, name) for layer in (first, last) for name in names]
        assert all(np.shares_memory(view, flat) for view in views)
        flat[:] = np.arange(11)
        np.testing.assert_array_equal(in_one_vector(*views), flat)
        assert [view.shape for view in views] == [(2, 3), (2,), (1, 2), (1,)]
    for layer in (first, last):
        np.testing.assert_array_equal(layer.weight_T, layer.weight.T)
        np.testing.assert_array_equal(layer.bias_T, [layer.bias])
    assert type(network) is MLP
    if network is not original:
        np.testing.assert_array_equal(original.parameters, values)
        assert not original.gradient.any()


@pytest.mark.parametrize("twin_of", [copy.deepcopy, pickled, lambda n: n.astype("f8")])
def test_a_copy_learns_by_itself(twin_of: Twin) -> None:
    network = MLP((2, 3, 1), seeded())
    X, T = batch_for(network, seeded(1), 4)
    expected = gradient_of(network, X, T)
    twin = twin_of(network)
    network.gradient[:] = 0
    assert relative_error(gradient_of(twin, X, T), expected) < 1e-14
    assert not network.gradient.any()


def test_layers_keep_their_values_when_they_move_into_a_network() -> None:
    rng = seeded()
    below, above = Linear(2, 3, rng), Linear(3, 1, rng)
    values = np.concatenate([below.parameters, above.parameters])
    network = Sequential(below, Tanh(), above)
    np.testing.assert_array_equal(network.parameters, values)
    assert network.layers[0] is below
    assert np.shares_memory(below.weight, network.parameters)


@either_type
@pytest.mark.parametrize("activation", [Tanh, ReLU])
def test_a_network_keeps_its_type_forward_and_backward(
    activation: type[Module], dtype: type[Any]
) -> None:
    network = MLP((2, 3, 1), seeded(), activation, dtype)
    X, T = np.ones((4, 2), dtype), np.ones((4, 1), dtype)
    assert network(X).dtype == network.parameters.dtype == dtype
    assert gradient_of(network, X, T).dtype == dtype
    assert network.layers[0].backward_input(np.ones((4, 3), dtype)).dtype == dtype


def test_a_network_of_another_type_starts_without_a_gradient() -> None:
    network = MLP((2, 3, 1), seeded())
    gradient_of(network, *batch_for(network, seeded(1), 4))
    twin = network.astype(np.float32)
    assert twin.parameters.dtype == twin.gradient.dtype == np.float32
    assert not twin.gradient.any()
    assert network.gradient.any()


@either_type
def test_the_network_of_the_exercise_holds_copies_of_its_parameters(
    dtype: type[Any],
) -> None:
    network = from_worked_example(EXERCISE, dtype)
    assert [type(layer) for layer in network.layers] == [Linear, Tanh, Linear]
    assert network.sizes == (3, 2, 1)
    given = in_one_vector(EXERCISE.W1, EXERCISE.b1, EXERCISE.W2, EXERCISE.b2)
    assert network.parameters.dtype == dtype
    np.testing.assert_array_equal(network.parameters, given.astype(dtype))
    network.parameters[:] = 0
    assert EXERCISE.W1[0][0] == 0.1


@pytest.mark.parametrize("leading", [(), (Tanh(),)])
@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        (np.ones((4, 3)), ValueError, r"shape \(4, 3\), expected \(N, 2\) with N ≥ 1"),
        (np.ones(2), ValueError, r"shape \(2,\), expected \(N, 2\) with N ≥ 1"),
        (np.ones((1, 3, 2)), ValueError, r"shape \(1, 3, 2\), expected \(N, 2\) with"),
        (np.ones((0, 2)), ValueError, r"shape \(0, 2\), expected \(N, 2\) with N ≥ 1"),
        (np.ones((4, 2), "f4"), TypeError, "the batch is float32, expected float64"),
        (np.ones((4, 2), int), TypeError, "the batch is int64, expected float64"),
        ([[1.0, 2.0]], TypeError, "the batch is a list, expected an array"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(
    batch: Any, error: type[Exception], message: str, leading: tuple[Module, ...]
) -> None:
    rng = seeded()
    linear = Linear(2, 3, rng)
    network = Sequential(*leading, linear, Tanh(), Linear(3, 1, rng))
    for called in (network, linear):
        with pytest.raises(error, match=message):
            called(batch)


TWICE = Tanh()


def linear(d_in: int, d_out: int, dtype: type[Any] = np.float64) -> Linear:
    return Linear(d_in, d_out, seeded(), dtype)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((), "none of the 0 layers has parameters, expected at least one"),
        ((Tanh(), ReLU()), "none of the 2 layers has parameters, expected at least"),
        (
            (linear(2, 2), TWICE, linear(2, 2), TWICE),
            "a layer stands twice in the network, expected a new object each time",
        ),
        (
            (linear(2, 3), Tanh(), linear(4, 1)),
            "a layer with 3 outputs is followed by one with 4 inputs, expected the same",
        ),
        (
            (Sequential(linear(2, 3)), Tanh(), linear(3, 1)),
            "a network stands among the layers, expected layers alone",
        ),
        (
            (linear(2, 3), Tanh(), linear(3, 1, np.float32)),
            r"the layers have types \['float32', 'float64'\], expected one",
        ),
        (
            MLP((2, 3, 1), seeded()).layers[:2],
            "a layer belongs to a network already, whose vector holds its parameters",
        ),
    ],
)
def test_layers_that_do_not_fit_are_refused(
    layers: tuple[Module, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Sequential(*layers)


def test_a_copy_of_a_layer_may_stand_in_a_second_network() -> None:
    network = MLP((2, 3, 1), seeded())
    features = Sequential(*copy.deepcopy(network.layers[:2]))
    network.parameters[:] = features.parameters[:] = 0
    for part in (network, features):
        part.parameters += 1
        assert (part.layers[0].parameters == 1).all()


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((), r"sizes is \(\), expected at least input and output"),
        ([3], r"sizes is \(3,\), expected at least input and output"),
        ((3, 0, 1), r"Linear\(3, 0\): both must be at least 1"),
        ((0, 3), r"Linear\(0, 3\): both must be at least 1"),
        ((-1, 3), r"Linear\(-1, 3\): both must be at least 1"),
    ],
)
def test_sizes_that_make_no_network_are_refused(sizes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MLP(sizes, seeded())


def test_parameters_of_whole_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match="int64, expected float32 or float64"):
        Linear(2, 1, seeded(), dtype=np.int64)


def test_backward_needs_a_forward_pass_and_the_shape_of_its_output() -> None:
    network = MLP((2, 3, 1), seeded())
    with pytest.raises(ValueError, match=r"\(4, 1\), but the last output has None"):
        network.backward(np.ones((4, 1)))
    network(np.ones((4, 2)))
    with pytest.raises(ValueError, match=r"\(3, 1\), but the last output has \(4, 1\)"):
        network.backward(np.ones((3, 1)))


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
    ("y", "t", "error", "message"),
    [
        (np.ones((3, 1)), np.ones(3), ValueError, r"y has shape \(3, 1\) and t \(3,\)"),
        (np.ones((3, 1)), np.ones((3, 2)), ValueError, r"\(3, 1\) and t \(3, 2\), exp"),
        (np.ones((0, 1)), np.ones((0, 1)), ValueError, "the same, not empty"),
        (np.ones(2), np.ones(2, "f4"), TypeError, "expected floats of the same type"),
        (np.ones(2, int), np.ones(2, int), TypeError, "y is int64 and t is int64"),
    ],
)
def test_the_loss_never_broadcasts_and_takes_floats_of_one_type(
    y: Array, t: Array, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        MSELoss()(y, t)


def test_a_loss_that_has_seen_nothing_has_no_gradient() -> None:
    with pytest.raises(ValueError, match="expected a call of forward before"):
        MSELoss().backward()


def test_calling_a_loss_reaches_the_forward_of_a_subclass() -> None:
    class Doubled(MSELoss):
        def forward(self, y: Array, t: Array) -> float:
            return 2 * super().forward(y, t)

    y, t = np.array([[3.0]]), np.array([[1.0]])
    assert Doubled()(y, t) == 2 * MSELoss()(y, t) == 8.0
