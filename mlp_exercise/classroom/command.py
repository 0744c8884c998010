"""``python -m mlp_exercise mark``: notebooks in, a report out."""

import argparse
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from mlp_exercise.classroom import archives, class_page, feedback, gradebook, tables
from mlp_exercise.classroom.batch import Result, mark_all
from mlp_exercise.classroom.files import opened
from mlp_exercise.classroom.roster import class_lists, in_class
from mlp_exercise.classroom.standing import Standing, standings
from mlp_exercise.part1.marking import Options
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import kernel
from mlp_exercise.submission.mark import Settings

T = TypeVar("T", int, float)

STACK = 32 * 2**20
"""Stack of each thread in bytes, because Python's parser needs it for deeply nested code."""

LEAST, LONGEST = 1e-3, 86_400.0
"""The shortest and the longest time limit of a cell, in seconds."""

MOST_JOBS = 256
"""The most notebooks that may be marked in parallel."""


def add_arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    """Add the arguments of the command."""
    parser.description = (
        "Marks notebooks. Answers that are written as numbers are read without running "
        "anything; all other code is run in a guarded process. This protects against "
        "accidents, not against malicious code: for that, use --no-execute or a container."
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a notebook, or a folder of them")
    add("--format", choices=("table", "json", "csv"), default="table")
    by = "what has a row; a learner is named by the folder, or else by the file's name"
    add("--by", choices=("notebook", "learner"), default="notebook", help=by)
    add("--output", metavar="FILE", help="write the report to FILE once it is complete")
    names = "a row for everybody in this list (CSV), who has handed in nothing too"
    add("--class-list", metavar="CSV", help=names)
    sheet = (
        "fill in the points: Moodle's grading worksheet, Canvas's export, or any CSV"
    )
    add("--gradebook", action="append", default=[], metavar="FILE", help=sheet)
    column = (
        "the column of the gradebook to fill, where its name does not tell, and what it "
        "takes, such as ex1_02 or total"
    )
    add("--column", action="append", default=[], metavar="NAME[=WHAT]", help=column)
    scale = "convert points where the maximum in a gradebook is another one"
    add("--scale", action="store_true", help=scale)
    add("--report", metavar="FILE", help="write a page (HTML) about the whole class")
    feedback = "write a page (HTML) for each learner, as the platform takes it back"
    add("--feedback", metavar="FOLDER", help=feedback)
    annotate = "with --feedback: the notebooks too, with feedback below each answer"
    add("--annotate", action="store_true", help=annotate)
    previous = "go on from a report (JSON) that was written before, and compare with it"
    add("--previous", metavar="FILE", help=previous)
    cluster = "have the notebooks marked by the workers of a Dask scheduler"
    add("--cluster", metavar="ADDRESS", help=cluster)
    best = "count each learner's best notebook of an exercise, not the last"
    add("--best", action="store_true", help=best)
    missing = "block an answer that lacks earlier ones, or count it if it is the original value"
    add("--missing", choices=("block", "original"), default="block", help=missing)
    add("--accept-truncation", action="store_true", help="accept 0.23 for 0.2355")
    add("--no-execute", action="store_true", help="read answers, but run nothing")
    timeout = "processor time that a cell may take (default: %(default)g)"
    seconds, default = partial(_number, float, LEAST, LONGEST), Settings().timeout
    add("--timeout", type=seconds, default=default, metavar="SECONDS", help=timeout)
    jobs = "notebooks marked in parallel (default: one for each core that may be used)"
    add("--jobs", type=partial(_number, int, 1, MOST_JOBS), metavar="N", help=jobs)
    seed = "mark by the numbers of this seed, whatever the notebooks say"
    add("--variant", type=_seed, metavar="SEED", help=seed)
    expected = "include the values that follow from the learner's own earlier answers"
    add("--expected", action="store_true", help=expected)


@archives.kept_open()
def run(arguments: argparse.Namespace) -> int:
    """Mark the notebooks that were named, and return the exit status."""
    output, form = arguments.output, arguments.format
    if (output or "").lower().endswith(".ipynb"):
        sys.stderr.write(f"{output} names a notebook, expected a report.\n")
        return 2
    settings = Settings(
        options=Options(arguments.missing, arguments.accept_truncation),
        execute=not arguments.no_execute,
        timeout=arguments.timeout,
        variant=arguments.variant,
        jobs=arguments.jobs,
    )
    try:
        lists = class_lists(arguments.class_list, arguments.gradebook)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{arguments.class_list}: {error}\n")
        return 2
    left = kernel.what_is_left()
    if settings.execute and left:
        sys.stderr.write(f"{left}\n")
    silent = output is not None or arguments.by == "learner"
    shown = sys.stderr.isatty() and (silent or not sys.stdout.isatty())
    to_look_at = 0
    seen: list[Result] = []

    def results() -> Iterator[Result]:
        """Yield the results, and show progress on a terminal."""
        nonlocal to_look_at
        for number, result in enumerate(mark_all(arguments.paths, settings), 1):
            to_look_at += result.needs_a_look
            if shown:
                sys.stderr.write(f"\r{number} notebooks")
                sys.stderr.flush()
            seen.append(result)
            yield result
        sys.stderr.write("\n" if shown else "")

    def standing(results: Sequence[Result]) -> list[Standing]:
        found = standings(results, best=arguments.best)
        return in_class(found, lists, best=arguments.best)

    stack = threading.stack_size(STACK)
    try:
        with warnings.catch_warnings(), opened(output) as stream:
            # Python's warnings about a learner's code are of no use to the instructor.
            warnings.simplefilter("ignore")
            tables.write(
                results(),
                stream,
                form,
                arguments.by,
                expected=arguments.expected,
                standing=standing,
            )
            stream.flush()
    except OSError as error:
        if isinstance(error, BrokenPipeError) and output is None:
            # As in `... | head`: the reader has gone, so nothing may be flushed at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        sys.stderr.write(f"The report cannot be written: {error}\n")
        return 2
    finally:
        threading.stack_size(stack)
    status = _give_back(arguments, standing(seen), seen)
    return max(status, 1 if to_look_at else 0)


def _give_back(
    arguments: argparse.Namespace,
    classroom: Sequence[Standing],
    results: Sequence[Result],
) -> int:
    """Write what goes back to learners and to the course, and return the exit status."""
    status = 0
    columns, scale = arguments.column, arguments.scale
    for sheet in arguments.gradebook:
        told = gradebook.fill(Path(sheet), classroom, columns=columns, scale=scale)
        sys.stderr.writelines(f"{line}\n" for line in told.lines)
        status = max(status, told.status)
    if arguments.report:
        with opened(arguments.report) as stream:
            stream.write(class_page.class_page(classroom, results))
    if arguments.feedback:
        feedback.give_back(
            Path(arguments.feedback),
            classroom,
            annotate=arguments.annotate,
            expected=arguments.expected,
        )
    return status


def _number(kind: type[T], least: T, most: T, text: str) -> T:
    """Return a number within bounds."""
    with suppress(ValueError):
        if least <= (number := kind(text)) <= most:
            return number
    raise argparse.ArgumentTypeError(
        f"{text!r} came, expected a number from {least:g} to {most:g}"
    )


def _seed(text: str) -> int:
    try:
        variant(seed := int(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return seed
