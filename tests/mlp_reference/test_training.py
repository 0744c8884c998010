import sys
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference.arrays import Array
from mlp_reference.datasets import digits, sine, split, three_arms
from mlp_reference.initialisation import initialise
from mlp_reference.numpy_mlp import MLP, CrossEntropyLoss, MSELoss, ReLU
from mlp_reference.optimizers import SGD, Adam
from mlp_reference.training import History, accuracy, evaluate, fit
from tests.mlp_reference.helpers import gradient_of


class StandStill:
    """An optimizer that leaves the network as it is and keeps the gradients it was shown."""

    def __init__(self, network: MLP) -> None:
        self.network = network
        self.seen: list[Array] = []

    def step(self) -> None:
        self.seen.append(self.network.gradient.copy())


def small_task(samples: int = 10) -> tuple[MLP, Array, Array]:
    rng = np.random.default_rng(0)
    X, T = sine(rng, samples)
    return MLP((1, 4, 1), rng), X, T


def run(network: MLP, X: Array, T: Array, **changes: Any) -> History:
    settings: dict[str, Any] = {
        "optimizer": SGD(network, lr=0.1),
        "epochs": 3,
        "batch_size": 4,
        "rng": np.random.default_rng(1),
    }
    return fit(network, X=X, T=T, **(settings | changes))


def test_the_sine_is_learnt_down_to_its_noise() -> None:
    rng = np.random.default_rng(0)
    X, T = sine(rng, 200)
    settings = {"epochs": 300, "batch_size": 20, "validation": sine(rng, 200)}
    history = run(MLP((1, 32, 1), rng), X, T, rng=rng, **settings)
    assert len(history.train_loss) == len(history.validation_loss) == 300
    # The noise alone has a mean square of 0.01.
    assert 0.008 < history.validation_loss[-1] < 0.02
    assert history.validation_loss[-1] < history.validation_loss[0] / 5


def test_four_points_can_be_learnt_by_heart() -> None:
    X = np.array([[-1.0], [-0.3], [0.2], [0.9]])
    T = np.array([[0.5], [-1.0], [1.0], [-0.5]])
    network = MLP((1, 32, 1), np.random.default_rng(0))
    run(network, X, T, optimizer=Adam(network, lr=0.01), epochs=1000)
    assert evaluate(network, X, T) < 1e-4


def test_the_seed_decides_the_history_and_the_network() -> None:
    results = []
    for seed in (1, 1, 2):
        network, X, T = small_task()
        rng = np.random.default_rng(seed)
        history = run(network, X, T, rng=rng, validation=(X, T))
        results.append((asdict(history), network.parameters.tolist()))
    assert results[0] == results[1]
    assert results[0] != results[2]


@pytest.mark.parametrize(
    "make",
    [lambda n: SGD(n, 0.1), lambda n: SGD(n, 0.1, 0.9), lambda n: Adam(n, 0.01)],
    ids=["SGD", "momentum", "Adam"],
)
def test_three_epochs_and_four_more_are_seven(make: Any) -> None:
    results = []
    for parts in ([7], [3, 4]):
        network, X, T = small_task()
        optimizer, rng = make(network), np.random.default_rng(1)
        histories = [
            run(network, X, T, optimizer=optimizer, rng=rng, epochs=n) for n in parts
        ]
        losses = [loss for history in histories for loss in history.train_loss]
        results.append((losses, network.parameters.tolist()))
    assert len(results[0][0]) == 7
    assert results[0] == results[1]


@given(batch_size=st.integers(1, 10))
def test_the_training_loss_is_the_mean_over_the_samples_of_the_epoch(
    batch_size: int,
) -> None:
    network, X, T = small_task(10)
    history = run(network, X, T, optimizer=StandStill(network), batch_size=batch_size)
    assert history.train_loss == pytest.approx([evaluate(network, X, T)] * 3, rel=1e-14)


def test_the_training_loss_is_measured_before_the_step_and_validation_after_it() -> (
    None
):
    network, X, T = small_task()
    before = evaluate(network, X, T)
    history = run(network, X, T, epochs=1, batch_size=10, validation=(X, T))
    after = evaluate(network, X, T)
    assert history.train_loss == pytest.approx([before], rel=1e-14)
    assert history.validation_loss == pytest.approx([after], rel=1e-14)
    assert after < before


