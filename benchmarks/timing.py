"""Timing in turns, so that whatever else the machine does affects all contenders alike."""

from collections.abc import Callable, Mapping
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

WARM_UP = 0.05
"""Seconds for which each contender runs before it is timed."""


class Timing(NamedTuple):
    """The time of one contender, and its ratio to the reference.

    Attributes
    ----------
    microseconds : float
        Time of a call, the median of all rounds.
    low, high : float
        Its quartiles.
    ratio : float
        How many times as fast as the reference it is, the median of the rounds' ratios.
    ratio_low, ratio_high : float
        Its quartiles.
    """

    microseconds: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float


def take_turns(
    calls: Mapping[str, Callable[[], object]], rounds: int, seconds: float
) -> dict[str, list[float]]:
    """Call each contender for a while, one after the other, round by round.

    Parameters
    ----------
    calls : mapping of str to callable
        The contenders.
    rounds : int
        The number of turns of each. Every other round takes the contenders in reverse.
    seconds : float
        The approximate length of a turn, which has at least one call.

    Returns
    -------
    dict of str to list of float
        Microseconds for a call, by contender and round.
    """
    counts = {name: _calls_in(seconds, call) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(rounds):
        order = list(calls) if turn % 2 == 0 else list(calls)[::-1]
        for name in order:
            call, count = calls[name], counts[name]
            start = perf_counter()
            for _ in range(count):
                call()
            taken[name].append(1e6 * (perf_counter() - start) / count)
    return taken


def compare(taken: Mapping[str, list[float]], reference: str) -> dict[str, Timing]:
    """Return the medians and quartiles of what `take_turns` measured.

    Parameters
    ----------
    taken : mapping of str to list of float
        Microseconds, by contender and round; at least two rounds.
    reference : str
        The contender that the others are compared with.

    Returns
    -------
    dict of str to Timing
        By contender.
    """
    return {
        name: _timing(own, [r / o for r, o in zip(taken[reference], own, strict=True)])
        for name, own in taken.items()
    }


def _timing(own: list[float], ratios: list[float]) -> Timing:
    low, _, high = quantiles(own, n=4)
    ratio_low, _, ratio_high = quantiles(ratios, n=4)
    return Timing(median(own), low, high, median(ratios), ratio_low, ratio_high)


def _calls_in(seconds: float, call: Callable[[], object]) -> int:
    """Warm up, and return how many calls fill a turn."""
    count, start = 0, perf_counter()
    while not count or perf_counter() - start < WARM_UP:
        call()
        count += 1
    return max(1, round(seconds * count / (perf_counter() - start)))
