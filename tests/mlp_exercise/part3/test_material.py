from __future__ import annotations

import numpy as np

from benchmarks.regression import LINES, NETWORKS, OPTIMIZERS, errors
from mlp_exercise.handout.source import load
from mlp_exercise.part3 import material
from mlp_exercise.part3.fit import LEARNING_RATE, loop_data, loop_network, replay
from tests.mlp_exercise.part3.solutions import NAME, executed, sources


def test_marking_has_the_data_of_the_notebook() -> None:
    namespace = executed(sources())
    given = [
        array for data in (material.TRAINING, material.VALIDATION) for array in data
    ]
    for name, array in zip(("X", "T", "X_val", "T_val"), given, strict=True):
        assert np.array_equal(namespace[name].numpy(), array)
        assert array.dtype == np.float32


def test_the_text_names_the_threshold() -> None:
    texts = [cell.text for cell in load(NAME).cells if not cell.is_code]
    assert sum(f"below `{material.THRESHOLD:g}`**" in text for text in texts) == 1


def test_no_straight_line_gets_below_the_threshold() -> None:
    for data in (material.TRAINING, material.VALIDATION, material.FRESH):
        line = np.polynomial.Polynomial.fit(data.X[:, 0], data.T[:, 0], deg=1)
        best = np.mean((line(data.X) - data.T) ** 2)
        assert best > 5 * material.THRESHOLD


def test_the_sine_itself_is_far_below_the_threshold() -> None:
    for data in (material.TRAINING, material.VALIDATION, material.FRESH):
        noise = np.mean((np.sin(np.pi * data.X) - data.T) ** 2)
        assert noise < material.THRESHOLD / 2


def test_honest_settings_get_below_the_threshold_and_lines_do_not() -> None:
    adam = OPTIMIZERS["Adam 0.01"]
    honest = errors(NETWORKS["tanh 32"], adam, epochs=(100,), seeds=10)[100]
    lines = errors(LINES["two linear layers, 32"], adam, epochs=(100,), seeds=10)[100]
    assert (honest < material.THRESHOLD).all()
    assert (lines > 5 * material.THRESHOLD).all()


def test_the_replay_lowers_the_loss() -> None:
    batch = np.hstack(loop_data()).astype(float)
    run = replay([[batch]] * 50)
    assert run.losses.shape == (50, 1)
    assert run.after[-1] == replay([[batch]] * 51).losses[-1, 0]
    assert run.after[-1] < run.losses[0, 0] / 2


def test_gradients_of_the_trial_are_too_small_to_be_clipped() -> None:
    batch = np.hstack(loop_data()).astype(float)
    steps = [
        replay([[row[np.newaxis]]]).parameters - loop_network().parameters
        for row in batch
    ]
    assert max(map(np.linalg.norm, steps)) < LEARNING_RATE