def test_the_optimizer_steps_once_a_batch_with_the_gradient_of_that_batch() -> None:
    network, X, T = small_task(10)
    optimizer = StandStill(network)
    run(network, X, T, optimizer=optimizer, epochs=2, batch_size=4)
    assert len(optimizer.seen) == 2 * 3
    mean = np.average(optimizer.seen[:3], axis=0, weights=[4, 4, 2])
    np.testing.assert_allclose(mean, gradient_of(network, X, T), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "optimizer", [lambda n: SGD(n, 0.05, 0.5), lambda n: Adam(n, 0.01)]
)
def test_both_float_types_train_and_stay_what_they_are(
    optimizer: Any, dtype: type[Any]
) -> None:
    rng = np.random.default_rng(0)
    X, T = (values.astype(dtype) for values in sine(rng, 40))
    network = MLP((1, 8, 1), rng, ReLU, dtype)
    before = evaluate(network, X, T)
    settings = {"optimizer": optimizer(network), "validation": (X, T)}
    history = run(network, X, T, epochs=20, **settings)
    assert history.validation_loss[-1] < before / 2
    assert network.parameters.dtype == network.gradient.dtype == dtype
    losses = history.train_loss + history.validation_loss
    assert {type(loss) for loss in losses} == {float}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_divergence_is_a_result_that_the_history_shows(
    momentum: float, dtype: type[Any]
) -> None:
    X, T = (values.astype(dtype) for values in sine(np.random.default_rng(0), 20))
    network = MLP((1, 8, 1), np.random.default_rng(0), ReLU, dtype)
    settings = {"optimizer": SGD(network, 100.0, momentum), "validation": (X, T)}
    history = run(network, X, T, epochs=200, **settings)
    assert len(history.train_loss) == 200
    assert np.isfinite(history.train_loss[0])
    assert not np.isfinite(history.train_loss[-1])
    assert not np.isfinite(history.validation_loss[-1])


