"""Every figure draws what it is given, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from mlp_reference import manual, plotting
from mlp_reference.worked_example import EXERCISE

mpl.use("svg")
SOLUTION = manual.solve(EXERCISE)


@pytest.fixture
def ax() -> Iterator[Axes]:
    with mpl.rc_context():
        plotting.use_style()
        figure, axes = plt.subplots()
        yield axes
        plt.close(figure)


def line(ax: Axes, label: str) -> np.ndarray:
    (found,) = (found for found in ax.lines if found.get_label() == label)
    return np.array(found.get_data(), dtype=float)


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own document
    return [
        "".join(element.itertext())
        for element in root.iter("{http://www.w3.org/2000/svg}text")
    ]


def test_the_graph_shows_every_value_and_every_gradient() -> None:
    found = texts(plotting.computational_graph(EXERCISE, SOLUTION))
    numbers = [
        *EXERCISE.x,
        *EXERCISE.b1,
        *EXERCISE.b2,
        *EXERCISE.W1[0],
        *EXERCISE.W1[1],
    ]
    numbers += [*EXERCISE.W2[0], *SOLUTION.a, *SOLUTION.z, *SOLUTION.y, SOLUTION.loss]
    gradients = [
        *SOLUTION.dL_dx,
        *SOLUTION.dL_db1,
        *SOLUTION.dL_db2,
        *SOLUTION.dL_dw1[0],
    ]
    gradients += [
        *SOLUTION.dL_dw1[1],
        *SOLUTION.dL_dw2[0],
        *SOLUTION.dL_da,
        *SOLUTION.dL_dz,
    ]
    gradients += [*SOLUTION.dL_dy, 1.0]
    shown = sorted(text.replace("−", "-").removeprefix("bias ") for text in found)
    for value in numbers:
        shown.remove(f"{value:.4f}")
    for value in gradients:
        shown.remove(f"∂ {value:.4f}")
    assert not [
        text for text in shown if re.search(r"\d\.\d", text) and "target" not in text
    ]


def test_every_weight_of_the_graph_has_its_name() -> None:
    found = texts(plotting.computational_graph(EXERCISE, SOLUTION))
    names = [f"W1,{j}{k}" for j in (1, 2) for k in (1, 2, 3)] + ["W2,11", "W2,12"]
    for name, value in zip(
        names, [*EXERCISE.W1[0], *EXERCISE.W1[1], *EXERCISE.W2[0]], strict=True
    ):
        shown = found[found.index(name) + 1]
        assert shown == f"{value:.4f}".replace("-", "−"), (
            "it stands right above its value"
        )
        assert found.count(name) == 1


def test_the_graph_is_drawn_the_same_every_time() -> None:
    first, second = (plotting.computational_graph(EXERCISE, SOLUTION) for _ in range(2))
    assert first == second


def test_a_graph_of_another_shape_is_refused() -> None:
    wide = replace(EXERCISE, W1=[[0.1], [0.2]], x=[1.0])
    with pytest.raises(ValueError, match=r"\(1, 2, 1\), expected \(3, 2, 1\)"):
        plotting.computational_graph(wide, manual.solve(wide))


def test_tanh_and_its_slope_pass_through_the_marked_points(ax: Axes) -> None:
    plotting.tanh_and_slope(ax, [0.3])
    a, z = line(ax, "tanh(a)")
    assert z == pytest.approx(np.tanh(a))
    curves = [np.array(found.get_data(), dtype=float) for found in ax.lines]
    marked = [curve[1] for curve in curves if curve.shape == (2, 1)]
    assert np.ravel(marked) == pytest.approx([np.tanh(0.3), 1 - np.tanh(0.3) ** 2])


def test_one_step_shows_measurement_prediction_and_marks(ax: Axes) -> None:
    rates, measured, predicted = (
        np.array([0.0, 0.1]),
        np.array([2.0, 1.0]),
        np.array([2.0, 1.5]),
    )
    plotting.learning_rates_of_one_step(ax, rates, measured, predicted, {"1/K": 0.05})
    assert line(ax, "measured") == pytest.approx(np.array([rates, measured]))
    assert line(ax, "predicted to first order") == pytest.approx(
        np.array([rates, predicted])
    )
    assert line(ax, "before the step")[1] == pytest.approx([2.0, 2.0])
    (mark,) = (text for text in ax.texts if text.get_text() == "1/K")
    assert mark.get_position() == pytest.approx((0.05, 1.02 * 2.0))


@pytest.mark.parametrize("draw", [plotting.loss_over_steps, plotting.loss_curves])
def test_a_loss_curve_keeps_its_numbers(ax: Axes, draw: object) -> None:
    assert callable(draw)
    draw(ax, {"run": [3.0, 2.0, 1.0]})
    assert line(ax, "run")[1] == pytest.approx([3.0, 2.0, 1.0])
    assert ax.get_yscale() == "log"


def test_the_noise_floor_is_where_it_should_be(ax: Axes) -> None:
    plotting.loss_curves(ax, {"run": [1.0]}, noise_floor=0.01)
    assert line(ax, "noise floor σ²")[1] == pytest.approx([0.01, 0.01])


def test_an_error_of_zero_is_drawn_at_the_bottom(ax: Axes) -> None:
    plotting.gradient_error(ax, np.array([1e-1, 1e-2]), {"exact": [1e-3, 0.0]})
    assert line(ax, "exact")[1] == pytest.approx([1e-3, 1e-17])


def test_gradients_and_spreads_stand_over_their_layers() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    plotting.gradient_flow(
        left, right, {"s": np.array([1.0, 2.0])}, {"s": np.array([0.1, 0.2])}
    )
    assert line(left, "s") == pytest.approx(np.array([[1, 2], [1.0, 2.0]]))
    assert line(right, "s") == pytest.approx(np.array([[1, 2], [0.1, 0.2]]))
    plt.close(figure)


def test_a_descent_is_drawn_on_its_surface(ax: Axes) -> None:
    axis = np.linspace(-1, 1, 5)
    path = np.array([[0.9, 0.9], [0.1, 0.2]])
    plotting.loss_surface(ax, axis, axis, axis**2 + axis[:, None] ** 2, {"run": path})
    assert line(ax, "run") == pytest.approx(path.T)


def test_predictions_stand_beside_the_data(ax: Axes) -> None:
    X, T = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])
    plotting.predictions(ax, X, T, X, {"epoch 1": T + 1})
    assert line(ax, "data") == pytest.approx(np.array([X[:, 0], T[:, 0]]))
    assert line(ax, "epoch 1") == pytest.approx(np.array([X[:, 0], T[:, 0] + 1]))


def test_a_sweep_shows_every_seed_and_counts_what_diverged(ax: Axes) -> None:
    losses = {"small": [1.0, 3.0, 2.0], "large": [np.nan, np.inf, 4.0]}
    plotting.sweep(ax, losses, "learning rate")
    drawn = np.concatenate([np.ravel(found.get_ydata()) for found in ax.lines])
    for value in (1.0, 2.0, 3.0, 4.0):
        assert value in drawn
    assert "2 diverged" in [text.get_text() for text in ax.texts]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["small", "large"]


def test_a_sweep_in_which_everything_diverged_says_so(ax: Axes) -> None:
    plotting.sweep(ax, {"huge": [np.nan, np.inf]}, "learning rate")
    assert "2 diverged" in [text.get_text() for text in ax.texts]


def test_every_run_is_drawn_however_many_there_are(ax: Axes) -> None:
    plotting.loss_over_steps(ax, {f"run {i}": [1.0, 0.5] for i in range(9)})
    assert len(ax.lines) == 9
