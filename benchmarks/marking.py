"""How many notebooks a second are read and marked, on one core and on all of them.

``nox -s bench -- marking`` runs this in an environment of its own.
"""

import json
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

import numpy as np

from mlp_reference.exercises.handouts.notebook import student
from mlp_reference.exercises.pen_and_paper.simulation import STYLES, fill_in
from mlp_reference.exercises.pen_and_paper.variants import variant
from mlp_reference.exercises.submissions.answers import Answers, find
from mlp_reference.exercises.submissions.batch import mark_all, mark_one
from mlp_reference.exercises.submissions.notebook_file import read
from mlp_reference.exercises.submissions.part_one import NAMES
from mlp_reference.exercises.submissions.records import Settings
from mlp_reference.worked_example import EXERCISE

EXERCISE_NAME = "ex1_01_pen_and_paper"
ROUNDS = 5
READ, EXECUTED = 400, 16
"""Notebooks of either kind in a round."""

Row = tuple[str, int, float, float]


def submissions(
    folder: Path, number: int, *, own: bool = False, computed: bool = False
) -> list[str]:
    """Write notebooks as learners hand them in, no two alike.

    Parameters
    ----------
    folder : Path
        Where they go.
    number : int
        How many.
    own : bool, optional
        Whether each has numbers of its own, or all have those of the exercise.
    computed : bool, optional
        Whether one answer of each has to be executed, or all are written as numbers.

    Returns
    -------
    list of str
        Their paths.
    """
    rng = np.random.default_rng(0)
    paths = []
    for seed in range(number):
        example = variant(seed) if own else EXERCISE
        answers = fill_in(example, STYLES[seed % len(STYLES)], rng)
        notebook = student(EXERCISE_NAME, example, seed if own else None)
        for cell in notebook["cells"]:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            if name in answers:
                cell["source"] = f"# learner {seed}\n{name} = {answers[name]!r}"
            if name == "z" and computed:
                cell["source"] = f"z = list({answers[name]!r})"
        path = folder / f"{seed:04}" / f"{EXERCISE_NAME}.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook), "utf-8")
        paths.append(str(path))
    return paths


def rate(
    mark: Callable[[list[str]], list[Any]], paths: list[str]
) -> tuple[float, float]:
    """Measure how many notebooks a second are dealt with.

    Parameters
    ----------
    mark : callable
        Takes notebooks, and returns one result for each.
    paths : list of str
        The notebooks.

    Returns
    -------
    tuple of float
        The median over all rounds, and the slowest.
    """
    rates = []
    for _ in range(ROUNDS):
        variant.cache_clear()  # numbers of a learner's own are drawn, as they would be once
        start = perf_counter()
        results = mark(paths)
        rates.append(len(paths) / (perf_counter() - start))
        check(results)
    return median(rates), min(rates)


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
            found = result.points == result.max_points == 6.0
        if not found:
            raise AssertionError(f"not all was found or paid: {result}")


def measure() -> Iterator[Row]:
    """Measure every way of reading and marking.

    Yields
    ------
    tuple
        What was done, with how many in a round, how many a second, and in the worst round.
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
        folders = [Path(temporary, name) for name in ("same", "own", "computed")]
        for folder in folders:
            folder.mkdir()
        same = submissions(folders[0], READ)
        own = submissions(folders[1], READ, own=True)
        computed = submissions(folders[2], EXECUTED, computed=True)
        yield ("read", READ, *rate(read_only, same))
        yield ("read and marked", READ, *rate(one_by_one, same))
        yield ("read and marked, numbers of their own", READ, *rate(one_by_one, own))
        yield ("one answer executed", EXECUTED, *rate(one_by_one, computed))
        name = f"one answer executed, {os.cpu_count()} cores"
        yield (name, EXECUTED, *rate(side_by_side, computed))


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
        "| notebooks, on one core unless said | in a round | a second | slowest round |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {what} | {n} | {typical:.0f} | {worst:.0f} |"
        for what, n, typical, worst in rows
    ]
    where = f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores"
    lines.append(
        f"\nMeasured by `nox -s bench -- marking` on {date.today().isoformat()}, "
        f"{where}; the median of {ROUNDS} rounds."
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = table(list(measure()))
    sys.stdout.write(text)
    Path(sys.argv[1]).write_text(text, "utf-8", newline="\n")
