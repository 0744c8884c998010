"""The time to read and to mark notebooks, on one core and on all cores.

``nox -s bench -- marking`` runs this in an environment of its own. Notebooks that the warm process
runs are marked once before they are timed, because its libraries are loaded only once.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.record import publish, where
from benchmarks.submissions import of_code, of_part_one
from mlp_exercise.classroom.batches.batch import mark_all, mark_one
from mlp_exercise.classroom.collecting.collect import handed
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission.mark import EXERCISES, PART_ONE, Answers, Settings, find
from mlp_exercise.submission.notebook import read
from mlp_exercise.submission.run import History, Limits, run, usable_cores

ROUNDS = 5
READ, EXECUTED, CODE = 400, 16, 4
"""Notebooks in a round: with answers that are read, with one that is run, and with code."""

GOALS = {
    "read": 0.002,
    "read and marked": 0.002,
    "one answer executed": 0.02,
    "ex1_02_numpy_gradient": 0.06,
    "ex1_03_pytorch_regression": 0.6,
}
"""Goals in seconds for each notebook, on one core."""

Mark = Callable[[list[str]], list[Any]]


def times(mark: Mark, paths: list[str]) -> tuple[float, float]:
    """Return seconds for each notebook: the median over all rounds, and the slowest."""
    seconds = []
    for _ in range(ROUNDS):
        variant.cache_clear()  # a learner's own numbers are drawn once
        start = perf_counter()
        results = mark(paths)
        seconds.append((perf_counter() - start) / len(paths))
        check(results)
    return median(seconds), max(seconds)


def check(results: list[Any]) -> None:
    """Check that honest learners got their points, without which no time is recorded."""
    for result in results:
        match result:
            case Answers(values):
                found = len(values) == len(PART_ONE.steps)
            case History(changes):
                found = bool(changes)
            case _:
                sheet = result.sheet
                found = sheet.points == sheet.max_points > 0
        if not found:
            raise AssertionError(f"not all was found or paid: {result}")


def measure() -> Iterator[dict[str, Any]]:
    """Measure every way of reading and marking."""
    for what, mark, paths in _ways():
        check(mark(paths[:1]))
        seconds, slowest = times(mark, paths)
        yield {
            "what": what,
            "notebooks": len(paths),
            "goal": GOALS.get(what),
            "a_second": 1 / seconds,
            "seconds": seconds,
            "slowest": slowest,
        }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown, with a line that says where they come from."""
    lines = [
        "| notebooks, on one core unless said | in a round | a second | "
        "milliseconds for each | goal | slowest round |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['what']} | {row['notebooks']} | {_rounded(row['a_second'])} | "
        f"{_rounded(1000 * row['seconds'])} | "
        f"{(row['goal'] and format(1000 * row['goal'], 'g')) or ''} | "
        f"{_rounded(1000 * row['slowest'])} |"
        for row in rows
    ]
    how = f"The median of {ROUNDS} rounds. {where('marking')}"
    return "\n".join([*lines, "", how, ""])


def _ways() -> Iterator[tuple[str, Mark, list[str]]]:
    """Yield each way of marking by its name, with its function and its notebooks."""
    settings, together = Settings(), f"{usable_cores()} cores"

    def read_only(paths: list[str]) -> list[Any]:
        return [
            find(read(Path(path).read_bytes()), PART_ONE, Settings(execute=False))
            for path in paths
        ]

    def run_only(paths: list[str]) -> list[Any]:
        return [run(["a = 1"], ["a"], Limits()) for _ in paths]

    def one_by_one(paths: list[str]) -> list[Any]:
        return [mark_one(handed(path), settings) for path in paths]

    def side_by_side(paths: list[str]) -> list[Any]:
        return list(mark_all(paths, settings))

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        same = of_part_one(folder / "same", READ)
        own = of_part_one(folder / "own", READ, own=True)
        computed = of_part_one(folder / "computed", EXECUTED, computed=True)
        yield "read", read_only, same
        yield "read and marked", one_by_one, same
        yield "read and marked, numbers of their own", one_by_one, own
        yield "run, with one cell that says `a = 1`", run_only, computed
        slow = {"one answer executed": computed}
        for exercise in EXERCISES[1:]:
            slow[exercise.name] = of_code(exercise.name, folder / exercise.name, CODE)
        for what, paths in slow.items():
            yield what, one_by_one, paths
            yield f"{what}, {together}", side_by_side, paths


def _rounded(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


if __name__ == "__main__":
    measured = list(measure())
    publish("marking", measured, table(measured))
