"""How long it takes to read and to mark notebooks, on one core and on all of them.

``nox -s bench -- marking`` runs this in an environment of its own.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.submissions import of_code, of_part_one
from mlp_reference.exercises.pen_and_paper.variants import variant
from mlp_reference.exercises.submissions.answers import Answers, find
from mlp_reference.exercises.submissions.batch import EXERCISES, mark_all, mark_one
from mlp_reference.exercises.submissions.notebook_file import read
from mlp_reference.exercises.submissions.part_one import NAMES, PART_ONE
from mlp_reference.exercises.submissions.records import Settings

ROUNDS = 5
READ, EXECUTED, CODE = 400, 16, 4
"""Notebooks in a round: with answers that are read, with one that is executed, with code."""

Row = tuple[str, int, float, float]


def times(
    mark: Callable[[list[str]], list[Any]], paths: list[str]
) -> tuple[float, float]:
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


def measure() -> Iterator[Row]:
    """Measure every way of reading and marking.

    Yields
    ------
    tuple
        What was done, with how many in a round, seconds for each, and in the slowest round.
    """
    settings = Settings()

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
        computed = of_part_one(folder / "computed", EXECUTED, computed=True)
        yield ("read", READ, *times(read_only, same))
        yield ("read and marked", READ, *times(one_by_one, same))
        yield ("read and marked, numbers of their own", READ, *times(one_by_one, own))
        yield ("one answer executed", EXECUTED, *times(one_by_one, computed))
        together = f"{os.cpu_count()} cores"
        part = f"one answer executed, {together}"
        yield (part, EXECUTED, *times(side_by_side, computed))
        for exercise in EXERCISES:
            if exercise is not PART_ONE:
                paths = of_code(exercise.name, folder / exercise.name, CODE)
                yield (exercise.name, CODE, *times(one_by_one, paths))
                part = f"{exercise.name}, {together}"
                yield (part, CODE, *times(side_by_side, paths))


def table(rows: list[Row]) -> str:
    """Write the rows as Markdown, with a line that says where they come from.

    Parameters
    ----------
    rows : list of tuple
        What `measure` yielded.

    Returns
    -------
    str
        Markdown.
    """
    lines = [
        "| notebooks, on one core unless said | in a round | a second | seconds for each | "
        "slowest round |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {what} | {n} | {_count(1 / typical)} | {typical:.2g} | {worst:.2g} |"
        for what, n, typical, worst in rows
    ]
    where = f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores"
    lines.append(
        f"\nMeasured by `nox -s bench -- marking` on {date.today().isoformat()}, "
        f"{where}; the median of {ROUNDS} rounds."
    )
    return "\n".join(lines) + "\n"


def _count(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


if __name__ == "__main__":
    text = table(list(measure()))
    sys.stdout.write(text)
    Path(sys.argv[1]).write_text(text, "utf-8", newline="\n")
