"""The home page's data: one network, one step against its gradients, and the loss after it."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

from course.interactive.experiments import fragment, given
from course.words import N_, _, translated
from mlp_reference import manual
from mlp_reference.network_graph import STRAND, strand
from mlp_reference.walkthrough import elements, with_minus
from mlp_reference.worked_example import LESSON

LESSON_ZERO = "tutorials/00_gradient_descent"
EXPLORER = "explorer"

SLIDER = {"min": 0.01, "max": 0.4, "step": 0.01}
"""The learning rates to try: with the shortest the loss falls, with lesson 1's own it rises."""

WORDS = {
    "take": "Take a step",
    "back": "Take it back",
    "start": "Loss {before}",
    "start_told": "The output is {output}, and {target} is wanted.",
    "rose": "Loss {before} → {after} ▲ +{change}",
    "rose_told": "Every gradient was right. What happened?",
    "rose_value": "{rate}: the loss rises to {after}",
    "fell": "Loss {before} → {after} ▼ −{change}",
    "fell_told": "The same gradients, a shorter step: it falls.",
    "fell_value": "{rate}: the loss falls to {after}",
    "moved": "{before} → {after}",
}
"""What the program says; it replaces the names in braces."""

ALT = N_(
    "A network with three inputs, two hidden neurons and one output. Six weights lead from the "
    "inputs to the hidden neurons, two from these to the output. Beside each weight, a thin "
    "line shows the size of its gradient."
)
BOWL_ALT = N_(
    "The loss over the output: a bowl with its lowest point at the target. Before the step the "
    "output is above the target; after it, it is below, farther away and higher up the bowl."
)

# -- The network as a picture: a strand for each weight, and a thinner one for its gradient

WIDTH, HEIGHT = 400, 226
NODES = {
    **{f"x{k}": (26, 28 + 85 * (k - 1)) for k in (1, 2, 3)},
    **{f"z{j}": (232, 66 + 94 * (j - 1)) for j in (1, 2)},
    "y": (368, 113),
}
RADIUS = 18
APART = 5  # from the middle of a weight's strand to that of its gradient
STRONGER = 1.8  # than the strands of the explorer, whose picture is larger


class Strand(NamedTuple):
    """A weight in the picture."""

    name: str  # as in `Solution`
    place: str  # as in the explorer
    gradient: str
    start: tuple[float, float]
    end: tuple[float, float]
    aside: tuple[float, float]  # from the weight's strand to that of its gradient
    label: tuple[float, float]


def strands() -> Iterator[Strand]:
    """Yield all eight weights."""
    for j in (1, 2):
        for k in (1, 2, 3):
            names = (f"W1[{j - 1}][{k - 1}]", f"W1_{j}{k}", f"dL_dw1[{j - 1}][{k - 1}]")
            yield _strand(names, f"x{k}", f"z{j}", along=0.35)
    for j in (1, 2):
        names = (f"W2[0][{j - 1}]", f"W2_1{j}", f"dL_dw2[0][{j - 1}]")
        yield _strand(names, f"z{j}", "y", along=0.5)


def _strand(names: tuple[str, str, str], start: str, end: str, along: float) -> Strand:
    (x1, y1), (x2, y2) = NODES[start], NODES[end]
    length = math.hypot(x2 - x1, y2 - y1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    return Strand(
        *names,
        start=(x1 + RADIUS * dx, y1 + RADIUS * dy),
        end=(x2 - RADIUS * dx, y2 - RADIUS * dy),
        aside=(-APART * dy, APART * dx),
        label=(x1 + along * (x2 - x1), y1 + along * (y2 - y1)),
    )


def thickness(value: float) -> str:
    """Return the width of a strand."""
    return f"{STRONGER * strand(value)[0]:.2f}"


# -- The loss over the output. It is (y − t)², whatever the weights, so the bowl never changes.

BOWL_WIDTH, BOWL_HEIGHT = 400, 176
REACH = 0.55  # of the output, on both sides of the target
LEFT, FLOOR, ACROSS, UP = 200, 138, 300, 390
"""Where the target stands in the picture, and its pixels per unit of output and of loss."""


def on_bowl(y: float, t: float) -> tuple[float, float]:
    """Return the place of an output on the bowl."""
    return LEFT + ACROSS * (y - t), FLOOR - UP * (y - t) ** 2


def bowl() -> str:
    """Return the parabola, as an SVG path: one curve of the second degree is exact."""
    side, height = ACROSS * REACH, UP * REACH**2
    left, top = LEFT - side, FLOOR - height
    # The control point lies as far below the floor as the ends lie above it.
    return f"M{left:g} {top:g}Q{LEFT} {FLOOR + height:g} {LEFT + side:g} {top:g}"


def short(value: float) -> str:
    """Return a number with the two decimals that the picture has room for."""
    return with_minus(f"{value:z.2f}")


def context() -> dict[str, Any]:
    """Return what the template and its program need."""
    before, moved = manual.solve(LESSON), LESSON.after_update(manual.solve(LESSON))
    landed = manual.solve(moved)
    number: dict[str, float] = {}
    for name, value in (asdict(LESSON) | before._asdict()).items():
        number |= elements(name, value)
    return {
        "alt": _(ALT),
        "bowl_alt": _(BOWL_ALT),
        "size": (WIDTH, HEIGHT),
        "nodes": NODES,
        "radius": RADIUS,
        "strands": [*strands()],
        "thickness": thickness,
        "short": short,
        "number": number,
        "bowl": {"path": bowl(), "target": LEFT, "floor": FLOOR},
        "bowl_size": (BOWL_WIDTH, BOWL_HEIGHT),
        "at": on_bowl(before.y[0], LESSON.t[0]),
        "landed_at": on_bowl(landed.y[0], LESSON.t[0]),
        "after": {"loss": landed.loss, "y": landed.y[0]},
        "slider": SLIDER,
        "words": translated(WORDS),
        "lesson_zero": LESSON_ZERO,
        "explorer": EXPLORER,
        "fragment": fragment(LESSON, updates=1),
        "data": {
            "example": asdict(LESSON),
            "words": translated(WORDS),
            "bowl": {"left": LEFT, "floor": FLOOR, "across": ACROSS, "up": UP},
            "strand": {name: STRONGER * value for name, value in STRAND.items()},
            "numbers": [*given(LESSON).values()],  # in the order of the address
        },
    }