SINGLE, WHOLE = np.ones((10, 1), np.float32), np.ones((10, 1), np.int64)
TEN, FOUR = np.ones((10, 1)), np.ones((4, 1))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs is 0, expected at least 1"),
        ({"batch_size": 0}, ValueError, "batch_size is 0, expected 1 to 10, the num"),
        ({"batch_size": 11}, ValueError, "batch_size is 11, expected 1 to 10"),
        ({"X": TEN * np.nan}, ValueError, "X holds NaN or infinity"),
        ({"X": np.ones((10, 2))}, ValueError, r"shape \(4, 2\), expected \(N, 1\)"),
        ({"X": TEN[:9]}, ValueError, "X has 9 rows and T has 10"),
        ({"X": WHOLE}, TypeError, "X is int64, expected an array of float32"),
        ({"X": SINGLE, "T": SINGLE}, TypeError, "the batch is float32, expected float64"),
        ({"T": np.ones((10, 2))}, ValueError, r"y has shape \(4, 1\) and t \(4, 2\)"),
        ({"T": np.ones(10)}, ValueError, r"T has shape \(10,\), expected two axes"),
        ({"T": SINGLE}, TypeError, "X is float64 and T is float32"),
        ({"validation": (TEN[:0], TEN[:0])}, ValueError, r"X has shape \(0, 1\)"),
        ({"validation": (TEN[:2], TEN[:3])}, ValueError,
         "validation X has 2 rows and validation T has 3, expected one target a sample"),
        ({"validation": (TEN, SINGLE)}, TypeError,
         "validation X is float64 and validation T is float32, expected the same type"),
        ({"validation": (np.ones((4, 2)), FOUR)}, ValueError,
         "validation X has 2 columns of float64, expected 1 columns of float64, as in"),
        ({"validation": (SINGLE, SINGLE)}, ValueError,
         "validation X has 1 columns of float32, expected 1 columns of float64, as in"),
        ({"optimizer": StandStill(small_task()[0])}, ValueError,
         "the optimizer was made for another network"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_refused_before_the_first_step(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    network, X, T = small_task(10)
    before = network.parameters.copy()
    with pytest.raises(error, match=message):
        run(network, **{"X": X, "T": T, **changes})
    np.testing.assert_array_equal(network.parameters, before)


def test_progress_is_shown_on_stderr_where_asked_for_and_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    silent = run(*small_task())
    assert silent.validation_loss == []
    assert capsys.readouterr() == ("", "")
    assert run(*small_task(), progress=True) == silent
    out, err = capsys.readouterr()
    assert out == ""
    assert "epochs" in err
    assert "3/3" in err


def test_without_tqdm_only_the_progress_bar_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    run(*small_task())
    message = r"progress=True needs tqdm: pip install 'mlp_reference\["
    with pytest.raises(ImportError, match=message):
        run(*small_task(), progress=True)


def test_evaluating_leaves_the_network_as_it_is_and_wants_data_that_fits() -> None:
    network, X, T = small_task()
    before = network.parameters.copy()
    assert evaluate(network, X, T) == pytest.approx(MSELoss()(network(X), T), rel=1e-14)
    np.testing.assert_array_equal(network.parameters, before)
    assert not network.gradient.any()
    with pytest.raises(ValueError, match="X holds NaN"):
        evaluate(network, X * np.nan, T)


def classes_task(samples: int = 90) -> tuple[MLP, Array, Array]:
    rng = np.random.default_rng(0)
    X, t = three_arms(rng, samples)
    return MLP((2, 16, 3), rng), X, t


def test_classes_are_learnt_with_cross_entropy() -> None:
    network, X, t = classes_task(300)
    fresh = three_arms(np.random.default_rng(9), 300)
    settings = {"loss": CrossEntropyLoss(), "validation": fresh, "batch_size": 30}
    history = run(network, X, t, optimizer=Adam(network, 0.03), epochs=60, **settings)
    assert len(history.validation_accuracy) == len(history.validation_loss) == 60
    assert history.validation_accuracy[-1] == accuracy(network, *fresh) > 0.95
    evaluated = evaluate(network, *fresh, CrossEntropyLoss())
    assert history.validation_loss[-1] == pytest.approx(evaluated, rel=1e-14)
    assert run(*small_task(), validation=small_task()[1:]).validation_accuracy == []


def read_after_training(seed: int) -> float:
    """Return the accuracy on 360 digits of a network that learnt from the others."""
    rng = np.random.default_rng(seed)
    (X, t), held_out = split(*digits(), 360, rng)
    network = MLP((64, 64, 10), rng, ReLU)
    initialise(network, "he", rng)
    settings: dict[str, Any] = {
        "epochs": 1,
        "batch_size": 32,
        "loss": CrossEntropyLoss(),
    }
    for lr, epochs in ((0.1, 20), (0.01, 10)):
        optimizer = SGD(network, lr, momentum=0.9)
        for _ in range(epochs):  # with other noise on the pixels each time
            blurred = X + 0.25 * rng.standard_normal(X.shape)
            fit(network, optimizer, blurred, t, rng=rng, **settings)
    return accuracy(network, *held_out)


def test_ten_networks_each_read_at_least_97_percent_of_digits_they_have_not_seen() -> (
    None
):
    shares = [read_after_training(seed) for seed in range(10)]
    assert min(shares) >= 0.97
    assert np.median(shares) >= 0.98


def test_the_gradient_that_is_stepped_along_is_that_of_the_loss_which_was_given() -> (
    None
):
    network, X, t = classes_task()
    optimizer = StandStill(network)
    settings: dict[str, Any] = {"epochs": 1, "batch_size": 90, "validation": (X, t)}
    run(network, X, t, optimizer=optimizer, loss=CrossEntropyLoss(), **settings)
    expected = gradient_of(network, X, t, CrossEntropyLoss())
    np.testing.assert_allclose(optimizer.seen, [expected], rtol=1e-10, atol=1e-15)


def test_accuracy_is_the_share_of_samples_whose_largest_logit_is_right() -> None:
    network = MLP((1, 3), np.random.default_rng(0))
    network.parameters[:] = [1, 0, -1, 0, 0.1, 0]  # logits x, 0.1, −x
    X = np.array([[1.0], [2.0], [0.0], [-3.0]])
    assert accuracy(network, X, np.array([0, 2, 1, 2])) == 0.75
    assert accuracy(network, X, np.array([0, 0, 1, 2])) == 1.0
    with pytest.raises(ValueError, match=r"t\[3\] is 3, expected a class number from"):
        accuracy(network, X, np.array([0, 0, 1, 3]))
    with pytest.raises(ValueError, match=r"t has shape \(4, 1\), expected \(4,\)"):
        accuracy(network, X, np.ones((4, 1)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": None}, r"y has shape \(4, 3\) and t \(4,\)"),
        ({"T": np.ones((90, 3))}, r"t has shape \(4, 3\), .* t.argmax"),
        ({"T": np.full(90, 3)}, r"t\[0\] is 3, expected a class number from 0 to 2"),
        ({"validation": (np.ones((3, 2)), np.ones((3, 1)))},
         "validation T has 1 columns of float64, expected class numbers, as in training"),
    ],
)  # fmt: skip
def test_targets_that_do_not_fit_the_loss_are_refused_before_the_first_step(
    changes: dict[str, Any], message: str
) -> None:
    network, X, t = classes_task()
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=message):
        run(network, **{"X": X, "T": t, "loss": CrossEntropyLoss(), **changes})
    np.testing.assert_array_equal(network.parameters, before)
