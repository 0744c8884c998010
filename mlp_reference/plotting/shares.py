"""How a gradient is shared: means of shares, what is sent, and what waits for what."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mlp_reference.arrays import Array
from mlp_reference.drawing import COLOURS
from mlp_reference.plotting._style import LINES
from mlp_reference.walkthrough import with_minus

_MIDDLE: dict[str, Any] = {"ha": "center", "va": "center"}


def share_means(ax: Axes, shares: Sequence[Sequence[float]]) -> None:
    """Draw each share's gradients of samples with their mean, and below them the means' mean.

    A dotted line through all rows is the mean of all samples, the gradient of the batch.
    """
    means = [float(np.mean(share)) for share in shares]
    whole = float(np.mean(np.concatenate([*map(np.asarray, shares)])))
    bottom = -len(shares)
    ax.plot([whole, whole], [0.5, bottom - 0.4], ":", color=COLOURS["backward"])
    for rank, (share, mean) in enumerate(zip(shares, means, strict=True)):
        colour = COLOURS[LINES[rank % len(LINES)]]
        ax.plot(share, np.full(len(share), -rank), "o", color=colour, markersize=6)
        ax.plot([mean, mean], [0.3 - rank, -0.3 - rank], "-", color=colour, lw=2.4)
    met = float(np.mean(means))
    right = bool(np.isclose(met, whole))
    look = COLOURS["backward" if right else "wrong"]
    ax.plot(met, bottom, "D" if right else "X", color=look, markersize=8)
    names = [f"rank {rank}" for rank in range(len(shares))]
    ax.set_yticks(range(0, bottom - 1, -1), [*names, "mean of both"])
    ax.set(ylim=(bottom - 0.5, 0.6))
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)


def all_reduced(ax: Axes, before: Array, after: Array) -> None:
    """Draw the arrays of all ranks, one in each row, before and after an all-reduce."""
    ranks, size = before.shape
    gap = 1.6
    frame: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["quiet"]}
    sums: dict[str, Any] = {"color": COLOURS["backward"], "weight": "bold"}
    for left, table, look in ((0.0, before, {}), (size + gap, after, sums)):
        for (rank, column), value in np.ndenumerate(table):
            x, y = left + column, -1.25 * rank
            ax.add_patch(Rectangle((x, y - 0.5), 1, 1, lw=0.8, **frame))
            ax.text(x + 0.5, y, with_minus(f"{value:g}"), **look, **_MIDDLE)
    quiet = COLOURS["quiet"]
    for rank in range(ranks):
        y = -1.25 * rank
        right: dict[str, Any] = {"ha": "right", "va": "center"}
        ax.text(-0.25, y, f"rank {rank}", color=quiet, **right)
    middle = -1.25 * (ranks - 1) / 2
    arrow = {"arrowstyle": "-|>", "color": quiet, "lw": 1.5}
    ax.annotate("", (size + gap - 0.2, middle), (size + 0.2, middle), arrowprops=arrow)
    for x, title in ((size / 2, "before"), (1.5 * size + gap, "after")):
        ax.text(x, 0.85, title, color=quiet, **_MIDDLE)
    ax.set(xlim=(-1.9, 2 * size + gap + 0.1), ylim=(2 * middle - 0.6, 1.2))
    ax.axis("off")


def ready_order(ax: Axes, names: Sequence[str], ready: Sequence[str]) -> None:
    """Draw the place of each parameter in the order in which gradients were ready."""
    places = [ready.index(name) + 1 for name in names]
    rows = -np.arange(len(names))
    ax.plot(places, rows, "o", color=COLOURS["backward"], markersize=7)
    for place, row in zip(places, rows, strict=True):
        ax.text(place, row + 0.28, f"{place}.", ha="center", color=COLOURS["backward"])
    ax.set_yticks(rows, names)
    ax.set_xticks([])
    ax.set(xlabel="time →", xlim=(0.4, len(names) + 0.6))
    ax.set_ylim(0.6 - len(names), 0.8)
    ax.grid(visible=False, axis="x")


class Span(NamedTuple):
    """Something that takes time: when it starts, how long it takes, its name and colour."""

    start: float
    length: float
    name: str
    colour: str


def timeline(ax: Axes, rows: Mapping[str, Sequence[Span]], end: float) -> None:
    """Draw what goes on at the same time, a row for each kind of work, up to an end."""
    for row, spans in enumerate(rows.values()):
        for start, length, name, colour in spans:
            box = Rectangle(
                (start, -row - 0.38),
                length,
                0.76,
                facecolor=COLOURS["paper"],
                edgecolor=COLOURS[colour],
                lw=1.6,
            )
            ax.add_patch(box)
            middle = start + length / 2
            ax.text(middle, -row, name, color=COLOURS[colour], **_MIDDLE)
    ax.set_yticks(range(0, -len(rows), -1), [*rows])
    ax.set_xticks([])
    ax.set(xlim=(-0.02 * end, 1.02 * end), ylim=(0.5 - len(rows), 0.5))
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False)


def ring_steps(axes: Sequence[Axes], states: Sequence[Array]) -> None:
    """Draw how many shares each part of each rank's array holds, after each step of a ring.

    A row is a rank, a column a part of the array. What a step has changed is outlined, and
    what is the sum of all shares is filled.
    """
    for step, (ax, state) in enumerate(zip(axes, states, strict=True)):
        ranks = len(state)
        for (rank, part), count in np.ndenumerate(state):
            complete = bool(count == ranks)
            changed = step > 0 and count != states[step - 1][rank, part]
            box = Rectangle(
                (part, -rank - 1),
                1,
                1,
                facecolor=COLOURS["grid" if complete else "paper"],
                edgecolor=COLOURS["backward" if changed else "quiet"],
                lw=2.2 if changed else 0.7,
                zorder=3 if changed else 2,
            )
            ax.add_patch(box)
            look: dict[str, Any] = {"color": COLOURS["ink"], "zorder": 4}
            if complete:
                look |= {"weight": "bold", "color": COLOURS["backward"]}
            ax.text(part + 0.5, -rank - 0.5, f"{count:g}", **look, **_MIDDLE)
        ax.set_title(f"step {step}" if step else "start", fontsize=10.5)
        ax.set_xticks(np.arange(ranks) + 0.5, [f"{part}" for part in range(ranks)])
        ax.set_yticks(-np.arange(ranks) - 0.5, [f"{rank}" for rank in range(ranks)])
        ax.tick_params(length=0)
        ax.set(xlim=(-0.05, ranks + 0.05), ylim=(-ranks - 0.05, 0.05), aspect="equal")
        ax.spines[:].set_visible(False)
        ax.grid(visible=False)


def attempts(ax: Axes, runs: Sequence[Sequence[int]], saved: Sequence[int]) -> None:
    """Draw the training steps of a run in the order in which they were done.

    Each attempt but the last ends with the loss of a worker. Squares are the steps after
    which a checkpoint was written.
    """
    done = 0
    for attempt, steps in enumerate(runs):
        order = np.arange(done + 1, done + len(steps) + 1)
        colour = COLOURS[LINES[attempt % len(LINES)]]
        ax.plot(order, steps, ".-", color=colour, lw=1.4, markersize=5)
        kept = [
            (x, step) for x, step in zip(order, steps, strict=True) if step in saved
        ]
        look: dict[str, Any] = {"color": colour, "markersize": 7, "linestyle": "none"}
        ax.plot([x for x, _ in kept], [step for _, step in kept], "s", **look)
        if attempt < len(runs) - 1:
            x, y = float(order[-1]), steps[-1]
            ax.plot(x + 0.6, y + 0.6, "X", color=COLOURS["wrong"], markersize=9)
        done += len(steps)
    ax.set(xlabel="steps done so far", ylabel="step of the training")
