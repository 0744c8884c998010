"""Figures of shared gradients draw what they are given."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from mlp_reference import plotting

mpl.use("svg")


@pytest.fixture
def ax() -> Iterator[Axes]:
    with mpl.rc_context():
        plotting.use_style()
        figure, axes = plt.subplots()
        yield axes
        plt.close(figure)


def colour(name: str) -> tuple[float, ...]:
    return to_rgba(plotting.COLOURS[name])


def boxes(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


@pytest.mark.parametrize(
    ("shares", "mean", "look"),
    [
        ([[-0.5, 0.7], [0.4, 1.4]], 0.5, "backward"),
        ([[-0.5, 0.7, 0.4], [1.4]], 0.8, "wrong"),
    ],
)
def test_the_mean_of_means_lies_on_the_line_only_for_equal_shares(
    ax: Axes, shares: list[list[float]], mean: float, look: str
) -> None:
    plotting.share_means(ax, shares)
    whole, *_, met = ax.lines
    assert whole.get_xdata() == pytest.approx([0.5, 0.5])
    assert met.get_xdata() == pytest.approx([mean])
    assert to_rgba(str(met.get_color())) == colour(look)


def test_each_rank_has_a_row_before_and_after(ax: Axes) -> None:
    before = np.array([[1, 0, 2], [3, 1, 0]])
    plotting.all_reduced(ax, before, np.tile(before.sum(axis=0), (2, 1)))
    texts = [text.get_text() for text in ax.texts]
    assert texts[:12] == [*"102310", *"412412"]
    assert len(boxes(ax)) == 12


def test_a_gradient_that_is_ready_first_stands_first(ax: Axes) -> None:
    plotting.ready_order(ax, ["a", "b", "c"], ["c", "a", "b"])
    (dots,) = ax.lines
    assert [*np.asarray(dots.get_xdata())] == [2, 3, 1]
    assert [text.get_text() for text in ax.texts] == ["2.", "3.", "1."]


def test_what_takes_time_is_as_wide_as_its_time(ax: Axes) -> None:
    rows = {
        "compute": [plotting.Span(0, 4, "forward", "forward")],
        "send": [plotting.Span(4, 2, "all", "third")],
    }
    plotting.timeline(ax, rows, 6)
    assert [(box.get_x(), box.get_width()) for box in boxes(ax)] == [(0, 4), (4, 2)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["compute", "send"]


def test_what_a_step_of_the_ring_changes_is_outlined() -> None:
    before = np.ones((2, 2), dtype=int)
    after = before.copy()
    after[1, 0] = 2
    with mpl.rc_context():
        figure, axes = plt.subplots(1, 2)
        plotting.ring_steps(axes, [before, after])
        outlined = [box.get_edgecolor() == colour("backward") for box in boxes(axes[1])]
        filled = [box.get_facecolor() == colour("grid") for box in boxes(axes[1])]
        plt.close(figure)
    assert outlined == filled == [False, False, True, False]


def test_a_lost_attempt_ends_in_a_cross_and_the_next_goes_back(ax: Axes) -> None:
    plotting.attempts(ax, [[1, 2, 3], [3, 4]], saved=[2, 4])
    first, kept, cross, second, _ = ax.lines
    assert [*np.asarray(first.get_ydata())] == [1, 2, 3]
    assert [*np.asarray(second.get_xdata())] == [4, 5]
    assert [*np.asarray(second.get_ydata())] == [3, 4]
    assert [*np.asarray(kept.get_ydata())] == [2]
    assert to_rgba(str(cross.get_color())) == colour("wrong")
