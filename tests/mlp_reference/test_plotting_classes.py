"""The figures of classes draw what they are given, in the page's colours and in few bytes."""

import gzip
import io
import re
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from mlp_reference import plotting
from mlp_reference.arrays import Array
from mlp_reference.drawing import COLOURS

mpl.use("svg")


@pytest.fixture
def figure() -> Iterator[Figure]:
    with mpl.rc_context():
        plotting.use_style()
        made = plt.figure()
        yield made
        plt.close(made)


@pytest.fixture
def ax(figure: Figure) -> Axes:
    return figure.subplots()


def near(*rows: Any) -> Any:
    return pytest.approx(np.array(rows, dtype=float))


def drawn(figure: Figure) -> str:
    """Return the figure as SVG."""
    file = io.StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_values_of_classes_are_bars_with_their_numbers(figure: Figure) -> None:
    axes = figure.subplots(1, 2)
    values = {"logits": np.array([1.0, -2.5]), "p": np.array([0.9, 0.1])}
    plotting.class_bars(axes, values)
    assert [ax.get_title() for ax in axes] == ["logits", "p"]
    bars = [patch for patch in axes[0].patches if isinstance(patch, Rectangle)]
    assert [bar.get_height() for bar in bars] == [1.0, -2.5]
    assert words(axes[0]) == ["1.00", "−2.50"]


def test_the_loss_of_each_class_lies_on_the_curve(ax: Axes) -> None:
    plotting.surprise(ax, np.array([0.25, 0.75]))
    curve, *points = (np.array(line.get_data(), float) for line in ax.lines)
    assert curve[1] == near(*-np.log(curve[0]))
    assert np.ravel(points) == near(0.25, np.log(4), 0.75, np.log(4 / 3))
    assert words(ax) == ["class 0: 1.39", "class 1: 0.29"]


def test_each_arrow_leads_from_the_target_to_the_probability(ax: Axes) -> None:
    plotting.probability_minus_target(ax, np.array([0.3, 0.7]), np.array([1.0, 0.0]))
    arrows = [text for text in ax.texts if not text.get_text()]
    ends = [(arrow.xyann, arrow.xy) for arrow in arrows]  # type: ignore[attr-defined]  # annotations
    assert ends == [((0, 1.0), (0, 0.3)), ((1, 0.0), (1, 0.7))]
    assert [word for word in words(ax) if word] == ["−0.70", "+0.70"]


def test_a_small_difference_is_written_above_the_line_at_zero(ax: Axes) -> None:
    plotting.probability_minus_target(ax, np.array([0.98, 0.02]), np.array([1.0, 0.0]))
    (small,) = (text for text in ax.texts if text.get_text() == "+0.02")
    assert small.get_position()[1] > 0.05
    assert ax.get_ylim()[0] < 0, "the line of a target of zero is drawn whole"


def test_the_naive_loss_ends_with_a_cross_where_it_is_no_longer_finite(
    ax: Axes,
) -> None:
    logits = np.array([0.0, 500.0, 1000.0])
    naive = np.array([0.0, 500.0, np.inf])
    plotting.naive_and_stable(ax, logits, naive, logits)
    whole, until, cross = (np.array(line.get_data(), float) for line in ax.lines)
    assert whole == near(logits, logits)
    assert until == near([0, 500], [0, 500])
    assert cross == near([500], [500])
    assert ax.lines[-1].get_marker() == "x"


