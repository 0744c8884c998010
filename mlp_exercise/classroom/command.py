"""``python -m mlp_exercise mark``: notebooks in, a report out."""

import argparse
import threading
import warnings
from contextlib import suppress
from functools import partial
from typing import TypeVar

from mlp_exercise.classroom.batches.cluster import NoCluster
from mlp_exercise.classroom.batches.interruption import Interruption
from mlp_exercise.classroom.batches.marking import Marking
from mlp_exercise.classroom.batches.previous import Unusable
from mlp_exercise.classroom.batches.worker import STACK
from mlp_exercise.classroom.beforehand import problems
from mlp_exercise.classroom.collecting import archives
from mlp_exercise.classroom.going_back import give_back
from mlp_exercise.classroom.gradebooks.roster import class_lists
from mlp_exercise.classroom.screen import replace_closed, say
from mlp_exercise.handout.site import address_of_site
from mlp_exercise.part1.marking import Options
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import kernel
from mlp_exercise.submission.mark import Settings

T = TypeVar("T", int, float)

LEAST, LONGEST = 1e-3, 86_400.0
"""The shortest and the longest time limit of a cell, in seconds."""

MOST_JOBS = 256
"""The most notebooks that may be marked in parallel."""

NOTHING = "Interrupted: no notebook was marked."
"""Said where not even all notebooks had been found."""


def add_arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    """Add the arguments of the command."""
    parser.description = (
        "Marks notebooks. Answers that are written as numbers are read without running "
        "anything; all other code is run in a guarded process. This protects against "
        "accidents, not against malicious code: for that, use --no-execute or a container."
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a notebook, or a folder or archive (zip) of them",
    )
    add("--format", choices=("table", "json", "csv"), default="table")
    by = "what has a row; a learner is named as the platform says, or by folder or file"
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
    site = "with --feedback or --report: the address of the course's site, to link its lessons"
    add("--site", default="", metavar="ADDRESS", type=address_of_site, help=site)
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
    replace_closed()
    if lines := [*problems(arguments)]:
        for line in lines:
            say(line)
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
        say(f"{arguments.class_list}: {getattr(error, 'strerror', None) or error}")
        return 2
    left = kernel.what_is_left()
    if settings.execute and left and not arguments.cluster:
        say(left)
    interruption, marking = Interruption(), None
    stack = threading.stack_size(STACK)
    try:
        with interruption.noted(), warnings.catch_warnings():
            # Python's warnings about a learner's code are of no use to the instructor.
            warnings.simplefilter("ignore")
            marking = Marking(arguments, settings, interruption, lists)
            status = marking.write_report()
            if marking.is_whole:
                with interruption.heard():
                    status = max(status, give_back(arguments, marking))
    except (Unusable, NoCluster) as problem:
        say(str(problem))
        return 2
    except KeyboardInterrupt:
        status = 130
    finally:
        threading.stack_size(stack)
    if interruption.reason:
        say(marking.how_to_go_on() if marking else NOTHING)
        return 130
    if marking is None or not marking.is_whole:
        return status
    looked_at = any(result.needs_a_look for result in marking.results)
    return max(status, int(looked_at))


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
