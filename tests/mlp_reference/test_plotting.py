"""Every figure draws what it is given, and nothing else."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.contour import ContourSet
from matplotlib.patches import Rectangle
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation

from mlp_reference import plotting

mpl.use("svg")


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


def near(*rows: object) -> object:
    return pytest.approx(np.array(rows, dtype=float))


def test_tanh_and_its_slope_pass_through_the_marked_points(ax: Axes) -> None:
    plotting.tanh_and_slope(ax, [0.3])
    a, z = line(ax, "tanh(a)")
    assert z == pytest.approx(np.tanh(a))
    curves = [np.array(found.get_data(), dtype=float) for found in ax.lines]
    marked = [curve[1] for curve in curves if curve.shape == (2, 1)]
    assert np.ravel(marked) == near(np.tanh(0.3), 1 - np.tanh(0.3) ** 2)


def test_one_step_shows_measurement_prediction_and_marks(ax: Axes) -> None:
    rates, measured, predicted = np.array([[0.0, 0.1], [2.0, 1.0], [2.0, 1.5]])
    plotting.learning_rates_of_one_step(ax, rates, measured, predicted, {"1/K": 0.05})
    assert line(ax, "measured") == near(rates, measured)
    assert line(ax, "predicted to first order") == near(rates, predicted)
    assert line(ax, "before the step")[1] == near(2.0, 2.0)
    (mark,) = (text for text in ax.texts if text.get_text() == "1/K")
    assert mark.get_position() == pytest.approx((0.05, 1.02 * 2.0))


@pytest.mark.parametrize(
    ("draw", "first"), [(plotting.loss_over_steps, 0), (plotting.loss_curves, 1)]
)
def test_a_loss_curve_keeps_its_numbers(ax: Axes, draw: object, first: int) -> None:
    assert callable(draw)
    draw(ax, {f"run {i}": [3.0, 2.0, i + 1.0] for i in range(9)})
    assert line(ax, "run 0") == near([first, first + 1, first + 2], [3.0, 2.0, 1.0])
    assert len(ax.lines) == 9
    assert ax.get_yscale() == "log"


def test_the_noise_floor_is_where_it_should_be(ax: Axes) -> None:
    plotting.loss_curves(ax, {"run": [1.0]}, noise_floor=0.01)
    assert line(ax, "noise floor σ²")[1] == near(0.01, 0.01)


def test_an_error_of_zero_is_drawn_at_the_bottom(ax: Axes) -> None:
    plotting.gradient_error(ax, np.array([1e-1, 1e-2]), {"exact": [1e-3, 0.0]})
    np.testing.assert_allclose(line(ax, "exact")[1], [1e-3, 1e-17], rtol=1e-12)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_gradients_and_spreads_stand_over_their_layers() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    gradients, spreads = np.array([[1.0, 2.0], [0.1, 0.2]])
    plotting.gradient_flow(left, right, {"s": gradients}, {"s": spreads})
    assert line(left, "s") == near([1, 2], gradients)
    assert line(right, "s") == near([1, 2], spreads)
    assert left.get_yscale() == "log"
    plt.close(figure)


def test_a_descent_is_drawn_on_its_surface(ax: Axes) -> None:
    axis = np.linspace(-1, 1, 5)
    path = np.array([[0.9, 0.9], [0.1, 0.2]])
    surface = axis**2 + axis[:, None] ** 2
    plotting.loss_surface(ax, axis, axis, surface, np.array([0.1, 0]), {"run": path})
    assert line(ax, "run") == pytest.approx(path.T)
    (minimum,) = (found for found in ax.lines if found.get_marker() == "+")
    assert np.array(minimum.get_data()) == near([0.1], [0])


def test_contour_lines_are_equal_steps_of_the_loss(ax: Axes) -> None:
    axis = np.linspace(-1, 1, 5)
    surface = 9 * axis**2 + axis[:, None] ** 2
    plotting.loss_surface(ax, axis, axis, surface, np.zeros(2), {"run": np.eye(2)})
    (lines,) = (found for found in ax.collections if isinstance(found, ContourSet))
    assert lines.levels == pytest.approx(np.arange(1, 21) / 2)
    assert {text.get_text() for text in lines.labelTexts} == {"1", "2", "4"}


def test_descents_have_no_colour_of_values_or_gradients(ax: Axes) -> None:
    axis = np.linspace(-1, 1, 5)
    path = np.array([[0.9, 0.9], [0.1, 0.2]])
    surface = axis**2 + axis[:, None] ** 2
    paths = {"small": path, "large": path}
    plotting.loss_surface(ax, axis, axis, surface, np.zeros(2), paths)
    colours = {found.get_color() for found in ax.lines if found.get_marker() != "+"}
    assert colours == {plotting.COLOURS["third"], plotting.COLOURS["fourth"]}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_several_curves_leave_blue_and_orange_to_values_and_gradients(
    count: int, ax: Axes
) -> None:
    axis = np.linspace(0, 1, 3)
    column = axis[:, None]
    curves = {f"run {i}": [1.0, 0.5, i + 1.0] for i in range(count)}
    columns = {name: np.array(curve)[:, None] for name, curve in curves.items()}
    plotting.loss_curves(ax, curves)
    plotting.loss_over_steps(ax, curves)
    plotting.predictions(ax, column, column, column, columns)
    plotting.gradient_error(ax, axis + 1, curves)
    plotting.sweep(ax, {name: {"a": [1.0]} for name in curves}, "setting")
    named = [found for found in ax.lines if str(found.get_label()).startswith("run")]
    colours = {found.get_color() for found in named}
    assert len(named) == 5 * count
    if count == 1:
        assert colours == {plotting.COLOURS["forward"]}
    else:
        meant = ("forward", "backward", "wrong")
        assert not colours & {plotting.COLOURS[name] for name in meant}


def test_what_went_wrong_is_crimson_and_crossed_or_unframed(ax: Axes) -> None:
    plotting.sweep(ax, {"run": {"a": [1.0], "b": [float("nan")]}}, "setting")
    (cross,) = (found for found in ax.lines if found.get_marker() == "x")
    assert cross.get_color() == plotting.COLOURS["wrong"]
    ax.clear()
    plotting.column_minus_row(ax, samples=2)
    colours = {text.get_text(): text.get_color() for text in ax.texts}
    assert colours["y₁ − t₂"] == plotting.COLOURS["wrong"]
    assert colours["y₁ − t₁"] == plotting.COLOURS["ink"]


def test_a_tangent_touches_its_curve_and_says_how_far_a_nudge_leads(ax: Axes) -> None:
    x = np.linspace(0, 2, 21)
    plotting.tangent(ax, x, x**2, at=1.0, slope=2.0, nudge=0.25)
    curve, straight, point, corner = (
        np.array(found.get_data(), float) for found in ax.lines
    )
    assert curve == near(x, x**2)
    assert point == near([1], [1])
    assert (straight[1] - 1) == pytest.approx(2 * (straight[0] - 1))
    assert corner == near([1, 1.25, 1.25], [1, 1, 1.5])
    assert [text.get_text() for text in ax.texts] == ["nudge", "2 × nudge"]


def test_two_nudges_rise_one_after_the_other_by_their_slopes(ax: Axes) -> None:
    walk = np.array([0.0, 0.1, 0.2])
    losses = np.array([2.0, 2.7, 3.1])
    plotting.two_nudges(ax, walk, losses, slopes=(6.0, 3.0), nudge=0.1)
    curve, straight, *corners = (
        np.array(found.get_data(), float) for found in ax.lines
    )
    assert curve == near(walk, losses)
    assert straight == near([0, 0.1, 0.2], [2, 2.6, 2.9])
    assert corners[0] == near([0, 0.1, 0.1], [2, 2, 2.6])
    assert corners[1] == near([0.1, 0.2, 0.2], [2.6, 2.6, 2.9])
    assert [text.get_text() for text in ax.texts] == ["6 × nudge", "3 × nudge"]


def test_each_activation_has_axes_of_its_own() -> None:
    figure, axes = plt.subplots(1, 2)
    a = np.array([-1.0, 1.0])
    plotting.activations(axes, a, {"tanh": np.tanh(a), "ReLU": np.maximum(0, a)})
    assert [ax.get_title() for ax in axes] == ["tanh", "ReLU"]
    assert np.array(axes[1].lines[0].get_data()) == near(a, [0, 1])
    plt.close(figure)


def test_a_gradient_is_an_arrow_at_its_point(ax: Axes) -> None:
    axis = np.linspace(-1, 1, 5)
    points, gradients = np.array([[0.5, 0.0], [0.0, -0.5]]), np.array([[1, 0], [0, -2]])
    surface = axis**2 + axis[:, None] ** 2
    plotting.gradient_arrows(ax, axis, axis, surface, np.zeros(2), points, gradients)
    (arrows,) = (found for found in ax.collections if isinstance(found, Quiver))
    assert np.array([arrows.U, arrows.V]) == pytest.approx(gradients.T)
    assert np.array(arrows.get_offsets()) == pytest.approx(points)
    assert ax.get_aspect() == 1, "or else no arrow crosses its line at a right angle"


def test_predictions_stand_beside_the_data(ax: Axes) -> None:
    X, T = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])
    plotting.predictions(ax, X, T, X, {"epoch 1": T + 1})
    assert line(ax, "data") == near(X[:, 0], T[:, 0])
    assert line(ax, "epoch 1") == near(X[:, 0], T[:, 0] + 1)


def test_a_sweep_shows_every_seed_and_counts_what_diverged(ax: Axes) -> None:
    losses = {"small": [1.0, 3.0, 2.0], "large": [np.nan, np.inf, 4.0]}
    plotting.sweep(ax, {"a net": losses}, "width")
    drawn = np.concatenate([np.ravel(found.get_ydata()) for found in ax.lines])
    assert {1.0, 2.0, 3.0, 4.0} <= {*drawn}
    assert "2 diverged" in [text.get_text() for text in ax.texts]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["small", "large"]
    assert ax.get_legend() is None


def test_a_sweep_in_which_everything_diverged_says_so(ax: Axes) -> None:
    plotting.sweep(ax, {"a net": {"huge": [np.nan, np.inf]}}, "width")
    assert "2 diverged" in [text.get_text() for text in ax.texts]


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_a_sum_shows_its_numbers_and_outlines_those_that_take_part(ax: Axes) -> None:
    values, total = np.array([[1.0, -2.0], [0.5, 4.0]]), np.array([[np.nan, 2.0]])
    column = (slice(None), 1)
    factor = plotting.IndexedMatrix("G", values, ("n", "j"), column, "backward")
    plotting.index_sum(
        ax, [factor], plotting.IndexedMatrix("s", total, ("", "j"), (0, 1), "forward")
    )
    bold = [text for text in ax.texts if text.get_fontweight() == "bold"]
    assert [text.get_text() for text in bold] == ["−2", "4", "2"]
    assert {"G", "1", "0.5", "s", "·", "$n = 2$", "$j = 2$"} <= {*words(ax)}
    around = [
        box
        for box in ax.patches
        if isinstance(box, Rectangle) and box.get_linewidth() > 2
    ]
    assert sorted(box.get_height() for box in around) == [1, 2]
    for text in bold:
        (box,) = (
            box for box in around if box.get_edgecolor() == to_rgba(text.get_color())
        )
        x, y = text.get_position()
        assert box.get_x() < x < box.get_x() + box.get_width()
        assert box.get_y() < y < box.get_y() + box.get_height()


def test_an_imaginary_step_shows_the_slope_as_a_height() -> None:
    points = [1.5, 1.0, 2.0, 1.5 + 0.5j]
    figure, (left, right) = plt.subplots(1, 2)
    plotting.imaginary_step(left, right, points, [p * p for p in points])
    assert line(right, "εL′") == near([2.0, 2.0], [0.0, 1.5])
    ends = {text.get_text(): text.xy for text in [*left.texts, *right.texts]}
    assert ends["$w+i\\varepsilon$"] == (1.5, 0.5)
    assert ends["$L(w-\\varepsilon)$"] == (1.0, 0.0)
    assert ends["$L(w)$"] == (2.25, 0.0)
    plt.close(figure)


def test_sweeps_that_are_compared_keep_every_seed_and_their_medians(ax: Axes) -> None:
    nan = np.nan
    first = {"1": [1.0, 3.0, 2.0], "4": [nan, 5.0, nan]}
    second = {"1": [4.0, 4.0, 4.0], "4": [6.0, 8.0, 7.0]}
    plotting.sweep(ax, {"fixed": first, "own": second}, "factor")
    for name, table in (("fixed", first), ("own", second)):
        drawn = line(ax, name)[1]
        expected = np.ravel([*table.values()])
        assert sorted(drawn[np.isfinite(drawn)]) == sorted(
            expected[np.isfinite(expected)]
        )
    drawn = [np.array(found.get_data(), dtype=float)[1] for found in ax.lines]
    medians = [list(values) for values in drawn if len(values) == 2]
    assert [2.0, pytest.approx(nan, nan_ok=True)] in medians
    assert [4.0, 7.0] in medians
    assert "2 diverged" in words(ax)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "4"]


def texts(ax: Axes) -> dict[str, tuple[float, float]]:
    return {text.get_text(): text.get_position() for text in ax.texts}


def test_nodes_of_autograd_stand_beside_their_steps(ax: Axes) -> None:
    steps = [
        plotting.RecordedStep("p = w · x", "p = 0.21", "MulBackward0", "fills w", ""),
        plotting.RecordedStep("L = p²", "L = 0.04", "PowBackward0", "", "∂L/∂p = 0.42"),
    ]
    plotting.autograd_record(ax, steps)
    places = texts(ax)
    for step in steps:
        assert places[step.formula][0] < places[step.node][0]
        assert places[step.formula][1] > places[step.value][1]
    assert places["fills w"][1] < places["MulBackward0"][1]
    first, second = places["MulBackward0"][1], places["PowBackward0"][1]
    assert second < places["∂L/∂p = 0.42"][1] < first
    # Down on the left, up on the right, and across at the loss.
    arrows = [(a.xyann, a.xy) for a in ax.texts if isinstance(a, Annotation)]
    (down,) = (a for a, b in arrows if a[0] == b[0] and a[1] > b[1])
    (up,) = (a for a, b in arrows if a[0] == b[0] and a[1] < b[1])
    (across,) = ((a, b) for a, b in arrows if a[1] == b[1])
    assert down[0] == places["L = p²"][0]
    assert up[0] == places["PowBackward0"][0]
    assert across[0][0] < across[1][0]
    assert across[0][1] < up[1]


def test_a_column_minus_a_row_is_a_square_with_a_framed_diagonal(ax: Axes) -> None:
    plotting.column_minus_row(ax, samples=3)
    places = texts(ax)
    assert len(places) == 3 + 3 + 9
    assert places["y₁ − t₃"] == (places["t₃"][0], places["y₁"][1])
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    framed = [box for box in boxes if box.get_linewidth() > 1.5]
    centres = np.array([box.get_center() for box in framed])
    assert centres == pytest.approx(np.array([[0, 0], [1, -1], [2, -2]]))
    in_green = [
        b for b in boxes if b.get_edgecolor() == to_rgba(plotting.COLOURS["third"])
    ]
    assert in_green == framed
    above = {box.get_zorder() for box in framed}
    assert min(above) > max(box.get_zorder() for box in boxes if box not in framed)


def test_settings_that_are_numbers_stand_where_they_are(ax: Axes) -> None:
    sgd = {0.1: [3.0, 1.0, 2.0], 0.2: [4.0, 6.0, 5.0], 0.4: [1.0, np.inf, 1.0]}
    adam = {0.1: [7.0, 8.0, 7.5]}
    plotting.sweep(ax, {"SGD": sgd, "Adam": adam}, "η", noise_floor=0.01)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    dots = line(ax, "SGD")
    assert dots[:, 3:6] == near([0.2] * 3, sgd[0.2])
    assert line(ax, "Adam") == near([0.1] * 3, adam[0.1])
    curves = [np.array(found.get_data(), dtype=float) for found in ax.lines]
    medians = next(each for each in curves if each.shape == (2, 3))
    expected = np.array([[0.1, 0.2, 0.4], [2.0, 5.0, np.nan]])
    assert medians == pytest.approx(expected, nan_ok=True)
    (cross,) = (found for found in ax.lines if found.get_marker() == "x")
    assert np.array(cross.get_data()) == near([0.4], [24.0])
    assert line(ax, "noise floor σ²")[1] == near(0.01, 0.01)
    legend = ax.get_legend()
    assert legend
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["SGD", "Adam", "noise floor σ²"]


def test_residual_and_strength_of_every_landing_stand_above_each_other() -> None:
    figure, (above, below) = plt.subplots(2)
    plotting.landings(above, below, [2.0, -3.0, 1.0], [4.0, 3.5, 2.5], limit=3.0)
    assert line(above, "residual") == near([0, 1, 2], [2.0, -3.0, 1.0])
    assert line(above, "the target")[1] == near(0, 0)
    assert line(below, "K") == near([0, 1, 2], [4.0, 3.5, 2.5])
    assert line(below, "1/η")[1] == near(3.0, 3.0)
    assert [tick.get_text() for tick in below.get_xticklabels()] == ["0", "1", "2"]
    plt.close(figure)