def test_two_losses_and_their_gradients_share_a_legend(figure: Figure) -> None:
    left, right = figure.subplots(1, 2)
    logits, values = np.array([[-1.0, 1.0], [3.0, 4.0]])
    losses, gradients = {"one": values, "two": -values}, {"one": logits, "two": values}
    plotting.two_losses(left, right, logits, losses, gradients)
    assert np.array(left.lines[1].get_data()) == near(logits, -values)
    assert np.array(right.lines[0].get_data()) == near(logits, logits)
    assert [line.get_linestyle() for line in left.lines] == ["-", "--"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["one", "two"]


def test_gradient_lengths_stand_over_their_layers(figure: Figure) -> None:
    axes = figure.subplots(1, 2)
    tables = {"Tanh": {"he": [0.1, 1.0]}, "ReLU": {"he": [0.5, 2.0]}}
    plotting.gradient_lengths(axes, tables)
    assert [ax.get_title() for ax in axes] == ["Tanh", "ReLU"]
    assert np.array(axes[1].lines[0].get_data()) == near([1, 2], [0.5, 2.0])
    assert axes[0].get_yscale() == "log"
    assert axes[0].get_ylabel().startswith("gradient")


def test_all_gradients_lie_inside_the_axes_and_above_a_tick(figure: Figure) -> None:
    left, right = figure.subplots(1, 2, sharey=True)
    tables = {"Tanh": {"he": [0.2, 0.9]}, "ReLU": {"he": [0.0003, 5.0]}}
    plotting.gradient_lengths((left, right), tables)
    bottom, top = left.get_ylim()
    assert bottom == pytest.approx(1e-4)
    assert top > 5


TICKS = np.linspace(-1, 1, 21)
GRID = np.stack(np.meshgrid(TICKS, TICKS), axis=-1).reshape(-1, 2)


def sectors(points: Array) -> Array:
    """Return logits that are largest in the direction of their class."""
    angles = 2 * np.pi * np.arange(3) / 3
    logits: Array = points @ np.array([np.cos(angles), np.sin(angles)])
    return logits


def test_each_point_lies_in_the_region_of_its_largest_logit(ax: Axes) -> None:
    X, t = np.array([[0.5, 0.0], [-0.5, 0.5], [-0.5, -0.5]]), np.arange(3)
    plotting.regions([ax], TICKS, {"trained": sectors(GRID)}, X, t)
    fields = [found for found in ax.collections if isinstance(found, ContourSet)]
    assert len(fields) == 3 + 2, "no border needs to be drawn for the third class too"
    filled = {}
    for field in fields:
        if field.filled:
            (colour,) = np.asarray(field.get_facecolor()).tolist()
            filled[tuple(colour[:3])] = field
    points = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert len(filled) == len(points) == 3
    assert len({line.get_marker() for line in points}) == 3
    for line, own in zip(points, X.tolist(), strict=True):
        assert np.array(line.get_data(), float) == near([own[0]], [own[1]])
        (region,) = filled[to_rgba(line.get_color())[:3]].get_paths()
        inside = [(x, y) for x, y in X.tolist() if region.contains_point((x, y))]
        assert inside == [tuple(own)]


def test_a_straight_border_needs_few_points_and_still_is_where_it_was(ax: Axes) -> None:
    logits = np.stack([GRID[:, 0], 0.1 + 0 * GRID[:, 0], np.full(len(GRID), -9.0)], 1)
    plotting.regions([ax], TICKS, {"a": logits}, np.zeros((1, 2)), np.array([0]))
    first = next(found for found in ax.collections if isinstance(found, ContourSet))
    corners = np.array(first.get_paths()[0].vertices)
    assert len(corners) < 8
    assert np.unique(corners[:, 0].round(9)).tolist() == [0.1, 1]
    assert np.unique(corners[:, 1].round(9)).tolist() == [-1, 1]


@pytest.mark.parametrize("winner", [0, 1, 2])
def test_a_network_that_knows_one_class_alone_has_one_region(
    ax: Axes, winner: int
) -> None:
    logits = np.zeros((len(GRID), 3))
    logits[:, winner] = 5
    plotting.regions([ax], TICKS, {"start": logits}, np.zeros((1, 2)), np.array([0]))
    assert len(ax.collections) == 1


def shaded(ax: Axes) -> dict[tuple[str, float], float]:
    """Return the area of the cells in each colour and shade."""
    names = {to_rgba(code): name for name, code in COLOURS.items()}
    areas = {}
    for patch in ax.patches:
        assert isinstance(patch, PathPatch)
        if patch.get_facecolor() == to_rgba("none"):
            continue
        colour = names[to_rgba(patch.get_facecolor(), 1)]
        polygons = patch.get_path().to_polygons()
        area = sum(np.ptp(p, axis=0).prod() for p in map(np.asarray, polygons))
        areas[colour, float(patch.get_alpha() or 1)] = float(area)
    return areas


def test_pixels_are_the_darker_the_more_ink_and_equal_neighbours_are_one(
    ax: Axes,
) -> None:
    image = np.zeros((2, 64))
    image[0, 8:16], image[0, 16:18], image[1, 63] = 1.0, 0.5, 0.24
    plotting.digits(ax, image, columns=2, labels=["full", "faint"])
    assert shaded(ax) == {("ink", 1.0): 8, ("ink", 0.5): 2, ("ink", 0.25): 1}
    assert words(ax) == ["full", "faint"]
    paths = [patch.get_path() for patch in ax.patches]
    frames, faint, half, full = paths
    assert full.get_extents().bounds == near(0, 1, 8, 1)
    assert np.shape(full.vertices) == np.shape(half.vertices) == (5, 2)
    assert faint.get_extents().bounds == near(10.5 + 7, 7, 1, 1)
    assert frames.get_extents().bounds == near(0, 0, 18.5, 8)


def test_the_sign_of_a_weight_is_a_colour_and_its_size_a_shade(ax: Axes) -> None:
    weights = np.zeros((1, 64))
    weights[0, :4] = [2.0, -2.0, -1.0, 0.1]
    plotting.digits(ax, weights, columns=1)
    green, purple = ("third", 1.0), ("fourth", 1.0)
    assert shaded(ax) == {green: 1, purple: 1, ("fourth", 0.5): 1}


def test_pictures_follow_each_other_row_by_row(ax: Axes) -> None:
    plotting.digits(ax, np.eye(64)[:5], columns=2)
    (cells,) = (patch for patch in ax.patches if patch.get_alpha())
    corners = [p.min(axis=0) for p in map(np.asarray, cells.get_path().to_polygons())]
    expected = [(0, 0), (11.5, 0), (2, 9.5), (13.5, 9.5), (4, 19)]
    assert np.ravel(corners) == near(*np.ravel(expected))


def test_a_confusion_matrix_marks_what_is_wrong_by_more_than_a_colour(ax: Axes) -> None:
    plotting.confusion(ax, np.array([[5, 2], [0, 7]]))
    looks = {
        text.get_position(): (text.get_text(), text.get_color(), text.get_fontweight())
        for text in ax.texts
    }
    assert looks == {
        (0, 0): ("5", COLOURS["ink"], "normal"),
        (1, 0): ("2", COLOURS["wrong"], "bold"),  # row 0 taken for column 1
        (0, 1): ("·", COLOURS["quiet"], "normal"),
        (1, 1): ("7", COLOURS["ink"], "normal"),
    }
    grounds = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert [box.get_xy() for box in grounds] == [(-0.5, -0.5), (0.5, 0.5)]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "row 0 is the top one"


def test_twenty_digits_take_few_bytes_and_no_bitmap(figure: Figure) -> None:
    rng = np.random.default_rng(0)
    images = np.clip(rng.normal(0.3, 0.4, (20, 64)), 0, 1)
    plotting.digits(figure.subplots(), images, columns=10)
    svg = drawn(figure)
    assert "<image" not in svg
    assert {*re.findall(r"#[0-9a-f]{6}\b", svg)} <= {*COLOURS.values()}
    assert len(gzip.compress(svg.encode())) < 20_000
