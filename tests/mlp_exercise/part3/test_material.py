"""The data of trials, and what is computed of them without PyTorch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.regression import LINES, NETWORKS, OPTIMIZERS, errors
from mlp_exercise.handout.source import load
from mlp_exercise.part3.fit import DATA, LEARNING_RATE, loop_network, replay
from mlp_exercise.part3.material import FRESH, THRESHOLD, TRAINING, VALIDATION
from mlp_exercise.part3.validation import agree
from tests.mlp_exercise.part3.solutions import NOTEBOOK, executed

BATCH = np.hstack(DATA).astype(float)

mean_errors = st.floats(1e-3, 10)
last_digits = st.floats(-1e-6, 1e-6)


def test_marking_has_the_data_and_the_threshold_of_the_notebook() -> None:
    namespace = executed()
    for name, array in zip(
        ("X", "T", "X_val", "T_val"), (*TRAINING, *VALIDATION), strict=True
    ):
        assert np.array_equal(namespace[name].numpy(), array)
        assert array.dtype == np.float32
    texts = [cell.text for cell in load(NOTEBOOK.name).cells if not cell.is_code]
    assert sum(f"below `{THRESHOLD:g}`**" in text for text in texts) == 1


def test_the_sine_is_far_below_the_threshold_and_the_best_line_far_above() -> None:
    for X, T in (TRAINING, VALIDATION, FRESH):
        assert np.mean((np.sin(np.pi * X) - T) ** 2) < THRESHOLD / 2
        line = np.polynomial.Polynomial.fit(X[:, 0], T[:, 0], deg=1)
        assert np.mean((line(X) - T) ** 2) > 5 * THRESHOLD


def test_honest_settings_get_below_the_threshold_and_lines_do_not() -> None:
    adam = OPTIMIZERS["Adam 0.01"]
    honest = errors(NETWORKS["tanh 32"], adam, epochs=(100,), seeds=10)[100]
    lines = errors(LINES["two linear layers, 32"], adam, epochs=(100,), seeds=10)[100]
    assert (honest < THRESHOLD).all()
    assert (lines > 5 * THRESHOLD).all()


def test_gradients_of_the_trial_are_too_small_to_be_clipped() -> None:
    start = loop_network().parameters
    steps = [replay([[row[np.newaxis]]])[0] - start for row in BATCH]
    assert max(map(np.linalg.norm, steps)) < LEARNING_RATE


@given(mean_errors, last_digits, st.integers(3, 8))
def test_a_number_may_be_rounded_and_have_other_last_digits(
    error: float, last: float, decimals: int
) -> None:
    assert agree(round(error * (1 + last), decimals), error)


@given(st.integers(1, 30), last_digits)
def test_a_number_between_two_that_are_rounded_is_either(
    thousandths: int, last: float
) -> None:
    between = (thousandths + 0.5) / 1000
    assert agree(round(between * (1 + last), 3), between)
    assert agree(round(between, 3), between * (1 + last))


@given(mean_errors, st.floats(0.002, 1))
def test_another_number_is_another(error: float, off: float) -> None:
    assert not agree(error * (1 + off) + 6e-4, error)
    assert not agree(error, error * (1 + off) + 6e-4)


def test_no_number_is_no_number() -> None:
    assert agree(float("nan"), float("inf"))
    assert not agree(float("nan"), 0.01)
