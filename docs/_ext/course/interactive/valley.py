"""The valley's data: the loss of one linear neuron as a map, and settings for walks down it."""

import math
from typing import Any, NamedTuple

import numpy as np

from course.words import N_, _, translated
from mlp_reference.arrays import Array
from mlp_reference.datasets import eight_points
from mlp_reference.walkthrough import with_minus

ALT = N_(
    "Map of the loss over the weight w and the bias b. Its contour lines are long, tilted "
    "ellipses around the minimum, a narrow valley. From its start, a descent jumps from side "
    "to side of the valley, less far each time, and comes to the minimum."
)
START = (1.0, 1.0)
STEPS = 30
"""The steps of one run."""

RATES = {N_("creep"): 0.05, N_("zigzag"): 0.35, N_("leave"): 0.45}
"""The learning rates that lesson 0 speaks of: along the valley, across it, out of it."""

DRAWN = "zigzag"
"""The setting whose descent the page shows where no program runs."""

SLIDER = {"min": 0.01, "max": 0.5, "step": 0.01}
MOVES = {"drag": 0.01, "key": 0.05, "shift": 0.01}
"""How finely the ball can be put somewhere: by dragging, by an arrow key, and with Shift."""

LEVELS = (0.02, 0.1, 0.3, 1, 2, 4, 8)
"""The losses that have a contour line."""

NAMED = {0.3: 1.15, 1: 1.05, 2: 0.9}
"""The lines with a label, and how far along the valley it stands."""

FRAME = {"w": (-0.8, 2.2), "b": (-1.8, 1.2)}
TICKS = {"w": (-0.5, 0, 0.5, 1, 1.5, 2), "b": (-1.5, -1, -0.5, 0, 0.5, 1)}
WIDTH, HEIGHT = 370, 356
LEFT, TOP, SCALE = 55, 8, 102
"""Where the map begins in the picture, and its pixels per unit, the same both ways."""

WORDS = {
    "start": "Step 0: w\u00a0=\u00a0{w} and b\u00a0=\u00a0{b}. The loss L is {loss}, and its "
    "gradient has length {length}.",
    "step": "Step {steps}: w\u00a0=\u00a0{w} and b\u00a0=\u00a0{b}. {change} Its gradient has "
    "length {length}.",
    "fell": "The loss L fell from {before} to {loss}.",
    "rose": "The loss L rose from {before} to {loss}.",
    "same": "The loss L is still {loss}, to four decimals.",
    "left": "It has left for good: η is above the limit, so each swing is longer than the last.",
    "ball": "Ball: the weight w and the bias b. Arrow keys move it, with Shift in small steps.",
    "place": "w {w}, b {b}, loss {loss}, gradient {dL_dw} and {dL_db}",
    "map": "Map of the loss, with a ball",
    "run": "Run",
    "pause": "Pause",
}


class Point(NamedTuple):
    """A place on the map."""

    w: float
    b: float


class Ellipse(NamedTuple):
    """A contour line: centre and half axes in units of w and b, and the long one's angle."""

    centre: Point
    long: float
    short: float
    angle: float  # in degrees, from the axis of w towards that of b


class Label(NamedTuple):
    """A text beside a place of the picture."""

    x: float
    y: float
    text: str


def _design() -> tuple[Array, Array]:
    X, T = eight_points()
    return np.hstack([X, np.ones_like(X)]), T[:, 0]


def loss(at: tuple[float, float]) -> float:
    """Return the mean squared error of y = wx + b on the eight points."""
    design, targets = _design()
    return float(np.mean((design @ at - targets) ** 2))


def gradient(at: tuple[float, float]) -> Point:
    """Return ∂L/∂w and ∂L/∂b."""
    design, targets = _design()
    return Point(*(2 * (design @ at - targets) @ design / len(targets)).tolist())


def curvatures() -> tuple[Array, Array]:
    """Return the eigenvalues of the second derivatives, ascending, and their directions."""
    design, targets = _design()
    values, directions = np.linalg.eigh(2 * design.T @ design / len(targets))
    return values, directions.T


def limit() -> float:
    """Return the learning rate from which on no descent comes to rest: 2/λ, λ the largest."""
    values = curvatures()[0]
    return float(2 / values[-1])


def minimum() -> Point:
    """Return where the loss is smallest."""
    design, targets = _design()
    return Point(*np.linalg.solve(design.T @ design, design.T @ targets).tolist())


def descend(
    rate: float, steps: int = STEPS, start: tuple[float, float] = START
) -> list[Point]:
    """Return every place that a descent visits, the start first."""
    visited = [Point(*start)]
    for _step in range(steps):
        at, slope = visited[-1], gradient(visited[-1])
        visited.append(Point(at.w - rate * slope.w, at.b - rate * slope.b))
    return visited


