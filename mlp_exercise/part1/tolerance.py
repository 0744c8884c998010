"""What "accurate to two decimals" means: which numbers a box explains, and what they stand for."""

from collections.abc import Sequence

from mlp_exercise.part1.answer import decimals_of, half_unit
from mlp_exercise.part1.boxes import Box, Interval

TOLERANCE = 0.005 + 5e-5
"""Half a unit of the second decimal, τ, with a little slack for arithmetic on the way."""

CENT = 0.01
"""One unit of the second decimal."""

CARRIED = (3, 4, 5)
"""Whoever writes two decimals may carry a few more; beyond five nothing is seen of it."""

LAST_DIGITS = 1e-12
"""Keeps 0.285 within half a hundredth of 0.29, where floats put it just outside."""


def explains(box: Box, values: Sequence[float], *, truncated: bool = False) -> bool:
    """Say whether a box accounts for an answer, as a whole.

    Parameters
    ----------
    box : Box
        What the answer should be.
    values : sequence of float
        What it is.
    truncated : bool, optional
        Whether 0.23 is an answer to 0.2355, decimals cut off and not rounded.

    Returns
    -------
    bool
        Whether every element lies within τ of its interval.
    """
    return not unexplained(box, values, truncated=truncated)


def unexplained(
    box: Box, values: Sequence[float], *, truncated: bool = False
) -> list[int]:
    """List the elements that a box does not account for.

    Parameters
    ----------
    box : Box
        What the answer should be.
    values : sequence of float
        What it is.
    truncated : bool, optional
        As in `explains`.

    Returns
    -------
    list of int
        Their places, row by row.
    """
    return [
        place
        for place, (interval, value) in enumerate(zip(box, values, strict=True))
        if not interval.low - TOLERANCE <= value <= interval.high + TOLERANCE
        and not (truncated and _is_cut_off(interval, value))
    ]


def plausible(
    values: Sequence[float], explanations: Sequence[Box], *, truncated: bool = False
) -> Box:
    """Find what an answer may stand for: itself, and whatever explains it and rounds to it.

    What explains it may have been carried with a few decimals only, which moves it a little.

    Parameters
    ----------
    values : sequence of float
        The answer as recorded.
    explanations : sequence of Box
        The boxes that explain it. If there is none, the error starts here, and the answer
        may stand for anything that rounds to it.
    truncated : bool, optional
        Whether it may have been cut off where it was not rounded.

    Returns
    -------
    Box
        One interval for each element.
    """
    result = []
    for place, value in enumerate(values):
        window = _window(value, truncated)
        parts = [_common(window, box[place]) for box in explanations] or [window]
        ends = [value, *(end for part in parts for end in part)]
        result.append(Interval(min(ends), max(ends)))
    return tuple(result)


def _window(value: float, truncated: bool) -> Interval:
    half = half_unit(value)
    slack = LAST_DIGITS if half else 0.0
    low, high = value - half - slack, value + half + slack
    if truncated and decimals_of(value) <= 2:
        return Interval(
            value - CENT if value <= 0 else low, value + CENT if value >= 0 else high
        )
    return Interval(low, high)


def _common(window: Interval, explanation: Interval) -> tuple[float, ...]:
    """Give the ends of what an interval, as carried, shares with the window; none if nothing."""
    low, high = explanation
    if low > window.low:
        low = min(low, *(round(low, d) for d in CARRIED))
    if high < window.high:
        high = max(high, *(round(high, d) for d in CARRIED))
    low, high = max(window.low, low), min(window.high, high)
    return (low, high) if low <= high else ()


def _is_cut_off(interval: Interval, value: float) -> bool:
    if decimals_of(value) > 2:
        return False
    low = value - CENT if value <= 0 else value
    high = value + CENT if value >= 0 else value
    return low - LAST_DIGITS < interval.high and interval.low < high + LAST_DIGITS
