"""How many notebooks a second are marked: read off the page, executed, and many at once.

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
from mlp_reference.exercises.pen_and_paper.steps import STEPS
from mlp_reference.exercises.pen_and_paper.variants import variant
from mlp_reference.exercises.submissions.batch import mark_all, mark_one
from mlp_reference.exercises.submissions.records import Settings

EXERCISE_NAME = "ex1_01_pen_and_paper"
ROUNDS = 5
READ, EXECUTED = 400, 16
"""Notebooks of either kind in a round."""

Row = tuple[str, int, float, float]


def submissions(folder: Path, number: int, *, computed: bool) -> list[str]:
    """Write notebooks as learners hand them in, no two alike.

    Parameters
    ----------
    folder : Path
        Where they go.
    number : int
        How many.
    computed : bool
        Whether one answer of each has to be executed, or all are written as numbers.

    Returns
    -------
    list of str
        Their paths.
    """
    rng = np.random.default_rng(0)
    paths = []
    for seed in range(number):
        answers = fill_in(variant(seed), STYLES[seed % len(STYLES)], rng)
        notebook = student(EXERCISE_NAME, variant(seed), seed)
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
    """Measure how many notebooks a second are marked.

    Parameters
    ----------
    mark : callable
        Marks notebooks and returns the results.
    paths : list of str
        The notebooks.

    Returns
    -------
    tuple of float
        The median over all rounds, and the slowest.

    Raises
    ------
    AssertionError
        If a learner without any mistake did not get all points: then nothing is measured.
    """
    rates = []
    for _ in range(ROUNDS):
        variant.cache_clear()  # every learner's numbers are drawn, as they would be once
        start = perf_counter()
        results = mark(paths)
        rates.append(len(paths) / (perf_counter() - start))
        points = [sum(m.points for m in result.sheet.marks) for result in results]
        if points != [0.5 * len(STEPS)] * len(paths):
            raise AssertionError(f"honest learners got {points}")
    return median(rates), min(rates)


def measure() -> Iterator[Row]:
    """Measure every way of marking.

    Yields
    ------
    tuple
        What was marked, how many in a round, notebooks a second, and those of the worst round.
    """
    settings = Settings()

    def one_after_another(paths: list[str]) -> list[Any]:
        return [mark_one(path, settings) for path in paths]

    def side_by_side(paths: list[str]) -> list[Any]:
        return list(mark_all(paths, settings))

    cores = os.cpu_count()
    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
    ):
        read = submissions(Path(first), READ, computed=False)
        executed = submissions(Path(second), EXECUTED, computed=True)
        yield ("answers as numbers, one core", READ, *rate(one_after_another, read))
        yield (
            "one answer computed, one core",
            EXECUTED,
            *rate(one_after_another, executed),
        )
        name = f"one answer computed, {cores} cores"
        yield (name, EXECUTED, *rate(side_by_side, executed))


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
        "| notebooks | in a round | a second | slowest round |",
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
