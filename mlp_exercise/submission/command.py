"""``python -m mlp_exercise mark``: notebooks in, a report out."""

import argparse
import os
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TextIO

from mlp_exercise.part1.marking import Options
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import class_report, kernel, report
from mlp_exercise.submission.batch import EXERCISES, mark_all
from mlp_exercise.submission.class_table import ClassTable
from mlp_exercise.submission.output import opened
from mlp_exercise.submission.records import Result, Settings

STACK = 32 * 2**20
"""In bytes, for each thread: Python's parser needs some for what is deeply nested."""

LONGEST = 86_400
"""The largest time limit for a cell: a day."""

MOST_JOBS = 256
"""So many notebooks may be marked side by side."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Marks notebooks. Answers are read without executing anything; only those that "
        "are computed are executed, in a guarded process. That keeps accidents away, not "
        "people who mean harm: for those, use --no-execute or a container."
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a notebook, or a folder of them")
    add("--format", choices=("table", "json", "csv"), default="table")
    add(
        "--by",
        choices=("notebook", "learner"),
        default="notebook",
        help="what has a row: each notebook, or each learner, with the total of all "
        "exercises; a learner is told by the folder, else by the file's name",
    )
    add("--output", metavar="FILE", help="write there, all or nothing")
    add(
        "--missing",
        choices=("block", "original"),
        default="block",
        help="what becomes of an answer that lacks the earlier ones it needs: it is "
        "blocked, or it counts if it equals the original value",
    )
    add("--accept-truncation", action="store_true", help="accept 0.23 for 0.2355")
    add("--no-execute", action="store_true", help="read answers, execute nothing")
    add(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="how long a cell may compute, in processor time (default: %(default)g)",
    )
    add(
        "--jobs",
        type=_jobs,
        metavar="N",
        help="how many notebooks are marked side by side (default: one for each core "
        "that this process may use)",
    )
    add(
        "--variant",
        type=_seed,
        metavar="SEED",
        help="mark by these numbers, whatever the notebooks say",
    )
    add(
        "--expected",
        action="store_true",
        help="show what follows from the learner's own earlier answers",
    )


def run(arguments: argparse.Namespace) -> int:
    """Mark what was named."""
    if (arguments.output or "").lower().endswith(".ipynb"):
        sys.stderr.write(f"{arguments.output} names a notebook, expected a report.\n")
        return 2
    settings = Settings(
        options=Options(arguments.missing, arguments.accept_truncation),
        execute=not arguments.no_execute,
        timeout=arguments.timeout,
        variant=arguments.variant,
        jobs=arguments.jobs,
    )
    left = kernel.what_is_left()
    if settings.execute and left:
        sys.stderr.write(f"{left}\n")
    silent = arguments.output is not None or arguments.by == "learner"
    count = _Count(shown=silent or not sys.stdout.isatty())
    stack = threading.stack_size(STACK)
    try:
        with warnings.catch_warnings(), opened(arguments.output) as stream:
            # What Python thinks of a learner's code is not for the instructor to read.
            warnings.simplefilter("ignore")
            results = count.follow(mark_all(arguments.paths, settings))
            _write(results, stream, arguments)
            stream.flush()
    except OSError as error:
        if isinstance(error, BrokenPipeError) and arguments.output is None:
            # As in `... | head`: enough was read. Nothing is left to be flushed at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        sys.stderr.write(f"The report cannot be written: {error}\n")
        return 2
    finally:
        threading.stack_size(stack)
    return 1 if count.to_look_at else 0


def _write(
    results: Iterable[Result], stream: TextIO, arguments: argparse.Namespace
) -> None:
    if arguments.by == "learner":
        table = ClassTable(EXERCISES)
        for result in results:
            table.add(result)
        class_report.WRITERS[arguments.format](table, stream)
    elif arguments.format == "json":
        report.write_json(results, stream, expected=arguments.expected)
    elif arguments.format == "csv":
        steps = [step for exercise in EXERCISES for step in exercise.steps]
        report.write_csv(results, stream, steps=steps)
    else:
        report.write_table(
            results, stream, expected=arguments.expected, exercises=EXERCISES
        )


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) <= LONGEST:
            return float(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} came, expected a number of seconds, more than 0, up to {LONGEST}"
    )


def _jobs(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= MOST_JOBS:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} came, expected a whole number from 1 to {MOST_JOBS}"
    )


def _seed(text: str) -> int:
    try:
        variant(seed := int(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return seed


class _Count:
    """Counts results as they pass, and shows progress where somebody looks."""

    def __init__(self, *, shown: bool) -> None:
        self.to_look_at = 0
        self.shown = shown and sys.stderr.isatty()

    def follow(self, results: Iterable[Result]) -> Iterator[Result]:
        for number, result in enumerate(results, 1):
            self.to_look_at += result.needs_a_look
            if self.shown:
                sys.stderr.write(f"\r{number} notebooks")
                sys.stderr.flush()
            yield result
        if self.shown:
            sys.stderr.write("\n")
