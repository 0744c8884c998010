"""``python -m mlp_exercise mark``: notebooks in, a report out."""

import argparse
import os
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO, TypeVar

from mlp_exercise.part1.marking import Options
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import kernel, report
from mlp_exercise.submission.batch import Result, mark_all
from mlp_exercise.submission.mark import Settings

T = TypeVar("T", int, float)

STACK = 32 * 2**20
"""In bytes, for each thread: Python's parser needs some for what is deeply nested."""

LEAST, LONGEST = 1e-3, 86_400.0
"""The time limits that a cell may have, in seconds, up to a day."""

MOST_JOBS = 256
"""Notebooks that may be marked side by side."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Marks notebooks. Answers are read without executing anything; only those that "
        "are computed are executed, in a guarded process. That keeps accidents away, not "
        "people who mean harm: for those, use --no-execute or a container."
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a notebook, or a folder of them")
    add("--format", choices=("table", "json", "csv"), default="table")
    by = "what has a row; a learner is told by the folder, else by the file's name"
    add("--by", choices=("notebook", "learner"), default="notebook", help=by)
    add("--output", metavar="FILE", help="write there, all or nothing")
    missing = "an answer that lacks earlier ones is blocked, or counts if it is right"
    add("--missing", choices=("block", "original"), default="block", help=missing)
    add("--accept-truncation", action="store_true", help="accept 0.23 for 0.2355")
    add("--no-execute", action="store_true", help="read answers, execute nothing")
    timeout = "how long a cell may compute, in processor time (default: %(default)g)"
    seconds, default = _number(float, LEAST, LONGEST), Settings().timeout
    add("--timeout", type=seconds, default=default, metavar="SECONDS", help=timeout)
    jobs = "how many are marked side by side (default: one for each core that is free to use)"
    add("--jobs", type=_number(int, 1, MOST_JOBS), metavar="N", help=jobs)
    seed = "mark by these numbers, whatever the notebooks say"
    add("--variant", type=_seed, metavar="SEED", help=seed)
    expected = "show what follows from the learner's own earlier answers"
    add("--expected", action="store_true", help=expected)


def run(arguments: argparse.Namespace) -> int:
    """Mark what was named, and return the exit status."""
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
    left = kernel.what_is_left()
    if settings.execute and left:
        sys.stderr.write(f"{left}\n")
    silent = output is not None or arguments.by == "learner"
    shown = sys.stderr.isatty() and (silent or not sys.stdout.isatty())
    to_look_at = 0

    def results() -> Iterator[Result]:
        """Count results as they pass, and show progress where somebody looks."""
        nonlocal to_look_at
        for number, result in enumerate(mark_all(arguments.paths, settings), 1):
            to_look_at += result.needs_a_look
            if shown:
                sys.stderr.write(f"\r{number} notebooks")
                sys.stderr.flush()
            yield result
        sys.stderr.write("\n" if shown else "")

    stack = threading.stack_size(STACK)
    try:
        with warnings.catch_warnings(), opened(output) as stream:
            # What Python thinks of a learner's code is not for the instructor to read.
            warnings.simplefilter("ignore")
            if arguments.by == "learner":
                report.write_learners(results(), stream, form)
            else:
                expected = arguments.expected
                report.write_notebooks(results(), stream, form, expected=expected)
            stream.flush()
    except OSError as error:
        if isinstance(error, BrokenPipeError) and output is None:
            # As in `... | head`: enough was read. Nothing is left to be flushed at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        sys.stderr.write(f"The report cannot be written: {error}\n")
        return 2
    finally:
        threading.stack_size(stack)
    return 1 if to_look_at else 0


def _number(kind: type[T], least: T, most: T) -> Callable[[str], T]:
    """Return what reads a number within bounds."""

    def read(text: str) -> T:
        with suppress(ValueError):
            if least <= (number := kind(text)) <= most:
                return number
        raise argparse.ArgumentTypeError(
            f"{text!r} came, expected a number from {least:g} to {most:g}"
        )

    return read


def _seed(text: str) -> int:
    try:
        variant(seed := int(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return seed


@contextmanager
def opened(output: str | None) -> Iterator[TextIO]:
    """Open the report: standard output, or a file that appears when it is complete."""
    if output is None:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        return
    file = Path(output)
    if file.is_file():
        file = file.resolve()  # a link stays, and what it leads to is written
    if file.is_dir():
        raise IsADirectoryError(f"{output} is a folder")
    if file.exists() and not file.is_file():  # such as /dev/stdout
        with file.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        if file.exists():
            shutil.copymode(file, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
