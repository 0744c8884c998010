"""Boxes: what an earlier answer may stand for once rounding is allowed for, element by element.

An answer written as 0.29 may stand for anything from 0.285 to 0.295.
A formula turns the boxes of its inputs into a box for its result, and that box is exact:
each formula of the exercise rises or falls in each of its variables, apart from a turn
at zero (1 − z²) or at the target ((y − t)²), so it is largest and smallest at the ends
of intervals or at those turns.
"""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple

from mlp_reference.worked_example import Value

Shape = tuple[int, ...]


class Interval(NamedTuple):
    """All numbers from `low` to `high`, both included."""

    low: float
    high: float


Box = tuple[Interval, ...]
"""An interval for each element, row by row."""

BoxFormula = Callable[[Sequence[tuple[float, ...]]], tuple[float, ...]]


def flatten(value: Value) -> tuple[float, ...]:
    """List the elements of a scalar, vector or matrix, row by row.

    Parameters
    ----------
    value : Value
        A number, a vector or a matrix.

    Returns
    -------
    tuple of float
        Its elements.
    """
    if not isinstance(value, list):
        return (value,)
    elements: list[float] = []
    for item in value:
        if isinstance(item, list):
            elements += item
        else:
            elements.append(item)
    return tuple(elements)


def nest(elements: Sequence[float], shape: Shape) -> Any:
    """Put elements back into their shape; the inverse of `flatten`.

    Parameters
    ----------
    elements : sequence of float
        Row by row.
    shape : tuple of int
        None, one or two axes.

    Returns
    -------
    Value
        A number, a vector or a matrix.
    """
    if not shape:
        return elements[0]
    if len(shape) == 1:
        return list(elements)
    width = shape[1]
    return [list(elements[row * width : (row + 1) * width]) for row in range(shape[0])]


def image(formula: BoxFormula, boxes: Sequence[Box], turns: Sequence[float]) -> Box:
    """Find the box of a formula's results over all points of the boxes of its inputs.

    Parameters
    ----------
    formula : callable
        Maps the elements of each input to the elements of the result.
    boxes : sequence of Box
        One for each input.
    turns : sequence of float
        Where the formula may turn between the ends of an interval.

    Returns
    -------
    Box
        The smallest box that holds every result.
    """
    sizes = [len(box) for box in boxes]
    levels = [_levels((interval,), turns) for box in boxes for interval in box]
    results = []
    for point in product(*levels):
        rest = iter(point)
        inputs = [tuple(next(rest)[0] for _ in range(size)) for size in sizes]
        results.append(formula(inputs))
    return _hull(results)


def image_each(
    formula: BoxFormula, boxes: Sequence[Box], turns: Sequence[float]
) -> Box:
    """Do the same for a formula in which each result needs one element of each input.

    Then all elements of an input can move together, and far fewer points need be tried.

    Parameters
    ----------
    formula : callable
        As in `image`.
    boxes : sequence of Box
        One for each input.
    turns : sequence of float
        As in `image`.

    Returns
    -------
    Box
        The smallest box that holds every result.
    """
    points = product(*(_levels(box, turns) for box in boxes))
    return _hull([formula(point) for point in points])


def is_finite(box: Box) -> bool:
    """Say whether every end is a finite number; others explain nothing.

    Parameters
    ----------
    box : Box
        A box.

    Returns
    -------
    bool
        Whether it is of any use.
    """
    return all(math.isfinite(low) and math.isfinite(high) for low, high in box)


def _levels(box: Box, turns: Sequence[float]) -> list[tuple[float, ...]]:
    """List the points of a box that matter where all its elements move together."""
    levels = [tuple(interval.low for interval in box)]
    if any(low != high for low, high in box):
        levels.append(tuple(interval.high for interval in box))
    inside = [t for t in turns if any(low < t < high for low, high in box)]
    levels += [tuple(min(max(t, low), high) for low, high in box) for t in inside]
    return levels


def _hull(results: Sequence[tuple[float, ...]]) -> Box:
    columns = zip(*results, strict=True)
    return tuple(Interval(min(column), max(column)) for column in columns)
