"""How long it takes to read and to mark notebooks, on one core and on all of them.

``nox -s bench -- marking`` runs this in an environment of its own.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.record import publish, where
from benchmarks.submissions import of_code, of_part_one
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission.answers import Answers, find
from mlp_exercise.submission.batch import EXERCISES, mark_all, mark_one
from mlp_exercise.submission.run import usable_cores
from mlp_exercise.submission.notebook_file import read
from mlp_exercise.submission.part_one import NAMES, PART_ONE
from mlp_exercise.submission.records import Settings

ROUNDS = 5
READ, EXECUTED, CODE = 400, 16, 4
"""Notebooks in a round: with answers that are read, with one that is executed, with code."""

GOAL = 500
"""So many notebooks whose answers are read, not executed, a second on one core."""


Mark = Callable[[list[str]], list[Any]]
Way = tuple[str, int | None, Mark, list[str]]


def times(mark: Mark, paths: list[str]) -> tuple[float, float]:
    """Measure how long a notebook takes.

    Parameters
    ----------
    mark : callable
        Takes notebooks, and returns one result for each.
    paths : list of str
        The notebooks.

    Returns
    -------
    tuple of float
        Seconds for each notebook: the median over all rounds, and the slowest.
    """
    seconds = []
    for _ in range(ROUNDS):
        variant.cache_clear()  # numbers of a learner's own are drawn, as they would be once
        start = perf_counter()
        results = mark(paths)
        seconds.append((perf_counter() - start) / len(paths))
        check(results)
    return median(seconds), max(seconds)


def check(results: list[Any]) -> None:
    """See that honest learners got what they should: otherwise nothing is measured.

    Parameters
    ----------
    results : list of Result or Answers
        What came of a round.

    Raises
    ------
    AssertionError
        If an answer was not found, or not paid.
    """
    for result in results:
        if isinstance(result, Answers):
            found = len(result.values) == len(NAMES)
        else:
            found = result.points == result.max_points > 0
        if not found:
            raise AssertionError(f"not all was found or paid: {result}")


def measure() -> Iterator[dict[str, Any]]:
    """Measure every way of reading and marking.

    Yields
    ------
    dict
        What was done, with how many in a round, seconds for each, and in the slowest round.
    """
    for what, goal, mark, paths in _ways():
        seconds, slowest = times(mark, paths)
        yield {
            "what": what,
            "notebooks": len(paths),
            "goal": goal,
            "a_second": 1 / seconds,
            "seconds": seconds,
            "slowest": slowest,
        }


def table(rows: list[dict[str, Any]]) -> str:
    """Write the rows as Markdown, with a line that says where they come from.

    Parameters
    ----------
    rows : list of dict
        What `measure` yielded.

    Returns
    -------
    str
        Markdown.
    """
    lines = [
        "| notebooks, on one core unless said | in a round | a second | goal | "
        "seconds for each | slowest round |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['what']} | {row['notebooks']} | {_count(row['a_second'])} | "
        f"{row['goal'] or ''} | {row['seconds']:.2g} | {row['slowest']:.2g} |"
        for row in rows
    ]
    how = f"The median of {ROUNDS} rounds. {where('marking')}"
    return "\n".join([*lines, "", how, ""])


def _ways() -> Iterator[Way]:
    """List what is done, how often, with what goal, by what, and with which notebooks."""
    settings, together = Settings(), f"{usable_cores()} cores"

    def read_only(paths: list[str]) -> list[Any]:
        return [
            find(read(Path(path).read_bytes()), NAMES, execute=False, timeout=1.0)
            for path in paths
        ]

    def one_by_one(paths: list[str]) -> list[Any]:
        return [mark_one(path, settings) for path in paths]

    def side_by_side(paths: list[str]) -> list[Any]:
        return list(mark_all(paths, settings))

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        same = of_part_one(folder / "same", READ)
        own = of_part_one(folder / "own", READ, own=True)
        yield "read", GOAL, read_only, same
        yield "read and marked", GOAL, one_by_one, same
        yield "read and marked, numbers of their own", None, one_by_one, own
        computed = of_part_one(folder / "computed", EXECUTED, computed=True)
        slow = {"one answer executed": computed}
        for exercise in EXERCISES:
            if exercise is not PART_ONE:
                slow[exercise.name] = of_code(
                    exercise.name, folder / exercise.name, CODE
                )
        for what, paths in slow.items():
            yield what, None, one_by_one, paths
            yield f"{what}, {together}", None, side_by_side, paths


def _count(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


if __name__ == "__main__":
    measured = list(measure())
    publish("marking", measured, table(measured))
