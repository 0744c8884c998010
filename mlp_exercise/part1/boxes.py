"""Boxes: what the numbers of an answer may stand for, element by element.

An answer written as 0.29 may stand for anything from 0.285 to 0.295. A formula turns the boxes of
its inputs into a box for its result, and that box is exact: each formula of the exercise rises or
falls in each of its variables, apart from a turn at zero (1 − z²) or at the target ((y − t)²), so
it is largest and smallest at the ends of intervals or at those turns.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice, product
from typing import Any, NamedTuple

CENT = 0.01
# Half a unit of the second decimal, τ, with a little slack for arithmetic on the way.
TOLERANCE = 0.005 + 5e-5
COMPUTED = 9  # from this many decimals on, a number was not rounded by hand
CARRIED = (3, 4, 5)  # decimals to carry where two are written; more change nothing
LAST_DIGITS = 1e-12  # keeps 0.285 within half a hundredth of 0.29, whatever floats do

Shape = tuple[int, ...]
Point = tuple[float, ...]


class Interval(NamedTuple):
    """All numbers from `low` to `high`, both included."""

    low: float
    high: float


Box = tuple[Interval, ...]
"""An interval for each element, row by row."""


def flatten(value: Any) -> list[Any]:
    """Return the elements of nested lists, row by row."""
    if not isinstance(value, list):
        return [value]
    elements = []
    for item in value:
        if isinstance(item, list):
            elements += flatten(item)
        else:
            elements.append(item)
    return elements


def nest(elements: Iterable[Any], shape: Shape) -> Any:
    """Return elements in their shape again, as many as it needs; undoes `flatten`."""
    rest = iter(elements)
    if len(shape) < 2:
        return list(islice(rest, *shape)) if shape else next(rest)
    return [nest(rest, shape[1:]) for _ in range(shape[0])]


def exactly(values: Iterable[float]) -> Box:
    """Return the box of numbers that stand for themselves alone."""
    return tuple(Interval(value, value) for value in values)


def corners(box: Box, turns: Sequence[float], *, together: bool) -> list[Point]:
    """Return the points of a box where formulas are largest or smallest.

    Its elements may move together if each result needs only one of them.
    """
    if not together:
        each = (corners((i,), turns, together=True) for i in box)
        return [tuple(chain.from_iterable(point)) for point in product(*each)]
    lows, highs = zip(*box, strict=True)
    inside = [t for t in turns if any(low < t < high for low, high in box)]
    between = [tuple(min(max(t, low), high) for low, high in box) for t in inside]
    return [lows, *between] if lows == highs else [lows, highs, *between]


def hull(results: Iterable[Sequence[float]]) -> Box:
    """Return the smallest box that holds all results."""
    columns = zip(*results, strict=True)
    return tuple(Interval(min(column), max(column)) for column in columns)


def decimals_of(value: float) -> int:
    """Return how many decimals Python writes a number with; 0.25 and 25e-2 have two."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


@lru_cache(maxsize=4096)
def half_unit(value: float) -> float:
    """Return half a unit of a number's last decimal; 0.005 at most, 0 if it was computed."""
    decimals = decimals_of(value)
    return 0.0 if decimals >= COMPUTED else 0.5 * 10.0 ** -max(decimals, 2)


def unexplained(
    box: Box,
    values: Sequence[float],
    *,
    truncated: bool = False,
    tolerance: float = TOLERANCE,
) -> list[int]:
    """Return the places of the values that lie too far beside their interval.

    Where decimals may be truncated, 0.23 will do for 0.2355 too.
    """
    return [
        place
        for place, (interval, value) in enumerate(zip(box, values, strict=True))
        if not interval.low - tolerance <= value <= interval.high + tolerance
        and not (truncated and _meet(interval, _before_truncation(value)))
    ]


def explains(box: Box, values: Sequence[float], *, truncated: bool = False) -> bool:
    """Return whether a box accounts for an answer as a whole; see `unexplained`."""
    return not unexplained(box, values, truncated=truncated)


def plausible(
    values: Sequence[float], explanations: Sequence[Box], *, truncated: bool = False
) -> Box:
    """Return what an answer may stand for: itself, and whatever explains and rounds to it.

    If nothing explains it, the error starts here, and it may stand for all that rounds to it.
    """
    result = []
    for place, value in enumerate(values):
        window = _window(value, truncated)
        parts = [_common(window, box[place]) for box in explanations] or [window]
        ends = [value, *chain.from_iterable(parts)]
        result.append(Interval(min(ends), max(ends)))
    return tuple(result)


def _window(value: float, truncated: bool) -> Interval:
    """Return all that rounds to a number, or is truncated to it."""
    half = half_unit(value)
    slack = LAST_DIGITS if half else 0.0
    low, high = value - half - slack, value + half + slack
    if truncated:
        before = _before_truncation(value)
        low, high = min(low, before.low), max(high, before.high)
    return Interval(low, high)


def _common(window: Interval, explanation: Interval) -> tuple[float, ...]:
    """Return the ends of what an interval, as carried, shares with a window, if anything."""
    low, high = explanation
    if low > window.low:
        low = min(low, *(round(low, d) for d in CARRIED))
    if high < window.high:
        high = max(high, *(round(high, d) for d in CARRIED))
    low, high = max(window.low, low), min(window.high, high)
    return (low, high) if low <= high else ()


def _before_truncation(value: float) -> Interval:
    """Return what becomes a number of two decimals when all others are cut off."""
    if decimals_of(value) > 2:
        return Interval(value, value)
    return Interval(value - CENT * (value <= 0), value + CENT * (value >= 0))


def _meet(one: Interval, other: Interval) -> bool:
    return other.low - LAST_DIGITS < one.high and one.low < other.high + LAST_DIGITS
