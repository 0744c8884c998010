"""How training goes: losses, predictions, settings compared, a loss that broadcasts."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mlp_reference.arrays import Array
from mlp_reference.drawing import COLOURS
from mlp_reference.plotting._style import LINES, alone, beside, marked

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def loss_curves(
    ax: Axes, curves: Mapping[str, Sequence[float]], noise_floor: float | None = None
) -> None:
    """Draw losses over the epochs on a log axis, with the noise variance σ² as a dashed line."""
    for label, losses in curves.items():
        epochs = np.arange(1, len(losses) + 1)
        ax.semilogy(epochs, losses, label=label, **alone(curves))
    if noise_floor is not None:
        ax.axhline(
            noise_floor, color=COLOURS["quiet"], linestyle="--", label="noise floor σ²"
        )
    ax.set(xlabel="epoch", ylabel="mean squared error")
    ax.legend()


def predictions(
    ax: Axes, X: Array, T: Array, grid: Array, curves: Mapping[str, Array]
) -> None:
    """Draw data as dots and predictions on a grid as lines, all of shape (…, 1)."""
    ax.plot(X, T, ".", color=COLOURS["quiet"], markersize=3.5, label="data")
    # No dotted line, because it would be lost among the data.
    styles = itertools.cycle(("-", "--", "-.", (0, (8, 1.5))))
    for (label, curve), style in zip(curves.items(), styles, strict=False):
        look: dict[str, Any] = {"linestyle": style, **alone(curves)}
        ax.plot(grid[:, 0], curve[:, 0], label=label, **look)
    ax.set(xlabel="x", ylabel="t")
    ax.legend()


def sweep(
    ax: Axes,
    sweeps: Mapping[
        str, Mapping[float, Sequence[float]] | Mapping[str, Sequence[float]]
    ],
    label: str,
    noise_floor: float | None = None,
) -> None:
    """Draw the final losses of each setting: a mark for each seed, a line through the medians.

    Settings that are numbers stand on a log axis; others stand side by side, the same ones in
    every sweep. A setting with runs that diverged (NaN or infinity) has a cross on the upper
    edge, with their number, and no median.
    """
    tables = [np.array([*losses.values()], dtype=float) for losses in sweeps.values()]
    seen = np.concatenate([table[np.isfinite(table)] for table in tables])
    top = 3 * float(seen.max()) if seen.size else 1.0
    settings = list(next(iter(sweeps.values())))
    numbers = not isinstance(settings[0], str)
    shifts = np.linspace(-0.1, 0.1, len(tables)) if len(tables) > 1 else [0.0]
    for (name, losses, mark), table, shift, colour in zip(
        marked(sweeps), tables, shifts, itertools.cycle(LINES), strict=False
    ):
        look: dict[str, Any] = {"color": COLOURS[colour], **alone(sweeps)}
        places = np.array([*losses]) if numbers else np.arange(len(losses)) + shift
        finite = np.isfinite(table)
        diverged = (~finite).sum(axis=1)
        medians = np.where(diverged, np.nan, np.median(table, axis=1))
        ax.plot(places, medians, linewidth=1.2, zorder=1, **look)
        dots = np.where(finite, table, np.nan).ravel()
        all_places = np.repeat(places, table.shape[1])
        dots_look = {"marker": mark["marker"], "markersize": 4.5, "linestyle": "none"}
        ax.plot(all_places, dots, label=name, **dots_look, **look)
        for place, count in zip(
            places[diverged > 0], diverged[diverged > 0], strict=True
        ):
            ax.plot([place], [top], "x", color=COLOURS["wrong"], markersize=8)
            words = f"{count} diverged"
            beside(ax, complex(place, top), words, (0, -14), ha="center")
    ax.set(yscale="log", xlabel=label, ylabel="validation loss")
    if numbers:
        ax.set_xscale("log")
    else:
        ax.set_xticks(range(len(settings)), [str(setting) for setting in settings])
    if noise_floor is not None:
        ax.axhline(
            noise_floor, color=COLOURS["quiet"], linestyle="--", label="noise floor σ²"
        )
    if len(sweeps) > 1:
        ax.legend()


def column_minus_row(ax: Axes, samples: int = 4) -> None:
    """Draw what a column of predictions minus a row of targets is: a square of differences."""
    subscripts = [str(n).translate(_LOWERED) for n in range(1, samples + 1)]
    for n, row in enumerate(subscripts):
        ax.text(-0.8, -n, f"y{row}", color=COLOURS["forward"], ha="center", va="center")
        ax.text(n, 0.8, f"t{row}", color=COLOURS["forward"], ha="center", va="center")
        for m, column in enumerate(subscripts):
            wanted = n == m
            box = Rectangle(
                (m - 0.46, -n - 0.46),
                0.92,
                0.92,
                facecolor="none",
                edgecolor=COLOURS["third" if wanted else "grid"],
                linewidth=1.8 if wanted else 1.0,
                zorder=2 if wanted else 1,
            )
            ax.add_patch(box)
            colour = COLOURS["ink" if wanted else "wrong"]
            text = f"y{row} − t{column}"
            ax.text(m, -n, text, color=colour, ha="center", va="center", fontsize=9.5)
    ax.set(xlim=(-1.2, samples - 0.4), ylim=(0.4 - samples, 1.1), aspect="equal")
    ax.axis("off")