def ellipse(level: float) -> Ellipse:
    """Return the contour line of a loss."""
    (flat, steep), directions = curvatures()
    above = level - loss(minimum())
    angle = math.degrees(math.atan2(directions[0][1], directions[0][0])) % 180
    return Ellipse(
        minimum(), math.sqrt(2 * above / flat), math.sqrt(2 * above / steep), angle
    )


def on_line(level: float, along: float) -> Point:
    """Return a place on the right side of a contour line, so far along the valley."""
    line = ellipse(level)
    turn = math.radians(line.angle)
    across = line.short * math.sqrt(1 - (along / line.long) ** 2)
    w = line.centre.w - along * math.cos(turn) + across * math.sin(turn)
    return Point(w, line.centre.b - along * math.sin(turn) - across * math.cos(turn))


def steepest() -> float:
    """Return the largest loss on the map, which is at a corner."""
    return max(loss((w, b)) for w in FRAME["w"] for b in FRAME["b"])


def pixels(at: tuple[float, float]) -> tuple[float, float]:
    """Return a place of the picture, rounded, so that all machines write the same page."""
    x = LEFT + (at[0] - FRAME["w"][0]) * SCALE
    return round(x, 1), round(TOP + (FRAME["b"][1] - at[1]) * SCALE, 1)


def path(places: list[Point]) -> str:
    """Return a line through places as SVG."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in map(pixels, places))


def arrow(start: Point, end: Point) -> str:
    """Return an arrow as SVG; `valley.js` draws it in the same way."""
    (x1, y1), (x2, y2) = pixels(start), pixels(end)
    head = min(9, math.hypot(x2 - x1, y2 - y1) / 2)
    angle = math.atan2(y2 - y1, x2 - x1)
    barbs = [
        f"{x2 - head * math.cos(angle + turn):.1f} {y2 - head * math.sin(angle + turn):.1f}"
        for turn in (-0.5, 0.5)
    ]
    return f"M{x1:g} {y1:g}L{x2:g} {y2:g}M{barbs[0]}L{x2:g} {y2:g}L{barbs[1]}"


def ellipses() -> list[dict[str, str]]:
    """Return the contour lines as attributes of SVG ellipses, the outermost first."""
    found = []
    for level in sorted(LEVELS, reverse=True):
        line = ellipse(level)
        x, y = pixels(line.centre)
        turn = f"translate({x:g} {y:g}) rotate({-line.angle:.2f})"  # y grows downwards
        found.append(
            {
                "data-level": f"{level:g}",
                "rx": f"{line.long * SCALE:.1f}",
                "ry": f"{line.short * SCALE:.1f}",
                "transform": turn,
            }
        )
    return found


def ticks() -> dict[str, list[Label]]:
    """Return the ticks of both axes."""
    signed = {name: [with_minus(f"{v:g}") for v in at] for name, at in TICKS.items()}
    bottom = FRAME["b"][0]
    return {
        "w": [
            Label(*pixels((at, bottom)), text)
            for at, text in zip(TICKS["w"], signed["w"], strict=True)
        ],
        "b": [
            Label(*pixels((FRAME["w"][0], at)), text)
            for at, text in zip(TICKS["b"], signed["b"], strict=True)
        ],
    }


def context() -> dict[str, Any]:
    """Return what the template needs, with the program's data."""
    X, T = eight_points()
    x1, y1 = pixels((FRAME["w"][0], FRAME["b"][1]))
    x2, y2 = pixels((FRAME["w"][1], FRAME["b"][0]))
    descent = descend(RATES[DRAWN])
    start, first = descent[:2]
    share = (limit() - SLIDER["min"]) / (SLIDER["max"] - SLIDER["min"])
    data = {
        "x": X[:, 0].tolist(),
        "t": T[:, 0].tolist(),
        "start": START,
        "steps": STEPS,
        "moves": MOVES,
        "steepest": round(steepest(), 6),
        "frame": FRAME,
        "picture": {"left": LEFT, "top": TOP, "scale": SCALE},
        "words": translated(WORDS),
    }
    return {
        "alt": _(ALT),
        "width": WIDTH,
        "height": HEIGHT,
        "frame": {"x1": x1, "y1": y1, "x2": x2, "y2": y2},
        "ellipses": ellipses(),
        "names": [
            Label(*pixels(on_line(level, along)), f"{level:g}")
            for level, along in NAMED.items()
        ],
        "ticks": ticks(),
        "minimum": pixels(minimum()),
        "ball": pixels(START),
        "trail": path(descent),
        "arrow": arrow(start, first),
        "rates": RATES,
        "drawn": RATES[DRAWN],
        "start": START,
        "steps": STEPS,
        "slider": SLIDER,
        "share": f"{share:.4f}",
        "limit": f"{limit():.4f}",
        "data": data,
    }
